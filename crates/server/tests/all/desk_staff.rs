//! The list of staff as a file: handed out, previewed, applied; the links of those who are new.

use crate::harness::{Answer, Device, Server, post};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::Role;

impl Device {
    async fn staff_file(&mut self) -> String {
        let answer = self.get("/api/v1/desk/staff/file").await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        answer.text()
    }

    async fn preview_staff(&mut self, text: &str) -> Value {
        let body = json!({ "text": text });
        let answer = self.send(Method::POST, "/api/v1/desk/staff/preview", Some(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn apply_staff(&mut self, text: &str, hash: &Value) -> Answer {
        let body = json!({ "text": text, "hash": hash });
        self.send(Method::POST, "/api/v1/desk/staff/apply", Some(&body)).await
    }

    /// How many deeds of this sort by a list the audit tells of.
    async fn by_list(&mut self, action: &str) -> usize {
        let page = self.get(&format!("/api/v1/desk/audit?action={action}")).await.json();
        let rows = page["rows"].as_array().unwrap();
        rows.iter().filter(|row| row["detail"] == "{\"by\":\"list\"}").count()
    }
}

/// How many cases wait for an acceptor is told to whoever is one.
async fn accepts(device: &mut Device) -> bool {
    let me = device.get("/api/v1/desk/session").await.json();
    me["roles"].as_array().unwrap().iter().any(|role| role["role"] == "acceptor")
}

#[tokio::test]
async fn a_list_is_previewed_and_applied_whole_and_its_links_open_the_desk_to_those_who_are_new() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let mut verifier = server.staff(&[post(Role::Verifier)]).await;
    let file = admin.staff_file().await;
    let same = admin.preview_staff(&file).await;
    assert_eq!(
        (&same["faults"], &same["changes"]["rows"], &same["unchanged"]),
        (&json!([]), &json!([]), &json!(2))
    );

    let lines = file.lines().count();
    let faulty = format!("{file}li.si,李四,handler,no-such,\r\nLi,李,acceptor,,\r\n");
    let told = admin.preview_staff(&faulty).await;
    assert_eq!(told["hash"], Value::Null);
    assert_eq!(
        told["faults"],
        json!([
            { "line": lines + 1, "column": "department", "code": "department_unknown", "value": "no-such", "count": 0 },
            { "line": lines + 2, "column": "login", "code": "login", "value": "Li", "count": 0 },
        ])
    );
    let refused = admin.apply_staff(&faulty, &json!("0".repeat(64))).await;
    assert_eq!(refused.problem(), "invalid");

    let good = format!("{}li.si,李四,acceptor,,\r\n", file.replace(",verifier,", ",acceptor,"));
    let preview = admin.preview_staff(&good).await;
    let changes = &preview["changes"];
    assert_eq!(
        (&changes["added"], &changes["changed"], &preview["unchanged"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert!(!accepts(&mut verifier).await, "looking changes nothing");
    assert_eq!(admin.apply_staff(&good, &json!("0".repeat(64))).await.problem(), "staff_moved");

    let answer = admin.apply_staff(&good, &preview["hash"]).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let applied = answer.json();
    assert_eq!((&applied["changed"], &applied["invited"][0]["login"]), (&json!(1), &json!("li.si")));
    assert!(accepts(&mut verifier).await, "from the next thing on that they do");
    let token = applied["invited"][0]["path"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    let request = Request::get("/api/v1/desk/invitation").header("invitation-token", token);
    let invitation = server.device().call(request, Body::empty()).await.json();
    assert_eq!((&invitation["name"], &invitation["login"]), (&json!("李四"), &json!("li.si")));
    assert_eq!((admin.by_list("invite_staff").await, admin.by_list("change_staff").await), (1, 1));

    let again = admin.apply_staff(&good, &preview["hash"]).await;
    assert_eq!(again.problem(), "staff_moved", "sent again it does nothing twice");
    assert_eq!(admin.preview_staff(&good).await["unchanged"], 3);
}

#[tokio::test]
async fn a_preview_holds_only_as_long_as_nobody_else_changes_the_list() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let list = "login,name,role,department,area\nli.si,李四,acceptor,,\n";
    let preview = admin.preview_staff(list).await;
    let other = json!({ "name": "王五", "login": "wang.wu", "roles": [{ "role": "acceptor" }] });
    let invited = admin.send(Method::POST, "/api/v1/desk/staff", Some(&other)).await;
    assert_eq!(invited.status, StatusCode::CREATED);
    assert_eq!(admin.apply_staff(list, &preview["hash"]).await.problem(), "staff_moved");
    assert_eq!(admin.staff_file().await.matches("li.si").count(), 0, "nothing was done");
    let anew = admin.preview_staff(list).await;
    assert_eq!(admin.apply_staff(list, &anew["hash"]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let list = admin.staff_file().await.replace(",admin,", ",acceptor,");
    let told = admin.preview_staff(&list).await;
    assert_eq!((&told["faults"][0]["code"], &told["faults"][0]["line"]), (&json!("last_admin"), &json!(2)));
    server.staff(&[post(Role::Admin)]).await;
    let preview = admin.preview_staff(&list).await;
    assert_eq!(preview["changes"]["changed"], 1);
    assert_eq!(admin.apply_staff(&list, &preview["hash"]).await.status, StatusCode::OK);
    assert_eq!(
        admin.get("/api/v1/desk/staff/file").await.status,
        StatusCode::NOT_FOUND,
        "they are none any more"
    );
}
