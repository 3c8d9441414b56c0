-- Reads that cost the same however dense the cases lie.

-- The sums of the cases that came in on a day, and of eight and sixty-four days together, for each key of each dimension, so
-- that a year is a few rows of a key. `start` is the first day, a multiple of `span`. The key comes last: what is asked for is
-- a stretch of days.
CREATE TABLE figure_sum (
    adcode TEXT NOT NULL,
    dimension TEXT NOT NULL,
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    key TEXT NOT NULL,
    reported INTEGER NOT NULL,
    filed INTEGER NOT NULL,
    dispatched INTEGER NOT NULL,
    handled INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    on_time INTEGER NOT NULL,
    same_day INTEGER NOT NULL,
    open_minutes INTEGER NOT NULL,
    returns INTEGER NOT NULL,
    reworks INTEGER NOT NULL,
    contested INTEGER NOT NULL,
    forced INTEGER NOT NULL,
    ratings INTEGER NOT NULL,
    satisfied INTEGER NOT NULL,
    PRIMARY KEY (adcode, dimension, span, start, key)
) STRICT, WITHOUT ROWID;
INSERT INTO figure_sum
SELECT adcode, dimension, 1, day, key, reported, filed, dispatched, handled, closed, on_time, same_day, open_minutes, returns, reworks, contested, forced, ratings, satisfied
FROM figure_day;
INSERT INTO figure_sum
SELECT adcode, dimension, 8, day - day % 8, key, SUM(reported), SUM(filed), SUM(dispatched), SUM(handled), SUM(closed), SUM(on_time), SUM(same_day), SUM(open_minutes), SUM(returns), SUM(reworks), SUM(contested), SUM(forced), SUM(ratings), SUM(satisfied)
FROM figure_day GROUP BY adcode, dimension, day - day % 8, key;
INSERT INTO figure_sum
SELECT adcode, dimension, 64, day - day % 64, key, SUM(reported), SUM(filed), SUM(dispatched), SUM(handled), SUM(closed), SUM(on_time), SUM(same_day), SUM(open_minutes), SUM(returns), SUM(reworks), SUM(contested), SUM(forced), SUM(ratings), SUM(satisfied)
FROM figure_day GROUP BY adcode, dimension, day - day % 64, key;
-- A program of the schema before finds no table to add to: it waits with what it would have counted until it is renewed.
DROP TABLE figure_day;

-- What waits, by where it is, now with all that is asked of it: places are read without looking their cases up.
DROP INDEX case_near;
CREATE INDEX case_near ON case_file (adcode, cell, lat, lon, visibility, state, kind, due_at) WHERE due_at IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('case_file', 'case_near', '20000 20000 2 1 1 1 1 1 1 1');
ANALYZE sqlite_schema;
