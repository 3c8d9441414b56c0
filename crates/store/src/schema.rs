//! The tables, as the queries see them. A test compares them with what the migrations make on both engines.

diesel::table! {
    /// Which steps of the schema were made.
    store_schema (version) {
        version -> BigInt,
        probes -> BigInt,
    }
}

diesel::table! {
    /// An account: a device, or the person behind several. moved_to: it was joined to that account.
    account (user_id) {
        user_id -> Binary,
        created_at -> BigInt,
        moved_to -> Nullable<Binary>,
        moved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// An account that is to go, and when.
    account_deletion (user_id) {
        user_id -> Binary,
        asked_at -> BigInt,
        due_at -> BigInt,
    }
}

diesel::table! {
    /// A device that is signed in: the hash of its token, never the token.
    session (user_id, token_hash) {
        user_id -> Binary,
        token_hash -> Binary,
        door -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    /// A linked phone: a keyed hash of the number and what may be shown of it. One phone, one account.
    phone (user_id) {
        user_id -> Binary,
        phone_hash -> Binary,
        masked -> Text,
        linked_at -> BigInt,
    }
}

diesel::table! {
    /// A one-time code on its way to a phone, as the account that asked for it must give it back.
    phone_code (user_id, phone_hash) {
        user_id -> Binary,
        phone_hash -> Binary,
        code_hash -> Binary,
        sent_at -> BigInt,
        expires_at -> BigInt,
        tries -> BigInt,
    }
}

diesel::table! {
    /// How much of something a person, phone or address has used in its window.
    quota (subject, kind) {
        subject -> Binary,
        kind -> Text,
        since -> BigInt,
        used -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    /// The answer to a write, for whoever sends the same write again.
    idempotency (user_id, idem_key) {
        user_id -> Binary,
        idem_key -> Text,
        request_hash -> Binary,
        status -> BigInt,
        response -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    /// A report on its way in. manifest: as it was sent; report: as the rules read it. Both JSON.
    intake (adcode, id) {
        adcode -> Text,
        id -> Binary,
        user_id -> Binary,
        door -> Text,
        state -> Text,
        manifest -> Text,
        manifest_hash -> Binary,
        report -> Text,
        receipt -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// A file that the manifest names. media_hash: the object that was made of it, once it is stored.
    intake_attachment (adcode, intake_id, position) {
        adcode -> Text,
        intake_id -> Binary,
        position -> BigInt,
        hash -> Binary,
        role -> Text,
        media_type -> Text,
        bytes -> BigInt,
        received_bytes -> BigInt,
        duration_ms -> Nullable<BigInt>,
        media_hash -> Nullable<Binary>,
        stored_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// An object in the store of photos and voices, named by the hash of the bytes that are kept.
    media (adcode, hash) {
        adcode -> Text,
        hash -> Binary,
        media_type -> Text,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        bytes -> BigInt,
        thumb_hash -> Nullable<Binary>,
        thumb_bytes -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    /// A case as lists show it: the fold of its events, kept beside them.
    case_file (adcode, id) {
        adcode -> Text,
        id -> Binary,
        number -> Text,
        kind -> Text,
        state -> Text,
        version -> BigInt,
        category -> Nullable<Text>,
        criterion -> Nullable<BigInt>,
        area -> Nullable<Text>,
        department -> Nullable<Text>,
        lon -> Nullable<Double>,
        lat -> Nullable<Double>,
        accuracy_m -> Nullable<Double>,
        cell -> Nullable<BigInt>,
        words -> Text,
        place_words -> Nullable<Text>,
        photo -> Nullable<Binary>,
        visibility -> Text,
        reporter -> Nullable<Binary>,
        door -> Text,
        entry -> Nullable<Text>,
        joiners -> BigInt,
        received_at -> BigInt,
        changed_at -> BigInt,
        promised_at -> Nullable<BigInt>,
        filed_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        merged_into -> Nullable<Binary>,
        reworks -> BigInt,
        due_at -> Nullable<BigInt>,
        overdue -> BigInt,
        wakes_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Who was called to a case whose clock ran out. Appended only. due_at says which clock: one that is set anew calls anew.
    escalation (adcode, case_id, stage, due_at, level, role) {
        adcode -> Text,
        case_id -> Binary,
        stage -> Text,
        due_at -> BigInt,
        level -> BigInt,
        role -> Text,
        department -> Nullable<Text>,
        area -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::table! {
    /// The pairs of letters in a case's words and in the words of its place.
    case_pair (adcode, pair, case_id) {
        adcode -> Text,
        pair -> Text,
        case_id -> Binary,
    }
}

diesel::table! {
    /// What happened to a case, in order. Appended only.
    event (adcode, case_id, seq) {
        adcode -> Text,
        case_id -> Binary,
        seq -> BigInt,
        at -> BigInt,
        kind -> Text,
        user_id -> Nullable<Binary>,
        role -> Text,
        door -> Text,
        body -> Text,
    }
}

diesel::table! {
    /// The files of a case, by the event that brought them.
    case_attachment (adcode, case_id, seq, position) {
        adcode -> Text,
        case_id -> Binary,
        seq -> BigInt,
        position -> BigInt,
        hash -> Binary,
        role -> Text,
        media_hash -> Binary,
        duration_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What an acceptor decided that everyone may see of a photo. shown_hash: a covered copy.
    photo_approval (adcode, case_id, hash) {
        adcode -> Text,
        case_id -> Binary,
        hash -> Binary,
        shown -> Text,
        shown_hash -> Nullable<Binary>,
        user_id -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    /// A resident who met the same matter.
    joiner (adcode, case_id, user_id) {
        adcode -> Text,
        case_id -> Binary,
        user_id -> Binary,
        joined_at -> BigInt,
    }
}

diesel::table! {
    /// Cases numbered on a day (YYYYMMDD).
    counter (adcode, day) {
        adcode -> Text,
        day -> BigInt,
        n -> BigInt,
    }
}

diesel::table! {
    /// Who did what, and who looked at what. Appended only.
    audit (adcode, at, id) {
        adcode -> Text,
        at -> BigInt,
        id -> Binary,
        user_id -> Nullable<Binary>,
        role -> Text,
        action -> Text,
        subject -> Text,
        detail -> Text,
    }
}

diesel::table! {
    /// What is to be done once the transaction stands: a message, an entry in a ledger.
    outbox (adcode, id) {
        adcode -> Text,
        id -> Binary,
        topic -> Text,
        body -> Text,
        created_at -> BigInt,
        next_at -> BigInt,
        tries -> BigInt,
    }
}

diesel::table! {
    /// Reports that came in by an entry on a day (YYYYMMDD).
    entry_count (adcode, entry, day) {
        adcode -> Text,
        entry -> Text,
        day -> BigInt,
        n -> BigInt,
    }
}

diesel::table! {
    /// What a case adds to the figures, as it stood when it was last counted. day: days since 1970; an empty text: it has none.
    figure_case (adcode, case_id) {
        adcode -> Text,
        case_id -> Binary,
        day -> BigInt,
        area -> Text,
        department -> Text,
        category -> Text,
        door -> Text,
        kind -> Text,
        reported -> BigInt,
        filed -> BigInt,
        dispatched -> BigInt,
        handled -> BigInt,
        closed -> BigInt,
        on_time -> BigInt,
        same_day -> BigInt,
        open_minutes -> BigInt,
        returns -> BigInt,
        reworks -> BigInt,
        contested -> BigInt,
        forced -> BigInt,
        ratings -> BigInt,
        satisfied -> BigInt,
    }
}

diesel::table! {
    /// The sums of the cases that came in on so many days from a day on, for each key of each dimension. span: 1, 8 or 64 days.
    /// start: a multiple of it.
    figure_sum (adcode, dimension, span, start, key) {
        adcode -> Text,
        dimension -> Text,
        span -> BigInt,
        start -> BigInt,
        key -> Text,
        reported -> BigInt,
        filed -> BigInt,
        dispatched -> BigInt,
        handled -> BigInt,
        closed -> BigInt,
        on_time -> BigInt,
        same_day -> BigInt,
        open_minutes -> BigInt,
        returns -> BigInt,
        reworks -> BigInt,
        contested -> BigInt,
        forced -> BigInt,
        ratings -> BigInt,
        satisfied -> BigInt,
    }
}

diesel::table! {
    /// The city, a version for each import. hash: of all its data, so that importing the same makes no version.
    city (adcode, version) {
        adcode -> Text,
        version -> BigInt,
        hash -> Binary,
        letters -> Text,
        name_zh -> Text,
        name_en -> Text,
        hotline -> Text,
        offset_minutes -> BigInt,
        work_spans -> Text,
        imported_at -> BigInt,
    }
}

diesel::table! {
    /// An area of a version. shape: its outline as JSON.
    area (adcode, version, code) {
        adcode -> Text,
        version -> BigInt,
        code -> Text,
        level -> Text,
        name_zh -> Text,
        name_en -> Text,
        parent -> Nullable<Text>,
        lon -> Nullable<Double>,
        lat -> Nullable<Double>,
        shape -> Nullable<Text>,
    }
}

diesel::table! {
    /// A responsible department of a version.
    department (adcode, version, code) {
        adcode -> Text,
        version -> BigInt,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    /// A category of a version. keywords: a JSON array.
    category (adcode, version, code) {
        adcode -> Text,
        version -> BigInt,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        certain -> Bool,
        keywords -> Text,
    }
}

diesel::table! {
    /// A criterion. A case keeps the number it was filed under, so none is ever removed. conditions: JSON.
    criterion (adcode, category, number) {
        adcode -> Text,
        category -> Text,
        number -> BigInt,
        conditions -> Text,
    }
}

diesel::table! {
    /// The dispatch rules of a version, in order: the first that matches wins.
    dispatch_rule (adcode, version, position) {
        adcode -> Text,
        version -> BigInt,
        position -> BigInt,
        code -> Text,
        category -> Nullable<Text>,
        area -> Nullable<Text>,
        department -> Text,
        automatic -> Bool,
    }
}

diesel::table! {
    /// A year of a version. holidays, workdays: JSON arrays of days.
    calendar (adcode, version, year) {
        adcode -> Text,
        version -> BigInt,
        year -> BigInt,
        provisional -> Bool,
        holidays -> Text,
        workdays -> Text,
    }
}

diesel::table! {
    /// An official account, kiosk or poster of a version.
    entry (adcode, version, code) {
        adcode -> Text,
        version -> BigInt,
        code -> Text,
        door -> Text,
        name_zh -> Text,
        name_en -> Text,
        lon -> Nullable<Double>,
        lat -> Nullable<Double>,
    }
}

diesel::table! {
    /// Somebody who works here. password: argon2 in its own text form; totp_step: the last time step that was used, so that no
    /// code is taken twice; invitation_hash: of the link's token, until it is taken up.
    staff (adcode, user_id) {
        adcode -> Text,
        user_id -> Binary,
        login -> Text,
        name -> Text,
        state -> Text,
        password -> Nullable<Text>,
        totp_secret -> Binary,
        totp_step -> BigInt,
        failures -> BigInt,
        locked_until -> BigInt,
        invitation_hash -> Nullable<Binary>,
        invited_until -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    /// What somebody who works here may be: in a department, an area, or everywhere.
    staff_role (adcode, user_id, position) {
        adcode -> Text,
        user_id -> Binary,
        position -> BigInt,
        role -> Text,
        department -> Nullable<Text>,
        area -> Nullable<Text>,
    }
}

diesel::table! {
    /// A browser that is signed in to the desk: the hash of its token, never the token.
    staff_session (user_id, token_hash) {
        user_id -> Binary,
        token_hash -> Binary,
        created_at -> BigInt,
        seen_at -> BigInt,
        address -> Text,
        agent -> Text,
    }
}

diesel::table! {
    /// A screen on a wall that shows figures and no case: the hash of its token, never the token.
    board (adcode, token_hash) {
        adcode -> Text,
        token_hash -> Binary,
        user_id -> Binary,
        created_at -> BigInt,
        address -> Text,
        agent -> Text,
    }
}

diesel::table! {
    /// A kiosk at a service station, and what its device last said of itself.
    kiosk (adcode, id) {
        adcode -> Text,
        id -> Binary,
        name -> Text,
        entry -> Nullable<Text>,
        lon -> Nullable<Double>,
        lat -> Nullable<Double>,
        pin_hash -> Nullable<Binary>,
        token_hash -> Nullable<Binary>,
        created_at -> BigInt,
        enrolled_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        seen_at -> Nullable<BigInt>,
        version -> Text,
        queue -> BigInt,
        oldest_at -> Nullable<BigInt>,
        attention -> BigInt,
        camera -> BigInt,
    }
}

diesel::table! {
    /// The code that enrols a device as a kiosk, once: a keyed hash of it.
    kiosk_code (adcode, kiosk_id) {
        adcode -> Text,
        kiosk_id -> Binary,
        code_hash -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    /// An envelope on its way in.
    kiosk_envelope (adcode, case_id) {
        adcode -> Text,
        case_id -> Binary,
        kiosk_id -> Binary,
        hash -> Binary,
        bytes -> BigInt,
        received_bytes -> BigInt,
        user_id -> Nullable<Binary>,
        begun_at -> BigInt,
    }
}

diesel::table! {
    /// A case that came from a kiosk: keyed hashes of its code and of what takes it to a phone.
    kiosk_case (adcode, case_id) {
        adcode -> Text,
        case_id -> Binary,
        kiosk_id -> Binary,
        code_hash -> Binary,
        token_hash -> Binary,
        hand_over_until -> BigInt,
        taken_by -> Nullable<Binary>,
    }
}

diesel::table! {
    /// Who guessed wrongly at what, and until when it is locked.
    wrong_try (adcode, what, subject) {
        adcode -> Text,
        what -> Text,
        subject -> Binary,
        tries -> BigInt,
        first_at -> BigInt,
        locked_until -> BigInt,
    }
}

diesel::table! {
    /// A version of a part of the city's data. Appended only. body: JSON.
    city_part (adcode, part, number) {
        adcode -> Text,
        part -> Text,
        number -> BigInt,
        hash -> Binary,
        body -> Text,
        rows -> BigInt,
        note -> Text,
        user_id -> Nullable<Binary>,
        at -> BigInt,
        restored -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Which version of each part a version of the city is made of. Appended only.
    city_made_of (adcode, version, part) {
        adcode -> Text,
        version -> BigInt,
        part -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    /// What an area, a department or a category was called until a moment. Appended only.
    former_name (adcode, part, code, until_at) {
        adcode -> Text,
        part -> Text,
        code -> Text,
        until_at -> BigInt,
        name_zh -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    /// Somebody's wish that a correction become a dispatch rule.
    rule_proposal (adcode, id) {
        adcode -> Text,
        id -> Binary,
        category -> Nullable<Text>,
        area -> Nullable<Text>,
        department -> Text,
        automatic -> Bool,
        case_id -> Binary,
        user_id -> Binary,
        at -> BigInt,
        state -> Text,
        decided_by -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// An entry of a book: its canonical bytes, their hash, and what it is found by. Appended only.
    ledger_entry (adcode, book_id, seq) {
        adcode -> Text,
        book_id -> Binary,
        seq -> BigInt,
        id -> Binary,
        case_id -> Nullable<Binary>,
        body -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    /// Where a book stands. earned: points of deeds that stand. carried_to: the same person's book that goes on in its place.
    ledger_book (adcode, book_id) {
        adcode -> Text,
        book_id -> Binary,
        opened_at -> BigInt,
        seq -> BigInt,
        hash -> Binary,
        at -> BigInt,
        points -> BigInt,
        cash_due -> BigInt,
        cash_paid -> BigInt,
        earned -> BigInt,
        carried_to -> Nullable<Binary>,
    }
}

diesel::table! {
    /// Whose book it is. Nothing else says so.
    ledger_owner (adcode, book_id) {
        adcode -> Text,
        book_id -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    /// The deeds of a book that stand, by the month (YYYYMM) in which they were confirmed.
    ledger_month (adcode, book_id, month, deed) {
        adcode -> Text,
        book_id -> Binary,
        month -> BigInt,
        deed -> Text,
        n -> BigInt,
        points -> BigInt,
    }
}

diesel::table! {
    /// The balances of the city's accounts.
    ledger_account (adcode, account) {
        adcode -> Text,
        account -> Text,
        amount -> BigInt,
    }
}

diesel::table! {
    /// Days (since 1970) that are over: nothing is written any more of a moment up to ends_at. Appended only.
    ledger_day (adcode, day) {
        adcode -> Text,
        day -> BigInt,
        ends_at -> BigInt,
    }
}

diesel::table! {
    /// What was published of a day. parts: what 2^bits parts of its tree come to. shares: how many points each hundredth of
    /// the books has earned at most, as JSON. Appended only.
    ledger_root (adcode, day) {
        adcode -> Text,
        day -> BigInt,
        body -> Binary,
        hash -> Binary,
        bits -> BigInt,
        parts -> Binary,
        shares -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    /// What becomes money: out_bill_no comes of its id. sent_at: when it may have been sent last. next_at: when the job looks again.
    payout (adcode, id) {
        adcode -> Text,
        id -> Binary,
        book_id -> Binary,
        openid -> Nullable<Text>,
        merchant -> Nullable<Text>,
        request -> Nullable<Binary>,
        points -> BigInt,
        fen -> BigInt,
        month -> BigInt,
        state -> Text,
        asked_at -> BigInt,
        decide_by -> BigInt,
        changed_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        give_back_at -> Nullable<BigInt>,
        next_at -> Nullable<BigInt>,
        tries -> BigInt,
        package -> Nullable<Text>,
        why -> Text,
    }
}

diesel::table! {
    /// Who of the staff approved a payout. Appended only.
    payout_approval (adcode, payout_id, user_id) {
        adcode -> Text,
        payout_id -> Binary,
        user_id -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    /// A gift that was ordered. code_hash is keyed.
    gift_order (adcode, id) {
        adcode -> Text,
        id -> Binary,
        book_id -> Binary,
        gift -> Text,
        name_zh -> Text,
        name_en -> Text,
        points -> BigInt,
        station -> Text,
        code_hash -> Binary,
        state -> Text,
        ordered_at -> BigInt,
        keep_until -> BigInt,
        changed_at -> BigInt,
        changed_by -> Nullable<Binary>,
    }
}

diesel::table! {
    /// When a book was frozen and let go again. Appended only.
    book_freeze (adcode, book_id, at) {
        adcode -> Text,
        book_id -> Binary,
        at -> BigInt,
        user_id -> Binary,
        frozen -> BigInt,
        reason -> Text,
    }
}

diesel::table! {
    /// A WeChat account that was linked to a person.
    wechat_link (user_id, appid) {
        user_id -> Binary,
        appid -> Text,
        openid -> Text,
        unionid -> Nullable<Text>,
        linked_at -> BigInt,
    }
}

diesel::table! {
    /// What the mini-program's shell hands to the page in it. used_by: the session that used it.
    wechat_ticket (user_id, ticket_hash) {
        user_id -> Binary,
        ticket_hash -> Binary,
        until -> BigInt,
        used_by -> Nullable<Binary>,
    }
}

diesel::table! {
    /// That somebody consented to be told in WeChat what their case comes to: one message each.
    notice_consent (adcode, id) {
        adcode -> Text,
        id -> Binary,
        case_id -> Binary,
        user_id -> Binary,
        appid -> Text,
        openid -> Text,
        asked_at -> BigInt,
        version -> BigInt,
        state -> Text,
        seq -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        outcome_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        next_at -> Nullable<BigInt>,
        tries -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(ledger_book, ledger_owner, ledger_entry);
diesel::allow_tables_to_appear_in_same_query!(account, ledger_owner);
diesel::allow_tables_to_appear_in_same_query!(
    case_file,
    case_pair,
    escalation,
    joiner,
    case_attachment,
    media,
    intake,
    intake_attachment,
    event,
    session,
    account,
    phone,
    photo_approval,
    account_deletion,
    wechat_link,
    wechat_ticket,
    notice_consent
);
diesel::allow_tables_to_appear_in_same_query!(staff, staff_role, staff_session, board);
diesel::allow_tables_to_appear_in_same_query!(city_part, city_made_of);
