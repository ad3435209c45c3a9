"""A proposal as the file that an admin can copy, and the configuration that this would make.

A kind is final, so that its rule comes before all others. Whatever else a rule settles, a later one may
settle otherwise, or one above it may stop: there are two drafts, one for each end, and a trial shows which
one does more. What somebody is to us is no rule's to say, but a list's.
"""

import json
from dataclasses import dataclass, replace

from maild.app.configuration import Configuration
from maild.app.features import Feature
from maild.app.rule_text import FIRST, LAST, Target, rule_file, rules_of_text
from maild.model.events import CorrectedField
from maild.model.people import PartyKind, PartyList
from maild.model.rule import NamedList
from maild.rules.finders import is_listed
from maild.rules.match import compile_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """YAML, the file below the config folder that it is for, and the configuration with it."""

    file: str
    text: str
    changed: Configuration


def drafts(
    target: Target, asked: tuple[Feature, ...], now: Configuration, *, by_people: bool
) -> tuple[Draft, ...]:
    """The ways to do it, the one that is taken among equals first."""
    if target.settles == CorrectedField.PARTY_KIND:
        return (_entry(PartyKind(target.value), asked, now),)
    text = rule_file(target, asked, by_people=by_people)
    learned = compile_rules(rules_of_text(text))
    first = Draft(
        file=f"rules/{FIRST}", text=text, changed=replace(now, ruleset=now.ruleset.preceded_by(learned))
    )
    if target.settles == CorrectedField.KIND:
        return (first,)
    last = replace(now, ruleset=learned.preceded_by(now.ruleset))
    return first, Draft(file=f"rules/{LAST}", text=text, changed=last)


def _entry(kind: PartyKind, asked: tuple[Feature, ...], now: Configuration) -> Draft:
    """The sender in the first list of those who are of that kind, or in one of its own.

    Lists that say otherwise are named in a comment: the first list that has a sender is believed.
    """
    entry = min(asked, key=lambda one: one.field).value  # the address where it is asked for, else the domain
    home = next((each for each in now.lists if each.party is kind), None)
    others = [each for each in now.lists if each.party not in {None, kind} and _has(each, entry)]
    remarks = [f"# {_file(each)} says {each.party}: take it out there\n" for each in others]
    text = f"{''.join(remarks)}party: {kind}\nentries:\n  - {json.dumps(entry, ensure_ascii=False)}\n"
    lists = tuple(_with(each, entry) if each is home else each for each in now.lists)
    believed = PartyList(kind=kind, entries=frozenset({entry}))
    changed = replace(
        now,
        company=replace(now.company, parties=(believed, *now.company.parties)),
        ruleset=compile_rules(now.ruleset.rules, lists),
        lists=lists,
    )
    return Draft(
        file=_file(home) if home else f"lists/{_free_name(kind, now)}.yaml", text=text, changed=changed
    )


def _has(named: NamedList, entry: str) -> bool:
    return is_listed(entry, {each.casefold() for each in named.entries})


def _with(named: NamedList, entry: str) -> NamedList:
    return replace(named, entries=(*named.entries, entry))


def _file(named: NamedList) -> str:
    return named.place.partition(":")[0]


def _free_name(kind: PartyKind, now: Configuration) -> str:
    taken = {each.name for each in now.lists}
    return f"learned-{kind}" if kind in taken else str(kind)
