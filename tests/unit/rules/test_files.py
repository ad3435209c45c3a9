"""Rule files in all their fields, lists, people, tests beside rules: each wrong edit, line and mend."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from maild.errors import ConfigError, Problem
from maild.model.people import Absence, Assign, AssignMode, Department, PartyKind, Person, Staff
from maild.model.rule import Action, AllOf, NamedList, Operator, Rule, Test
from maild.rules.compile import with_people
from maild.rules.load import load_expectations, load_lists, load_people, load_rules

RULES = """\
rules:
  - name: quotations
    when:
      from: {in: suppliers}
      subject:
        mentions: products
        fold: chinese
      attachment_size: {above: 10 KB, below: 5 MB}
      attachment_count: 2
      authenticated: true
      party: hongda.example
      party_kind: [supplier, customer]
      has_case: false
      case_kind: request
      case_stage: open
      header:X-Score: {above: 2.5}
    then:
      kind: quotation
      owner: {round_robin: [Li.Na@example.com, purchasing]}
      department: purchasing
      labels: [supplier, price]
      fields: {source: mail}
      confidential: true
      template: quick
      spam: false
tests:
  - name: one
    message:
      from: li@hongda.example
      attachments: [{name: a.pdf, type: application/pdf, size: 20 KB}]
    expect: {kind: quotation, labels: []}
