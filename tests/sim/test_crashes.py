"""A crash at the k-th point, for every k: after a restart nothing is lost and nothing happens twice.

The points are every commit (just before, just after), every call to the IMAP server, every step of an SMTP
dialogue. Where the crash falls inside DATA the mail is in doubt until its own copy proves that it left (the
world below delivers it, as every mail server would), or until the proof is overdue and it is sent again.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from maild.app.queries import search_messages
from maild.model.delivery import OutboxState
from maild.model.people import SHELL
from maild.rehearsal.smtp import Moment
from maild.store import archive, cases
from tests.sim.rig import SERVICE, Rig, Running, a_mail, header_of

WITH_PROOF = {"mailbox.service.doubt_proof": "bcc_self", "mailbox.service.after.action": "flag"}


class Crash(BaseException):
    """The process is gone: nothing in maild may catch this."""


@dataclass
class Fuse:
    """Blows at the k-th point, once; 0 never blows and only counts."""

    at: int
    count: int = 0

    def point(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise Crash


class World:
    """A rig in which every point goes through the fuse, and what maild sends to itself arrives."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        self.fuse = fuse
        self.rig = Rig(folder, overrides=WITH_PROOF)
        self.rig.imap.hook = lambda _method, _call: fuse.point()
        self.rig.smtp.script = self._step
        self.copies = 0

    def _step(self, _moment: Moment) -> None:
        self.fuse.point()

    def live(self) -> None:
        """Two customers write, one of them twice; the process is started again whenever it crashes."""
        self.rig.imap.deliver(a_mail(), self.rig.clock.now())
        self.rig.imap.deliver(
            a_mail("韩梅梅 <han@other.example>", "投诉", Message_ID="<h1@other.example>"),
            self.rig.clock.now(),
        )
        self.rig.imap.deliver(
            a_mail(Message_ID="<m2@customer.example>", References="<m1@customer.example>"),
            self.rig.clock.now(),
        )
        for _ in range(2):
            try:
                self._run()
            except* Crash:  # alone, or out of a task group
                self.rig.imap.cut()
                self._deliver_copies()

    def _run(self) -> None:
        with self.rig.running(lambda _: self.fuse.point()) as maild:
            for _ in range(40):
                maild.work()
                self._deliver_copies()
                if self._quiet(maild):
                    return
                self.rig.clock.advance(timedelta(minutes=1))
            raise AssertionError(f"still waiting: {maild.outbox(*OutboxState)}")

    def _quiet(self, maild: Running) -> bool:
        waiting = maild.outbox(OutboxState.QUEUED, OutboxState.SENDING, OutboxState.IN_DOUBT)
        known = maild.context.store.read(archive.counts)
        return not waiting and known.deliveries == len(self.rig.imap.messages("INBOX"))

    def _deliver_copies(self) -> None:
        taken = self.rig.smtp.taken
        for mail in taken[self.copies :]:
            if SERVICE in mail.recipients:
                self.rig.imap.deliver(mail.raw, self.rig.clock.now())
        self.copies = len(taken)


def points(folder: Path) -> int:
    """How many points a life without a crash has."""
    fuse = Fuse(at=0)
    World(folder, fuse).live()
    return fuse.count


def check(world: World) -> None:
    """All is there once: messages, cases, answers."""
    world.fuse.at = 0
    answers = Counter(
        header_of(mail.raw, "To") for mail in world.rig.smtp.taken if mail.recipients != (SERVICE,)
    )
    assert len(answers) == 2
    assert set(answers.values()) == {1}, answers
    with world.rig.running() as maild:
        counts = maild.context.store.read(archive.counts)
        assert (counts.messages, counts.cases) == (5, 2)
        assert {case.message_count for case in maild.cases()} == {2, 3}
        assert not maild.outbox(
            OutboxState.QUEUED, OutboxState.SENDING, OutboxState.IN_DOUBT, OutboxState.HELD
        )
        assert len(search_messages(maild.context, SHELL, "投诉", limit=10)) == 2
        for case in maild.cases():
            assert maild.context.store.read(partial(cases.verify_journal, case_id=case.id)) is None


def test_a_life_without_crash(tmp_path: Path) -> None:
    world = World(tmp_path, Fuse(at=0))
    world.live()
    check(world)


@pytest.mark.parametrize("part", range(8))
def test_a_crash_at_every_point(tmp_path: Path, part: int) -> None:
    total = points(tmp_path / "count")
    assert total > 50
    for at in range(1 + part, total + 1, 8):
        world = World(tmp_path / str(at), Fuse(at=at))
        world.live()
        check(world)
