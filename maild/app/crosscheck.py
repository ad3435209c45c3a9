"""What no single file of a configuration shows: whether its files fit together.

Each template that is sent exists, each kind is run by exactly one playbook, each mailbox that a rule names
is in maild.toml. A part that could not be loaded is None: what depends on it is not checked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from maild.errors import ConfigError, Problem
from maild.mistakes import nearest
from maild.model.playbook import Playbook
from maild.model.rule import Operator, Rule
from maild.rules.match import tests_in
from maild.settings import MailboxSettings, Settings
from maild.toml_places import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a configuration, None where one could not be loaded."""

    settings: Settings
    rules: Sequence[Rule] | None
    playbooks: Sequence[Playbook] | None
    template_names: Collection[str] | None


def cross_check(parts: Parts) -> tuple[Problem, ...]:
    """A Problem for everything that does not fit together."""
    return (
        *_unknown_mailboxes(parts),
        *_unknown_templates(parts),
        *_shared_words(parts),
        *_kinds_of_rules(parts),
        *_kinds_of_mailboxes(parts),
    )


def _unknown_mailboxes(parts: Parts) -> Iterator[Problem]:
    known = [mailbox.name for mailbox in parts.settings.mailboxes]
    for rule in parts.rules or ():
        for test in tests_in(rule.when):
            if test.field == "mailbox" and test.operator is Operator.IS:
                for name in test.values:
                    if name not in known:
                        what = f"rule {rule.name!r}: there is no mailbox {name!r}"
                        yield _problem(parts, rule.place, what, nearest(name, known))


def _unknown_templates(parts: Parts) -> Iterator[Problem]:
    known = parts.template_names
    for playbook in parts.playbooks or ():
        for reaction in playbook.reactions:
            if known is not None and reaction.send and reaction.send not in known:
                what = f"there is no template {reaction.send!r}"
                yield _problem(parts, reaction.place, what, nearest(reaction.send, known))


def _shared_words(parts: Parts) -> Iterator[Problem]:
    """Kinds and number prefixes that two playbooks claim."""
    claimed: dict[tuple[str, str], str] = {}
    for playbook in parts.playbooks or ():
        words = [("kind", kind) for kind in playbook.kinds] + [("number_prefix", playbook.number_prefix)]
        for sort, word in words:
            first = claimed.setdefault((sort, word), playbook.place)
            if first != playbook.place:
                what = f"the {sort} {word!r} belongs to the playbook in {first}"
                yield _problem(parts, playbook.place, what, "take it out of one of them")


def _kinds_of_rules(parts: Parts) -> Iterator[Problem]:
    known = _kinds(parts)
    for rule in parts.rules or ():
        kind = rule.then.case_kind
        if known is not None and kind is not None and kind not in known:
            what = f"rule {rule.name!r}: no playbook runs cases of the kind {kind!r}"
            yield _problem(parts, rule.place, what, nearest(kind, known))


def _kinds_of_mailboxes(parts: Parts) -> Iterator[Problem]:
    known = _kinds(parts)
    for at, mailbox in enumerate(parts.settings.mailboxes):
        if known is not None and mailbox.default_kind not in known:
            yield _about_mailbox(parts.settings, at, mailbox, nearest(mailbox.default_kind, known))


def _about_mailbox(settings: Settings, at: int, mailbox: MailboxSettings, hint: str) -> Problem:
    """The settings do not know their lines: they are looked up again."""
    what = f"mailbox {mailbox.name!r}: no playbook runs cases of the kind {mailbox.default_kind!r}"
    try:
        return read_toml(settings.path).problem(("mailbox", at, "default_kind"), what, hint)
    except ConfigError:
        return Problem(file=str(settings.path), what=what, hint=hint)


def _kinds(parts: Parts) -> list[str] | None:
    return None if parts.playbooks is None else [kind for each in parts.playbooks for kind in each.kinds]


def _problem(parts: Parts, place: str, what: str, hint: str) -> Problem:
    """A problem at `place`, which is a file below the config folder with its line."""
    file, _, line = place.rpartition(":")
    return Problem(file=str(parts.settings.folder / Path(file)), line=int(line), what=what, hint=hint)
