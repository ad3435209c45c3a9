"""Bytes of a mail in, values of `maild.model.mail` out. Pure: no I/O, no clock, and reading never raises."""
