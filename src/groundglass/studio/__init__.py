"""The use cases: what the desktop, the command line and every later client call."""
