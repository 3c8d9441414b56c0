//! Messages about how a case goes on.

use crate::{OPENID, PAGE, World, with_line};
use proptest::prelude::*;
use std::sync::Arc;
use woodlark_wechat::standin::Call;
use woodlark_wechat::{
    App, Client, Consent, Failure, Limits, MiniPage, NotSent, Openid, Phrase, Progress, Reason, To,
};

fn progress<'a>(title: &'a str, note: &'a str) -> Progress<'a> {
    Progress { case: "FX20260105-0012", title, state: "处理中".parse().unwrap(), at: crate::NOW, note }
}

async fn send(world: &World, client: &Client, openid: &str, progress: &Progress<'_>) -> Result<(), NotSent> {
    let (openid, page): (Openid, _) = (openid.parse().unwrap(), world.page(PAGE));
    client.notify(To::Official { openid: &openid, page: Some(&page) }, progress, world.wechat.now()).await
}

pub(crate) async fn send_official(world: &World) -> Result<(), NotSent> {
    send(world, &world.client, OPENID, &progress("井盖缺失", "已派单")).await
}

pub(crate) async fn send_mini(world: &World) -> Result<(), NotSent> {
    let (openid, page): (Openid, MiniPage) =
        ("oMini_1".parse().unwrap(), "pages/case/case?no=1".parse().unwrap());
    let to = To::Mini { openid: &openid, page: Some(&page) };
    world.client.notify(to, &progress("井盖缺失", ""), world.wechat.now()).await
}

#[tokio::test]
async fn a_message_says_the_case_in_the_fields_of_the_template() {
    let world = World::new().await;
    send_official(&world).await.unwrap();
    send_mini(&world).await.unwrap();
    let [official, mini] = world.wechat.messages().try_into().unwrap();
    assert_eq!((official.app, official.to.as_str()), (App::Official, OPENID));
    for (key, value) in [
        ("character_string1", "FX20260105-0012"),
        ("thing2", "井盖缺失"),
        ("phrase3", "处理中"),
        ("time4", "2026年1月5日 09:00"),
        ("thing5", "已派单"),
    ] {
        assert_eq!(official.field(key), Some(value));
    }
    assert_eq!(official.body["page"], PAGE);
    assert_eq!(
        (mini.app, mini.field("thing3"), mini.field("date4")),
        (App::Mini, Some("处理中"), Some("2026年1月5日 09:00"))
    );
    assert_eq!(mini.body["miniprogram_state"], "formal");
}

#[tokio::test]
async fn one_consent_is_good_for_one_message() {
    let world = World::new().await;
    world.wechat.set_consents(App::Official, OPENID, 1);
    send_official(&world).await.unwrap();
    let error = send_official(&world).await.unwrap_err();
    assert_eq!((error.clone(), error.consent()), (NotSent::NoConsent, Consent::Gone));
    // Whoever consents to one account does not to the other.
    send_mini(&world).await.unwrap();
    assert_eq!(world.wechat.messages().len(), 2);
}

#[tokio::test]
async fn a_template_or_an_openid_of_another_account_is_told_as_such() {
    let world = World::new().await;
    let file = with_line(&world.wechat.account_file(), "official.progress", "id", "id = \"another\"");
    let client = Client::new(Arc::new(crate::account(&file)), Limits::default()).unwrap();
    let error = send(&world, &client, OPENID, &progress("a", "")).await.unwrap_err();
    assert!(matches!(error, NotSent::Template(_)) && error.to_string().contains("40037"), "{error}");
    let error = send(&world, &world.client, "xNobody", &progress("a", "")).await.unwrap_err();
    assert!(matches!(error, NotSent::Openid(_)) && error.consent() == Consent::Kept, "{error}");
    assert!(world.wechat.messages().is_empty());
}

#[tokio::test]
async fn fields_that_the_template_has_not_are_told_with_their_name() {
    let world = World::new().await;
    let file = with_line(&world.wechat.account_file(), "official.progress", "note", "note = \"thing9\"");
    let client = Client::new(Arc::new(crate::account(&file)), Limits::default()).unwrap();
    let error = send(&world, &client, OPENID, &progress("a", "")).await.unwrap_err();
    let NotSent::Data(refusal) = &error else { panic!("{error}") };
    assert!(refusal.code == 47_003 && refusal.message.contains("thing5"), "{error}");
    assert_eq!(error.consent(), Consent::Kept);
}

#[tokio::test]
async fn a_page_that_cannot_be_opened_is_told() {
    let world = World::new().await;
    world.wechat.set_site("https://elsewhere.example");
    let error = send_official(&world).await.unwrap_err();
    assert!(matches!(&error, NotSent::Page(refusal) if refusal.reason == Reason::Page), "{error}");
}

#[tokio::test]
async fn without_a_template_nothing_is_asked() {
    let world = World::new().await;
    let file = world.wechat.account_file();
    let file = file.split("\n[official.progress]").next().unwrap();
    let client = Client::new(Arc::new(crate::account(file)), Limits::default()).unwrap();
    let error = send(&world, &client, OPENID, &progress("a", "")).await.unwrap_err();
    assert_eq!(error, NotSent::Failed(Failure::NotSet("[official.progress]")));
    assert!(world.wechat.called(Call::StableToken) == 0 && error.consent() == Consent::Kept);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_people_wrote_wechat_takes_it(title in "\\PC{0,40}", note in "[\\s\\S]{0,40}", case in "\\PC{0,40}", at in 0..4_000_000_000_i64) {
        runtime().block_on(async {
            let world = World::new().await;
            let state: Phrase = "已办结".parse().unwrap();
            let at = woodlark_domain::Timestamp(at * woodlark_domain::Timestamp::SECOND);
            let progress = Progress { case: &case, title: &title, state, at, note: &note };
            assert_eq!(send(&world, &world.client, OPENID, &progress).await, Ok(()));
            assert_eq!(world.wechat.messages().len(), 1);
        });
    }
}
