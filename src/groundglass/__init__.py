"""Tethered capture for studio photographers."""

__version__ = "0.1.0"
