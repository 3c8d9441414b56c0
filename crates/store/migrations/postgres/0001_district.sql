-- The first schema of a district. Ids are 16 bytes, hashes 32, times microseconds since 1970, codes text.

-- An account: a device, or the person behind several. moved_to: it was joined to that account.
CREATE TABLE account (
    user_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    moved_to BYTEA,
    moved_at BIGINT,
    PRIMARY KEY (user_id)
);
CREATE INDEX account_moved ON account (moved_to);

-- A device that is signed in: the hash of its token, never the token.
CREATE TABLE session (
    user_id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    door TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, token_hash)
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_seen ON session (seen_at);

-- A linked phone: a keyed hash of the number and what may be shown of it. One phone, one account.
CREATE TABLE phone (
    user_id BYTEA NOT NULL,
    phone_hash BYTEA NOT NULL,
    masked TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
CREATE UNIQUE INDEX phone_number ON phone (phone_hash);

-- A one-time code on its way to a phone, as the account that asked for it must give it back.
CREATE TABLE phone_code (
    user_id BYTEA NOT NULL,
    phone_hash BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (user_id, phone_hash)
);
CREATE INDEX phone_code_expiry ON phone_code (expires_at);

-- How much of something a person, phone or address has used in its window.
CREATE TABLE quota (
    subject BYTEA NOT NULL,
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    used BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject, kind)
);
CREATE INDEX quota_last ON quota (last_at);

-- The answer to a write, for whoever sends the same write again.
CREATE TABLE idempotency (
    user_id BYTEA NOT NULL,
    idem_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    response BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, idem_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- A report on its way in. manifest: as it was sent; report: as the rules read it. Both JSON.
CREATE TABLE intake (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    door TEXT NOT NULL,
    state TEXT NOT NULL,
    manifest TEXT NOT NULL,
    manifest_hash BYTEA NOT NULL,
    report TEXT NOT NULL,
    receipt TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX intake_expiry ON intake (adcode, state, expires_at);
CREATE INDEX intake_user ON intake (user_id);

-- A file that the manifest names. media_hash: the object that was made of it, once it is stored.
CREATE TABLE intake_attachment (
    adcode TEXT NOT NULL,
    intake_id BYTEA NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    role TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    received_bytes BIGINT NOT NULL,
    duration_ms BIGINT,
    media_hash BYTEA,
    stored_at BIGINT,
    PRIMARY KEY (adcode, intake_id, position)
);
CREATE INDEX intake_attachment_media ON intake_attachment (adcode, media_hash);

-- An object in the store of photos and voices, named by the hash of the bytes that are kept.
CREATE TABLE media (
    adcode TEXT NOT NULL,
    hash BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    bytes BIGINT NOT NULL,
    thumb_hash BYTEA,
    thumb_bytes BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, hash)
);
CREATE INDEX media_thumb ON media (adcode, thumb_hash);
CREATE INDEX media_age ON media (adcode, created_at);

-- A case as lists show it: the fold of its events, kept beside them.
CREATE TABLE case_file (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    category TEXT,
    criterion BIGINT,
    area TEXT,
    department TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    accuracy_m DOUBLE PRECISION,
    cell BIGINT,
    words TEXT NOT NULL,
    place_words TEXT,
    photo BYTEA,
    visibility TEXT NOT NULL,
    reporter BYTEA,
    door TEXT NOT NULL,
    entry TEXT,
    joiners BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    promised_at BIGINT,
    filed_at BIGINT,
    closed_at BIGINT,
    merged_into BYTEA,
    reworks BIGINT NOT NULL,
    PRIMARY KEY (adcode, id)
);
CREATE UNIQUE INDEX case_number ON case_file (adcode, number);
CREATE INDEX case_mine ON case_file (adcode, reporter, changed_at, id);
CREATE INDEX case_alike ON case_file (adcode, kind, cell, received_at);
CREATE INDEX case_state ON case_file (adcode, state, changed_at);

-- What happened to a case, in order. Appended only.
CREATE TABLE event (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id BYTEA,
    role TEXT NOT NULL,
    door TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (adcode, case_id, seq)
);

-- The files of a case, by the event that brought them.
CREATE TABLE case_attachment (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    role TEXT NOT NULL,
    media_hash BYTEA NOT NULL,
    duration_ms BIGINT,
    PRIMARY KEY (adcode, case_id, seq, position)
);
CREATE INDEX case_attachment_media ON case_attachment (adcode, media_hash);

-- A resident who met the same matter.
CREATE TABLE joiner (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, case_id, user_id)
);
CREATE INDEX joiner_user ON joiner (user_id, adcode, case_id);

-- Cases numbered on a day (YYYYMMDD).
CREATE TABLE counter (
    adcode TEXT NOT NULL,
    day BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (adcode, day)
);

-- Who did what, and who looked at what. Appended only.
CREATE TABLE audit (
    adcode TEXT NOT NULL,
    at BIGINT NOT NULL,
    id BYTEA NOT NULL,
    user_id BYTEA,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (adcode, at, id)
);
CREATE INDEX audit_subject ON audit (adcode, subject, at);

-- What is to be done once the transaction stands: a message, an entry in a ledger.
CREATE TABLE outbox (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX outbox_next ON outbox (adcode, next_at);

-- Reports that came in by an entry on a day (YYYYMMDD).
CREATE TABLE entry_count (
    adcode TEXT NOT NULL,
    entry TEXT NOT NULL,
    day BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (adcode, entry, day)
);

-- The city, a version for each import. hash: of all its data, so that importing the same makes no version.
CREATE TABLE city (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    letters TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    hotline TEXT NOT NULL,
    offset_minutes BIGINT NOT NULL,
    work_spans TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, version)
);

-- An area of a version. shape: its outline as JSON.
CREATE TABLE area (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    shape TEXT,
    PRIMARY KEY (adcode, version, code)
);

-- A responsible department of a version.
CREATE TABLE department (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (adcode, version, code)
);

-- A category of a version. keywords: a JSON array.
CREATE TABLE category (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    certain BOOLEAN NOT NULL,
    keywords TEXT NOT NULL,
    PRIMARY KEY (adcode, version, code)
);

-- A criterion. A case keeps the number it was filed under, so none is ever removed. conditions: JSON.
CREATE TABLE criterion (
    adcode TEXT NOT NULL,
    category TEXT NOT NULL,
    number BIGINT NOT NULL,
    conditions TEXT NOT NULL,
    PRIMARY KEY (adcode, category, number)
);

-- The dispatch rules of a version, in order: the first that matches wins.
CREATE TABLE dispatch_rule (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    category TEXT,
    area TEXT,
    department TEXT NOT NULL,
    automatic BOOLEAN NOT NULL,
    PRIMARY KEY (adcode, version, position)
);

-- A year of a version. holidays, workdays: JSON arrays of days.
CREATE TABLE calendar (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    year BIGINT NOT NULL,
    provisional BOOLEAN NOT NULL,
    holidays TEXT NOT NULL,
    workdays TEXT NOT NULL,
    PRIMARY KEY (adcode, version, year)
);

-- An official account, kiosk or poster of a version.
CREATE TABLE entry (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    door TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    PRIMARY KEY (adcode, version, code)
);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER event_refuses_change BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER event_refuses_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_refuses_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
