//! Every address of the API, so that no page and no test builds one by hand.

use woodlark_domain::city::Part;
use woodlark_domain::{CaseId, ContentHash, KioskId, Position, ProposalId, UserId};

/// The description of the API itself.
pub const OPENAPI: &str = "/api/openapi.json";
/// Which build serves: `{"build": "…"}`; an open page compares it with its own.
pub const VERSION: &str = "/version";
/// The plain HTML form posts here (`multipart/form-data`).
pub const FORM: &str = "/report";
/// Who is asking: GET reads, POST makes an account for this device where there is none, DELETE signs out.
pub const SESSION: &str = "/api/v1/session";
/// POST asks for a one-time code to a phone.
pub const PHONE_CODE: &str = "/api/v1/session/phone-code";
/// POST links the phone with that code.
pub const PHONE: &str = "/api/v1/session/phone";
/// My cases, newest change first: `?after=` continues.
pub const CASES: &str = "/api/v1/cases";
/// Everything that is kept of the reader, as a ZIP: `?lang=` chooses the language of its page.
pub const MY_DATA: &str = "/api/v1/me/data";
/// GET says when the reader's account goes, POST asks for it, DELETE takes that back: a [`crate::DeletionView`].
pub const DELETION: &str = "/api/v1/me/deletion";
/// The page for both, plain HTML: `?lang=` chooses its language.
pub const MY_DATA_PAGE: &str = "/my-data";
/// Server-sent events: each a [`crate::Live`] of one of my cases.
pub const LIVE: &str = "/api/v1/live";
/// The city: name, bounds, outline for the map.
pub const CITY: &str = "/api/v1/city";
/// The tree of categories.
pub const CATEGORIES: &str = "/api/v1/categories";
/// Areas near a position with their polygons.
pub const AREAS: &str = "/api/v1/areas";
/// Open cases like the one being written.
pub const ALIKE: &str = "/api/v1/alike";
/// What is open nearby, or was done lately.
pub const NEARBY: &str = "/api/v1/nearby";
/// Published praise, newest first: `?after=` continues.
pub const WALL: &str = "/api/v1/wall";
/// The reader's ledger.
pub const LEDGER: &str = "/api/v1/ledger";
/// Its entries, latest first: `?before=` continues.
pub const LEDGER_ENTRIES: &str = "/api/v1/ledger/entries";
/// The reader's place among all, as a share.
pub const LEDGER_SHARE: &str = "/api/v1/ledger/share";
/// The reader's chains as they are kept, to be checked.
pub const LEDGER_CHAIN: &str = "/api/v1/ledger/chain";
/// The reader's ledger as a table.
pub const LEDGER_CSV: &str = "/api/v1/ledger/export.csv";
/// The reader's ledger as a file that can be checked.
pub const LEDGER_JSON: &str = "/api/v1/ledger/export.json";
/// What was published of each day, latest first: `?before=` continues. For anyone.
pub const LEDGER_ROOTS: &str = "/api/v1/ledger/roots";
/// The table of points and its history. For anyone.
pub const LEDGER_POINTS: &str = "/api/v1/ledger/points";
/// The reader's ledger on paper: a page of its own.
pub const LEDGER_STATEMENT: &str = "/plain/ledger";
/// The desk: GET says who is signed in, POST signs in, DELETE signs out.
pub const DESK_SESSION: &str = "/api/v1/desk/session";
/// The desk: who works here; POST invites.
pub const DESK_STAFF: &str = "/api/v1/desk/staff";
/// The desk: POST says what a list of staff would do.
pub const DESK_STAFF_PREVIEW: &str = "/api/v1/desk/staff/preview";
/// The desk: POST makes a list of staff that was previewed stand.
pub const DESK_STAFF_APPLY: &str = "/api/v1/desk/staff/apply";
/// The desk: the list of staff as a file.
pub const DESK_STAFF_FILE: &str = "/api/v1/desk/staff/file";
/// The desk: GET reads the invitation of a link, POST takes it up. Its token is in [`INVITATION_TOKEN`], never in an
/// address, which logs and histories keep.
pub const DESK_INVITATION: &str = "/api/v1/desk/invitation";
/// The header with the token of an invitation.
pub const INVITATION_TOKEN: &str = "invitation-token";

