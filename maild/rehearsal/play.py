"""Plays a scenario, step by step, and tells what comes of it."""

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import assert_never
from zoneinfo import ZoneInfo

from maild.app.instruct import instruct
from maild.app.queries import list_cases, show_case
from maild.app.trial import Trial, open_trial
from maild.app.working_time import later
from maild.clock import ManualClock
from maild.errors import ConfigError, NotFound, UsageError
from maild.ids import SeededIds
from maild.model.case import Case
from maild.model.people import SHELL, Viewer
from maild.model.rehearsal import (
    AnswerMail,
    ExpectCase,
    ExpectMail,
    MakeCall,
    PassTime,
    Scenario,
    Step,
    TimeOrSpan,
    WriteMail,
)
from maild.rehearsal.cast import Cast, problem_in
from maild.rehearsal.expectations import Lookout, Verdict, judge_case
from maild.rehearsal.house import House, open_house
from maild.rehearsal.letters import Heading, Letter, answer_subject, with_quote, written
from maild.rehearsal.narrator import Narrator, Tell
from maild.rehearsal.post import Post
from maild.rehearsal.told import CheckTold, FactTold

_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
"""Where Linux keeps files in memory: SQLite waits for no disk there."""

_ANY_NUMBER = 100_000


def rehearse(scenario: Scenario, config: Path, tell: Tell) -> bool:
    """True when every expectation held; `tell` hears the story as it goes.

    Nothing of `config` is changed, and nobody is dialled.
    Raises: ConfigError when the folder or the scenario is wrong.
    """
    clock = ManualClock(scenario.start if scenario.start.tzinfo else scenario.start.replace(tzinfo=UTC))
    with TemporaryDirectory(prefix="maild-rehearsal-", dir=_in_memory()) as folder:
        trial = Trial(
            source=config,
            folder=Path(folder),
            clock=clock,
            ids=SeededIds(scenario.seed),
            people=scenario.people,
        )
        with open_trial(trial) as context, open_house(context, clock) as house:
            return _Play(scenario, house, tell).run()


def _in_memory() -> Path | None:
    return _MEMORY if os.access(_MEMORY, os.W_OK) else None


