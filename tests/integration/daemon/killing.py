"""`maild run` killed by SIGKILL at random moments, amid mail that comes and goes, and started again."""

import random  # noqa: TID251 -- seeded, and the seed is printed
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from maild.app.context import Context
from maild.app.process import process_pending
from maild.app.verify import verify_folder
from maild.app.watch import folders_of
from maild.imap.connect import connect
from maild.model.delivery import OutboxEntry, OutboxState
from maild.store import archive, outbox
from tests.integration.intake.conftest import letter
from tests.servers.dovecot import DovecotServer
from tests.servers.installation import LONG_AGO, Box, Installation
from tests.servers.program import stop, wait_until
from tests.servers.sink import read_folder

ROOT = Path(__file__).parents[3]
LIFE_S = 1.2
SETTLE_AFTER_S = 2.0
WAITING = frozenset({OutboxState.QUEUED, OutboxState.SENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often it is killed, and how many customers write meanwhile."""

    kills: int
    messages: int
    seed: int
    doubt_proof: str
    account: str


class KillRun:
    """One maild, its mailbox on Dovecot, and the sink that its answers go to."""

    def __init__(self, folder: Path, dovecot: DovecotServer, sink_port: int, plan: Plan) -> None:
        self.plan = plan
        self.mails = folder / "sink"
        self.log = folder / "maild.log"
        self.dovecot = dovecot
        self.delivered = 0
        self.chance = random.Random(plan.seed)  # noqa: S311 -- reproducible on purpose
        box = Box(
            account=plan.account,
            keys={"act_since": LONG_AGO, "doubt_proof": plan.doubt_proof},
            imap={"poll_interval_s": 1},
            smtp={"port": sink_port},
        )
        self.installation = Installation(
            folder, dovecot, [box], {"outbox": {"settle_after_s": SETTLE_AFTER_S}}
        )

    def live_and_die(self) -> None:
        """Lives as many as there are kills; a part of the customers write in each of them."""
        sys.stdout.write(f"\n{self.plan}\n")
        for kill in range(self.plan.kills):
            due = self.plan.messages * (kill + 1) // self.plan.kills - self.delivered
            before = due // 2
            self._deliver(before)
            running = self.installation.start(self.log)
            try:
                self._live(kill, due - before)
                assert running.poll() is None, self.log.read_text("utf-8")
            finally:
                running.kill()
                running.wait(10)

    def _live(self, kill: int, due: int) -> None:
        """Until the moment to die: while it starts, at random after that, or with a mail just given away."""
        if kill % 5 == 4:
            self._deliver(due)
            self._pause(self.chance.uniform(0, LIFE_S))
            return
        begun = self._times_read()
        wait_until(lambda: self._times_read() > begun, "the mailbox read")
        kept = len(self._kept())
        for _ in range(due):
            self._pause(self.chance.uniform(0, LIFE_S / due))
            self._deliver(1)
        if kill % 2 == 0:
            wait_until(lambda: len(self._kept()) > kept, "a mail at the sink")
        else:
            self._pause(self.chance.uniform(0, LIFE_S / 2))

    def _pause(self, pause_s: float) -> None:
        threading.Event().wait(pause_s)

    def _deliver(self, count: int) -> None:
        for _ in range(count):
            self.dovecot.deliver(self.plan.account, letter(self.delivered, to=self.plan.account))
            self.delivered += 1

    def _times_read(self) -> int:
        return self.log.read_text("utf-8").count("service: reading") if self.log.exists() else 0

    def _kept(self) -> list[Path]:
        return list(self.mails.glob("*.json"))

    def live_on(self, context: Context, *settled: OutboxState, limit_s: float = 60.0) -> None:
        """Run undisturbed until every customer's answer is in one of those states; then end, with 0."""
        begun = self._times_read()
        running = self.installation.start(self.log)
        try:
            wait_until(lambda: self._times_read() > begun, "the mailbox read")
            wait_until(lambda: self._quiet(context, frozenset(settled)), "every answer settled", limit_s)
            running.terminate()
            assert running.wait(10) == 0
        finally:
            stop(running)

    def _quiet(self, context: Context, settled: frozenset[OutboxState]) -> bool:
        states = Counter(mail.state for mail in answers(context))
        done = sum(states[state] for state in settled)
        return done == self.plan.messages == states.total() and self._all_read(context)

    def _all_read(self, context: Context) -> bool:
        copies = sum(self.plan.account in mail.recipients for mail in read_folder(self.mails))
        return context.store.read(archive.counts).deliveries == self.plan.messages + copies

    def check_archive(self, context: Context) -> None:
        """Every message is there once, with its case, and the server has nothing that is not here."""
        while process_pending(context).settled:
            pass
        counts = context.store.read(archive.counts)
        assert (counts.cases, counts.messages) == (self.plan.messages, 2 * self.plan.messages)
        mailbox = context.settings.mailboxes[0]
        session = connect(mailbox.imap, mailbox.name)
        found = [verify_folder(context, session, one) for one in folders_of(context, session, mailbox)]
        session.close()
        assert all(one.complete and not one.quarantined and not one.unprocessed for one in found)
        assert found[-1].on_server == counts.deliveries

    def received(self) -> Counter[str]:
        """How many answers each customer has got."""
        return Counter(
            address
            for mail in read_folder(self.mails)
            for address in mail.recipients
            if address != self.plan.account
        )

    def tell(self, context: Context) -> None:
        """How much of the run was in doubt."""
        attempts = [
            attempt.outcome
            for mail in answers(context)
            for attempt in context.store.read(lambda conn: outbox.attempts(conn, mail.id))  # noqa: B023
        ]
        cut = Counter(outcome for outcome in attempts if outcome.startswith("the sender ended"))
        sys.stdout.write(f"{len(attempts)} attempts, {dict(cut)}\n")


def customers(count: int) -> set[str]:
    """The addresses of everybody who wrote."""
    return {f"customer{number}@customer{number}.example" for number in range(count)}


def answers(context: Context) -> tuple[OutboxEntry, ...]:
    """Every mail of the outbox."""
    return context.store.read(lambda conn: outbox.listing(conn, frozenset(OutboxState), 10_000))


@contextmanager
def kill_run(folder: Path, dovecot: DovecotServer, plan: Plan) -> Iterator[KillRun]:
    """The servers of a run: an account on Dovecot, a sink in a process of its own."""
    dovecot.add_account(plan.account)
    command = [sys.executable, "-m", "tests.servers.kill_sink", "--folder", str(folder / "sink")]
    command += ["--lmtp", str(dovecot.lmtp_port), "--ours", plan.account]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as sink:
        try:
            assert sink.stdout is not None
            yield KillRun(folder, dovecot, int(sink.stdout.readline()), plan)
        finally:
            sink.kill()


def prove_with_copies(folder: Path, dovecot: DovecotServer, plan: Plan) -> None:
    """Where a copy to ourselves proves the sending, every customer has one answer and nothing is in doubt."""
    with kill_run(folder, dovecot, plan) as run, run.installation.opened() as context:
        run.live_and_die()
        run.live_on(context, OutboxState.DONE)
        run.tell(context)
        run.check_archive(context)
        assert run.received() == Counter(customers(plan.messages))


def prove_without_copies(folder: Path, dovecot: DovecotServer, plan: Plan) -> None:
    """Where nothing proves it, every customer has at most one answer, and who has none is in doubt."""
    with kill_run(folder, dovecot, plan) as run, run.installation.opened() as context:
        run.live_and_die()
        run.live_on(context, OutboxState.DONE, OutboxState.IN_DOUBT)
        run.tell(context)
        run.check_archive(context)
        received = run.received()
        assert set(received.values()) == {1}
        doubtful = [mail for mail in answers(context) if mail.state is OutboxState.IN_DOUBT]
        assert doubtful
        assert customers(plan.messages) - set(received) <= {mail.recipients[0].address for mail in doubtful}
        settled = run.installation.run("outbox", "settle", doubtful[0].id, "sent")
        assert settled.stdout == f"{doubtful[0].id}: 1 recipient(s) settled as sent\n", settled.stderr
        after = context.store.read(lambda conn: outbox.entry(conn, doubtful[0].id))
        assert after.state is OutboxState.DONE
