"""Greetings, thanks and closings: what is said for politeness and decides nothing.

Only whole clauses count, and only of words that are listed: 谢谢你们的及时回复 is one, and
谢谢你们的垃圾服务 is not.
"""

import re

from maild.parsers import quote_marks
from maild.parsers.fold import folded, letters

_TITLE = r"(?:总|经理|工|老师|主任|先生|女士|小姐|部长|处长|局长|科长|董|哥|姐|总监|师傅)"
_NAMED = rf"[^\W\d_]{{1,4}}{_TITLE}"
_YOU = rf"(?:您们?|你们?|大家|各位|贵司|贵公司|贵方|{_NAMED})"
_GREETING = (
    rf"{_YOU}(?:们|领导|同事)?,? ?(?:您|你|你们|大家)?好|您好|你好|早上好|上午好|中午好|下午好|晚上好|早安"
    r"|(?:hi|hello|hey|dear)(?: [^\W\d_][\w.'-]*){1,4}|(?:hello|hi|hey)(?![a-z])|尊敬的[^\W\d_]{1,16}"
    r"|各位(?:领导|同事|老师)?|大家好"
    r"|good (?:morning|afternoon|evening|day)(?: [^\W\d_][\w.'-]*){0,3}"
)
_CLOSING = (
    r"(?:with )?(?:best|kind|warm|kindest|warmest|many thanks and(?: best)?|thanks and(?: best| kind)?)?"
    r" ?(?:regards|wishes)|br|rgds|best|sincerely|yours (?:sincerely|faithfully|truly)|sincerely yours"
    r"|此致|敬礼|此致 ?敬礼|祝好|商祺|顺颂商祺|顺祝商祺|即颂商祺|祝(?:您|你)?(?:工作顺利|生活愉快|万事如意"
    r"|周末愉快|一切顺利)"
    r"|have a (?:nice|good|great) (?:day|weekend|evening)"
)
_WARMTH = (
    r"(?:及时|的|和|与|及|、|以及|一直以来|这次|本次|所有|快速|迅速|耐心|热情|细心|大力|积极|辛苦|专业|悉心"
    r"|高效|周到|解答|回复|答复"
    r"|反馈|帮助|帮忙|支持|配合|理解|服务|处理|协助|工作|付出|努力|关心|关注|指导|通知|告知|提醒|沟通|跟进"
    r"|安排|信任|合作)"
)
_HAN_THANKS = (
    rf"(?:非常|十分|万分|衷心|真的|真是|再次|太|很|多多|实在|特别|先|也)*+(?:感谢|谢谢|多谢|谢啦|谢了|谢过"
    rf"|感激|拜谢|谢)"
    rf"(?:{_YOU}|{_WARMTH})*+(?:了|啦|哦|啊|呀|哈|晒|您|你)*+|{_YOU}?辛苦{_YOU}?(?:了|啦)?|麻烦{_YOU}?(?:了"
    rf"|啦)|费心了|有劳了|让您费心了"
)
_HAN_YES = (
    r"好的好的|好的呢|好的|好嘞|好滴|好哒|好|嗯+|恩恩?|是的|行|(?:我)?(?:已)?(?:收到|知道|明白|了解|知悉"
    r"|清楚)(?:了|啦)?|没问题|没事|可以的"
)
_YES = (
    r"(?:ok|okay|okey|k|sure|great|perfect|super|wonderful|fantastic|awesome|lovely|cool|good|got it"
    r"|(?:well )?noted"
    r"|(?:well )?received|understood|all (?:good|clear)|no problem|no worries|will do|yes|alright|all "
    r"right)(?![a-z])"
)
_NO_THANKS = (
    r"(?! (?:\S+ ){0,8}(?:nothing|when|where|what|how|if|whether|why|please|will|would|could|can|need|want"
    r"|like|but"
    r"|not|still|advance|confirming|asap|soon|until|before|question|problem|wasting|ignoring|no|late|bad"
    r"|poor|delay|mess|silence|excuses?)\b)"
)
_ENGLISH_THANKS = (
    rf"(?:(?:and|so|ok|okay|great|perfect|noted|received|got it)[ ,]*(?:with |and )?)?(?:many|much|big"
    rf"|heartfelt)? ?"
    rf"(?:i |we )?(?:really |truly |do )?(?:thanks|thank you|thank u|thx|thnx|tks|tnx|ty"
    rf"|cheers)\b{_NO_THANKS}"
    r"(?: (?:again|all|everyone|everybody|team|guys|indeed|kindly|a lot|a million|a bunch|so much|very much"
    r"|so very much|much"
    r"|both|sir|madam))*+(?: (?!(?:for|to)\b)[a-z]{2,14})?(?: (?:for|to)(?: [\w'-]+){1,9})?"
    rf"|(?:it is |that is |that's |it's )?(?:very |much |really |highly )*appreciated"
    rf"|(?:i|we) (?:really |truly |do |very much )*appreciate{_NO_THANKS}(?: [\w'-]+){{1,8}}|(?:well "
    rf")?(?:noted|received) with thanks"
)
# Folded hands, four smiles, rose, handshake, thumb, ring of fingers, popper, heart.
_SMILES = (
    r"[\U0001F64F\U0001F60A\U0001F642\U0001F604\U0001F600\U0001F339\U0001F91D"
    r"\U0001F44D\U0001F44C\U0001F389❤☺]"
)
_JOIN = rf"[ ,~、]*+{_SMILES}*+[ ~]*+(?:and )?"


