"""Sending over SMTP (RFC 5321): one message, one connection, one outcome for each recipient."""
