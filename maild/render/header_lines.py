"""Header fields of mail that we write (RFC 5322 §2.2, RFC 2047): ASCII, folded, one line where one was meant.

Folding is done here and not by email.policy, which writes a long Message-ID as encoded words (seen with
Python 3.11) and so breaks the thread.
"""

import re
from collections.abc import Sequence
from email.header import Header
from email.utils import quote

from maild.errors import RenderError
from maild.model.mail import Address, MessageId
from maild.render.literal import one_line

CRLF = "\r\n"
LINE = 76  # RFC 2047 §2: a line with an encoded word has at most 76 characters
LONGEST_PLAIN_WORD = 60  # longer ones cannot be folded as they are, so they are encoded

LONGEST_ID = 900  # with its brackets well below the 998 of RFC 5322 §2.1.1
REFERENCES_KEPT = 20  # besides the first: enough for every thread seen, and for hosts that bound a header

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")  # RFC 5322 §3.2.3: needs no quotes as a name
_ID = re.compile(r"[!-;=?-~]+")  # visible ASCII without < and > (RFC 5322 §3.6.4)
# RFC 5322 §3.4.1: an address whose local part is words and dots, or quoted; nothing that would end it.
_ADDRESS = re.compile(
    r"""(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+|"[ !#-\[\]-~]+")@(?:[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\])"""
)


def text_line(name: str, value: str) -> str:
    """A field of free text, such as Subject; anything outside ASCII as encoded words."""
    return f"{name}: {_folded(name, one_line(value))}{CRLF}"


def address_line(name: str, addresses: Sequence[Address]) -> str:
    """A field of addresses, one a line. Raises: RenderError for an address that ASCII cannot say."""
    return f"{name}: {f',{CRLF} '.join(_mailbox(name, each) for each in addresses)}{CRLF}"


def id_line(name: str, ids: Sequence[MessageId]) -> str:
    """A field of Message-IDs, one a line; nothing at all when there are none."""
    return f"{name}: {f'{CRLF} '.join(f'<{each}>' for each in ids)}{CRLF}" if ids else ""


def is_id(message_id: str) -> bool:
    """Whether it can be written between brackets; a sender may have made up anything."""
    return len(message_id) <= LONGEST_ID and bool(_ID.fullmatch(message_id))


def bounded_references(references: Sequence[MessageId], parent: MessageId | None) -> tuple[MessageId, ...]:
    """References with `parent` last (RFC 5322 §3.6.4): the first, which names the thread, and the last 20."""
    chain = [*references, parent] if parent else list(references)
    # Each once, where it stands last: the nearest ancestor is what readers thread by.
    chain = [each for each in reversed(dict.fromkeys(reversed(chain))) if is_id(each)]
    return tuple(chain if len(chain) <= REFERENCES_KEPT + 1 else [chain[0], *chain[-REFERENCES_KEPT:]])


def _mailbox(field: str, address: Address) -> str:
    written = _ascii_address(address.address)
    phrase = _phrase(field, one_line(address.name))
    if not phrase:
        return written
    start = len(phrase.rpartition(CRLF)[2]) + (0 if CRLF in phrase else len(field) + 2)
    room = start + len(written) + len(" <>,") <= LINE
    return f"{phrase}{'' if room else CRLF} <{written}>"


def _ascii_address(address: str) -> str:
    """The address with its domain as in the DNS (RFC 5890 §2.3.2.1)."""
    local, _, domain = address.rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as failure:
        raise RenderError(f"{address!r} is not an address: {failure}") from failure
    if not _ADDRESS.fullmatch(written):
        raise RenderError(f"{address!r} is not an address that a header can hold")
    return written


def _phrase(field: str, name: str) -> str:
    """A display name (RFC 5322 §3.2.5): bare, in quotes, or as encoded words."""
    if not _is_plain(name) or len(name) > LONGEST_PLAIN_WORD:
        return _encoded(field, name)
    return name if _ATOMS.fullmatch(name) or not name else f'"{quote(name)}"'


def _folded(field: str, value: str) -> str:
    if not _is_plain(value):
        return _encoded(field, value)
    return Header(value, "us-ascii", maxlinelen=LINE, header_name=field).encode(linesep=CRLF)


def _encoded(field: str, value: str) -> str:
    """As encoded words of at most 75 characters, none of which splits a character (RFC 2047 §2, §5)."""
    return Header(value, "utf-8", maxlinelen=LINE, header_name=field).encode(linesep=CRLF)


def _is_plain(value: str) -> bool:
    """ASCII that nobody will take for an encoded word, and that can be folded."""
    short = all(len(word) <= LONGEST_PLAIN_WORD for word in value.split(" "))
    return value.isascii() and "=?" not in value and short
