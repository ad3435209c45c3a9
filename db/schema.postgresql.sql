CREATE TABLE blob (
    sha256 character varying NOT NULL,
    content bytea NOT NULL,
    size_bytes bigint NOT NULL,
    stored_bytes bigint NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_blob PRIMARY KEY (sha256)
);

CREATE TABLE case_counter (
    scope character varying NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT pk_case_counter PRIMARY KEY (scope)
);

CREATE TABLE case_event (
    case_id character varying NOT NULL,
    sequence integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying NOT NULL,
    payload text NOT NULL,
    payload_hash character varying NOT NULL,
    previous_hash character varying NOT NULL,
    hash character varying NOT NULL,
    CONSTRAINT fk_case_event_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT pk_case_event PRIMARY KEY (case_id, sequence)
);

CREATE TABLE case_message (
    message_key character varying NOT NULL,
    case_id character varying NOT NULL,
    direction character varying NOT NULL,
    join_reason character varying NOT NULL,
    reason text NOT NULL,
    verified boolean NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    CONSTRAINT fk_case_message_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT fk_case_message_message_key FOREIGN KEY (message_key) REFERENCES message(key),
    CONSTRAINT pk_case_message PRIMARY KEY (message_key)
);

CREATE INDEX ix_case_message_case_id ON public.case_message USING btree (case_id);

CREATE TABLE case_row (
    id character varying NOT NULL,
    serial bigint NOT NULL,
    number character varying NOT NULL,
    number_key character varying NOT NULL,
    kind character varying NOT NULL,
    stage character varying NOT NULL,
    priority character varying NOT NULL,
    subject text NOT NULL,
    base_subject text NOT NULL,
    subject_key text NOT NULL,
    contact_name text NOT NULL,
    contact_address text NOT NULL,
    participants text NOT NULL,
    mailbox character varying NOT NULL,
    language character varying NOT NULL,
    playbook character varying NOT NULL,
    config_hash character varying NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    message_count integer NOT NULL,
    trouble text NOT NULL,
    version integer NOT NULL,
    merged_into character varying NOT NULL DEFAULT ''::character varying,
    owner text NOT NULL DEFAULT ''::text,
    department text NOT NULL DEFAULT ''::text,
    labels text NOT NULL DEFAULT ''::text,
    fields text NOT NULL DEFAULT '{}'::text,
    confidential boolean NOT NULL DEFAULT false,
    calendar character varying NOT NULL DEFAULT ''::character varying,
    progress text NOT NULL DEFAULT '{}'::text,
    next_at timestamp with time zone,
    CONSTRAINT pk_case_row PRIMARY KEY (id),
    CONSTRAINT uq_case_row_number_key UNIQUE (number_key),
    CONSTRAINT uq_case_row_serial UNIQUE (serial)
);

CREATE INDEX ix_case_row_next_at ON public.case_row USING btree (next_at);

CREATE INDEX ix_case_row_opened_at ON public.case_row USING btree (opened_at);

CREATE INDEX ix_case_row_owner ON public.case_row USING btree (owner);

CREATE INDEX ix_case_row_subject_key ON public.case_row USING btree (subject_key);

CREATE TABLE case_thread (
    thread_id character varying NOT NULL,
    case_id character varying NOT NULL,
    CONSTRAINT fk_case_thread_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT pk_case_thread PRIMARY KEY (thread_id)
);

CREATE INDEX ix_case_thread_case_id ON public.case_thread USING btree (case_id);

CREATE TABLE config_set (
    hash character varying NOT NULL,
    content bytea NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_config_set PRIMARY KEY (hash)
);

CREATE TABLE deadline (
    case_id character varying NOT NULL,
    name character varying NOT NULL,
    run integer NOT NULL,
    state character varying NOT NULL,
    started_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT fk_deadline_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT pk_deadline PRIMARY KEY (case_id, name, run)
);

CREATE INDEX ix_deadline_state_due_at ON public.deadline USING btree (state, due_at);

