//! The door of the desk, in both directions.

use crate::browser::Browser;
use crate::stage::{play, until_true};
use std::time::{SystemTime, UNIX_EPOCH};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "correct horse battery";

/// What an authenticator shows, `ahead` steps of half a minute from now.
fn code(secret: &str, ahead: u64) -> String {
    let secret = Secret::try_from_base32(secret.trim()).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("desk").build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now + 30 * ahead).to_string()
}

/// Takes an invitation up; answers the secret of the authenticator.
async fn take_up(browser: &Browser, link: &str) -> String {
    browser.go(link).await;
    let secret = browser.text("[data-test=secret]").await;
    assert!(
        browser.js("return document.querySelector('.qr').naturalWidth > 100").await == true,
        "the QR code is drawn"
    );
    browser.write("#password", "short").await;
    browser.write("#code", &code(&secret, 0)).await;
    browser.tap("[data-test=accept]").await;
    assert!(browser.text("[data-test=trouble]").await.contains('十'), "it says how long a password is");
    browser.write("#password", &PASSWORD["short".len()..]).await;
    browser.js("document.querySelector('#password').value = ''").await;
    browser.write("#password", PASSWORD).await;
    browser.tap("[data-test=accept]").await;
    browser.wait("[data-test=sign-in]").await;
    secret
}

async fn sign_in(browser: &Browser, login: &str, secret: &str) {
    browser.write("#login", login).await;
    browser.write("#password", PASSWORD).await;
    // The code of now was taken with the invitation; clocks may differ by one step.
    browser.write("#code", &code(secret, 1)).await;
    browser.tap("[data-test=sign-in]").await;
    browser.wait("[data-test=keys]").await;
}

#[test]
fn the_first_administrator_comes_in_by_the_printed_link_and_invites_the_next() {
    play(async |stage| {
        let first = stage.screen().await;
        let link = stage.server.invitation();
        let secret = take_up(&first, &link).await;
        first.write("#login", "admin").await;
        first.write("#password", "wrong wrong wrong").await;
        first.write("#code", &code(&secret, 1)).await;
        first.tap("[data-test=sign-in]").await;
        first.text("[data-test=trouble]").await;
        for field in ["login", "password"] {
            first.js(&format!("const f = document.getElementById('{field}'); f.value = ''; f.dispatchEvent(new Event('input'))")).await;
        }
        sign_in(&first, "admin", &secret).await;
        first.go("/desk/staff").await;
        first.write("#person", "李受理").await;
        first.write("#new-login", "li.shouli").await;
        first.tap("[data-test=invite]").await;
        let link = first.text("[data-test=invitation-link]").await;
        let path = link.split_once("/desk/").map(|(_, rest)| format!("/desk/{rest}")).unwrap();

        let second = stage.screen().await;
        let secret = take_up(&second, &path).await;
        sign_in(&second, "li.shouli", &secret).await;
        second.wait("[data-test=queue][data-queue=accept]").await;
        assert_eq!(
            second.count("[data-test=queue][data-queue=dispatch]").await,
            0,
            "an acceptor's queues alone"
        );
        second.go("/desk/me").await;
        second.wait_count("[data-test=seat]", 1).await;

        // The administrator ends the account: the other browser is out at its next step.
        first.go("/desk/staff").await;
        first.wait_count("[data-test=member]", 2).await;
        first.tap("[data-test=member]:nth-of-type(2) [data-test=end-staff]").await;
        first.tap("dialog[open] [data-test=yes]").await;
        until_true("the account has ended", async || first.screen().await.contains("已停用")).await;
        second.visit("/desk").await;
        second.wait("[data-test=sign-in]").await;

        let stranger = stage.browser().await;
        stranger.go(&path).await;
        stranger.wait("[data-test=invitation-over]").await;
    });
}

#[test]
fn nothing_of_the_desk_is_downloaded_by_a_resident_and_a_stranger_meets_the_door() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.wait("[data-test=send]").await;
        let names = browser
            .js("return performance.getEntriesByType('resource').map((one) => one.name)")
            .await
            .to_string();
        assert!(!names.contains("/desk"), "{names}");
        browser.go("/desk/queue/accept").await;
        browser.wait("[data-test=sign-in]").await;
        assert_eq!(stage.network.seen("GET", "/api/v1/desk/session").last().unwrap().status, Some(401));
    });
}