def _whole(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?>{'|'.join(patterns)}){_JOIN})+")


_POLITE = _whole(_HAN_THANKS, _ENGLISH_THANKS, _GREETING, _HAN_YES, _YES, _CLOSING)
_ONLY_GREETING = _whole(_GREETING, _CLOSING)
_BEFORE_NAMES = re.compile(rf"(?:{_CLOSING})[ ,.!。~]*")
_DECORATION = re.compile(rf"[\ufe0f\u200d\U0001F3FB-\U0001F3FF]|{_SMILES}")
_ADDRESSED = re.compile(rf"(?:{_NAMED}|{_YOU}|all|team|everyone)")
_MAX_CLAUSE_CHARS = 160
_SIGNATURE_LINES = 5
_LINE_CHARS = 60
_ROLE = r"(?:.{0,16}(?:部|处|科|室|组|公司|中心|集团|厂|经理|工程师|总监|主任|主管|专员|助理))?"
# What stands below a name: a post, a telephone number, an address.
_POST = re.compile(
    r".{1,16}(?:部|处|科|室|组|公司|中心|集团|厂|经理|工程师|总监|主任|主管|专员|助理)|[^\W\d_]{0,6}[: "
    r"]*[+\d ()-]{7,24}|\S+@\S+"
)


def is_polite(words: str) -> bool:
    """True for a folded clause of thanks, greetings, `yes` and the like, and nothing else."""
    return len(words) <= _MAX_CLAUSE_CHARS and _POLITE.fullmatch(plain(words)) is not None


def is_greeting(words: str) -> bool:
    """True for a folded clause that greets or closes, and does no more."""
    bare = plain(words)
    return len(words) <= _MAX_CLAUSE_CHARS and bool(
        _ONLY_GREETING.fullmatch(bare) or _ADDRESSED.fullmatch(bare)
    )


def plain(words: str) -> str:
    """The words without variants of emoji and smiles that add nothing."""
    return _DECORATION.sub("", words).strip()


def without_signature(text: str, names: tuple[str, ...] = ()) -> str:
    """The text up to a closing with names below it, to a telephone's line, or to one of the `names` alone.

    A name may have a department or a title beside it. A line that is only blank, or a rule, goes with them.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _BEFORE_NAMES.fullmatch(folded(line).strip()) and _are_names(lines[number + 1 :]):
            return "\n".join(lines[:number])
    while lines and _is_beside(lines[-1]):
        lines.pop()
    return "\n".join(lines[: _name_at(lines, names)])


def _name_at(lines: list[str], names: tuple[str, ...]) -> int:
    """The line from which on only the author's name, post and numbers stand, else the number of lines."""
    keys = [letters(name) for name in names if letters(name)]
    for number in range(len(lines) - 1, max(len(lines) - 1 - _SIGNATURE_LINES, 0), -1):
        if any(_is_name(letters(lines[number]), key) for key in keys):
            return number
        if not (_is_beside(lines[number]) or _POST.fullmatch(folded(lines[number]).strip())):
            break
    return len(lines)


def _are_names(lines: list[str]) -> bool:
    written = [line for line in lines if line.strip()]
    return len(written) <= _SIGNATURE_LINES and all(len(line) <= _LINE_CHARS for line in written)


def _is_beside(line: str) -> bool:
    """True for a line that says nothing: blank, a rule, what a telephone puts below."""
    return not line.strip() or bool(quote_marks.RULE.match(line)) or quote_marks.is_mobile_signature(line)


def _is_name(written: str, name: str) -> bool:
    return re.fullmatch(rf"{_ROLE}{re.escape(name)}{_ROLE}", written) is not None
