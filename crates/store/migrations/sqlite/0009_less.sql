-- What a report writes that nobody reads.

-- Only what still comes in can be waited for too long.
DROP INDEX intake_expiry;
CREATE INDEX intake_expiry ON intake (adcode, expires_at) WHERE accepted_at IS NULL;
-- Whom the clock called is in the table of escalations; nothing ever did these errands.
DELETE FROM outbox WHERE topic = 'case_overdue';
