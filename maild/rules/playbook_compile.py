"""A playbook as the model knows it, made from what pydantic has checked.

What no single key can show is checked here: a stage that the playbook does not have, a deadline that nobody
named, two deadlines of one name.
"""

from collections.abc import Iterable, Iterator

from maild.errors import Problem
from maild.mistakes import Document, Loc, nearest
from maild.model.calendar import SpanMode
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import (
    PREVIOUS,
    Again,
    Deadline,
    Either,
    Escalation,
    Every,
    Playbook,
    Proof,
    Reaction,
    Reminder,
    Seen,
    Update,
)
from maild.rules.happening import parse_happening
from maild.rules.playbook_schema import (
    DeadlineEntry,
    EscalationEntry,
    PlaybookFile,
    ProofEntry,
    ReactionEntry,
    ReminderEntry,
    TimerEntry,
    UpdateEntry,
)
from maild.rules.span import parse_span


def playbook_of(file: PlaybookFile, document: Document, name: str) -> Playbook:
    """The playbook; `name` stands in its places before line and column."""
    return Playbook(
        name=file.name,
        version=file.version,
        number_prefix=file.number_prefix,
        kinds=tuple(file.kinds),
        stages=tuple(file.stages),
        closing_stages=frozenset(file.closing_stages),
        reactions=tuple(
            _reaction(entry, _place(document, ("on", at), name)) for at, entry in enumerate(file.on)
        ),
        deadlines=tuple(_clocks(file, document, name)),
        doubt_policy=file.when_in_doubt,
        place=_place(document, ("name",), name),
    )


def _clocks(file: PlaybookFile, document: Document, name: str) -> Iterator[Deadline]:
    """Deadlines, updates and timers: all that runs by the calendar."""
    for at, deadline in enumerate(file.deadlines):
        yield _deadline(deadline, _place(document, ("deadlines", at), name))
    for at, update in enumerate(file.updates):
        yield _update(update, _place(document, ("updates", at), name))
    for at, timer in enumerate(file.timers):
        yield _timer(timer, _place(document, ("timers", at), name))


def wrong_names(file: PlaybookFile, document: Document) -> Iterator[Problem]:
    """A Problem for each stage and deadline that is named and not there, and each name that stands twice."""
    timers = [entry.name for entry in file.timers]
    deadlines = [entry.name for entry in file.deadlines]
    for loc, stage in _stages_named(file):
        if stage not in file.stages:
            yield document.problem(loc, f"there is no stage {stage!r}", nearest(stage, file.stages))
    for loc, happening in _happenings_named(file):
        if happening.occurrence in {Occurrence.MET, Occurrence.MISSED} and happening.of not in deadlines:
            yield document.problem(
                loc, f"there is no deadline {happening.of!r}", nearest(happening.of, deadlines)
            )
        if happening.occurrence is Occurrence.ELAPSED and happening.of not in timers:
            yield document.problem(loc, f"there is no timer {happening.of!r}", nearest(happening.of, timers))
    seen: set[str] = set()
    for loc, clock in _clock_names(file):
        if clock in seen:
            what = f"the name {clock!r} stands here twice"
            yield document.problem(loc, what, "choose another; deadlines, updates and timers share them")
        seen.add(clock)


def _clock_names(file: PlaybookFile) -> Iterator[tuple[Loc, str]]:
    for section in ("deadlines", "updates", "timers"):
        for at, entry in enumerate(getattr(file, section)):
            yield (section, at, "name"), entry.name


def _reaction(entry: ReactionEntry, place: str) -> Reaction:
    return Reaction(
        on=_happenings(entry.fact),
        unless=tuple(entry.unless),
        send=entry.send,
        to=entry.to,
        move_to=entry.move_to,
        stages=frozenset(entry.stages),
        place=place,
    )


def _deadline(entry: DeadlineEntry, place: str) -> Deadline:
    return Deadline(
        name=entry.name,
        title=tuple(entry.title.items()),
        starts=_happenings(entry.starts),
        stages=frozenset(entry.stages),
        unless=tuple(entry.unless),
        within=parse_span(entry.within, entry.counts),
        again=entry.again,
        met_by=_any_of(entry.met_by),
        dropped_by=_happenings(entry.dropped_by),
        paused_in=frozenset(entry.paused_in),
        reminders=tuple(map(_reminder, entry.remind)),
        escalations=tuple(map(_escalation, entry.escalate)),
        place=place,
    )