class _Play:
    """One scenario on its way."""

    def __init__(self, scenario: Scenario, house: House, tell: Tell) -> None:
        configuration = house.context.configuration
        self._scenario = scenario
        self._house = house
        self._tell = tell
        self._cast = Cast(configuration.staff, configuration.mailboxes)
        self._calendar = configuration.calendar_of(configuration.mailboxes[0])
        self._zone = ZoneInfo(self._calendar.zone)
        self._post = Post()
        self._narrator = Narrator(house, self._post, tell)
        self._lookout = Lookout(self._narrator.effects, self._zone)
        self._letters = 0
        self._all_held = True

    def run(self) -> bool:
        """Play all of it; True when every expectation held."""
        self._cast.check(self._scenario)
        self._house.clock.jump(self._instant(self._scenario.start))
        with self._narrator.listening():
            for step in self._scenario.steps:
                self._play(step)
        return self._all_held

    def _play(self, step: Step) -> None:
        if not isinstance(step, ExpectMail | ExpectCase):
            self._lookout.go_on()
        match step:
            case ExpectMail():
                self._expect(step)
            case ExpectCase():
                self._expect_case(step)
            case WriteMail():
                self._write(step)
            case AnswerMail():
                self._answer(step)
            case MakeCall():
                self._call(step)
            case PassTime():
                self._pass_time(step)
            case other:
                assert_never(other)

    # --- what people do -------------------------------------------------------------------------

    def _write(self, step: WriteMail) -> None:
        author = self._cast.who(step.from_)
        answered = None
        if step.in_reply_to:
            answered = self._post.named(step.in_reply_to, author.key)
            if answered is None:
                raise _wrong(step, f"{step.from_} knows no mail {step.in_reply_to}")
        subject = step.subject or (answer_subject(answered.subject) if answered else "")
        heading = Heading(
            author=author,
            to=tuple(self._cast.who(each).address for each in step.to) or (self._cast.desk.address,),
            cc=tuple(self._cast.who(each).address for each in step.cc),
            subject=subject,
            message_id=step.message_id.strip("<>") or self._new_id(author.domain),
            at=self._now(),
            answered=answered,
            headers=step.headers,
        )
        self._hand_in(step, heading, step.body)

    def _answer(self, step: AnswerMail) -> None:
        author = self._cast.who(step.from_)
        got_by = self._cast.who(step.got_by).key if step.got_by else author.key
        answered = self._post.newest_got_by(got_by)
        if answered is None:
            missing = Verdict(expected=f"a mail to {got_by} to be answered", instead=("none went out",))
            self._check(step, missing)
            return
        heading = Heading(
            author=author,
            to=(answered.answers_to,),
            subject=answer_subject(answered.subject),
            message_id=self._new_id(author.domain),
            at=self._now(),
            answered=answered,
        )
        self._hand_in(step, heading, with_quote(step.body, answered, self._now()))

    def _hand_in(self, step: WriteMail | AnswerMail, heading: Heading, body: str) -> None:
        """Bring a letter to all whom it is for; what a mailbox of ours wrote lies in its Sent folder."""
        try:
            raw = written(heading, body, step.charset, step.attach)
        except ValueError as exc:
            raise _wrong(step, f"the mail cannot be written: {exc}") from exc
        letter = Letter(raw, self._house.clock.now())
        recipients = [self._cast.who(each).address for each in (*heading.to, *heading.cc)]
        self._post.add(letter, by=heading.author.key, to=map(str.casefold, recipients))
        self._tell(FactTold(at=letter.at, kind=step.kind, who=heading.author.address, what=heading.subject))
        verdict = f"dmarc={'pass' if step.genuine else 'fail'} header.from={heading.author.domain}"
        reached = [self._house.deliver(raw, each, verdict) for each in recipients]
        ours = self._cast.is_ours(heading.author.key) and self._house.file_as_sent(raw, heading.author.key)
        if not (ours or any(reached)):
            raise _wrong(step, f"{', '.join(recipients)} is no mailbox of ours", "write to one of maild.toml")
        self._house.work()

    def _call(self, step: MakeCall) -> None:
        case = self._case(step)
        caller = self._cast.who(step.from_)
        self._tell(FactTold(at=self._house.clock.now(), kind=step.kind, who=caller.address, what=step.text))
        logged_by = Viewer(name=caller.key, sees_confidential=True, address=caller.key)
        try:
            instruct(self._house.context, logged_by, case.number, f"/call {step.text}")
        except UsageError as exc:
            raise _wrong(step, str(exc)) from exc
        self._narrator.mark_changed(case.id)
        self._house.work()

    def _pass_time(self, step: PassTime) -> None:
        instant = self._instant(step.to)
        if instant < self._house.clock.now():
            already = f"it is {self._local(self._house.clock.now())} already"
            raise _wrong(step, already, "steps stand in the order of time")
        told = f"until {self._local(instant)}"
        self._tell(FactTold(at=self._house.clock.now(), kind=step.kind, who="", what=told))
        self._house.go_on_until(instant)

    # --- what should come of it -----------------------------------------------------------------

    def _expect(self, step: ExpectMail) -> None:
        by = self._instant(step.by) if step.by else None
        if by and by > self._house.clock.now():
            self._house.go_on_until(by)
        to = self._cast.who(step.to).key if step.to else ""
        self._check(step, self._lookout.look(step, to, by))

    def _expect_case(self, step: ExpectCase) -> None:
        owner = self._cast.who(step.owner).key if step.owner else ""
        try:
            case = self._case(step)
        except ConfigError:
            self._check(step, Verdict(expected=f"a case ({step.case})", instead=("there is none",)))
            return
        self._check(step, judge_case(case, step, owner, self._house.clock.now(), self._zone))

    def _check(self, step: Step, verdict: Verdict) -> None:
        ok = not verdict.instead
        self._all_held = self._all_held and ok
        told = CheckTold(
            at=self._house.clock.now(),
            place=step.place,
            ok=ok,
            expected=verdict.expected,
            got=verdict.instead,
        )
        self._tell(told)

    # --- who, when, which -----------------------------------------------------------------------

    def _case(self, step: MakeCall | ExpectCase) -> Case:
        """The case that a step names. Raises: ConfigError when there is none."""
        if step.case not in {"last", "first"}:
            try:
                return show_case(self._house.context, SHELL, step.case).case
            except NotFound as exc:
                raise _wrong(step, f"there is no case {step.case}") from exc
        limit = 1 if step.case == "last" else _ANY_NUMBER
        cases = list_cases(self._house.context, SHELL, kind=None, stage=None, limit=limit)
        if not cases:
            raise _wrong(step, "there is no case yet")
        return cases[-1]

    def _instant(self, to: TimeOrSpan) -> datetime:
        if isinstance(to, datetime):
            return (to if to.tzinfo else to.replace(tzinfo=self._zone)).astimezone(UTC)
        return later(self._calendar, self._house.clock.now(), to)

    def _now(self) -> datetime:
        return self._house.clock.now().astimezone(self._zone)

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _new_id(self, domain: str) -> str:
        self._letters += 1
        return f"{self._letters}.rehearsal@{domain}"


def _wrong(step: Step, what: str, hint: str = "") -> ConfigError:
    return ConfigError((problem_in(step, what, hint),))
