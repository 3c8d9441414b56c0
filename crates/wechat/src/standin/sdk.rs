//! The page script of the stand-in, with what it must know: the tickets that are good, which rule signs, and ids of media that
//! the stand-in really has.

use super::fields::TEMPLATES;
use super::world::{Reply, World};
use super::{OFFICIAL_APPID, Rule};
use crate::account::App;
use crate::media::MediaKind;
use bytes::Bytes;
use serde_json::json;
use woodlark_domain::place::wgs84_to_gcj02;
use woodlark_domain::{Position, Timestamp};

/// What it does in a page.
const SCRIPT: &str = include_str!("jweixin.js");
/// The photo that is chosen: a JPEG of 64 × 48 that we made.
pub const PHOTO: &[u8] = include_bytes!("photo.jpg");
/// How many media of a kind a page may upload.
const MEDIA_A_PAGE: usize = 12;
/// Where the phone is: degrees east and north, WGS-84.
pub const PLACE: (f64, f64) = (121.474_000, 30.917_700);

/// A second of silence as WeChat records it: AMR at 4.75 kbit/s, fifty frames of 13 bytes.
#[must_use]
pub fn voice() -> Bytes {
    let frame = [&[0x04][..], &[0; 12]].concat();
    [&b"#!AMR\n"[..], &frame.repeat(50)].concat().into()
}

impl World {
    /// The script as a page loads it.
    pub(super) fn sdk(&mut self, now: Timestamp) -> Reply {
        let mut some = |kind, bytes: Bytes| -> Vec<String> {
            (0..MEDIA_A_PAGE).map(|_| self.store(kind, bytes.clone(), now)).collect()
        };
        let voices = some(MediaKind::Amr, voice());
        let images = some(MediaKind::Jpeg, Bytes::from_static(PHOTO));
        let tickets = self.tickets(now);
        let wgs84 = PLACE;
        let gcj02 = Position::new(wgs84.0, wgs84.1)
            .map(wgs84_to_gcj02)
            .map_or(wgs84, |position| (position.lon(), position.lat()));
        let official = TEMPLATES.iter().filter(|(app, ..)| *app == App::Official);
        let templates: Vec<&str> = official.map(|(_, id, _)| *id).collect();
        let seed = json!({
            "appId": OFFICIAL_APPID,
            "tickets": tickets,
            "rule": match self.rule { Rule::Android => "android", Rule::Ios => "ios" },
            "voices": voices,
            "images": images,
            "templates": templates,
            "photo": super::base64(PHOTO),
            "wgs84": [wgs84.0, wgs84.1],
            "gcj02": [gcj02.0, gcj02.1],
        });
        let body = format!("var __wx_seed = {seed};\n{SCRIPT}").into();
        Reply { status: 200, content_type: "text/javascript; charset=utf-8", location: None, body }
    }
}
