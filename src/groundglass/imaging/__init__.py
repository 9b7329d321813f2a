"""Bytes and arrays in, arrays out: no threads, no Qt. What is heavy releases the GIL."""
