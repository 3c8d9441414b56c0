//! The stand-in's page script: what browser tests of the app stand on.

use crate::page::Page;
use crate::{PAGE, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use woodlark_domain::{Position, place};
use woodlark_wechat::standin::{PHOTO, PLACE, Rule, voice};
use woodlark_wechat::{JsConfig, MediaKind};

const OTHER_PAGE: &str = "https://woodlark.example/report";
const ALL: &[&str] = &[
    "checkJsApi",
    "chooseImage",
    "getLocalImgData",
    "uploadImage",
    "startRecord",
    "stopRecord",
    "uploadVoice",
    "translateVoice",
    "getLocation",
    "scanQRCode",
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "hideMenuItems",
    "hideOptionMenu",
    "closeWindow",
];

fn ready() -> Vec<(String, Value)> {
    vec![("ready".to_owned(), Value::Null)]
}

fn refused(why: &str) -> Vec<(String, Value)> {
    vec![("error".to_owned(), json!({ "errMsg": why }))]
}

async fn configured(rule: Rule) -> (World, Page) {
    let world = World::new().await;
    world.wechat.set_rule(rule);
    let page = Page::open(&world, PAGE).await;
    page.configure(&world, PAGE, ALL).await;
    assert_eq!(page.heard(), ready());
    (world, page)
}

#[tokio::test]
async fn an_address_is_signed_whatever_its_length_and_its_hash() {
    let world = World::new().await;
    // One block of the digest and the next, and each length at their edge.
    for length in 0..130 {
        let url = format!("{PAGE}{}", "x".repeat(length));
        let page = Page::open(&world, &format!("{url}#/a?b")).await;
        page.configure(&world, &url, &[]).await;
        assert_eq!(page.heard(), ready(), "{length}");
    }
}

#[tokio::test]
async fn android_wants_the_present_address_and_ios_the_first() {
    for (rule, right, wrong) in [(Rule::Android, OTHER_PAGE, PAGE), (Rule::Ios, PAGE, OTHER_PAGE)] {
        let world = World::new().await;
        world.wechat.set_rule(rule);
        let page = Page::open(&world, PAGE).await;
        page.run(&format!("location.href = '{OTHER_PAGE}#x'"));
        page.configure(&world, wrong, &[]).await;
        assert_eq!(page.heard(), refused("config:invalid signature"), "{rule:?}");
        page.configure(&world, right, &[]).await;
        assert_eq!(page.heard(), ready(), "{rule:?}");
        assert_eq!(page.value("window.__wxjs_is_wkwebview === true"), json!(rule == Rule::Ios));
    }
}

#[tokio::test]
async fn a_page_may_choose_its_rule_for_itself() {
    let world = World::new().await;
    let page = Page::steered(&world, PAGE, "window.__wx_rule = 'ios';").await;
    page.run(&format!("location.href = '{OTHER_PAGE}'"));
    page.configure(&world, PAGE, &[]).await;
    assert_eq!(page.heard(), ready());
}

#[tokio::test]
async fn whatever_differs_in_a_config_is_refused() {
    let world = World::new().await;
    let right = world.js_config().await.unwrap();
    let wrong = [
        (JsConfig { app_id: "wx1".into(), ..right.clone() }, "config:invalid appid"),
        (JsConfig { timestamp: right.timestamp + 1, ..right.clone() }, "config:invalid signature"),
        (JsConfig { nonce_str: "n".into(), ..right.clone() }, "config:invalid signature"),
        (JsConfig { signature: right.signature.to_uppercase(), ..right.clone() }, "config:invalid signature"),
    ];
    let page = Page::open(&world, PAGE).await;
    for (config, why) in wrong {
        page.configure_with(&config, &[]);
        assert_eq!(page.heard(), refused(why));
    }
    page.configure_with(&right, &[]);
    assert_eq!(page.heard(), ready());
    // Whoever asks afterwards is told at once.
    page.run("wx.ready(hear('ready'))");
    assert_eq!(page.heard(), ready());
}

#[tokio::test]
async fn a_test_may_let_a_page_be_ready_after_an_error() {
    let world = World::new().await;
    let page =
        Page::steered(&world, PAGE, "window.__wx_answers = { config: { readyAfterError: true } };").await;
    page.configure(&world, OTHER_PAGE, &[]).await;
    assert_eq!(page.heard(), [refused("config:invalid signature"), ready()].concat());
}

#[tokio::test]
async fn nothing_works_before_it_is_ready_nor_what_was_not_listed() {
    let world = World::new().await;
    let page = Page::open(&world, PAGE).await;
    let denied = ("fail".to_owned(), json!({ "errMsg": "chooseImage:permission denied" }));
    assert_eq!(page.call("chooseImage", &json!({})), denied);
    page.configure(&world, PAGE, &["scanQRCode"]).await;
    page.heard();
    assert_eq!(page.call("chooseImage", &json!({})), denied);
    assert_eq!(page.call("scanQRCode", &json!({ "needResult": 1 })).0, "success");
}

#[tokio::test]
async fn a_photo_comes_as_each_system_gives_it() {
    for (rule, before) in [(Rule::Android, ""), (Rule::Ios, "data:image/jgp;base64,")] {
        let (world, page) = configured(rule).await;
        let (name, chosen) = page.call("chooseImage", &json!({ "count": 1, "sourceType": ["camera"] }));
        assert_eq!((name.as_str(), &chosen["sourceType"]), ("success", &json!("camera")));
        let id = &chosen["localIds"][0];
        let (_, data) = page.call("getLocalImgData", &json!({ "localId": id }));
        let data = data["localData"].as_str().unwrap();
        assert_eq!(STANDARD.decode(data.strip_prefix(before).unwrap()).unwrap(), PHOTO, "{rule:?}");
        let (_, uploaded) = page.call("uploadImage", &json!({ "localId": id }));
        let id = uploaded["serverId"].as_str().unwrap().parse().unwrap();
        let media = world.client.media(&id, 10_000, world.wechat.now()).await.unwrap();
        assert_eq!((media.kind, &media.bytes[..]), (MediaKind::Jpeg, PHOTO));
        assert_eq!(page.call("getLocalImgData", &json!({ "localId": "another" })).0, "fail");
    }
}

#[tokio::test]
async fn a_recording_goes_to_the_store_that_the_server_fetches_from() {
    let (world, page) = configured(Rule::Android).await;
    assert_eq!(page.call("stopRecord", &json!({})).0, "fail");
    assert_eq!(page.call("startRecord", &json!({})).0, "success");
    assert_eq!(page.call("startRecord", &json!({})).0, "fail");
    let (_, stopped) = page.call("stopRecord", &json!({}));
    let recording = json!({ "localId": stopped["localId"] });
    let (_, uploaded) = page.call("uploadVoice", &recording);
    let id = uploaded["serverId"].as_str().unwrap().parse().unwrap();
    let media = world.client.media(&id, 10_000, world.wechat.now()).await.unwrap();
    assert_eq!((media.kind, &media.bytes), (MediaKind::Amr, &voice()));
    assert!(page.call("translateVoice", &recording).1["translateResult"].is_string());
}

#[tokio::test]
async fn after_a_minute_a_recording_ends_of_itself() {
    let (_world, page) = configured(Rule::Android).await;
    page.run("wx.onVoiceRecordEnd({ complete: hear('end') })");
    page.call("startRecord", &json!({}));
    page.run("__wx_voice_end()");
    let [(name, ended)] = page.heard().try_into().unwrap();
    assert_eq!(name, "end");
    assert_eq!(page.call("uploadVoice", &json!({ "localId": ended["localId"] })).0, "success");
    assert_eq!(page.call("stopRecord", &json!({})).0, "fail");
}

#[tokio::test]
async fn a_place_comes_in_the_datum_that_was_asked_for() {
    let (_world, page) = configured(Rule::Android).await;
    let at = |datum: &str| {
        let (_, at) = page.call("getLocation", &json!({ "type": datum }));
        Position::new(at["longitude"].as_f64().unwrap(), at["latitude"].as_f64().unwrap()).unwrap()
    };
    let true_place = Position::new(PLACE.0, PLACE.1).unwrap();
    assert!(place::metres(at("wgs84"), true_place) < 1.0);
    assert!(place::metres(at("gcj02"), true_place) > 100.0);
    assert!(place::metres(place::gcj02_to_wgs84(at("gcj02")), true_place) < 1.0);
}

#[tokio::test]
async fn a_test_steers_what_calls_come_to() {
    let (_world, page) = configured(Rule::Android).await;
    page.run("__wx_answers.chooseImage = { cancel: true }; __wx_answers.getLocation = { fail: 'auth deny' }");
    page.run("__wx_answers.scanQRCode = { resultStr: 'https://woodlark.example/q/7' }");
    assert_eq!(page.call("chooseImage", &json!({})).0, "cancel");
    let denied = ("fail".to_owned(), json!({ "errMsg": "getLocation:fail auth deny" }));
    assert_eq!(page.call("getLocation", &json!({})), denied);
    assert_eq!(page.call("scanQRCode", &json!({})).1["resultStr"], "https://woodlark.example/q/7");
}

#[tokio::test]
async fn what_was_called_is_written_down_in_order() {
    let (_world, page) = configured(Rule::Android).await;
    let share =
        json!({ "title": "t", "desc": "d", "link": PAGE, "imgUrl": "https://woodlark.example/i.png" });
    page.call("updateAppMessageShareData", &share);
    page.call("hideMenuItems", &json!({ "menuList": ["menuItem:share:timeline"] }));
    for api in ["updateTimelineShareData", "hideOptionMenu", "closeWindow"] {
        assert_eq!(page.call(api, &json!({})).0, "success", "{api}");
    }
    let calls = page.value("__wx_calls");
    assert_eq!(calls[0]["api"], "config");
    assert_eq!(calls[1], json!({ "api": "updateAppMessageShareData", "args": share }));
    assert_eq!(calls[2]["args"]["menuList"][0], "menuItem:share:timeline");
    assert_eq!(calls[5]["api"], "closeWindow");
}

#[tokio::test]
async fn a_page_learns_what_this_wechat_can_do() {
    let (_world, page) = configured(Rule::Android).await;
    let apis = json!({ "jsApiList": ["chooseImage", "requestMerchantTransfer", "flyToTheMoon"] });
    let (_, can) = page.call("checkJsApi", &apis);
    let expected = json!({ "chooseImage": true, "requestMerchantTransfer": true, "flyToTheMoon": false });
    assert_eq!(can["checkResult"], expected);
    page.run("__wx_answers.checkJsApi = { checkResult: { requestMerchantTransfer: false } }");
    assert_eq!(page.call("checkJsApi", &apis).1["checkResult"]["requestMerchantTransfer"], false);
}

#[tokio::test]
async fn the_bridge_is_there_and_opens_a_transfer_only_with_all_it_needs() {
    let world = World::new().await;
    let page = Page::open(&world, PAGE).await;
    assert_eq!(page.value("events"), json!(["WeixinJSBridgeReady"]));
    assert_eq!(page.value("JSON.parse(__wxWebEnv.getEnv()).fontScale"), 100);
    let transfer = |args: Value| {
        page.run(&format!("WeixinJSBridge.invoke('requestMerchantTransfer', {args}, hear('bridge'))"));
        let [(_, result)] = page.heard().try_into().unwrap();
        result["err_msg"].as_str().unwrap().to_owned()
    };
    let whole = json!({ "mchId": "1900000001", "appId": "wx0123456789abcdef", "package": "p" });
    assert_eq!(transfer(whole.clone()), "requestMerchantTransfer:ok");
    assert_eq!(transfer(json!({ "mchId": "1900000001" })), "requestMerchantTransfer:fail");
    page.run("__wx_answers.requestMerchantTransfer = { cancel: true }");
    assert_eq!(transfer(whole), "requestMerchantTransfer:cancel");
}

#[tokio::test]
async fn the_shell_of_a_mini_program_is_known_by_its_own_mark() {
    let world = World::new().await;
    for (mark, is) in [("'miniprogram'", true), ("'browser'", false), ("undefined", false)] {
        let page = Page::steered(&world, PAGE, &format!("window.__wxjs_environment = {mark};")).await;
        page.run("wx.miniProgram.getEnv(hear('env'))");
        assert_eq!(page.heard(), [("env".to_owned(), json!({ "miniprogram": is }))]);
        page.run("wx.miniProgram.navigateTo({ url: '/pages/pay' })");
        assert_eq!(
            page.value("__wx_calls[0]"),
            json!({ "api": "miniProgram.navigateTo", "args": { "url": "/pages/pay" } })
        );
    }
}
