//! The audit log: what was done and looked at, by whom, page by page and as CSV.

use crate::harness::{Server, post};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::{Role, Timestamp};

#[tokio::test]
async fn who_did_and_saw_what_is_found_by_case_person_and_day_and_a_resident_is_never_named() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let case = resident.uncertain_report("井盖松动", &[]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let number = acceptor.desk_case(&case).await["number"].as_str().unwrap().to_owned();
    let declined = acceptor.order(&case, json!({ "command": "decline", "reason": "不在本区" })).await;
    assert_eq!(declined.status, StatusCode::OK, "{}", declined.text());
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let deeds = async |chief: &mut crate::harness::Device, query: &str| -> Vec<Value> {
        let answer = chief.get(&format!("/api/v1/desk/audit{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["rows"].as_array().unwrap().clone()
    };
    let of_case = deeds(&mut chief, &format!("?subject={number}")).await;
    let actions: Vec<&str> = of_case.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert!(
        actions.contains(&"decline") && actions.contains(&"read_case") && actions.contains(&"report"),
        "{actions:?}"
    );
    for row in &of_case {
        let named = row["name"] == "值班员";
        assert_eq!(named, row["role"] == "acceptor", "{row}");
        assert_eq!(row["number"], number.as_str());
    }
    assert_eq!(deeds(&mut chief, "?action=decline").await.len(), 1);
    assert_eq!(deeds(&mut chief, "?login=nobody").await.len(), 0);
    assert_eq!(deeds(&mut chief, "?subject=FX-20990101-00001").await.len(), 0);
    let later = server.clock_now() + Timestamp::HOUR;
    let read_later = format!("?action=read_case&from={later}");
    assert_eq!(deeds(&mut chief, &read_later).await.len(), 0);
    for bad in ["?after=x", "?bird=1"] {
        assert_eq!(chief.get(&format!("/api/v1/desk/audit{bad}")).await.problem(), "invalid", "{bad}");
    }
    let csv = chief.get(&format!("/api/v1/desk/audit.csv?subject={number}")).await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(csv.text().lines().count(), of_case.len() + 1, "{}", csv.text());
}

#[tokio::test]
async fn pages_of_the_log_follow_each_other_without_a_gap() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let case = resident.uncertain_report("井盖松动", &[]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    for _ in 0..70 {
        server.clock.advance(Timestamp::SECOND);
        acceptor.desk_case(&case).await;
    }
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = chief.get(&format!("/api/v1/desk/audit?action=read_case&after={after}")).await.json();
        seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["at"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 70);
    assert!(seen.windows(2).all(|two| two[0] > two[1]), "latest first, each once");
}
