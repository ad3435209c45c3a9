"""Whether two subjects speak of one matter, when one of them answers the other.

People add to a subject, cut it short, count stages in it, or name the one before (`X (was: Y)`): that goes on
with the matter. A subject that shares none of this begins a new one. It looks at subjects alone, which makes
the answer the same whichever mail came first; quoted text shows nothing, since programs quote by themselves.
"""

import re
import unicodedata
from collections.abc import Iterable

# `X (was: Y)` says that it goes on with Y, whatever is left of Y in it.
_NAMES_THE_ONE_BEFORE = re.compile(r"[(\[【]\s*(?:was|formerly|原主题|原标题|原)\s*:", re.IGNORECASE)
# Stages and counters: 第二阶段, stage 3. Longer numbers name an order or a product, and tell matters apart.
_COUNTER = re.compile(r"第[0-9〇零一二三四五六七八九十百]+|(?<![0-9])[0-9]{1,2}(?![0-9])")


def one_matter(subject: str, others: Iterable[str]) -> bool:
    """True when the base subject goes on with one of `others`: neither tells that something new begins.

    A subject without a letter or a longer number tells nothing, and goes with any.
    """
    own = _bare(subject)
    return any(own in bare or bare in own for bare in map(_bare, others))


def _bare(subject: str) -> str:
    """Letters and longer numbers alone, case and width folded; empty where the subject tells nothing."""
    text = unicodedata.normalize("NFKC", subject).casefold()
    if _NAMES_THE_ONE_BEFORE.search(text):
        return ""
    return "".join(filter(str.isalnum, _COUNTER.sub("", text)))
