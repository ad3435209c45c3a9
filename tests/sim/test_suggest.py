"""People set cases right; rules are proposed that would have spared them that. Nothing is put in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.app import transfer
from maild.app.correction import Correction, correct_case
from maild.app.queries import show_case
from maild.app.separate import Demands
from maild.app.suggest import Suggestion, suggest
from maild.errors import NotFound, UsageError
from maild.model.events import CaseCorrected, CorrectedField, StageMoved
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.rules.load import load_rules
from maild.store import cases
from tests.sim.purchasing import PURCHASING, QUOTATIONS, SUPPLIER, receive, receive_old_mail
from tests.sim.rig import Rig, Running

PEOPLE = """\
departments: [purchasing, sales]
people:
  - {name: 李娜, address: Li.Na@example.com, department: purchasing}
  - {name: Wu, address: wu@example.com, department: sales}
"""


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike; purchasing has a playbook, and no rule leads to it."""
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "playbooks" / "purchasing.yaml").write_text(PURCHASING, "utf-8")
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    return rig


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        yield running


def correct(maild: Running, words: str, **wanted: str) -> int:
    """Set right every case with these words in its subject; how many those were."""
    found = [case for case in maild.cases() if words in case.subject]
    for case in reversed(found):
        correct_case(maild.context, SHELL, case.number, Correction(**wanted))
    return len(found)


def ask(maild: Running, demands: Demands | None = None) -> tuple[Suggestion, ...]:
    return suggest(maild.context, demands or Demands())


def test_a_rule_is_drawn_from_corrections(maild: Running, tmp_path: Path) -> None:
    receive_old_mail(maild)
    assert correct(maild, "批法兰报价", case_kind="purchasing") == QUOTATIONS
    (one,) = ask(maild)
    assert (one.settles, one.value) == ("kind", "purchasing")
    assert one.condition == "from_domain is hongda.example and base_subject contains 报价"
    assert (one.hits, one.right, one.caught, one.corrected) == (12, 12, 12, 12)
    assert (one.precision, one.recall) == (1.0, 1.0)
    assert [source.message_id for source in one.drawn_from] == [f"{at}@old.example" for at in range(12)]
    assert one.drawn_from[0].case_number == "C-2026-00001"
    assert [moved.message_id for moved in one.would_change] == [f"{at}@old.example" for at in range(12)]
    assert {moved.after.kind for moved in one.would_change} == {"purchasing"}
    assert one.rule == (
        "rules:\n"
        '  - name: "kind purchasing: from_domain is hongda.example and base_subject contains 报价"\n'
        "    when:\n"
        "      automatic: none\n"
        '      from_domain: {is: "hongda.example"}\n'
        '      base_subject: {contains: "报价"}\n'
        '    then: {kind: "purchasing", stop: true}\n'
    )
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "x.yaml").write_text(one.rule, "utf-8")
    assert len(load_rules(tmp_path / "rules")) == 1
    assert ask(maild) == (one,)


def test_what_the_rules_in_force_do_by_now_is_not_proposed_again(rig: Rig) -> None:
    with rig.running() as maild:
        receive_old_mail(maild)
        correct(maild, "批法兰报价", case_kind="purchasing")
        (one,) = ask(maild)
    (rig.config / "rules" / "00-learned.yaml").write_text(one.rule, "utf-8")
    with rig.running() as maild:
        assert ask(maild) == ()


def test_a_single_condition_is_enough_where_it_is(maild: Running) -> None:
    for number in range(4):
        receive(maild, f"p{number}@metal{number}.example", f"钢材行情 {number}", number)
        receive(maild, f"q{number}@other{number}.example", f"询价 {number}", 10 + number)
    correct(maild, "行情", case_kind="purchasing")
    (one,) = ask(maild)
    assert one.condition == "base_subject contains 钢材行情"
    assert (one.hits, one.caught) == (4, 4)


def test_a_priority_is_learnt_too(maild: Running) -> None:
    for number in range(3):
        receive(maild, "boss@vip.example", f"询价 {number}", number)
        receive(maild, f"q{number}@other{number}.example", f"询价 {number}", 10 + number)
    assert correct(maild, "询价", priority="normal") == 6
    for case in maild.cases():
        if case.contact.domain == "vip.example":
            correct_case(maild.context, SHELL, case.number, Correction(priority="urgent"))
    (one,) = ask(maild)
    assert (one.settles, one.value, one.condition) == ("priority", "urgent", "from_domain is vip.example")
    assert one.rule.endswith('then: {priority: "urgent"}\n')
    assert [(moved.changed, moved.after.priority) for moved in one.would_change] == [
        (("priority",), "urgent")
    ] * 3