/// What I have to spend, what there is for it, what became of it: a [`crate::RedeemView`].
pub const REDEEM: &str = "/api/v1/redeem";
/// POST [`crate::SpendPoints`] asks for a red packet.
pub const PAYOUTS: &str = "/api/v1/redeem/payouts";
/// POST [`crate::OrderGift`] orders a gift.
pub const GIFTS: &str = "/api/v1/redeem/gifts";
/// POST [`crate::SpendPoints`] gives to the community's fund.
pub const DONATIONS: &str = "/api/v1/redeem/donations";
/// The community's fund, for anyone.
pub const FUND: &str = "/api/v1/fund";
/// POST, with a [`crate::WechatLink`] or nothing, answers a [`crate::WechatWay`] to WeChat, which links the account there; DELETE
/// takes the link away.
pub const WECHAT_LINK: &str = "/api/v1/wechat/link";
/// What a page of ours hands to WeChat's script: `?url=`, a [`crate::WechatConfig`].
pub const WECHAT_CONFIG: &str = "/api/v1/wechat/config";
/// POST a [`crate::WechatMedia`] answers the bytes of what was recorded or photographed inside WeChat.
pub const WECHAT_MEDIA: &str = "/api/v1/wechat/media";
/// POST a [`crate::WechatMini`] answers a [`crate::WechatTicket`]: the mini-program's shell asks.
pub const WECHAT_MINI: &str = "/api/v1/wechat/mini";
/// POST a [`crate::WechatTicketUse`] signs the page in that the mini-program opened.
pub const WECHAT_TICKET: &str = "/api/v1/wechat/ticket";
/// The page of thanks. Back from WeChat, its query says what came of it: `?wechat=linked`, `denied`, `snapshot` or `failed`.
pub const THANKS_PAGE: &str = "/ledger/thanks";
/// The settings of the residents' app; back from WeChat like the page of thanks.
pub const SETTINGS_PAGE: &str = "/settings";
/// The pay system calls here.
pub const PAY_NOTICE: &str = "/api/v1/pay/notice";
/// The desk: where the money stands.
pub const DESK_REWARDS: &str = "/api/v1/desk/rewards";
/// The desk: payouts in a state; a [`crate::PayoutsAsked`] is its query.
pub const DESK_PAYOUTS: &str = "/api/v1/desk/rewards/payouts";
/// The desk: POST [`crate::FundRewards`] raises or lowers the budget.
pub const DESK_FUNDING: &str = "/api/v1/desk/rewards/funding";
/// The desk: POST a [`crate::ShownCode`] to see what it is of.
pub const DESK_GIFT: &str = "/api/v1/desk/rewards/gift";
/// The desk: POST a [`crate::ShownCode`] whose gift was handed over.
pub const DESK_HONOUR: &str = "/api/v1/desk/rewards/honour";
/// The desk: POST a [`crate::Statement`] of the pay system.
pub const DESK_RECONCILE: &str = "/api/v1/desk/rewards/reconcile";

/// The kiosk's page.
pub const KIOSK_PAGE: &str = "/kiosk";
/// GET what a kiosk knows of itself, POST a [`crate::EnrolKiosk`] makes this device one.
pub const KIOSK: &str = "/api/v1/kiosk";
/// POST a [`crate::KioskHealth`]; answers as GET of [`KIOSK`].
pub const KIOSK_HEALTH: &str = "/api/v1/kiosk/health";
/// POST a [`crate::ShownCode`] to see what gift it is of.
pub const KIOSK_GIFT: &str = "/api/v1/kiosk/gift";
/// POST a [`crate::StationHonour`]: the gift was handed over.
pub const KIOSK_HONOUR: &str = "/api/v1/kiosk/honour";
/// POST a [`crate::LookUp`]: a case by its number and code, for anyone.
pub const LOOK_UP: &str = "/api/v1/lookup";
/// POST a [`crate::HandOver`]: a case goes from a kiosk to this phone.
pub const HAND_OVER: &str = "/api/v1/handover";
/// The page that a kiosk's code leads a phone to; case and token are in its fragment, which no server is told.
pub const HAND_OVER_PAGE: &str = "/handover";
/// The desk: GET the kiosks, POST a [`crate::NewKiosk`] sets one up.
pub const DESK_KIOSKS: &str = "/api/v1/desk/kiosks";

