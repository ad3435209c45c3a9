"""Full-text search over the archive, with the same answers from FTS5 and from a tsvector.

Both hold tokens made by search_tokens; no database's own reading of text is used. Each part of a
query is asked of the whole message, so two words may stand in different fields or chunks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    column,
    insert,
    literal,
    not_,
    or_,
    select,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from maild.model.archive import SearchHit, SearchText
from maild.model.case import CaseId
from maild.store import search_query as query_tree
from maild.store.archive import archived_of
from maild.store.cases import number_key
from maild.store.search_tokens import BREAK, Phrase, chunks
from maild.store.tables import case_message, case_row, message, search_chunk

_ADD_CHUNKS = insert(search_chunk)
_CHUNKS_OF = select(search_chunk.c.id, search_chunk.c.message_key).where(
    search_chunk.c.message_key.in_(bindparam("keys", expanding=True))
)
_ADD_SQLITE = text("INSERT INTO search_index (rowid, tokens) VALUES (:chunk_id, :tokens)")
_ADD_POSTGRESQL = text(
    "INSERT INTO search_index (chunk_id, tokens) VALUES (:chunk_id, CAST(:tokens AS tsvector))"
)
_fts = table("search_index", column("rowid"), column("search_index"))
_vectors = table("search_index", column("chunk_id"), column("tokens"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScope:
    """What a query is asked of.

    `zone`: where a day of `before:` and `after:` begins. `visible`: what the viewer may see, as a
    condition on `tables.message`, `tables.case_message` and `tables.case_row` (the last two are NULL
    for a message without a case); it binds counts and order as well as what is shown.
    """

    zone: tzinfo = UTC
    visible: ColumnElement[bool] | None = None


_EVERYTHING = SearchScope()


def index(conn: Connection, texts: Mapping[str, SearchText], now: datetime) -> None:
    """Make messages (a batch, text by key) to be found by these texts.

    They must be in the archive and not be indexed yet.
    """
    on_sqlite = conn.dialect.name == "sqlite"
    written = " ".join if on_sqlite else _tsvector
    pieces = [(key, written(tokens)) for key, text in texts.items() for tokens in chunks(text)]
    if pieces:
        ids = _new_chunks(conn, [key for key, _ in pieces], now)
        rows = [{"chunk_id": ids[key].pop(), "tokens": tokens} for key, tokens in pieces]
        conn.execute(_ADD_SQLITE if on_sqlite else _ADD_POSTGRESQL, rows)


def search(
    conn: Connection, query: str, *, limit: int, offset: int = 0, scope: SearchScope = _EVERYTHING
) -> tuple[SearchHit, ...]:
    """The messages that the query describes, newest first; none when it names nothing.

    Raises: UsageError for a date that is none.
    """
    found = query_tree.parse(query)
    if found is None:
        return ()
    visible = true() if scope.visible is None else scope.visible
    statement = (
        _HITS.where(_Conditions(conn.dialect.name, scope.zone).of(found), visible)
        .order_by(message.c.received_at.desc(), message.c.key.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(map(_hit, conn.execute(statement)))


_HITS = (
    select(message, case_row.c.id.label("case_id"), case_row.c.number.label("case_number"))
    .select_from(message)
    .outerjoin(case_message, case_message.c.message_key == message.c.key)
    .outerjoin(case_row, case_row.c.id == case_message.c.case_id)
)


def _new_chunks(conn: Connection, keys: Sequence[str], now: datetime) -> dict[str, list[int]]:
    """The ids of new chunks, one for each time that a message stands in `keys`, by message."""
    # Without RETURNING: for it SQLite opens a savepoint, and FTS5 flushes at every savepoint.
    conn.execute(_ADD_CHUNKS, [{"message_key": key, "indexed_at": now} for key in keys])
    ids: dict[str, list[int]] = {}
    for chunk_id, key in conn.execute(_CHUNKS_OF, {"keys": list(dict.fromkeys(keys))}):
        ids.setdefault(key, []).append(chunk_id)
    return ids


class _Conditions:
    """A query's tree as SQL."""

    def __init__(self, dialect: str, zone: tzinfo) -> None:
        self._dialect = dialect
        self._zone = zone

    def of(self, node: query_tree.Node) -> ColumnElement[bool]:
        holds: ColumnElement[bool]
        match node:
            case query_tree.Text(phrase=phrase):
                holds = message.c.key.in_(self._keys(phrase))
            case query_tree.Property(name=name, value=value):
                holds = case_row.c.id.is_not(None) & _property(name, value)
            case query_tree.HasAttachment():
                holds = message.c.has_attachments.is_(True)
            case query_tree.Received(day=day, before=before):
                begins = datetime.combine(day, time(), self._zone)
                holds = message.c.received_at < begins if before else message.c.received_at >= begins
            case query_tree.All(parts=parts):
                holds = and_(*map(self.of, parts))
            case query_tree.Either(parts=parts):
                holds = or_(*map(self.of, parts))
            case query_tree.Without(part=part):
                holds = not_(self.of(part))
            case _:
                assert_never(node)
        return holds

    def _keys(self, phrase: Phrase) -> Select[Any]:
        if self._dialect == "sqlite":
            found = select(_fts.c.rowid).where(_fts.c.search_index.op("MATCH")(_fts_query(phrase)))
        else:
            wanted = literal(_tsquery(phrase)).cast(TSQUERY)
            found = select(_vectors.c.chunk_id).where(_vectors.c.tokens.op("@@")(wanted))
        return select(search_chunk.c.message_key).where(search_chunk.c.id.in_(found))


def _property(name: str, value: str) -> ColumnElement[bool]:
    if name == "case":
        return case_row.c.id.in_(_case_and_successors(number_key(value)))
    found = case_row.c.kind if name == "kind" else case_row.c.stage
    return found.in_([value, value.casefold()])


def _case_and_successors(key: str) -> Select[tuple[str]]:
    """The case of that number and those that took it over, one after the other."""
    columns = (case_row.c.id, case_row.c.merged_into)
    chain = select(*columns).where(case_row.c.number_key == key).cte(recursive=True)
    merged = case_row.alias()
    after = select(merged.c.id, merged.c.merged_into).where(merged.c.id == chain.c.merged_into)
    chain = chain.union(after)
    return select(chain.c.id)


def _fts_query(phrase: Phrase) -> str:
    """The phrase in FTS5's syntax; a token holds no quotation mark."""
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.prefix else "")


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(map(_quoted, phrase.tokens)) + (":*" if phrase.prefix else "")


def _tsvector(tokens: Sequence[str]) -> str:
    """The tokens as a tsvector's text, each at its position: no parser of PostgreSQL sees them."""
    places: dict[str, list[str]] = {}
    for position, token in enumerate(tokens, 1):
        if token != BREAK:
            places.setdefault(token, []).append(str(position))
    return " ".join(f"{_quoted(token)}:{','.join(at)}" for token, at in places.items())


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _hit(row: Any) -> SearchHit:
    case_id = None if row.case_id is None else CaseId(row.case_id)
    return SearchHit(message=archived_of(row), case_id=case_id, case_number=row.case_number)
