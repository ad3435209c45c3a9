"""The demo: the real daemon against mail servers of its own, with customers and suppliers who write to it.

Everything is on loopback and in one temporary folder. Its servers come with the extra `maild[demo]`.
"""
