"""Whether a text is Chinese or English, by its letters.

Only the two languages that templates ship in; anything else, and anything too short to tell, is ''.
"""

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")
_ASCII_WORD = re.compile(r"[A-Za-z]+")
_OTHER_LETTERS = re.compile(r"[\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u0900-\u0e7f]")
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "for",
        "you",
        "your",
        "with",
        "this",
        "that",
        "have",
        "not",
        "are",
        "was",
        "please",
        "thank",
        "thanks",
        "hello",
        "hi",
        "dear",
        "from",
        "will",
        "can",
        "would",
        "we",
        "is",
        "to",
        "of",
        "in",
        "it",
        "regards",
        "any",
        "our",
        "been",
        "has",
        "could",
        "order",
        "invoice",
        "ok",
        "yes",
        "no",
        "re",
    ]
)
_CHARS = 1_500


def of(text: str, subject: str) -> str:
    """'zh' or 'en' by the new text, else by the subject, else ''."""
    return _of(text[:_CHARS]) or _of(subject[:_CHARS])


def _of(text: str) -> str:
    han = len(_HAN.findall(text))
    words = _ASCII_WORD.findall(text)
    if han >= 2 and len(_KANA_OR_HANGUL.findall(text)) * 10 <= han:
        # A Chinese character says about as much as two thirds of an English word.
        return "zh" if han * 2 >= len(words) else "en"
    if len(words) < 2 or len(_OTHER_LETTERS.findall(text)) * 5 > len(words):
        return ""
    english = sum(word.lower() in _ENGLISH for word in words)
    return "en" if english * 12 >= len(words) else ""
