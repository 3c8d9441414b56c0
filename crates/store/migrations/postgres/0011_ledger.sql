-- The kindness ledger: entries that nobody can alter, and what is reckoned from them.

-- An entry of a book: its canonical bytes, their hash, and what it is found by. Appended only.
CREATE TABLE ledger_entry (
    adcode TEXT NOT NULL,
    book_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    id BYTEA NOT NULL,
    case_id BYTEA,
    body BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (adcode, book_id, seq)
);
-- The same cause is the same entry: it cannot be written twice.
CREATE UNIQUE INDEX ledger_entry_id ON ledger_entry (adcode, id);
CREATE INDEX ledger_entry_case ON ledger_entry (adcode, case_id) WHERE case_id IS NOT NULL;

-- Where a book stands: its last entry and its balances. earned: points of deeds that stand. carried_to: the book of the same
-- person that goes on in its place.
CREATE TABLE ledger_book (
    adcode TEXT NOT NULL,
    book_id BYTEA NOT NULL,
    opened_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at BIGINT NOT NULL,
    points BIGINT NOT NULL,
    cash_due BIGINT NOT NULL,
    cash_paid BIGINT NOT NULL,
    earned BIGINT NOT NULL,
    carried_to BYTEA,
    PRIMARY KEY (adcode, book_id)
);

-- Whose book it is. Nothing else says so, and forgetting a person removes it.
CREATE TABLE ledger_owner (
    adcode TEXT NOT NULL,
    book_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    PRIMARY KEY (adcode, book_id)
);
CREATE INDEX ledger_owner_user ON ledger_owner (adcode, user_id);

-- The deeds of a book that stand, by the month (YYYYMM) in which they were confirmed.
CREATE TABLE ledger_month (
    adcode TEXT NOT NULL,
    book_id BYTEA NOT NULL,
    month BIGINT NOT NULL,
    deed TEXT NOT NULL,
    n BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (adcode, book_id, month, deed)
);

-- The balances of the city's accounts.
CREATE TABLE ledger_account (
    adcode TEXT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (adcode, account)
);

-- Days (since 1970) that are over: whatever is written later is of a later moment than ends_at. Appended only.
CREATE TABLE ledger_day (
    adcode TEXT NOT NULL,
    day BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, day)
);

-- What was published of a day: its canonical bytes and their hash. parts: what each of 2^bits parts of the tree comes to,
-- so that a proof reads one part of it. shares: how many points a hundredth of the books each have earned at most. Appended only.
CREATE TABLE ledger_root (
    adcode TEXT NOT NULL,
    day BIGINT NOT NULL,
    body BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    bits BIGINT NOT NULL,
    parts BYTEA NOT NULL,
    shares TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (adcode, day)
);

CREATE TRIGGER ledger_entry_refuses_change BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_entry_refuses_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_day_refuses_change BEFORE UPDATE OR DELETE ON ledger_day
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_day_refuses_truncate BEFORE TRUNCATE ON ledger_day
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_root_refuses_change BEFORE UPDATE OR DELETE ON ledger_root
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_root_refuses_truncate BEFORE TRUNCATE ON ledger_root
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
