"""From a mailbox to an answered, archived case."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from maild.app.explain import explain_bytes, explain_message_id
from maild.app.queries import search_messages, show_case
from maild.errors import NotFound
from maild.model.case import Direction, JoinReason
from maild.model.delivery import OutboxState, RecipientState
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.store import archive, cases
from tests.sim.rig import SERVICE, START, Rig, Running, a_mail, header_of, subject_of


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike."""
    return Rig(tmp_path, overrides={"database_url": url})


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        yield running


def arrive(maild: Running, raw: bytes) -> None:
    maild.rig.imap.deliver(raw, maild.rig.clock.now())
    maild.work()
    maild.rig.clock.advance(timedelta(minutes=1))


def test_a_first_message_is_answered_once_and_archived(maild: Running) -> None:
    arrive(maild, a_mail())
    (mail,) = maild.rig.smtp.taken
    assert (mail.mailbox, mail.sender, mail.recipients) == ("service", SERVICE, ("li@customer.example",))
    assert subject_of(mail.raw).startswith("[C-2026-00001]")
    assert header_of(mail.raw, "In-Reply-To") == "<m1@customer.example>"
    assert header_of(mail.raw, "References") == "<m1@customer.example>"
    assert header_of(mail.raw, "Auto-Submitted") == "auto-replied"
    (case,) = maild.cases()
    assert (case.number, case.kind, case.message_count) == ("C-2026-00001", "request", 2)
    view = show_case(maild.context, SHELL, "c-2026-00001")
    assert [one.direction for one in view.messages] == [Direction.INCOMING, Direction.OUTGOING]
    assert [mail.state for mail in view.mails] == [OutboxState.DONE]
    maild.work_until_quiet()
    assert len(maild.rig.smtp.taken) == 1


def test_the_answer_leads_back_by_its_message_id(maild: Running) -> None:
    arrive(maild, a_mail())
    ours = header_of(maild.rig.smtp.taken[0].raw, "Message-ID")
    arrive(
        maild,
        a_mail(
            Message_ID="<m2@customer.example>", subject="完全不同的主题", In_Reply_To=ours, References=ours
        ),
    )
    view = show_case(maild.context, SHELL, "C-2026-00001")
    assert [one.join for one in view.messages] == [JoinReason.OPENED, JoinReason.SENT, JoinReason.TOKEN]
    assert len(maild.rig.smtp.taken) == 1


def test_the_answer_leads_back_by_its_reply_to(tmp_path: Path) -> None:
    rig = Rig(tmp_path, overrides={"mailbox.service.reply_token": "plus"})
    with rig.running() as maild:
        arrive(maild, a_mail())
        reply_to = header_of(rig.smtp.taken[0].raw, "Reply-To")
        assert reply_to.startswith("kefu+")
        arrive(maild, a_mail(Message_ID="<m2@customer.example>", subject="没有引用", To=reply_to))
        assert len(maild.cases()) == 1
        assert show_case(maild.context, SHELL, "C-2026-00001").messages[-1].join is JoinReason.TOKEN


@pytest.mark.parametrize(
    ("headers", "join"),
    [
        pytest.param({"References": "<m1@customer.example>"}, JoinReason.THREAD, id="references"),
        pytest.param({"subject": "回复：[C-2026-00001] 询价"}, JoinReason.NUMBER, id="number"),
        pytest.param({"subject": "答复: 询价"}, JoinReason.SUBJECT, id="subject"),
    ],
)
def test_joining_without_a_token(maild: Running, headers: dict[str, str], join: JoinReason) -> None:
    arrive(maild, a_mail())
    arrive(maild, a_mail(Message_ID="<m2@customer.example>", **headers))
    assert show_case(maild.context, SHELL, "C-2026-00001").messages[-1].join is join
    assert len(maild.rig.smtp.taken) == 1


def test_a_stranger_joins_unverified_and_causes_nothing(maild: Running) -> None:
    arrive(maild, a_mail())
    arrive(
        maild,
        a_mail(
            "Mallory <m@elsewhere.example>", "Re: [C-2026-00001] 询价", Message_ID="<m2@customer.example>"
        ),
    )
    last = show_case(maild.context, SHELL, "C-2026-00001").messages[-1]
    assert (last.join, last.verified) == (JoinReason.NUMBER, False)
    assert "m@elsewhere.example" not in maild.cases()[0].participants


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Auto_Submitted": "auto-replied"}, id="auto-replied"),
        pytest.param({"List_Id": "<news.example>", "Precedence": "bulk"}, id="newsletter"),
        pytest.param({"X_QQ_AUTO_REPLY": "1", "subject": "自动回复: 询价"}, id="qq-auto-reply"),
    ],
)
def test_a_machine_gets_no_answer_and_opens_no_case(maild: Running, headers: dict[str, str]) -> None:
    arrive(maild, a_mail(**headers))
    assert maild.cases() == ()
    assert maild.rig.smtp.taken == []
    explanation = explain_message_id(maild.context, SHELL, MessageId("m1@customer.example"))
    assert explanation.happened
    assert "archived without a case" in explanation.reason


