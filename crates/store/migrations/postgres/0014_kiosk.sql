-- Kiosks at service stations. token_hash: of the token of the device that serves as one; pin_hash: keyed, of the station's PIN.
-- What follows seen_at is what the device last said of itself.
CREATE TABLE kiosk (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    entry TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    pin_hash BYTEA,
    token_hash BYTEA,
    created_at BIGINT NOT NULL,
    enrolled_at BIGINT,
    revoked_at BIGINT,
    seen_at BIGINT,
    version TEXT NOT NULL,
    queue BIGINT NOT NULL,
    oldest_at BIGINT,
    attention BIGINT NOT NULL,
    camera BIGINT NOT NULL,
    PRIMARY KEY (adcode, id)
);
CREATE UNIQUE INDEX kiosk_token ON kiosk (adcode, token_hash) WHERE token_hash IS NOT NULL;

-- The code that enrols a device, once: a keyed hash of it. A kiosk has one at a time.
CREATE TABLE kiosk_code (
    adcode TEXT NOT NULL,
    kiosk_id BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, kiosk_id)
);
CREATE UNIQUE INDEX kiosk_code_hash ON kiosk_code (adcode, code_hash);

-- An envelope on its way in. user_id: the account that was made for its case.
CREATE TABLE kiosk_envelope (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    kiosk_id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    bytes BIGINT NOT NULL,
    received_bytes BIGINT NOT NULL,
    user_id BYTEA,
    begun_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, case_id)
);
CREATE INDEX kiosk_envelope_begun ON kiosk_envelope (adcode, begun_at);

-- A case that came from a kiosk. code_hash: keyed, of what its reporter asks for it with; token_hash: keyed, of what takes it to a
-- phone, once, until then.
CREATE TABLE kiosk_case (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    kiosk_id BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    hand_over_until BIGINT NOT NULL,
    taken_by BYTEA,
    PRIMARY KEY (adcode, case_id)
);

-- Who guessed wrongly, at what, and how often since when; and until when it is locked.
CREATE TABLE wrong_try (
    adcode TEXT NOT NULL,
    what TEXT NOT NULL,
    subject BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (adcode, what, subject)
);
CREATE INDEX wrong_try_first ON wrong_try (adcode, first_at);
