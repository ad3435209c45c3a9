"""Happenings as a playbook writes them: `case_opened`, `sent formal_reply`."""

from pydantic_core import PydanticCustomError

from maild.mistakes import nearest
from maild.model.happening import QUALIFIED, Happening, Occurrence


def parse_happening(text: str) -> Happening:
    """The happening that `text` names.

    Raises: PydanticCustomError, with a hint at what would be right.
    """
    word, _, of = text.strip().partition(" ")
    if word not in set(Occurrence):
        raise _wrong(f"nothing is called {word!r}", nearest(word, map(str, Occurrence)))
    occurrence, of = Occurrence(word), of.strip()
    if occurrence in QUALIFIED and not of:
        raise _wrong(f"{word!r} of what?", f"name it behind, such as {_EXAMPLES[occurrence]!r}")
    if occurrence not in QUALIFIED and of:
        raise _wrong(f"{word!r} is said of the case, not of {of!r}", f"write {word!r} alone")
    if " " in of:
        raise _wrong(f"{word!r} of one word, not of {of!r}", f"such as {_EXAMPLES[occurrence]!r}")
    return Happening(occurrence, of)


_EXAMPLES = {
    Occurrence.SENT: "sent formal_reply",
    Occurrence.REFUSED: "refused acknowledgement",
    Occurrence.ENTERED: "entered solved",
    Occurrence.SAID: "said solve",
    Occurrence.MET: "met first_response",
    Occurrence.MISSED: "missed first_response",
    Occurrence.ELAPSED: "elapsed survey_mail",
}


def _wrong(what: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("happening", "{what}", {"what": what, "hint": hint})
