-- Kiosks at service stations. token_hash: of the token of the device that serves as one; pin_hash: keyed, of the station's PIN.
-- What follows seen_at is what the device last said of itself.
CREATE TABLE kiosk (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    entry TEXT,
    lon REAL,
    lat REAL,
    pin_hash BLOB,
    token_hash BLOB,
    created_at INTEGER NOT NULL,
    enrolled_at INTEGER,
    revoked_at INTEGER,
    seen_at INTEGER,
    version TEXT NOT NULL,
    queue INTEGER NOT NULL,
    oldest_at INTEGER,
    attention INTEGER NOT NULL,
    camera INTEGER NOT NULL,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX kiosk_token ON kiosk (adcode, token_hash) WHERE token_hash IS NOT NULL;

-- The code that enrols a device, once: a keyed hash of it. A kiosk has one at a time.
CREATE TABLE kiosk_code (
    adcode TEXT NOT NULL,
    kiosk_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, kiosk_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX kiosk_code_hash ON kiosk_code (adcode, code_hash);

-- An envelope on its way in. user_id: the account that was made for its case.
CREATE TABLE kiosk_envelope (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    kiosk_id BLOB NOT NULL,
    hash BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    user_id BLOB,
    begun_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kiosk_envelope_begun ON kiosk_envelope (adcode, begun_at);

-- A case that came from a kiosk. code_hash: keyed, of what its reporter asks for it with; token_hash: keyed, of what takes it to a
-- phone, once, until then.
CREATE TABLE kiosk_case (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    kiosk_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    hand_over_until INTEGER NOT NULL,
    taken_by BLOB,
    PRIMARY KEY (adcode, case_id)
) STRICT, WITHOUT ROWID;

-- Who guessed wrongly, at what, and how often since when; and until when it is locked.
CREATE TABLE wrong_try (
    adcode TEXT NOT NULL,
    what TEXT NOT NULL,
    subject BLOB NOT NULL,
    tries INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (adcode, what, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX wrong_try_first ON wrong_try (adcode, first_at);
