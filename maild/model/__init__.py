"""Frozen values that every room shares. No I/O, no clock, no logic beyond what a value says of itself."""