/// The header that names a write, so that a repeat gets the same answer.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that says where in the file a chunk begins, in bytes.
pub const UPLOAD_OFFSET: &str = "upload-offset";

/// The size of a stored photo that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoSize {
    /// At most 1,600 px a side.
    Full,
    /// At most 320 px a side.
    Thumb,
}

impl PhotoSize {
    /// As written in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Thumb => "thumb",
        }
    }
}

/// The page of a report that was sent; back from WeChat like the page of thanks.
#[must_use]
pub fn sent_page(id: CaseId) -> String {
    format!("/sent/{id}")
}

/// The page of a resident's own case; back from WeChat like the page of thanks.
#[must_use]
pub fn case_page(id: CaseId) -> String {
    format!("/cases/{id}")
}

/// PUT the next piece of a kiosk's envelope, beginning where the server's bytes end; a [`crate::EnvelopeAsked`] is its query.
#[must_use]
pub fn envelope(id: CaseId, bytes: u64, hash: ContentHash) -> String {
    format!("/api/v1/kiosk/envelopes/{id}?bytes={bytes}&hash={hash}")
}

/// The desk: DELETE takes a kiosk's leave away.
#[must_use]
pub fn desk_kiosk(id: KioskId) -> String {
    format!("/api/v1/desk/kiosks/{id}")
}

/// The desk: POST makes another code to enrol a kiosk with.
#[must_use]
pub fn desk_kiosk_code(id: KioskId) -> String {
    format!("/api/v1/desk/kiosks/{id}/code")
}

/// PUT the manifest, GET what is still missing.
#[must_use]
pub fn report(id: CaseId) -> String {
    format!("/api/v1/reports/{id}")
}

/// PUT a chunk of a photo or voice.
#[must_use]
pub fn attachment(id: CaseId, hash: ContentHash) -> String {
    format!("/api/v1/reports/{id}/attachments/{hash}")
}

/// POST when everything has arrived: the report becomes a case.
#[must_use]
pub fn complete(id: CaseId) -> String {
    format!("/api/v1/reports/{id}/complete")
}

/// One case.
#[must_use]
pub fn case(id: CaseId) -> String {
    format!("/api/v1/cases/{id}")
}

/// POST: I met this too.
#[must_use]
pub fn join(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/join")
}

/// POST: I consented in WeChat to be told what it comes to; answers a [`crate::CaseNotices`].
#[must_use]
pub fn notice(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/notice")
}

/// POST: I take it back.
#[must_use]
pub fn withdraw(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/withdraw")
}

/// The desk: the reader's queues with how many wait in each.
pub const DESK_QUEUES: &str = "/api/v1/desk/queues";
/// The desk: server-sent events, each a [`crate::DeskLive`] of a case that the reader may see.
pub const DESK_LIVE: &str = "/api/v1/desk/live";
/// The desk: who did and saw what; an [`crate::AuditAsked`] is its query.
pub const AUDIT: &str = "/api/v1/desk/audit";
/// The desk: the same as CSV.
pub const AUDIT_CSV: &str = "/api/v1/desk/audit.csv";
/// The desk: the figures of a period; a [`crate::FiguresAsked`] is its query.
pub const FIGURES: &str = "/api/v1/desk/figures";
/// The desk: the same as CSV.
pub const FIGURES_CSV: &str = "/api/v1/desk/figures.csv";
/// The desk: the cases behind a number.
pub const FIGURES_CASES: &str = "/api/v1/desk/figures/cases";
/// The desk: the parts of the city's data as they stand.
pub const DESK_CITY: &str = "/api/v1/desk/city";
/// The desk: departments, areas and templates by name.
pub const DESK_DIRECTORY: &str = "/api/v1/desk/directory";
/// The desk: GET lists the browsers that the reader is signed in with.
pub const DESK_SEATS: &str = "/api/v1/desk/seats";
/// The desk: PUT keeps a photo, of afterwards or covered, that an order will name.
pub const DESK_PHOTOS: &str = "/api/v1/desk/photos";

/// The desk: one page of a queue; a [`crate::DeskFilter`] is its query.
#[must_use]
pub fn desk_queue(queue: woodlark_domain::queue::Queue) -> String {
    format!("{DESK_QUEUES}/{}", queue.code())
}

/// The desk: DELETE signs one of the reader's browsers out.
#[must_use]
pub fn desk_seat(seat: ContentHash) -> String {
    format!("{DESK_SEATS}/{seat}")
}

