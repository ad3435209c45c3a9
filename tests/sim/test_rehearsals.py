"""Scenarios played: the shipped ones hold, what fails is told, and the same seed tells the same story."""

from pathlib import Path

import pytest

from maild.app.shipped import lay_out_config, shipped_config
from maild.app.trial import scenario_in
from maild.cli.printing import plain
from maild.cli.rehearse import as_plain
from maild.errors import ConfigError
from maild.rehearsal.play import rehearse
from maild.rehearsal.told import CheckTold, EffectTold, EventTold, RemarkTold, Told

SHIPPED = sorted((shipped_config() / "rehearsals").glob("*.yaml"))
PEOPLE = """\
people:
  service_desk: [wang@example.com]
  departments: [{name: service, head: chen@example.com}]
  people:
    - {name: 王芳, address: wang@example.com, department: service}
    - {name: 陈主任, address: chen@example.com, department: service}
"""
ASKED = "- mail: {from: 李雷 <li@customer.example>, subject: 询价, body: 请报价。}\n"


def _play(folder: Path, steps: str, config: Path | None = None) -> tuple[bool, list[Told]]:
    told: list[Told] = []
    path = folder / "scenario.yaml"
    path.write_text(f"start: 2026-10-12T09:00\n{PEOPLE}steps:\n{steps}", "utf-8")
    held = rehearse(scenario_in(path), config or shipped_config(), told.append)
    return held, told


def _checks(told: list[Told]) -> list[tuple[bool, str, tuple[str, ...]]]:
    return [(each.ok, each.expected, each.got) for each in told if isinstance(each, CheckTold)]


def _sent_to(told: list[Told], address: str) -> list[str]:
    return [each.template for each in told if isinstance(each, EffectTold) and address in each.to]


def _config(folder: Path, old: str, new: str) -> Path:
    """The shipped folder with an alias and with one more thing changed in maild.toml."""
    lay_out_config(folder / "config")
    toml = folder / "config" / "maild.toml"
    toml.write_text(toml.read_text("utf-8").replace("# aliases =", "aliases =").replace(old, new), "utf-8")
    return folder / "config"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_rehearsals_hold(path: Path) -> None:
    told: list[Told] = []
    held = rehearse(scenario_in(path), shipped_config(), told.append)
    assert held, [each for each in told if isinstance(each, CheckTold) and not each.ok]
    assert not [each for each in told if isinstance(each, RemarkTold) and each.is_trouble]


def test_there_are_rehearsals() -> None:
    assert len(SHIPPED) >= 5


def test_the_same_seed_tells_the_same_story() -> None:
    def story() -> list[object]:
        told: list[object] = []
        path = shipped_config() / "rehearsals" / "whole-course.yaml"
        rehearse(scenario_in(path), shipped_config(), lambda each: told.append(plain(as_plain(each))))
        return told

    assert story() == story()


def test_another_seed_makes_other_ids(tmp_path: Path) -> None:
    def cases(seed: int) -> list[str]:
        told: list[Told] = []
        path = tmp_path / "scenario.yaml"
        path.write_text(f"start: 2026-10-12T09:00\nseed: {seed}\n{PEOPLE}steps:\n{ASKED}", "utf-8")
        rehearse(scenario_in(path), shipped_config(), told.append)
        return [each.letter.message_id for each in told if isinstance(each, EffectTold)]

    assert cases(1) != cases(2)


def test_what_fails_is_told_with_what_happened_instead(tmp_path: Path) -> None:
    held, told = _play(
        tmp_path,
        ASKED
        + "- expect: {to: li@customer.example, template: acknowledgment}\n"
        + "- reply: {from: mallory@elsewhere.example, body: x}\n"
        + "- expect_case: {kind: complaint, stage: closed, owner: 王芳, deadline: {name: first_respons}}\n"
        + "- expect_case: {deadline: {name: first_response, state: met, due: 2026-10-13T17:00}}\n"
        + "- expect_case: {case: C-2026-00009, stage: open}\n",
    )
    assert not held
    (mail, reply, case, deadline, missing) = [got for ok, _, got in _checks(told) if not ok]
    assert any("acknowledgement to li@customer.example: [C-2026-00001]" in line for line in mail)
    assert reply == ("none went out",)
    assert case == (
        "C-2026-00001 has kind request",
        "C-2026-00001 has stage open",
        "C-2026-00001 has owner none",
        "C-2026-00001 has no deadline first_respons, only first_response",
    )
    assert deadline == (
        "C-2026-00001 has first_response running",
        "C-2026-00001 has first_response due 2026-10-13 18:00",
    )
    assert missing == ("there is none",)


def test_each_mail_is_found_once(tmp_path: Path) -> None:
    ack = "template: acknowledgement"
    held, told = _play(
        tmp_path,
        ASKED
        + "- wait: 1 hour\n"
        + f"- expect: {{{ack}, count: 1}}\n"  # what went out before the wait is still there
        + f"- expect: {{{ack}, text_contains: 询价}}\n"  # and for each of those that follow
        + "- wait: 1 hour\n"
        + f"- expect: {{{ack}}}\n"  # but not once the story has gone on
        + "- expect: {template: new_message}\n"
        + "- expect: {to: 王芳, count: 0}\n"
        + ASKED.replace("询价", "另一件")
        + f"- expect: {{{ack}, count: 0}}\n",
    )
    assert not held
    assert [ok for ok, _, _ in _checks(told)] == [True, True, False, True, True, False]
    failed = [got for ok, _, got in _checks(told) if not ok]
    assert [line.partition(" 2026")[0] for line in failed[0]] == ["there was"]
    assert failed[1][0].startswith("found 2026-10-12 11:00 acknowledgement to li@customer.example")


