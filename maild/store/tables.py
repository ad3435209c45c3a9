"""Every table, as SQLAlchemy Core sees it; db/ holds the migrations that lead here.

The full-text index is a table of its own on each database (see `search_index`), since FTS5 and
tsvector are not described by the same columns. No trigger and no stored procedure anywhere.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
    text,
)

from maild.model.case import Direction, JoinReason
from maild.model.delivery import DoubtPolicy, OutboxState, RecipientState
from maild.model.intake import FolderRole, LedgerState
from maild.model.mail import AutomaticKind
from maild.model.progress import DeadlineState
from maild.store.types import CleanText, EnumText, IdText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NOT_PROCESSED = text("state <> 'processed'")
"""What is still open in a queue: few rows, under an index of their own, which is used only by a
statement that says this word for word."""

# --- In ---------------------------------------------------------------------------------------

mailbox = Table(
    "mailbox",
    metadata,
    Column("name", String, primary_key=True),
    Column("first_seen_at", UtcDateTime, nullable=False),
)

folder_cursor = Table(
    "folder_cursor",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("folder", String, primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("polled_at", UtcDateTime),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zstd
    Column("size_bytes", BigInteger, nullable=False),  # before compression
    Column("stored_bytes", BigInteger, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", String, primary_key=True),
    Column("mailbox", String, nullable=False),
    Column("folder", String, nullable=False),
    Column("role", EnumText(FolderRole), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("blob_sha256", ForeignKey("blob.sha256"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("acts", Boolean, nullable=False),
    Column("state", EnumText(LedgerState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("error", CleanText, nullable=False),
    # No foreign key: to check one on UPDATE, SQLite opens a savepoint, and FTS5 flushes at each.
    Column("message_key", String),
    Column("added_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    Index(None, "blob_sha256"),
    Index(None, "message_key"),
)
Index(
    "ix_ledger_open",
    ledger.c.id,
    sqlite_where=NOT_PROCESSED,
    postgresql_where=NOT_PROCESSED,
)

# --- Archive and threads ----------------------------------------------------------------------

message = Table(
    "message",
    metadata,
    Column("key", String, primary_key=True),
    Column("identity", String, nullable=False),
    Column("message_id", IdText, nullable=False),
    Column("blob_sha256", ForeignKey("blob.sha256"), nullable=False),
    Column("thread_id", String, nullable=False),
    Column("direction", EnumText(Direction), nullable=False),
    Column("mailbox", String, nullable=False),
    Column("author_name", CleanText),
    Column("author_address", CleanText),
    Column("subject", CleanText, nullable=False),
    Column("base_subject", CleanText, nullable=False),
    Column("language", String, nullable=False),
    Column("automatic_kind", EnumText(AutomaticKind), nullable=False),
    Column("has_attachments", Boolean, nullable=False),
    Column("date", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("duplicate_id", Boolean, nullable=False),
    Column("defects", CleanText, nullable=False),  # one a line
    UniqueConstraint("identity"),
    Index(None, "message_id"),
    Index(None, "thread_id"),
    Index(None, "received_at"),
)

thread_message_id = Table(
    "thread_message_id",
    metadata,
    Column("message_id", IdText, primary_key=True),
    Column("thread_id", String, nullable=False),
    Index(None, "thread_id"),
)

case_thread = Table(
    "case_thread",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Index(None, "case_id"),
)

# --- Cases ------------------------------------------------------------------------------------

case_counter = Table(
    "case_counter",
    metadata,
    Column("scope", String, primary_key=True),  # PREFIX-YYYY, or "serial"
    Column("last", BigInteger, nullable=False),
)

case_row = Table(
    "case_row",
    metadata,
    Column("id", String, primary_key=True),
    Column("serial", BigInteger, nullable=False),
    Column("number", String, nullable=False),
    Column("number_key", String, nullable=False),  # as it is compared
    Column("kind", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("priority", String, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("base_subject", CleanText, nullable=False),
    Column("subject_key", CleanText, nullable=False),  # its start, short enough for an index
    Column("contact_name", CleanText, nullable=False),
    Column("contact_address", CleanText, nullable=False),
    Column("participants", CleanText, nullable=False),  # one a line, sorted
    Column("mailbox", String, nullable=False),
    Column("language", String, nullable=False),
    Column("playbook", String, nullable=False),
    Column("config_hash", String, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("message_count", Integer, nullable=False),
    Column("trouble", CleanText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("merged_into", String, nullable=False, server_default=""),
    Column("owner", CleanText, nullable=False, server_default=""),
    Column("department", CleanText, nullable=False, server_default=""),
    Column("labels", CleanText, nullable=False, server_default=""),  # one a line, sorted
    Column("fields", CleanText, nullable=False, server_default="{}"),  # JSON
    Column("confidential", Boolean, nullable=False, server_default=false()),
    Column("calendar", String, nullable=False, server_default=""),
    Column("progress", CleanText, nullable=False, server_default="{}"),  # JSON
    Column("next_at", UtcDateTime),  # when something is next due
    UniqueConstraint("serial"),
    UniqueConstraint("number_key"),
    Index(None, "subject_key"),
    Index(None, "opened_at"),
    Index(None, "owner"),
    Index(None, "next_at"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("state", EnumText(DeadlineState), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "state", "due_at"),
)

case_event = Table(
    "case_event",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("payload", CleanText, nullable=False),  # JSON
    Column("payload_hash", String, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
)

case_message = Table(
    "case_message",
    metadata,
    Column("message_key", ForeignKey("message.key"), primary_key=True),
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("direction", EnumText(Direction), nullable=False),
    Column("join_reason", EnumText(JoinReason), nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Index(None, "case_id"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", String, primary_key=True),
    Column("message_key", ForeignKey("message.key")),
    Column("case_id", ForeignKey("case_row.id")),
    Column("config_hash", String, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("detail", LargeBinary, nullable=False),  # zstd JSON: fact, rule input, trace
    Column("decided_at", UtcDateTime, nullable=False),
    Index(None, "message_key"),
    Index(None, "case_id"),
)

queued_fact = Table(
    "queued_fact",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("fact", CleanText, nullable=False),  # JSON
    Column("state", EnumText(LedgerState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("error", CleanText, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index(None, "case_id"),
)
Index(
    "ix_queued_fact_open",
    queued_fact.c.id,
    sqlite_where=NOT_PROCESSED,
    postgresql_where=NOT_PROCESSED,
)

# --- Out --------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("effect_key", String, nullable=False),
    Column("case_id", ForeignKey("case_row.id")),
    Column("mailbox", String, nullable=False),
    Column("template", String, nullable=False),
    Column("template_version", String, nullable=False),
    Column("message_id", IdText, nullable=False),
    Column("sender", CleanText, nullable=False),
    Column("state", EnumText(OutboxState), nullable=False),
    Column("doubt_policy", EnumText(DoubtPolicy), nullable=False),
    Column("blob_sha256", ForeignKey("blob.sha256")),  # NULL: it could not be rendered
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("error", CleanText, nullable=False),
    UniqueConstraint("effect_key"),
    Index(None, "state", "next_attempt_at"),
    Index(None, "message_id"),
    Index(None, "case_id"),
)

outbox_recipient = Table(
    "outbox_recipient",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("address", CleanText, nullable=False),
    Column("state", EnumText(RecipientState), nullable=False),
    Column("code", Integer, nullable=False),
    Column("reply", CleanText, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

outbox_attempt = Table(
    "outbox_attempt",
    metadata,
    Column("id", String, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("data_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", CleanText, nullable=False),
    UniqueConstraint("outbox_id", "number"),
)
Index(
    "ix_outbox_attempt_open",
    outbox_attempt.c.id,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

# --- What no rule has decided -----------------------------------------------------------------

review = Table(
    "review",
    metadata,
    Column("message_key", ForeignKey("message.key"), primary_key=True),
    Column("mailbox", String, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("since_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_as", CleanText, nullable=False),  # what a person said; empty while it waits
    Index(None, "settled_at", "since_at"),
)

# --- The house --------------------------------------------------------------------------------

config_set = Table(
    "config_set",
    metadata,
    Column("hash", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zstd
    Column("stored_at", UtcDateTime, nullable=False),
)

process = Table(
    "process",
    metadata,
    Column("owner", String, primary_key=True),
    Column("beat_at", UtcDateTime, nullable=False),
)

# --- Search -----------------------------------------------------------------------------------

search_chunk = Table(
    "search_chunk",
    metadata,
    # Never used again after a deletion: a contentless FTS5 row outlives its chunk.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("message_key", ForeignKey("message.key"), nullable=False),
    Column("indexed_at", UtcDateTime, nullable=False),
    Index(None, "message_key"),
    sqlite_autoincrement=True,
)

SEARCH_INDEX_DDL = {
    # content='': only the index is kept; columnsize=0: nothing here ranks by length. The ascii
    # tokenizer leaves every non-ASCII character alone, so that tokens arrive as Python made them.
    "sqlite": """
        CREATE VIRTUAL TABLE search_index USING fts5
            (tokens, content='', columnsize=0, tokenize='ascii')
    """,
    "postgresql": """
        CREATE TABLE search_index (
            chunk_id BIGINT NOT NULL,
            tokens TSVECTOR NOT NULL,
            CONSTRAINT pk_search_index PRIMARY KEY (chunk_id),
            CONSTRAINT fk_search_index_chunk_id FOREIGN KEY (chunk_id) REFERENCES search_chunk (id)
        );
        CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)
    """,
}


@event.listens_for(metadata, "after_create")
def _create_search_index(_metadata: MetaData, conn: Connection, **_options: object) -> None:
    for statement in SEARCH_INDEX_DDL[conn.dialect.name].split(";"):
        conn.exec_driver_sql(statement)
