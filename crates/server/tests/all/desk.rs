//! The desk: who comes in, and who does not.

use crate::harness::{Answer, Device, MONDAY_TEN, Server};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use totp_rs::Builder;
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_store::Halt;
use woodlark_store::staff::{self, IDLE, Invite, Post, REST};

const PASSWORD: &str = "correct horse battery";

/// What an authenticator shows for this secret at this time.
fn code(secret: &str, now: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("desk").build().unwrap();
    totp.generate(u64::try_from(now / Timestamp::SECOND).unwrap()).to_string()
}

async fn read_invitation(device: &mut Device, token: &str) -> Answer {
    device
        .call(Request::get("/api/v1/desk/invitation").header("invitation-token", token), Body::empty())
        .await
}

async fn accept(device: &mut Device, token: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/desk/invitation")
        .header("invitation-token", token)
        .header(header::CONTENT_TYPE, "application/json");
    device.call(request, Body::from(body.to_string())).await
}

async fn sign_in(device: &mut Device, login: &str, password: &str, code: &str) -> Answer {
    let body = json!({ "login": login, "password": password, "code": code });
    device.send(Method::POST, "/api/v1/desk/session", Some(&body)).await
}

/// The first administrator, whose link the server's keeper has; answers the secret of their authenticator.
async fn first_admin(server: &Server) -> String {
    let token = "a".repeat(64);
    let token_hash = woodlark_server::edge::hash_token(&token);
    let invited = server.app.store.write(move |tx| {
        let posts = [Post { role: Role::Admin, department: None, area: None }];
        let user = UserId::new(1, [1; 10]);
        let (login, name, now) = ("admin", "管理员", MONDAY_TEN);
        let totp_secret = &[3; 20];
        Ok::<_, Halt<()>>(staff::invite(
            tx,
            &Invite { user, login, name, posts: &posts, token_hash, totp_secret, now },
        )?)
    });
    assert!(invited.await.unwrap());
    take_up(server, &token).await
}

/// Takes an invitation up with [`PASSWORD`]; answers the secret of the authenticator.
async fn take_up(server: &Server, token: &str) -> String {
    let mut device = server.device();
    let invitation = read_invitation(&mut device, token).await;
    assert_eq!(invitation.headers[header::CACHE_CONTROL], "no-store");
    let invitation = invitation.json();
    let secret = invitation["totp_secret"].as_str().unwrap().to_owned();
    assert!(invitation["totp_uri"].as_str().unwrap().contains(&secret));
    assert!(invitation["totp_qr"].as_str().unwrap().contains("<svg"));
    let body = json!({ "password": PASSWORD, "code": code(&secret, server.clock_now()) });
    let accepted = accept(&mut device, token, &body).await;
    assert_eq!(accepted.status, StatusCode::NO_CONTENT, "{}", accepted.text());
    // Its code was taken: the next one is half a minute away.
    server.clock.advance(30 * Timestamp::SECOND);
    secret
}

/// The same administrator at the desk.
async fn admin(server: &Server) -> Device {
    let secret = first_admin(server).await;
    let mut desk = server.device();
    let signed_in = sign_in(&mut desk, "admin", PASSWORD, &code(&secret, server.clock_now())).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text());
    let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    desk
}

#[tokio::test]
async fn an_invitation_is_taken_up_and_its_holder_signs_in() {
    let server = Server::start().await;
    let mut desk = admin(&server).await;
    let me = desk.get("/api/v1/desk/session").await.json();
    assert_eq!((&me["name"], &me["roles"]), (&json!("管理员"), &json!([{ "role": "admin" }])));
    assert!(me["may"].as_array().unwrap().contains(&json!("edit_staff")));
    assert_eq!(me["queues"], json!([]));
    let used = read_invitation(&mut server.device(), &"a".repeat(64)).await;
    assert_eq!(used.problem(), "not_found");
    let roles = json!([{ "role": "handler", "department": city_department(&server) }]);
    let new = json!({ "name": "李师傅", "login": "li.shifu", "roles": roles });
    let invited = desk.send(Method::POST, "/api/v1/desk/staff", Some(&new)).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text());
    let token = invited.json()["path"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    let secret = take_up(&server, &token).await;
    let mut handler = server.device();
    sign_in(&mut handler, "li.shifu", PASSWORD, &code(&secret, server.clock_now())).await;
    assert_eq!(handler.get("/api/v1/desk/session").await.json()["roles"], roles);
    assert_eq!(handler.get("/api/v1/desk/staff").await.problem(), "not_found", "a handler reads no staff");
    assert_eq!(desk.send(Method::POST, "/api/v1/desk/staff", Some(&new)).await.problem(), "login_taken");
    let staff = desk.get("/api/v1/desk/staff").await.json();
    let of =
        |login: &str| staff.as_array().unwrap().iter().find(|one| one["login"] == login).unwrap().clone();
    assert_eq!((&of("li.shifu")["state"], &of("li.shifu")["roles"]), (&json!("active"), &roles));
    let id = of("li.shifu")["user_id"].as_str().unwrap().to_owned();
    let ended = desk.send(Method::DELETE, &format!("/api/v1/desk/staff/{id}"), None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(handler.get("/api/v1/desk/session").await.problem(), "not_staff", "at once");
    let own = me["user_id"].as_str().unwrap();
    let own = desk.send(Method::DELETE, &format!("/api/v1/desk/staff/{own}"), None).await;
    assert_eq!(own.problem(), "not_found", "somebody is left who can invite");
}

fn city_department(server: &Server) -> String {
    server.app.city().data().departments[0].code.to_string()
}

#[tokio::test]
async fn what_is_wrong_at_the_door_is_not_said_and_five_times_is_enough() {
    let server = Server::start().await;
    let secret = first_admin(&server).await;
    let mut device = server.device();
    let right = code(&secret, server.clock_now());
    for (login, password, code) in [
        ("nobody", PASSWORD, right.as_str()),
        ("admin", "wrong wrong wrong", right.as_str()),
        ("admin", PASSWORD, "000000"),
        ("admin", PASSWORD, ""),
        ("admin", "", right.as_str()),
    ] {
        let refused = sign_in(&mut device, login, password, code).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (StatusCode::UNAUTHORIZED, "sign_in_failed")
        );
        assert_eq!(device.cookie, None);
    }
    assert_eq!(sign_in(&mut device, "admin", PASSWORD, "000000").await.problem(), "sign_in_failed");
    let rests = sign_in(&mut device, "admin", PASSWORD, &right).await;
    assert_eq!(rests.problem(), "too_many_requests");
    server.clock.advance(REST);
    let late = sign_in(&mut device, "admin", PASSWORD, &code(&secret, server.clock_now())).await;
    assert_eq!(late.status, StatusCode::OK, "{}", late.text());
    let again = sign_in(&mut server.device(), "admin", PASSWORD, &code(&secret, server.clock_now())).await;
    assert_eq!(again.problem(), "sign_in_failed", "a code works once");
}

