//! The stand-in's open tag: what it draws, when, and what it tells of somebody's consent.

use crate::page::Page;
use crate::{PAGE, World};
use serde_json::{Value, json};
use woodlark_wechat::{App, Nonce};

/// Of a document as much as a tag needs.
const DOCUMENT: &str = r"
function CustomEvent(type, init) { this.type = type; this.detail = init && init.detail; }
class HTMLElement {
  constructor() { this.listeners = {}; this.attributes = {}; this.innerHTML = ''; }
  addEventListener(type, f) { (this.listeners[type] = this.listeners[type] || []).push(f); }
  dispatchEvent(event) { (this.listeners[event.type] || []).forEach(function (f) { f(event); }); }
  getAttribute(name) { return this.attributes[name] || null; }
  querySelector() { return this.slot || null; }
  attachShadow() { return (this.shadowRoot = new HTMLElement()); }
}
var customElements = {
  made: {},
  get: function (name) { return this.made[name]; },
  define: function (name, tag) { this.made[name] = tag; }
};
function put(template, slot) {
  var tag = new customElements.made['wx-open-subscribe']();
  tag.attributes.template = template;
  tag.slot = slot;
  ['success', 'error'].forEach(function (name) {
    tag.addEventListener(name, function (event) { heard.push([name, event.detail]); });
  });
  tag.connectedCallback();
  return tag;
}
";

async fn page(world: &World) -> Page {
    Page::steered(world, PAGE, DOCUMENT).await
}

async fn configure(world: &World, page: &Page, tags: &Value) {
    let config = world.client.js_config(&world.page(PAGE), world.wechat.now(), Nonce([9; 16])).await.unwrap();
    let mut config = serde_json::to_value(config).unwrap();
    config["jsApiList"] = json!([]);
    config["openTagList"] = tags.clone();
    page.run(&format!("wx.config({config})"));
    page.heard();
}

fn tap(page: &Page) -> Vec<(String, Value)> {
    page.run("tag.shadowRoot.dispatchEvent(new CustomEvent('click'))");
    page.heard()
}

#[tokio::test]
async fn a_tag_is_drawn_and_asks_only_where_the_configuration_lists_it() {
    let world = World::new().await;
    let template = world.client.account().progress_template(App::Official).unwrap().to_owned();
    let put = format!("var tag = put('{template}', {{ innerHTML: '<button>好</button>' }})");
    let page = page(&world).await;
    page.run(&put);
    for tags in [json!(null), json!([]), json!(["wx-open-launch-app"])] {
        assert_eq!((page.value("tag.shadowRoot.innerHTML"), tap(&page)), (json!(""), Vec::new()), "{tags}");
        configure(&world, &page, &tags).await;
    }
    configure(&world, &page, &json!(["wx-open-subscribe"])).await;
    assert_eq!(
        page.value("tag.shadowRoot.innerHTML"),
        "<button>好</button>",
        "what stood there before is drawn"
    );
    assert_eq!(tap(&page)[0].0, "success");
    page.run("tag.disconnectedCallback()");
    // One that is put in later is drawn as well; what stands in it plainly shows through.
    page.run(&format!("tag = put('{template}')"));
    assert_eq!(page.value("tag.shadowRoot.innerHTML"), "<slot></slot>");
    page.run("wx.config({ appId: 'wx1' })");
    page.heard();
    page.run("tag.draw()");
    assert_eq!((page.value("tag.shadowRoot.innerHTML"), tap(&page)), (json!(""), Vec::new()));
}

#[tokio::test]
async fn it_tells_what_was_answered_for_each_template() {
    let world = World::new().await;
    let template = world.client.account().progress_template(App::Official).unwrap().to_owned();
    let page = page(&world).await;
    page.run(&format!("var tag = put('{template}')"));
    configure(&world, &page, &json!(["wx-open-subscribe"])).await;
    let status = |heard: Vec<(String, Value)>| {
        let [(name, detail)] = heard.try_into().unwrap();
        assert_eq!((name.as_str(), &detail["errMsg"]), ("success", &json!("subscribe:ok")));
        let details: Value = serde_json::from_str(detail["subscribeDetails"].as_str().unwrap()).unwrap();
        let one: Value = serde_json::from_str(details[&template].as_str().unwrap()).unwrap();
        one["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(tap(&page)), "accept");
    page.run("__wx_answers.subscribe = { status: 'reject' }");
    assert_eq!(status(tap(&page)), "reject");
    page.run(&format!("__wx_answers.subscribe = {{ '{template}': 'accept', status: 'reject' }}"));
    assert_eq!(status(tap(&page)), "accept");
    assert_eq!(
        page.value("__wx_calls.pop()"),
        json!({ "api": "openSubscribe", "args": { "template": [template] } })
    );
    page.run("__wx_answers.subscribe = { fail: 'the main switch is off', errCode: 20004 }");
    assert_eq!(
        tap(&page),
        [(
            "error".to_owned(),
            json!({ "errMsg": "subscribe:fail the main switch is off", "errCode": 20_004 })
        )]
    );
    page.run("__wx_answers.subscribe = {}");
    for (wrong, code) in [("", 10_001), ("never-was", 20_001), ("a,b,c,d", 20_003)] {
        page.run(&format!("tag.attributes.template = '{wrong}'"));
        let [(name, detail)] = tap(&page).try_into().unwrap();
        assert_eq!((name.as_str(), &detail["errCode"]), ("error", &json!(code)), "{wrong}");
    }
}

#[tokio::test]
async fn a_wechat_without_open_tags_says_so_to_the_document() {
    let world = World::new().await;
    let page = page(&world).await;
    page.run("__wx_answers.openTags = { fail: 'too old' }");
    let template = world.client.account().progress_template(App::Official).unwrap().to_owned();
    page.run(&format!("var tag = put('{template}')"));
    configure(&world, &page, &json!(["wx-open-subscribe"])).await;
    assert_eq!(page.value("events").as_array().unwrap().last().unwrap(), "WeixinOpenTagsError");
    assert_eq!((page.value("tag.shadowRoot.innerHTML"), tap(&page)), (json!(""), Vec::new()));
}
