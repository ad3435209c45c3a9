"""A plan as it is written below `/plan`: steps, each with a responsible person and a time limit.

`步骤: …`, `负责人: …`, `时限: …` on lines of their own, on one line with semicolons, repeated for each step,
or below numbered steps for all of them; `1. 换密封圈，王工，10月12日`. What is said once holds for the steps
that stand directly above it; what is said before all steps, for each that has none of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo

from maild.model.commands import FixPlan, PlanStep
from maild.model.sentence import Sentence
from maild.parsers import command_mistakes, moment
from maild.parsers.courtesy import is_greeting
from maild.parsers.fold import folded

_LABELS = {
    "what": "步骤 措施 内容 具体措施 处理步骤 steps step action actions",
    "responsible": "负责人 责任人 经办人 负责 responsible owner who",
    "due": "时限 期限 完成时限 完成时间 完成日期 截止日期 截止时间 截止 due deadline by?when time?limit "
    "due?date",
}
_PART_OF = {label.replace("?", " "): part for part, labels in _LABELS.items() for label in labels.split()}
_ANY = "|".join(sorted(map(re.escape, _PART_OF), key=len, reverse=True))
_LABEL = re.compile(rf"(?:\A|[\s;；,，。|])\s*(?P<label>{_ANY}) ?(?:\d{{1,2}}|[一二三四五六七八九十])? ?:")
_NUMBERED = re.compile(
    r"\s*(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[.、):]|\s)|第[一二三四五六七八九十]{1,2}步[:,，、 "
    r"]*"
    r"|step \d{1,2}[:. ]|[①-⑳]|[-*•·](?=\s))\s*"
)
_CELLS = tuple(map(re.compile, (r"[|\t]", r"[;；]", r"[,，]")))
_EDGES = " \t;；,，。|"


@dataclass(slots=True)
class _Draft:
    """A step as far as it has been read."""

    what: str = ""
    responsible: str = ""
    due: str = ""


@dataclass(slots=True)
class _State:
    """The steps so far; `group` are those that what comes next is about."""

    steps: list[_Draft] = field(default_factory=list)
    group: list[_Draft] = field(default_factory=list)
    common: _Draft = field(default_factory=_Draft)
    last: str = ""


def length(lines: list[str]) -> int:
    """How many of the lines belong to the plan: up to one that no label or number leads in.

    A step may go on for some lines. A greeting ends the plan, and so does a blank line, unless the label of
    another step follows, or of what a step still lacks.
    """
    seen: list[str] = []
    end = 0
    for number, line in enumerate(lines):
        parts = [part for part, _ in _parts(line, is_first=number == 0)]
        if not line.strip():
            continue
        after_blank = 0 < end < number
        if not (_may_follow_blank(line, parts, seen) if after_blank else _may_follow(line, parts, seen)):
            break
        seen = [*([] if "what" in parts else seen), *parts]
        end = number + 1
    return end


def _may_follow(line: str, parts: list[str], seen: list[str]) -> bool:
    goes_on = seen[-1:] == ["what"] and not is_greeting(folded(line).strip(" ,.!。:~"))
    return bool(parts) or goes_on


def _may_follow_blank(line: str, parts: list[str], seen: list[str]) -> bool:
    label = _LABEL.search(folded(line))
    return label is not None and (parts[0] == "what" or not {"what", "responsible", "due"} <= set(seen))


def read(lines: list[str], today: date, zone: tzinfo) -> FixPlan | tuple[Sentence, ...]:
    """The plan, else all that is wrong with it."""
    state = _State()
    for number, line in enumerate(lines):
        parts = list(_parts(line, is_first=number == 0))
        for part, value in parts:
            _take(state, part, value)
        if not parts and line.strip() and state.steps:
            state.steps[-1].what = f"{state.steps[-1].what}\n{line.strip()}".strip()
    drafts = [_filled(step, state.common) for step in state.steps if step.what]
    if not drafts:
        return (command_mistakes.no_step(),)
    steps = [_step(draft, today, zone) for draft in drafts]
    wrong = [each for number, step in enumerate(steps, 1) for each in _wrong(number, step, today)]
    return tuple(wrong) or FixPlan(steps=tuple(steps))


def _parts(line: str, *, is_first: bool) -> Iterator[tuple[str, str]]:
    """(what, responsible or due; value) of one line, in order; none for a line that goes on from above."""
    numbered = _NUMBERED.match(folded(line))
    rest = line[numbered.end() :] if numbered else line
    plain = folded(rest)
    labels = list(_LABEL.finditer(plain))
    head = rest[: labels[0].start() if labels else len(rest)].strip(_EDGES)
    cells = _cells(head) if not labels else None
    if cells:
        yield from zip(("what", "responsible", "due"), cells, strict=True)
    elif head and (numbered or labels or is_first):
        yield "what", head
    ends = [*(label.start() for label in labels[1:]), len(rest)]
    for label, end in zip(labels, ends, strict=False):
        yield _PART_OF[label["label"]], rest[label.end() : end].strip(_EDGES)


def _cells(text: str) -> list[str] | None:
    """Step, person and time limit of `更换密封圈，王工，10月12日`: three parts, the last of them a time."""
    for separator in _CELLS:
        cells = [cell.strip() for cell in separator.split(text)]
        if len(cells) == 3 and all(cells) and moment.is_moment(cells[2]):
            return cells
    return None


def _take(state: _State, part: str, value: str) -> None:
    if part == "what":
        _add_step(state, value)
    elif value:
        for draft in state.group or [state.common]:
            before = getattr(draft, part)
            setattr(draft, part, f"{before}、{value}" if before else value)
    state.last = part


def _add_step(state: _State, what: str) -> None:
    """A step after a person or a time limit begins a new group; `步骤:` alone leads in what follows."""
    if state.steps and not state.steps[-1].what:
        state.steps[-1].what = what
        return
    if state.last != "what":
        state.group = []
    state.group.append(_Draft(what=what))
    state.steps.append(state.group[-1])


def _filled(step: _Draft, common: _Draft) -> _Draft:
    return _Draft(
        what=step.what, responsible=step.responsible or common.responsible, due=step.due or common.due
    )


def _step(draft: _Draft, today: date, zone: tzinfo) -> PlanStep:
    return PlanStep(what=draft.what, responsible=draft.responsible, due=moment.read(draft.due, today, zone))


def _wrong(number: int, step: PlanStep, today: date) -> Iterator[Sentence]:
    if not step.responsible:
        yield command_mistakes.no_responsible(number, step.what)
    if not step.due.text:
        yield command_mistakes.no_due(number, step.what)
    elif not step.due.is_read:
        yield command_mistakes.unread_moment(step.due.text)
    elif step.due.on and step.due.on < today:
        yield command_mistakes.past_due(step.due.text)
