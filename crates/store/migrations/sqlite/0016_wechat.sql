-- From the mini-program into our page, and messages about a case.

-- What the mini-program's shell hands to the page in it: good once, for two minutes. ticket_hash: keyed, so that what is kept here
-- opens nothing. used_by: the session that used it, by the hash of its token.
CREATE TABLE wechat_ticket (
    user_id BLOB NOT NULL,
    ticket_hash BLOB NOT NULL,
    until INTEGER NOT NULL,
    used_by BLOB,
    PRIMARY KEY (user_id, ticket_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX wechat_ticket_hash ON wechat_ticket (ticket_hash);
CREATE INDEX wechat_ticket_until ON wechat_ticket (until);

-- That somebody consented to be told in WeChat what their case comes to: one message for each consent. openid: as it was then.
-- version: events of the case when it was asked; seq: the event that it tells, once there is one. state: open (next_at: when it
-- goes, once there is something to tell), sending (until next_at it may be on its way), sent, gone, unknown: nobody knows whether it
-- was sent, and it is sent no more. due_at: since when there was something to tell.
CREATE TABLE notice_consent (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    seq INTEGER,
    outcome TEXT,
    outcome_at INTEGER,
    due_at INTEGER,
    next_at INTEGER,
    tries INTEGER NOT NULL,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_consent_case ON notice_consent (adcode, case_id, user_id);
CREATE INDEX notice_consent_user ON notice_consent (user_id);
CREATE INDEX notice_consent_next ON notice_consent (adcode, next_at) WHERE next_at IS NOT NULL;
-- What went, went once.
CREATE TRIGGER notice_consent_over_refuses_update BEFORE UPDATE ON notice_consent
WHEN OLD.state IN ('sent', 'gone', 'unknown') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'the consent is used up'); END;
