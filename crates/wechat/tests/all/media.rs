//! What was recorded or photographed inside WeChat.

use crate::World;
use woodlark_domain::Timestamp;
use woodlark_wechat::standin::{Call, MEDIA_KEPT_FOR, PHOTO, voice};
use woodlark_wechat::{Media, MediaError, MediaKind};

async fn fetch(world: &World, id: &str, longest: usize) -> Result<Media, MediaError> {
    world.client.media(&id.parse().unwrap(), longest, world.wechat.now()).await
}

#[tokio::test]
async fn photo_and_recording_come_with_what_they_are() {
    let world = World::new().await;
    let photo = world.wechat.store_media(MediaKind::Jpeg, PHOTO);
    let recording = world.wechat.store_media(MediaKind::Amr, voice());
    let photo = fetch(&world, &photo, 100_000).await.unwrap();
    assert_eq!((photo.kind, &photo.bytes[..]), (MediaKind::Jpeg, PHOTO));
    let recording = fetch(&world, &recording, 100_000).await.unwrap();
    assert_eq!((recording.kind.content_type(), &recording.bytes[..]), ("audio/amr", &voice()[..]));
}

#[tokio::test]
async fn nothing_is_read_beyond_the_limit() {
    let world = World::new().await;
    let id = world.wechat.store_media(MediaKind::Amr, voice());
    let length = voice().len();
    assert!(fetch(&world, &id, length).await.is_ok());
    assert_eq!(fetch(&world, &id, length - 1).await, Err(MediaError::TooLong(length - 1)));
}

#[tokio::test]
async fn after_three_days_it_is_gone_and_the_person_is_asked_again() {
    let world = World::new().await;
    let id = world.wechat.store_media(MediaKind::Amr, voice());
    world.later(MEDIA_KEPT_FOR - Timestamp::SECOND);
    assert!(fetch(&world, &id, 10_000).await.is_ok());
    world.later(Timestamp::SECOND);
    let error = fetch(&world, &id, 10_000).await.unwrap_err();
    assert_eq!(error, MediaError::Expired);
    assert!(error.to_string().contains("three days"), "{error}");
    assert_eq!(fetch(&world, "never-was", 10_000).await, Err(MediaError::Expired));
    assert_eq!(world.wechat.called(Call::MediaGet), 3);
}

#[tokio::test]
async fn what_says_one_thing_and_is_another_is_not_taken() {
    let world = World::new().await;
    let id = world.wechat.store_media(MediaKind::Jpeg, voice());
    assert_eq!(fetch(&world, &id, 10_000).await, Err(MediaError::Kind("image/jpeg".to_owned())));
}
