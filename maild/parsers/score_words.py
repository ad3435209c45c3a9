"""One clause of an answer to a survey: a number, a word on the scale, a doubt, or something else.

A word counts only in a frame that is known: 我对处理很满意 is a score, 谈不上满意 and 不是很满意 are doubts,
since who reads them as a number guesses. All patterns are for folded clauses.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from maild.parsers.moment import is_moment
from maild.parsers.numerals import number


class Sign(Enum):
    """What a clause is, besides a score."""

    BARE_NUMBER = auto()  # a score only where an answer stands: first
    NUMBER = auto()
    WORD = auto()
    GRADE = auto()  # a score only if nothing else is said
    DOUBT = auto()  # about satisfaction, and not to be scored
    HINT = auto()  # praise or blame, without a place on the scale
    NONE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a clause is, with its score where it has one."""

    sign: Sign
    score: int = 0


def read(words: str, *, is_asked: bool = False) -> Found:
    """What a folded clause says of satisfaction. A question never scores."""
    words = words.translate(_CIRCLED)
    found = _stars(words) or _number(words) or _both(words) or _word(words) or _grade(words)
    if found is None:
        return Found(sign=_other_sign(words, is_asked=is_asked))
    return Found(sign=Sign.DOUBT) if is_asked else found


# -- numbers ---------------------------------------------------------------------------------------------

_CIRCLED = {ord("①") + place: str(place + 1) for place in range(9)}
_SUBJECT = (
    r"(?:我们|我司|我方|我|本人|觉得|认为|可以|本次|这次|此次|的|对|给出|给予|给你们|给您|给贵司|给个|给"
    r"|打个|打了|打分|打|评为|评分|评价|评级|评"
    r"|得分|分数|总分|满意度|满意程度|选择|选|总评|综合|总体|整体|服务|质量|态度|产品|处理|结果|速度|物流"
    r"|售后|方面|是|为"
    r"|(?:my|our|your|the|score|rating|rate|mark|grade|satisfaction|overall|answer|service|quality|product"
    r"|delivery"
    r"|i'd|i'll|i|we'd|we|would|will|give|say|it's|it is|it|you|this|them|is|an?|of|us)\b)"
)
_BEFORE = rf"(?:{_SUBJECT}[\s:=*-]*)*+"
_AFTER = r"(?:好评|吧|啦|了|哦|啊|哈|整|~)*"
_SMALL = r"\d{1,3}|[零一二两三四五六七八九十]|one|two|three|four|five|six|seven|eight|nine|ten"
_UNIT = r" ?(?:分|颗?星级?|个星|stars?\b|points?\b)"
_SCORED = re.compile(
    rf"{_BEFORE}(?P<value>{_SMALL})(?:(?P<unit>{_UNIT})| ?(?:/|out of|of) ?(?P<scale>10|100|5|five"
    rf"|ten){_UNIT[1:]}?){_AFTER}"
)
_LABELLED = re.compile(rf"(?:{_SUBJECT}[\s:=*-]*)++(?P<value>{_SMALL}){_AFTER}")
_BARE = re.compile(rf"(?P<value>{_SMALL}){_AFTER}")
_FULL = re.compile(rf"{_BEFORE}(?:满分|full marks){_AFTER}")
_STARS = re.compile(r"(?P<full>[★⭐🌟]+)\ufe0f?(?P<empty>[☆✩]*)")
_SCALES = {"five": 5, "ten": 10}
_ROUND = {5: 1, 10: 2, 100: 20}


def _stars(words: str) -> Found | None:
    plain = words.replace("\ufe0f", "").replace(" ", "")
    match = _STARS.fullmatch(plain)
    if match is None:
        return None
    count = len(match["full"])
    is_right = count <= 5 and (not match["empty"] or len(plain) == 5)
    return Found(sign=Sign.NUMBER, score=count) if is_right else Found(sign=Sign.DOUBT)


def _number(words: str) -> Found | None:
    if _FULL.fullmatch(words):
        return Found(sign=Sign.NUMBER, score=5)
    for pattern in (_SCORED, _LABELLED, _BARE):
        match = pattern.fullmatch(words)
        if match:
            scale = match["scale"] if pattern is _SCORED else None
            score = _on_five(number(match["value"]) or 0, scale)
            sign = Sign.BARE_NUMBER if pattern is _BARE else Sign.NUMBER
            return Found(sign=sign, score=score) if score else Found(sign=Sign.DOUBT)
    return None