/// The desk: one case.
#[must_use]
pub fn desk_case(id: CaseId) -> String {
    format!("/api/v1/desk/cases/{id}")
}

/// The desk: POST a [`crate::DeskOrder`].
#[must_use]
pub fn desk_orders(id: CaseId) -> String {
    format!("/api/v1/desk/cases/{id}/orders")
}

/// The desk: who reported a case.
#[must_use]
pub fn desk_reporter(id: CaseId) -> String {
    format!("/api/v1/desk/cases/{id}/reporter")
}

/// The desk: a photo as it was taken. Each look at it is recorded.
#[must_use]
pub fn desk_photo(id: CaseId, hash: ContentHash, size: PhotoSize) -> String {
    format!("/api/v1/desk/cases/{id}/photos/{hash}/{}", size.code())
}

/// The desk: PUT a [`crate::PhotoApproval`].
#[must_use]
pub fn desk_approval(id: CaseId, hash: ContentHash) -> String {
    format!("/api/v1/desk/cases/{id}/photos/{hash}/approval")
}

/// The desk: the voice of a case. Each time it is listened to is recorded.
#[must_use]
pub fn desk_voice(id: CaseId, hash: ContentHash) -> String {
    format!("/api/v1/desk/cases/{id}/voice/{hash}")
}

/// The desk: a part of the city's data as a table; a [`crate::PartAsked`] is its query.
#[must_use]
pub fn desk_part(part: Part) -> String {
    format!("{DESK_CITY}/{}", part.code())
}

/// The desk: the versions of a part.
#[must_use]
pub fn desk_part_versions(part: Part) -> String {
    format!("{DESK_CITY}/{}/versions", part.code())
}

/// The desk: what is different between two versions of a part; a [`crate::CompareAsked`] is its query.
#[must_use]
pub fn desk_part_compare(part: Part, from: u32, to: u32) -> String {
    format!("{DESK_CITY}/{}/compare?from={from}&to={to}", part.code())
}

/// The desk: a part as a file; a [`crate::FileAsked`] is its query.
#[must_use]
pub fn desk_part_file(part: Part) -> String {
    format!("{DESK_CITY}/{}/file", part.code())
}

/// The desk: POST a [`crate::CityChange`] to see what it would do.
#[must_use]
pub fn desk_part_preview(part: Part) -> String {
    format!("{DESK_CITY}/{}/preview", part.code())
}

/// The desk: POST a [`crate::CityApply`].
#[must_use]
pub fn desk_part_apply(part: Part) -> String {
    format!("{DESK_CITY}/{}/apply", part.code())
}

/// The desk: POST a [`crate::NewProposal`] of a case that was corrected.
#[must_use]
pub fn desk_propose(id: CaseId) -> String {
    format!("/api/v1/desk/cases/{id}/proposal")
}

/// The desk: POST turns a proposal down.
#[must_use]
pub fn desk_proposal_decline(id: ProposalId) -> String {
    format!("/api/v1/desk/proposals/{id}/decline")
}

/// The desk: DELETE ends somebody's account.
#[must_use]
pub fn desk_member(user: UserId) -> String {
    format!("{DESK_STAFF}/{user}")
}

/// POST takes a red packet back.
#[must_use]
pub fn payout_withdraw(id: &str) -> String {
    format!("{PAYOUTS}/{id}/withdraw")
}

/// POST gives a gift back that was not fetched.
#[must_use]
pub fn gift_return(id: &str) -> String {
    format!("{GIFTS}/{id}/return")
}

/// The desk: POST a [`crate::DecidePayout`].
#[must_use]
pub fn desk_payout(id: &str) -> String {
    format!("{DESK_PAYOUTS}/{id}")
}

/// The desk: a book.
#[must_use]
pub fn desk_book(book: &str) -> String {
    format!("/api/v1/desk/books/{book}")
}

/// The desk: POST [`crate::Because`] freezes a book.
#[must_use]
pub fn desk_freeze(book: &str) -> String {
    format!("/api/v1/desk/books/{book}/freeze")
}

/// The desk: POST [`crate::Because`] lets a frozen book go.
#[must_use]
pub fn desk_unfreeze(book: &str) -> String {
    format!("/api/v1/desk/books/{book}/unfreeze")
}