"""


def _problems(folder: Path, text: str) -> tuple[Problem, ...]:
    (folder / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(folder)
    return caught.value.problems


def test_every_field_and_action(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RULES, "utf-8")
    (rule,) = load_rules(tmp_path)
    assert isinstance(rule.when, AllOf)
    told = [(part.field, part.operator, part.values) for part in rule.when.parts if isinstance(part, Test)]
    assert told == [
        ("from", Operator.IN, ("suppliers",)),
        ("subject", Operator.MENTIONS, ("products",)),
        ("attachment_size", Operator.ABOVE, ("10240",)),
        ("attachment_size", Operator.BELOW, ("5242880",)),
        ("attachment_count", Operator.IS, ("2",)),
        ("authenticated", Operator.IS, ("true",)),
        ("party", Operator.IS, ("hongda.example",)),
        ("party_kind", Operator.IS, ("supplier", "customer")),
        ("has_case", Operator.IS, ("false",)),
        ("case_kind", Operator.IS, ("request",)),
        ("case_stage", Operator.IS, ("open",)),
        ("header:x-score", Operator.ABOVE, ("2.5",)),
    ]
    assert [part.fold_chinese for part in rule.when.parts if isinstance(part, Test)] == [False, True] + [
        False
    ] * 10
    assert rule.then == Action(
        case_kind="quotation",
        assign=Assign(mode=AssignMode.ROUND_ROBIN, people=("li.na@example.com", "purchasing")),
        department="purchasing",
        labels=("supplier", "price"),
        fields=(("source", "mail"),),
        confidential=True,
        template="quick",
        spam=False,
    )


@pytest.mark.parametrize(
    ("owner", "assign"),
    [
        pytest.param("a@x.example", Assign(mode=AssignMode.FIXED, people=("a@x.example",)), id="one"),
        pytest.param(
            "{fixed: a@x.example}", Assign(mode=AssignMode.FIXED, people=("a@x.example",)), id="fixed"
        ),
        pytest.param("{by_load: sales}", Assign(mode=AssignMode.BY_LOAD, people=("sales",)), id="by load"),
    ],
)
def test_owners(tmp_path: Path, owner: str, assign: Assign) -> None:
    (tmp_path / "a.yaml").write_text(
        f"rules: [{{name: a, when: {{to: b}}, then: {{owner: {owner}}}}}]", "utf-8"
    )
    (rule,) = load_rules(tmp_path)
    assert rule.then.assign == assign


WRONG = [
    pytest.param("{in: suppliers}", "{in: }", 4, 14, "nothing stands", id="list not named"),
    pytest.param("mentions:", "mention:", 6, 9, "did you mean 'mentions'", id="operator"),
    pytest.param("fold: chinese", "fold: chinse", 7, 9, "did you mean 'chinese'", id="fold"),
    pytest.param("        mentions: products\n", "", 5, 7, "write one of is, in", id="fold alone"),
    pytest.param("10 KB", "10 KiB", 8, 25, "500 KB or 5 MB", id="unit"),
    pytest.param("10 KB", "true", 8, 25, "is no number", id="true for a number"),
    pytest.param(
        "attachment_count: 2", "attachment_count: {}", 9, 7, "write one of is, above, below", id="no bound"
    ),
    pytest.param("authenticated: true", "authenticated: yes", 10, 7, "true or false, not 'yes'", id="yes"),
    pytest.param("authenticated", "autenticated", 10, 7, "did you mean 'authenticated'", id="field"),
    pytest.param("[supplier, customer]", "[suplier]", 12, 20, "did you mean 'supplier'", id="party kind"),
    pytest.param("has_case: false", "has_case: {contains: a}", 13, 18, "unknown key 'contains'", id="flag"),
    pytest.param("above: 2.5", "above: high", 16, 24, "is no number", id="word for a number"),
    pytest.param("round_robin:", "roundrobin:", 19, 15, "did you mean 'round_robin'", id="way of choosing"),
    pytest.param("purchasing]}", "b], by_load: c}", 19, 7, "chosen in one way", id="two ways"),
    pytest.param("[Li.Na@example.com, purchasing]", "[]", 19, 15, "must not be empty", id="nobody"),
    pytest.param("labels: [supplier, price]", "labels: {a: b}", 21, 7, "must be a list", id="labels"),
    pytest.param("{source: mail}", "{Source: mail}", 22, 16, "small letters", id="name of a field"),
    pytest.param("{source: mail}", "{source: 7}", 22, 16, "put it in quotes", id="number for a field"),
    pytest.param("confidential: true", "confidential: 1", 23, 7, "true or false, not 1", id="one for true"),
    pytest.param("template: quick", "templat: quick", 24, 7, "did you mean 'template'", id="action"),
    pytest.param("tests:", "test:", 26, 1, "did you mean 'tests'", id="tests"),
    pytest.param("      from: li@hongda.example\n", "", 28, 5, "from is missing", id="nobody wrote it"),
    pytest.param("application/pdf", "pdf", 30, 35, "such as application/pdf", id="content type"),
    pytest.param("{kind: quotation, labels: []}", "{}", 31, 5, "expects nothing", id="nothing expected"),
    pytest.param("{kind: quotation", "{knd: quotation", 31, 14, "did you mean 'kind'", id="expectation"),
    pytest.param(
        "party: hongda.example", "party: {matches: '.*'}", 11, 15, "matches everything", id="everything"
    ),
    pytest.param(
        "party: hongda.example", "party: {matches: 'a{99}'}", 11, 15, "make 50 at the most", id="repeats"
    ),
]


@pytest.mark.parametrize(("right", "wrong", "line", "column", "words"), WRONG)
def test_each_wrong_edit_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, column: int, words: str
) -> None:
    assert right in RULES
    problems = _problems(tmp_path, RULES.replace(right, wrong, 1))
    assert any((each.line, each.column) == (line, column) and words in str(each) for each in problems), (
        problems
    )


def test_tests_beside_the_rules_have_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RULES, "utf-8")
    (tmp_path / "b.yaml").write_text("# nothing yet\n", "utf-8")
    ((place, entry),) = load_expectations(tmp_path)
    assert (place.rpartition("/")[2], entry.name, entry.message.attachments[0].size) == (
        "a.yaml:27:5",
        "one",
        ["20480"],
    )


def test_a_list_is_named_as_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "suppliers.yaml").write_text("party: supplier\nentries: [hongda.example]\n", "utf-8")
    (folder / "words.yaml").write_text("entries: []\n", "utf-8")
    assert load_lists(folder) == (
        NamedList(
            name="suppliers",
            place="lists/suppliers.yaml:1:1",
            entries=("hongda.example",),
            party=PartyKind.SUPPLIER,
        ),
        NamedList(name="words", place="lists/words.yaml:1:1", entries=()),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("party: vendor\nentries: []", "a.yaml:1:1: party cannot be 'vendor'", id="party"),
        pytest.param("entrys: []", "did you mean 'entries'", id="key"),
        pytest.param("party: supplier", "entries is missing", id="nothing in it"),
        pytest.param("entries:", "nothing stands behind", id="all commented out"),
        pytest.param("entries: [12315]", "put it in quotes", id="number"),
        pytest.param("entries: hongda.example", "must be a list", id="word for a list"),
        pytest.param("- hongda.example", "must be a table of keys, not a list", id="a list alone"),
    ],
)
def test_a_wrong_list(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_lists(tmp_path)
    assert words in str(caught.value)


PEOPLE = """\
departments: [purchasing, service]
people:
  - {name: 李娜, address: Li.Na@example.com, department: purchasing}
  - {name: Wu, address: wu@example.com, department: service}
