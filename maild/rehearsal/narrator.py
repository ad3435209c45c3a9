"""Tells the story as maild lives it: the journal of each case that the log names, and what went out."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from maild.app.queries import journal_news, mail_sent_as
from maild.model.case import CaseId
from maild.model.events import CaseOpened, JournalEntry, MailDecided
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.rehearsal.house import House
from maild.rehearsal.letters import Letter
from maild.rehearsal.post import Post
from maild.rehearsal.smtp import TakenMail
from maild.rehearsal.told import EffectTold, EventTold, RemarkTold, Told

Tell = Callable[[Told], None]
_SETTLED = frozenset({"process.decided", "process.archived"})


class Narrator(logging.Handler):
    """Listens to the log for which cases changed; keeps what went out, in `effects`."""

    def __init__(self, house: House, post: Post, tell: Tell) -> None:
        super().__init__(logging.INFO)
        self.effects: list[EffectTold] = []
        self._house = house
        self._post = post
        self._tell = tell
        self._changed = dict[CaseId, None]()
        self._remarks = list[RemarkTold]()
        self._heads = dict[CaseId, int]()
        self._numbers = dict[CaseId, str]()
        self._reasons = dict[str, str]()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within the context, hear what maild logs, and nobody else does."""
        ours = logging.getLogger("maild")
        level, propagates = ours.level, ours.propagate
        ours.addHandler(self)
        ours.setLevel(logging.INFO)
        ours.propagate = False
        self._house.heard = self.narrate
        try:
            yield
        finally:
            ours.removeHandler(self)
            ours.setLevel(level)
            ours.propagate = propagates

    def mark_changed(self, case_id: CaseId) -> None:
        """Note that something happened to a case of which the log says nothing."""
        self._changed[case_id] = None

    def emit(self, record: logging.LogRecord) -> None:
        """Note which case a record is about, and what is a warning."""
        case_id = getattr(record, "case_id", None)
        if case_id:
            self.mark_changed(CaseId(str(case_id)))
        is_trouble = record.levelno >= logging.WARNING
        without_case = not case_id and getattr(record, "event", "") in _SETTLED
        if is_trouble or without_case:
            now = self._house.clock.now()
            self._remarks.append(RemarkTold(at=now, what=record.getMessage(), is_trouble=is_trouble))

    def narrate(self) -> None:
        """Tell what happened since the last time: first what went out, then what became of it."""
        for mail in self._house.smtp.taken[len(self.effects) :]:
            self._went_out(mail)
        changed, self._changed = self._changed, {}
        for case_id in changed:
            for entry in journal_news(self._house.context, SHELL, case_id, self._heads.get(case_id, 0)):
                self._happened(case_id, entry)
        remarks, self._remarks = self._remarks, []
        for remark in remarks:
            self._tell(remark)

    def _went_out(self, mail: TakenMail) -> None:
        now = self._house.clock.now()
        letter = Letter(mail.raw, now)
        sent = mail_sent_as(self._house.context, SHELL, MessageId(letter.message_id))
        told = EffectTold(
            at=now,
            case=self._numbers.get(sent.case_id or CaseId(""), ""),
            key=sent.effect_key,
            template=sent.template,
            version=sent.template_version,
            to=mail.recipients,
            why=self._reasons.get(sent.effect_key, ""),
            letter=letter,
        )
        self.effects.append(told)
        self._post.add(letter, by=mail.sender.casefold(), to=map(str.casefold, mail.recipients))
        self._tell(told)

    def _happened(self, case_id: CaseId, entry: JournalEntry) -> None:
        self._heads[case_id] = entry.sequence
        if isinstance(entry.event, CaseOpened):
            self._numbers[case_id] = entry.event.number
        if isinstance(entry.event, MailDecided):
            self._reasons[entry.event.effect_key] = entry.event.reason
        number = self._numbers.get(case_id, "")
        self._tell(EventTold(at=entry.at, case=number, sequence=entry.sequence, event=entry.event))
