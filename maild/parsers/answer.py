"""Whether a whole text is one word that was asked for (已阅, 同意, approved), and whether it only thanks.

Greeting, thanks and signature around the word are let go; anything else (a question, a condition, a doubt)
makes it `More`, for a person to read. Which words count is an argument.
"""

import re
from collections.abc import Iterable

from maild.model.answers import Accepted, More, Nothing, WordReading
from maild.parsers.clauses import MAX_CHARS, Clause, clauses
from maild.parsers.courtesy import is_greeting, is_polite, plain, without_signature
from maild.parsers.fold import folded

# 我已阅, 已确认, 同意了 say no more than the word itself.
_BEFORE = re.compile(r"\A(?:我|本人|我方|我司|我们|我部)?(?:均|都)?(?:已经?)?")
_AFTER = re.compile(r"(?:了|的|啦|哈|哦)?\Z")
_SILENT = re.compile(r"[^\w\s]*\Z")
_DOTS = re.compile(r"[…?？]|\.{2,}|。{2,}(?!\Z)")


def read_word(text: str, accepted: Iterable[str], names: tuple[str, ...] = ()) -> WordReading:
    """Which accepted word the text is, More when there is more to it, Nothing when only courtesies are there.

    `names` are the author's, by which a signature without a mark is known. Two accepted words side by side
    are the first of them. An emoji counts only if the list has it.
    """
    said = without_signature(text[: MAX_CHARS + 1], names).strip()
    if len(said) > MAX_CHARS:
        return More(text=text.strip())
    words = {_key(word): word for word in accepted if _key(word)}
    if _key(said) in words and not _DOTS.search(said):
        return Accepted(word=words[_key(said)])
    found = [_accepted(clause, words) for clause in clauses(said)]
    rest = [word for word in found if word != _COURTESY]
    if not rest:
        return Nothing() if not _DOTS.search(said) or not _has_words(said) else More(text=text.strip())
    if "" in rest or _DOTS.search(said):
        return More(text=text.strip())
    return Accepted(word=rest[0])


_COURTESY = "\x00courtesy"


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _key(word: str) -> str:
    """A word as it is compared: no blanks, no punctuation around it; an emoji is itself."""
    key = re.sub(r"\s+", " ", folded(word)).strip(" .,!。;、~\"'()[]【】「」《》:*_-")
    return re.sub(r"[\ufe0f\U0001F3FB-\U0001F3FF]", "", key)


def _accepted(clause: Clause, words: dict[str, str]) -> str:
    """The accepted word that a clause is, `_COURTESY` for a courtesy, '' for anything else."""
    bare = _key(plain(clause.words))
    if not clause.is_asked:
        for key in (_key(clause.words), bare, _AFTER.sub("", _BEFORE.sub("", bare))):
            if key in words:
                return words[key]
        if bare and (is_polite(bare) or is_greeting(bare)):
            return _COURTESY
    return ""


def only_thanks(text: str, names: tuple[str, ...] = ()) -> bool:
    """True when the text thanks, or says that it was received, and does nothing else.

    `names` are the author's. What asks, wants or tells anything besides is not only thanks.
    """
    said = without_signature(text[: MAX_CHARS + 1], names)
    if len(said) > MAX_CHARS:
        return False
    found = clauses(said)
    if not all((is_polite(each.words) or is_greeting(each.words)) and not each.is_asked for each in found):
        return False
    return any(not is_greeting(each.words) for each in found)
