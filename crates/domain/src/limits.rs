//! Every limit that both sides hold, with its number, in one place.

/// Photos in one report.
pub const PHOTOS_PER_REPORT: usize = 9;
/// Characters (Unicode scalar values) in a report's words.
pub const WORDS_CHARS: usize = 500;
/// Characters in the words that describe a place.
pub const PLACE_WORDS_CHARS: usize = 120;
/// Characters in a reason.
pub const REASON_CHARS: usize = 500;
/// Seconds of voice.
pub const VOICE_SECONDS: u32 = 60;
/// Bytes of a voice recording.
pub const VOICE_BYTES: u64 = 4 * 1024 * 1024;
/// Bytes of one photo as it arrives. The app sends about 300 KB; the plain form sends what the camera made.
pub const PHOTO_BYTES: u64 = 20 * 1024 * 1024;
/// Pixels on a photo's longer side, before decoding.
pub const PHOTO_SIDE_PIXELS: u32 = 8_192;
/// Pixels of a photo, before decoding.
pub const PHOTO_PIXELS: u64 = 40_000_000;
/// Bytes a decoder may ask for.
pub const PHOTO_DECODED_BYTES: u64 = 128 * 1024 * 1024;
/// Pixels on the longer side of a photo as the app sends it and the server keeps it.
pub const PHOTO_KEPT_SIDE_PIXELS: u32 = 1_600;
/// Pixels on the longer side of a thumbnail.
pub const THUMB_SIDE_PIXELS: u32 = 320;
/// Bytes the app aims at for one photo.
pub const PHOTO_AIM_BYTES: u64 = 300 * 1024;
/// Bytes of one chunk of an upload.
pub const CHUNK_BYTES: u64 = 512 * 1024;
/// Metres within which two cases may be alike.
pub const ALIKE_METRES: f64 = 50.0;
/// Days back in which alike cases are looked for.
pub const ALIKE_DAYS: i64 = 30;
/// Days in which a closed case may be contested.
pub const CONTEST_DAYS: i64 = 7;
/// Photos that one account may hand in for contesting in a day.
pub const CONTEST_PHOTOS_PER_DAY: u32 = 30;
/// Days in which a rating may be changed.
pub const RATING_DAYS: i64 = 30;
/// Recordings and photos that one account may have fetched from WeChat in a day: a report has ten, and some fail.
pub const WECHAT_MEDIA_PER_DAY: u32 = 100;
/// Rows of one page of a list.
pub const PAGE_ROWS: usize = 20;
/// Minutes of work time until a report is filed or declined.
pub const ACCEPT_WORK_MINUTES: u32 = 15;
/// Minutes of work time until a filed case is sent to a department.
pub const DISPATCH_WORK_MINUTES: u32 = 15;
/// Minutes of work time until what a department calls done is verified. Handling goes by the criterion.
pub const VERIFY_WORK_MINUTES: u32 = 30;
/// How many times its limit a clock has run when a supervisor is called.
pub const SUPERVISOR_TIMES: u32 = 2;
/// Bytes of a file of the city's data.
pub const CITY_BYTES: u64 = 16 * 1024 * 1024;
/// Rows of one part of the city's data.
pub const CITY_ROWS: usize = 20_000;
/// Bytes of a list of staff.
pub const STAFF_BYTES: u64 = 1024 * 1024;
/// Lines of a list of staff: one for each role of a person.
pub const STAFF_ROWS: usize = 2_000;
/// Characters of a name in the city's data.
pub const NAME_CHARS: usize = 60;
/// Characters of what is said beside a change of the city's data.
pub const NOTE_CHARS: usize = 200;
/// Steps of a criterion's condition.
pub const CRITERION_STEPS: usize = 4;
/// Points of one deed.
pub const DEED_POINTS: u32 = 1_000;
/// Pieces of a gift that there ever were.
pub const GIFT_STOCK: u32 = 1_000_000;
/// Points of one gift.
pub const GIFT_POINTS: u32 = 100_000;
/// Cases of late that a change of the dispatch rules is tried on.
pub const REROUTED_CASES: usize = 500;
/// Cases that a queue is counted to; a longer one is told as "more than".
pub const QUEUE_COUNTED: u32 = 10_000;
/// Characters in a text that is searched for.
pub const SEARCH_CHARS: usize = 60;
/// Times that a resident may fetch all that is kept of them in a day.
pub const EXPORTS_PER_DAY: u32 = 6;