def test_an_out_of_office_joins_and_ends_there(maild: Running) -> None:
    arrive(maild, a_mail())
    ours = header_of(maild.rig.smtp.taken[0].raw, "Message-ID")
    arrive(
        maild,
        a_mail(
            Message_ID="<m2@customer.example>",
            subject="自动回复",
            In_Reply_To=ours,
            Auto_Submitted="auto-replied",
        ),
    )
    assert maild.cases()[0].message_count == 3
    assert len(maild.rig.smtp.taken) == 1


def test_old_mail_is_archived_and_never_answered(maild: Running) -> None:
    maild.rig.imap.deliver(a_mail(), START - timedelta(days=400))
    arrive(maild, a_mail(Message_ID="<m2@customer.example>", subject="新的"))
    assert [case.subject for case in maild.cases()] == ["新的"]
    found = search_messages(maild.context, SHELL, "询价", limit=10)
    assert [one.hit.message.message_id for one in found] == ["m1@customer.example"]
    with pytest.raises(NotFound, match="archived without a decision"):
        explain_message_id(maild.context, SHELL, MessageId("m1@customer.example"))


def test_the_same_message_twice_is_one_message_and_one_answer(maild: Running) -> None:
    maild.rig.imap.deliver(b"Delivered-To: a@example.com\r\n" + a_mail(), maild.rig.clock.now())
    arrive(maild, b"Delivered-To: b@example.com\r\nReceived: from x by y; today\r\n" + a_mail())
    assert len(maild.rig.smtp.taken) == 1
    counts = maild.context.store.read(archive.counts)
    assert (counts.messages, counts.deliveries, counts.cases) == (2, 2, 1)


def test_the_same_id_with_another_body_is_kept_without_effects(maild: Running) -> None:
    arrive(maild, a_mail())
    arrive(maild, a_mail(body="另一封邮件，同一个编号", subject="别的"))
    assert len(maild.rig.smtp.taken) == 1
    rows = maild.context.store.read(
        lambda conn: archive.find_by_message_id(conn, MessageId("m1@customer.example"))
    )
    assert [row.duplicate_id for row in rows] == [False, True]


def test_mail_without_message_id_is_answered_once(maild: Running) -> None:
    raw = a_mail().replace(b"Message-ID: <m1@customer.example>\r\n", b"")
    assert b"Message-ID" not in raw
    arrive(maild, raw)
    arrive(maild, raw)
    assert len(maild.rig.smtp.taken) == 1
    assert header_of(maild.rig.smtp.taken[0].raw, "In-Reply-To") == ""


def test_a_new_uidvalidity_is_read_anew_without_doing_anything_again(maild: Running) -> None:
    arrive(maild, a_mail())
    maild.rig.imap.recreate("INBOX")
    maild.rig.imap.deliver(a_mail(), START)
    arrive(maild, a_mail(Message_ID="<m2@customer.example>", subject="新的事"))
    assert len(maild.rig.smtp.taken) == 2
    counts = maild.context.store.read(archive.counts)
    assert (counts.messages, counts.deliveries, counts.cases) == (4, 3, 2)


def test_mail_from_the_sent_folder_joins_as_outgoing(maild: Running) -> None:
    arrive(maild, a_mail())
    reply = a_mail(
        f"客服 <{SERVICE}>",
        "Re: 询价",
        Message_ID="<m9@customer.example>",
        To="li@customer.example",
        References="<m1@customer.example>",
    )
    maild.rig.imap.append("Sent", reply, maild.rig.clock.now())
    maild.work()
    last = show_case(maild.context, SHELL, "C-2026-00001").messages[-1]
    assert (last.direction, last.reason) == (
        Direction.OUTGOING,
        "refers to <m1@customer.example>, part of C-2026-00001",
    )
    assert len(maild.rig.smtp.taken) == 1


