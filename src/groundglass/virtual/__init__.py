"""A camera made of software that the real libgphoto2 talks to."""