def assigned(maild: Running, **wanted: str) -> tuple[Suggestion, ...]:
    """What is proposed after three of six letters were given to somebody."""
    for number in range(3):
        receive(maild, "boss@vip.example", f"询价 {number}", number)
        receive(maild, f"q{number}@other{number}.example", f"询价 {number}", 10 + number)
    for case in maild.cases():
        if case.contact.domain == "vip.example":
            correct_case(maild.context, SHELL, case.number, Correction(**wanted))
    return ask(maild)


def test_owner_and_department_are_learnt(maild: Running) -> None:
    department, owner = assigned(maild, owner="li.na@example.com", department="purchasing")
    assert (department.settles, department.value) == ("department", "purchasing")
    assert (owner.settles, owner.value, owner.condition) == (
        "owner",
        "li.na@example.com",
        "from_domain is vip.example",
    )
    assert owner.rule.endswith('then: {owner: "li.na@example.com"}\n')
    assert owner.file == department.file == "rules/00-learned.yaml"
    assert [(moved.changed, moved.after.owner) for moved in owner.would_change] == [
        (("owner", "templates"), "li.na@example.com")  # who owns a case is told of its mail
    ] * 3


@pytest.mark.parametrize(
    ("rule", "file"),
    [
        pytest.param("{department: sales}", "rules/zz-learned.yaml", id="a later rule settles it"),
        pytest.param("{department: sales, stop: true}", "rules/00-learned.yaml", id="no later rule is tried"),
    ],
)
def test_a_rule_is_put_where_it_works(rig: Rig, rule: str, file: str) -> None:
    everything = f"rules:\n  - {{name: all, when: {{automatic: none}}, then: {rule}}}\n"
    place = "mine.yaml" if file.startswith("rules/zz") else "01-mine.yaml"
    (rig.config / "rules" / place).write_text(everything, "utf-8")
    with rig.running() as maild:
        (one,) = assigned(maild, department="purchasing")
        assert one.file == file
        (rig.config / file).write_text(one.rule, "utf-8")
    if file.startswith("rules/zz"):
        with rig.running() as maild:
            assert ask(maild) == ()
            assert len(one.would_change) == 3


def test_who_works_here_no_more_is_not_proposed(rig: Rig) -> None:
    with rig.running() as maild:
        assert len(assigned(maild, owner="li.na@example.com", department="purchasing")) == 2
    (rig.config / "people.yaml").write_text("departments: [purchasing]\n", "utf-8")
    with rig.running() as maild:
        assert [one.settles for one in ask(maild)] == ["department"]


def test_an_entry_of_a_list_is_drawn_from_corrections(rig: Rig) -> None:
    with rig.running() as maild:
        receive_old_mail(maild)
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind="supplier"))
        (one,) = ask(maild)
    assert (one.settles, one.value) == ("party_kind", "supplier")
    assert one.condition == "from_domain is hongda.example"
    assert (one.hits, one.right, one.caught, one.corrected) == (
        20,
        20,
        17,
        17,
    )  # 3 newsletters opened no case
    assert one.drawn_from[0].case_number == "C-2026-00001"
    assert one.file == "lists/suppliers.yaml"
    assert one.rule == 'party: supplier\nentries:\n  - "hongda.example"\n'
    assert {moved.after.kind for moved in one.would_change} == {"quotation"}
    place = rig.config / one.file
    place.write_text(place.read_text("utf-8") + "  - hongda.example\n", "utf-8")
    with rig.running() as maild:
        assert ask(maild) == ()


def test_colleagues_of_whom_nobody_spoke_leave_the_address_alone(maild: Running) -> None:
    for number in range(3):
        receive(maild, "chen@hongda.example", f"{number}", number)
        receive(maild, f"p{number}@hongda.example", f"{number}", 10 + number)
    correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind="regulator"))
    (one,) = ask(maild)
    assert one.condition == "from is chen@hongda.example"
    assert one.rule == 'party: regulator\nentries:\n  - "chen@hongda.example"\n'


