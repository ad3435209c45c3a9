"""What is said when a command cannot be carried out: what is wrong, and what would be right."""

from maild.model.sentence import Sentence
from maild.parsers.command_table import Entry, nearest, shown

_SHOWN_CHARS = 40


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"


def unknown(written: str, word: str) -> Sentence:
    """No command has that name; the nearest is named, else all."""
    entry = nearest(word)
    if entry is None:
        return Sentence(
            zh=f"没有“/{_short(written)}”这个命令。可用：{shown('zh')}",
            en=f"There is no command /{_short(written)}. There are: {shown('en')}",
        )
    return Sentence(
        zh=f"没有“/{_short(written)}”这个命令，是不是“/{entry.chinese[0]}”？例如：{entry.example_zh}",
        en=f"There is no command /{_short(written)}. Did you mean /{entry.key}? Example: {entry.example_en}",
    )


def incomplete(entry: Entry) -> Sentence:
    """The command came without what it needs."""
    return Sentence(
        zh=f"“/{entry.chinese[0]}”后面缺少内容。例如：{entry.example_zh}",
        en=f"/{entry.key} needs something after it. Example: {entry.example_en}",
    )


def superfluous(entry: Entry, written: str) -> Sentence:
    """The command came with something that it does not take."""
    return Sentence(
        zh=f"“/{entry.chinese[0]}”后面不需要内容，但写了“{_short(written)}”。请只写：{entry.example_zh}",
        en=(
            f"/{entry.key} takes nothing, but {_short(written)!r} stands after it. Write "
            f"only: {entry.example_en}"
        ),
    )


def no_case_number(written: str) -> Sentence:
    """A case number was asked for and something else came."""
    return Sentence(
        zh=f"“{_short(written)}”不是事项编号。例如：C-2026-00012",
        en=f"{_short(written)!r} is not a case number. Example: C-2026-00012",
    )


def unread_moment(written: str) -> Sentence:
    """A date was asked for and could not be read."""
    return Sentence(
        zh=f"看不懂时间“{_short(written)}”。请写成 2026-10-12、10月12日、10/12 15:00 或 3个工作日内",
        en=f"The time {_short(written)!r} cannot be read. Write 2026-10-12, 12 October, 2026-10-12 15:00"
        " or 3 working days",
    )


def past_due(written: str) -> Sentence:
    """A time limit that is over already."""
    return Sentence(
        zh=f"时限“{_short(written)}”已经过去。请写今天或以后的日期",
        en=f"The time limit {_short(written)!r} has passed. Name today or a later day",
    )


def future_call(written: str) -> Sentence:
    """A call that has not taken place yet."""
    return Sentence(
        zh=f"通话时间“{_short(written)}”还没有到。请写已经打过的电话的时间",
        en=f"The call's time {_short(written)!r} is still to come. Name the time at which it took place",
    )


def no_step() -> Sentence:
    """A plan without a step."""
    return Sentence(
        zh="方案缺少步骤。请写：步骤: 更换密封圈；负责人: 王工；时限: 10月12日",
        en="The plan has no step. Write: Steps: replace the seal; Responsible: Wang; Due: 2026-10-12",
    )


def no_responsible(number: int, what: str) -> Sentence:
    """A step that nobody is responsible for."""
    return Sentence(
        zh=f"方案第{number}步“{_short(what)}”缺少负责人。请加上：负责人: 王工",
        en=f"Step {number} of the plan, {_short(what)!r}, names nobody responsible. Add: Responsible: Wang",
    )


def no_due(number: int, what: str) -> Sentence:
    """A step without a time limit."""
    return Sentence(
        zh=f"方案第{number}步“{_short(what)}”缺少时限。请加上：时限: 10月12日",
        en=f"Step {number} of the plan, {_short(what)!r}, has no time limit. Add: Due: 2026-10-12",
    )
