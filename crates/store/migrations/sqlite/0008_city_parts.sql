-- The city's data in parts, each with versions of its own.

-- A version of a part. Appended only. hash: of its body; body: what it holds, as JSON; rows: how many; note: what was said
-- beside it; user_id: who applied it, none for the program itself; restored: the version that was brought back with it.
CREATE TABLE city_part (
    adcode TEXT NOT NULL,
    part TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body TEXT NOT NULL,
    rows INTEGER NOT NULL,
    note TEXT NOT NULL,
    user_id BLOB,
    at INTEGER NOT NULL,
    restored INTEGER,
    PRIMARY KEY (adcode, part, number)
) STRICT, WITHOUT ROWID;

-- Which version of each part a version of the city is made of. Appended only. A version of the city without rows here is
-- older than the parts; its data is in area, department and the other tables.
CREATE TABLE city_made_of (
    adcode TEXT NOT NULL,
    version INTEGER NOT NULL,
    part TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (adcode, version, part)
) STRICT, WITHOUT ROWID;

-- What an area, a department or a category was called until a moment, so that older cases can say it. Appended only.
CREATE TABLE former_name (
    adcode TEXT NOT NULL,
    part TEXT NOT NULL,
    code TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (adcode, part, code, until_at)
) STRICT, WITHOUT ROWID;

-- Somebody's wish that a correction become a dispatch rule. state: open, applied, declined. How it was decided is in the
-- audit too.
CREATE TABLE rule_proposal (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    category TEXT,
    area TEXT,
    department TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    decided_by BLOB,
    decided_at INTEGER,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_proposal_open ON rule_proposal (adcode, state, at, id);
CREATE UNIQUE INDEX rule_proposal_case ON rule_proposal (adcode, case_id);

CREATE TRIGGER city_part_refuses_update BEFORE UPDATE ON city_part
BEGIN SELECT RAISE(ABORT, 'city_part is append-only'); END;
CREATE TRIGGER city_part_refuses_delete BEFORE DELETE ON city_part
BEGIN SELECT RAISE(ABORT, 'city_part is append-only'); END;

CREATE TRIGGER city_made_of_refuses_update BEFORE UPDATE ON city_made_of
BEGIN SELECT RAISE(ABORT, 'city_made_of is append-only'); END;
CREATE TRIGGER city_made_of_refuses_delete BEFORE DELETE ON city_made_of
BEGIN SELECT RAISE(ABORT, 'city_made_of is append-only'); END;

CREATE TRIGGER former_name_refuses_update BEFORE UPDATE ON former_name
BEGIN SELECT RAISE(ABORT, 'former_name is append-only'); END;
CREATE TRIGGER former_name_refuses_delete BEFORE DELETE ON former_name
BEGIN SELECT RAISE(ABORT, 'former_name is append-only'); END;
