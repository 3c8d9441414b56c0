-- From the mini-program into our page, and messages about a case.

-- What the mini-program's shell hands to the page in it: good once, for two minutes. ticket_hash: keyed, so that what is kept here
-- opens nothing. used_by: the session that used it, by the hash of its token.
CREATE TABLE wechat_ticket (
    user_id BYTEA NOT NULL,
    ticket_hash BYTEA NOT NULL,
    until BIGINT NOT NULL,
    used_by BYTEA,
    PRIMARY KEY (user_id, ticket_hash)
);
CREATE UNIQUE INDEX wechat_ticket_hash ON wechat_ticket (ticket_hash);
CREATE INDEX wechat_ticket_until ON wechat_ticket (until);
