"""`maild case set` and `maild rules suggest`, as people call them."""

from pathlib import Path

import pytest

from tests.sim.purchasing import PURCHASING, QUOTATIONS, receive_old_mail
from tests.sim.rig import Rig
from tests.unit.cli.test_commands import Shell


@pytest.fixture
def maild(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The shell of somebody with old mail and a playbook for purchasing that no rule leads to."""
    monkeypatch.setenv("MAILD_SERVICE_PASSWORD", "secret")
    rig = Rig(tmp_path)
    (rig.config / "playbooks" / "purchasing.yaml").write_text(PURCHASING, "utf-8")
    with rig.running() as running:
        receive_old_mail(running)
    return Shell(rig.config, capsys)


@pytest.fixture
def corrected(maild: Shell) -> Shell:
    """The same, after each quotation of the supplier was set right: those were the first mails."""
    for number in range(1, QUOTATIONS + 1):
        assert maild("case", "set", f"C-2026-{number:05}", "--kind", "purchasing") == 0
    return maild


def test_a_case_is_set_right(maild: Shell) -> None:
    assert maild("case", "set", "c-2026-00001", "--kind", "purchasing", "--priority", "high") == 0
    assert maild.output == "C-2026-00001: kind purchasing, priority high, stage asked\n"
    assert maild("case", "show", "C-2026-00001") == 0
    assert "kind, request, purchasing, shell" in maild.output


def test_a_case_is_given_to_a_colleague_and_its_contact_named(maild: Shell) -> None:
    people = "departments: [sales]\npeople: [{name: Wu, address: wu@example.com, department: sales}]\n"
    (maild.config / "people.yaml").write_text(people, "utf-8")
    wanted = ("--owner", "wu@example.com", "--department", "sales", "--party", "supplier")
    assert maild("case", "set", "c-2026-00001", *wanted) == 0
    assert maild.output == (
        "C-2026-00001: kind request, priority normal, stage open, owner wu@example.com, department sales,"
        " contact supplier\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(("C-2026-00001",), 2, "name --kind, --priority, --owner", id="nothing"),
        pytest.param(("C-2026-00001", "--kind", "x"), 2, "no playbook runs", id="kind"),
        pytest.param(("C-2026-00099", "--priority", "low"), 1, "there is no case", id="case"),
    ],
)
def test_what_cannot_be_set(maild: Shell, arguments: tuple[str, ...], code: int, told: str) -> None:
    assert maild("case", "set", *arguments) == code
    assert told in maild.errors


def test_a_rule_is_proposed_with_its_reasons(corrected: Shell) -> None:
    assert corrected("rules", "suggest") == 0
    for told in (
        "kind purchasing, when from_domain is hongda.example and base_subject contains 报价",
        "100%: right for 12 of the 12 messages it hits",
        "100%: 12 of 12 corrected messages",
        "C-2026-00001 第0批法兰报价",
        "... and 7 more",
        "12 messages",
        "kind: request → purchasing",
        '\n      from_domain: {is: "hongda.example"}\n',
    ):
        assert told in corrected.output


def test_a_proposed_rule_is_right_as_it_is(corrected: Shell) -> None:
    assert corrected("rules", "suggest", "--json") == 0
    (row,) = corrected.rows()
    path = corrected.config / "rules" / "00-learned.yaml"
    path.write_text(str(row["rule"]), "utf-8")
    assert corrected("check") == 0
    assert corrected("rules", "suggest") == 0
    assert corrected.output.startswith("nothing to suggest")
    assert corrected("rules", "suggest", "--json") == 0
    assert corrected.output == ""


def test_demands_are_options(corrected: Shell) -> None:
    assert corrected("rules", "suggest", "--support", "13") == 0
    assert corrected.output == (
        "nothing to suggest: no condition catches 13 corrected messages and little else\n"
    )
    assert corrected("rules", "suggest", "--precision", "0.4") == 2