def test_a_website_form_from_our_own_address_is_answered_to_the_customer(maild: Running) -> None:
    arrive(maild, a_mail(f"网站 <{SERVICE}>", Reply_To="han@customer.example"))
    assert maild.rig.smtp.taken[0].recipients == ("han@customer.example",)


def test_our_own_mail_to_ourselves_is_left_alone(maild: Running) -> None:
    arrive(maild, a_mail(f"客服 <{SERVICE}>"))
    assert maild.cases() == ()


def test_a_refusal_is_shown_on_the_case(maild: Running) -> None:
    arrive(maild, a_mail("Nobody <reject@customer.example>"))
    (case,) = maild.cases()
    assert case.trouble == "reject@customer.example: refused: 550 5.1.1 no such mailbox"
    assert show_case(maild.context, SHELL, case.number).mails[0].state is OutboxState.DONE


def test_a_temporary_refusal_is_retried_on_a_growing_delay_and_given_up(maild: Running) -> None:
    arrive(maild, a_mail("Later <defer@customer.example>"))
    gaps = []
    while maild.outbox(OutboxState.QUEUED):
        (mail,) = maild.outbox(OutboxState.QUEUED)
        gaps.append(mail.next_attempt_at - maild.rig.clock.now())
        maild.rig.clock.jump(mail.next_attempt_at)
        assert maild.dispatch() == 1
    assert gaps[1:5] == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]
    assert max(gaps) == timedelta(hours=4)
    assert maild.cases()[0].trouble.startswith("defer@customer.example: refused: 450 given up: 4.2.0")


def test_a_bounce_changes_the_recipient_and_the_case(maild: Running) -> None:
    arrive(maild, a_mail())
    ours = header_of(maild.rig.smtp.taken[0].raw, "Message-ID")
    bounce = (
        "From: MAILER-DAEMON@mx.example\r\nTo: kefu@example.com\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <b1@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; li@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\n\r\n--b--\r\n"
    )
    arrive(maild, bounce.encode())
    view = show_case(maild.context, SHELL, "C-2026-00001")
    assert view.messages[-1].join is JoinReason.REPORT
    assert view.mails[0].recipients[0].state is RecipientState.REFUSED
    assert "5.1.1" in view.case.trouble
    assert len(maild.rig.smtp.taken) == 1


def test_explaining_a_message_changes_nothing(maild: Running) -> None:
    arrive(maild, a_mail())
    before = maild.context.store.read(archive.counts)
    explanation = explain_bytes(
        maild.context, SHELL, a_mail(Message_ID="<m7@customer.example>", subject="投诉"), "service"
    )
    assert not explanation.happened
    assert explanation.case_number == "C-2026-00002"
    assert explanation.mails == ("acknowledgement to li@customer.example",)
    assert [verdict.rule for verdict in explanation.trace if verdict.matched]
    assert maild.context.store.read(archive.counts) == before
    assert maild.rig.smtp.taken[1:] == []


def test_explaining_what_happened(maild: Running) -> None:
    arrive(maild, a_mail())
    explanation = explain_bytes(maild.context, SHELL, a_mail(), "service")
    assert explanation.happened
    assert explanation.mails == ("acknowledgement to li@customer.example",)
    assert explanation.config_hash == maild.context.configuration.hash
    with pytest.raises(NotFound, match="no message <unknown@x>"):
        explain_message_id(maild.context, SHELL, MessageId("unknown@x"))


def test_a_storm_is_cut_after_twenty_answers(maild: Running) -> None:
    for number in range(25):
        arrive(maild, a_mail(Message_ID=f"<m{number}@customer.example>", subject=f"无限循环 {number}"))
    assert len(maild.cases()) == 25
    assert len(maild.rig.smtp.taken) == 20


def test_journals_fold_into_their_rows_and_are_whole(maild: Running) -> None:
    for number in range(3):
        arrive(maild, a_mail(Message_ID=f"<m{number}@customer.example>", subject=f"第{number}件"))
    for case in maild.cases():
        assert maild.context.store.read(partial(cases.verify_journal, case_id=case.id)) is None


def test_the_same_seed_gives_the_same_journal(tmp_path: Path) -> None:
    journals = []
    for name in ("one", "two"):
        with Rig(tmp_path / name, seed=7).running() as maild:
            arrive(maild, a_mail())
            journal = show_case(maild.context, SHELL, "C-2026-00001").journal
            journals.append(
                [(entry.event, entry.at) for entry in journal if entry.event.kind != "mail_decided"]
            )
    assert journals[0] == journals[1]
