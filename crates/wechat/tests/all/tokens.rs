//! Tokens and tickets: fetched once for all, renewed before their end, and once more where WeChat does not take them.

use crate::{World, client, with_line};
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_wechat::standin::{Call, Fault, GOOD_FOR};
use woodlark_wechat::token::AHEAD;
use woodlark_wechat::{App, Client, Failure, Limits, MediaId, MediaKind, Nonce, Reason, standin};

async fn fetch(world: &World, client: &Client, id: &str) -> Result<(), woodlark_wechat::MediaError> {
    let id: MediaId = id.parse().unwrap();
    client.media(&id, 10_000, world.wechat.now()).await.map(drop)
}

#[tokio::test]
async fn token_and_ticket_are_fetched_once_and_then_again_before_their_end() {
    let world = World::new().await;
    let first = world.js_config().await.unwrap();
    world.later(GOOD_FOR - AHEAD - Timestamp::SECOND);
    world.js_config().await.unwrap();
    assert_eq!(world.wechat.calls(), [Call::StableToken, Call::GetTicket]);
    world.later(Timestamp::SECOND);
    let second = world.js_config().await.unwrap();
    assert_eq!(world.wechat.calls()[2..], [Call::StableToken, Call::GetTicket]);
    assert_ne!(first.signature, second.signature);
}

#[tokio::test]
async fn however_many_ask_at_once_one_of_them_fetches() {
    let world = World::new().await;
    world.wechat.misbehave(Call::StableToken, Fault::Held);
    let page = world.page(crate::PAGE);
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (client, page, now) = (world.client.clone(), page.clone(), world.wechat.now());
        asking.spawn(async move { client.js_config(&page, now, Nonce([n; 16])).await });
    }
    world.wechat.holds().await;
    world.wechat.release();
    let all = asking.join_all().await;
    assert!(all.len() == 20 && all.iter().all(Result::is_ok));
    assert_eq!(world.wechat.calls(), [Call::StableToken, Call::GetTicket]);
}

#[tokio::test]
async fn a_token_that_wechat_does_not_take_is_refreshed_by_force_once_and_asked_with_again() {
    for fault in [Fault::InvalidToken, Fault::ExpiredToken] {
        let world = World::new().await;
        let id = world.wechat.store_media(MediaKind::Amr, standin::voice());
        world.wechat.misbehave(Call::MediaGet, fault);
        fetch(&world, &world.client, &id).await.unwrap();
        use Call::{MediaGet, StableToken};
        // The token that WeChat holds for right is the same, so that one is forced.
        assert_eq!(
            world.wechat.calls(),
            [StableToken, MediaGet, StableToken, StableToken, MediaGet],
            "{fault:?}"
        );
        assert_eq!(world.wechat.forced(App::Official), 1);
        fetch(&world, &world.client, &id).await.unwrap();
        assert_eq!(world.wechat.called(StableToken), 3, "the new one is kept");
    }
}

#[tokio::test]
async fn a_second_refusal_is_told_and_not_tried_a_third_time() {
    let world = World::new().await;
    let id = world.wechat.store_media(MediaKind::Amr, standin::voice());
    world.wechat.misbehave(Call::MediaGet, Fault::InvalidToken);
    world.wechat.misbehave(Call::MediaGet, Fault::InvalidToken);
    let error = fetch(&world, &world.client, &id).await.unwrap_err();
    let woodlark_wechat::MediaError::Failed(failure) = error else { panic!("{error}") };
    assert_eq!(failure.reason(), Some(Reason::Token));
    assert_eq!((world.wechat.called(Call::MediaGet), world.wechat.forced(App::Official)), (2, 1));
    // Within half a minute nothing is forced again.
    world.wechat.misbehave(Call::MediaGet, Fault::InvalidToken);
    assert!(fetch(&world, &world.client, &id).await.is_err());
    assert_eq!(world.wechat.forced(App::Official), 1);
}

#[tokio::test]
async fn two_servers_do_not_take_the_token_from_each_other() {
    let world = World::new().await;
    let other = client(&world.wechat);
    let id = world.wechat.store_media(MediaKind::Amr, standin::voice());
    for client in [&world.client, &other] {
        fetch(&world, client, &id).await.unwrap();
    }
    // A third program forces a refresh: each of ours learns the new token, and neither forces one.
    world.wechat.revoke_tokens(App::Official);
    for client in [&world.client, &other, &world.client, &other] {
        fetch(&world, client, &id).await.unwrap();
    }
    assert_eq!(world.wechat.forced(App::Official), 0);
    assert_eq!(world.wechat.called(Call::StableToken), 4);
}

#[tokio::test]
async fn an_old_token_is_good_while_wechat_has_no_new_one() {
    let world = World::new().await;
    let id = world.wechat.store_media(MediaKind::Amr, standin::voice());
    fetch(&world, &world.client, &id).await.unwrap();
    world.later(GOOD_FOR - AHEAD);
    world.wechat.misbehave(Call::StableToken, Fault::ServerError);
    fetch(&world, &world.client, &id).await.unwrap();
    assert_eq!(world.wechat.called(Call::StableToken), 2);
    world.later(AHEAD);
    world.wechat.misbehave(Call::StableToken, Fault::ServerError);
    let error = fetch(&world, &world.client, &id).await.unwrap_err();
    assert_eq!(error, woodlark_wechat::MediaError::Failed(Failure::Status(500)));
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_one_and_never_said() {
    let world = World::new().await;
    let secret = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6";
    let file =
        with_line(&world.wechat.account_file(), "official", "secret", &format!("secret = \"{secret}\""));
    let client = Client::new(Arc::new(crate::account(&file)), Limits::default()).unwrap();
    let error = client.js_config(&world.page(crate::PAGE), crate::NOW, Nonce([0; 16])).await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::Account));
    let told = format!("{error} {error:?} {client:?}");
    assert!(
        told.contains("40125") && told.contains("secret in WeChat's file") && !told.contains(secret),
        "{told}"
    );
}

#[tokio::test]
async fn the_mini_program_has_a_token_of_its_own() {
    let world = World::new().await;
    world.js_config().await.unwrap();
    crate::notify::send_mini(&world).await.unwrap();
    assert_eq!(world.wechat.called(Call::StableToken), 2);
    crate::notify::send_mini(&world).await.unwrap();
    assert_eq!(world.wechat.called(Call::StableToken), 2);
}

#[tokio::test]
async fn nobody_there_is_told_with_what_to_do() {
    let world = World::new().await;
    let World { wechat, client } = world;
    let page = woodlark_wechat::PageUrl::new(client.account(), crate::PAGE).unwrap();
    let address = wechat.address();
    drop(wechat);
    // The listener goes with its task; until then a connection may still come about.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let error = client.js_config(&page, crate::NOW, Nonce([0; 16])).await.unwrap_err();
    assert!(
        matches!(error, Failure::Lost(woodlark_wechat::Lost::NotReached(_))) && error.is_certain(),
        "{error}"
    );
    assert!(error.to_string().contains("network"), "{error}");
}
