-- The clock of a case, the desk's queues, and looking for words.

-- due_at: when the clock of its present stage runs out; the largest number while it waits without one, so that it comes
-- last; none once nobody waits for it. overdue: how far over people were called to that clock: 0 nobody, 1 its dispatcher
-- and department, 2 a supervisor. wakes_at: when the clock must next look at it; none for never. Rows that are there
-- already have wakes_at 0: the clock's job reckons them in batches, and not this step, so that it takes no time.
ALTER TABLE case_file ADD COLUMN due_at INTEGER DEFAULT 9223372036854775807;
ALTER TABLE case_file ADD COLUMN overdue INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN wakes_at INTEGER DEFAULT 0;

CREATE INDEX case_wakes ON case_file (adcode, wakes_at, id) WHERE wakes_at IS NOT NULL;
-- What a queue walks along: a state's cases, first due first. What waits for nobody is not in it. What filters ask about
-- follows the order's own columns, so that a row that a filter passes over is not looked up.
CREATE INDEX case_queue ON case_file (adcode, state, due_at, id, area, department, kind, category)
    WHERE due_at IS NOT NULL;
-- The same, by the last change.
DROP INDEX case_state;
CREATE INDEX case_changed ON case_file (adcode, state, changed_at, id, area, department, kind, category);

-- Who was called to a case whose clock ran out. Appended only. due_at says which clock: one that is set anew calls anew.
CREATE TABLE escalation (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    stage TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    level INTEGER NOT NULL,
    role TEXT NOT NULL,
    department TEXT,
    area TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (adcode, case_id, stage, due_at, level, role)
) STRICT, WITHOUT ROWID;

-- The pairs of letters in a case's words and in the words of its place.
CREATE TABLE case_pair (
    adcode TEXT NOT NULL,
    pair TEXT NOT NULL,
    case_id BLOB NOT NULL,
    PRIMARY KEY (adcode, pair, case_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER escalation_refuses_update BEFORE UPDATE ON escalation
BEGIN SELECT RAISE(ABORT, 'escalation is append-only'); END;
CREATE TRIGGER escalation_refuses_delete BEFORE DELETE ON escalation
BEGIN SELECT RAISE(ABORT, 'escalation is append-only'); END;

-- How the columns of case_file are spread at a million cases, told once: without it SQLite takes the district for selective
-- and goes by whatever comes after it. `ANALYZE store_schema` only makes the table of statistics; PostgreSQL keeps its own.
ANALYZE store_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('case_file', 'case_file', '1000000 1000000 1'),
    ('case_file', 'case_number', '1000000 1000000 1'),
    ('case_file', 'case_mine', '1000000 1000000 20 1 1'),
    ('case_file', 'case_alike', '1000000 1000000 300000 60 1 1 1'),
    ('case_file', 'case_changed', '1000000 1000000 80000 2 1 1 1 1 1'),
    ('case_file', 'case_queue', '20000 20000 4000 2 1 1 1 1 1'),
    ('case_file', 'case_wakes', '20000 20000 2 1');
ANALYZE sqlite_schema;
