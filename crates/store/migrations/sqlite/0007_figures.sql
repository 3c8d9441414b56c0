-- Figures: what each case adds, and the sums of a day.

-- What a case adds to the figures as it stood when it was last counted: so that what it adds now can take its place, and
-- each number can be traced to its cases. An empty text: it has none.
CREATE TABLE figure_case (
    adcode TEXT NOT NULL,
    case_id BLOB NOT NULL,
    day INTEGER NOT NULL,
    area TEXT NOT NULL,
    department TEXT NOT NULL,
    category TEXT NOT NULL,
    door TEXT NOT NULL,
    kind TEXT NOT NULL,
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
    PRIMARY KEY (adcode, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_case_day ON figure_case (adcode, day, case_id);

-- The sums of the cases that came in on a day, for each key of each dimension.
CREATE TABLE figure_day (
    adcode TEXT NOT NULL,
    dimension TEXT NOT NULL,
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
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
    PRIMARY KEY (adcode, dimension, key, day)
) STRICT, WITHOUT ROWID;
