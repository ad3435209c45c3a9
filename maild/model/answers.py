"""What a short answer says: a score, or a word that was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A clear score from 1 (worst) to 5 (best), and what else was written."""

    value: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Something is said about satisfaction, and a person has to read it; `words` are what is unclear."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoScore:
    """Nothing is said about satisfaction."""


ScoreReading = Score | Unclear | NoScore


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The whole text is this one of the accepted words, as the list spells it."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """There is more than the word, or something else: the text for a person to read."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nothing was written but courtesies."""


WordReading = Accepted | More | Nothing
