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


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike; purchasing has a playbook, and no rule leads to it."""
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "playbooks" / "purchasing.yaml").write_text(PURCHASING, "utf-8")
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


def test_what_is_so_already_is_no_correction(maild: Running) -> None:
    receive(maild, "li@customer.example", "询价", 1)
    before = show_case(maild.context, SHELL, "C-2026-00001")
    assert correct_case(maild.context, SHELL, "C-2026-00001", Correction(priority="normal")) == before.case
    assert show_case(maild.context, SHELL, "C-2026-00001") == before


@pytest.mark.parametrize(
    ("correction", "told"),
    [
        pytest.param(Correction(), "name --kind or --priority", id="nothing"),
        pytest.param(Correction(case_kind="purchase"), "did you mean 'purchasing'?", id="kind"),
        pytest.param(Correction(priority="hihg"), "did you mean 'high'?", id="priority"),
    ],
)
def test_what_cannot_be_set(maild: Running, correction: Correction, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        correct_case(maild.context, SHELL, "C-2026-00001", correction)
    assert told in str(caught.value)


def test_no_such_case(maild: Running) -> None:
    with pytest.raises(NotFound, match="C-2026-00001"):
        correct_case(maild.context, SHELL, "C-2026-00001", Correction(priority="high"))