#[tokio::test]
async fn a_session_at_the_desk_rests_half_an_hour_and_is_signed_out_at_once() {
    let server = Server::start().await;
    let mut desk = admin(&server).await;
    server.clock.advance(IDLE - 1);
    assert_eq!(desk.get("/api/v1/desk/session").await.status, StatusCode::OK);
    server.clock.advance(IDLE - 1);
    assert_eq!(desk.get("/api/v1/desk/session").await.status, StatusCode::OK, "its use was kept");
    let mut elsewhere = desk.clone();
    assert_eq!(desk.send(Method::DELETE, "/api/v1/desk/session", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(elsewhere.get("/api/v1/desk/session").await.problem(), "not_staff");
    let mut idle = admin_again(&server).await;
    server.clock.advance(IDLE);
    assert_eq!(idle.get("/api/v1/desk/session").await.problem(), "not_staff");
}

/// The administrator once more, half a minute later.
async fn admin_again(server: &Server) -> Device {
    server.clock.advance(30 * Timestamp::SECOND);
    let secret = totp_rs::Secret::from([3_u8; 20]).to_base32();
    let mut desk = server.device();
    let done = sign_in(&mut desk, "admin", PASSWORD, &code(&secret, server.clock_now())).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    desk
}

#[tokio::test]
async fn bad_invitations_are_refused_field_by_field() {
    let server = Server::start().await;
    let mut desk = admin(&server).await;
    let roles = json!([{ "role": "acceptor" }]);
    for (field, new) in [
        ("name", json!({ "name": " ", "login": "good.one", "roles": roles })),
        ("login", json!({ "name": "王芳", "login": "Bad One", "roles": roles })),
        ("login", json!({ "name": "王芳", "login": "ab", "roles": roles })),
        ("roles", json!({ "name": "王芳", "login": "good.one", "roles": [] })),
        ("roles", json!({ "name": "王芳", "login": "good.one", "roles": [{ "role": "handler" }] })),
        ("roles", json!({ "name": "王芳", "login": "good.one", "roles": [{ "role": "resident" }] })),
        (
            "roles",
            json!({ "name": "王芳", "login": "good.one", "roles": [{ "role": "verifier", "area": "999999" }] }),
        ),
    ] {
        let refused = desk.send(Method::POST, "/api/v1/desk/staff", Some(&new)).await;
        assert_eq!(refused.problem(), "invalid", "{new}");
        assert_eq!(refused.json()["fields"][0]["field"], field, "{new}");
    }
    assert_eq!(desk.get("/api/v1/desk/staff").await.json().as_array().unwrap().len(), 1);
    let new = json!({ "name": "王芳", "login": "wang.fang", "roles": roles });
    let link = desk.send(Method::POST, "/api/v1/desk/staff", Some(&new)).await.json();
    let token = link["path"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    let mut device = server.device();
    let secret =
        read_invitation(&mut device, &token).await.json()["totp_secret"].as_str().unwrap().to_owned();
    let now = code(&secret, server.clock_now());
    for (field, body) in [
        ("password", json!({ "password": "too short", "code": now })),
        ("code", json!({ "password": PASSWORD, "code": "12 34" })),
    ] {
        let refused = accept(&mut device, &token, &body).await;
        assert_eq!(refused.json()["fields"][0]["field"], field, "{}", refused.text());
    }
    server.clock.advance(staff::INVITED);
    assert_eq!(read_invitation(&mut device, &token).await.problem(), "not_found");
}

#[tokio::test]
async fn nobody_of_the_street_is_at_the_desk() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    for (method, path) in [
        (Method::GET, "/api/v1/desk/session"),
        (Method::DELETE, "/api/v1/desk/session"),
        (Method::GET, "/api/v1/desk/staff"),
        (Method::POST, "/api/v1/desk/staff"),
    ] {
        let refused = resident.send(method.clone(), path, Some(&json!({}))).await;
        assert_eq!(refused.problem(), "not_staff", "{method} {path}");
    }
    assert_eq!(read_invitation(&mut resident, "").await.problem(), "not_found");
}
