"""Forms filled in as Word files, and files that only look like one."""

from datetime import date
from decimal import Decimal
from zipfile import ZIP_LZMA

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.model.forms import FormReading, Quantity
from maild.model.sentence import Sentence
from maild.parsers import docx_tree
from maild.parsers.form_docx import read
from tests.unit.parsers.docx_files import STRICT, archive, control, docx, paragraph, relationships, run, table
from tests.unit.parsers.form_specs import CONDITIONAL, SPECS, SUPPORTED, TODAY, ZONE, texts, values


def _read(content: bytes) -> FormReading:
    reading = read(content, SPECS, TODAY, ZONE)
    assert isinstance(reading, FormReading)
    return reading


WHOLE = {"goal": "改进密封", "quantity": "5", "wished": "10月12日"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            [
                paragraph("协作目标：", "改进", "密封"),
                paragraph("数量：__5__"),
                paragraph("期望日期\n10月12日"),
            ],
            id="paragraphs",
        ),
        pytest.param(
            [table(("协作目标", "改进密封"), ("数量：", "5"), ("期望日期", "10月12日"))], id="two columns"
        ),
        pytest.param(
            [table(("协作目标", "改进密封", "数量", "5"), ("期望日期", "10月12日", "", ""))],
            id="four columns",
        ),
        pytest.param(
            [table(("协作目标", "数量", "期望日期"), ("改进密封", "5", "10月12日"))], id="labels above"
        ),
        pytest.param(
            [table(("需求表",), ("协作目标：改进密封",), ("数量：5；期望日期：10月12日",))],
            id="inside of cells",
        ),
        pytest.param(
            [
                table((table(("协作目标", "改进密封")) + paragraph("数量：5"),)),
                paragraph("期望日期：10月12日"),
            ],
            id="a table in a table",
        ),
        pytest.param(
            [
                paragraph("协作目标：", control("x", run("改进密封"))),
                table(("数量", control("x", paragraph("5")))),
                paragraph("期望日期：10月12日"),
            ],
            id="controls that are filled in",
        ),
        pytest.param(
            [
                control("协作目标", paragraph("改进密封")),
                paragraph(control("", run("5"), tag="quantity")),
                paragraph("期望日期：10月12日"),
            ],
            id="controls by title and tag",
        ),
    ],
)
def test_layouts(body: list[str]) -> None:
    reading = _read(docx(*body))
    assert texts(reading) == WHOLE
    assert reading.is_complete


def test_what_was_read() -> None:
    content = docx(
        table(
            ("数量", "5 台", "期望日期", "2026-10-12"),
            ("答复", paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "可支持 ☐有条件")),
        )
    )
    assert values(_read(content)) == {
        "quantity": Quantity(number=Decimal(5), unit="台"),
        "wished": date(2026, 10, 12),
        "answer": SUPPORTED,
    }


def test_old_check_boxes() -> None:
    boxes = (
        '<w:r><w:checkBox><w:default w:val="0"/></w:checkBox></w:r>',
        "可支持 ",
        "<w:r><w:checkBox><w:checked/></w:checkBox></w:r>",
        "有条件 ",
        "<w:r><w:checkBox/></w:r>",
        "不支持",
    )
    assert values(_read(docx(table(("答复", paragraph(*boxes)))))) == {"answer": CONDITIONAL}


def test_a_control_counts_more_than_its_layout() -> None:
    body = table(("数量", paragraph(control("数量", run("5")), " 台（请填写整数）")))
    assert texts(_read(docx(body))) == {"quantity": "5"}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="nothing"),
        pytest.param(paragraph("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>"), id="an empty control"),
        pytest.param("Click or tap here to enter text.", id="words that ask"),
        pytest.param("单击此处输入文字。", id="words that ask, in chinese"),
        pytest.param("______", id="a rule"),
        pytest.param(paragraph(control("数量", run("数字"), asking=True)), id="a control that asks"),
        pytest.param(
            control("数量", paragraph("数字"), asking=True), id="a control around paragraphs that asks"
        ),
        pytest.param(paragraph("<w:del><w:r><w:t>5</w:t></w:r></w:del>"), id="deleted"),
        pytest.param(paragraph("<mc:Fallback><w:r><w:t>5</w:t></w:r></mc:Fallback>"), id="a second writing"),
        pytest.param(paragraph(control("x", run("☐"))), id="an empty box"),
    ],
)
def test_a_blank_that_was_not_filled_in(value: str) -> None:
    assert _read(docx(table(("协作目标", "A", "数量", value)))).missing[0] in {"quantity", "wished"}
    assert "quantity" not in values(_read(docx(table(("协作目标", "A", "数量", value)))))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(docx(paragraph("数量：5"), namespace=STRICT), id="strict"),
        pytest.param(docx(paragraph("数量：5"), target="/word/document2.xml"), id="another main part"),
        pytest.param(docx(paragraph("数量", "<w:r><w:tab/></w:r>", "5")), id="a tab"),
        pytest.param(
            docx(
                "<w:tbl><w:tr><w:tc>"
                + paragraph("数量")
                + "</w:tc>"
                + control("x", "<w:tc>" + paragraph("5") + "</w:tc>")
                + "</w:tr></w:tbl>"
            ),
            id="a control around a cell",
        ),
        pytest.param(docx("<w:ins>" + paragraph("数量：5") + "</w:ins>"), id="inserted"),
    ],
)
def test_kinds_of_files(content: bytes) -> None:
    assert texts(_read(content)) == {"quantity": "5"}


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04 but no zip", id="no zip"),
        pytest.param(docx(paragraph("数量：5"))[:-40], id="cut off"),
        pytest.param(archive({"_rels/.rels": relationships()}), id="no main part"),
        pytest.param(archive({"_rels/.rels": "<Relationships/>"}), id="no relationship"),
        pytest.param(
            archive({"_rels/.rels": relationships(), "word/document.xml": "<w:p>"}), id="broken XML"
        ),
        pytest.param(archive({"_rels/.rels": relationships()}, ZIP_LZMA), id="another compression"),
        pytest.param(docx(paragraph("数量：&b;"), head=BOMB), id="entities"),
        pytest.param(
            archive(
                {"_rels/.rels": relationships(), "word/document.xml": b" " * (docx_tree.MAX_PART_BYTES + 1)}
            ),
            id="a zip bomb",
        ),
        pytest.param(docx("<w:p>" * 300 + "</w:p>" * 300), id="too deep"),
        pytest.param(docx("<w:p/>" * (docx_tree.MAX_ELEMENTS + 1)), id="too many elements"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes) -> None:
    said = read(content, SPECS, TODAY, ZONE)
    assert isinstance(said, Sentence)
    assert ".docx" in said.said_in("zh")
    assert "no .docx" in said.said_in("en")


def test_an_old_or_locked_file_is_told_apart() -> None:
    said = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, SPECS, TODAY, ZONE)
    assert isinstance(said, Sentence)
    assert "password" in said.said_in("en")


WHOLE_FILE = docx(paragraph("数量：5"), table(("协作目标", "A"), ("期望日期", "明天")))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE_FILE)), st.binary(max_size=8), st.integers(0, 12))
def test_a_changed_file_never_raises(place: int, put: bytes, cut: int) -> None:
    read(WHOLE_FILE[:place] + put + WHOLE_FILE[place + cut :], SPECS, TODAY, ZONE)
