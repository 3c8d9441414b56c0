-- Accounts that are to go, and when. Those that were joined to one stand here too in the moment in which it goes.
CREATE TABLE account_deletion (
    user_id BYTEA NOT NULL,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
CREATE INDEX account_deletion_due ON account_deletion (due_at);

-- What happened stays as it was written. Only who a resident was gives way, and only where their account is to go: in an event to
-- an id that nobody has, in the audit to none.
CREATE OR REPLACE FUNCTION event_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.adcode = OLD.adcode AND NEW.case_id = OLD.case_id AND NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.kind = OLD.kind
        AND NEW.role = OLD.role AND NEW.door = OLD.door AND NEW.body <> OLD.body
        AND (NEW.body::jsonb #- '{by,user}') #- '{what,who}' = (OLD.body::jsonb #- '{by,user}') #- '{what,who}'
        AND (
            (NEW.user_id IS NOT DISTINCT FROM OLD.user_id
                AND NEW.body::jsonb #>> '{by,user}' IS NOT DISTINCT FROM OLD.body::jsonb #>> '{by,user}')
            OR (NEW.user_id IS NOT NULL AND EXISTS (SELECT 1 FROM account_deletion d WHERE d.user_id = OLD.user_id))
        )
        AND (
            NEW.body::jsonb #>> '{what,who}' IS NOT DISTINCT FROM OLD.body::jsonb #>> '{what,who}'
            OR EXISTS (SELECT 1 FROM account_deletion d
                WHERE encode(d.user_id, 'hex') = replace(OLD.body::jsonb #>> '{what,who}', '-', ''))
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'event is append-only';
END $$;
DROP TRIGGER IF EXISTS event_refuses_change ON event;
DROP TRIGGER IF EXISTS event_refuses_update ON event;
DROP TRIGGER IF EXISTS event_refuses_delete ON event;
CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION event_keeps();
CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE OR REPLACE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.adcode = OLD.adcode AND NEW.at = OLD.at AND NEW.id = OLD.id AND NEW.role = OLD.role AND NEW.action = OLD.action
        AND NEW.detail = OLD.detail AND (NEW.user_id IS DISTINCT FROM OLD.user_id OR NEW.subject <> OLD.subject)
        AND (
            NEW.user_id IS NOT DISTINCT FROM OLD.user_id
            OR (NEW.user_id IS NULL AND EXISTS (SELECT 1 FROM account_deletion d WHERE d.user_id = OLD.user_id))
        )
        AND (
            NEW.subject = OLD.subject
            OR (NEW.subject = '' AND EXISTS (SELECT 1 FROM account_deletion d
                WHERE encode(d.user_id, 'hex') = replace(OLD.subject, '-', '')))
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit is append-only';
END $$;
DROP TRIGGER IF EXISTS audit_refuses_change ON audit;
DROP TRIGGER IF EXISTS audit_refuses_update ON audit;
DROP TRIGGER IF EXISTS audit_refuses_delete ON audit;
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_keeps();
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();
