"""One mailbox over IMAP (RFC 9051), as maild.model.ports.MailboxSession describes it.

Bodies are read with PEEK and never change a flag; only the messages named are ever expunged. Which
UIDs are wanted, and what becomes of them, is left to the caller.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from imaplib import IMAP4
from typing import Any

from maild.clock import Clock, monotonic_s
from maild.errors import ConnectionLost, LoginRefused, NotFound, PermanentError, ProtocolError
from maild.imap.batches import batches, chunks, uid_ranges
from maild.imap.failures import FOREIGN, Place, at_border, is_refusal, one_line
from maild.imap.sent import ListedFolder, choose_sent
from maild.imap.wire import Wire
from maild.model.intake import FetchedMessage, FolderStatus, Uid

logger = logging.getLogger(__name__)

# A server may log out a client that says nothing for 30 minutes (RFC 2177 §3).
IDLE_RENEWAL_S = 25 * 60.0
# How long a stop may go unheard during IDLE.
STOP_CHECK_S = 0.25


class ImapSession:
    """The real MailboxSession; made by connect."""

    def __init__(self, wire: Wire, place: Place, *, idle: bool, clock: Clock) -> None:
        self._wire = wire
        self._place = place
        self._idle = idle
        self._clock = clock
        self._status = FolderStatus(uidvalidity=0, uidnext=0, message_count=0)
        self._readonly = True
        self._in_step = True  # whether the server's next line answers our next command

    def select(self, folder: str, *, readonly: bool = True) -> FolderStatus:
        """The standing of `folder`; see MailboxSession."""
        with self._at_border(f"selecting {folder!r}"):
            try:
                answer = self._wire.select_folder(folder, readonly=readonly)
            except IMAP4.error as exc:
                self._explain_select(exc, folder)
                raise
        self._wire.forget_news()
        self._readonly = readonly
        self._status = self._read_status(answer, folder)
        return self._status

    def uids_after(self, last_uid: int) -> list[Uid]:
        """The UIDs above `last_uid`, ascending."""
        ranges = uid_ranges(last_uid + 1, self._status.uidnext, self._status.message_count)
        with self._at_border("searching"):
            # RFC 9051 §6.1.2. Seen in practice: Dovecot searches only what it knew before the command.
            self._wire.noop()
            self._wire.forget_news()
            found = {uid for uids in ranges for uid in self._wire.search(["UID", uids])}
        # RFC 9051 §9, seq-range: "n:*" names the last message even when its UID is below n.
        return sorted(Uid(uid) for uid in found if uid > last_uid)

    def all_uids(self) -> list[Uid]:
        """Every UID of the folder, ascending."""
        return self.uids_after(0)

    def fetch(self, uids: Sequence[Uid]) -> Iterator[FetchedMessage]:
        """The messages in the order of `uids`; see MailboxSession."""
        for some in chunks(uids):
            for batch in batches(self._sizes(some)):
                yield from self._fetch_batch(batch)

    def mark(self, uids: Sequence[Uid], flag: str) -> None:
        """Add `flag` to messages."""
        self._check_writable()
        with self._at_border(f"marking messages {flag}"):
            for some in chunks(uids):
                self._wire.add_flags(some, flag, silent=True)

    def move(self, uids: Sequence[Uid], folder: str) -> None:
        """Move messages to `folder`, made when missing."""
        self._check_writable()
        with self._at_border(f"moving messages to {folder!r}"):
            for some in chunks(uids):
                self._move_some(some, folder)

    def wait(self, timeout_s: float, stop: threading.Event) -> bool:
        """True once the server tells of new messages; see MailboxSession."""
        if self._wire.has_news():
            return True
        ends_s = monotonic_s() + timeout_s
        with self._at_border("waiting for messages"):
            if not (self._idle and self._wire.has_capability("IDLE")):
                stop.wait(timeout_s)
            else:
                while not (self._wire.has_news() or stop.is_set()) and (left_s := ends_s - monotonic_s()) > 0:
                    self._idle_once(min(left_s, IDLE_RENEWAL_S), stop)
        return self._wire.has_news()

    def folders(self) -> list[str]:
        """The names of all folders that can be selected."""
        return [folder.name for folder in self._listed() if folder.selectable]

    def find_sent(self) -> str | None:
        """The name of the folder that holds sent mail, when one can be told."""
        return choose_sent(self._listed())

    def close(self) -> None:
        """Take leave, within two seconds."""
        if self._in_step:
            self._in_step = False
            self._wire.hurry()
            with suppress(*FOREIGN):
                self._wire.logout()
        self._wire.drop()

    @contextmanager
    def _at_border(self, doing: str, *, but_refusals: bool = False) -> Iterator[None]:
        try:
            with at_border(self._place, doing, but_refusals=but_refusals):
                yield
        except (ConnectionLost, ProtocolError):
            self._in_step = False
            raise

    def _check_writable(self) -> None:
        # Seen in practice: Dovecot says OK to STORE in a folder opened by EXAMINE, and does nothing.
        if self._readonly:
            raise PermanentError(f"{self._place}: the folder was selected to be read only")

    def _explain_select(self, exc: IMAP4.error, folder: str) -> None:
        """Raise the plainer error when the reason for a refused SELECT can be told."""
        if not is_refusal(exc):
            return
        # Seen in practice: 163 and 126, when the account does not allow other mail programs.
        if "unsafe login" in str(exc).casefold():
            raise LoginRefused(
                f"{self._place} lets no mail program in: {one_line(exc)}; allow IMAP in its web settings"
            ) from exc
        if folder not in (names := self.folders()):
            raise NotFound(
                f"{self._place} has no folder {folder!r}; it has {', '.join(sorted(names))}"
            ) from exc

    def _read_status(self, answer: dict[bytes, Any], folder: str) -> FolderStatus:
        if not isinstance(answer.get(b"UIDVALIDITY"), int):
            raise ProtocolError(f"{self._place} gives no UIDVALIDITY for {folder!r} (RFC 9051 §2.3.1.1)")
        return FolderStatus(
            uidvalidity=answer[b"UIDVALIDITY"],
            uidnext=answer.get(b"UIDNEXT", 0),
            message_count=answer.get(b"EXISTS", 0),
        )

    def _sizes(self, uids: list[Uid]) -> dict[Uid, int]:
        with self._at_border("asking for sizes"):
            rows = self._wire.fetch(uids, ["RFC822.SIZE"])
            return {uid: rows[uid][b"RFC822.SIZE"] for uid in uids if b"RFC822.SIZE" in rows.get(uid, ())}

    def _fetch_batch(self, batch: list[Uid]) -> Iterator[FetchedMessage]:
        """One FETCH; where the server refuses it as a whole, one for each message."""
        try:
            rows = self._bodies(batch)
        except IMAP4.error as refusal:
            if len(batch) == 1:
                self._report_refused(batch[0], refusal)
                return
        else:
            yield from self._messages(rows, batch)
            return
        for uid in batch:
            yield from self._fetch_batch([uid])

    def _bodies(self, batch: list[Uid]) -> dict[int, dict[bytes, Any]]:
        """What the server tells of each message. A refusal comes out as it is."""
        with self._at_border("fetching messages", but_refusals=True):
            rows: dict[int, dict[bytes, Any]] = self._wire.fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"])
        return rows

    def _messages(self, rows: dict[int, dict[bytes, Any]], batch: list[Uid]) -> Iterator[FetchedMessage]:
        for uid in batch:
            row = rows.pop(uid, {})
            if b"BODY[]" in row:
                received_at = self._received_at(row.get(b"INTERNALDATE"))
                yield FetchedMessage(uid=uid, received_at=received_at, raw=row[b"BODY[]"] or b"")

    def _received_at(self, internal_date: datetime | None) -> datetime:
        """INTERNALDATE in UTC; the present where a server gives none that can be read."""
        if internal_date is None:
            return self._clock.now()
        try:
            return internal_date.replace(tzinfo=internal_date.tzinfo or UTC).astimezone(UTC)
        except OverflowError:
            return self._clock.now()

    def _report_refused(self, uid: Uid, refusal: IMAP4.error) -> None:
        logger.warning(
            "%s does not hand out message UID %d: %s",
            self._place,
            uid,
            one_line(refusal),
            extra={"event": "imap.message_refused", "mailbox": self._place.mailbox, "uid": uid},
        )

    def _move_some(self, uids: list[Uid], folder: str) -> None:
        try:
            self._transfer(uids, folder)
        except IMAP4.error as exc:
            if not is_refusal(exc) or folder in self.folders():
                raise
            self._wire.create_folder(folder)
            self._transfer(uids, folder)

    def _transfer(self, uids: list[Uid], folder: str) -> None:
        if self._wire.has_capability("MOVE"):  # RFC 6851 §3.1
            self._wire.move(uids, folder)
            return
        self._wire.copy(uids, folder)
        self._wire.delete_messages(uids, silent=True)
        # RFC 4315 §2.1: UID EXPUNGE takes these alone; a plain EXPUNGE would take what others marked.
        if self._wire.has_capability("UIDPLUS"):
            self._wire.uid_expunge(uids)

    def _idle_once(self, span_s: float, stop: threading.Event) -> None:
        """One IDLE command (RFC 2177 §3): until news, `stop`, `span_s`, or a line that seems dead."""
        ends_s = monotonic_s() + span_s
        self._wire.idle()
        while not (self._wire.has_news() or stop.is_set()) and (left_s := ends_s - monotonic_s()) > 0:
            if not self._wire.listen(min(left_s, STOP_CHECK_S)):
                break
        if stop.is_set():
            self._wire.hurry()
        self._wire.idle_done()

    def _listed(self) -> list[ListedFolder]:
        with self._at_border("listing folders"):
            return [
                ListedFolder(
                    name=name,
                    flags=frozenset(flag.decode("ascii", "replace").casefold() for flag in flags),
                    delimiter=(delimiter or b"").decode("ascii", "replace"),
                )
                for flags, delimiter, name in self._wire.list_folders()
            ]
