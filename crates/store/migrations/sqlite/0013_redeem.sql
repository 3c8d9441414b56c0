-- What points become: payouts, gifts, and who may not spend for now.

-- A payout. out_bill_no comes of its id and never changes; merchant: who pays, and request: what is
-- sent byte by byte, as they were when it was first sent; sent_at: when
-- it was last sent, or may have been. next_at: when the job looks at it again. month: YYYYMM, for what one person may get.
CREATE TABLE payout (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    book_id BLOB NOT NULL,
    openid TEXT,
    merchant TEXT,
    request BLOB,
    points INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    month INTEGER NOT NULL,
    state TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    decide_by INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    sent_at INTEGER,
    give_back_at INTEGER,
    next_at INTEGER,
    tries INTEGER NOT NULL,
    package TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_book ON payout (adcode, book_id, asked_at);
CREATE INDEX payout_state ON payout (adcode, state, asked_at, id);
CREATE INDEX payout_next ON payout (adcode, next_at) WHERE next_at IS NOT NULL;

-- Who of the staff approved it. Appended only.
CREATE TABLE payout_approval (
    adcode TEXT NOT NULL,
    payout_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (adcode, payout_id, user_id)
) STRICT, WITHOUT ROWID;

-- A gift that was ordered. code_hash: keyed, so that what is kept here honours nothing.
CREATE TABLE gift_order (
    adcode TEXT NOT NULL,
    id BLOB NOT NULL,
    book_id BLOB NOT NULL,
    gift TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    points INTEGER NOT NULL,
    station TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    state TEXT NOT NULL,
    ordered_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by BLOB,
    PRIMARY KEY (adcode, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX gift_order_code ON gift_order (adcode, code_hash);
CREATE INDEX gift_order_book ON gift_order (adcode, book_id, ordered_at);
CREATE INDEX gift_order_gift ON gift_order (adcode, gift, state);
CREATE INDEX gift_order_kept ON gift_order (adcode, keep_until) WHERE state = 'kept';

-- When a book was frozen, and when it was let go again: the newest row of a book says. Appended only.
CREATE TABLE book_freeze (
    adcode TEXT NOT NULL,
    book_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    frozen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (adcode, book_id, at)
) STRICT, WITHOUT ROWID;

-- A WeChat account that was linked to a person.
CREATE TABLE wechat_link (
    user_id BLOB NOT NULL,
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    unionid TEXT,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, appid)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX wechat_link_openid ON wechat_link (appid, openid);
CREATE INDEX wechat_link_unionid ON wechat_link (unionid) WHERE unionid IS NOT NULL;

CREATE TRIGGER payout_approval_refuses_update BEFORE UPDATE ON payout_approval
BEGIN SELECT RAISE(ABORT, 'payout_approval is append-only'); END;
CREATE TRIGGER payout_approval_refuses_delete BEFORE DELETE ON payout_approval
BEGIN SELECT RAISE(ABORT, 'payout_approval is append-only'); END;
CREATE TRIGGER book_freeze_refuses_update BEFORE UPDATE ON book_freeze
BEGIN SELECT RAISE(ABORT, 'book_freeze is append-only'); END;
CREATE TRIGGER book_freeze_refuses_delete BEFORE DELETE ON book_freeze
BEGIN SELECT RAISE(ABORT, 'book_freeze is append-only'); END;
-- What is over stays as it ended, and nobody takes away what was owed.
CREATE TRIGGER payout_over_refuses_update BEFORE UPDATE ON payout
WHEN OLD.state IN ('paid', 'failed', 'declined', 'lapsed', 'withdrawn') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'the payout is over'); END;
CREATE TRIGGER payout_refuses_delete BEFORE DELETE ON payout
BEGIN SELECT RAISE(ABORT, 'a payout is kept'); END;
