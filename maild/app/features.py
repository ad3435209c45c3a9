"""What a rule could ask of a message: its senders, words of its subject and text, names of its attachments.

Words, and pairs of characters where no space parts words, are those of the search index; a short Chinese
phrase counts as a whole too. A shared domain (qq.com) says nothing of who writes: there the address is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from maild.model.rule import Action, Operator, Rule, RuleInput, Test
from maild.rules.match import RuleSet, compile_rules
from maild.store.search_tokens import tokens

_TEXT_CHARACTERS: Final = 2_000  # what a letter is about stands at its beginning
_WORD_MAX: Final = 40
_PHRASE: Final = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{3,6}(?![\u3400-\u9fff])")
_WHOLE: Final = ("from", "from_domain", "to", "mailbox", "header:list-id")
_WORDED: Final = ("base_subject", "attachment_name", "text")
_SENDERS: Final = frozenset({"from", "from_domain", "header:list-id"})
_ENDING: Final = "attachment_name"

ORDER: Final = (
    "from_domain",
    "header:list-id",
    "from",
    "base_subject",
    "attachment_name",
    "to",
    "mailbox",
    "text",
)
"""Fields from what tells most to what tells least: of two conditions alike, the first is proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One test of one field with one value."""

    field: str
    operator: Operator
    value: str

    @property
    def rank(self) -> tuple[int, str, int, str]:
        """Where it stands among features alike; a longer value is the plainer one."""
        return ORDER.index(self.field), self.operator, -len(self.value), self.value

    @property
    def names_sender(self) -> bool:
        """True when it asks who writes."""
        return self.field in _SENDERS

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


def features(seen: RuleInput, shared_domains: frozenset[str]) -> frozenset[Feature]:
    """Everything that a message offers to ask for."""
    fields = dict(seen.fields)
    found = {*_whole(fields), *_worded(fields)}
    return frozenset(one for one in found if not (one.field == "from_domain" and one.value in shared_domains))


def question_of(asked: tuple[Feature, ...]) -> RuleSet:
    """Rules that ask for one feature each, in order, so that the real matcher answers."""
    return compile_rules(
        tuple(
            Rule(
                name=str(one),
                place="",
                when=Test(field=one.field, operator=one.operator, values=(one.value,)),
                then=Action(),
            )
            for one in asked
        )
    )


def _whole(fields: dict[str, tuple[str, ...]]) -> Iterator[Feature]:
    for name in _WHOLE:
        for value in fields.get(name, ()):
            if value.strip():
                yield Feature(field=name, operator=Operator.IS, value=value.strip())


def _worded(fields: dict[str, tuple[str, ...]]) -> Iterator[Feature]:
    for name in _WORDED:
        for value in fields.get(name, ()):
            begins = value[:_TEXT_CHARACTERS]
            for word in (*tokens(begins), *_PHRASE.findall(begins)):
                if 1 < len(word) <= _WORD_MAX and not word.isdecimal():
                    yield Feature(field=name, operator=Operator.CONTAINS, value=word)
    for value in fields.get(_ENDING, ()):
        if ending := PurePosixPath(value.casefold()).suffix:
            yield Feature(field=_ENDING, operator=Operator.ENDS, value=ending)
