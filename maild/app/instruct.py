"""What a colleague says at the command line or in the console: the same words as by mail, on one case."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import world_of
from maild.core.calendar import local_date
from maild.core.decide import decide
from maild.core.instructing import mistakes_in
from maild.errors import NotFound, UsageError
from maild.model.facts import Instructed
from maild.model.people import Viewer
from maild.parsers import command
from maild.store import cases
from maild.store.visibility import may_see_case


def instruct(
    context: Context, viewer: Viewer, number: str, text: str, *, said_at: datetime | None = None
) -> str:
    """What was done, in words; `text` is what a colleague would write, commands first. `said_at` None: now.

    Raises:
        NotFound: there is no such case.
        UsageError: something of it cannot be done; then nothing is.
    """

    def transaction(conn: Connection) -> str:
        case = cases.by_number(conn, number)
        if case is None or not may_see_case(conn, viewer, case.id):
            raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
        now = context.clock.now()
        world = world_of(conn, context, case, case.contact)
        said = command.read(text, local_date(world.calendar, now), ZoneInfo(world.calendar.zone))
        if wrong := mistakes_in(said, world, "en"):
            raise UsageError("; ".join(wrong))
        key = f"said/{context.ids.new_id(now)}"
        fact = Instructed(by=viewer.name, instructions=said, said_at=said_at or now, key=key)
        decision = decide(case, fact, world, now)
        commit(conn, context, case, decision)
        return decision.reason

    return context.store.write(transaction)
