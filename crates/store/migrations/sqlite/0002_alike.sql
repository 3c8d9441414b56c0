-- With the position in the index, only what lies within the box of what is sought is looked up in the table.
DROP INDEX case_alike;
CREATE INDEX case_alike ON case_file (adcode, kind, cell, received_at, lat, lon);
