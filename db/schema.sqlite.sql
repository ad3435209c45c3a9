CREATE TABLE blob (
    sha256 VARCHAR NOT NULL,
    content BLOB NOT NULL,
    size_bytes BIGINT NOT NULL,
    stored_bytes BIGINT NOT NULL,
    stored_at DATETIME NOT NULL,
    CONSTRAINT pk_blob PRIMARY KEY (sha256)
);

CREATE TABLE case_counter (
    scope VARCHAR NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT pk_case_counter PRIMARY KEY (scope)
);

CREATE TABLE case_event (
    case_id VARCHAR NOT NULL,
    sequence INTEGER NOT NULL,
    at DATETIME NOT NULL,
    kind VARCHAR NOT NULL,
    payload TEXT NOT NULL,
    payload_hash VARCHAR NOT NULL,
    previous_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    CONSTRAINT fk_case_event_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT pk_case_event PRIMARY KEY (case_id, sequence)
);

CREATE TABLE case_message (
    message_key VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    join_reason VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    joined_at DATETIME NOT NULL,
    CONSTRAINT fk_case_message_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT fk_case_message_message_key FOREIGN KEY(message_key) REFERENCES message ("key"),
    CONSTRAINT pk_case_message PRIMARY KEY (message_key)
);

CREATE INDEX ix_case_message_case_id ON case_message (case_id);

CREATE TABLE case_row (
    id VARCHAR NOT NULL,
    serial BIGINT NOT NULL,
    number VARCHAR NOT NULL,
    number_key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    priority VARCHAR NOT NULL,
    subject TEXT NOT NULL,
    base_subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_address TEXT NOT NULL,
    participants TEXT NOT NULL,
    mailbox VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    playbook VARCHAR NOT NULL,
    config_hash VARCHAR NOT NULL,
    opened_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    closed_at DATETIME,
    message_count INTEGER NOT NULL,
    trouble TEXT NOT NULL,
    version INTEGER NOT NULL,
    merged_into VARCHAR DEFAULT '' NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    department TEXT DEFAULT '' NOT NULL,
    labels TEXT DEFAULT '' NOT NULL,
    fields TEXT DEFAULT '{}' NOT NULL,
    confidential BOOLEAN DEFAULT 0 NOT NULL,
    calendar VARCHAR DEFAULT '' NOT NULL,
    progress TEXT DEFAULT '{}' NOT NULL,
    next_at DATETIME,
    CONSTRAINT pk_case_row PRIMARY KEY (id),
    CONSTRAINT uq_case_row_number_key UNIQUE (number_key),
    CONSTRAINT uq_case_row_serial UNIQUE (serial)
);

CREATE INDEX ix_case_row_next_at ON case_row (next_at);

CREATE INDEX ix_case_row_opened_at ON case_row (opened_at);

CREATE INDEX ix_case_row_owner ON case_row (owner);

CREATE INDEX ix_case_row_subject_key ON case_row (subject_key);

CREATE TABLE case_thread (
    thread_id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    CONSTRAINT fk_case_thread_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT pk_case_thread PRIMARY KEY (thread_id)
);

CREATE INDEX ix_case_thread_case_id ON case_thread (case_id);

CREATE TABLE config_set (
    hash VARCHAR NOT NULL,
    content BLOB NOT NULL,
    stored_at DATETIME NOT NULL,
    CONSTRAINT pk_config_set PRIMARY KEY (hash)
);

CREATE TABLE deadline (
    case_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    run INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    started_at DATETIME NOT NULL,
    due_at DATETIME NOT NULL,
    ended_at DATETIME,
    CONSTRAINT fk_deadline_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT pk_deadline PRIMARY KEY (case_id, name, run)
);

CREATE INDEX ix_deadline_state_due_at ON deadline (state, due_at);

CREATE TABLE decision (
    id VARCHAR NOT NULL,
    message_key VARCHAR,
    case_id VARCHAR,
    config_hash VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    detail BLOB NOT NULL,
    decided_at DATETIME NOT NULL,
    CONSTRAINT fk_decision_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT fk_decision_message_key FOREIGN KEY(message_key) REFERENCES message ("key"),
    CONSTRAINT pk_decision PRIMARY KEY (id)
);

CREATE INDEX ix_decision_case_id ON decision (case_id);

CREATE INDEX ix_decision_message_key ON decision (message_key);

CREATE TABLE folder_cursor (
    mailbox VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,
    uidvalidity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    polled_at DATETIME,
    CONSTRAINT pk_folder_cursor PRIMARY KEY (mailbox, folder)
);

CREATE TABLE ledger (
    id VARCHAR NOT NULL,
    mailbox VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    uidvalidity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    blob_sha256 VARCHAR NOT NULL,
    received_at DATETIME NOT NULL,
    acts BOOLEAN NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    retry_at DATETIME,
    error TEXT NOT NULL,
    message_key VARCHAR,
    added_at DATETIME NOT NULL,
    done_at DATETIME,
    CONSTRAINT fk_ledger_blob_sha256 FOREIGN KEY(blob_sha256) REFERENCES blob (sha256),
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT uq_ledger_mailbox_folder_uidvalidity_uid UNIQUE (mailbox, folder, uidvalidity, uid)
);

CREATE INDEX ix_ledger_blob_sha256 ON ledger (blob_sha256);

CREATE INDEX ix_ledger_message_key ON ledger (message_key);

