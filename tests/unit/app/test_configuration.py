"""The whole configuration: the shipped one is right, its hash names it, its files must fit together."""

import json
import re
from pathlib import Path

import pytest

from maild.app.configuration import Configuration, configuration_from, files_of, load_configuration
from maild.app.crosscheck import Parts, cross_check
from maild.app.shipped import lay_out_config, shipped_config
from maild.errors import ConfigError, NotFound, UsageError
from maild.model.delivery import DoubtPolicy
from maild.model.people import ReusedMail, Staff
from maild.model.rule import RuleInput
from maild.settings import Settings, load_settings

ENVIRON = {"MAILD_SERVICE_PASSWORD": "x"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out_config(tmp_path / "config")
    return tmp_path / "config"


def _settings(folder: Path) -> Settings:
    return load_settings(folder / "maild.toml", ENVIRON)


def _load(folder: Path) -> Configuration:
    return load_configuration(_settings(folder))


def _edit(path: Path, right: str, wrong: str) -> None:
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")


def test_the_shipped_configuration(folder: Path) -> None:
    configuration = _load(folder)
    (mailbox,) = configuration.mailboxes
    assert (mailbox.name, mailbox.address, mailbox.default_kind) == ("service", "kefu@example.com", "request")
    assert configuration.company.name("en") == "Example Technology Co., Ltd."
    assert "example.com" in configuration.company.staff_domains
    assert "qq.com" in configuration.company.shared_domains
    assert configuration.playbook_for("complaint").doubt_policy is DoubtPolicy.RESEND
    assert configuration.mailbox("service") is mailbox
    assert "acknowledgement" in configuration.templates.names


@pytest.mark.parametrize(
    ("fields", "kind", "opens_case"),
    [
        pytest.param(
            {"base_subject": "关于６月货款的投诉"}, "complaint", True, id="complaint in the subject"
        ),
        pytest.param(
            {"text": "Hello,\nI want to COMPLAIN about"}, "complaint", True, id="complaint in English"
        ),
        pytest.param({"base_subject": "设备故障"}, "after_sales", True, id="fault"),
        pytest.param({"text": "the pump is still under warranty"}, "after_sales", True, id="warranty"),
        pytest.param({"attachment_name": "采购合同.docx"}, "contract", True, id="contract attached"),
        pytest.param({"base_subject": "请报价", "text": "需要 3 台"}, "request", True, id="anything else"),
        pytest.param({"base_subject": "投诉", "automatic": "list"}, "request", False, id="newsletter"),
        pytest.param({"automatic": "auto_reply"}, "request", False, id="out of office"),
    ],
)
def test_where_the_shipped_rules_send_mail(
    folder: Path, fields: dict[str, str], kind: str, opens_case: bool
) -> None:
    seen = RuleInput(
        fields=tuple((name, (value,)) for name, value in ({"automatic": "none"} | fields).items())
    )
    routing = _load(folder).ruleset.route(seen, default_kind="request")
    assert (routing.case_kind, routing.opens_case) == (kind, opens_case)


def test_the_same_files_have_the_same_hash(folder: Path, tmp_path: Path) -> None:
    lay_out_config(tmp_path / "copy")
    assert _load(folder).hash == _load(tmp_path / "copy").hash


@pytest.mark.parametrize(
    "file",
    [
        "rules/customer.yaml",
        "playbooks/customer.yaml",
        "people.yaml",
        "calendars/2027.yaml",
        "templates/x.txt",
    ],
)
def test_every_file_counts_in_the_hash(folder: Path, file: str) -> None:
    before = files_of(folder)
    path = folder / file
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"# \xff changed\n")
    assert files_of(folder) != before
    assert files_of(folder)[file].endswith("changed\n")


def test_what_editors_leave_behind_does_not_count(folder: Path) -> None:
    before = files_of(folder)
    (folder / "rules" / ".customer.yaml.swp").write_text("x")
    (folder / "rules" / "customer.yaml~").write_text("x")
    assert files_of(folder) == before


def test_content_names_what_is_shipped_and_no_secret(folder: Path) -> None:
    files = files_of(folder)
    assert "rules/customer.yaml" in files
    assert any(name.startswith("shipped/") for name in files)
    assert not {"keys", "maild.toml"} & set(files)


