"""Whom the servers of the tests refuse, the real Postfix and the one in memory alike."""


def by_name(address: str) -> tuple[int, str] | None:
    """`reject...@` is refused for good, `defer...@` for now."""
    if address.startswith("reject"):
        return 550, "5.1.1 no such mailbox"
    if address.startswith("defer"):
        return 450, "4.2.0 try again later"
    return None
