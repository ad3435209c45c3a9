"""Help-desk mail made up from a seed: Chinese and English, threads, files, HTML, and what machines send.

The same count and seed give the same bytes. Of ten messages four are Chinese (GB 18030 in base64 and raw,
UTF-8); about one in seven carries a file of 20 kB to 1 MB; a few replies have lost their References.
"""

import random  # noqa: TID251 -- for the type; every source is seeded
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final

from bench import machines
from bench.files import Files
from bench.plan import Kind, Slot, plan
from bench.prose import Language, Prose, seeded
from bench.wire import Encoding, Transfer, message, multipart, text_part, words

SERVICE: Final = "kefu@example.com"  # the mailbox of the shipped configuration
_BEGAN_AT: Final = datetime(2025, 1, 1, tzinfo=UTC)
_CUSTOMERS: Final = 400
_COLLEAGUES: Final = 8
_CHINESE: Final = 0.4
_WITH_HTML: Final = 0.3
_WITH_QUOTE: Final = 0.9
_ANSWERS_LAST: Final = 0.85
_NO_IDS, _PARENT_ONLY = 0.03, 0.08  # replies that name nothing; and, beyond those, only their parent
_QUOTED_LINES_MAX: Final = 120

_ENCODINGS: Final = {
    Language.CHINESE: {
        Encoding(charset="gb18030", transfer=Transfer.BASE64): 35,
        Encoding(charset="gb18030", transfer=Transfer.EIGHT_BIT): 15,
        Encoding(charset="utf-8", transfer=Transfer.BASE64): 50,
    },
    Language.ENGLISH: {
        Encoding(charset="utf-8", transfer=Transfer.QUOTED_PRINTABLE): 40,
        Encoding(charset="us-ascii", transfer=Transfer.SEVEN_BIT): 60,
    },
}
_REPLY_MARKS: Final = {
    Language.CHINESE: ("回复: ", "Re: ", "答复: ", "Re: Re: ", "转发: "),
    Language.ENGLISH: ("Re: ", "RE: ", "Re: Re: ", "Fwd: "),
}
_STYLE: Final = "<style>body{font-family:sans-serif;font-size:14px}p.x{margin:0 0 8px;color:#222}</style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """One message: its kind and its bytes, with LF as line end."""

    kind: Kind
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thread:
    """Who writes to whom about what; `last` holds the lines that the next answer quotes."""

    language: Language
    customer: _Person
    colleague: _Person
    subject: str
    last: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What each message is made with."""

    index: int
    slot: Slot
    thread: _Thread
    encoding: Encoding
    chance: random.Random

    @property
    def date(self) -> str:
        return format_datetime(_BEGAN_AT + timedelta(seconds=int(self.slot.at_s)))

    @property
    def from_customer(self) -> bool:
        """Customer and colleague take turns; a machine answers for the one who was written to."""
        return (self.slot.position % 2 == 0) == (self.slot.kind is Kind.LETTER)

    @property
    def boundary(self) -> str:
        return f"=_{self.index}_{self.chance.getrandbits(64):016x}"


