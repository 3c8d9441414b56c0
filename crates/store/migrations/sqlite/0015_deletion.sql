-- Accounts that are to go, and when. Those that were joined to one stand here too in the moment in which it goes.
CREATE TABLE account_deletion (
    user_id BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_deletion_due ON account_deletion (due_at);

-- What happened stays as it was written. Only who a resident was gives way, and only where their account is to go: in an event to
-- an id that nobody has, in the audit to none.
DROP TRIGGER IF EXISTS event_refuses_update;
CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event
WHEN NOT (
    NEW.adcode = OLD.adcode AND NEW.case_id = OLD.case_id AND NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.kind = OLD.kind
    AND NEW.role = OLD.role AND NEW.door = OLD.door AND NEW.body <> OLD.body
    AND json_remove(NEW.body, '$.by.user', '$.what.who') = json_remove(OLD.body, '$.by.user', '$.what.who')
    AND (
        (NEW.user_id IS OLD.user_id AND json_extract(NEW.body, '$.by.user') IS json_extract(OLD.body, '$.by.user'))
        OR (NEW.user_id IS NOT NULL AND OLD.user_id IN (SELECT user_id FROM account_deletion))
    )
    AND (
        json_extract(NEW.body, '$.what.who') IS json_extract(OLD.body, '$.what.who')
        OR replace(json_extract(OLD.body, '$.what.who'), '-', '') IN (SELECT lower(hex(user_id)) FROM account_deletion)
    )
)
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

DROP TRIGGER IF EXISTS audit_refuses_update;
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
WHEN NOT (
    NEW.adcode = OLD.adcode AND NEW.at = OLD.at AND NEW.id = OLD.id AND NEW.role = OLD.role AND NEW.action = OLD.action
    AND NEW.detail = OLD.detail AND (NEW.user_id IS NOT OLD.user_id OR NEW.subject <> OLD.subject)
    AND (
        NEW.user_id IS OLD.user_id
        OR (NEW.user_id IS NULL AND OLD.user_id IN (SELECT user_id FROM account_deletion))
    )
    AND (
        NEW.subject = OLD.subject
        OR (NEW.subject = '' AND replace(OLD.subject, '-', '') IN (SELECT lower(hex(user_id)) FROM account_deletion))
    )
)
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
