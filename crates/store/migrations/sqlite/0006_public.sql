-- What everyone may see.

-- What waits, by where it is: nearby asks for the cells round a place. What is filtered is in the index already.
CREATE INDEX case_near ON case_file (adcode, cell, lat, lon, visibility, state, kind) WHERE due_at IS NOT NULL;
-- What was closed, latest first: nearby asks for the last days.
CREATE INDEX case_done ON case_file (adcode, closed_at, lat, lon, visibility, kind) WHERE closed_at IS NOT NULL;

-- An index of which nothing is told would spoil what is told of the others.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('case_file', 'case_near', '20000 20000 2 1 1 1 1 1 1'),
    ('case_file', 'case_done', '900000 900000 2 1 1 1 1 1');
ANALYZE sqlite_schema;