CREATE INDEX ix_ledger_open ON ledger (id) WHERE state <> 'processed';

CREATE TABLE mailbox (
    name VARCHAR NOT NULL,
    first_seen_at DATETIME NOT NULL,
    CONSTRAINT pk_mailbox PRIMARY KEY (name)
);

CREATE TABLE message (
    "key" VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    message_id TEXT NOT NULL,
    blob_sha256 VARCHAR NOT NULL,
    thread_id VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    mailbox VARCHAR NOT NULL,
    author_name TEXT,
    author_address TEXT,
    subject TEXT NOT NULL,
    base_subject TEXT NOT NULL,
    language VARCHAR NOT NULL,
    automatic_kind VARCHAR NOT NULL,
    has_attachments BOOLEAN NOT NULL,
    date DATETIME,
    received_at DATETIME NOT NULL,
    size_bytes BIGINT NOT NULL,
    duplicate_id BOOLEAN NOT NULL,
    defects TEXT NOT NULL,
    CONSTRAINT fk_message_blob_sha256 FOREIGN KEY(blob_sha256) REFERENCES blob (sha256),
    CONSTRAINT pk_message PRIMARY KEY ("key"),
    CONSTRAINT uq_message_identity UNIQUE (identity)
);

CREATE INDEX ix_message_message_id ON message (message_id);

CREATE INDEX ix_message_received_at ON message (received_at);

CREATE INDEX ix_message_thread_id ON message (thread_id);

CREATE TABLE outbox (
    id VARCHAR NOT NULL,
    effect_key VARCHAR NOT NULL,
    case_id VARCHAR,
    mailbox VARCHAR NOT NULL,
    template VARCHAR NOT NULL,
    template_version VARCHAR NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    state VARCHAR NOT NULL,
    doubt_policy VARCHAR NOT NULL,
    blob_sha256 VARCHAR,
    attempts INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    next_attempt_at DATETIME NOT NULL,
    error TEXT NOT NULL,
    CONSTRAINT fk_outbox_blob_sha256 FOREIGN KEY(blob_sha256) REFERENCES blob (sha256),
    CONSTRAINT fk_outbox_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_effect_key UNIQUE (effect_key)
);

CREATE INDEX ix_outbox_case_id ON outbox (case_id);

CREATE INDEX ix_outbox_message_id ON outbox (message_id);

CREATE INDEX ix_outbox_state_next_attempt_at ON outbox (state, next_attempt_at);

CREATE TABLE outbox_attempt (
    id VARCHAR NOT NULL,
    outbox_id VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    owner VARCHAR NOT NULL,
    started_at DATETIME NOT NULL,
    data_at DATETIME,
    ended_at DATETIME,
    outcome TEXT NOT NULL,
    CONSTRAINT fk_outbox_attempt_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id),
    CONSTRAINT pk_outbox_attempt PRIMARY KEY (id),
    CONSTRAINT uq_outbox_attempt_outbox_id_number UNIQUE (outbox_id, number)
);

CREATE INDEX ix_outbox_attempt_open ON outbox_attempt (id) WHERE ended_at IS NULL;

CREATE TABLE outbox_recipient (
    outbox_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    state VARCHAR NOT NULL,
    code INTEGER NOT NULL,
    reply TEXT NOT NULL,
    changed_at DATETIME NOT NULL,
    CONSTRAINT fk_outbox_recipient_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id),
    CONSTRAINT pk_outbox_recipient PRIMARY KEY (outbox_id, position)
);

CREATE TABLE process (
    owner VARCHAR NOT NULL,
    beat_at DATETIME NOT NULL,
    CONSTRAINT pk_process PRIMARY KEY (owner)
);

CREATE TABLE queued_fact (
    id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    fact TEXT NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    retry_at DATETIME,
    error TEXT NOT NULL,
    queued_at DATETIME NOT NULL,
    done_at DATETIME,
    CONSTRAINT fk_queued_fact_case_id FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT pk_queued_fact PRIMARY KEY (id)
);

CREATE INDEX ix_queued_fact_case_id ON queued_fact (case_id);

CREATE INDEX ix_queued_fact_open ON queued_fact (id) WHERE state <> 'processed';

CREATE TABLE review (
    message_key VARCHAR NOT NULL,
    mailbox VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    since_at DATETIME NOT NULL,
    settled_at DATETIME,
    settled_as TEXT NOT NULL,
    CONSTRAINT fk_review_message_key FOREIGN KEY(message_key) REFERENCES message ("key"),
    CONSTRAINT pk_review PRIMARY KEY (message_key)
);

CREATE INDEX ix_review_settled_at_since_at ON review (settled_at, since_at);

CREATE TABLE search_chunk (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_key VARCHAR NOT NULL,
    indexed_at DATETIME NOT NULL,
    CONSTRAINT fk_search_chunk_message_key FOREIGN KEY(message_key) REFERENCES message ("key")
);

CREATE INDEX ix_search_chunk_message_key ON search_chunk (message_key);

CREATE VIRTUAL TABLE search_index USING fts5
    (tokens, content='', columnsize=0, tokenize='ascii');

CREATE TABLE thread_message_id (
    message_id TEXT NOT NULL,
    thread_id VARCHAR NOT NULL,
    CONSTRAINT pk_thread_message_id PRIMARY KEY (message_id)
);

CREATE INDEX ix_thread_message_id_thread_id ON thread_message_id (thread_id);
