"""How much of one message is read, so that hostile mail costs bounded time and memory.

Nothing here rejects a message: what lies beyond a bound is left unread and stands in `defects`.
The raw bytes are kept elsewhere, whole.
"""

MAX_MESSAGE_BYTES = 50 * 1024 * 1024
"""The largest message that public servers take is 25-50 MB (Gmail 25, Exchange Online 35, QQ 50)."""

MAX_PARTS = 1_000
"""Real mail stays below some dozens of parts; a thousand still reads a whole digest."""

MAX_DEPTH = 50
"""Nesting of multiparts and attached mails; chains of forwards seen in practice stay below 15."""

MAX_FIELDS = 10_000
"""Header fields of one block; real ones stay below 200."""

MAX_HEADER_BYTES = 10 * 1024 * 1024
"""A header block longer than this is cut; Postfix stops at 100 kB, Exim at 1 MB."""

MAX_FIELD_BYTES = 1024 * 1024
"""One field; 8,000 recipients with names take some 400 kB."""

MAX_ADDRESSES = 10_000
"""Addresses of one field."""

MAX_COMMENT_DEPTH = 100
"""Comments nested deeper than this (RFC 5322 §3.2.2 sets no limit) are not an address any more."""

MAX_TEXT_CHARS = 4_000_000
"""Characters of one text that are converted or split; War and Peace has 3.2 million."""

MAX_QUOTE_LINES = 20_000
"""Lines in which the quoted text is looked for; what follows counts as quoted."""

MAX_REFERENCES = 1_000
"""Message-IDs taken from one field; the longest thread seen in public archives had some 700."""
