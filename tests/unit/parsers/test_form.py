"""Forms answered by mail, in the shapes in which people and their programs send them back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.forms import FieldSpec, FormReading, NotApplicable, Quantity, UnknownLabel, Value
from maild.model.mail import Address
from maild.parsers.form import merge, read
from tests.unit.parsers.form_specs import CONDITIONAL, REFUSED, SPECS, SUPPORTED, TODAY, ZONE, texts, values


def _read(text: str) -> FormReading:
    return read(text, SPECS, TODAY, ZONE)


WHOLE = {"goal": "改进密封", "quantity": "5", "wished": "10月12日"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("协作目标：改进密封\n数量：5\n期望日期：10月12日", id="plain"),
        pytest.param("期望日期:10月12日\n数量 : 5\nGOAL: 改进密封", id="any order and language"),
        pytest.param("ｇｏａｌ：改进密封\nＱｕａｎｔｉｔｙ＝5\nwished  date： 10月12日", id="full width"),
        pytest.param("協作目標：改进密封\n數量：5\n期望日期：10月12日", id="traditional labels"),
        pytest.param("> 协作目标：改进密封\n> 数量：5\n> 期望日期：10月12日", id="quoted"),
        pytest.param(
            "> 协作目标：\n改进密封\n> 数量：\n5\n> 期望日期：\n10月12日", id="answered below quoted labels"
        ),
        pytest.param(
            "协作目标：改进密封\n数量：5\n期望日期：10月12日\n\n> 协作目标：旧\n> 数量：1",
            id="above a quoted form",
        ),
        pytest.param("- 协作目标：改进密封\n• 数量：5\n* 期望日期：10月12日", id="bullets"),
        pytest.param("1. 协作目标：改进密封\n2、数量：5\n（3）期望日期：10月12日", id="numbers"),
        pytest.param("一、协作目标：改进密封\n二、数量：5\n③期望日期：10月12日", id="chinese numbers"),
        pytest.param("协作目标\n改进密封\n\n数量\n5\n期望日期：\n10月12日", id="a telephone: values below"),
        pytest.param("目标：改进密封；数量：5；期望日期：10月12日", id="one line"),
        pytest.param("目标：改进密封,数量：5,期望日期：10月12日", id="one line with commas"),
        pytest.param("目标:改进密封 数量:5 期望日期:10月12日", id="one line with blanks"),
        pytest.param(
            "| 协作目标 | 改进密封 |\n|---|---|\n| 数量 | 5 |\n| 期望日期 | 10月12日 |",
            id="a table with bars",
        ),
        pytest.param("协作目标\t改进密封\n数量\t5\t期望日期\t10月12日", id="tabs"),
        pytest.param("协作目标  改进密封  数量  5\n期望日期  10月12日", id="cells of a web page"),
        pytest.param("协作目标 | 改进密封 | 数量：5\n期望日期 | 10月12日 | ", id="cells of both sorts"),
        pytest.param("**协作目标**：改进密封\n**数量：** 5\n__期望日期__: 10月12日", id="bold marks"),
        pytest.param("【协作目标】改进密封\n【数量】：5\n[期望日期] 10月12日", id="boxed labels"),
        pytest.param(
            "协作目标（必填）：改进密封\n数量*：5\n期望日期 (date): 10月12日", id="labels with remarks"
        ),
        pytest.param(
            "协作 目标：改进密封\n数 量：5\n期望日期：10月12日\n\n谢谢\n张三", id="blanks and a closing"
        ),
    ],
)
def test_shapes(text: str) -> None:
    reading = _read(text)
    assert texts(reading) == WHOLE
    assert reading.is_complete


def test_what_was_read() -> None:
    reading = _read("目标：A\n数量：1,200.50 元\n期望日期：10/12 下午3点\n答复：有条件\n是否紧急：是")
    assert values(reading) == {
        "goal": "A",
        "quantity": Quantity(number=Decimal("1200.50"), unit="元"),
        "wished": datetime(2026, 10, 12, 7, 0, tzinfo=UTC),
        "answer": CONDITIONAL,
        "urgent": True,
    }
    found = reading.value("goal")
    assert found is not None
    assert found.text == "A"
    assert reading.value("phone") is None


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        pytest.param(
            "目标：见 http://x.example/a?b=c\n时间 10:30 开会\n注意：不要改\n数量：5",
            "见 http://x.example/a?b=c\n时间 10:30 开会\n注意：不要改",
            id="colons",
        ),
        pytest.param("目标：一\n\n二\n数量：5", "一\n\n二", id="a blank line before another label"),
        pytest.param("数量：5\n目标：一\n二\n\n三", "一\n二", id="a blank line at the end"),
        pytest.param("目标：\n> 原文\n一", "一", id="a quotation above a value"),
        pytest.param("目标：一\n> 原文\n二", "一\n二", id="a quotation behind a value"),
    ],
)
def test_values_of_several_lines(text: str, goal: str) -> None:
    assert texts(_read(text))["goal"] == goal


@pytest.mark.parametrize(
    ("label", "text", "value"),
    [
        ("数量", "５台", Quantity(number=Decimal(5), unit="台")),
        ("数量", "-3.5", Quantity(number=Decimal("-3.5"))),
        ("数量", "3万", Quantity(number=Decimal(30_000))),
        ("数量", "十二 台", Quantity(number=Decimal(12), unit="台")),
        ("数量", "￥1,200", Quantity(number=Decimal(1200))),
        ("数量", "5\n其中3台急用", Quantity(number=Decimal(5))),
        ("期望日期", "明天", date(2026, 10, 1)),
        ("答复", "可支持", SUPPORTED),
        ("答复", "supported", SUPPORTED),
        ("答复", "不支持", REFUSED),
        ("答复", "☑可支持 ☐有条件 □不支持", SUPPORTED),
        ("答复", "□可支持 ■有条件", CONDITIONAL),
        ("答复", "[ ] 可支持 [x] 有条件", CONDITIONAL),
        ("答复", "可支持□ 有条件√", CONDITIONAL),
        ("是否紧急", "否", False),
        ("是否紧急", "Yes.", True),
        ("是否紧急", "☐是 ☑否", False),
        ("是否紧急", "√", None),
        ("邮箱", "li@x.example", (Address(address="li@x.example"),)),
        (
            "邮箱",
            "李明 <LI@x.example>；bo@y.example 和 li@x.example",
            (Address(address="li@x.example"), Address(address="bo@y.example")),
        ),
        ("联系电话", "１３８ ００１３ ８０００", "13800138000"),
        ("联系电话", "+86 (21) 6234-5678", "+862162345678"),
        ("联系电话", "021-62345678转123", "02162345678,123"),
        ("备注", "N/A", NotApplicable()),
        ("备注", "不适用", NotApplicable()),
        ("备注", "无", NotApplicable()),
        ("备注", "/", NotApplicable()),
        ("目标", "无", "无"),
    ],
)
def test_values(label: str, text: str, value: Value | None) -> None:
    read_as = values(_read(f"{label}：{text}"))
    assert list(read_as.values()) == ([value] if value is not None else [])


@pytest.mark.parametrize(
    ("label", "text", "name", "said"),
    [
        ("数量", "约5台", "quantity", "'约5台' is not one number."),
        ("数量", "5-8", "quantity", "'5-8' is not one number."),
        ("数量", "五或六", "quantity", "'五或六' is not one number."),
        ("数量", "好几台", "quantity", "'好几台' is not one number."),
        ("数量", "不适用", "quantity", "'Quantity' cannot be 'not applicable'"),
        ("期望日期", "尽快", "wished", "The date '尽快' cannot be read."),
        ("期望日期", "3个工作日内", "wished", "The date '3个工作日内' cannot be read."),
        (
            "答复",
            "也许",
            "answer",
            "'也许' is none of the choices. Choose one of: 可支持 / Supported、有条件、不支持",
        ),
        ("答复", "[x] 可支持 [x] 有条件", "answer", "Choose only one of:"),
        ("答复", "☐可支持 ☐有条件", "answer", "'☐可支持 ☐有条件' is none"),
        ("是否紧急", "看情况", "urgent", "'看情况': write yes or no"),
        ("是否紧急", "☑是 ☑否", "urgent", "'☑是 ☑否': write yes or no"),
        ("邮箱", "李明", "mail", "'李明' is not a mail address."),
        ("邮箱", "li@x.example 或者打电话", "mail", "'li@x.example 或者打电话' is not a mail"),
        ("联系电话", "12345", "phone", "'12345' is not a telephone number."),
        ("联系电话", "打办公室", "phone", "'打办公室' is not a telephone number."),
        ("目标", "N/A", "goal", "'Goal' cannot be 'not applicable'"),
        ("数量", "很" * 60, "quantity", f"'{'很' * 40}…' is not one number."),
        ("数量", "5\n数量：6", "quantity", "'Quantity' is filled in differently ('5' and '6')"),
    ],
)
def test_what_is_wrong_is_told_by_name(label: str, text: str, name: str, said: str) -> None:
    (wrong,) = _read(f"{label}：{text}").wrong
    assert wrong.name == name
    assert wrong.said.said_in("en").startswith(said)
    assert any("\u4e00" <= char <= "\u9fff" for char in wrong.said.said_in("zh"))


def test_what_is_missing_is_told_by_name() -> None:
    reading = _read("目标：\n数量：5")
    assert reading.missing == ("goal", "wished")
    assert not reading.is_complete


def test_twice_the_same_is_once() -> None:
    assert texts(_read("数量：5\n数量： 5")) == {"quantity": "5"}


def test_a_label_that_is_nearly_right_is_named_and_not_guessed() -> None:
    reading = _read("数量：5\n期望的日期：10/12\n注意：x")
    assert reading.unknown == (UnknownLabel(label="期望的日期", nearest="wished"),)
    assert texts(reading) == {"quantity": "5"}


@pytest.mark.parametrize("text", ["", "您好\n谢谢", "数量不多，5台", "请看 协作目标 一栏：没有"])
def test_no_form_at_all(text: str) -> None:
    assert _read(text) == FormReading(missing=("goal", "quantity", "wished"))


def test_a_form_without_fields() -> None:
    assert read("数量：5", (), TODAY, ZONE) == FormReading()


def test_merging_keeps_what_was_right_and_takes_what_is_new() -> None:
    first = _read("目标：旧\n数量：约5\n备注：一")
    second = _read("目标：新\n数量：6\n备注：")
    merged = merge(first, second, SPECS)
    assert texts(merged) == {"goal": "新", "quantity": "6", "remark": "一"}
    assert merged.missing == ("wished",)
    assert merged.wrong == ()


def test_merging_keeps_the_right_value_beside_the_wrong_one() -> None:
    merged = merge(_read("数量：5\n期望日期：10/12\n目标：A"), _read("数量：约8"), SPECS)
    assert texts(merged)["quantity"] == "5"
    assert [each.name for each in merged.wrong] == ["quantity"]
    assert merged.missing == ()


@pytest.mark.parametrize(
    ("spec", "language", "label"),
    [
        (SPECS[0], "en", "Goal"),
        (SPECS[0], "zh", "协作目标"),
        (SPECS[0], "de", "协作目标"),
        (FieldSpec(name="goal", labels=()), "zh", "goal"),
    ],
)
def test_the_label_in_a_language(spec: FieldSpec, language: str, label: str) -> None:
    assert spec.label(language) == label


LINES = st.lists(
    st.sampled_from(
        [
            "数量",
            "目标",
            "期望日期",
            "：",
            ":",
            "|",
            "  ",
            "\t",
            "\n",
            "> ",
            "5",
            "10/12",
            "【",
            "】",
            "**",
            "；",
            "- ",
            "1. ",
            "☑",
            "N/A",
            "邮箱",
            "答复",
            "是否紧急",
        ]
    ),
    max_size=25,
).map("".join)


@given(st.text(max_size=120) | LINES)
def test_reading_never_raises_and_each_field_is_told_once(text: str) -> None:
    reading = _read(text)
    told = [*(each.name for each in reading.values), *(each.name for each in reading.wrong), *reading.missing]
    assert len(told) == len(set(told))
    assert {spec.name for spec in SPECS if spec.required} <= set(told)


@given(LINES)
def test_merging_with_itself_changes_nothing(text: str) -> None:
    reading = _read(text)
    assert merge(reading, reading, SPECS) == reading