class Traffic:
    """The messages of one count and seed."""

    def __init__(self, *, count: int, seed: int = 1) -> None:
        self._slots = plan(count, seed)
        self._seed = seed
        self._prose = Prose(seed)
        self._files = Files(seed)
        chance = seeded(seed, "people")
        self._customers = {language: self._people(chance, language) for language in Language}
        self._colleagues = {language: self._staff(chance, language) for language in Language}
        self._threads: dict[int, _Thread] = {}

    def __iter__(self) -> Iterator[Generated]:
        """Every message, in the order of arrival."""
        self._threads.clear()
        for index, slot in enumerate(self._slots):
            yield Generated(kind=slot.kind, raw=self._made(index, slot))

    def _made(self, index: int, slot: Slot) -> bytes:
        chance = seeded(self._seed, "message", index)
        thread = self._thread(slot)
        known = _ENCODINGS[thread.language]
        encoding = chance.choices(list(known), weights=list(known.values()))[0]
        draft = _Draft(index=index, slot=slot, thread=thread, encoding=encoding, chance=chance)
        match slot.kind:
            case Kind.LETTER:
                return self._letter(draft)
            case Kind.NEWSLETTER:
                return self._newsletter(draft)
            case Kind.BOUNCE:
                return self._bounce(draft)
            case Kind.OUT_OF_OFFICE | Kind.RECEIPT:
                return self._notice(draft)

    def _letter(self, draft: _Draft) -> bytes:
        thread, chance, reply = draft.thread, draft.chance, draft.slot.position > 0
        writer = thread.customer if draft.from_customer else thread.colleague
        said = self._prose.paragraphs(chance, thread.language)
        own = [*said, "", "-- ", writer.name, f"Tel. +49 30 {draft.index:07d}"]
        quoted = self._quoted(draft) if reply and thread.last and chance.random() < _WITH_QUOTE else []
        thread.last[:] = [*own, *quoted]
        part = self._body(draft, own, quoted)
        if files := self._files.drawn(chance, draft.index):
            part = multipart("mixed", [part, *files], draft.boundary)
        mark = chance.choice(_REPLY_MARKS[thread.language]) if reply else ""
        fields = self._fields(draft, writer, mark + thread.subject)
        return message([*fields, *self._related(draft), ("X-Mailer", "Foxmail 7.2.25")], part)

    def _body(self, draft: _Draft, own: list[str], quoted: list[str]) -> bytes:
        plain = text_part("plain", "\n".join([*own, "", *quoted, ""]), draft.encoding)
        if draft.chance.random() >= _WITH_HTML:
            return plain
        rich = text_part("html", _html(own, quoted), draft.encoding)
        return multipart("alternative", [plain, rich], draft.boundary)

    def _quoted(self, draft: _Draft) -> list[str]:
        """The last letter as two families of mail programs quote it."""
        lines = draft.thread.last[:_QUOTED_LINES_MAX]
        other = draft.thread.colleague if draft.from_customer else draft.thread.customer
        chinese = draft.thread.language is Language.CHINESE
        if draft.chance.random() < 0.6:
            head = (
                f"在 {draft.date}，{other.name} 写道："
                if chinese
                else f"On {draft.date}, {other.name} wrote:"
            )
            return [head, *(f"> {line}" for line in lines)]
        if chinese:
            return [f"发件人: {other.name}", f"主题: {draft.thread.subject}", "", *lines]
        head = "-----Original Message-----"
        return [head, f"From: {other.name}", f"Subject: {draft.thread.subject}", "", *lines]

    def _related(self, draft: _Draft) -> list[tuple[str, str]]:
        """What leads to the parent (RFC 5322 §3.6.4): most name the whole line, some the parent alone."""
        position, thread, chance = draft.slot.position, draft.slot.thread, draft.chance
        if position == 0:
            return []
        parent = position - 1 if chance.random() < _ANSWERS_LAST else chance.randrange(position)
        ids = [self._letter_id(thread, place) for place in range(parent + 1)]
        kept = chance.random()
        if kept < _NO_IDS:
            return []
        answered = [("In-Reply-To", ids[-1])]
        return answered if kept < _PARENT_ONLY else [*answered, ("References", "\n ".join(ids))]

    def _newsletter(self, draft: _Draft) -> bytes:
        sender = _Person(name="Monthly Offers", address=f"news@{self._prose.firm(draft.chance)}")
        language = draft.thread.language
        lines = [line for _ in range(3) for line in self._prose.paragraphs(draft.chance, language)]
        plain = text_part("plain", "\n".join([*lines, ""]), draft.encoding)
        rich = text_part("html", _html(lines, []), draft.encoding)
        fields = self._fields(draft, sender, self._prose.title(draft.chance, language))
        part = multipart("alternative", [plain, rich], draft.boundary)
        return message([*fields, *machines.bulk_fields(sender.address)], part)

    def _notice(self, draft: _Draft) -> bytes:
        """An out-of-office, or what another help desk answers by itself."""
        thread, kind = draft.thread, draft.slot.kind
        writer = thread.customer if draft.from_customer else thread.colleague
        answered = self._letter_id(draft.slot.thread, draft.slot.position)
        number = draft.chance.randrange(10**7)
        subject, text = machines.notice(kind, thread.language, thread.subject, number)
        fields = [*self._fields(draft, writer, subject), ("In-Reply-To", answered), ("References", answered)]
        return message([*fields, *machines.notice_fields(kind)], text_part("plain", text, draft.encoding))

    def _bounce(self, draft: _Draft) -> bytes:
        thread = draft.thread
        sender = _Person(name="Mail Delivery System", address="MAILER-DAEMON@mx.example")
        answered = self._letter_id(draft.slot.thread, draft.slot.position)
        failed = machines.Failure(
            recipient=thread.customer.address,
            message_id=answered,
            sender=SERVICE,
            subject=words(thread.subject, "utf-8"),
            date=draft.date,
        )
        fields = self._fields(draft, sender, "Undelivered Mail Returned to Sender")
        part = machines.report(failed, draft.boundary)
        return message([*fields, ("Auto-Submitted", "auto-replied")], part)

    def _fields(self, draft: _Draft, writer: _Person, subject: str) -> list[tuple[str, str]]:
        """Trace, identity, people and subject."""
        chance, charset = (
            draft.chance,
            "utf-8" if draft.encoding.charset == "us-ascii" else draft.encoding.charset,
        )
        letter = draft.slot.kind is Kind.LETTER
        answers = letter and not draft.from_customer
        reader = draft.thread.customer if answers else _Person(name="客户服务", address=SERVICE)
        own_id = (
            self._letter_id(draft.slot.thread, draft.slot.position)
            if letter
            else f"<{draft.slot.kind.replace(' ', '-')}.{draft.index}.{self._seed}@auto.example>"
        )
        return [
            ("Return-Path", "<>" if draft.slot.kind is Kind.BOUNCE else f"<{writer.address}>"),
            *(
                ("Received", machines.hop(number, draft.date, chance))
                for number in range(chance.randint(1, 3))
            ),
            *(
                [("DKIM-Signature", machines.signature(writer.address, chance))]
                if chance.random() < 0.6
                else []
            ),
            ("Message-ID", own_id),
            ("Date", draft.date),
            ("From", f"{words(writer.name, charset)} <{writer.address}>"),
            ("To", f"{words(reader.name, charset)} <{reader.address}>"),
            ("Subject", words(subject, charset)),
        ]

    def _thread(self, slot: Slot) -> _Thread:
        if slot.thread not in self._threads:
            chance = seeded(self._seed, "thread", slot.thread)
            language = Language.CHINESE if chance.random() < _CHINESE else Language.ENGLISH
            self._threads[slot.thread] = _Thread(
                language=language,
                customer=chance.choice(self._customers[language]),
                colleague=chance.choice(self._colleagues[language]),
                subject=self._prose.title(chance, language),
            )
        return self._threads[slot.thread]

    def _letter_id(self, thread: int, position: int) -> str:
        return f"<{thread}.{position}.{self._seed}@mail{thread % 9}.example>"

    def _people(self, chance: random.Random, language: Language) -> list[_Person]:
        return [
            _Person(name=self._prose.name(chance, language), address=f"p{number}@{self._prose.firm(chance)}")
            for number in range(_CUSTOMERS)
        ]

    def _staff(self, chance: random.Random, language: Language) -> list[_Person]:
        names = (self._prose.name(chance, language) for _ in range(_COLLEAGUES))
        return [_Person(name=name, address=SERVICE) for name in names]


def _html(own: list[str], quoted: list[str]) -> str:
    said = "".join(f'<p class="x">{escape(line)}</p>\n' for line in own)
    below = "<br>\n".join(map(escape, quoted))
    quote = f"<blockquote>{below}</blockquote>" if quoted else ""
    return f"<html><head>{_STYLE}</head><body>{said}{quote}</body></html>\n"
