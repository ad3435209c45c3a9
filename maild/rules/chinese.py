"""Traditional characters as simplified ones, so that 報價 and 报价 are one word where a rule asks for it.

OpenCC has the tables; only this module knows it. Its configuration t2s converts characters and the words in
which one traditional character stands for several simplified ones.
"""

from functools import cache

from opencc import OpenCC


def simplified(text: str) -> str:
    """The text in simplified characters; a lone surrogate from broken mail becomes a question mark."""
    return str(_converter().convert(text.encode("utf-8", "replace").decode("utf-8")))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
