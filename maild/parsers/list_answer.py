"""An answer to a list of cases, a line for each: `C-2026-00012 已联系客户`, `C-2026-00013: /解决`.

List marks, brackets, full width and any dash are taken as they come; several numbers may share one answer. A
line that names no case goes on from the one above it, and is stray after a blank line.
"""

import re
from datetime import date, tzinfo

from maild.model.commands import LineAnswer, ListAnswer
from maild.parsers import case_number, command
from maild.parsers.fold import folded

_MARKS = r"(?:[>|\s]|[-*•·●](?=[\s\[(【a-z])|\(?\d{1,3}[.、)]\s*(?=[\[(【#]*[a-z]))*"
_ONE = rf"[\[【(（#]*{case_number.PATTERN}[\]】)）]*"
_HEAD = re.compile(
    rf"{_MARKS}(?P<numbers>{_ONE}(?:\s*(?:[,，、;；/&和]|\sand\s)\s*{_ONE})*)[\s:,，、;；|。-]*"
)
_NUMBER = re.compile(case_number.PATTERN)


def read_lines(text: str, today: date, zone: tzinfo) -> ListAnswer:
    """What each line says of its case, in order, and the lines that belong to none.

    A case that is named twice has two answers. A line with a number alone has instructions that are empty.
    """
    blocks: list[tuple[list[str], list[str]]] = []
    stray: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        head = _HEAD.match(folded(line))
        if head:
            numbers = [case_number.spelled(each) for each in _NUMBER.findall(head["numbers"])]
            blocks.append((numbers, [line[head.end() :]]))
        elif line.strip() and goes_on:
            blocks[-1][1].append(line)
        elif line.strip():
            stray.append(line)
        goes_on = head is not None or (goes_on and bool(line.strip()))
    answers = [
        LineAnswer(number=number, instructions=command.read("\n".join(lines).strip(), today, zone))
        for numbers, lines in blocks
        for number in numbers
    ]
    return ListAnswer(answers=tuple(answers), stray=tuple(stray))
