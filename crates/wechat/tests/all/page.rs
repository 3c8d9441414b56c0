//! A page in a JavaScript engine: just enough of a browser for the stand-in's script.

use crate::World;
use crate::login::get;
use rquickjs::{CatchResultExt, Context, Runtime};
use serde_json::Value;
use woodlark_wechat::{JsConfig, Nonce};

/// What a browser has. Time stands still until somebody lets what was put off happen.
const BROWSER: &str = r"
var window = globalThis, later = [], events = [];
function setTimeout(f) { later.push(f); }
function run() { while (later.length) later.shift()(); }
function Event(type) { this.type = type; }
var document = { dispatchEvent: function (event) { events.push(event.type); } };
var location = { href: ENTRY };
var performance = { getEntriesByType: function () { return [{ name: ENTRY }]; } };
var heard = [];
function hear(name) { return function (result) { heard.push([name, result === undefined ? null : result]); }; }
function listen(options) {
  return Object.assign(options || {}, { success: hear('success'), fail: hear('fail'), cancel: hear('cancel') });
}
";

pub(crate) struct Page {
    context: Context,
}

impl Page {
    /// A page of this address with the script in it.
    pub(crate) async fn open(world: &World, url: &str) -> Self {
        Self::steered(world, url, "").await
    }

    /// The same, where something stands in the page before the script is loaded.
    pub(crate) async fn steered(world: &World, url: &str, before: &str) -> Self {
        let script = get(world, world.client.account().sdk()).await;
        assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
        let page = Self { context: Context::full(&Runtime::new().unwrap()).unwrap() };
        page.run(&format!("var ENTRY = {};\n{BROWSER}\n{before}", Value::from(url)));
        page.run(std::str::from_utf8(&script.body).unwrap());
        page.run("wx.ready(hear('ready')); wx.error(hear('error'));");
        page
    }

    /// Runs something, and then all that was put off by it.
    pub(crate) fn run(&self, script: &str) {
        for script in [script, "run()"] {
            self.context.with(|context| {
                if let Err(error) = context.eval::<(), _>(script).catch(&context) {
                    panic!("{script}: {error}");
                }
            });
        }
    }

    /// What something is.
    pub(crate) fn value(&self, expression: &str) -> Value {
        let text: String = self.context.with(|context| {
            let text = context.eval(format!("JSON.stringify({expression})")).catch(&context);
            text.unwrap_or_else(|error| panic!("{expression}: {error}"))
        });
        serde_json::from_str(&text).unwrap()
    }

    /// What was called back since the last time: name and result.
    pub(crate) fn heard(&self) -> Vec<(String, Value)> {
        serde_json::from_value(self.value("heard.splice(0)")).unwrap()
    }

    /// Configures the script with a signature over this address.
    pub(crate) async fn configure(&self, world: &World, url: &str, apis: &[&str]) {
        let config =
            world.client.js_config(&world.page(url), world.wechat.now(), Nonce([9; 16])).await.unwrap();
        self.configure_with(&config, apis);
    }

    pub(crate) fn configure_with(&self, config: &JsConfig, apis: &[&str]) {
        let mut config = serde_json::to_value(config).unwrap();
        config["jsApiList"] = apis.into();
        self.run(&format!("wx.config({config})"));
    }

    /// Calls something of the script; gives what was called back, once.
    pub(crate) fn call(&self, api: &str, options: &Value) -> (String, Value) {
        self.run(&format!("wx.{api}(listen({options}))"));
        let [heard] = self.heard().try_into().unwrap();
        heard
    }
}
