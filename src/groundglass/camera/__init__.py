"""The device side: one child process per camera, and one loop in it that touches the body."""
