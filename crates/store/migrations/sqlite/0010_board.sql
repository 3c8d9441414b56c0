-- A screen on a wall that shows figures and no case. It runs long after whoever set it up went home, so it has no session of
-- the desk: the hash of a token of its own, never the token.
CREATE TABLE board (
    adcode TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    user_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (adcode, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX board_user ON board (adcode, user_id);
