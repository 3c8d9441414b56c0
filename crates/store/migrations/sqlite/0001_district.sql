-- The first schema of a district. Ids are 16 bytes, hashes 32, times microseconds since 1970, codes text.

-- An account: a device, or the person behind several. moved_to: it was joined to that account.
CREATE TABLE account (
    user_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    moved_to BLOB,
    moved_at INTEGER,
    PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_moved ON account (moved_to);

-- A device that is signed in: the hash of its token, never the token.
CREATE TABLE session (
    user_id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    door TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_seen ON session (seen_at);

-- A linked phone: a keyed hash of the number and what may be shown of it. One phone, one account.
CREATE TABLE phone (
    user_id BLOB NOT NULL,
    phone_hash BLOB NOT NULL,
    masked TEXT NOT NULL,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX phone_number ON phone (phone_hash);

-- A one-time code on its way to a phone, as the account that asked for it must give it back.
CREATE TABLE phone_code (
    user_id BLOB NOT NULL,
    phone_hash BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (user_id, phone_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX phone_code_expiry ON phone_code (expires_at);

-- How much of something a person, phone or address has used in its window.
CREATE TABLE quota (
    subject BLOB NOT NULL,
    kind TEXT NOT NULL,
    since INTEGER NOT NULL,
    used INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (subject, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX quota_last ON quota (last_at);

-- The answer to a write, for whoever sends the same write again.
CREATE TABLE idempotency (
    user_id BLOB NOT NULL,
    idem_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    response BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, idem_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_at);

-- A report on its way in. manifest: as it was sent; report: as the rules read it. Both JSON.
CREATE TABLE intake (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    door TEXT NOT NULL,
    state TEXT NOT NULL,
    manifest TEXT NOT NULL,
    manifest_hash BLOB NOT NULL,
    report TEXT NOT NULL,
    receipt TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_expiry ON intake (adcode, state, expires_at);
CREATE INDEX intake_user ON intake (user_id);

-- A file that the manifest names. media_hash: the object that was made of it, once it is stored.
CREATE TABLE intake_attachment (
    adcode TEXT NOT NULL,
    intake_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    role TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    duration_ms INTEGER,
    media_hash BLOB,
    stored_at INTEGER,
    PRIMARY KEY (adcode, intake_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_attachment_media ON intake_attachment (adcode, media_hash);

-- An object in the store of photos and voices, named by the hash of the bytes that are kept.
CREATE TABLE media (
    adcode TEXT NOT NULL,
    hash BLOB NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    bytes INTEGER NOT NULL,
    thumb_hash BLOB,
    thumb_bytes INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_thumb ON media (adcode, thumb_hash);
CREATE INDEX media_age ON media (adcode, created_at);

-- A case as lists show it: the fold of its events, kept beside them.
CREATE TABLE case_file (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    category TEXT,
    criterion INTEGER,
    area TEXT,
    department TEXT,
    lon REAL,
    lat REAL,
    accuracy_m REAL,
    cell INTEGER,
    words TEXT NOT NULL,
    place_words TEXT,
    photo BLOB,
    visibility TEXT NOT NULL,
    reporter BLOB,
    door TEXT NOT NULL,
    entry TEXT,
    joiners INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    promised_at INTEGER,
    filed_at INTEGER,
    closed_at INTEGER,
    merged_into BLOB,
    reworks INTEGER NOT NULL,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_number ON case_file (adcode, number);
CREATE INDEX case_mine ON case_file (adcode, reporter, changed_at, id);
CREATE INDEX case_alike ON case_file (adcode, kind, cell, received_at);
CREATE INDEX case_state ON case_file (adcode, state, changed_at);

-- What happened to a case, in order. Appended only.
CREATE TABLE event (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB,
    role TEXT NOT NULL,
    door TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (adcode, case_id, seq)
) STRICT, WITHOUT ROWID;

-- The files of a case, by the event that brought them.
CREATE TABLE case_attachment (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    role TEXT NOT NULL,
    media_hash BLOB NOT NULL,
    duration_ms INTEGER,
    PRIMARY KEY (adcode, case_id, seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_attachment_media ON case_attachment (adcode, media_hash);

-- A resident who met the same matter.
CREATE TABLE joiner (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, case_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX joiner_user ON joiner (user_id, adcode, case_id);

-- Cases numbered on a day (YYYYMMDD).
CREATE TABLE counter (
    adcode TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (adcode, day)
) STRICT, WITHOUT ROWID;

-- Who did what, and who looked at what. Appended only.
CREATE TABLE audit (
    adcode TEXT NOT NULL,
    at INTEGER NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (adcode, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subject ON audit (adcode, subject, at);

-- What is to be done once the transaction stands: a message, an entry in a ledger.
CREATE TABLE outbox (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_next ON outbox (adcode, next_at);

-- Reports that came in by an entry on a day (YYYYMMDD).
CREATE TABLE entry_count (
    adcode TEXT NOT NULL,
    entry TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (adcode, entry, day)
) STRICT, WITHOUT ROWID;

-- The city, a version for each import. hash: of all its data, so that importing the same makes no version.
CREATE TABLE city (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash BLOB NOT NULL,
    letters TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    hotline TEXT NOT NULL,
    offset_minutes INTEGER NOT NULL,
    work_spans TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, version)
) STRICT, WITHOUT ROWID;

-- An area of a version. shape: its outline as JSON.
CREATE TABLE area (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent TEXT,
    lon REAL,
    lat REAL,
    shape TEXT,
    PRIMARY KEY (adcode, version, code)
) STRICT, WITHOUT ROWID;

-- A responsible department of a version.
CREATE TABLE department (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (adcode, version, code)
) STRICT, WITHOUT ROWID;

-- A category of a version. keywords: a JSON array.
CREATE TABLE category (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    certain INTEGER NOT NULL,
    keywords TEXT NOT NULL,
    PRIMARY KEY (adcode, version, code)
) STRICT, WITHOUT ROWID;

-- A criterion. A case keeps the number it was filed under, so none is ever removed. conditions: JSON.
CREATE TABLE criterion (
    adcode TEXT NOT NULL,
    category TEXT NOT NULL,
    number INTEGER NOT NULL,
    conditions TEXT NOT NULL,
    PRIMARY KEY (adcode, category, number)
) STRICT, WITHOUT ROWID;

-- The dispatch rules of a version, in order: the first that matches wins.
CREATE TABLE dispatch_rule (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    category TEXT,
    area TEXT,
    department TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    PRIMARY KEY (adcode, version, position)
) STRICT, WITHOUT ROWID;

-- A year of a version. holidays, workdays: JSON arrays of days.
CREATE TABLE calendar (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    year INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    holidays TEXT NOT NULL,
    workdays TEXT NOT NULL,
    PRIMARY KEY (adcode, version, year)
) STRICT, WITHOUT ROWID;

-- An official account, kiosk or poster of a version.
CREATE TABLE entry (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    code TEXT NOT NULL,
    door TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    lon REAL,
    lat REAL,
    PRIMARY KEY (adcode, version, code)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
