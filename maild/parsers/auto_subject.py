"""Whether a subject is one that an automatic reply carries, and how sure that is.

Some mailers say nothing of RFC 3834 and only put a mark of their own before the subject. Others put words
there that people use too, who announce or ask about holidays: those take a second sign (auto.py).
"""

import re
from enum import Enum


class Says(Enum):
    """How a subject speaks of an automatic reply."""

    NOTHING = 0
    WORDS = 1  # that people use too
    ABOUT_A_SUBJECT = 2  # the same words, a colon, and the subject of another mail or a date
    MARK = 3  # that only machines set


# Only machines put these before a colon or in brackets, or send them as the whole subject.
_MARKS = (
    r"auto(?:matic|mated)?[ -]?(?:reply|response|answer)", "autoresponder",
    r"out of (?:the )?office auto(?:matic)?[ -]?(?:reply|response)",
    r"(?:vacation|holiday) (?:reply|response)",
    r"automatische antwort", r"automatische abwesenheits\w+", r"abwesenheits(?:notiz|benachrichtigung)",
    r"automatisch antwoord", r"réponse automatique", r"risposta automatica", r"respuesta automática",
    r"resposta automática", r"automatiskt? (?:svar|besked)", "autosvar", r"automaattinen vastaus",
    r"odpowiedź automatyczna", r"automatyczna odpowiedź", "автоответ", r"автоматический ответ",
    r"(?:休假|假期|外出)?自动(?:回复|答复|回覆)", r"自動(?:回覆|回復|答覆|返信|応答|回信)",
    r"(?:부재중 ?)?자동 ?(?:회신|응답)", r"otomatik (?:yanıt|cevap)",
)  # fmt: skip
_WORDS = (
    *_MARKS, r"auto\s*[:：]", r"out of (?:the )?office", r"ooo\b", r"oof\b", "vacation",
    r"on (?:vacation|holiday|leave)", r"away (?:from|until)", "absence", "absent", "abwesen",
    r"i(?: a|')m (?:out|away)", "не в офисе", "부재중", r"(?:正在)?(?:休假|度假|出差|外出)",
    r"不在(?:办公室|辦公室)", "不在のお知らせ", "fuori sede", "frånvaro",
)  # fmt: skip

_MARK = re.compile(
    rf"\s*(?:(?:{'|'.join(_MARKS)})\s*(?:[:：]|\Z)|[\[(（【]\s*(?:{'|'.join(_MARKS)})\s*[\])）】]"
    r"|AUTO: .{1,80} (?:is out of|不在)[^(]{1,30}\()",  # the last one: Lotus Notes
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"\s*(?P<answer>re\s*[:：]\s*)?[\[(（【]?\s*(?:{'|'.join(_WORDS)})(?P<colon>[^:：]{{0,20}}[:：])?",
    re.IGNORECASE,
)


def says(subject: str) -> Says:
    """How surely a machine set this subject."""
    if _MARK.match(subject):
        return Says.MARK
    match = _WORD.match(subject)
    if match is None:
        return Says.NOTHING
    return Says.ABOUT_A_SUBJECT if match["colon"] and not match["answer"] else Says.WORDS