def _on_five(value: int, scale: str | None) -> int:
    """The score from 1 to 5, 0 for a number that the scale does not have: 9 of 10 is in the fifth fifth."""
    most = (_SCALES.get(scale) or int(scale)) if scale else 5
    return -(-value // _ROUND[most]) if 1 <= value <= most else 0


# -- words -----------------------------------------------------------------------------------------------

_VERY = (
    r"(?:非常|很|十分|特别|极其|极为|极度|相当|太|超级|超|万分|百分之?百|100%|真的很|真的非常|都很|都非常|最)"
)
_FAIRLY = r"(?:比较|较为|较|基本上|基本|大体上|大体|总体上?|还是|挺|蛮|都|也|均|表示|感到|觉得)"
_LITTLE = r"(?:不太|有点不|有些不|比较不|较不)"
_HAN_END = r"(?:的|了|啦|啊|哦|呀|哈|喔|~)*"
_HAN = tuple(
    (re.compile(rf"(?P<before>.*?){core}{_HAN_END}"), score)
    for core, score in (
        (rf"(?:{_VERY}|一点(?:都|也|儿)?|一点儿都|完全|根本|绝对|毫)不 ?满意", 1),
        (rf"{_LITTLE}满意", 2),
        (rf"{_FAIRLY}?不 ?满意", 2),
        (rf"{_FAIRLY}?{_VERY}(?:的|地)?满意", 5),
        ("(?:完全|绝对)满意", 5),
        (rf"{_FAIRLY}{{0,2}}满意", 4),
        (r"(?:一般般?|还行|还可以|马马虎虎|中等|中立|凑合)(?:吧)?", 3),
    )
)
_HAN_BEFORE_CHARS = 30
# What turns, weakens or puts off what follows, or says it of somebody else or of another time.
_HAN_DOUBT = re.compile(
    r"\A\d|[不没未无唔冇勿难谈如若假除否怎吗呢哪算曾莫非岂谁才别]|使(?!用)|[让令叫请等待说称]|其他|其它|其余"
    r"|希望|想|期|争取|只有|要是|要想|[能会]|以前|之前|原来|原本|本来"
    r"|上次|过去|勉强|部分|一半|几乎|差点|差不多|客户|老板|领导|同事|有人|大概|可能|也许|或许|应该|似乎|好像"
    r"|什么|为了|直到|以为|开始|最初"
    r"|起初|一度|一般|昨天还|去年"
)
_HARMLESS = re.compile(r"总的?来说|总体来说|整体来说|可以说|说实话|性能|智能|会议|没想到")

_ENGLISH_END = (
    r"(?: (?:with|about|by|at|on|as)\b(?!.*\b(?:not|n't|but|except|until|if|when|unless|nor"
    r"|never)\b).{0,80})?"
    r"(?: (?:overall|so far|indeed|too|as well|now|today|here))?"
)
_STRONGLY = "very|extremely|highly|really|totally|completely|most|so"
_ENGLISH = tuple(
    (re.compile(rf"(?P<before>.*?)\b{core}{_ENGLISH_END}"), score)
    for core, score in (
        (rf"(?:{_STRONGLY}|utterly|deeply|quite) (?:dissatisfied|unsatisfied)", 1),
        (r"not (?:at all satisfied|satisfied at all|in the least satisfied)", 1),
        (r"(?:(?:somewhat|slightly|rather|a bit|a little|fairly|quite) )?(?:dissatisfied|unsatisfied)", 2),
        (r"(?:not|aren't|isn't|wasn't|weren't) satisfied", 2),
        (rf"(?:{_STRONGLY}|fully|absolutely|entirely) satisfied", 5),
        (r"(?:very|extremely|really|absolutely|so) (?:happy|pleased)(?= with)", 5),
        (r"(?:(?:quite|fairly|pretty|reasonably|generally|mostly|rather) )?satisfied", 4),
    )
)
_ENGLISH_DOUBT = re.compile(
    r"\b(?:not|never|no|none|hardly|barely|scarcely|if|would|could|should|may|might|hop\w+|wish|will|want\w*"
    r"|until"
    r"|unless|far|n?either|nor|less|anything|once|before|used|almost|nearly|part\w*|somewhat|only|moderately"
    r"|half"
    r"|says?|said|what|how|who|why|whether|can|cannot|be|to|customers?|boss|clients?|they|he|she|initially"
    r"|first"
    r"|(?:dis|un)?satisfied|previously|does|did|do|become|seem\w*|maybe|perhaps|when|yet|last)\b|n't\b"
)


def _word(words: str, *, is_alone: bool = True) -> Found | None:
    """A word of the scale; beside a number only aspects may stand before it."""
    for pattern, score in _HAN:
        match = pattern.fullmatch(words)
        if match:
            before = _HARMLESS.sub("", match["before"])
            if ("满意" not in words or not is_alone) and not _is_aspect(before):
                return None
            is_doubt = len(before) > _HAN_BEFORE_CHARS or "满意" in before or _HAN_DOUBT.search(before)
            return Found(sign=Sign.DOUBT) if is_doubt else Found(sign=Sign.WORD, score=score)
    for pattern, score in _ENGLISH:
        match = pattern.fullmatch(words)
        if match:
            is_doubt = _ENGLISH_DOUBT.search(match["before"])
            return Found(sign=Sign.DOUBT) if is_doubt else Found(sign=Sign.WORD, score=score)
    return None


_ASPECT = re.compile(rf"(?:{_SUBJECT}|感觉|觉得|就|还|都|也|挺|只是|情况|效果|时间|效率|维修|安装)*+")


def _is_aspect(before: str) -> bool:
    """True for what 一般 and 还行 are said of: 服务一般, but not 我们一般周五收货."""
    return _ASPECT.fullmatch(before) is not None


_GRADES = {
    "excellent": 5, "outstanding": 5, "优秀": 5, "非常好": 5, "neutral": 3, "average": 3, "ok": 3, "okay": 3,
    "so-so": 3, "so so": 3, "acceptable": 3, "poor": 2, "差": 2, "较差": 2, "bad": 2, "very poor": 1,
    "very bad": 1, "terrible": 1, "awful": 1, "horrible": 1, "很差": 1, "非常差": 1, "太差了": 1, "极差": 1,
}  # fmt: skip
_GRADE_FRAME = re.compile(r"\A(?:it (?:was|is) |it's |that was |service (?:was|is) |服务|总体|整体)")


def _grade(words: str) -> Found | None:
    score = _GRADES.get(_GRADE_FRAME.sub("", words).strip("~ "))
    return Found(sign=Sign.GRADE, score=score) if score else None


_JOINED = re.compile(
    r"(?P<number>.*?\d(?: ?(?:分|星|stars?|points?)|(?=[ (:=/、-]))) ?[-(:=/、]* "
    r"?(?P<word>[^\d\s(][^\d]*?)\)?"
    r"|(?P<word_first>[^\d(]+?) ?[-(:=/、]* ?(?P<number_last>\d(?: ?(?:分|星|stars?|points?))?)\)?"
)


def _both(words: str) -> Found | None:
    """A number with its word, such as `4 满意` or `very satisfied (5)`: the number, unless they disagree."""
    match = _JOINED.fullmatch(words)
    if match is None:
        return None
    value = _number((match["number"] or match["number_last"]).strip())
    word = _word((match["word"] or match["word_first"]).strip(), is_alone=False)
    if value is None or word is None or not word.score or not value.score:
        return None
    return (
        Found(sign=Sign.NUMBER, score=value.score)
        if agree(value.score, word.score)
        else Found(sign=Sign.DOUBT)
    )


def agree(value: int, word: int) -> bool:
    """True when a number and a word lie on the same side of the middle."""
    return (value > 3) == (word > 3) and (value < 3) == (word < 3)


# -- the rest --------------------------------------------------------------------------------------------

_ABOUT_SATISFACTION = re.compile(r"满意(?!度|程度)|\b(?:dis|un)?satisf(?:ied|ying|action guaranteed)\b")
_ABOUT_SCORE = re.compile(
    r"(?<![\d第])(?:\d{1,2}(?:\.\d)?|[零一二两三四五六七八九十])(?: "
    r"?分(?![钟之公析部店期批别开类厂销支机布])|颗?星(?!期))"
    r"|(?<![\d/-])\d{1,2}(?:\.\d)? ?/ ?5(?![\d/])|\b\d (?:stars?|points?)\b"
    r"|\b(?:between|around|about|maybe|less than|at least|not an?|only|than) (?:an? )?\d(?: (?:and|to|or) "
    r"\d)?\Z"
    r"|^[1-5](?:\.\d)? ?(?:[-~到至或+]|or|to|and) ?[1-5]?(?:分|星)?(?:吧)?\Z|^[1-5](?: [1-5])+\Z|^[0-5]\.\d\Z"
    r"|^[+-] ?[1-5]\Z"
)
_PRAISE = re.compile(
    r"不错|不好|不坏|可以|好的?\Z|好评|差评|失望|垃圾|糟|很棒|真棒|点赞|给力|不行|很差|太差"
    r"|\b(?:good|great|bad|fine|nice|happy|pleased|disappoint\w*|complain\w*|better|worse|worst|terrible"
    r"|awful|horrible"
    r"|love|hate|excellent|poor|perfect|ok|okay|impressed|unhappy)\b"
)
_HINT_WORDS = 8
_STRONG_BLAME = re.compile(r"垃圾|骗|差评|投诉|\b(?:terrible|awful|worst|horrible|scam)\b")


def _other_sign(words: str, *, is_asked: bool) -> Sign:
    if _ABOUT_SATISFACTION.search(words) or _ELLIPTIC_NOT.match(words):
        return Sign.DOUBT if _ABOUT_SATISFACTION.search(words) else Sign.HINT
    if _ABOUT_SCORE.search(words) and not is_moment(words):
        return Sign.DOUBT
    is_asked = is_asked or words.endswith(("吗", "呢"))
    is_short = len(words.split()) <= _HINT_WORDS and len(re.sub(r"[!-~]", "", words)) <= _HINT_WORDS
    return Sign.HINT if is_short and not is_asked and _PRAISE.search(words) else Sign.NONE


_ELLIPTIC_NOT = re.compile(r"(?:but )?not (?:with|at|about|by|so|the|really)\b")


def blames(text: str) -> bool:
    """True when a folded text has words that no good score goes with."""
    return _STRONG_BLAME.search(text) is not None


def is_label(words: str) -> bool:
    """True for what a score may stand below: 评分, `my rating`."""
    return _LABEL.fullmatch(words) is not None


_LABEL = re.compile(rf"(?:{_SUBJECT}[\s:=*-]*)++")


def takes_back(words: str) -> bool:
    """True for a clause that denies a part of the one before it: `but not with the delivery`."""
    return _ELLIPTIC_NOT.match(words) is not None