/// The desk: the deeds of a case in the ledger.
#[must_use]
pub fn desk_deeds(id: CaseId) -> String {
    format!("/api/v1/desk/cases/{id}/deeds")
}

/// The desk: POST [`crate::Because`]: a deed is found false.
#[must_use]
pub fn desk_deed_reverse(id: CaseId, entry: &str) -> String {
    format!("/api/v1/desk/cases/{id}/deeds/{entry}/reverse")
}

/// POST: how satisfied I am.
#[must_use]
pub fn rate(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/rate")
}

/// POST: it isn't fixed.
#[must_use]
pub fn contest(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/contest")
}

/// PUT a photo to contest with.
#[must_use]
pub fn photos(id: CaseId) -> String {
    format!("/api/v1/cases/{id}/photos")
}

/// A photo of a case, as this reader may see it.
#[must_use]
pub fn photo(id: CaseId, hash: ContentHash, size: PhotoSize) -> String {
    format!("/api/v1/cases/{id}/photos/{hash}/{}", size.code())
}

/// The voice of a case.
#[must_use]
pub fn voice(id: CaseId, hash: ContentHash) -> String {
    format!("/api/v1/cases/{id}/voice/{hash}")
}

/// My cases after the row whose cursor this is.
#[must_use]
pub fn cases(after: Option<&str>) -> String {
    after.map_or_else(|| CASES.to_owned(), |cursor| format!("{CASES}?after={cursor}"))
}

/// A page of the lark wall.
#[must_use]
pub fn wall(after: Option<&str>) -> String {
    after.map_or_else(|| WALL.to_owned(), |cursor| format!("{WALL}?after={cursor}"))
}

/// The reader's entries from before a cursor on.
#[must_use]
pub fn ledger_entries(before: Option<&str>) -> String {
    before.map_or_else(|| LEDGER_ENTRIES.to_owned(), |cursor| [LEDGER_ENTRIES, "?before=", cursor].concat())
}

/// A piece of one of the reader's chains: of this book, or of the one that goes on; from after this place on.
#[must_use]
pub fn ledger_chain(book: Option<&str>, after: u64) -> String {
    let book = book.map_or_else(String::new, |book| ["&book=", book].concat());
    [LEDGER_CHAIN, "?after=", &after.to_string(), &book].concat()
}

/// What was published, from before a day on.
#[must_use]
pub fn ledger_roots(before: Option<i64>) -> String {
    before
        .map_or_else(|| LEDGER_ROOTS.to_owned(), |day| [LEDGER_ROOTS, "?before=", &day.to_string()].concat())
}

/// The statement of a year.
#[must_use]
pub fn ledger_statement(year: u32) -> String {
    [LEDGER_STATEMENT, "/", &year.to_string()].concat()
}

/// A case as everyone may see it.
#[must_use]
pub fn public_case(id: CaseId) -> String {
    format!("/api/v1/public/{id}")
}

/// What a screen on a wall shows; `POST` sets this browser up as one.
pub const DESK_BOARD: &str = "/api/v1/desk/board";

/// The page of a case for everyone, in the app.
#[must_use]
pub fn public_page(id: CaseId) -> String {
    format!("/c/{id}")
}

/// The thank-you card of a praise on the wall: a page of its own, for paper.
#[must_use]
pub fn thanks_card(id: CaseId) -> String {
    format!("/plain/thanks/{id}")
}

/// What everyone may see of a photo; a blur until an acceptor has decided.
#[must_use]
pub fn public_photo(id: CaseId, hash: ContentHash, size: PhotoSize) -> String {
    format!("/api/v1/public/{id}/photos/{hash}/{}", size.code())
}

/// Areas whose polygons touch the circle of `radius_m` metres.
#[must_use]
pub fn areas(at: Position, radius_m: u32) -> String {
    format!("{AREAS}?lon={}&lat={}&radius_m={radius_m}", at.lon(), at.lat())
}

/// Open cases of this kind and category class near a WGS-84 position.
#[must_use]
pub fn alike(
    kind: woodlark_domain::Kind,
    category: Option<&woodlark_domain::CategoryCode>,
    at: Position,
) -> String {
    let category = category.map_or_else(String::new, |code| format!("&category={code}"));
    format!("{ALIKE}?kind={}&lon={}&lat={}{category}", kind.code(), at.lon(), at.lat())
}
