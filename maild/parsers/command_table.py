"""The commands of a reply by all their names, and what stands behind each name."""

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Takes(StrEnum):
    """What a command takes from the mail."""

    NOTHING = "nothing"
    TEXT = "text"  # the rest of its line, which may be empty
    WORD = "word"  # the rest of its line, which may not
    PARAGRAPH = "paragraph"  # its line and those below it up to a blank one
    PLAN = "plan"  # the lines of a plan
    REST = "rest"  # all that is left of the mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command: its names without the slash, the first of each language being the one that is shown."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    takes: Takes
    example_zh: str
    example_en: str

    @property
    def key(self) -> str:
        """The name by which the code knows it."""
        return self.english[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of it."""
        return self.english + self.chinese


def _entry(key: str, chinese: str, takes: Takes, example_zh: str, example_en: str) -> Entry:
    return Entry(
        english=tuple(key.split()),
        chinese=tuple(chinese.split()),
        takes=takes,
        example_zh=example_zh,
        example_en=example_en,
    )


ENTRIES = (
    _entry("template", "模板 范本", Takes.WORD, "/模板 formal-reply", "/template formal-reply"),
    _entry("note", "备注 内部备注", Takes.REST, "/备注 客户要求周五前", "/note the customer is in a hurry"),
    _entry(
        "plan",
        "方案 解决方案 计划",
        Takes.PLAN,
        "/方案 步骤: 更换密封圈；负责人: 王工；时限: 10月12日",
        "/plan Steps: replace the seal; Responsible: Wang; Due: 2026-10-12",
    ),
    _entry("solve solved", "解决 已解决 办结", Takes.TEXT, "/解决 已更换", "/solve replaced"),
    _entry(
        "call phone",
        "电话 电话记录 通话 来电 去电",
        Takes.PARAGRAPH,
        "/电话 今天下午3点，王经理，同意周五发货",
        "/call today 3pm, Mr Wang, agrees to Friday",
    ),
    _entry("close", "关闭 结案", Takes.TEXT, "/关闭 客户撤回", "/close withdrawn"),
    _entry("reopen re-open", "重开 重新打开", Takes.TEXT, "/重开 又漏了", "/reopen it leaks again"),
    _entry("assign", "指派 指派给 转派 转派给 转给", Takes.WORD, "/指派 张三", "/assign Zhang San"),
    _entry("set", "设置 设为 修改", Takes.WORD, "/设置 优先级 紧急", "/set priority urgent"),
    _entry("link", "关联", Takes.WORD, "/关联 C-2026-00012", "/link C-2026-00012"),
    _entry("wait", "等待 等待客户 待客户", Takes.TEXT, "/等待 批号照片", "/wait for the batch number"),
    _entry("undo", "撤回 撤销", Takes.NOTHING, "/撤回", "/undo"),
    _entry("send", "发送 发出", Takes.NOTHING, "/发送", "/send"),
    _entry("help", "帮助 命令", Takes.NOTHING, "/帮助", "/help"),
)
_BY_NAME = {name: entry for entry in ENTRIES for name in entry.names}
_CHINESE_NAMES = sorted((name for entry in ENTRIES for name in entry.chinese), key=len, reverse=True)


def find(word: str) -> tuple[Entry, int] | None:
    """The command that a folded word names, and how long its name is.

    A Chinese name may be followed by its argument without a blank, an English one may not.
    """
    if word in _BY_NAME:
        return _BY_NAME[word], len(word)
    name = next((name for name in _CHINESE_NAMES if word.startswith(name)), None)
    return (_BY_NAME[name], len(name)) if name else None


def nearest(word: str) -> Entry | None:
    """The command whose name is most like a folded word, None when none is like it."""
    close = get_close_matches(word[:_LONGEST], _BY_NAME, n=1, cutoff=0.6) or _nearest_beginning(word)
    return _BY_NAME[close[0]] if close else None


_LONGEST = 40


def _nearest_beginning(word: str) -> list[str]:
    """A Chinese name with one wrong character at the beginning of a word that goes on."""
    return [name for name in _CHINESE_NAMES if len(name) > 1 and _differ(name, word) == 1][:1]


def _differ(name: str, word: str) -> int:
    beginning = word[: len(name)]
    return (
        len(name) if len(beginning) < len(name) else sum(a != b for a, b in zip(name, beginning, strict=True))
    )


def shown(language: str) -> str:
    """The names of all commands in one language, in a sentence's list."""
    chosen = (each.chinese[0] if language == "zh" else each.english[0] for each in ENTRIES)
    return ("、" if language == "zh" else ", ").join(f"/{name}" for name in chosen)
