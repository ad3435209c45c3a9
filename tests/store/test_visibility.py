"""Who may see what: pages and counts are those of the viewer, on each database."""

import pytest
from sqlalchemy import Connection

from maild.model.archive import SearchText
from maild.model.case import CaseId, CaseTraits, Direction, JoinReason
from maild.model.delivery import OutboxState
from maild.model.people import SHELL, Viewer
from maild.store import archive, cases, inbox, outbox, review, search
from maild.store.engine import Store
from maild.store.search import SearchScope
from maild.store.visibility import may_see_case, may_see_mail, may_see_message, sees_case_if_any
from tests.store.samples import HOUR, NOW, ORIGIN, fetched, numbered, outgoing, put_case, put_message

LI = Viewer(name="李娜", address="li@example.com", sees_confidential=False)
WU = Viewer(name="Wu", address="wu@example.com", sees_confidential=False)
NOBODY = Viewer(name="somebody", sees_confidential=False)
ALL, NOT_THE_SECRET = ["case-3", "case-2", "case-1"], ["case-3", "case-1"]

VIEWERS = pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        pytest.param(SHELL, ALL, id="who sees everything"),
        pytest.param(LI, ALL, id="the owner"),
        pytest.param(WU, NOT_THE_SECRET, id="another colleague"),
        pytest.param(NOBODY, NOT_THE_SECRET, id="who has no address"),
    ],
)


@pytest.fixture
def filled(store: Store) -> Store:
    """Three cases with a message and a mail each, oldest first; case-2 is confidential, and of Li."""

    def fill(conn: Connection) -> None:
        for number in (1, 2, 3):
            secret = number == 2
            traits = CaseTraits(owner="li@example.com" if secret else "", confidential=secret)
            put_case(conn, f"case-{number}", opened_at=NOW + number * HOUR, traits=traits)
            put_message(conn, f"m{number}", SearchText(body="投诉"), received_at=NOW + number * HOUR)
            _join(conn, f"case-{number}", f"m{number}")
            outbox.enqueue(conn, outgoing(f"effect-{number}", case_id=CaseId(f"case-{number}")))

    store.write(fill)
    return store


def _join(conn: Connection, case_id: str, key: str) -> None:
    cases.add_message(
        conn, CaseId(case_id), key, Direction.INCOMING, JoinReason.OPENED, "it opened the case", True, NOW
    )


@VIEWERS
def test_pages_of_cases(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    pages = [
        filled.read(lambda conn, at=at: cases.list_cases(conn, viewer=viewer, limit=1, offset=at))  # type: ignore[misc]  # at
        for at in range(3)
    ]
    assert [case.id for page in pages for case in page] == seen


@VIEWERS
def test_single_things(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    def look_up(conn: Connection) -> list[bool]:
        return [
            may_see_case(conn, viewer, CaseId("case-2")),
            may_see_message(conn, viewer, "m2"),
            may_see_mail(conn, viewer, "mail-effect-2"),
        ]

    assert filled.read(look_up) == [seen == ALL] * 3


@pytest.mark.parametrize("viewer", [pytest.param(SHELL, id="all"), pytest.param(WU, id="another")])
def test_what_is_not_there_is_not_seen(filled: Store, viewer: Viewer) -> None:
    def look_up(conn: Connection) -> tuple[bool, ...]:
        return (
            may_see_case(conn, viewer, CaseId("case-9")),
            may_see_message(conn, viewer, "m9"),
            may_see_mail(conn, viewer, "mail-9"),
        )

    assert filled.read(look_up) == (False, False, False)


@VIEWERS
def test_what_a_search_finds(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    filled.write(lambda conn: put_message(conn, "alone", SearchText(body="投诉"), received_at=NOW))
    scope = SearchScope(visible=sees_case_if_any(viewer))
    hits = filled.read(lambda conn: search.search(conn, "投诉", limit=9, scope=scope))
    assert [hit.case_id for hit in hits] == [*seen, None]
    (second,) = filled.read(lambda conn: search.search(conn, "投诉", limit=1, offset=1, scope=scope))
    assert second.case_id == seen[1]


@VIEWERS
def test_what_is_sent(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    filled.write(lambda conn: outbox.enqueue(conn, outgoing("effect-0", created_at=NOW - HOUR)))
    listed = filled.read(lambda conn: outbox.listing(conn, {OutboxState.QUEUED}, 10, viewer))
    assert [one.case_id for one in listed] == [None, *reversed(seen)]


@VIEWERS
def test_what_waits_for_review(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    def wait(conn: Connection) -> None:
        put_message(conn, "alone")
        for key in ("m2", "alone"):
            review.add(conn, key, "service", "no rule matched", NOW)

    filled.write(wait)
    waiting = filled.read(lambda conn: review.waiting(conn, 10, viewer))
    assert [one.message.key for one in waiting] == (["alone", "m2"] if seen == ALL else ["alone"])


@VIEWERS
def test_counts(filled: Store, viewer: Viewer, seen: list[str]) -> None:
    def deliver(conn: Connection) -> None:
        raws = [(fetched(1, b"m2"), True), (fetched(2, b"m3"), True), (fetched(3, b"waits"), True)]
        inbox.ingest(conn, ORIGIN, raws, now=NOW, new_id=numbered())
        keys = dict(zip((entry.id for entry in inbox.pending(conn, 2, NOW)), ("m2", "m3"), strict=True))
        inbox.mark_processed(conn, keys, NOW)

    filled.write(deliver)
    whole = filled.read(archive.counts)
    counted = filled.read(lambda conn: archive.counts(conn, viewer))
    hidden = 3 - len(seen)
    assert (counted.cases, counted.messages) == (3 - hidden, 3 - hidden)
    assert counted.deliveries == 3 - hidden
    assert counted.blobs == whole.blobs - hidden
    assert (counted.stored_bytes == whole.stored_bytes) is (hidden == 0)
