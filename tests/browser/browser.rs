//! Headless Chromium through chromedriver: a phone of 390 × 844 points that stands in Fengxian, and the little that
//! a resident does with it. Every step waits for what it needs; none sleeps for a fixed time.

use crate::network::Network;
use crate::stage::{until, until_true};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

/// A running chromedriver and the browsers that it started; all end with this value.
pub(crate) struct Driver {
    child: Child,
    address: String,
    browsers: Mutex<Vec<u64>>,
}

impl Driver {
    /// Starts it on a free port.
    pub(crate) fn start() -> Self {
        // On a machine that is very busy it may end before it says anything; that is no fault of what is tested.
        (0..3).find_map(|_| Self::try_start()).expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver; on Debian: apt-get install chromium chromium-driver");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        let Some(port) = port else {
            let _ = child.wait();
            return None;
        };
        let address = format!("http://127.0.0.1:{port}");
        Some(Self { child, address, browsers: Mutex::new(Vec::new()) })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for browser in self.browsers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter() {
            kill(*browser);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kill(process: u64) {
    // One that has ended already is as good.
    let _ = Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status();
}

/// What somebody sits before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// A phone, held upright.
    Phone,
    /// A screen on a desk.
    Screen,
    /// The upright touch screen of a kiosk.
    Kiosk,
}

/// A phone, or a browser on a desk.
pub(crate) struct Browser {
    driver: WebDriver,
    process: u64,
    address: String,
    /// Runs before any page of the tab.
    before: Mutex<Vec<String>>,
}

impl Browser {
    /// Opens the device that keeps its things in this folder.
    pub(crate) async fn open(
        driver: &Driver,
        network: &Network,
        (device, folder): (Device, &Path),
        language: &str,
    ) -> Self {
        let mut caps = DesiredCapabilities::chrome();
        for flag in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ] {
            caps.add_arg(flag).unwrap();
        }
        caps.add_arg(&format!("--user-data-dir={}", folder.display())).unwrap();
        caps.add_arg(&format!("--lang={language}")).unwrap();
        caps.add_arg(&format!("--accept-lang={language}")).unwrap();
        let phone = json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true}});
        match device {
            Device::Phone => caps.add_experimental_option("mobileEmulation", phone).unwrap(),
            Device::Screen => caps.add_arg("--window-size=1440,900").unwrap(),
            Device::Kiosk => caps.add_arg("--window-size=1080,1920").unwrap(),
        }
        caps.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let web = WebDriver::new(&driver.address, caps).await.expect("Chromium starts");
        let process =
            web.capabilities().get("goog:processID").and_then(Value::as_u64).expect("Chromium's process");
        driver.browsers.lock().unwrap().push(process);
        let browser =
            Self { driver: web, process, address: network.address.clone(), before: Mutex::new(Vec::new()) };
        browser.furnish().await;
        browser
    }

    /// What every tab needs: a position, and what runs before its pages.
    async fn furnish(&self) {
        let granted =
            json!({"origin": self.address, "permissions": ["geolocation", "audioCapture", "videoCapture"]});
        self.tool("Browser.grantPermissions", granted).await;
        self.tool("Network.enable", json!({})).await;
        let place = json!({"latitude": 30.918, "longitude": 121.474, "accuracy": 12});
        self.tool("Emulation.setGeolocationOverride", place).await;
        let scripts = self.before.lock().unwrap().clone();
        for script in scripts {
            self.tool("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
        }
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn tool(&self, method: &str, with: Value) -> Value {
        self.driver.cdp().send_raw(method, with).await.unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    /// Runs a script before every page from now on.
    pub(crate) async fn before_pages(&self, script: &str) {
        self.before.lock().unwrap().push(script.to_owned());
        self.tool("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// Whether this tab believes that it has a network.
    pub(crate) async fn online(&self, online: bool) {
        let with =
            json!({"offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.tool("Network.emulateNetworkConditions", with).await;
    }

    /// Opens an address of the site without waiting for the program.
    pub(crate) async fn visit(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.address))
            .await
            .unwrap_or_else(|why| panic!("{path}: {why}"));
    }

    /// Opens an address of the site and waits for the program.
    pub(crate) async fn go(&self, path: &str) {
        self.visit(path).await;
        self.started().await;
    }

    /// Waits until the program runs.
    pub(crate) async fn started(&self) {
        until_true("the program starts", async || {
            self.js("return document.documentElement.dataset.app").await == "on"
        })
        .await;
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    /// Runs a script in the page; nothing where the page is just changing.
    pub(crate) async fn js(&self, script: &str) -> Value {
        match self.driver.execute(script, Vec::new()).await {
            Ok(answer) => answer.json().clone(),
            Err(_) => Value::Null,
        }
    }

    /// Runs a script that calls its last argument with the answer.
    pub(crate) async fn js_later(&self, script: &str) -> Value {
        let answer = self.driver.execute_async(script, Vec::new()).await;
        answer.unwrap_or_else(|why| panic!("{why}")).json().clone()
    }

    /// The element, once it is there.
    pub(crate) async fn wait(&self, selector: &str) -> WebElement {
        until(selector, async || self.driver.find(By::Css(selector)).await.ok()).await
    }

    /// The text of an element, once it is there and says something.
    pub(crate) async fn text(&self, selector: &str) -> String {
        until(selector, async || {
            let text = self.driver.find(By::Css(selector)).await.ok()?.text().await.ok()?;
            (!text.is_empty()).then_some(text)
        })
        .await
    }

    /// How many of these stand in the page.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.driver.find_all(By::Css(selector)).await.map_or(0, |all| all.len())
    }

    /// Waits until so many stand in the page.
    pub(crate) async fn wait_count(&self, selector: &str, count: usize) {
        until_true(&format!("{count} of {selector}"), async || self.count(selector).await == count).await;
    }

    /// Taps an element, once it is there and can be tapped.
    pub(crate) async fn tap(&self, selector: &str) {
        until_true(&format!("tap {selector}"), async || match self.driver.find(By::Css(selector)).await {
            Ok(element) => element.scroll_into_view().await.is_ok() && element.click().await.is_ok(),
            Err(_) => false,
        })
        .await;
    }

    /// Types into a field.
    pub(crate) async fn write(&self, selector: &str, words: &str) {
        self.wait(selector).await.send_keys(words).await.unwrap_or_else(|why| panic!("{selector}: {why}"));
    }

    /// Presses keys where the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Gives files to a file field.
    pub(crate) async fn attach(&self, selector: &str, files: &[&Path]) {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        self.wait(selector)
            .await
            .send_keys(names.join("\n"))
            .await
            .unwrap_or_else(|why| panic!("{selector}: {why}"));
    }

    /// Everything that can be read on the screen.
    pub(crate) async fn screen(&self) -> String {
        self.js("return document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// The cookies as a header's value.
    pub(crate) async fn cookie(&self) -> String {
        let all = self.driver.get_all_cookies().await.unwrap_or_default();
        let pairs: Vec<String> =
            all.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        pairs.join("; ")
    }

    /// Opens another tab and goes on there.
    pub(crate) async fn new_tab(&self) -> WindowHandle {
        let tab = self.driver.new_tab().await.unwrap();
        self.switch(&tab).await;
        self.furnish().await;
        tab
    }

    /// The tab of now.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.driver.window().await.unwrap()
    }

    /// Goes on in another tab.
    pub(crate) async fn switch(&self, tab: &WindowHandle) {
        self.driver.switch_to_window(tab.clone()).await.unwrap();
    }

    /// Closes this tab; another has to be gone on in.
    pub(crate) async fn close_tab(&self) {
        self.driver.close_window().await.unwrap();
    }

    /// kill -9 of the whole browser.
    pub(crate) fn kill(self) {
        kill(self.process);
        // Its session answers no more, so it is not asked to end.
        let _ = self.driver.leak();
    }

    /// Ends it as a person does.
    pub(crate) async fn quit(self) {
        let _ = self.driver.quit().await;
    }

    /// What the page complained about, less what a test caused itself.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.unwrap();
        let bad = log.into_iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING");
        bad.map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
    }
}
