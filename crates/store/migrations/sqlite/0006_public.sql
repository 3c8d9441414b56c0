-- What everyone may see.

-- What waits, by where it is: nearby asks for the cells round a place. What is filtered is in the index already.
CREATE INDEX case_near ON case_file (adcode, cell, lat, lon, visibility, state, kind) WHERE due_at IS NOT NULL;
-- What was closed, latest first: nearby asks for the last days.
CREATE INDEX case_done ON case_file (adcode, closed_at, lat, lon, visibility, kind) WHERE closed_at IS NOT NULL;