"""
LI = Person(name="李娜", address="li.na@example.com", department="purchasing", place="people.yaml:3:5")
WU = Person(name="Wu", address="wu@example.com", department="service", place="people.yaml:4:5")

PURCHASING, SERVICE = Department(name="purchasing"), Department(name="service")


def test_people(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    assert load_people(path) == Staff()
    path.write_text("# nobody\n", "utf-8")
    assert load_people(path) == Staff()
    path.write_text(PEOPLE, "utf-8")
    assert load_people(path) == Staff(departments=(PURCHASING, SERVICE), people=(LI, WU))


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        pytest.param(
            "department: service", "department: servce", ":4:41: there is no department 'servce'", id="none"
        ),
        pytest.param("wu@example.com", "li.na@EXAMPLE.com", "stands here twice", id="twice"),
        pytest.param("wu@example.com", "wu", "such as li.na@example.com", id="no address"),
        pytest.param("people:", "persons:", "unknown key 'persons'", id="key"),
        pytest.param("name: Wu, ", "", "name is missing", id="no name"),
    ],
)
def test_wrong_people(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE.replace(right, wrong), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_people(path)
    assert words in str(caught.value)


DESK = """\
service_desk: [Wu@example.com]
departments:
  - purchasing
  - {name: service, head: Wu@example.com, leader: li.na@example.com}
people:
  - {name: 李娜, address: Li.Na@example.com, department: purchasing, language: en, deputy: WU@example.com}
  - name: Wu
    address: wu@example.com
    department: service
    away:
      - {from: 2026-10-01, to: 2026-10-07}
"""


def test_who_stands_in_and_who_answers_for_whom(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(DESK, "utf-8")
    staff = load_people(path)
    away = Absence(from_on=date(2026, 10, 1), to_on=date(2026, 10, 7))
    assert staff == Staff(
        departments=(
            PURCHASING,
            Department(name="service", head="wu@example.com", leader="li.na@example.com"),
        ),
        people=(
            replace(LI, place="people.yaml:6:5", language="en", deputy="wu@example.com"),
            replace(WU, place="people.yaml:7:5", absences=(away,)),
        ),
        service_desk=("wu@example.com",),
    )
    assert staff.department_names == ("purchasing", "service")
    assert [staff.people[1].is_away(date(2026, 10, day)) for day in (1, 7, 8)] == [True, True, False]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "words"),
    [
        pytest.param(
            "{name: service", "{nam: service", 4, 6, "did you mean 'name'", id="key of a department"
        ),
        pytest.param("{name: service, ", "{", 4, 5, "add it to a department", id="department without a name"),
        pytest.param("- purchasing", "- 7", 3, 5, "put it in quotes", id="number for a department"),
        pytest.param("- purchasing", "- [a]", 3, 5, "a name must be text, not a list", id="list in the list"),
        pytest.param("- purchasing", "- service", 4, 5, "'service' stands here twice", id="department twice"),
        pytest.param("head: Wu", "head: Wo", 4, 21, "did you mean 'wu@example.com'", id="head"),
        pytest.param("leader: li", "leader: lo", 4, 43, "did you mean 'li.na@example.com'", id="leader"),
        pytest.param("leader: li.na@example.com", "leader: boss", 4, 43, "not 'boss'", id="no address"),
        pytest.param("[Wu@", "[W@", 1, 16, "is nobody among `people`", id="service desk"),
        pytest.param("[Wu@example.com]", "wu@example.com", 1, 1, "must be a list", id="one for a list"),
        pytest.param("deputy: WU@", "deputy: WO@", 6, 82, "did you mean 'wu@example.com'", id="deputy"),
        pytest.param("deputy: WU@", "deputy: Li.Na@", 6, 82, "stands in for itself", id="own deputy"),
        pytest.param("to: 2026-10-07", "to: 2026-09-30", 11, 9, "put the earlier day first", id="absence"),
        pytest.param("from: 2026-10-01, ", "", 11, 9, "from is missing", id="no first day"),
        pytest.param("to: 2026-10-07", "until: 2026-10-07", 11, 28, "unknown key 'until'", id="key of it"),
        pytest.param("to: 2026-10-07", "to: tomorrow", 11, 28, "the last day", id="no day"),
        pytest.param("language: en", "language: fr", 6, 68, "known: en, zh", id="language"),
    ],
)
def test_each_wrong_edit_of_people_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, column: int, words: str
) -> None:
    assert right in DESK
    path = tmp_path / "people.yaml"
    path.write_text(DESK.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_people(path)
    problems = caught.value.problems
    assert any((each.line, each.column) == (line, column) and words in str(each) for each in problems), (
        problems
    )
    assert "constrained-str" not in str(caught.value)


def test_a_department_stands_for_those_who_work_there() -> None:
    assign = Assign(mode=AssignMode.BY_LOAD, people=("service", "li.na@example.com", "wu@example.com"))
    rule = Rule(name="a", place="a:1", when=AllOf(parts=()), then=Action(assign=assign))
    plain = Rule(name="b", place="b:1", when=AllOf(parts=()), then=Action())
    first, second = with_people((rule, plain), Staff(departments=(SERVICE,), people=(LI, WU)))
    assert (first.then.assign and first.then.assign.people, second) == (
        ("wu@example.com", "li.na@example.com"),
        plain,
    )
