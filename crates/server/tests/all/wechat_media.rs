//! What was recorded or photographed inside WeChat, on its way into a report, and how it is played.

use crate::harness::{Device, MONDAY_TEN, hash, manifest, new_id, post};
use crate::wechat::Ground;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use woodlark_domain::{Role, Timestamp, limits};
use woodlark_wechat::MediaKind;
use woodlark_wechat::standin::{Call, Fault, MEDIA_KEPT_FOR, PHOTO, voice};

const MEDIA: &str = "/api/v1/wechat/media";

async fn fetch(device: &mut Device, id: &str) -> crate::harness::Answer {
    device.send(Method::POST, MEDIA, Some(&json!({ "media_id": id }))).await
}

#[tokio::test]
async fn what_the_page_recorded_comes_with_what_it_is() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    for (kind, bytes, says) in
        [(MediaKind::Amr, voice(), "audio/amr"), (MediaKind::Jpeg, PHOTO.into(), "image/jpeg")]
    {
        let id = ground.wechat.store_media(kind, bytes.clone());
        for _ in 0..2 {
            let answer = fetch(&mut resident, &id).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            assert_eq!(answer.headers[header::CONTENT_TYPE], says);
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            assert_eq!(answer.body, bytes);
        }
    }
    assert_eq!(ground.wechat.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let gone = ground.wechat.store_media(MediaKind::Amr, voice());
    ground.wait(MEDIA_KEPT_FOR);
    for id in [gone.as_str(), "never-was", "", "a b", "../x"] {
        let refused = fetch(&mut resident, id).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = refused.json()["fields"][0]["detail"].as_str().unwrap().to_owned();
        assert!(words.contains("三天"), "{words}");
    }
    let mut long = voice().to_vec();
    long.resize(usize::try_from(limits::VOICE_BYTES).unwrap() + 1, 15 << 3);
    let long = ground.wechat.store_media(MediaKind::Amr, long);
    let refused = fetch(&mut resident, &long).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["limit"]),
        ("too_large", &limits::VOICE_BYTES.into())
    );
    for (kind, bytes) in [
        (MediaKind::Gif, b"GIF89a".to_vec()),
        (MediaKind::Speex, vec![1, 2, 3]),
        (MediaKind::Jpeg, voice().to_vec()),
    ] {
        let id = ground.wechat.store_media(kind, bytes);
        assert_eq!(fetch(&mut resident, &id).await.problem(), "unsupported_media_type", "{kind:?}");
    }
    let id = ground.wechat.store_media(MediaKind::Amr, voice());
    for (fault, says) in [
        (Fault::Cut, "not_reached"),
        (Fault::ServerError, "not_reached"),
        (Fault::Busy, "not_reached"),
        (Fault::TooOften, "not_reached"),
        (Fault::TooLong, "too_large"),
    ] {
        ground.wechat.misbehave(Call::MediaGet, fault);
        assert_eq!(fetch(&mut resident, &id).await.problem(), says, "{fault:?}");
    }
    assert_eq!(fetch(&mut resident, &id).await.status, StatusCode::OK);
    assert_eq!(fetch(&mut ground.server.device(), &id).await.problem(), "not_signed_in");
}

#[tokio::test]
async fn a_hundred_a_day_are_fetched_for_one_account() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let id = ground.wechat.store_media(MediaKind::Amr, voice());
    for _ in 0..limits::WECHAT_MEDIA_PER_DAY {
        assert_eq!(fetch(&mut resident, &id).await.status, StatusCode::OK);
    }
    let refused = fetch(&mut resident, &id).await;
    assert_eq!(refused.problem(), "too_many_requests");
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(fetch(&mut ground.server.resident().await, &id).await.status, StatusCode::OK, "another's own");
    ground.wait(Timestamp::DAY);
    assert_eq!(fetch(&mut resident, &id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recording_of_wechats_is_kept_as_it_came_and_played_as_wav() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let id = ground.wechat.store_media(MediaKind::Amr, voice());
    let bytes = fetch(&mut resident, &id).await.body;
    let (case, mut report) = (new_id(), manifest("路灯不亮", &[]));
    report["attachments"] = json!([
        { "hash": hash(&bytes), "role": "voice", "media_type": "audio/amr", "bytes": bytes.len() }
    ]);
    report["door"] = json!("wechat");
    assert_eq!(resident.put_manifest(&case, &report).await.status, StatusCode::CREATED);
    assert_eq!(resident.put_chunk(&case, &hash(&bytes), 0, &bytes).await.json()["stored"], true);
    assert_eq!(resident.complete(&case).await.status, StatusCode::OK);

    let mut acceptor = ground.server.staff(&[post(Role::Acceptor)]).await;
    for (person, path) in [
        (&mut resident, format!("/api/v1/cases/{case}/voice/{}", hash(&bytes))),
        (&mut acceptor, format!("/api/v1/desk/cases/{case}/voice/{}", hash(&bytes))),
    ] {
        let played = person.get(&path).await;
        assert_eq!(played.status, StatusCode::OK, "{}", played.text());
        assert_eq!(played.headers[header::CONTENT_TYPE], "audio/wav");
        assert!(played.body.starts_with(b"RIFF"), "a second of silence");
        assert_eq!(played.body.len(), 44 + 16_000);
        let original = person.get(&format!("{path}?original=true")).await;
        assert_eq!(original.headers[header::CONTENT_TYPE], "audio/amr");
        assert_eq!(original.body, bytes);
        assert_eq!(person.get(&format!("{path}?original=perhaps")).await.problem(), "invalid");
    }
    // An iPhone asks for the first two bytes before it asks for more.
    let path = format!("/api/v1/cases/{case}/voice/{}", hash(&bytes));
    for (range, status, length) in [
        ("bytes=0-1", StatusCode::PARTIAL_CONTENT, 2),
        ("bytes=44-", StatusCode::PARTIAL_CONTENT, 16_000),
        ("bytes=99999-", StatusCode::RANGE_NOT_SATISFIABLE, 0),
    ] {
        let part = resident.call(Request::get(&path).header(header::RANGE, range), Body::empty()).await;
        assert_eq!((part.status, part.body.len()), (status, length), "{range}");
        assert_eq!(part.headers[header::ACCEPT_RANGES], "bytes");
        assert!(part.headers[header::CONTENT_RANGE].to_str().unwrap().ends_with("/16044"), "{range}");
    }
    assert_eq!(ground.server.clock_now(), MONDAY_TEN.0);
}

#[tokio::test]
async fn amr_that_nobody_can_read_goes_out_as_it_came() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let bytes = b"#!AMR\n\x48\x00\x00".to_vec();
    let (case, mut report) = (new_id(), manifest("路灯不亮", &[]));
    report["attachments"] = json!([
        { "hash": hash(&bytes), "role": "voice", "media_type": "audio/amr", "bytes": bytes.len() }
    ]);
    resident.put_manifest(&case, &report).await;
    assert_eq!(resident.put_chunk(&case, &hash(&bytes), 0, &bytes).await.json()["stored"], true);
    resident.complete(&case).await;
    let answer = resident.get(&format!("/api/v1/cases/{case}/voice/{}", hash(&bytes))).await;
    assert_eq!((answer.headers[header::CONTENT_TYPE].to_str().unwrap(), &answer.body), ("audio/amr", &bytes));
}
