//! The kindness ledger: a deed becomes points on its resident's page, their own browser checks it before and after the day is
//! published, and what somebody alters in the database is shown for what it is.

use crate::access::{assert_fits, axe, look};
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::languages::assert_said_in_full;
use crate::stage::{Stage, photo, play, until, until_true};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::json;
use woodlark_domain::{AreaCode, Timestamp};
use woodlark_store::{Config, Halt, Store, city, ledger};

/// Somebody reports a lamp that the rules file at once; answers when its points are written, with the case's number.
pub(crate) async fn with_points(stage: &Stage, browser: &Browser) -> String {
    write_report(browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
    browser.tap("[data-test=locate]").await;
    browser.wait(".place svg").await;
    browser.tap("[data-test=category]").await;
    browser.write("dialog[open] [data-test=category-search]", "灯不亮").await;
    browser.tap("dialog[open] [data-test=chip]").await;
    browser.wait_count("dialog[open]", 0).await;
    let number = send(browser).await;
    let cookie = browser.cookie().await;
    until_true("the points are written", async || {
        stage.server.get("/api/v1/ledger", &cookie)["points"] == 10
    })
    .await;
    number
}

/// Publishes the day of now as it stands, as the server's job does it after midnight.
async fn publish(stage: &Stage) {
    let path = stage.folder.join("data/woodlark.sqlite").display().to_string();
    let store = Store::open(&Config::new(path, AreaCode::new("310120").unwrap())).unwrap();
    let city = store.read(city::load).await.unwrap().unwrap();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap());
    let day = city.data().calendar.day(now);
    store.write(move |tx| Ok::<_, Halt<()>>(ledger::close_day(tx, day, now)?)).await.unwrap();
    let computed = store.read(move |conn| ledger::compute(conn, day, now)).await.unwrap();
    let published = store.write(move |tx| Ok::<_, Halt<()>>(ledger::publish(tx, &computed, now)?));
    assert!(published.await.unwrap());
}

/// Alters entries as somebody could who has the database in hand.
fn alter(stage: &Stage, statement: &str) {
    let path = stage.folder.join("data/woodlark.sqlite").display().to_string();
    let mut conn = SqliteConnection::establish(&path).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 20000; DROP TRIGGER IF EXISTS ledger_entry_refuses_update")
        .unwrap();
    conn.batch_execute(statement).unwrap();
}

/// How a line of the check came out.
async fn line(browser: &Browser, name: &str) -> String {
    let script = format!("return document.querySelector('[data-test={name}]')?.dataset.mark");
    until(name, async || browser.js(&script).await.as_str().map(str::to_owned)).await
}

#[test]
fn a_deed_is_points_on_its_residents_page_and_opens_its_case() {
    play(async |stage| {
        let browser = stage.browser().await;
        let number = with_points(stage, &browser).await;
        browser.go("/mine").await;
        let loaded = "return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.includes('/ledger')).length";
        assert_eq!(browser.js(loaded).await, 0, "nobody who only reports downloads it");
        browser.tap("[data-test=ledger]").await;
        assert_eq!(browser.text("[data-test=points]").await, "10");
        browser.wait("[data-test=badge][data-badge=woodpecker][data-level='1']").await;
        browser.wait_count("[data-test=badge]", 4).await;
        let asked = || stage.network.seen("GET", "/api/v1/ledger/share").len();
        assert_eq!(asked(), 0, "nobody is compared who did not ask");
        browser.tap("[data-test=share-ask]").await;
        browser.text("[data-test=share]").await;
        assert_eq!(asked(), 1);
        browser.tap("[data-test=months]").await;
        let rows = "return document.querySelectorAll('[data-test=months-table] tbody tr').length";
        assert_eq!(browser.js(rows).await, 12);
        assert!(browser.text("[data-test=months-table] tbody tr:first-child").await.ends_with("1 10"));
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
        browser.tap("[data-test=entry]").await;
        browser.wait("[data-test=case-head]").await;
        assert!(browser.screen().await.contains(&number));
    });
}

#[test]
fn the_browser_checks_the_ledger_before_and_after_its_day_is_published() {
    play(async |stage| {
        let browser = stage.browser().await;
        with_points(stage, &browser).await;
        browser.go("/ledger").await;
        browser.tap("[data-test=to-check]").await;
        browser.wait("[data-test=verdict][data-mark=holds]").await;
        for (name, mark) in [
            ("chain", "holds"),
            ("sum", "holds"),
            ("included", "nothing"),
            ("roots", "nothing"),
            ("unchanged", "nothing"),
        ] {
            assert_eq!(line(&browser, name).await, mark, "{name}");
        }
        browser.go("/ledger/roots").await;
        browser.wait("[data-test=no-roots]").await;

        publish(stage).await;
        browser.go("/ledger/check").await;
        browser.wait("[data-test=verdict][data-mark=holds]").await;
        for name in ["chain", "sum", "included", "roots", "unchanged"] {
            assert_eq!(line(&browser, name).await, "holds", "{name}");
        }
        browser.go("/ledger/roots").await;
        browser.wait("[data-test=root][data-mark=holds]").await;
        let anyone = stage.browser().await;
        anyone.go("/ledger/roots").await;
        anyone.wait("[data-test=root][data-mark=holds]").await;
        anyone.go("/ledger/check").await;
        anyone.wait("[data-test=nothing]").await;
    });
}

