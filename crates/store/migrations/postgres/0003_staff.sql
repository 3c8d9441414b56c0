-- Those who work at the desk.

-- Somebody who works here. password: argon2 in its own text form; totp_step: the last time step that was used, so that no
-- code is taken twice; invitation_hash: of the link's token, until it is taken up.
CREATE TABLE staff (
    adcode TEXT NOT NULL,
    user_id BYTEA NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    password TEXT,
    totp_secret BYTEA NOT NULL,
    totp_step BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    invitation_hash BYTEA,
    invited_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, user_id)
);
CREATE UNIQUE INDEX staff_login ON staff (adcode, login);
CREATE UNIQUE INDEX staff_invitation ON staff (invitation_hash) WHERE invitation_hash IS NOT NULL;

-- What somebody who works here may be: in a department, an area, or everywhere.
CREATE TABLE staff_role (
    adcode TEXT NOT NULL,
    user_id BYTEA NOT NULL,
    position BIGINT NOT NULL,
    role TEXT NOT NULL,
    department TEXT,
    area TEXT,
    PRIMARY KEY (adcode, user_id, position)
);

-- A browser that is signed in to the desk: the hash of its token, never the token.
CREATE TABLE staff_session (
    user_id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (user_id, token_hash)
);
CREATE UNIQUE INDEX staff_session_token ON staff_session (token_hash);
CREATE INDEX staff_session_age ON staff_session (created_at);