def _update(entry: UpdateEntry, place: str) -> Deadline:
    ask = Reminder(before=parse_span(entry.ask_before), to=entry.ask, template=entry.ask_with)
    return Deadline(
        name=entry.name,
        title=tuple(entry.title.items()),
        starts=_happenings((*entry.starts, *entry.news)),
        stages=frozenset(entry.stages),
        within=parse_span(entry.every),
        again=Again.RESTART,
        met_by=Either(parts=()),
        paused_in=frozenset(entry.paused_in),
        reminders=(ask,),
        update=Update(
            template=entry.send,
            otherwise=entry.otherwise,
            at_most=entry.at_most,
            ask_template=entry.ask_with,
            then=entry.then,
            then_template=entry.then_send,
        ),
        place=place,
    )


def _timer(entry: TimerEntry, place: str) -> Deadline:
    return Deadline(
        name=entry.name,
        title=(("en", entry.name),),
        starts=_happenings(entry.starts),
        stages=frozenset(entry.stages),
        within=parse_span(entry.after, SpanMode.TO_HOUR),
        again=entry.again,
        met_by=Either(parts=()),
        dropped_by=_happenings(entry.dropped_by),
        is_promise=False,
        place=place,
    )


def _reminder(entry: ReminderEntry) -> Reminder:
    return Reminder(before=parse_span(entry.before), to=entry.to, template=entry.send)


def _escalation(entry: EscalationEntry) -> Escalation:
    after = parse_span(entry.after) if entry.after else None
    return Escalation(after=after, to=entry.to, template=entry.send)


def _happenings(texts: Iterable[str]) -> tuple[Happening, ...]:
    return tuple(map(parse_happening, texts))


def _any_of(entries: Iterable[str | ProofEntry]) -> Proof:
    """One part as itself, several as Either."""
    parts = tuple(map(_proof, entries))
    return parts[0] if len(parts) == 1 else Either(parts=parts)


def _proof(entry: str | ProofEntry) -> Proof:
    if isinstance(entry, str):
        return Seen(happening=parse_happening(entry))
    if entry.fact is not None:
        return Seen(happening=parse_happening(entry.fact), days=entry.days)
    if entry.all_ is not None:
        return Every(parts=tuple(map(_proof, entry.all_)))
    return _any_of(entry.any_ or ())


def _stages_named(file: PlaybookFile) -> Iterator[tuple[Loc, str]]:
    yield from ((("closing_stages", at), stage) for at, stage in enumerate(file.closing_stages))
    for at, entry in enumerate(file.on):
        if entry.move_to and entry.move_to != PREVIOUS:
            yield ("on", at, "move_to"), entry.move_to
    for loc, stages in _stage_lists(file):
        yield from (((*loc, at), stage) for at, stage in enumerate(stages))
    for loc, happening in _happenings_named(file):
        if happening.occurrence is Occurrence.ENTERED:
            yield loc, happening.of


def _stage_lists(file: PlaybookFile) -> Iterator[tuple[Loc, list[str]]]:
    for section in ("on", "deadlines", "updates", "timers"):
        for at, entry in enumerate(getattr(file, section)):
            yield (section, at, "while"), entry.stages
            yield (section, at, "paused_in"), getattr(entry, "paused_in", [])


def _happenings_named(file: PlaybookFile) -> Iterator[tuple[Loc, Happening]]:
    """Every happening that stands in the file, with its place."""
    for section, keys in _HAPPENING_KEYS.items():
        for at, entry in enumerate(getattr(file, section)):
            for key in keys:
                yield from _placed((section, at, key), getattr(entry, key))
    for at, deadline in enumerate(file.deadlines):
        for happening in _any_of(deadline.met_by).happenings:
            yield ("deadlines", at, "met_by"), happening


_HAPPENING_KEYS = {
    "on": ("fact",),
    "deadlines": ("starts", "dropped_by"),
    "updates": ("starts", "news"),
    "timers": ("starts", "dropped_by"),
}


def _placed(loc: Loc, texts: Iterable[str]) -> Iterator[tuple[Loc, Happening]]:
    return (((*loc, at), parse_happening(text)) for at, text in enumerate(texts))


def _place(document: Document, loc: Loc, name: str) -> str:
    line, column = document.place(loc)
    return f"{name}:{line}:{column}"
