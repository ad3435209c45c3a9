"""What makes a message itself, whatever the route by which a copy came.

One mail delivered to two mailboxes differs in Received, Delivered-To and other trace fields; what
its author wrote is the same. So: Message-ID, Date, From, Subject and the body.
"""

import hashlib

from maild.model.mail import Identity
from maild.parsers.headers import Head

_FIELDS = ("message-id", "date", "from", "subject")


def of(head: Head) -> Identity:
    """SHA-256 over the fields as written, blanks squashed, and the body without trailing blank lines.

    CRLF counts as LF; each piece is preceded by its length, so that none can pass for another.
    """
    digest = hashlib.sha256()
    for key in _FIELDS:
        value = b" ".join(head.first(key).split())
        digest.update(b"%d:%s" % (len(value), value))
    body = head.body.replace(b"\r\n", b"\n") if b"\r" in head.body else head.body
    digest.update(body.rstrip(b"\n\r \t"))
    return Identity(digest.hexdigest())
