"""The subject without what replying and forwarding put before it.

RFC 5256 §2.1 widened from `Re:` and `Fwd:` to the marks that mailers write in the languages met in
practice, with full-width colons and brackets, counters (RE[2]:, Re(3):, Re^2:) and list tags.
"""

import re
import unicodedata

# Marks of an answer and of a forward, by language; all compared case-folded.
_REPLY_WORDS = (
    "re", "回复", "回覆", "答复", "答覆", "回信", "返信", "返", "aw", "antw", "antwort", "antwoord", "sv",
    "svar", "vs", "rif", "r", "res", "rsp", "resp", "odp", "отв", "ответ", "ynt", "yanit", "atb", "vá",
    "回應", "回应", "답장", "bls", "bal", "ατπ", "απ", "σχετ", "reply", "réf", "تعقيب", "רה", "תגובה",
    "ตอบ", "trả lời",
)  # fmt: skip
_FORWARD_WORDS = (
    "fw", "fwd", "转发", "轉寄", "轉發", "转寄", "转", "轉", "wg", "wtr", "weitergeleitet", "vs", "vl",
    "vb", "doorst", "doorgestuurd", "tr", "i", "enc", "rv", "rvs", "pd", "переслано", "пересл", "ilt",
    "iletilen", "továbbítás", "転送", "전달", "forward", "forwarded", "πρθ", "הועבר", "إعادة توجيه",
    "chuyển tiếp", "továbbított", "inoltra", "fs", "videresendt",
)  # fmt: skip
_AUTOMATIC_WORDS = (
    "自动回复",
    "自動回覆",
    "自动答复",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
)


def _any(words: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# A counter as The Bat!, Lotus and others write it: RE[2], Re(2), Re^2, Re2, Re*2.
_COUNTER = r"(?:\s*[\[(（【]\s*\d{1,3}\s*[\])）】]|\s?\^\s?\d{1,3}|\s?\*\s?\d{1,3}|\d{1,2})?"
_COLON = r"\s*[:：﹕∶]"
_MARK = re.compile(
    rf"\s*(?:(?P<reply>{_any(_REPLY_WORDS)})|(?P<forward>{_any(_FORWARD_WORDS)})|{_any(_AUTOMATIC_WORDS)})"
    rf"{_COUNTER}{_COLON}+",
    re.IGNORECASE,
)
_BRACKETED_MARK = re.compile(
    rf"\s*[\[(（【]\s*(?:(?P<reply>{_any(_REPLY_WORDS)})|(?P<forward>{_any(_FORWARD_WORDS)})"
    rf"|{_any(_AUTOMATIC_WORDS)})\s*[\])）】](?:{_COLON})?",
    re.IGNORECASE,
)
# RFC 5256's subj-blob: a tag such as a list's name; not a tag alone, and none with a mark inside.
_TAG = re.compile(r"\s*(\[[^\[\]]{1,60}\]|【[^【】]{1,60}】)\s*(?=\S)")
_TRAILER = re.compile(r"\s*\((?:fwd|fw|转发|轉寄)\)\s*\Z", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_FORWARD_BRACKET = re.compile(r"\A\[(?:fwd|fw)\s*:\s*(.*)\]\Z", re.IGNORECASE | re.DOTALL)
_LIST_TAG = re.compile(r"[^\W\d_][\w .+-]{1,40}\Z")
_MAX_CHARS = 2_000


def base_subject(subject: str) -> str:
    """The subject that all messages of one exchange share: no marks, no list tag, single blanks.

    Idempotent; the case of letters stays. A subject that is nothing but marks gives ''.
    """
    text = _BLANKS.sub(" ", subject[:_MAX_CHARS]).strip()
    while True:
        shorter = _once(text)
        if shorter == text:
            return text
        text = shorter


def is_reply(subject: str) -> bool:
    """True when the subject begins, tags aside, with the mark of an answer rather than of a forward."""
    match = _first_mark(subject)
    return match is not None and match["reply"] is not None


def is_forward(subject: str) -> bool:
    """True when it begins, tags aside, with the mark of a forward."""
    match = _first_mark(subject)
    return match is not None and match["forward"] is not None


def _first_mark(subject: str) -> re.Match[str] | None:
    text = _without_tags(_BLANKS.sub(" ", subject[:_MAX_CHARS]).strip())
    return _MARK.match(text) or _BRACKETED_MARK.match(text)


def _once(text: str) -> str:
    text = _TRAILER.sub("", text)
    forwarded = _FORWARD_BRACKET.match(text)
    if forwarded:
        return forwarded[1].strip()
    match = _MARK.match(text) or _BRACKETED_MARK.match(text)
    if match:
        return text[match.end() :].strip()
    tag = _TAG.match(text)
    if tag and _may_go(tag[1][1:-1], text[tag.end() :]):
        return text[tag.end() :].strip()
    return text


def _may_go(inside: str, rest: str) -> bool:
    """True for a tag that a list or a gateway sets: before a mark any, else a plain name.

    A number, a version or a patch count in brackets (`[PATCH v2 1/3]`, `[2024-01]`) tells two
    matters apart and stays, unless an answer's mark stands behind it.
    """
    return bool(_MARK.match(rest)) or (
        bool(_LIST_TAG.match(inside)) and unicodedata.category(inside[0]) != "Lo"
    )


def _without_tags(text: str) -> str:
    while tag := _TAG.match(text):
        if _BRACKETED_MARK.match(text):
            break
        text = text[tag.end() :]
    return text
