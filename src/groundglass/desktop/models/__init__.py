"""Item models and the arithmetic of dials."""
