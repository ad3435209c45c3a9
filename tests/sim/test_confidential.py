"""A confidential case: who may not see it finds nothing of it, in no list, no count, no log."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.app import transfer
from maild.app.correction import Correction, correct_case
from maild.app.explain import explain_bytes, explain_message_id
from maild.app.queries import (
    count_archive,
    list_cases,
    list_outbox,
    list_quarantine,
    search_messages,
    show_case,
    show_mail,
    show_message,
)
from maild.demo.news import Event, lines_of
from maild.errors import NotFound
from maild.model.delivery import OutboxState
from maild.model.mail import MessageId
from maild.model.people import SHELL, Viewer
from tests.sim.rig import START, Rig, Running, a_mail

PEOPLE = """\
departments: [legal]
people: [{name: 李娜, address: Li.Na@example.com, department: legal}]
"""
RULES = """\
rules:
  - name: secrets
    when: {subject: {contains: 机密}}
    then: {kind: request, owner: li.na@example.com, confidential: true, stop: true}
"""
LI = Viewer(name="李娜", address="li.na@example.com", sees_confidential=False)
WU = Viewer(name="Wu", address="wu@example.com", sees_confidential=False)
SECRET = "<m1@customer.example>"


@pytest.fixture
def maild(tmp_path: Path, url: str) -> Iterator[Running]:
    """One confidential case, and an open one."""
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "aaa.yaml").write_text(RULES, "utf-8")
    with rig.running() as maild:
        arrive(maild, a_mail(subject="机密并购", body="绝不外传。"))
        arrive(maild, a_mail("han@other.example", "询价", Message_ID="<m2@other.example>"))
        yield maild


def arrive(maild: Running, raw: bytes) -> None:
    maild.rig.imap.deliver(raw, maild.rig.clock.now())
    maild.work()
    maild.rig.clock.advance(timedelta(minutes=1))


@pytest.mark.parametrize("viewer", [pytest.param(SHELL, id="shell"), pytest.param(LI, id="owner")])
def test_who_may_see_it_sees_all(maild: Running, viewer: Viewer) -> None:
    view = show_case(maild.context, viewer, "C-2026-00001")
    assert len(list_cases(maild.context, viewer, kind=None, stage=None, limit=9)) == 2
    assert len(search_messages(maild.context, viewer, "机密", limit=9)) == 2
    assert explain_message_id(maild.context, viewer, MessageId(SECRET[1:-1])).happened
    assert show_message(maild.context, viewer, view.messages[0].message.key).case == view.case
    assert show_mail(maild.context, viewer, view.mails[0].id).case == view.case
    assert count_archive(maild.context, viewer).cases == 2


def test_who_may_not_see_it_finds_nothing(maild: Running) -> None:
    view = show_case(maild.context, SHELL, "C-2026-00001")
    (case,) = list_cases(maild.context, WU, kind=None, stage=None, limit=1)
    assert case.number == "C-2026-00002"
    assert search_messages(maild.context, WU, "机密", limit=9) == ()
    assert [one.case_id for one in list_outbox(maild.context, WU, frozenset(OutboxState), limit=9)] == [
        case.id
    ]
    assert list_quarantine(maild.context, WU) == ()
    counted, whole = count_archive(maild.context, WU), count_archive(maild.context, SHELL)
    assert (counted.cases, counted.messages, counted.deliveries) == (1, 2, 1)
    assert (whole.cases, whole.messages, whole.deliveries) == (2, 5, 2)  # the owner was told
    with pytest.raises(NotFound, match="there is no case C-2026-00001; `maild case list`"):
        show_case(maild.context, WU, "C-2026-00001")
    with pytest.raises(NotFound, match="there is no message"):
        show_message(maild.context, WU, view.messages[0].message.key)
    with pytest.raises(NotFound, match="in the outbox"):
        show_mail(maild.context, WU, view.mails[0].id)
    with pytest.raises(NotFound, match="there is no case"):
        correct_case(maild.context, WU, "C-2026-00001", Correction(priority="high"))


def test_an_explanation_gives_nothing_away(maild: Running) -> None:
    with pytest.raises(NotFound, match="is in the archive"):
        explain_message_id(maild.context, WU, MessageId(SECRET[1:-1]))
    with pytest.raises(NotFound, match="nothing to tell"):
        explain_bytes(maild.context, WU, a_mail(subject="机密并购", body="绝不外传。"), "service")
    probe = a_mail("wu@example.com", "Re: C-2026-00001", Message_ID="<probe@example.com>")
    with pytest.raises(NotFound, match="nothing to tell"):
        explain_bytes(maild.context, WU, probe, "service")
    of_his_own = a_mail("wu@example.com", "Re: C-2026-00002", Message_ID="<own@example.com>")
    assert explain_bytes(maild.context, WU, of_his_own, "service").case_number == "C-2026-00002"


def test_a_secret_goes_with_its_messages(maild: Running) -> None:
    arrive(maild, a_mail(subject="Re: 机密并购", Message_ID="<m3@customer.example>", In_Reply_To=SECRET))
    transfer.move(maild.context, [MessageId("m3@customer.example")], "C-2026-00002", "by hand")
    assert show_case(maild.context, SHELL, "C-2026-00002").case.traits.confidential
    transfer.undo(maild.context, "C-2026-00001")
    transfer.split(maild.context, [MessageId("m3@customer.example")], "by hand")
    assert {case.number for case in maild.cases() if case.traits.confidential} == {
        "C-2026-00001",
        "C-2026-00002",
        "C-2026-00003",
    }


def test_an_undone_merge_leaves_the_other_case_open(maild: Running) -> None:
    transfer.merge(maild.context, "C-2026-00002", "C-2026-00001", "by hand")
    transfer.undo(maild.context, "C-2026-00002")
    assert [case.traits.confidential for case in maild.cases()] == [False, True]


def test_neither_the_log_nor_the_news_tells_what_it_is_about(
    maild: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "maild")
    arrive(maild, a_mail(subject="机密裁员", body="绝不外传。", Message_ID="<m4@customer.example>"))
    events = [one for one in caplog.records if hasattr(one, "event")]
    assert {one.event for one in events} >= {"process.decided", "outbox.sent"}
    told = " ".join(line.text for record in events for line in lines_of(maild.context, _heard(record)))
    assert "(confidential)" in told
    logged = " ".join(str(vars(record)) for record in caplog.records)
    for secret in ("裁员", "绝不外传"):
        assert secret not in told
        assert secret not in logged


def _heard(record: logging.LogRecord) -> Event:
    return Event(
        at=START,
        name=str(getattr(record, "event", "")),
        text=record.getMessage(),
        is_warning=record.levelno >= logging.WARNING,
        message_key=str(getattr(record, "message_key", None) or ""),
        outbox_id=str(getattr(record, "outbox", None) or ""),
    )
