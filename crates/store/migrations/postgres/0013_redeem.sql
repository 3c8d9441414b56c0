-- What points become: payouts, gifts, and who may not spend for now.

-- A payout. out_bill_no comes of its id and never changes; merchant: who pays, and request: what is
-- sent byte by byte, as they were when it was first sent; sent_at: when
-- it was last sent, or may have been. next_at: when the job looks at it again. month: YYYYMM, for what one person may get.
CREATE TABLE payout (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    book_id BYTEA NOT NULL,
    openid TEXT,
    merchant TEXT,
    request BYTEA,
    points BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    month BIGINT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    decide_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    sent_at BIGINT,
    give_back_at BIGINT,
    next_at BIGINT,
    tries BIGINT NOT NULL,
    package TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX payout_book ON payout (adcode, book_id, asked_at);
CREATE INDEX payout_state ON payout (adcode, state, asked_at, id);
CREATE INDEX payout_next ON payout (adcode, next_at) WHERE next_at IS NOT NULL;

-- Who of the staff approved it. Appended only.
CREATE TABLE payout_approval (
    adcode TEXT NOT NULL,
    payout_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (adcode, payout_id, user_id)
);

-- A gift that was ordered. code_hash: keyed, so that what is kept here honours nothing.
CREATE TABLE gift_order (
    adcode TEXT NOT NULL,
    id BYTEA NOT NULL,
    book_id BYTEA NOT NULL,
    gift TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    points BIGINT NOT NULL,
    station TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    state TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    keep_until BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BYTEA,
    PRIMARY KEY (adcode, id)
);
CREATE UNIQUE INDEX gift_order_code ON gift_order (adcode, code_hash);
CREATE INDEX gift_order_book ON gift_order (adcode, book_id, ordered_at);
CREATE INDEX gift_order_gift ON gift_order (adcode, gift, state);
CREATE INDEX gift_order_kept ON gift_order (adcode, keep_until) WHERE state = 'kept';

-- When a book was frozen, and when it was let go again: the newest row of a book says. Appended only.
CREATE TABLE book_freeze (
    adcode TEXT NOT NULL,
    book_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    frozen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (adcode, book_id, at)
);

-- A WeChat account that was linked to a person.
CREATE TABLE wechat_link (
    user_id BYTEA NOT NULL,
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    unionid TEXT,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, appid)
);
CREATE UNIQUE INDEX wechat_link_openid ON wechat_link (appid, openid);
CREATE INDEX wechat_link_unionid ON wechat_link (unionid) WHERE unionid IS NOT NULL;

CREATE TRIGGER payout_approval_refuses_change BEFORE UPDATE OR DELETE ON payout_approval
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER payout_approval_refuses_truncate BEFORE TRUNCATE ON payout_approval
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER book_freeze_refuses_change BEFORE UPDATE OR DELETE ON book_freeze
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER book_freeze_refuses_truncate BEFORE TRUNCATE ON book_freeze
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What is over stays as it ended, and nobody takes away what was owed.
CREATE OR REPLACE FUNCTION payout_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('paid', 'failed', 'declined', 'lapsed', 'withdrawn') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'the payout is over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_over_refuses_update BEFORE UPDATE ON payout
    FOR EACH ROW EXECUTE FUNCTION payout_keeps();
CREATE TRIGGER payout_refuses_delete BEFORE DELETE ON payout
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER payout_refuses_truncate BEFORE TRUNCATE ON payout
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