def test_an_expectation_may_let_time_pass(tmp_path: Path) -> None:
    held, told = _play(
        tmp_path,
        ASKED
        + "- expect: {template: reminder, by: 2026-10-13T15:59, count: 0}\n"
        + "- expect: {template: reminder, by: 1 hour, count: 1}\n"
        + "- expect: {template: escalation, by: 1 working day}\n"
        + "- expect: {template: escalation, by: 2026-10-13T17:59}\n",  # gone by: later mail does not count
    )
    assert not held
    assert [ok for ok, _, _ in _checks(told)] == [True, True, True, False]


def test_nothing_went_out(tmp_path: Path) -> None:
    _, told = _play(tmp_path, "- wait: 1 hour\n- expect: {to: 王芳}\n- expect_case: {stage: open}\n")
    assert [got for _, _, got in _checks(told)] == [("nothing went out",), ("there is none",)]


def test_our_own_server_vouches_for_those_who_answer(tmp_path: Path) -> None:
    config = _config(tmp_path, '# authserv_id = ""', 'authserv_id = "mx.example.com"')
    held, told = _play(
        tmp_path,
        ASKED
        + "- reply: {from: 王芳, body: 假的, authentication: fail}\n"
        + "- expect: {template: not_sent, to: 王芳}\n"
        + "- reply: {from: 王芳, to: 王芳, body: 真的}\n"
        + "- expect: {template: reply, text_contains: 真的, count: 1}\n",
        config,
    )
    assert held
    assert _sent_to(told, "li@customer.example") == ["acknowledgement", "reply"]


def test_a_folder_with_people_of_its_own(tmp_path: Path) -> None:
    lay_out_config(tmp_path / "config")
    (tmp_path / "config" / "people.yaml").write_text(PEOPLE.partition("\n")[2].replace("\n  ", "\n").strip())
    path = tmp_path / "scenario.yaml"
    path.write_text(f"start: 2026-10-12T09:00+08:00\nsteps:\n{ASKED}- expect: {{to: 王芳}}\n", "utf-8")
    assert rehearse(scenario_in(path), tmp_path / "config", lambda _: None)


def test_mail_to_an_alias_and_to_a_token_arrives(tmp_path: Path) -> None:
    config = _config(tmp_path, '# reply_token = "message_id"', 'reply_token = "plus"')
    held, _ = _play(
        tmp_path,
        "- mail: {from: li@customer.example, to: service@example.com, subject: 询价, body: 请报价。}\n"
        "- expect: {to: li@customer.example, template: acknowledgement}\n"
        "- reply: {from: 王芳, body: 320 元。}\n"
        "- expect: {to: li@customer.example, text_contains: 320 元}\n",
        config,
    )
    assert held


def test_a_copy_to_ourselves_is_read(tmp_path: Path) -> None:
    config = _config(tmp_path, '# doubt_proof = "none"', 'doubt_proof = "bcc_self"')
    _, told = _play(tmp_path, ASKED, config)
    opened = [each for each in told if isinstance(each, EventTold) and each.event.kind == "case_opened"]
    assert len(opened) == 1


def test_folders_of_other_names(tmp_path: Path) -> None:
    config = _config(tmp_path, '# inbox = "INBOX"', 'inbox = "收件"\nsent_folder = ""')
    held, _ = _play(tmp_path, ASKED + "- expect: {to: li@customer.example}\n", config)
    assert held
    with pytest.raises(ConfigError, match="is no mailbox of ours"):  # what leaves no trace cannot be seen
        _play(tmp_path, "- mail: {from: kefu@example.com, to: li@customer.example}\n", config)


def test_mail_without_a_case_is_remarked(tmp_path: Path) -> None:
    _, told = _play(tmp_path, "- mail: {from: a@b.example, subject: x, body: x, headers: {List-Id: <x.y>}}\n")
    (remark,) = [each for each in told if isinstance(each, RemarkTold)]
    assert not remark.is_trouble
    assert "archived without a case" in remark.what


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(
            "- mail: {from: 王方}\n", "9:3: nobody is called '王方' (known: 王芳, 陈主任)", id="name"
        ),
        pytest.param("- mail: {from: a@b.c, to: x@y.z}\n", "x@y.z is no mailbox of ours", id="not ours"),
        pytest.param("- mail: {from: a@b.c, in_reply_to: last}\n", "a@b.c knows no mail last", id="no mail"),
        pytest.param(ASKED + "- until: 2026-10-12T08:00\n", "it is 2026-10-12 09:00 already", id="past"),
        pytest.param("- call: {from: 王芳, text: x}\n", "there is no case yet", id="no case"),
        pytest.param(
            ASKED + '- call: {from: 王芳, text: "x\\n/nix"}\n', "10:3: There is no command /nix", id="call"
        ),
        pytest.param(
            ASKED + "- call: {from: 王芳, text: x, case: C-9}\n", "there is no case C-9", id="number"
        ),
        pytest.param('- mail: {from: a@b.c, subject: "a\\nb"}\n', "the mail cannot be written", id="header"),
    ],
)
def test_a_scenario_that_cannot_be_played(tmp_path: Path, steps: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _play(tmp_path, steps)
    assert told in str(caught.value)


def test_a_mistake_in_the_folder_is_named_there(tmp_path: Path) -> None:
    lay_out_config(tmp_path / "config")
    (tmp_path / "config" / "rules" / "zz.yaml").write_text("rules: []\nrulez: []\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        _play(tmp_path, ASKED, tmp_path / "config")
    assert str(caught.value).startswith(f"{tmp_path}/config/rules/zz.yaml:2:1: unknown key 'rulez'")
    with pytest.raises(ConfigError, match=r"maild.toml: cannot be read"):
        _play(tmp_path, ASKED, tmp_path / "nothing")
