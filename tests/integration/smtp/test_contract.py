"""What every `Submission` keeps to: the same tests on the fake and on a real Postfix."""

import asyncio
from collections.abc import Iterator

import pytest

from maild.model.delivery import Envelope, RecipientOutcome, RecipientState
from maild.rehearsal.smtp import Moment
from tests.integration.smtp.rigs import MAILBOX, Commit, FakeRig, PostfixRig, Rig
from tests.servers.postfix_fixtures import PostfixAndSink
from tests.servers.proxy import TcpProxy

SENDER = "service@example.test"


@pytest.fixture(params=["fake", "postfix"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """The fake, then the real one."""
    if request.param == "fake":
        yield FakeRig()
        return
    postfix = request.getfixturevalue("postfix")
    assert isinstance(postfix, PostfixAndSink)
    with TcpProxy(postfix.server.port) as proxy:
        yield PostfixRig(postfix, proxy)


@pytest.fixture
def marker(request: pytest.FixtureRequest) -> str:
    """A word that only this test's mails have in them."""
    return f"mark-{request.node.name}".replace("[", "-").replace("]", "-")


def mail(marker: str, body: str = "hello") -> bytes:
    """A message with `marker` in its Message-ID."""
    return f"Message-ID: <{marker}@example.test>\r\nSubject: x\r\n\r\n{body}\r\n".encode()


def send(
    rig: Rig, raw: bytes, *recipients: str, commit: Commit | None = None
) -> tuple[RecipientOutcome, ...]:
    """The outcomes of one delivery."""
    envelope = Envelope(sender=SENDER, recipients=recipients)
    told = rig.submission(envelope, raw, mailbox=MAILBOX, before_data=commit or Commit())
    return asyncio.run(told)


def states(outcomes: tuple[RecipientOutcome, ...]) -> dict[str, RecipientState]:
    """What became of whom."""
    return {each.address: each.state for each in outcomes}


def test_everybody_accepted_gets_it(rig: Rig, marker: str) -> None:
    commit = Commit()
    outcomes = send(rig, mail(marker), "one@example.test", "two@example.test", commit=commit)
    assert [(each.address, each.state, each.code) for each in outcomes] == [
        ("one@example.test", RecipientState.SENT, 250),
        ("two@example.test", RecipientState.SENT, 250),
    ]
    assert commit.count == 1
    assert len(rig.wait_for(marker)) == 1


def test_one_refused_does_not_stop_the_others(rig: Rig, marker: str) -> None:
    outcomes = send(rig, mail(marker), "reject1@example.test", "good@example.test", "defer1@example.test")
    assert [(each.address, each.state, each.code) for each in outcomes] == [
        ("reject1@example.test", RecipientState.REFUSED, 550),
        ("good@example.test", RecipientState.SENT, 250),
        ("defer1@example.test", RecipientState.DEFERRED, 450),
    ]
    assert len(rig.wait_for(marker)) == 1


def test_nobody_accepted_means_no_data(rig: Rig, marker: str) -> None:
    commit = Commit()
    outcomes = send(rig, mail(marker), "reject1@example.test", "defer1@example.test", commit=commit)
    assert states(outcomes) == {
        "reject1@example.test": RecipientState.REFUSED,
        "defer1@example.test": RecipientState.DEFERRED,
    }
    assert commit.count == 0
    assert all(each.reply for each in outcomes)


def test_the_same_address_twice_gets_one_mail_and_two_outcomes(rig: Rig, marker: str) -> None:
    outcomes = send(rig, mail(marker), "twice@example.test", "twice@example.test")
    assert [each.state for each in outcomes] == [RecipientState.SENT, RecipientState.SENT]
    assert len(rig.wait_for(marker)) == 1


def test_a_commit_that_fails_goes_through_and_nothing_is_sent(rig: Rig, marker: str) -> None:
    commit = Commit(error=RuntimeError("the database is gone"))
    with pytest.raises(RuntimeError, match="the database is gone"):
        send(rig, mail(marker), "one@example.test", commit=commit)
    send(rig, mail(f"{marker}-after"), "one@example.test")
    rig.wait_for(f"{marker}-after")
    assert rig.arrived(f"{marker}@") == []


@pytest.mark.parametrize("moment", [Moment.CONNECT, Moment.BEFORE_DATA])
def test_lost_before_data_is_deferred(rig: Rig, marker: str, moment: Moment) -> None:
    rig.cut_at(moment)
    commit = Commit()
    outcomes = send(rig, mail(marker), "one@example.test", "two@example.test", commit=commit)
    assert states(outcomes) == {
        "one@example.test": RecipientState.DEFERRED,
        "two@example.test": RecipientState.DEFERRED,
    }
    assert [each.code for each in outcomes] == [0, 0]
    assert all(each.reply for each in outcomes)
    assert rig.arrived(marker) == []


@pytest.mark.parametrize("moment", [Moment.DATA_UNTAKEN, Moment.DATA_TAKEN])
def test_lost_inside_data_is_in_doubt_for_whom_was_accepted(rig: Rig, marker: str, moment: Moment) -> None:
    rig.cut_at(moment)
    commit = Commit()
    outcomes = send(rig, mail(marker), "reject1@example.test", "one@example.test", commit=commit)
    assert states(outcomes) == {
        "reject1@example.test": RecipientState.REFUSED,
        "one@example.test": RecipientState.IN_DOUBT,
    }
    assert commit.count == 1


def test_a_mail_in_doubt_may_have_arrived(rig: Rig, marker: str) -> None:
    rig.cut_at(Moment.DATA_TAKEN)
    outcomes = send(rig, mail(marker), "one@example.test")
    assert states(outcomes) == {"one@example.test": RecipientState.IN_DOUBT}
    assert len(rig.wait_for(marker)) == 1


def test_a_mail_in_doubt_may_not_have_arrived(rig: Rig, marker: str) -> None:
    rig.cut_at(Moment.DATA_UNTAKEN)
    outcomes = send(rig, mail(marker), "one@example.test")
    assert states(outcomes) == {"one@example.test": RecipientState.IN_DOUBT}
    send(rig, mail(f"{marker}-after"), "one@example.test")
    rig.wait_for(f"{marker}-after")
    assert rig.arrived(f"{marker}@") == []
