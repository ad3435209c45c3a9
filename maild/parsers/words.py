"""Header text out of its raw bytes: encoded words and unlabelled 8-bit text.

RFC 2047 and its neighbours as senders really write them: words split inside a character, glued to
text, half B half Q, with blanks inside, padding lost, or encoded twice. Charsets are charset.py's.
"""

import base64
import binascii
import re
from functools import lru_cache

from maild.parsers import charset

# RFC 2047 §2, loosened: blanks inside the encoded text, and a language tag (RFC 2231 §5).
_WORD = re.compile(
    rb"=\?([^?\s=<>@,;:\"]{0,40}(?:\*[\w-]{0,20})?)\?([bBqQ])\?((?:[^?=]|=(?!\?[\w.:*-]{1,40}\?[bBqQ]\?)"
    rb"|\?(?!=))*+)\?=(?!\?[bBqQ]\?)"
)
_OPEN_WORD = re.compile(rb"=\?([^?\s=<>@,;:\"]{1,40})\?([bBqQ])\?([^?\s]*)\??\Z")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_MAX_NESTING = 2


def decode(raw: bytes, hints: tuple[str, ...] = ()) -> tuple[str, str]:
    """The text of an unfolded header value, and the defect met in it ('' when there is none)."""
    if b"=?" not in raw:
        return charset.decode(raw, "", hints) if not raw.isascii() else (raw.decode("ascii"), "")
    return _cached(raw, hints) if len(raw) <= _MAX_CACHED_BYTES else _decode_words(raw, hints)


def _decode_words(raw: bytes, hints: tuple[str, ...], nesting: int = _MAX_NESTING) -> tuple[str, str]:
    runs = _runs(raw)
    labels = tuple(label for label, _ in runs if label)
    pieces, defects = [], []
    for label, data in runs:
        text, defect = charset.decode(data, label, hints + labels)
        pieces.append(text)
        if defect:
            defects.append(defect)
    text = "".join(pieces)
    if nesting and "=?" in text and labels:
        encoded = text.encode("utf-8")
        if _WORD.search(encoded):
            return _decode_words(encoded, hints, nesting - 1)[0], "encoded word inside an encoded word"
    return text, next(iter(defects), "")


_MAX_CACHED_BYTES = 400  # names and subjects, which come again within a message and a thread
_cached = lru_cache(maxsize=1024)(_decode_words)


def _runs(raw: bytes) -> list[tuple[str, bytes]]:
    """(charset label, bytes) in order; label '' is plain text.

    White space between two words is no text (RFC 2047 §6.2); words of one charset that follow each
    other are joined before they are decoded, as many senders split inside a character (against §5).
    """
    runs: list[tuple[str, bytes]] = []
    end = 0
    for match in _WORD.finditer(raw):
        between = raw[end : match.start()]
        if between.strip() or not end:
            runs.append(("", between))
        _append(runs, match)
        end = match.end()
    rest = raw[end:]
    open_word = _OPEN_WORD.search(rest)
    if open_word:
        # Seen in practice: a subject cut off inside its last word.
        if rest[: open_word.start()].strip():
            runs.append(("", rest[: open_word.start()]))
        _append(runs, open_word)
    else:
        runs.append(("", rest))
    return runs


def _append(runs: list[tuple[str, bytes]], match: re.Match[bytes]) -> None:
    label = match[1].decode("ascii", "replace").split("*")[0].casefold() or "utf-8"
    data = _unbase64(match[3]) if match[2] in b"bB" else _unquote(match[3])
    if runs and runs[-1][0] == label:
        runs[-1] = (label, runs[-1][1] + data)
    else:
        runs.append((label, data))


def _unbase64(encoded: bytes) -> bytes:
    """RFC 2047 §4.1, forgiving lost padding, blanks, and words pasted together."""
    data = b""
    for piece in encoded.split(b"="):
        clean = _NOT_BASE64.sub(b"", piece)
        whole = clean[: len(clean) - (len(clean) % 4 == 1)]
        data += base64.b64decode(whole + b"=" * (-len(whole) % 4))
    return data


def _unquote(encoded: bytes) -> bytes:
    """RFC 2047 §4.2."""
    return binascii.a2b_qp(encoded.strip(), header=True)
