"""The first lines of a reply, seen from Wednesday 30 September 2026 in Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.commands import (
    AddNote,
    AskForHelp,
    AssignTo,
    CloseCase,
    Command,
    FixPlan,
    Instructions,
    LinkCase,
    LogCall,
    PlanStep,
    Reopen,
    Send,
    SetField,
    Solve,
    Undo,
    UseTemplate,
    WaitForCustomer,
)
from maild.model.moments import Moment
from maild.parsers.command import read
from maild.parsers.command_table import ENTRIES, find

TODAY = date(2026, 9, 30)
ZONE = ZoneInfo("Asia/Shanghai")


def _read(text: str) -> Instructions:
    return read(text, TODAY, ZONE)


def _said(text: str, language: str = "en") -> list[str]:
    return [mistake.said.said_in(language) for mistake in _read(text).mistakes]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/template formal-reply", UseTemplate(name="formal-reply")),
        ("/Template: formal-reply", UseTemplate(name="formal-reply")),
        ("／模板：formal-reply", UseTemplate(name="formal-reply")),
        ("/模板formal-reply", UseTemplate(name="formal-reply")),
        ("、模板 formal-reply", UseTemplate(name="formal-reply")),
        ("/ template formal-reply", UseTemplate(name="formal-reply")),
        ("  /TEMPLATE   formal-reply  ", UseTemplate(name="formal-reply")),
        ("/note in a hurry", AddNote(text="in a hurry")),
        ("/备注：客户很急", AddNote(text="客户很急")),
        ("/solve", Solve()),
        ("/solve replaced", Solve(text="replaced")),
        ("/解决已更换", Solve(text="已更换")),
        ("/solve/已更换", Solve(text="已更换")),
        ("/solve see /help", Solve(text="see /help")),
        ("/close", CloseCase()),
        ("/关闭 客户撤回", CloseCase(text="客户撤回")),
        ("/reopen", Reopen()),
        ("/重开：又漏了", Reopen(text="又漏了")),
        ("/assign Zhang San", AssignTo(person="Zhang San")),
        ("/指派给张三", AssignTo(person="张三")),
        ("/set priority urgent", SetField(field="priority", value="urgent")),
        ("/设置 优先级：紧急 今天", SetField(field="优先级", value="紧急 今天")),
        ("/link ｃ－２０２６－０００１２", LinkCase(number="C-2026-00012")),
        ("/关联【C-2026-00012】", LinkCase(number="C-2026-00012")),
        ("/wait for a photo", WaitForCustomer(text="for a photo")),
        ("/等待", WaitForCustomer()),
        ("/undo", Undo()),
        ("/撤回", Undo()),
        ("/send", Send()),
        ("/发送。", Send()),
        ("/帮助", AskForHelp()),
    ],
)
def test_each_command(line: str, expected: Command) -> None:
    assert _read(f"{line}\n") == Instructions(commands=(expected,))


@pytest.mark.parametrize("name", [name for entry in ENTRIES for name in entry.names])
def test_each_name_is_found(name: str) -> None:
    assert find(name) == next((entry, len(name)) for entry in ENTRIES if name in entry.names)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_each_example_is_right(entry: object) -> None:
    for example in (getattr(entry, "example_zh", ""), getattr(entry, "example_en", "")):
        assert len(_read(example).commands) == 1
        assert _read(example).mistakes == ()


def test_several_commands_and_the_text_below_them() -> None:
    text = "\n/template formal-reply\n\n／解决\n\n您好，\n\n  已更换，见 /home/x 。\n/solve\n"
    assert _read(text) == Instructions(
        commands=(UseTemplate(name="formal-reply"), Solve()),
        text="您好，\n\n  已更换，见 /home/x 。\n/solve\n",
    )


def test_two_commands_on_one_line() -> None:
    assert _read("/undo /send").commands == (Undo(), Send())
    assert _read("/template formal-reply ／解决\nHi").commands == (UseTemplate(name="formal-reply"), Solve())
    assert _read("/assign 张三 /nowhere").commands == (AssignTo(person="张三 /nowhere"),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hello\n/solve", id="further down"),
        pytest.param("/home/x is full", id="a path"),
        pytest.param("/10 pieces", id="a number"),
        pytest.param("//solve", id="two slashes"),
        pytest.param("、第二点", id="a chinese comma"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_command_is_text(text: str) -> None:
    assert _read(text) == Instructions(text=text)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param("/note a\nb\n\n/etc", "a\nb\n\n/etc", id="the rest of the mail"),
        pytest.param("/备注\n\n内部\n", "内部", id="below alone"),
        pytest.param("/note a\n/note b\nc", "a\nb\nc", id="two notes"),
    ],
)
def test_after_a_note_nothing_is_sent(text: str, note: str) -> None:
    assert _read(text) == Instructions(commands=(AddNote(text=note),))


def test_a_command_beside_a_note_is_carried_out() -> None:
    assert _read("/note a\n/solve\nb") == Instructions(commands=(Solve(), AddNote(text="a\nb")))


STEP = PlanStep(what="更换密封圈", responsible="王工", due=Moment(text="10月12日", on=date(2026, 10, 12)))


@pytest.mark.parametrize(
    "plan",
    [
        "/plan\n步骤: 更换密封圈\n负责人: 王工\n时限: 10月12日",
        "/方案：步骤：更换密封圈；负责人：王工；时限：10月12日",
        "/plan\nSteps: 更换密封圈\nResponsible: 王工\nDue: 10月12日",
        "/plan 更换密封圈，王工，10月12日",
        "/plan 更换密封圈 | 王工 | 10月12日",
        "/plan\n1. 更换密封圈；王工；10月12日",
        "/plan\n\n步骤1: 更换密封圈\n\n负责人: 王工\n时限: 10月12日",
        "/计划\n- 更换密封圈，负责人：王工，时限：10月12日",
        "/plan\n时限: 10月12日\n负责人: 王工\n步骤:\n第一步：更换密封圈",
        "/plan\n步骤:\n更换密封圈\n负责人: 王工\n时限: 10月12日",
    ],
)
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_a_plan_in_many_writings(plan: str, between: str) -> None:
    assert _read(f"{plan}{between}您好！\n1. 请提供批号") == Instructions(
        commands=(FixPlan(steps=(STEP,)),), text="您好！\n1. 请提供批号"
    )


def test_what_stands_below_a_whole_plan_is_text_though_it_looks_like_a_label() -> None:
    plan = "/plan 更换密封圈，王工，10月12日"
    assert _read(f"{plan}\n\n预计\n完成时间: 10月12日").text == "预计\n完成时间: 10月12日"
    assert _read(f"{plan}\n\n完成时间: 10月12日").text == "完成时间: 10月12日"


def _steps(text: str) -> list[tuple[str, str, str]]:
    ((plan),) = _read(text).commands
    assert isinstance(plan, FixPlan)
    return [(step.what, step.responsible, step.due.text) for step in plan.steps]


@pytest.mark.parametrize(
    ("plan", "steps"),
    [
        pytest.param(
            "/plan\n1. 拆泵\n2、换密封圈\n负责人: 王工\n时限: 10/12",
            [("拆泵", "王工", "10/12"), ("换密封圈", "王工", "10/12")],
            id="one person for all",
        ),
        pytest.param(
            "/plan\n步骤: 拆泵\n负责人: 张三\n时限: 明天\n\n"
            "步骤: 换密封圈\n和轴承\n负责人: 李四\n负责人: 王工\n时限: 3个工作日内",
            [("拆泵", "张三", "明天"), ("换密封圈\n和轴承", "李四、王工", "3个工作日内")],
            id="blocks, a step of two lines, two persons",
        ),
        pytest.param(
            "/plan\n负责人: 张三\n1. 拆泵 时限: 明天\n2. 装泵，李四，周五",
            [("拆泵", "张三", "明天"), ("装泵", "李四", "周五")],
            id="one person unless another is named",
        ),
    ],
)
def test_plans_of_several_steps(plan: str, steps: list[tuple[str, str, str]]) -> None:
    assert _steps(plan) == steps


def test_a_plan_ends_at_the_next_command() -> None:
    text = "/plan\n步骤: 更换密封圈\n负责人: 王工\n时限: 10月12日\n/template first\nHi"
    assert _read(text) == Instructions(
        commands=(FixPlan(steps=(STEP,)), UseTemplate(name="first")), text="Hi"
    )


def test_a_time_limit_may_be_an_instant() -> None:
    ((plan),) = _read("/plan 换泵，王工，10/12 下午3点").commands
    assert isinstance(plan, FixPlan)
    assert plan.steps[0].due.at == datetime(2026, 10, 12, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/plan", ["The plan has no step."]),
        ("/plan\n负责人: 王工", ["The plan has no step."]),
        (
            "/plan\n步骤: A",
            ["Step 1 of the plan, 'A', names nobody", "Step 1 of the plan, 'A', has no time limit"],
        ),
        ("/plan\n步骤: A\n负责人:\n时限: 明天", ["Step 1 of the plan, 'A', names nobody responsible."]),
        ("/plan\n步骤: A\n负责人: B\n时限: 尽快", ["The time '尽快' cannot be read."]),
        ("/plan\n步骤: A\n负责人: B\n时限: 9月1日", ["The time limit '9月1日' has passed."]),
        (
            "/plan\n步骤: A\n负责人: B\n步骤: C\n时限: 10/12",
            ["Step 1 of the plan, 'A', has no", "Step 2 of the plan, 'C', names"],
        ),
        ("/templte x", ["There is no command /templte. Did you mean /template?"]),
        ("/模版 x", ["There is no command /模版. Did you mean /template?"]),
        ("/模扳formal", ["There is no command /模扳formal. Did you mean /template?"]),
        ("/xyzzy", ["There is no command /xyzzy. There are: /template, /note"]),
        ("/template", ["/template needs something after it."]),
        ("/note", ["/note needs something after it."]),
        ("/call\n\nHi", ["/call needs something after it."]),
        ("/assign：", ["/assign needs something after it."]),
        ("/set priority", ["/set needs something after it."]),
        ("/link 12", ["'12' is not a case number."]),
        ("/undo that", ["/undo takes nothing, but 'that' stands after it."]),
        ("/call 明天，王经理，说好", ["The call's time '明天' is still to come."]),
        ("/call 王经理说好\n时间：前几天", ["The time '前几天' cannot be read."]),
    ],
)
def test_a_mistake_says_what_is_wrong_and_what_would_be_right(text: str, said: list[str]) -> None:
    spoken = _said(text)
    assert [sentence.startswith(beginning) for sentence, beginning in zip(spoken, said, strict=True)] == [
        True
    ] * len(said)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in sentence) for sentence in _said(text, "zh"))


def test_a_mistake_shows_its_line_and_does_not_stop_the_rest() -> None:
    instructions = _read("／模版 formal\n/solve\nHi")
    assert [mistake.line for mistake in instructions.mistakes] == ["／模版 formal"]
    assert instructions.commands == (Solve(),)
    assert instructions.text == "Hi"


def test_long_words_are_cut_in_what_is_said() -> None:
    assert "…" in _said("/" + "长" * 100, "zh")[0]


@pytest.mark.parametrize(
    ("text", "said", "took_place"),
    [
        pytest.param("/call 王经理同意", "王经理同意", None, id="just now"),
        pytest.param("/电话 昨天，王经理，同意", "王经理，同意", "昨天", id="day first"),
        pytest.param(
            "/call 2026-09-29 15:00 Mr Wang: agrees", "Mr Wang: agrees", "2026-09-29 15:00", id="time first"
        ),
        pytest.param(
            "/电话 王经理\n时间：今天上午10点\n同意", "王经理\n同意", "今天上午10点", id="a line of its own"
        ),
        pytest.param("/call\nMr Wang agrees", "Mr Wang agrees", None, id="below"),
    ],
)
def test_a_call(text: str, said: str, took_place: str | None) -> None:
    instructions = _read(f"{text}\n\n您好")
    ((call),) = instructions.commands
    assert isinstance(call, LogCall)
    assert (call.text, call.took_place.text if call.took_place else None) == (said, took_place)
    assert instructions.text == "您好"


PIECES = st.lists(
    st.sampled_from(
        [
            "/",
            "／",
            "、",
            "plan",
            "方案",
            "步骤",
            ":",
            "：",
            "\n",
            " ",
            "note",
            "备注",
            "solve",
            "call",
            "10月12日",
            "负责人",
            "时限",
            "1. ",
            "a",
            "，",
        ]
    ),
    max_size=25,
).map("".join)


@given(st.text(max_size=120) | PIECES)
def test_reading_never_raises_and_text_is_kept_exactly(text: str) -> None:
    instructions = _read(text)
    assert text.endswith(instructions.text)
    assert (
        _read(instructions.text).text == instructions.text
        or instructions.text.lstrip("\n") != instructions.text
    )


@given(PIECES)
def test_nothing_of_a_note_is_for_the_customer(text: str) -> None:
    assert _read(f"/note x\n{text}").text == ""
