r"""Which folder holds the sent mail: the server's own mark \Sent (RFC 6154 §2), else its usual names.

Names are compared by their last part, whatever folder they lie in. Listing is left to session.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# In order of trust; as servers and mail programs in our languages name it.
USUAL_NAMES = (
    "Sent",
    "Sent Messages",  # QQ, Apple Mail
    "Sent Items",  # Exchange, Outlook
    "Sent Mail",  # Gmail
    "已发送",  # 163, 126
    "已发送邮件",  # Outlook, Gmail
    "已发邮件",
    "已傳送郵件",
    "寄件備份",
    "寄件匣",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFolder:
    """One line of LIST (RFC 9051 §7.3.1): name decoded, flags lower case, delimiter empty when flat."""

    name: str
    flags: frozenset[str] = frozenset()
    delimiter: str = ""

    @property
    def selectable(self) -> bool:
        """False for a name that only holds other folders, or that is but subscribed."""
        return self.flags.isdisjoint({"\\noselect", "\\nonexistent"})

    @property
    def last_part(self) -> str:
        """The name without the folders above it, case-folded."""
        return (self.name.split(self.delimiter)[-1] if self.delimiter else self.name).casefold()


def choose_sent(folders: Sequence[ListedFolder]) -> str | None:
    """The name of the folder with sent mail, None when none looks like it."""
    open_folders = [folder for folder in folders if folder.selectable]
    marked = (folder.name for folder in open_folders if "\\sent" in folder.flags)
    named = (
        folder.name
        for usual in USUAL_NAMES
        for folder in open_folders
        if folder.last_part == usual.casefold()
    )
    return next(marked, None) or next(named, None)
