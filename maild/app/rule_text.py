"""A proposed rule as the YAML of a rule file, and that YAML as rules: what is shown is what was tried."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.app.features import Feature
from maild.model.events import CorrectedField
from maild.model.rule import Rule
from maild.rules.load import load_rules

FIRST = "00-learned.yaml"
"""Sorts before the shipped files, so that no earlier rule stops the ones in it."""

LAST = "zz-learned.yaml"
"""Sorts behind the shipped files, so that no later rule settles what the ones in it have settled."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """What shall be settled, as a CorrectedField, and how."""

    settles: str
    value: str


def rule_file(target: Target, asked: tuple[Feature, ...], *, by_people: bool) -> str:
    """A whole rule file with one rule; `by_people` keeps it from mail that machines write.

    Values stand in double quotes: JSON strings are YAML 1.2 (§5.7).
    """
    name = f"{target.settles} {target.value}: {' and '.join(map(str, asked))}"
    tests = [f"{one.field}: {{{one.operator}: {_quoted(one.value)}}}" for one in asked]
    lines = [
        "rules:",
        f"  - name: {_quoted(name)}",
        "    when:",
        *(f"      {test}" for test in (["automatic: none", *tests] if by_people else tests)),
        f"    then: {_then(target)}",
    ]
    return "\n".join(lines) + "\n"


def rules_of_text(text: str) -> tuple[Rule, ...]:
    """The rules of a rule file as the loader reads them. Raises: ConfigError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules" / FIRST
        path.parent.mkdir()
        path.write_text(text, "utf-8")
        return load_rules(path.parent)


def _then(target: Target) -> str:
    """A kind is final; whatever else is settled leaves the kind to other rules."""
    stop = ", stop: true" if target.settles == CorrectedField.KIND else ""
    return f"{{{target.settles}: {_quoted(target.value)}{stop}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