def test_a_folder_may_do_without_people_and_calendars(folder: Path) -> None:
    (folder / "people.yaml").unlink()
    (folder / "calendars" / "README.md").unlink()
    assert "people.yaml" not in json.loads(_load(folder).content)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "line", "words"),
    [
        pytest.param(
            "playbooks/customer.yaml",
            "send: acknowledgement",
            "send: acknowledgment",
            "- fact: case_opened",
            "there is no template 'acknowledgment' (did you mean 'acknowledgement'?)",
            id="unknown template",
        ),
        pytest.param(
            "rules/customer.yaml",
            "kind: complaint",
            "kind: complain",
            "- name: complaints",
            "rule 'complaints': no playbook runs cases of the kind 'complain' (did you mean 'complaint'?)",
            id="kind of a rule",
        ),
        pytest.param(
            "maild.toml",
            'default_kind = "request"',
            'default_kind = "reqest"',
            'default_kind = "reqest"',
            "no playbook runs cases of the kind 'reqest' (did you mean 'request'?)",
            id="kind of a mailbox",
        ),
        pytest.param(
            "rules/customer.yaml",
            "    when:\n      any:",
            "    when:\n      mailbox: [service, servise]\n      any:",
            "- name: complaints",
            "there is no mailbox 'servise' (did you mean 'service'?)",
            id="unknown mailbox",
        ),
        pytest.param("people.yaml", "people: []", "people: @all", "people: @all", "not YAML", id="people"),
        pytest.param(
            "rules/supplier.yaml",
            "      party_kind: supplier\n      any:",
            "      from: {in: [suppliers, vips]}\n      any:",
            "- name: quotations",
            "there is no list 'vips'",
            id="unknown list",
        ),
        pytest.param(
            "rules/notices.yaml",
            "case_kind: request, case_stage: open}",
            "case_kind: request, case_stge: open}",
            "case_stge",
            "unknown key 'case_stge' (did you mean 'case_stage'?)",
            id="key of a message",
        ),
        pytest.param(
            "rules/supplier.yaml",
            "case_kind: invoice\n",
            "case_kind: invoce\n",
            "- name: the number",
            "no playbook has the case_kind 'invoce' (did you mean 'invoice'?)",
            id="kind of a case",
        ),
        pytest.param(
            "rules/notices.yaml",
            "has_case: true",
            "case_stage: opn",
            "- name: read and noted",
            "no playbook has the case_stage 'opn' (did you mean 'open'?)",
            id="stage of a case",
        ),
        pytest.param(
            "rules/supplier.yaml",
            "      # department: purchasing",
            "      department: purchasing",
            "- name: quotations",
            "there is no department 'purchasing' in people.yaml",
            id="unknown department",
        ),
        pytest.param(
            "rules/supplier.yaml",
            "      # owner: {round_robin: purchasing}",
            "      owner: li.na@example.com",
            "- name: quotations",
            "'li.na@example.com' is nobody in people.yaml",
            id="unknown colleague",
        ),
        pytest.param(
            "rules/customer.yaml",
            "then: {kind: contract, stop: true}",
            "then: {template: acknowledgment}",
            "- name: contracts",
            "rule 'contracts': there is no template 'acknowledgment' (did you mean 'acknowledgement'?)",
            id="template of a rule",
        ),
        pytest.param(
            "rules/notices.yaml",
            "      attachment_count: 0",
            "      attachment_count: {above: 0}\n      automatic: list",
            "- name: read and noted, without",
            "can never match: 'machines are only archived' (rules/customer.yaml:7:5)",
            id="never",
        ),
        pytest.param(
            "playbooks/supplier.yaml",
            "[quotation, invoice]",
            "[quotation, invoice, review]",
            "name: supplier",
            "the kind 'review' is mail that waits for a person",
            id="kind review",
        ),
    ],
)
def test_what_does_not_fit_together(
    folder: Path, file: str, right: str, wrong: str, line: str, words: str
) -> None:
    _edit(folder / file, right, wrong)
    with pytest.raises(ConfigError) as caught:
        _load(folder)
    (problem,) = caught.value.problems
    assert (problem.file, words in str(problem)) == (str(folder / file), True)
    assert problem.line is not None
    assert problem.column is not None
    found = (folder / file).read_text("utf-8").splitlines()[problem.line - 1]
    assert line in found
    assert re.match(r"\S", found[problem.column - 1 :])
    assert re.search(r"(^|[ {,\[])$", found[: problem.column - 1])  # where a word begins


def test_two_playbooks_of_one_kind(folder: Path) -> None:
    text = (folder / "playbooks" / "customer.yaml").read_text("utf-8")
    second = text.replace("name: customer", "name: second").replace(
        "complaint, after_sales, contract", "other"
    )
    (folder / "playbooks" / "second.yaml").write_text(second, "utf-8")
    with pytest.raises(ConfigError) as caught:
        _load(folder)
    assert [(Path(problem.file).name, problem.line, problem.what) for problem in caught.value.problems] == [
        ("second.yaml", 2, "the kind 'request' belongs to the playbook in playbooks/customer.yaml:2:1"),
        ("second.yaml", 2, "the number_prefix 'C' belongs to the playbook in playbooks/customer.yaml:2:1"),
    ]


