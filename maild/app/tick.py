"""What comes with time: the cases on which something is due are decided anew, each in its own transaction.

Whether it is still due is not asked here but by `decide`, on the case as it stands at that moment, so that
nothing is sent on what was true yesterday. After an outage all of it comes once.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import world_of
from maild.core.decide import decide
from maild.errors import StoreBusy
from maild.model.case import CaseId
from maild.model.facts import TimeCame
from maild.store import cases, deadlines, inbox, outbox

log = logging.getLogger(__name__)

_AT_ONCE = 200
_REST = timedelta(minutes=10)
"""How long a case is left alone that cannot be decided, so that it does not fill the log."""


class Ticker:
    """Decides what is due; one for a process, called by one thread."""

    def __init__(self) -> None:
        self._resting: dict[CaseId, datetime] = {}

    def tick(self, context: Context) -> int:
        """The number of cases on which what was due has been decided."""
        now = context.clock.now()
        self._resting = {case_id: until for case_id, until in self._resting.items() if until > now}
        most = _AT_ONCE + len(self._resting)
        due = context.store.read(lambda conn: deadlines.due_cases(conn, now, most))
        return sum(self._decide(context, case_id) for case_id in due if case_id not in self._resting)

    def _decide(self, context: Context, case_id: CaseId) -> bool:
        try:
            reason = context.store.write(lambda conn: _decided(conn, context, case_id))
        except StoreBusy:
            return False  # the next tick
        except Exception:  # supervisor: this case rests, the others go on
            log.exception(
                "case %s cannot be decided", case_id, extra={"event": "tick.failed", "case": case_id}
            )
            self._resting[case_id] = context.clock.now() + _REST
            return False
        log.info("%s", reason, extra={"event": "tick.decided", "case_id": case_id})
        return True


def next_moment(context: Context) -> datetime | None:
    """When there is next something to do that no mail brings; None: nothing is to come.

    A promise is to be looked at, a mail to be tried again, or a delivery that failed.
    """
    now = context.clock.now()
    coming = (deadlines.next_due, outbox.next_due, inbox.next_retry)
    moments = context.store.read(lambda conn: [ask(conn, now) for ask in coming])
    return min((moment for moment in moments if moment is not None), default=None)


def _decided(conn: Connection, context: Context, case_id: CaseId) -> str:
    case = cases.get(conn, case_id)
    world = world_of(conn, context, case, case.contact)
    decision = decide(case, TimeCame(), world, context.clock.now())
    commit(conn, context, case, decision)
    return decision.reason
