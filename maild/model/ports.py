"""What the use cases ask of the outside world; an adapter and its fake both keep to it.

Each port says what a caller may rely on and which errors of maild.errors it raises; how it is done
is left to the adapter.
"""

import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Protocol

from maild.model.delivery import Envelope, RecipientOutcome
from maild.model.intake import FetchedMessage, FolderStatus, Uid


class MailboxSession(Protocol):
    """One connection to one mailbox, logged in; for one thread at a time.

    Every method raises ConnectionLost when the connection is gone (the session is then of no more
    use: close it and connect anew), another TemporaryError when the server says no for now, and
    ProtocolError or PermanentError when it says no for good.
    """

    def select(self, folder: str, *, readonly: bool = True) -> FolderStatus:
        """The standing of `folder`, which the calls below then act on; `readonly` changes nothing there.

        `uidnext` is 0 where the server does not say. Raises: NotFound when there is no such folder.
        """
        ...

    def uids_after(self, last_uid: int) -> list[Uid]:
        """The UIDs above `last_uid`, ascending."""
        ...

    def all_uids(self) -> list[Uid]:
        """Every UID of the folder, ascending."""
        ...

    def fetch(self, uids: Sequence[Uid]) -> Iterator[FetchedMessage]:
        """The messages in the order of `uids`, read in batches of bounded size, flags left alone.

        A message that has vanished, or that the server cannot hand out, is absent.
        """
        ...

    def mark(self, uids: Sequence[Uid], flag: str) -> None:
        """Add `flag` (such as \\Seen or $Archived) to messages; vanished ones are passed over."""
        ...

    def move(self, uids: Sequence[Uid], folder: str) -> None:
        r"""Move messages to `folder`, made when missing; vanished ones are passed over.

        Nothing but these messages ever leaves the folder. Where a server can neither move nor
        expunge single messages they are copied and stay behind marked \Deleted.
        """
        ...

    def wait(self, timeout_s: float, stop: threading.Event) -> bool:
        """True once the server tells of new messages; False after `timeout_s` or once `stop` is set.

        News that came since the last `uids_after` or `all_uids` counts, so none falls in between.
        """
        ...

    def folders(self) -> list[str]:
        """The names of all folders that can be selected."""
        ...

    def find_sent(self) -> str | None:
        """The name of the folder that holds sent mail, when one can be told."""
        ...

    def close(self) -> None:
        """Take leave, within two seconds; never raises, may be repeated."""
        ...


class Submission(Protocol):
    """Gives one message to the server of one of our mailboxes; maild.smtp is the real one."""

    async def __call__(
        self, envelope: Envelope, raw: bytes, *, mailbox: str, before_data: Callable[[], Awaitable[None]]
    ) -> tuple[RecipientOutcome, ...]:
        """One outcome for each recipient, in the order of the envelope.

        Never raises for what a server or the network does. `before_data` is awaited at most once: after
        a recipient was accepted and before the first byte of DATA; what it raises goes through, and then
        nothing was sent. Lost before DATA: DEFERRED; lost inside DATA: IN_DOUBT (RFC 1047).
        """
        ...
