"""Mail that no rule has decided: what waits, and the word of a person that it is dealt with."""

from maild.app.context import Context
from maild.model.archive import ReviewEntry
from maild.model.people import Viewer
from maild.store import review


def list_review(context: Context, viewer: Viewer, *, limit: int) -> tuple[ReviewEntry, ...]:
    """What waits and `viewer` may see, oldest first."""
    return context.store.read(lambda conn: review.waiting(conn, limit, viewer))


def finish_review(context: Context, message_key: str, said: str) -> None:
    """Take a message out of the queue, with what the person said of it. Raises: NotFound."""
    now = context.clock.now()
    context.store.write(lambda conn: review.settle(conn, message_key, said, now))
