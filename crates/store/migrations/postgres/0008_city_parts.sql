-- The city's data in parts, each with versions of its own.

-- A version of a part. Appended only. hash: of its body; body: what it holds, as JSON; rows: how many; note: what was said
-- beside it; user_id: who applied it, none for the program itself; restored: the version that was brought back with it.
CREATE TABLE city_part (
    adcode TEXT NOT NULL,
    part TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    body TEXT NOT NULL,
    rows BIGINT NOT NULL,
    note TEXT NOT NULL,
    user_id BYTEA,
    at BIGINT NOT NULL,
    restored BIGINT,
    PRIMARY KEY (adcode, part, number)
);

-- Which version of each part a version of the city is made of. Appended only. A version of the city without rows here is
-- older than the parts; its data is in area, department and the other tables.
CREATE TABLE city_made_of (
    adcode TEXT NOT NULL,
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (adcode, version, part)
);

-- What an area, a department or a category was called until a moment, so that older cases can say it. Appended only.
CREATE TABLE former_name (
    adcode TEXT NOT NULL,
    part TEXT NOT NULL,
    code TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (adcode, part, code, until_at)
);

-- Somebody's wish that a correction become a dispatch rule. state: open, applied, declined. How it was decided is in the
-- audit too.
CREATE TABLE rule_proposal (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    category TEXT,
    area TEXT,
    department TEXT NOT NULL,
    automatic BOOLEAN NOT NULL,
    case_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BYTEA,
    decided_at BIGINT,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX rule_proposal_open ON rule_proposal (adcode, state, at, id);
CREATE UNIQUE INDEX rule_proposal_case ON rule_proposal (adcode, case_id);

CREATE TRIGGER city_part_refuses_change BEFORE UPDATE OR DELETE ON city_part
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER city_part_refuses_truncate BEFORE TRUNCATE ON city_part
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER city_made_of_refuses_change BEFORE UPDATE OR DELETE ON city_made_of
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER city_made_of_refuses_truncate BEFORE TRUNCATE ON city_made_of
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER former_name_refuses_change BEFORE UPDATE OR DELETE ON former_name
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER former_name_refuses_truncate BEFORE TRUNCATE ON former_name
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
