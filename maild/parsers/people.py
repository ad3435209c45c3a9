"""Who a header says that a message is from and for: its address fields, read once each."""

from maild.model.mail import Address
from maild.parsers import addresses
from maild.parsers.headers import Head


class People:
    """The address fields of one header; a field that is repeated counts together (against RFC 5322 §3.6)."""

    def __init__(self, head: Head, hints: tuple[str, ...] = ()) -> None:
        self._head = head
        self._hints = hints
        self._read: dict[str, tuple[Address, ...]] = {}
        self.defects: dict[str, None] = {}

    def of(self, key: str) -> tuple[Address, ...]:
        """The mailboxes of the field of that lower-case name, in order."""
        if key not in self._read:
            found, defects = addresses.read(b", ".join(self._head.values(key)), self._hints)
            self._read[key] = found
            self.defects.update(dict.fromkeys(f"{key}: {defect}" for defect in defects))
        return self._read[key]
