-- The clock of a case, the desk's queues, and looking for words.

-- due_at: when the clock of its present stage runs out; the largest number while it waits without one, so that it comes
-- last; none once nobody waits for it. overdue: how far over people were called to that clock: 0 nobody, 1 its dispatcher
-- and department, 2 a supervisor. wakes_at: when the clock must next look at it; none for never. Rows that are there
-- already have wakes_at 0: the clock's job reckons them in batches, and not this step, so that it takes no time.
ALTER TABLE case_file ADD COLUMN due_at BIGINT DEFAULT 9223372036854775807;
ALTER TABLE case_file ADD COLUMN overdue BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN wakes_at BIGINT DEFAULT 0;

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
    case_id BYTEA NOT NULL,
    stage TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    level BIGINT NOT NULL,
    role TEXT NOT NULL,
    department TEXT,
    area TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (adcode, case_id, stage, due_at, level, role)
);

-- The pairs of letters in a case's words and in the words of its place.
CREATE TABLE case_pair (
    adcode TEXT NOT NULL,
    pair TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    PRIMARY KEY (adcode, pair, case_id)
);

CREATE TRIGGER escalation_refuses_change BEFORE UPDATE OR DELETE ON escalation
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER escalation_refuses_truncate BEFORE TRUNCATE ON escalation
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
