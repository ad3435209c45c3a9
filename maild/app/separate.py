"""Which conditions tell the messages that people corrected from all others: single ones and pairs, greedily.

No model: each condition is counted. Messages are bits of an integer, the same place in each, so that "both
hold" is one `and`. The same input always gives the same answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from maild.app.features import Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a proposal must reach: corrected messages that it catches, its precision; and how many at most."""

    support: int = 3
    precision: float = 0.9
    proposals: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Messages as bits: what people corrected, where the wanted answer is right, where each feature holds."""

    corrected: int
    right: int
    holds: Mapping[Feature, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Features that hold together in `hits` messages; the wanted answer is right in `right` of them."""

    features: tuple[Feature, ...]
    hits: int
    right: int
    caught: int  # of the corrected messages
    bits: int
    common: int  # in how many messages its features hold, each by itself

    @property
    def precision(self) -> float:
        """How many of the messages that it hits it is right about."""
        return self.right / self.hits


def separate(sample: Sample, demands: Demands) -> tuple[Proposal, ...]:
    """Proposals, the one that catches most first; each catches corrected messages that none before it did."""
    proposals: list[Proposal] = []
    candidates = [one for one in _candidates(sample) if one.precision >= demands.precision]
    missing = sample.corrected
    while len(proposals) < demands.proposals and candidates:
        best = min(candidates, key=lambda one: _order(one, missing))
        if (best.bits & missing).bit_count() < demands.support:
            break
        proposals.append(best)
        missing &= ~best.bits
    return tuple(proposals)


def _candidates(sample: Sample) -> Iterator[Proposal]:
    """Every single feature and every pair of two fields that catches something."""
    singles = [((feature,), bits) for feature, bits in sample.holds.items()]
    pairs = [
        ((one, other), sample.holds[one] & sample.holds[other])
        for one, other in combinations(sorted(sample.holds, key=lambda each: each.rank), 2)
        if one.field != other.field
    ]
    for asked, bits in (*singles, *pairs):
        if caught := bits & sample.corrected:
            yield Proposal(
                features=asked,
                hits=bits.bit_count(),
                right=(bits & sample.right).bit_count(),
                caught=caught.bit_count(),
                bits=bits,
                common=sum(sample.holds[one].bit_count() for one in asked),
            )


def _order(one: Proposal, missing: int) -> tuple[object, ...]:
    """Most caught first; then the surer, what names the sender, the simpler, and the more usual words.

    Who writes about what makes a rule that stays right; words alone catch strangers one day. A pair of
    characters that is a word is met more often than one that stands across two.
    """
    newly = (one.bits & missing).bit_count()
    anybody = not any(feature.names_sender for feature in one.features)
    ranks = [feature.rank for feature in one.features]
    return (-newly, -one.precision, anybody, len(one.features), -one.common, ranks)
