//! A thousand cases wait: the list stays as light as a hundred, whichever way somebody goes through it.

use super::{aside, desk, post};
use crate::browser::Browser;
use crate::stage::{play, until_true};
use std::collections::BTreeSet;
use woodlark_domain::Role;

const ROWS: u32 = 1_000;
/// Rows that may stand in the page at a time.
const MOST_ROWS: u64 = 120;
/// Elements of the whole page: a row has about twenty.
const MOST_ELEMENTS: u64 = 4_000;

/// From now on long tasks and the gaps between frames are written down.
const WATCH: &str = "window.long = []; window.gaps = []; let last = performance.now();
    new PerformanceObserver((list) => list.getEntries().forEach((one) => window.long.push(one.duration))).observe({ entryTypes: ['longtask'] });
    const frame = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame);";

/// What was watched: said, not judged, for it hangs on the machine.
async fn tell(browser: &Browser, what: &str) {
    let told = browser
        .js("const worst = (all) => Math.round(Math.max(0, ...all)); const gaps = window.gaps.slice().sort((a, b) => a - b);
             return window.long.length + ' long tasks, the longest ' + worst(window.long) + ' ms; ' + gaps.length + ' frames, p99 ' +
               Math.round(gaps[Math.floor(gaps.length * 0.99)] || 0) + ' ms, the longest gap ' + worst(window.gaps) + ' ms';")
        .await;
    println!("a thousand rows, {what}: {}", told.as_str().unwrap_or_default());
    browser.js("window.long = []; window.gaps = [];").await;
}

/// Scrolls by most of a screen at a time, as fast as the page draws, until there is nothing more that way.
const SCROLL: &str = "window.most = { rows: 0, elements: 0 }; window.arrived = false;
    window.scrollThrough = (by) => {
      window.arrived = false;
      const box = document.querySelector('.work-rows');
      const ends = () => by > 0
        ? !box.querySelector('[data-test=more]') && box.scrollTop + box.clientHeight >= box.scrollHeight - 2
        : !box.querySelector('[data-test=earlier]') && box.scrollTop === 0;
      const step = () => {
        window.most.rows = Math.max(window.most.rows, box.querySelectorAll('[data-row]').length);
        window.most.elements = Math.max(window.most.elements, document.getElementsByTagName('*').length);
        if (ends()) { window.arrived = true; return; }
        // A further page may be on its way: a nudge back, so that the next step is a scroll again.
        if (by > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 2) box.scrollTop -= 3;
        box.scrollTop += by * box.clientHeight;
        requestAnimationFrame(() => setTimeout(step, 8));
      };
      step();
    };
    window.walked = [];
    document.addEventListener('focusin', (event) => {
      const number = event.target.matches('[data-test=row]') && event.target.dataset.number;
      if (number && window.walked.at(-1) !== number) window.walked.push(number);
    });";

async fn scroll_through(browser: &Browser, by: i8) {
    browser.js(&format!("window.scrollThrough({by})")).await;
    until_true("the end of the list", async || browser.js("return window.arrived").await == true).await;
}

async fn walked(browser: &Browser) -> Vec<String> {
    let all = browser.js("return window.walked").await;
    all.as_array().into_iter().flatten().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_thousand_rows_are_gone_through_by_scrolling_and_by_keys_and_the_page_stays_light() {
    play(async |stage| {
        aside::reports(stage, ROWS).await;
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        acceptor.go("/desk/queue/accept").await;
        acceptor.wait("[data-test=row]").await;
        acceptor.js(WATCH).await;
        acceptor.js(SCROLL).await;
        scroll_through(&acceptor, 1).await;
        tell(&acceptor, "scrolled to the end").await;
        let last = "return [...document.querySelectorAll('[data-test=row]')].at(-1).dataset.number";
        let last = acceptor.js(last).await;
        scroll_through(&acceptor, -1).await;
        tell(&acceptor, "scrolled to the top").await;

        // By keys: the focus comes to every row, though the clock calls people to these cases meanwhile.
        let reached = async || walked(&acceptor).await.into_iter().collect::<BTreeSet<String>>();
        until_true("every row was walked to", async || {
            acceptor.press(&"j".repeat(20)).await;
            reached().await.len() == ROWS as usize
        })
        .await;
        let seen: Vec<String> = reached().await.into_iter().collect();
        tell(&acceptor, "by keys").await;
        assert_eq!(last, seen[seen.len() - 1].as_str(), "both ways end at the same row");
        let most = acceptor.js("return [window.most.rows, window.most.elements]").await;
        let (rows, elements) = (most[0].as_u64().unwrap(), most[1].as_u64().unwrap());
        println!("a thousand rows: at most {rows} in the page, {elements} elements in all");
        assert!(rows <= MOST_ROWS && elements <= MOST_ELEMENTS, "{rows} rows, {elements} elements");
    });
}