def test_mistakes_of_every_file_are_told_at_once(folder: Path) -> None:
    _edit(folder / "rules" / "customer.yaml", "stop: true}", "halt: true}")
    _edit(folder / "playbooks" / "customer.yaml", "acknowledgement\n", "acknowledgment\n")
    _edit(folder / "people.yaml", "people: []", "people: [")
    with pytest.raises(ConfigError) as caught:
        _load(folder)
    files = [Path(problem.file).relative_to(folder).as_posix() for problem in caught.value.problems]
    assert files == ["people.yaml", "playbooks/customer.yaml", "rules/customer.yaml"]


def test_what_could_not_be_loaded_is_not_held_against_the_rest(folder: Path) -> None:
    settings = _settings(folder)
    assert (
        cross_check(
            Parts(settings=settings, rules=None, playbooks=None, template_names=None, lists=None, staff=None)
        )
        == ()
    )


def test_a_kind_or_mailbox_that_nobody_knows(folder: Path) -> None:
    configuration = _load(folder)
    with pytest.raises(NotFound, match="'marketing'"):
        configuration.playbook_for("marketing")
    with pytest.raises(NotFound, match="'sales'"):
        configuration.mailbox("sales")


def test_a_mailbox_is_placed_even_when_its_file_has_gone(folder: Path) -> None:
    settings = _settings(folder)
    (folder / "maild.toml").unlink()
    (problem,) = cross_check(
        Parts(settings=settings, rules=(), playbooks=(), template_names=frozenset(), lists=(), staff=Staff())
    )
    assert (problem.file, problem.line) == (str(folder / "maild.toml"), None)


def test_the_shipped_folder_is_copied_whole(folder: Path) -> None:
    shipped = {path.relative_to(shipped_config()) for path in shipped_config().rglob("*") if path.is_file()}
    copied = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert copied == shipped | {Path("keys")}


def test_nothing_is_written_over(folder: Path) -> None:
    (folder / "people.yaml").unlink()
    with pytest.raises(UsageError, match=r"maild\.toml"):
        lay_out_config(folder)
    assert not (folder / "people.yaml").exists()


def test_a_set_comes_back_from_what_is_stored(folder: Path) -> None:
    (folder / "people.yaml").write_text(
        "departments: [sales]\npeople: [{name: Wu, address: wu@example.com, department: sales}]\n", "utf-8"
    )
    _edit(folder / "rules" / "customer.yaml", "priority: high", "owner: {by_load: sales}")
    loaded = _load(folder)
    again = configuration_from(loaded.content)
    assert (again.hash, again.ruleset, again.playbooks) == (loaded.hash, loaded.ruleset, loaded.playbooks)
    assert (again.company, again.mailboxes, again.staff) == (loaded.company, loaded.mailboxes, loaded.staff)
    assert again.templates.names == loaded.templates.names
    seen = RuleInput(fields=(("subject", ("x",)), ("base_subject", ("投诉",))))
    assert again.ruleset.route(seen, default_kind="x") == loaded.ruleset.route(seen, default_kind="x")


def test_review_is_a_default_kind(folder: Path) -> None:
    _edit(folder / "maild.toml", 'default_kind = "request"', 'default_kind = "review"')
    assert _load(folder).mailboxes[0].default_kind == "review"


@pytest.mark.parametrize("handling", list(ReusedMail))
def test_what_becomes_of_reused_mail_is_part_of_the_set(folder: Path, handling: ReusedMail) -> None:
    _edit(folder / "maild.toml", '# reused_mail = "join"', f'reused_mail = "{handling}"')
    loaded = _load(folder)
    assert loaded.mailboxes[0].reused_mail is handling
    assert configuration_from(loaded.content).mailboxes == loaded.mailboxes


def test_a_contradiction_is_a_warning(folder: Path) -> None:
    _edit(folder / "rules" / "customer.yaml", "priority: high, stop: true", "priority: high")
    (folder / "rules" / "more.yaml").write_text(
        "rules: [{name: more, when: {base_subject: {contains: 投诉}}, then: {kind: request}}]\n", "utf-8"
    )
    (warning,) = _load(folder).warnings
    assert str(warning).startswith(
        f"{folder / 'rules' / 'more.yaml'}:1:9: rule 'more' gives kind another value"
    )


def test_a_long_list_is_not_for_mentions(folder: Path) -> None:
    (folder / "lists" / "words.yaml").write_text(
        f"entries: [{', '.join(f'word{number}' for number in range(1001))}]\n", "utf-8"
    )
    (folder / "rules" / "more.yaml").write_text(
        "rules: [{name: more, when: {text: {mentions: words}}, then: {labels: a}}]\n", "utf-8"
    )
    with pytest.raises(ConfigError, match="the list 'words' has more than 1000 entries"):
        _load(folder)
