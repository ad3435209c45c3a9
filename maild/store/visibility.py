"""What a viewer may see: everything but the confidential cases of others, and whatever belongs to those.

Conditions for SQL, so that pages and counts are right; each is true for all of a viewer who sees everything.
A message without a case is nobody's secret.
"""

from sqlalchemy import ColumnElement, Connection, Exists, and_, exists, not_, or_, select, true

from maild.model.case import CaseId
from maild.model.people import Viewer
from maild.store.tables import case_message, case_row, message, outbox


def sees_case(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on case_row."""
    return true() if viewer.sees_confidential else not_(_hidden(viewer))


def sees_case_if_any(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on case_row that was joined from outside: NULL where there is no case."""
    return true() if viewer.sees_confidential else or_(case_row.c.id.is_(None), not_(_hidden(viewer)))


def sees_message(viewer: Viewer, key: ColumnElement[str] = message.c.key) -> ColumnElement[bool]:
    """A condition on the column that holds the key of a message; true where it is NULL."""
    return true() if viewer.sees_confidential else not_(_in_hidden_case(viewer, key))


def sees_mail(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on outbox."""
    if viewer.sees_confidential:
        return true()
    return not_(exists().where(case_row.c.id == outbox.c.case_id, _hidden(viewer)))


def may_see_case(conn: Connection, viewer: Viewer, case_id: CaseId) -> bool:
    """True when there is such a case, and the viewer may see it."""
    return _finds(conn, case_row.c.id == case_id, sees_case(viewer))


def may_see_message(conn: Connection, viewer: Viewer, key: str) -> bool:
    """True when the archive has such a message, and the viewer may see it."""
    return _finds(conn, message.c.key == key, sees_message(viewer))


def may_see_mail(conn: Connection, viewer: Viewer, outbox_id: str) -> bool:
    """True when the outbox has such a mail, and the viewer may see it."""
    return _finds(conn, outbox.c.id == outbox_id, sees_mail(viewer))


def _hidden(viewer: Viewer) -> ColumnElement[bool]:
    """On case_row: a confidential case of somebody else. Who has no address owns none."""
    confidential = case_row.c.confidential
    return and_(confidential, case_row.c.owner != viewer.address) if viewer.address else confidential


def _in_hidden_case(viewer: Viewer, key: ColumnElement[str]) -> Exists:
    return exists().where(
        case_message.c.message_key == key, case_row.c.id == case_message.c.case_id, _hidden(viewer)
    )


def _finds(conn: Connection, *conditions: ColumnElement[bool]) -> bool:
    return conn.execute(select(true()).where(*conditions).limit(1)).first() is not None
