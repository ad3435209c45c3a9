"""What rules settled about a case, as columns of its row; and who has how much to do."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from maild.model.case import CaseTraits
from maild.model.people import Workload
from maild.store.tables import case_row


def trait_values(traits: CaseTraits) -> dict[str, object]:
    """The columns of the traits."""
    return {
        "owner": traits.owner,
        "department": traits.department,
        "labels": "\n".join(traits.labels),
        "fields": json.dumps(dict(traits.fields), ensure_ascii=False),
        "confidential": traits.confidential,
    }


def traits_of(row: Row[Any]) -> CaseTraits:
    """The traits in a row of case_row."""
    return CaseTraits(
        owner=row.owner,
        department=row.department,
        labels=tuple(row.labels.split("\n")) if row.labels else (),
        fields=tuple(json.loads(row.fields).items()),
        confidential=row.confidential,
    )


def workloads(conn: Connection, people: Sequence[str]) -> tuple[Workload, ...]:
    """What each of these people (addresses, case-folded) has to do, in the order given."""
    is_open = case_row.c.closed_at.is_(None) & (case_row.c.merged_into == "")
    opened, last = func.count().filter(is_open), func.max(case_row.c.serial)
    statement = select(case_row.c.owner, opened, last).where(case_row.c.owner.in_(people))
    found = {
        owner: (count, serial) for owner, count, serial in conn.execute(statement.group_by(case_row.c.owner))
    }
    return tuple(
        Workload(person=person, open_cases=count, last_serial=serial)
        for person in people
        for count, serial in [found.get(person, (0, 0))]
    )
