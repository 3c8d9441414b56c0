-- The kindness ledger: entries that nobody can alter, and what is reckoned from them.

-- An entry of a book: its canonical bytes, their hash, and what it is found by. Appended only.
CREATE TABLE ledger_entry (
    adcode TEXT NOT NULL,
    book_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB,
    body BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (adcode, book_id, seq)
) STRICT, WITHOUT ROWID;
-- The same cause is the same entry: it cannot be written twice.
CREATE UNIQUE INDEX ledger_entry_id ON ledger_entry (adcode, id);
CREATE INDEX ledger_entry_case ON ledger_entry (adcode, case_id) WHERE case_id IS NOT NULL;

-- Where a book stands: its last entry and its balances. earned: points of deeds that stand. carried_to: the book of the same
-- person that goes on in its place.
CREATE TABLE ledger_book (
    adcode TEXT NOT NULL,
    book_id BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    points INTEGER NOT NULL,
    cash_due INTEGER NOT NULL,
    cash_paid INTEGER NOT NULL,
    earned INTEGER NOT NULL,
    carried_to BLOB,
    PRIMARY KEY (adcode, book_id)
) STRICT, WITHOUT ROWID;

-- Whose book it is. Nothing else says so, and forgetting a person removes it.
CREATE TABLE ledger_owner (
    adcode TEXT NOT NULL,
    book_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (adcode, book_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_owner_user ON ledger_owner (adcode, user_id);

-- The deeds of a book that stand, by the month (YYYYMM) in which they were confirmed.
CREATE TABLE ledger_month (
    adcode TEXT NOT NULL,
    book_id BLOB NOT NULL,
    month INTEGER NOT NULL,
    deed TEXT NOT NULL,
    n INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (adcode, book_id, month, deed)
) STRICT, WITHOUT ROWID;

-- The balances of the city's accounts.
CREATE TABLE ledger_account (
    adcode TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (adcode, account)
) STRICT, WITHOUT ROWID;

-- Days (since 1970) that are over: whatever is written later is of a later moment than ends_at. Appended only.
CREATE TABLE ledger_day (
    adcode TEXT NOT NULL,
    day INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, day)
) STRICT, WITHOUT ROWID;

-- What was published of a day: its canonical bytes and their hash. parts: what each of 2^bits parts of the tree comes to,
-- so that a proof reads one part of it. shares: how many points a hundredth of the books each have earned at most. Appended only.
CREATE TABLE ledger_root (
    adcode TEXT NOT NULL,
    day INTEGER NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL,
    bits INTEGER NOT NULL,
    parts BLOB NOT NULL,
    shares TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (adcode, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_entry_refuses_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_day_refuses_update BEFORE UPDATE ON ledger_day
BEGIN SELECT RAISE(ABORT, 'ledger_day is append-only'); END;
CREATE TRIGGER ledger_day_refuses_delete BEFORE DELETE ON ledger_day
BEGIN SELECT RAISE(ABORT, 'ledger_day is append-only'); END;
CREATE TRIGGER ledger_root_refuses_update BEFORE UPDATE ON ledger_root
BEGIN SELECT RAISE(ABORT, 'ledger_root is append-only'); END;
CREATE TRIGGER ledger_root_refuses_delete BEFORE DELETE ON ledger_root
BEGIN SELECT RAISE(ABORT, 'ledger_root is append-only'); END;

-- How they are spread at ten million entries: without it SQLite takes the district for selective, and looks for the deeds of
-- a case through the whole ledger.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('ledger_entry', 'ledger_entry', '10000000 10000000 10 1'),
    ('ledger_entry', 'ledger_entry_id', '10000000 10000000 1 1 1'),
    ('ledger_entry', 'ledger_entry_case', '9000000 9000000 2 1 1'),
    ('ledger_book', 'ledger_book', '1000000 1000000 1'),
    ('ledger_owner', 'ledger_owner', '1000000 1000000 1'),
    ('ledger_owner', 'ledger_owner_user', '1000000 1000000 1 1');
ANALYZE sqlite_schema;
