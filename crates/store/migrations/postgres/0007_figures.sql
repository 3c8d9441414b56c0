-- Figures: what each case adds, and the sums of a day.

-- What a case adds to the figures as it stood when it was last counted: so that what it adds now can take its place, and
-- each number can be traced to its cases. An empty text: it has none.
CREATE TABLE figure_case (
    adcode TEXT NOT NULL,
    case_id BYTEA NOT NULL,
    day BIGINT NOT NULL,
    area TEXT NOT NULL,
    department TEXT NOT NULL,
    category TEXT NOT NULL,
    door TEXT NOT NULL,
    kind TEXT NOT NULL,
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
    PRIMARY KEY (adcode, case_id)
);
CREATE INDEX figure_case_day ON figure_case (adcode, day, case_id);

-- The sums of the cases that came in on a day, for each key of each dimension.
CREATE TABLE figure_day (
    adcode TEXT NOT NULL,
    dimension TEXT NOT NULL,
    key TEXT NOT NULL,
    day BIGINT NOT NULL,
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
    PRIMARY KEY (adcode, dimension, key, day)
);
