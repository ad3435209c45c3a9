"""What admins write in YAML, made into frozen model values, and rules applied to a message."""
