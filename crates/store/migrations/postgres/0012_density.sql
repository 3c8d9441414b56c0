-- Reads that cost the same however dense the cases lie.

-- The sums of the cases that came in on a day, and of eight and sixty-four days together, for each key of each dimension, so
-- that a year is a few rows of a key. `start` is the first day, a multiple of `span`. The key comes last: what is asked for is
-- a stretch of days.
CREATE TABLE figure_sum (
    adcode TEXT NOT NULL,
    dimension TEXT NOT NULL,
    span BIGINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    reported BIGINT NOT NULL,
    filed BIGINT NOT NULL,
    dispatched BIGINT NOT NULL,
    handled BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    on_time BIGINT NOT NULL,
    same_day BIGINT NOT NULL,
    open_minutes BIGINT NOT NULL,
    returns BIGINT NOT NULL,
    reworks BIGINT NOT NULL,
    contested BIGINT NOT NULL,
    forced BIGINT NOT NULL,
    ratings BIGINT NOT NULL,
    satisfied BIGINT NOT NULL,
    PRIMARY KEY (adcode, dimension, span, start, key)
);
INSERT INTO figure_sum
SELECT adcode, dimension, 1, day, key, reported, filed, dispatched, handled, closed, on_time, same_day, open_minutes, returns, reworks, contested, forced, ratings, satisfied
FROM figure_day;
INSERT INTO figure_sum
SELECT adcode, dimension, 8, day - day % 8, key, CAST(SUM(reported) AS BIGINT), CAST(SUM(filed) AS BIGINT), CAST(SUM(dispatched) AS BIGINT), CAST(SUM(handled) AS BIGINT), CAST(SUM(closed) AS BIGINT), CAST(SUM(on_time) AS BIGINT), CAST(SUM(same_day) AS BIGINT), CAST(SUM(open_minutes) AS BIGINT), CAST(SUM(returns) AS BIGINT), CAST(SUM(reworks) AS BIGINT), CAST(SUM(contested) AS BIGINT), CAST(SUM(forced) AS BIGINT), CAST(SUM(ratings) AS BIGINT), CAST(SUM(satisfied) AS BIGINT)
FROM figure_day GROUP BY adcode, dimension, day - day % 8, key;
INSERT INTO figure_sum
SELECT adcode, dimension, 64, day - day % 64, key, CAST(SUM(reported) AS BIGINT), CAST(SUM(filed) AS BIGINT), CAST(SUM(dispatched) AS BIGINT), CAST(SUM(handled) AS BIGINT), CAST(SUM(closed) AS BIGINT), CAST(SUM(on_time) AS BIGINT), CAST(SUM(same_day) AS BIGINT), CAST(SUM(open_minutes) AS BIGINT), CAST(SUM(returns) AS BIGINT), CAST(SUM(reworks) AS BIGINT), CAST(SUM(contested) AS BIGINT), CAST(SUM(forced) AS BIGINT), CAST(SUM(ratings) AS BIGINT), CAST(SUM(satisfied) AS BIGINT)
FROM figure_day GROUP BY adcode, dimension, day - day % 64, key;
-- A program of the schema before finds no table to add to: it waits with what it would have counted until it is renewed.
DROP TABLE figure_day;

-- What waits, by where it is, now with all that is asked of it: places are read without looking their cases up.
DROP INDEX case_near;
CREATE INDEX case_near ON case_file (adcode, cell, lat, lon, visibility, state, kind, due_at) WHERE due_at IS NOT NULL;
