"""The head of a template file: YAML between two lines of `---`, then the body.

Decides which keys there must be and that they are text. What the template itself says is checked by
jinja.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from maild.errors import ConfigError, Problem
from maild.mistakes import nearest

KEYS = ("name", "version", "purpose", "language", "subject")
FENCE = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """A template file as it was read; `body` has blank lines for its head, so that its line numbers hold."""

    file: str
    name: str
    version: str
    purpose: str
    language: str
    subject: str
    body: str
    lines: Mapping[str, int]  # where each key of the head stands

    def problem(self, what: str, line: int | None, hint: str = "") -> Problem:
        """A problem in this file."""
        return Problem(file=self.file, line=line, what=what, hint=hint)


def read_source(file: str, text: str) -> TemplateSource:
    """The parts of a template file. Raises: ConfigError with every mistake of its head."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n").split("\n")
    end = _end_of_head(file, lines)
    head = _head(file, "\n".join(lines[1:end]))
    problems = tuple(_problems(file, head))
    if problems:
        raise ConfigError(problems)
    return TemplateSource(
        file=file,
        **{key: str(head[key]).strip() for key in KEYS},
        body="\n" * (end + 1) + "\n".join(lines[end + 1 :]) + "\n",
        lines={key: _line(head, key) for key in KEYS},
    )


def _end_of_head(file: str, lines: list[str]) -> int:
    """The index of the second fence."""
    fences = [index for index, line in enumerate(lines) if line.rstrip() == FENCE]
    if len(fences) < 2 or fences[0] != 0:
        what = "a template begins with a line ---, its keys, and another line ---"
        raise ConfigError((Problem(file=file, line=1, what=what),))
    return fences[1]


def _head(file: str, text: str) -> CommentedMap:
    try:
        head = YAML().load(StringIO(text))
    except MarkedYAMLError as mistake:
        line = mistake.problem_mark.line + 2 if mistake.problem_mark else 1
        what = " ".join(str(mistake.problem).split())
        raise ConfigError((Problem(file=file, line=line, what=what),)) from mistake
    except YAMLError as mistake:  # a character that YAML does not allow
        what = " ".join(str(mistake).split())
        raise ConfigError((Problem(file=file, line=1, what=what),)) from mistake
    if not isinstance(head, CommentedMap):
        raise ConfigError((Problem(file=file, line=1, what=f"no keys between the lines {FENCE}"),))
    return head


def _problems(file: str, head: CommentedMap) -> Iterator[Problem]:
    for key in head:
        if key not in KEYS:
            hint = nearest(str(key), KEYS)
            yield Problem(file=file, line=_line(head, key), what=f"unknown key {key!r}", hint=hint)
    for key in KEYS:
        if key not in head:
            yield Problem(file=file, line=1, what=f"{key} is missing", hint=f"add {key}: to the head")
        elif not _is_text(head[key]):
            yield Problem(
                file=file, line=_line(head, key), what=f"{key} must be text", hint="put it in quotes"
            )


def _is_text(value: object) -> bool:
    """Text, or a whole number such as a version 2; nothing empty."""
    return isinstance(value, str | int) and not isinstance(value, bool) and bool(str(value).strip())


def _line(head: CommentedMap, key: object) -> int:
    """The line of `key` in the file: after the fence, counted from 1."""
    line: int = head.lc.key(key)[0]
    return line + 2
