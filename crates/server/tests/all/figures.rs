//! The figures: counted soon after, equal to a slow recount, traced to their cases.

use crate::harness::{Device, Server, post};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::{Role, Timestamp};
use woodlark_store::figures;

const NOVEMBER: &str = "from=2026-11-01&to=2026-11-30";

async fn number(desk: &mut Device, by: &str, key: &str, measure: &str) -> i64 {
    let answer = desk.get(&format!("/api/v1/desk/figures?by={by}&{NOVEMBER}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let view = answer.json();
    let column = view["measures"].as_array().unwrap().iter().position(|one| one == measure).unwrap();
    let row = view["rows"].as_array().unwrap().iter().find(|row| row["key"] == key);
    row.map_or(0, |row| row["counts"][column].as_i64().unwrap())
}

#[tokio::test]
async fn what_happens_to_cases_is_counted_once_and_every_number_opens_its_cases() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (first, _) = resident.report("井盖松动", &[]).await;
    let (second, _) = resident.report("又一个井盖", &[]).await;
    resident.uncertain_report("还没立案", &[]).await;
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    assert_eq!(number(&mut chief, "kind", "problem", "reported").await, 0, "the job has not come round");
    woodlark_server::jobs::follow_up(server.app.clone()).await;
    for measure in ["reported", "filed", "dispatched", "closed"] {
        let wanted = match measure {
            "reported" => 3,
            "closed" => 0,
            _ => 2,
        };
        assert_eq!(number(&mut chief, "kind", "problem", measure).await, wanted, "{measure}");
    }
    server.clock.advance(2 * Timestamp::HOUR);
    // Two hours idle ended the first sitting.
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let closed = chief.order(&first, json!({ "command": "force_close", "reason": "已自行修复" })).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.text());
    for _ in 0..2 {
        woodlark_server::jobs::follow_up(server.app.clone()).await;
    }
    let department = chief.desk_case(&second).await["department"].as_str().unwrap().to_owned();
    for (measure, wanted) in [("closed", 1), ("same_day", 1), ("forced", 1), ("open_minutes", 120)] {
        assert_eq!(number(&mut chief, "department", &department, measure).await, wanted, "{measure}");
    }
    let behind =
        format!("/api/v1/desk/figures/cases?by=department&key={department}&measure=closed&{NOVEMBER}");
    let rows = chief.get(&behind).await.json()["rows"].clone();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["id"]), (1, &json!(first)));
    let city = server.app.city();
    let wrong = server.app.store.read(move |conn| figures::recount(conn, &city)).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");

    let csv = chief.get(&format!("/api/v1/desk/figures.csv?by=kind&{NOVEMBER}")).await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert!(csv.text().starts_with('\u{feff}') && csv.text().contains("\"问题\",3,2,2,"), "{}", csv.text());
    for bad in [
        "by=bird&from=2026-11-01&to=2026-11-30",
        "by=kind&from=x&to=2026-11-30",
        "by=kind&from=2026-11-30&to=2026-11-01",
        "by=kind&from=2020-01-01&to=2026-11-30",
    ] {
        assert_eq!(chief.get(&format!("/api/v1/desk/figures?{bad}")).await.problem(), "invalid", "{bad}");
    }
}

#[tokio::test]
async fn the_seeded_city_has_its_figures_from_the_start() {
    let server = Server::start().await;
    let seed = woodlark_server::config::Seed { cases: 60, seed: 3, bench: false };
    woodlark_server::seed::run(&server.app.store, &server.app.blobs, &seed).await.unwrap();
    let city = server.app.city();
    let wrong = server.app.store.read(move |conn| figures::recount(conn, &city)).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let view: Value = chief.get("/api/v1/desk/figures?by=kind&from=2025-06-01&to=2026-12-31").await.json();
    let reported: i64 =
        view["rows"].as_array().unwrap().iter().map(|row| row["counts"][0].as_i64().unwrap()).sum();
    assert_eq!(reported, 60, "{view}");
}

#[tokio::test]
async fn a_screen_shows_the_citys_figures_and_nothing_else_until_its_time_is_over() {
    const BOARD: &str = "/api/v1/desk/board";
    let server = Server::start().await;
    let mut resident = server.resident().await;
    resident.uncertain_report("还没立案", &[]).await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    woodlark_server::jobs::follow_up(server.app.clone()).await;
    // An administrator reads no case, and still sees how many wait.
    let mut screen = server.staff(&[post(Role::Admin)]).await;
    assert_eq!(screen.get(BOARD).await.problem(), "not_staff", "a session of the desk opens no screen");
    let set_up = screen.send(Method::POST, BOARD, None).await;
    assert_eq!(set_up.status, StatusCode::NO_CONTENT, "{}", set_up.text());
    assert!(screen.cookie.as_ref().unwrap().starts_with("woodlark_board="), "its browser holds no other");
    let shown = screen.get(BOARD).await.json();
    let waits = |queue: &str| {
        let of = shown["waiting"].as_array().unwrap().iter().find(|count| count["queue"] == queue).unwrap();
        of["waiting"].as_i64().unwrap()
    };
    assert_eq!((waits("accept"), waits("handle")), (1, 1), "{shown}");
    let days = shown["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[29]["counts"][0]), (30, &json!(2)), "{shown}");
    for shut in ["/api/v1/desk/session", "/api/v1/desk/figures?by=kind&from=2026-11-01&to=2026-11-30"] {
        assert_eq!(screen.get(shut).await.problem(), "not_staff", "{shut}");
    }
    assert_eq!(screen.get(&format!("/api/v1/desk/cases/{case}")).await.problem(), "not_staff");
    // Months later it still runs; in the end it does not.
    server.clock.advance(100 * Timestamp::DAY);
    assert_eq!(screen.get(BOARD).await.status, StatusCode::OK);
    server.clock.advance(81 * Timestamp::DAY);
    assert_eq!(screen.get(BOARD).await.problem(), "not_staff");
}
