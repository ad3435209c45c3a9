"""Playbook files read: what they compile into, and every wrong edit with its line and mend."""

from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.model.delivery import DoubtPolicy
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import Guard, Playbook, Reaction
from maild.rules.load import load_playbooks

OPENED = Happening(Occurrence.CASE_OPENED)
JOINED = Happening(Occurrence.MESSAGE_JOINED)

GOOD = """\
name: customer
version: "1"
number_prefix: C
kinds: [request, complaint]
stages: [open, closed]
closing_stages: [closed]
when_in_doubt: resend
on:
  - fact: case_opened
    unless: [automatic, staff, ourselves]
    send: acknowledgement
  - fact: message_joined
    move_to: open
"""


def _load(folder: Path, *texts: str) -> tuple[Playbook, ...]:
    playbooks = folder / "playbooks"
    playbooks.mkdir()
    for at, text in enumerate(texts):
        (playbooks / f"{at}.yaml").write_text(text, "utf-8")
    return load_playbooks(playbooks)


def test_what_a_file_compiles_into(tmp_path: Path) -> None:
    assert _load(tmp_path, GOOD) == (
        Playbook(
            name="customer",
            version="1",
            number_prefix="C",
            kinds=("request", "complaint"),
            stages=("open", "closed"),
            closing_stages=frozenset({"closed"}),
            doubt_policy=DoubtPolicy.RESEND,
            place="playbooks/0.yaml:1:1",
            reactions=(
                Reaction(
                    on=(OPENED,),
                    unless=(Guard.AUTOMATIC, Guard.STAFF, Guard.OURSELVES),
                    send="acknowledgement",
                    move_to=None,
                    place="playbooks/0.yaml:9:5",
                ),
                Reaction(
                    on=(JOINED,),
                    unless=(),
                    send=None,
                    move_to="open",
                    place="playbooks/0.yaml:12:5",
                ),
            ),
        ),
    )


def test_mail_in_doubt_is_held_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    (playbook,) = _load(tmp_path, GOOD.replace("when_in_doubt: resend\n", ""))
    assert playbook.doubt_policy is DoubtPolicy.HOLD


WRONG = [
    pytest.param("name: customer", "name: Customer Care", 1, "in small letters", id="bad name"),
    pytest.param('version: "1"', "version: 1.10", 2, "put it in quotes", id="number for a version"),
    pytest.param('version: "1"\n', "", 1, "version is missing", id="no version"),
    pytest.param("number_prefix: C", "number_prefix: c", 3, "C gives C-2026-00001", id="small prefix"),
    pytest.param("number_prefix", "prefix", 3, "unknown key 'prefix'", id="unknown key"),
    pytest.param(
        "[request, complaint]", "request", 4, "kinds must be a list, not 'request'", id="word for a list"
    ),
    pytest.param("[request, complaint]", "[]", 4, "kinds must not be empty", id="no kind"),
    pytest.param(
        "closing_stages: [closed]", "closing_stages: [closd]", 6, "did you mean 'closed'", id="closing stage"
    ),
    pytest.param("resend", "retry", 7, "known: hold, resend", id="unknown policy"),
    pytest.param("\non:", "\nwhen:", 8, "unknown key 'when'", id="misspelt on"),
    pytest.param("case_opened", "case_opend", 9, "did you mean 'case_opened'", id="unknown fact"),
    pytest.param("staff,", "stuff,", 10, "did you mean 'staff'", id="unknown guard"),
    pytest.param("    send: acknowledgement\n", "", 9, "write send or move_to", id="nothing done"),
    pytest.param("send: acknowledgement", "send:", 11, "nothing stands behind", id="no template"),
    pytest.param("    send", "\tsend", 11, "not with tabs", id="tab"),
    pytest.param("move_to: open", "move_to: opn", 13, "did you mean 'open'", id="unknown stage"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), WRONG)
def test_each_wrong_edit_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, words: str
) -> None:
    assert right in GOOD
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, GOOD.replace(right, wrong, 1))
    problems = caught.value.problems
    assert any(each.line == line and words in str(each) for each in problems), problems


def test_an_empty_file_is_no_playbook(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a table of keys, not nothing"):
        _load(tmp_path, "")


def test_two_playbooks_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"1\.yaml:1:1: the name 'customer' is taken in playbooks/0\.yaml:1:1"
    ):
        _load(tmp_path, GOOD, GOOD)