def test_a_list_that_says_otherwise_is_named(rig: Rig) -> None:
    (rig.config / "lists" / "friends.yaml").write_text(
        "party: customer\nentries: [Hongda.example]\n", "utf-8"
    )
    (rig.config / "lists" / "staff.yaml").write_text("entries: [老王]\n", "utf-8")
    with rig.running() as maild:
        for number in range(3):
            receive(maild, SUPPLIER, f"{number}", number)
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind="staff"))
        (one,) = ask(maild)
    assert one.file == "lists/learned-staff.yaml"
    assert one.rule == (
        "# lists/friends.yaml says customer: take it out there\n"
        'party: staff\nentries:\n  - "hongda.example"\n'
    )


def test_that_nothing_is_known_of_somebody_is_no_entry(rig: Rig) -> None:
    (rig.config / "lists" / "friends.yaml").write_text(
        "party: customer\nentries: [hongda.example]\n", "utf-8"
    )
    with rig.running() as maild:
        for number in range(3):
            receive(maild, SUPPLIER, f"{number}", number)
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind="unknown"))
        assert ask(maild) == ()


def test_moved_messages_teach(maild: Running) -> None:
    receive(maild, SUPPLIER, "订货", 0)
    correct(maild, "订货", case_kind="purchasing")
    for number in range(1, 4):
        receive(maild, SUPPLIER, f"发票 {number}", number)
        receive(maild, SUPPLIER, f"Re: 发票 {number}", 10 + number, References=f"<{number}@old.example>")
        transfer.move(maild.context, [MessageId(f"{number}@old.example")], "C-2026-00001", "by hand")
    (one,) = ask(maild, Demands(support=3))
    assert one.condition == "from_domain is hongda.example"
    assert one.corrected == 4


def test_a_shared_domain_teaches_nothing_but_the_address_does(maild: Running) -> None:
    for number in range(3):
        receive(maild, "factory@qq.com", f"{number}", number)
        receive(maild, f"p{number}@qq.com", f"{number}", 10 + number)
    for case in maild.cases():
        if case.contact.key == "factory@qq.com":
            correct_case(maild.context, SHELL, case.number, Correction(case_kind="purchasing"))
    (one,) = ask(maild)
    assert one.condition == "from is factory@qq.com"


def test_mail_of_machines_is_learnt_where_it_was_corrected(rig: Rig) -> None:
    (rig.config / "rules" / "customer.yaml").write_text("rules: []\n", "utf-8")
    with rig.running() as maild:
        for number in range(3):
            receive(maild, "bot@portal.example", f"{number}", number, List_Id="<orders.portal.example>")
        correct(maild, "", case_kind="purchasing")
        (one,) = ask(maild)
    assert one.condition == "from_domain is portal.example"
    assert "automatic" not in one.rule
    assert len(one.would_change) == 3


@pytest.mark.parametrize(
    "demands",
    [
        pytest.param(Demands(support=13), id="too few corrections"),
        pytest.param(Demands(precision=1.0, proposals=0), id="none wanted"),
    ],
)
def test_too_little_teaches_nothing(maild: Running, demands: Demands) -> None:
    receive_old_mail(maild)
    correct(maild, "批法兰报价", case_kind="purchasing")
    assert ask(maild, demands) == ()


def test_without_corrections_there_is_nothing_to_learn(maild: Running) -> None:
    receive_old_mail(maild)
    assert ask(maild) == ()


def test_a_correction_that_was_taken_back_teaches_nothing(maild: Running) -> None:
    receive_old_mail(maild)
    correct(maild, "批法兰报价", case_kind="purchasing")
    correct(maild, "批法兰报价", case_kind="request")
    assert ask(maild) == ()


