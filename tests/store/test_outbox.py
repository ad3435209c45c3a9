"""The outbox: what is claimed, what was tried, what became of each recipient."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from maild.errors import NotFound, PermanentError, UsageError
from maild.model.case import CaseId
from maild.model.delivery import (
    Attempt,
    ClaimedMail,
    DoubtPolicy,
    Envelope,
    HeldMail,
    OutboxEntry,
    OutboxState,
    RecipientOutcome,
    RecipientState,
)
from maild.model.mail import MessageId
from maild.store import outbox
from maild.store.engine import Store
from tests.store.samples import HOUR, NOW, numbered, outgoing, put_case

QUEUED, DEFERRED, SENT = RecipientState.QUEUED, RecipientState.DEFERRED, RecipientState.SENT
REFUSED, IN_DOUBT = RecipientState.REFUSED, RecipientState.IN_DOUBT
NEW_ID = numbered("attempt")
HELD = HeldMail(
    id="mail-held",
    effect_key="held",
    case_id=None,
    mailbox="service",
    template="acknowledgement",
    recipients=("anna@example.com",),
    error="no such variable: 批号",
    created_at=NOW,
)


def enqueue(store: Store, effect_key: str = "e1", *recipients: str, **given: object) -> str:
    mail = outgoing(effect_key, *recipients, **given)
    assert store.write(lambda conn: outbox.enqueue(conn, mail))
    return mail.id


def claim(store: Store, *, owner: str = "p1", at: datetime = NOW, limit: int = 10) -> tuple[ClaimedMail, ...]:
    claiming = partial(outbox.claim_due, now=at, owner=owner, limit=limit, new_id=NEW_ID)
    return store.write(claiming)


def said(address: str, state: RecipientState, code: int = 0, reply: str = "") -> RecipientOutcome:
    return RecipientOutcome(address=address, state=state, code=code, reply=reply)


def record(
    store: Store, mail: ClaimedMail, *outcomes: RecipientOutcome, retry_at: datetime | None = None
) -> OutboxEntry:
    recording = partial(
        outbox.record, attempt_id=mail.attempt_id, outcomes=outcomes, now=NOW, retry_at=retry_at
    )
    return store.write(recording)


def settle(
    store: Store, outbox_id: str, recipient: str | None, state: RecipientState, detail: str = "proof"
) -> OutboxEntry:
    return store.write(lambda conn: outbox.settle(conn, outbox_id, recipient, state, detail, NOW + HOUR))


def states(entry: OutboxEntry) -> list[RecipientState]:
    return [each.state for each in entry.recipients]


def attempts(store: Store, outbox_id: str) -> Sequence[Attempt]:
    return store.read(lambda conn: outbox.attempts(conn, outbox_id))


def in_doubt(store: Store, *recipients: str) -> ClaimedMail:
    """A mail all of whose recipients are in doubt, at the end of its attempt."""
    enqueue(store, "e1", *recipients)
    (mail,) = claim(store)
    store.write(lambda conn: outbox.mark_data(conn, mail.attempt_id, NOW))
    record(store, mail, *(said(each, IN_DOUBT) for each in mail.envelope.recipients))
    return mail


class TestQueueing:
    def test_an_effect_is_queued_once(self, store: Store) -> None:
        enqueue(store, "e1")
        again = outgoing("e1", id="another", raw=b"other bytes")
        assert not store.write(lambda conn: outbox.enqueue(conn, again))
        assert len(store.read(lambda conn: outbox.listing(conn, set(OutboxState), 10))) == 1

    def test_a_mail_reads_as_it_was_queued(self, store: Store) -> None:
        case = store.write(put_case)
        mail = outgoing("e1", "b@x", "a@x", case_id=case.id, doubt_policy=DoubtPolicy.RESEND)
        store.write(lambda conn: outbox.enqueue(conn, mail))
        entry = store.read(lambda conn: outbox.entry(conn, mail.id))
        assert [(each.address, each.state, each.changed_at) for each in entry.recipients] == [
            ("b@x", QUEUED, NOW),
            ("a@x", QUEUED, NOW),
        ]
        assert (entry.case_id, entry.doubt_policy, entry.sender) == (
            case.id,
            DoubtPolicy.RESEND,
            "service@ours.example",
        )
        assert (entry.message_id, entry.state, entry.attempts) == (mail.message_id, OutboxState.QUEUED, 0)
        assert store.read(lambda conn: outbox.raw(conn, mail.id)) == mail.raw
        assert store.read(lambda conn: outbox.by_message_id(conn, mail.message_id)) == entry
        assert store.read(lambda conn: outbox.of_case(conn, case.id)) == (entry,)

    def test_what_is_not_there(self, store: Store) -> None:
        assert store.read(lambda conn: outbox.by_message_id(conn, MessageId("e1"))) is None
        assert store.read(lambda conn: outbox.of_case(conn, CaseId("case-1"))) == ()
        with pytest.raises(NotFound):
            store.read(lambda conn: outbox.entry(conn, "mail-e1"))
        with pytest.raises(NotFound):
            store.read(lambda conn: outbox.raw(conn, "mail-e1"))

    def test_a_doubt_that_is_explained_stays_one(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x")
        (mail,) = claim(store)
        record(store, mail, said("a@x", IN_DOUBT), said("b@x", SENT, 250, "OK"))
        entry = store.write(lambda conn: outbox.explain_doubt(conn, mail.outbox_id, "why", NOW + HOUR))
        assert entry.state is OutboxState.IN_DOUBT
        told = [(each.state, each.reply, each.changed_at) for each in entry.recipients]
        assert told == [(IN_DOUBT, "why", NOW + HOUR), (SENT, "OK", NOW)]

    def test_mails_in_doubt_come_page_by_page(self, store: Store) -> None:
        for name in ("e3", "e1", "e2", "e4"):
            enqueue(store, name, "a@x")
        for mail in claim(store):
            state = SENT if mail.outbox_id == "mail-e2" else IN_DOUBT
            record(store, mail, said("a@x", state))
        page = partial(outbox.in_doubt, limit=2)
        ids = [
            [mail.id for mail in store.read(partial(page, after=after))]
            for after in ("", "mail-e3", "mail-e4")
        ]
        assert ids == [["mail-e1", "mail-e3"], ["mail-e4"], []]

    def test_a_recipient_named_twice_is_one(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x", "A@X")
        (mail,) = claim(store)
        assert sorted(each.casefold() for each in mail.envelope.recipients) == ["a@x", "b@x"]

    def test_the_mails_to_one_address_are_counted_from_an_instant_on(self, store: Store) -> None:
        enqueue(store, "e1", "Anna@x", "b@x", created_at=NOW - HOUR)
        enqueue(store, "e2", "anna@x", created_at=NOW)
        counts = [
            store.read(partial(outbox.count_to, address="ANNA@X", since=NOW - n * HOUR)) for n in (0, 1)
        ]
        assert counts == [1, 2]

    def test_listing_is_bounded_and_by_state(self, store: Store) -> None:
        enqueue(store, "e1")
        enqueue(store, "e2", created_at=NOW + HOUR)
        enqueue(store, "e3", created_at=NOW - HOUR)
        listed = store.read(lambda conn: outbox.listing(conn, {OutboxState.QUEUED}, 2))
        assert [each.effect_key for each in listed] == ["e3", "e1"]
        assert store.read(lambda conn: outbox.listing(conn, {OutboxState.DONE}, 2)) == ()


class TestHeld:
    def test_what_could_not_be_rendered_is_kept_and_never_claimed(self, store: Store) -> None:
        assert store.write(lambda conn: outbox.hold(conn, HELD))
        assert not store.write(lambda conn: outbox.hold(conn, HELD))
        entry = store.read(lambda conn: outbox.entry(conn, HELD.id))
        assert (entry.state, entry.error) == (OutboxState.HELD, HELD.error)
        assert claim(store, at=NOW + HOUR) == ()
        with pytest.raises(NotFound):
            store.read(lambda conn: outbox.raw(conn, HELD.id))

    def test_it_cannot_be_sent_but_dropped(self, store: Store) -> None:
        two = replace(HELD, recipients=("a@x", "b@x"))
        store.write(lambda conn: outbox.hold(conn, two))
        with pytest.raises(UsageError, match="never rendered"):
            settle(store, HELD.id, "a@x", QUEUED)
        assert settle(store, HELD.id, "a@x", REFUSED).state is OutboxState.HELD
        assert settle(store, HELD.id, "b@x", REFUSED).state is OutboxState.DONE


class TestClaiming:
    def test_a_due_mail_is_claimed_once_with_its_attempt(self, store: Store) -> None:
        outbox_id = enqueue(store, "e1", "a@x", "b@x")
        (mail,) = claim(store)
        assert claim(store, owner="p2") == ()
        assert mail == ClaimedMail(
            outbox_id=outbox_id,
            attempt_id=mail.attempt_id,
            attempt_number=1,
            case_id=None,
            mailbox="service",
            message_id=MessageId("e1@ours.example"),
            envelope=Envelope(sender="service@ours.example", recipients=("a@x", "b@x")),
            created_at=NOW,
            raw=outgoing("e1").raw,
        )
        assert attempts(store, outbox_id) == (
            Attempt(id=mail.attempt_id, outbox_id=outbox_id, number=1, owner="p1", started_at=NOW),
        )
        entry = store.read(lambda conn: outbox.entry(conn, outbox_id))
        assert (entry.state, entry.attempts) == (OutboxState.SENDING, 1)

    def test_what_is_not_due_waits(self, store: Store) -> None:
        enqueue(store, "e1", next_attempt_at=NOW + HOUR)
        assert claim(store) == ()
        assert len(claim(store, at=NOW + HOUR)) == 1

    def test_the_longest_due_come_first(self, store: Store) -> None:
        for effect_key, next_attempt_at in (("e1", NOW), ("e2", NOW - HOUR), ("e3", NOW)):
            enqueue(store, effect_key, next_attempt_at=next_attempt_at)
        assert [each.outbox_id for each in claim(store, limit=2)] == ["mail-e2", "mail-e1"]

    def test_a_case_comes_with_its_mail(self, store: Store) -> None:
        case = store.write(put_case)
        enqueue(store, "e1", case_id=case.id)
        assert claim(store)[0].case_id == case.id


class TestRecording:
    def test_taken_by_the_server(self, store: Store) -> None:
        enqueue(store, "e1", "a@x")
        (mail,) = claim(store)
        store.write(lambda conn: outbox.mark_data(conn, mail.attempt_id, NOW))
        entry = record(store, mail, said("A@x", SENT, 250, "2.0.0 Ok"))
        assert entry.state is OutboxState.DONE
        assert [(each.state, each.code, each.reply) for each in entry.recipients] == [(SENT, 250, "2.0.0 Ok")]
        (attempt,) = attempts(store, mail.outbox_id)
        assert (attempt.data_at, attempt.ended_at, attempt.outcome) == (NOW, NOW, "sent 1")

    def test_only_the_deferred_are_tried_again(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x", "c@x")
        (mail,) = claim(store)
        outcomes = (said("a@x", SENT), said("b@x", DEFERRED, 451), said("c@x", REFUSED, 550))
        entry = record(store, mail, *outcomes, retry_at=NOW + HOUR)
        assert (entry.state, entry.next_attempt_at) == (OutboxState.QUEUED, NOW + HOUR)
        assert attempts(store, mail.outbox_id)[0].outcome == "sent 1, deferred 1, refused 1"
        assert claim(store) == ()
        (again,) = claim(store, at=NOW + HOUR)
        assert (again.envelope.recipients, again.attempt_number) == (("b@x",), 2)
        assert record(store, again, said("b@x", SENT)).state is OutboxState.DONE

    def test_a_deferral_without_another_try_is_a_refusal(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x")
        (mail,) = claim(store)
        entry = record(store, mail, said("a@x", DEFERRED, 451, "4.2.0 later"), said("b@x", SENT))
        assert entry.state is OutboxState.DONE
        assert [(each.state, each.reply) for each in entry.recipients] == [
            (REFUSED, "given up: 4.2.0 later"),
            (SENT, ""),
        ]

    def test_doubt_is_never_repeated(self, store: Store) -> None:
        in_doubt(store, "a@x")
        assert claim(store, at=NOW + 1000 * HOUR) == ()
        (entry,) = store.read(lambda conn: outbox.listing(conn, {OutboxState.IN_DOUBT}, 10))
        assert states(entry) == [IN_DOUBT]

    def test_the_deferred_go_on_while_another_is_in_doubt(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x")
        (mail,) = claim(store)
        entry = record(store, mail, said("a@x", IN_DOUBT), said("b@x", DEFERRED), retry_at=NOW)
        assert entry.state is OutboxState.QUEUED
        (again,) = claim(store)
        assert again.envelope.recipients == ("b@x",)
        assert record(store, again, said("b@x", SENT)).state is OutboxState.IN_DOUBT

    def test_a_recipient_of_whom_nothing_is_said_waits_on(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x")
        (mail,) = claim(store)
        entry = record(store, mail, said("a@x", SENT), said("stranger@x", SENT))
        assert (entry.state, states(entry)) == (OutboxState.QUEUED, [SENT, QUEUED])

    def test_an_attempt_that_is_not_there(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.write(lambda conn: outbox.record(conn, "gone", (), now=NOW, retry_at=None))


class TestRecovery:
    def orphans(self, store: Store, *alive: str) -> tuple[Attempt, ...]:
        return store.read(lambda conn: outbox.orphans(conn, frozenset(alive)))

    def recover(self, store: Store, attempt: Attempt) -> OutboxEntry:
        return store.write(lambda conn: outbox.recover(conn, attempt, NOW + HOUR))

    def test_orphans_are_open_attempts_of_the_dead(self, store: Store) -> None:
        for number in (1, 2, 3):
            enqueue(store, f"e{number}")
        (first,) = claim(store, owner="dead", limit=1)
        claim(store, owner="alive", limit=1)
        (third,) = claim(store, owner="gone", limit=1)
        record(store, third, said("anna@example.com", SENT))
        assert [each.id for each in self.orphans(store, "alive")] == [first.attempt_id]
        assert self.orphans(store, "alive", "dead") == ()

    def test_before_the_bytes_went_it_is_due_again(self, store: Store) -> None:
        enqueue(store, "e1", "a@x")
        claim(store)
        entry = self.recover(store, self.orphans(store)[0])
        assert (entry.state, entry.next_attempt_at, states(entry)) == (
            OutboxState.QUEUED,
            NOW + HOUR,
            [QUEUED],
        )
        assert self.orphans(store) == ()

    def test_after_the_bytes_went_those_who_were_tried_are_in_doubt(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x", "c@x")
        (first,) = claim(store)
        record(store, first, said("a@x", SENT), said("b@x", DEFERRED), said("c@x", DEFERRED), retry_at=NOW)
        (mail,) = claim(store, owner="p2")
        store.write(lambda conn: outbox.mark_data(conn, mail.attempt_id, NOW))
        entry = self.recover(store, self.orphans(store)[0])
        assert (entry.state, states(entry)) == (OutboxState.IN_DOUBT, [SENT, IN_DOUBT, IN_DOUBT])

    def test_recovering_twice_changes_nothing(self, store: Store) -> None:
        enqueue(store, "e1")
        claim(store)
        (attempt,) = self.orphans(store)
        first = self.recover(store, attempt)
        assert self.recover(store, attempt) == first
        assert len(attempts(store, first.id)) == 1

    def test_one_taken_for_dead_may_not_send(self, store: Store) -> None:
        enqueue(store, "e1")
        (mail,) = claim(store)
        self.recover(store, self.orphans(store)[0])
        with pytest.raises(PermanentError, match="recovered"):
            store.write(lambda conn: outbox.mark_data(conn, mail.attempt_id, NOW))

    def test_what_comes_in_late_settles_the_doubt_and_no_more(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x", "c@x")
        (mail,) = claim(store)
        store.write(lambda conn: outbox.mark_data(conn, mail.attempt_id, NOW))
        self.recover(store, self.orphans(store)[0])
        settle(store, mail.outbox_id, "c@x", REFUSED)
        outcomes = (said("a@x", SENT), said("b@x", DEFERRED), said("c@x", SENT))
        entry = record(store, mail, *outcomes, retry_at=NOW)
        assert (entry.state, states(entry)) == (OutboxState.IN_DOUBT, [SENT, IN_DOUBT, REFUSED])


class TestSettling:
    def test_proof_settles_everyone_in_doubt(self, store: Store) -> None:
        mail = in_doubt(store, "a@x", "b@x")
        entry = settle(store, mail.outbox_id, None, SENT, "found in the Sent folder")
        assert (entry.state, states(entry)) == (OutboxState.DONE, [SENT, SENT])
        assert {(each.reply, each.changed_at) for each in entry.recipients} == {
            ("found in the Sent folder", NOW + HOUR)
        }

    def test_one_recipient_alone(self, store: Store) -> None:
        mail = in_doubt(store, "a@x", "b@x")
        entry = settle(store, mail.outbox_id, "B@X", REFUSED)
        assert (entry.state, states(entry)) == (OutboxState.IN_DOUBT, [IN_DOUBT, REFUSED])

    def test_sending_again(self, store: Store) -> None:
        mail = in_doubt(store, "a@x", "b@x")
        settle(store, mail.outbox_id, "a@x", SENT)
        entry = settle(store, mail.outbox_id, None, QUEUED)
        assert (entry.state, entry.next_attempt_at) == (OutboxState.QUEUED, NOW + HOUR)
        assert claim(store, at=NOW + HOUR)[0].envelope.recipients == ("b@x",)

    def test_a_bounce_after_it_was_sent(self, store: Store) -> None:
        enqueue(store, "e1", "a@x")
        (mail,) = claim(store)
        record(store, mail, said("a@x", SENT))
        entry = settle(store, mail.outbox_id, "a@x", REFUSED, "5.1.1 no such person")
        assert (entry.state, states(entry)) == (OutboxState.DONE, [REFUSED])

    def test_while_an_attempt_runs_the_mail_stays_with_its_owner(self, store: Store) -> None:
        enqueue(store, "e1", "a@x", "b@x")
        (first,) = claim(store)
        record(store, first, said("a@x", SENT), said("b@x", DEFERRED), retry_at=NOW)
        (mail,) = claim(store, owner="p2")
        assert settle(store, mail.outbox_id, "a@x", REFUSED).state is OutboxState.SENDING
        assert record(store, mail, said("a@x", SENT), said("b@x", SENT)).state is OutboxState.DONE
        entry = store.read(lambda conn: outbox.entry(conn, mail.outbox_id))
        assert states(entry) == [REFUSED, SENT]

    @pytest.mark.parametrize("state", [DEFERRED, IN_DOUBT])
    def test_a_state_that_settles_nothing(self, store: Store, state: RecipientState) -> None:
        with pytest.raises(UsageError, match="settles nothing"):
            settle(store, enqueue(store), None, state)

    def test_somebody_else(self, store: Store) -> None:
        with pytest.raises(NotFound, match="stranger"):
            settle(store, enqueue(store), "stranger@x", SENT)
