"""Pure values: standard library only, no input or output, no threads."""
