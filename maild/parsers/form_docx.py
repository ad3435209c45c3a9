"""A form filled in as a Word file: our own blank, or anybody's with the same labels.

A value stands in the cell beside its label, or in the one below where a whole row is labels; behind a colon
in a paragraph or a cell; or in a content control whose title or tag is the field's. A control counts more
than what stands around it.
"""

import re
from collections.abc import Iterator
from datetime import date, tzinfo

from maild.model.forms import FormReading
from maild.model.sentence import Sentence
from maild.parsers.docx_blocks import Block, Control, Paragraph, Row, blocks_of
from maild.parsers.docx_tree import NotReadable
from maild.parsers.form import Specs, reading_of
from maild.parsers.form_labels import Labels
from maild.parsers.form_pairs import Pair, pairs_of
from maild.parsers.form_values import Calendar

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB §2.2: .doc, or a .docx with a password
# What blanks print where a value is to go.
_RULED = re.compile(r"_{2,}|＿{2,}")
_ASKING = re.compile(
    r"\s*(?:click or tap (?:here )?to enter (?:text|a date)\.?|click (?:here )?to enter text\.?|choose an "
    r"item\.?"
    r"|(?:单击|点击)或点击此处输入(?:文字|日期)。?|(?:单击|点击)此处输入(?:文字|日期)。?|选择一项。?|请填写"
    r"|待填写)\s*",
    re.IGNORECASE,
)


def read(content: bytes, specs: Specs, today: date, zone: tzinfo) -> FormReading | Sentence:
    """What the file says for each field, or a sentence that says why it cannot be read."""
    try:
        blocks = blocks_of(content)
    except NotReadable:
        return _unreadable(content)
    labels = Labels(specs)
    in_controls = list(_of_controls(blocks, labels))
    controlled = {pair.name for pair in in_controls}
    around = [pair for pair in _of_layout(blocks, labels) if pair.name not in controlled]
    return reading_of([*in_controls, *around], specs, Calendar(today=today, zone=zone))


def _unreadable(content: bytes) -> Sentence:
    if content.startswith(_COMPOUND_FILE):
        return Sentence(
            zh="这个 Word 文件是旧格式（.doc）或有密码。请去掉密码，另存为 .docx 再发",
            en="This Word file is of the old kind (.doc) or has a password. Save it as .docx without one",
        )
    return Sentence(
        zh="这个文件不是能读取的 .docx。请用 Word 打开，另存为 .docx 再发，或直接在邮件里写“字段：值”",
        en="This file is no .docx that can be read. Open it in Word and save it as .docx, or write the fields"
        " in the mail as `field: value`",
    )


def _of_controls(blocks: list[Block], labels: Labels) -> Iterator[Pair]:
    for block in blocks:
        if isinstance(block, Control) and any(char.isalnum() for char in block.text):
            name = next(filter(None, map(labels.field_of, block.names)), "")
            if name:
                yield Pair(name=name, text=_plain(block.text))


def _of_layout(blocks: list[Block], labels: Labels) -> Iterator[Pair]:
    """Rows by their cells, and the paragraphs between tables as the text of a mail."""
    above: list[str] = []
    lines: list[str] = []
    for block in [*blocks, Row(cells=())]:
        if isinstance(block, Paragraph):
            lines.append(_plain(block.text))
            above = []
        elif isinstance(block, Row):
            yield from pairs_of("\n".join(lines), labels)[0]
            lines = []
            names = [labels.field_of(_label(cell)) for cell in block.cells]
            yield from _of_row(block.cells, names, above, labels)
            written = [name for name, cell in zip(names, block.cells, strict=True) if cell]
            above = names if written and all(written) else []


def _of_row(cells: tuple[str, ...], names: list[str], above: list[str], labels: Labels) -> Iterator[Pair]:
    """The values of one row; `above` are the fields of the row before, where that was labels alone."""
    if above and len(above) == len(cells) and not any(names):
        yield from (
            Pair(name=name, text=_plain(cell)) for name, cell in zip(above, cells, strict=True) if name
        )
        return
    for place, cell in enumerate(cells):
        following = place + 1 < len(cells)
        if names[place] and following and not names[place + 1]:
            yield Pair(name=names[place], text=_plain(cells[place + 1]))
        elif not names[place] and not (place and names[place - 1]):
            yield from pairs_of(_plain(cell), labels)[0]


def _label(cell: str) -> str:
    return " ".join(cell.split()).rstrip(" :：")


def _plain(text: str) -> str:
    """The text without the rules of a blank, and nothing for the words that ask for a value."""
    ruled = _RULED.sub(" ", text).strip()
    return "" if _ASKING.fullmatch(ruled) else ruled