#[test]
fn a_ledger_that_somebody_altered_is_shown_for_what_it_is() {
    play(async |stage| {
        let browser = stage.browser().await;
        with_points(stage, &browser).await;
        publish(stage).await;
        browser.go("/ledger/check").await;
        browser.wait("[data-test=verdict][data-mark=holds]").await;
        alter(
            stage,
            "UPDATE ledger_entry SET body = unhex(replace(hex(body), '000000000000000A', '000000000000006E'))",
        );
        browser.tap("[data-test=again]").await;
        browser.wait("[data-test=verdict][data-mark=fails]").await;
        for name in ["chain", "sum", "included", "unchanged"] {
            assert_eq!(line(&browser, name).await, "fails", "{name}");
        }
        let said = browser.text("[data-test=chain]").await;
        assert!(said.contains("第 1 笔"), "which entry: {said}");
        browser.wait("[data-test=what-to-do] a[download]").await;
        browser.go("/ledger").await;
        assert_eq!(browser.text("[data-test=points]").await, "10", "the page goes on as it can");
        // A whole ledger that is gone is missed by the phone that saw it.
        alter(stage, "DELETE FROM ledger_owner");
        browser.go("/ledger/check").await;
        browser.wait("[data-test=verdict][data-mark=fails]").await;
        assert_eq!(line(&browser, "lost").await, "fails");
    });
}

#[test]
fn a_ledger_is_taken_along_as_a_table_a_file_and_on_paper() {
    play(async |stage| {
        let browser = stage.browser().await;
        let number = with_points(stage, &browser).await;
        browser.go("/ledger?lang=en").await;
        for (link, kind) in [("csv", "text/csv"), ("json", "application/json")] {
            browser.wait(&format!("[data-test={link}][download]")).await;
            let script = format!(
                "const done = arguments[0]; fetch(document.querySelector('[data-test={link}]').href)
                   .then(async (answer) => done([answer.status, answer.headers.get('content-type'), await answer.text()]))"
            );
            let answer = browser.js_later(&script).await;
            assert_eq!(answer[0], 200, "{link}");
            assert!(
                answer[1].as_str().unwrap().starts_with(kind)
                    && answer[2].as_str().unwrap().contains(&number)
            );
        }
        browser.tap("[data-test=statement]").await;
        browser.wait("[data-test=statement] table").await;
        let page = browser.screen().await;
        assert!(page.contains(&number) && page.contains("Problem filed") && page.contains("+10"), "{page}");
        let pdf = browser.tool("Page.printToPDF", json!({"preferCSSPageSize": true})).await;
        let pdf = pdf["data"].as_str().unwrap_or_default();
        assert!(pdf.starts_with("JVBERi0") && pdf.len() > 10_000, "it prints");
    });
}

#[test]
fn the_ledgers_pages_have_no_violation_fit_everywhere_and_speak_both_languages() {
    play(async |stage| {
        let (axe, mut wrong) = (axe(), Vec::new());
        let reporter = stage.browser_of("reporter", "zh-CN").await;
        with_points(stage, &reporter).await;
        let pages = [
            ("/ledger", "[data-test=points]"),
            ("/ledger/check", "[data-test=verdict]"),
            ("/ledger/points", "[data-test=reward]"),
            ("/ledger/roots", "[data-test=no-roots], [data-test=root]"),
        ];
        for language in ["zh", "en"] {
            let nobody = stage.browser().await;
            nobody.go(&format!("/ledger?lang={language}")).await;
            nobody.wait("[data-test=empty]").await;
            look(&nobody, &axe, &format!("empty, {language}"), &mut wrong).await;
            assert_fits(&nobody, "empty", &mut wrong).await;
            nobody.quit().await;
            for (path, ready) in pages {
                reporter.go(&format!("{path}?lang={language}")).await;
                reporter.wait(ready).await;
                look(&reporter, &axe, &format!("{path}, {language}"), &mut wrong).await;
                assert_said_in_full(&reporter.screen().await);
                assert_fits(&reporter, path, &mut wrong).await;
            }
            reporter.visit(&format!("/plain/ledger?lang={language}")).await;
            reporter.wait("[data-test=statement] table").await;
            look(&reporter, &axe, &format!("statement, {language}"), &mut wrong).await;
            assert_said_in_full(&reporter.screen().await);
            assert_fits(&reporter, "statement", &mut wrong).await;
            if language == "zh" {
                publish(stage).await;
            }
        }
        alter(stage, "UPDATE ledger_entry SET body = x'00'");
        for (path, ready) in [("/ledger", "[data-cause=unreadable]"), ("/ledger/check", "[data-mark=fails]")]
        {
            reporter.go(path).await;
            reporter.wait(ready).await;
            look(&reporter, &axe, &format!("{path}, broken"), &mut wrong).await;
            assert_fits(&reporter, "broken", &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
    });
}