CREATE TABLE decision (
    id character varying NOT NULL,
    message_key character varying,
    case_id character varying,
    config_hash character varying NOT NULL,
    reason text NOT NULL,
    detail bytea NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT fk_decision_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT fk_decision_message_key FOREIGN KEY (message_key) REFERENCES message(key),
    CONSTRAINT pk_decision PRIMARY KEY (id)
);

CREATE INDEX ix_decision_case_id ON public.decision USING btree (case_id);

CREATE INDEX ix_decision_message_key ON public.decision USING btree (message_key);

CREATE TABLE folder_cursor (
    mailbox character varying NOT NULL,
    folder character varying NOT NULL,
    uidvalidity bigint NOT NULL,
    last_uid bigint NOT NULL,
    polled_at timestamp with time zone,
    CONSTRAINT pk_folder_cursor PRIMARY KEY (mailbox, folder)
);

CREATE TABLE ledger (
    id character varying NOT NULL,
    mailbox character varying NOT NULL,
    folder character varying NOT NULL,
    role character varying NOT NULL,
    uidvalidity bigint NOT NULL,
    uid bigint NOT NULL,
    blob_sha256 character varying NOT NULL,
    received_at timestamp with time zone NOT NULL,
    acts boolean NOT NULL,
    state character varying NOT NULL,
    attempts integer NOT NULL,
    retry_at timestamp with time zone,
    error text NOT NULL,
    message_key character varying,
    added_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT fk_ledger_blob_sha256 FOREIGN KEY (blob_sha256) REFERENCES blob(sha256),
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT uq_ledger_mailbox_folder_uidvalidity_uid UNIQUE (mailbox, folder, uidvalidity, uid)
);

CREATE INDEX ix_ledger_blob_sha256 ON public.ledger USING btree (blob_sha256);

CREATE INDEX ix_ledger_message_key ON public.ledger USING btree (message_key);

CREATE INDEX ix_ledger_open ON public.ledger USING btree (id) WHERE ((state)::text <> 'processed'::text);

CREATE TABLE mailbox (
    name character varying NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_mailbox PRIMARY KEY (name)
);

CREATE TABLE message (
    key character varying NOT NULL,
    identity character varying NOT NULL,
    message_id text NOT NULL,
    blob_sha256 character varying NOT NULL,
    thread_id character varying NOT NULL,
    direction character varying NOT NULL,
    mailbox character varying NOT NULL,
    author_name text,
    author_address text,
    subject text NOT NULL,
    base_subject text NOT NULL,
    language character varying NOT NULL,
    automatic_kind character varying NOT NULL,
    has_attachments boolean NOT NULL,
    date timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    size_bytes bigint NOT NULL,
    duplicate_id boolean NOT NULL,
    defects text NOT NULL,
    CONSTRAINT fk_message_blob_sha256 FOREIGN KEY (blob_sha256) REFERENCES blob(sha256),
    CONSTRAINT pk_message PRIMARY KEY (key),
    CONSTRAINT uq_message_identity UNIQUE (identity)
);

CREATE INDEX ix_message_message_id ON public.message USING btree (message_id);

CREATE INDEX ix_message_received_at ON public.message USING btree (received_at);

CREATE INDEX ix_message_thread_id ON public.message USING btree (thread_id);

CREATE TABLE outbox (
    id character varying NOT NULL,
    effect_key character varying NOT NULL,
    case_id character varying,
    mailbox character varying NOT NULL,
    template character varying NOT NULL,
    template_version character varying NOT NULL,
    message_id text NOT NULL,
    sender text NOT NULL,
    state character varying NOT NULL,
    doubt_policy character varying NOT NULL,
    blob_sha256 character varying,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    error text NOT NULL,
    CONSTRAINT fk_outbox_blob_sha256 FOREIGN KEY (blob_sha256) REFERENCES blob(sha256),
    CONSTRAINT fk_outbox_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_effect_key UNIQUE (effect_key)
);

CREATE INDEX ix_outbox_case_id ON public.outbox USING btree (case_id);

