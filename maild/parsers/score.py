"""A satisfaction score read from a plain answer: 4, ４分, 9/10, ★★★★☆, 非常满意, not satisfied.

Only what leaves no doubt is a score. Negation of a negation, irony, conditions, two different scores and
numbers off the scale are `Unclear`, for a person to read; dates, order numbers and telephone numbers are
nothing at all.
"""

from maild.model.answers import NoScore, Score, ScoreReading, Unclear
from maild.parsers import score_words
from maild.parsers.clauses import MAX_CHARS, Clause, clauses
from maild.parsers.courtesy import is_greeting, is_polite, plain, without_signature
from maild.parsers.fold import folded
from maild.parsers.score_words import Found, Sign

_Read = tuple[Clause, Found]


def read_score(text: str, names: tuple[str, ...] = ()) -> ScoreReading:
    """The score that the text gives, with what else it says; `names` are the author's.

    A number and a word that lie on the same side of the scale (`5分，满意`) are the number.
    """
    said = without_signature(text[:MAX_CHARS], names)
    read = [(clause, _read(clause)) for clause in clauses(said)]
    told = [each for each in read if not _is_courtesy(*each)]
    scored, is_unclear = _scored(told)
    if is_unclear:
        return Unclear(words=said.strip())
    if not scored:
        hinted = any(found.sign is Sign.HINT or found.score for _, found in told)
        return Unclear(words=said.strip()) if hinted else NoScore()
    value = _agreed([found for _, found in scored])
    if not value or (value > 3 and score_words.blames(folded(said))):
        return Unclear(words=said.strip())
    return Score(value=value, remark=_remark(said, told, scored))


def _read(clause: Clause) -> Found:
    return score_words.read(plain(clause.words), is_asked=clause.is_asked)


def _is_courtesy(clause: Clause, found: Found) -> bool:
    polite = is_polite(clause.words) or is_greeting(clause.words)
    return polite and not clause.is_asked and found.sign in {Sign.HINT, Sign.NONE}


def _scored(told: list[_Read]) -> tuple[list[_Read], bool]:
    """The clauses that score, and whether another makes that doubtful.

    A bare number is an answer only as the first thing that is said; a grade (`ok`, 差) only as the only one.
    """
    scored: list[_Read] = []
    for clause, found in told:
        is_first = all(
            score_words.is_label(before.words) for before, _ in told if before.start < clause.start
        )
        counts = {
            Sign.NUMBER: True,
            Sign.WORD: True,
            Sign.BARE_NUMBER: is_first,
            Sign.GRADE: len(told) == 1,
        }
        if counts.get(found.sign, False):
            scored.append((clause, found))
    doubts = any(found.sign is Sign.DOUBT for _, found in told)
    taken_back = bool(scored) and any(score_words.takes_back(clause.words) for clause, _ in told)
    return scored, doubts or taken_back


def _agreed(found: list[Found]) -> int:
    """The one score of all clauses, 0 when they disagree."""
    numbers = {each.score for each in found if each.sign is not Sign.WORD}
    words = {each.score for each in found if each.sign is Sign.WORD}
    if not numbers:
        return words.pop() if len(words) == 1 else 0
    value = numbers.pop()
    return 0 if numbers or not all(score_words.agree(value, word) for word in words) else value


def _remark(said: str, told: list[_Read], scored: list[_Read]) -> str:
    """From the first clause that is no score to the last one, as it was written."""
    places = {clause.start for clause, _ in scored}
    others = [clause for clause, _ in told if clause.start not in places]
    if not others:
        return ""
    end = others[-1].end
    return (said[others[0].start : end] + said[end : end + 1]).strip(" ,，;；\n")
