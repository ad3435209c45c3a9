"""Mail that no rule decides waits; a person opens a case with it, and rules can learn from that."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from maild.app.backtest import Sides, Watcher, backtest
from maild.app.explain import explain_message_id
from maild.app.explain_words import in_words
from maild.app.queries import show_case
from maild.app.review import list_review, open_from_review
from maild.app.separate import Demands
from maild.app.suggest import suggest
from maild.errors import NotFound, UsageError
from maild.model.case import JoinReason
from maild.model.events import CaseCorrected, CorrectedField
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.store import cases, decisions
from tests.sim.purchasing import receive
from tests.sim.rig import Rig, Running, subject_of

PEOPLE = """\
departments: [sales]
people: [{name: Wu, address: wu@example.com, department: sales}]
"""
LABELS = """\
rules:
  - {name: pumps, when: {subject: {contains: 水泵}}, then: {labels: [pump], owner: wu@example.com}}
"""


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike: no kind without a rule, and no rule for what comes."""
    rig = Rig(tmp_path, overrides={"database_url": url})
    toml = rig.config / "maild.toml"
    text = toml.read_text("utf-8")
    toml.write_text(text.replace('default_kind = "request"', 'default_kind = "review"'), "utf-8")
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "labels.yaml").write_text(LABELS, "utf-8")
    return rig


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as maild:
        yield maild


def waiting(maild: Running) -> list[str]:
    """The keys of what waits, oldest first."""
    return [one.message.key for one in list_review(maild.context, SHELL, limit=100)]


def the_one(maild: Running) -> str:
    """The key of the only message that waits."""
    (key,) = waiting(maild)
    return key


def test_a_case_is_opened_and_acknowledged_now(maild: Running) -> None:
    receive(maild, "li@customer.example", "水泵", 1)
    (key,) = waiting(maild)
    opened = open_from_review(maild.context, SHELL, key, "request")
    assert opened.reason == (
        "opens C-2026-00001 (shell says so); sends acknowledgement to li@customer.example, "
        "sends new_message to wu@example.com, first_response is due 2026-10-08 18:00"
    )
    assert (opened.case.kind, opened.case.traits.labels) == ("request", ("pump",))
    assert opened.case.traits.owner == "wu@example.com"
    assert waiting(maild) == []
    maild.dispatch()
    acknowledgement, notice = maild.rig.smtp.taken
    assert "C-2026-00001" in subject_of(acknowledgement.raw)
    assert notice.recipients == ("wu@example.com",)
    view = show_case(maild.context, SHELL, "C-2026-00001")
    assert [one.join for one in view.messages] == [JoinReason.OPENED, JoinReason.SENT, JoinReason.SENT]
    said = CaseCorrected(field=CorrectedField.KIND, old="review", new="request", by="shell")
    assert said in [entry.event for entry in view.journal]
    assert maild.context.store.read(partial(cases.verify_journal, case_id=view.case.id)) is None
    (kept,) = maild.context.store.read(lambda conn: decisions.of_case(conn, view.case.id))
    assert (kept.message_key, kept.reason) == (None, opened.reason)


def test_later_mail_of_its_thread_joins_and_the_next_number_is_free(maild: Running) -> None:
    receive(maild, "li@customer.example", "水泵", 1)
    open_from_review(maild.context, SHELL, the_one(maild), "request")
    receive(maild, "li@customer.example", "Re: 水泵", 2, In_Reply_To="<1@old.example>")
    receive(maild, "han@other.example", "你好", 3)
    open_from_review(maild.context, SHELL, the_one(maild), "complaint")
    assert [(case.number, case.message_count) for case in maild.cases()] == [
        ("C-2026-00002", 2),
        ("C-2026-00001", 5),  # with what its owner was told
    ]


def test_without_a_kind_the_rules_in_force_say_it(rig: Rig) -> None:
    with rig.running() as maild:
        receive(maild, "li@customer.example", "水泵", 1)
        with pytest.raises(UsageError, match=r"name one with --kind \(known: .*complaint"):
            open_from_review(maild.context, SHELL, the_one(maild))
    rule = "rules:\n  - {name: x, when: {subject: {contains: 水泵}}, then: {kind: after_sales}}\n"
    (rig.config / "rules" / "x.yaml").write_text(rule, "utf-8")
    with rig.running() as maild:
        assert open_from_review(maild.context, SHELL, the_one(maild)).case.kind == "after_sales"


def test_what_does_not_wait_opens_nothing(maild: Running) -> None:
    receive(maild, "li@customer.example", "水泵", 1)
    (key,) = waiting(maild)
    with pytest.raises(UsageError, match="did you mean 'request'"):
        open_from_review(maild.context, SHELL, key, "requst")
    open_from_review(maild.context, SHELL, key, "request")
    for gone in (key, "nowhere"):
        with pytest.raises(NotFound, match="waits for review"):
            open_from_review(maild.context, SHELL, gone, "request")
    assert len(maild.cases()) == 1


def test_an_explanation_tells_that_a_person_opened_it(maild: Running) -> None:
    receive(maild, "li@customer.example", "水泵", 1)
    open_from_review(maild.context, SHELL, the_one(maild), "request")
    told = explain_message_id(maild.context, SHELL, MessageId("1@old.example"))
    assert told.case_number == "C-2026-00001"
    assert told.mails == ("acknowledgement to li@customer.example", "new_message to wu@example.com")
    assert told.reason.endswith("a person looks at it; a person opened C-2026-00001")
    assert dict(in_words(told, "zh"))["决定"] == "待人工查看，后由人工开立事项 C-2026-00001"


def test_rules_are_learnt_from_it_and_a_backtest_counts_it_once(maild: Running) -> None:
    for number in range(3):
        receive(maild, f"p{number}@metal{number}.example", f"钢材行情 {number}", number)
        receive(maild, f"q{number}@other{number}.example", f"你好 {number}", 10 + number)
    for entry in list_review(maild.context, SHELL, limit=100):
        if "钢材" in entry.message.subject:
            open_from_review(maild.context, SHELL, entry.message.key, "request")
    (one,) = suggest(maild.context, Demands())
    assert (one.settles, one.value, one.condition) == ("kind", "request", "base_subject contains 钢材行情")
    now = maild.context.configuration
    watcher = Watcher(on_moved=lambda moved: None, on_progress=lambda done, total: None)
    totals = backtest(maild.context, Sides(changed=now), since=None, watcher=watcher)
    assert (totals.tested, totals.changed) == (6, 0)
