-- What everyone may see of the photos of cases.

-- What an acceptor decided of a photo; shown: nothing, whole, covered; shown_hash: the covered copy. How it was decided
-- before is in the audit.
CREATE TABLE photo_approval (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    hash BLOB NOT NULL,
    shown TEXT NOT NULL,
    shown_hash BLOB,
    user_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (adcode, case_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_approval_shown ON photo_approval (adcode, shown_hash) WHERE shown_hash IS NOT NULL;