CREATE INDEX ix_outbox_message_id ON public.outbox USING btree (message_id);

CREATE INDEX ix_outbox_state_next_attempt_at ON public.outbox USING btree (state, next_attempt_at);

CREATE TABLE outbox_attempt (
    id character varying NOT NULL,
    outbox_id character varying NOT NULL,
    number integer NOT NULL,
    owner character varying NOT NULL,
    started_at timestamp with time zone NOT NULL,
    data_at timestamp with time zone,
    ended_at timestamp with time zone,
    outcome text NOT NULL,
    CONSTRAINT fk_outbox_attempt_outbox_id FOREIGN KEY (outbox_id) REFERENCES outbox(id),
    CONSTRAINT pk_outbox_attempt PRIMARY KEY (id),
    CONSTRAINT uq_outbox_attempt_outbox_id_number UNIQUE (outbox_id, number)
);

CREATE INDEX ix_outbox_attempt_open ON public.outbox_attempt USING btree (id) WHERE (ended_at IS NULL);

CREATE TABLE outbox_recipient (
    outbox_id character varying NOT NULL,
    position integer NOT NULL,
    address text NOT NULL,
    state character varying NOT NULL,
    code integer NOT NULL,
    reply text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT fk_outbox_recipient_outbox_id FOREIGN KEY (outbox_id) REFERENCES outbox(id),
    CONSTRAINT pk_outbox_recipient PRIMARY KEY (outbox_id, "position")
);

CREATE TABLE process (
    owner character varying NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_process PRIMARY KEY (owner)
);

CREATE TABLE queued_fact (
    id character varying NOT NULL,
    case_id character varying NOT NULL,
    fact text NOT NULL,
    state character varying NOT NULL,
    attempts integer NOT NULL,
    retry_at timestamp with time zone,
    error text NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT fk_queued_fact_case_id FOREIGN KEY (case_id) REFERENCES case_row(id),
    CONSTRAINT pk_queued_fact PRIMARY KEY (id)
);

CREATE INDEX ix_queued_fact_case_id ON public.queued_fact USING btree (case_id);

CREATE INDEX ix_queued_fact_open ON public.queued_fact USING btree (id) WHERE ((state)::text <> 'processed'::text);

CREATE TABLE review (
    message_key character varying NOT NULL,
    mailbox character varying NOT NULL,
    reason text NOT NULL,
    since_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    settled_as text NOT NULL,
    CONSTRAINT fk_review_message_key FOREIGN KEY (message_key) REFERENCES message(key),
    CONSTRAINT pk_review PRIMARY KEY (message_key)
);

CREATE INDEX ix_review_settled_at_since_at ON public.review USING btree (settled_at, since_at);

CREATE TABLE search_chunk (
    id bigint NOT NULL DEFAULT nextval('search_chunk_id_seq'::regclass),
    message_key character varying NOT NULL,
    indexed_at timestamp with time zone NOT NULL,
    CONSTRAINT fk_search_chunk_message_key FOREIGN KEY (message_key) REFERENCES message(key),
    CONSTRAINT pk_search_chunk PRIMARY KEY (id)
);

CREATE INDEX ix_search_chunk_message_key ON public.search_chunk USING btree (message_key);

CREATE TABLE search_index (
    chunk_id bigint NOT NULL,
    tokens tsvector NOT NULL,
    CONSTRAINT fk_search_index_chunk_id FOREIGN KEY (chunk_id) REFERENCES search_chunk(id),
    CONSTRAINT pk_search_index PRIMARY KEY (chunk_id)
);

CREATE INDEX ix_search_index_tokens ON public.search_index USING gin (tokens);

CREATE TABLE thread_message_id (
    message_id text NOT NULL,
    thread_id character varying NOT NULL,
    CONSTRAINT pk_thread_message_id PRIMARY KEY (message_id)
);

CREATE INDEX ix_thread_message_id_thread_id ON public.thread_message_id USING btree (thread_id);
