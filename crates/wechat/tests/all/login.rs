//! Who somebody is: the whole way to WeChat and back, as a browser goes it.

use crate::{OPENID, PAGE, World, with_line};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::LOCATION;
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_outward::Came;
use woodlark_wechat::oauth::returned;
use woodlark_wechat::standin::{Call, Mode};
use woodlark_wechat::{App, Client, Code, Failure, Limits, LoginError, State, Visitor};

/// Asks the stand-in as a browser does: without what follows `#`, and without going where it is sent.
pub(crate) async fn get(world: &World, url: &str) -> Came {
    let path = url.strip_prefix(&world.wechat.origin()).unwrap().split('#').next().unwrap();
    let request = Request::builder().uri(path).body(Full::new(Bytes::new())).unwrap();
    let base = world.wechat.origin().parse().unwrap();
    let client = woodlark_outward::Client::new(Limits::default()).unwrap();
    client.send(&base, request, 100_000).await.unwrap()
}

fn state() -> State {
    "S1a2b3".parse().unwrap()
}

fn location(came: &Came) -> &str {
    assert_eq!(came.status, 302);
    came.headers[LOCATION].to_str().unwrap()
}

/// Goes to WeChat and comes back with what stands behind the question mark.
async fn there_and_back(world: &World) -> String {
    let came = get(world, &world.client.authorize_url(&world.page(PAGE), &state())).await;
    let back = location(&came);
    assert!(back.starts_with(PAGE), "{back}");
    back.split_once('?').unwrap().1.to_owned()
}

#[tokio::test]
async fn somebody_comes_back_with_a_code_that_names_them_once() {
    let world = World::new().await;
    let url = world.client.authorize_url(&world.page(PAGE), &state());
    assert!(url.ends_with("&state=S1a2b3#wechat_redirect") && url.contains("scope=snsapi_base"), "{url}");
    let code = returned(&there_and_back(&world).await, &state()).unwrap();
    let Visitor::Known(identity) = world.client.login(&code).await.unwrap() else { panic!() };
    assert_eq!((identity.openid.as_str(), identity.unionid), (OPENID, None));
    assert_eq!(world.client.login(&code).await, Err(LoginError::UsedCode));
    assert!(world.wechat.turned_away().is_empty());
    assert_eq!(world.wechat.called(Call::StableToken), 0, "no token is needed for it");
}

#[tokio::test]
async fn whoever_says_no_comes_back_without_a_code() {
    let world = World::new().await;
    world.wechat.set_mode(Mode::Denied);
    assert_eq!(returned(&there_and_back(&world).await, &state()), Err(LoginError::Denied));
}

#[tokio::test]
async fn another_state_than_ours_is_not_taken() {
    let world = World::new().await;
    let back = there_and_back(&world).await;
    assert_eq!(returned(&back, &"S2".parse().unwrap()), Err(LoginError::State));
}

#[tokio::test]
async fn a_snapshot_is_a_guest_whatever_ids_it_carries() {
    let world = World::new().await;
    world.wechat.set_mode(Mode::Snapshot);
    let code = returned(&there_and_back(&world).await, &state()).unwrap();
    assert_eq!(world.client.login(&code).await, Ok(Visitor::Snapshot));
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes_and_must_be_one() {
    let world = World::new().await;
    let code: Code = world.wechat.code(App::Official).parse().unwrap();
    world.later(5 * Timestamp::MINUTE);
    assert_eq!(world.client.login(&code).await, Err(LoginError::UsedCode));
    assert_eq!(world.client.login(&"made-up".parse().unwrap()).await, Err(LoginError::UsedCode));
    let of_the_mini_program: Code = world.wechat.code(App::Mini).parse().unwrap();
    assert_eq!(world.client.login(&of_the_mini_program).await, Err(LoginError::UsedCode));
}

#[tokio::test]
async fn wechat_sends_nobody_back_to_another_site() {
    let world = World::new().await;
    let url = world.client.authorize_url(&world.page(PAGE), &state());
    world.wechat.set_site("https://elsewhere.example");
    let came = get(&world, &url).await;
    assert_eq!(came.status, 200);
    assert!(String::from_utf8_lossy(&came.body).contains("10003"));
}

#[tokio::test]
async fn the_mini_program_names_somebody_by_its_own_openid_and_the_common_one() {
    let world = World::new().await;
    world.wechat.set_person("oMini_1", Some("oUnion_1"));
    let code: Code = world.wechat.code(App::Mini).parse().unwrap();
    let identity = world.client.mini_login(&code).await.unwrap();
    assert_eq!(identity.openid.as_str(), "oMini_1");
    assert_eq!(identity.unionid.unwrap().as_str(), "oUnion_1");
    assert_eq!(world.client.mini_login(&code).await, Err(LoginError::UsedCode));
}

#[tokio::test]
async fn somebody_whom_wechat_blocks_goes_on_as_a_guest() {
    let world = World::new().await;
    world.wechat.set_mode(Mode::Blocked);
    let code: Code = world.wechat.code(App::Mini).parse().unwrap();
    let error = world.client.mini_login(&code).await.unwrap_err();
    assert_eq!(error, LoginError::Blocked);
    assert!(error.to_string().contains("guest"), "{error}");
}

#[tokio::test]
async fn without_a_mini_program_nobody_is_asked() {
    let world = World::new().await;
    let file = world.wechat.account_file();
    let file = file.split("\n[mini]").next().unwrap();
    let client = Client::new(Arc::new(crate::account(file)), Limits::default()).unwrap();
    let error = client.mini_login(&"c".parse().unwrap()).await.unwrap_err();
    assert_eq!(error, LoginError::Failed(Failure::NotSet("[mini]")));
    assert!(world.wechat.calls().is_empty());
}

#[tokio::test]
async fn a_wrong_secret_is_not_said_though_it_stood_in_the_address() {
    let world = World::new().await;
    let secret = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6";
    let file =
        with_line(&world.wechat.account_file(), "official", "secret", &format!("secret = \"{secret}\""));
    let client = Client::new(Arc::new(crate::account(&file)), Limits::default()).unwrap();
    let error = client.login(&"c1".parse().unwrap()).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("40125") && !told.contains(secret), "{told}");
}