def test_a_correction_stands_in_the_journal(maild: Running) -> None:
    receive(maild, "li@customer.example", "询价", 1)
    after = correct_case(
        maild.context, SHELL, "c-2026-00001", Correction(case_kind="purchasing", priority="high")
    )
    assert (after.kind, after.priority, after.playbook, after.stage) == (
        "purchasing",
        "high",
        "purchasing",
        "asked",
    )
    view = show_case(maild.context, SHELL, "C-2026-00001")
    assert view.case == after
    told = [one.event for one in view.journal][-4:]
    assert told[:3] == [
        CaseCorrected(field=CorrectedField.KIND, old="request", new="purchasing", by="shell"),
        CaseCorrected(field=CorrectedField.PRIORITY, old="normal", new="high", by="shell"),
        CaseCorrected(field=CorrectedField.PLAYBOOK, old="customer", new="purchasing", by="shell"),
    ]
    assert isinstance(told[3], StageMoved)
    assert maild.context.store.read(lambda conn: cases.verify_journal(conn, after.id)) is None


def test_owner_and_department_are_set_and_the_party_is_noted(maild: Running) -> None:
    receive(maild, SUPPLIER, "询价", 1)
    wanted = Correction(owner="LI.na@example.com", department="purchasing", party_kind="supplier")
    after = correct_case(maild.context, SHELL, "C-2026-00001", wanted)
    assert (after.traits.owner, after.traits.department) == ("li.na@example.com", "purchasing")
    view = show_case(maild.context, SHELL, "C-2026-00001")
    assert view.case == after
    assert [one.event for one in view.journal][-3:] == [
        CaseCorrected(field=CorrectedField.OWNER, old="", new="li.na@example.com", by="shell"),
        CaseCorrected(field=CorrectedField.DEPARTMENT, old="", new="purchasing", by="shell"),
        CaseCorrected(field=CorrectedField.PARTY_KIND, old="unknown", new="supplier", by="shell"),
    ]


def test_a_word_on_the_party_can_be_taken_back(maild: Running) -> None:
    receive(maild, SUPPLIER, "询价", 1)
    for kind in ("supplier", "supplier", "unknown"):
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind=kind))
    told = [one.event for one in show_case(maild.context, SHELL, "C-2026-00001").journal]
    assert [(one.old, one.new) for one in told if isinstance(one, CaseCorrected)] == [
        ("unknown", "supplier"),
        ("supplier", "unknown"),
    ]


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        pytest.param("wu@example.com", r"staff by company\.staff_domains in maild\.toml", id="a colleague"),
        pytest.param("nobody", "no contact with an address", id="nobody"),
    ],
)
def test_no_list_says_what_some_contacts_are(maild: Running, sender: str, told: str) -> None:
    receive(maild, sender, "询价", 1)
    with pytest.raises(UsageError, match=told):
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(party_kind="supplier"))


def test_nobody_owns_a_case_where_nobody_is_named(tmp_path: Path) -> None:
    with Rig(tmp_path).running() as maild:
        receive(maild, SUPPLIER, "询价", 1)
        with pytest.raises(UsageError, match="none is there: add it first"):
            correct_case(maild.context, SHELL, "C-2026-00001", Correction(owner="li.na@example.com"))


def test_what_is_so_already_is_no_correction(maild: Running) -> None:
    receive(maild, "li@customer.example", "询价", 1)
    before = show_case(maild.context, SHELL, "C-2026-00001")
    assert correct_case(maild.context, SHELL, "C-2026-00001", Correction(priority="normal")) == before.case
    assert show_case(maild.context, SHELL, "C-2026-00001") == before


@pytest.mark.parametrize(
    ("correction", "told"),
    [
        pytest.param(Correction(), "name --kind, --priority, --owner, --department or --party", id="nothing"),
        pytest.param(Correction(case_kind="purchase"), "did you mean 'purchasing'?", id="kind"),
        pytest.param(Correction(priority="hihg"), "did you mean 'high'?", id="priority"),
        pytest.param(
            Correction(owner="li.an@example.com"),
            "people.yaml has no colleague 'li.an@example.com' (did you mean 'li.na@example.com'?)",
            id="owner",
        ),
        pytest.param(
            Correction(department="purchase"),
            "people.yaml has no department 'purchase' (did you mean 'purchasing'?)",
            id="department",
        ),
        pytest.param(Correction(party_kind="suplier"), "did you mean 'supplier'?", id="party"),
    ],
)
def test_what_cannot_be_set(maild: Running, correction: Correction, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        correct_case(maild.context, SHELL, "C-2026-00001", correction)
    assert told in str(caught.value)


def test_no_such_case(maild: Running) -> None:
    with pytest.raises(NotFound, match="C-2026-00001"):
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(priority="high"))
