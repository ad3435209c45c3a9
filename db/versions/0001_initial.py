"""The first schema: inbox, archive, cases, outbox, configuration sets, search."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEARCH_INDEX = {
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


def upgrade() -> None:
    """Create every table."""
    _mailbox()
    _folder_cursor()
    _blob()
    _case_counter()
    _case_row()
    _case_alias()
    _case_event()
    _message()
    _ledger()
    _thread_message_id()
    _case_thread()
    _case_message()
    _decision()
    _queued_fact()
    _outbox()
    _outbox_recipient()
    _outbox_attempt()
    _config_set()
    _process()
    _search_chunk()
    _search_index()


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )


def _folder_cursor() -> None:
    op.create_table(
        "folder_cursor",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("mailbox", "folder", name=op.f("pk_folder_cursor")),
    )


def _blob() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )


def _case_counter() -> None:
    op.create_table(
        "case_counter",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_case_counter")),
    )


def _case_row() -> None:
    op.create_table(
        "case_row",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("base_subject", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_address", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("playbook", sa.String(), nullable=False),
        sa.Column("config_hash", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_row")),
        sa.UniqueConstraint("number_key", name=op.f("uq_case_row_number_key")),
        sa.UniqueConstraint("serial", name=op.f("uq_case_row_serial")),
    )
    op.create_index(op.f("ix_case_row_opened_at"), "case_row", ["opened_at"], unique=False)
    op.create_index(op.f("ix_case_row_subject_key"), "case_row", ["subject_key"], unique=False)


def _case_alias() -> None:
    op.create_table(
        "case_alias",
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_alias_case_id")),
        sa.PrimaryKeyConstraint("number_key", name=op.f("pk_case_alias")),
    )


def _case_event() -> None:
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_event_case_id")),
        sa.PrimaryKeyConstraint("case_id", "sequence", name=op.f("pk_case_event")),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("blob_sha256", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_address", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("base_subject", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("automatic_kind", sa.String(), nullable=False),
        sa.Column("has_attachments", sa.Boolean(), nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duplicate_id", sa.Boolean(), nullable=False),
        sa.Column("defects", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], name=op.f("fk_message_blob_sha256")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message")),
        sa.UniqueConstraint("identity", name=op.f("uq_message_identity")),
    )
    op.create_index(op.f("ix_message_message_id"), "message", ["message_id"], unique=False)
    op.create_index(op.f("ix_message_received_at"), "message", ["received_at"], unique=False)
    op.create_index(op.f("ix_message_thread_id"), "message", ["thread_id"], unique=False)


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("blob_sha256", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acts", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], name=op.f("fk_ledger_blob_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint(
            "mailbox", "folder", "uidvalidity", "uid", name=op.f("uq_ledger_mailbox_folder_uidvalidity_uid")
        ),
    )
    op.create_index(op.f("ix_ledger_blob_sha256"), "ledger", ["blob_sha256"], unique=False)
    op.create_index(op.f("ix_ledger_message_key"), "ledger", ["message_key"], unique=False)
    op.create_index(
        "ix_ledger_open",
        "ledger",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state <> 'processed'"),
        postgresql_where=sa.text("state <> 'processed'"),
    )


def _thread_message_id() -> None:
    op.create_table(
        "thread_message_id",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_thread_message_id")),
    )
    op.create_index(op.f("ix_thread_message_id_thread_id"), "thread_message_id", ["thread_id"], unique=False)


def _case_thread() -> None:
    op.create_table(
        "case_thread",
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_thread_case_id")),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_case_thread")),
    )
    op.create_index(op.f("ix_case_thread_case_id"), "case_thread", ["case_id"], unique=False)


def _case_message() -> None:
    op.create_table(
        "case_message",
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("join_reason", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_key"], ["message.key"], name=op.f("fk_case_message_message_key")),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_message_case_id")),
        sa.PrimaryKeyConstraint("message_key", name=op.f("pk_case_message")),
    )
    op.create_index(op.f("ix_case_message_case_id"), "case_message", ["case_id"], unique=False)


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("config_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_key"], ["message.key"], name=op.f("fk_decision_message_key")),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_index(op.f("ix_decision_message_key"), "decision", ["message_key"], unique=False)


def _queued_fact() -> None:
    op.create_table(
        "queued_fact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_queued_fact_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_fact")),
    )
    op.create_index(op.f("ix_queued_fact_case_id"), "queued_fact", ["case_id"], unique=False)
    op.create_index(
        "ix_queued_fact_open",
        "queued_fact",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state <> 'processed'"),
        postgresql_where=sa.text("state <> 'processed'"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("effect_key", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("template_version", sa.String(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("doubt_policy", sa.String(), nullable=False),
        sa.Column("blob_sha256", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_outbox_case_id")),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], name=op.f("fk_outbox_blob_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_outbox_effect_key")),
    )
    op.create_index(op.f("ix_outbox_case_id"), "outbox", ["case_id"], unique=False)
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=False)
    op.create_index(
        op.f("ix_outbox_state_next_attempt_at"), "outbox", ["state", "next_attempt_at"], unique=False
    )


def _outbox_recipient() -> None:
    op.create_table(
        "outbox_recipient",
        sa.Column("outbox_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_recipient_outbox_id")),
        sa.PrimaryKeyConstraint("outbox_id", "position", name=op.f("pk_outbox_recipient")),
    )


def _outbox_attempt() -> None:
    op.create_table(
        "outbox_attempt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("outbox_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_attempt_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempt")),
        sa.UniqueConstraint("outbox_id", "number", name=op.f("uq_outbox_attempt_outbox_id_number")),
    )
    op.create_index(
        "ix_outbox_attempt_open",
        "outbox_attempt",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _config_set() -> None:
    op.create_table(
        "config_set",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_config_set")),
    )


def _process() -> None:
    op.create_table(
        "process",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_process")),
    )


def _search_chunk() -> None:
    op.create_table(
        "search_chunk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_key"], ["message.key"], name=op.f("fk_search_chunk_message_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_chunk")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_search_chunk_message_key"), "search_chunk", ["message_key"], unique=False)


def _search_index() -> None:
    for statement in _SEARCH_INDEX[op.get_bind().dialect.name].split(";"):
        op.execute(statement)
