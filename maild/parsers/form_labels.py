"""Which field a label names: in any language, any width, with blanks or a remark in brackets."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from maild.model.forms import FieldSpec
from maild.parsers.fold import folded, letters

_REMARK = re.compile(r"[(\[【<][^()\[\]【】<>]{0,40}[)\]】>]\s*\Z|[*＊]+\s*\Z")
_MAX_CHARS = 60
_CLOSE = 0.75
"""How like a label a word must be to be named as the one that was meant; 负责任人 to 负责人 is 0.86."""


class Labels:
    """The labels of some fields, ready to be looked up."""

    def __init__(self, specs: Iterable[FieldSpec]) -> None:
        self._names: dict[str, str] = {}
        for spec in specs:
            for label in (*(text for _, text in spec.labels), *spec.aliases, spec.name):
                self._names.setdefault(_key(label), spec.name)
        self._names.pop("", None)
        self._pattern = self._compiled()

    def field_of(self, written: str) -> str:
        """The name of the field that a label means, '' when it means none."""
        return self._names.get(_key(written), "") if len(written) <= _MAX_CHARS else ""

    def nearest(self, written: str) -> str:
        """The field whose label is most like the one that was written, '' when none is like it."""
        close = get_close_matches(_key(written[:_MAX_CHARS]), self._names, n=1, cutoff=_CLOSE)
        return self._names[close[0]] if close else ""

    def inside(self, plain: str) -> list[tuple[int, int, str]]:
        """Where labels with a colon stand inside a folded line: start, end of the colon, field."""
        return [
            (match.start("label"), match.end(), self._names[_key(match["label"])])
            for match in self._pattern.finditer(plain)
        ]

    def _compiled(self) -> re.Pattern[str]:
        """Labels behind a blank, a bracket or a semicolon; `\\b` does not part Chinese words."""
        keys = sorted(self._names, key=len, reverse=True)
        spelled = "|".join(r"[\W_]{0,3}?".join(map(re.escape, key)) for key in keys) or r"(?!)"
        return re.compile(
            rf"(?:(?<=[\s;；,，。|【*])"
            rf"|\A)(?P<label>{spelled})\**\s*(?:[(（][^()（）]{{0,40}}[)）])?[*\s】]*[:=]\**"
        )


def _key(label: str) -> str:
    """A label as it is compared: letters and digits, without a remark such as （必填） behind it."""
    plain = folded(label).strip()
    shorter = _REMARK.sub("", plain)
    return letters(shorter) or letters(plain)
