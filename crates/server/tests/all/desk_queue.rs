//! What waits at the desk: for whom, in which order, narrowed how.

use crate::harness::{Device, Server, handler_of, manifest, new_id, post};
use axum::http::StatusCode;
use serde_json::{Value, json};
use woodlark_domain::{Role, Timestamp};

impl Device {
    async fn queue(&mut self, queue: &str, query: &str) -> Value {
        let answer = self.get(&format!("/api/v1/desk/queues/{queue}{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn waiting(&mut self, queue: &str) -> u64 {
        let counts = self.get("/api/v1/desk/queues").await.json();
        counts
            .as_array()
            .unwrap()
            .iter()
            .find(|count| count["queue"] == queue)
            .map_or(0, |count| count["waiting"].as_u64().unwrap())
    }
}

fn ids(page: &Value) -> Vec<&str> {
    page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_came_first_is_due_first_and_leaves_the_queue_when_it_is_dealt_with() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let mut cases = Vec::new();
    for words in ["第一件", "第二件", "第三件"] {
        cases.push(resident.uncertain_report(words, &[]).await);
        server.clock.advance(Timestamp::MINUTE);
    }
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let page = acceptor.queue("accept", "").await;
    assert_eq!(ids(&page), cases);
    assert_eq!(
        page["rows"][0]["due_at"].as_i64().unwrap() - page["rows"][0]["received_at"].as_i64().unwrap(),
        15 * Timestamp::MINUTE
    );
    assert_eq!(acceptor.waiting("accept").await, 3);
    let declined = acceptor.order(&cases[0], json!({ "command": "decline", "reason": "不在本区" })).await;
    assert_eq!(declined.status, StatusCode::OK, "{}", declined.text());
    assert_eq!(ids(&acceptor.queue("accept", "").await), cases[1..]);
    assert_eq!(acceptor.waiting("accept").await, 2);
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    assert_eq!(admin.get("/api/v1/desk/queues/accept").await.problem(), "not_found");
    assert_eq!(acceptor.get("/api/v1/desk/queues/nonsense").await.problem(), "not_found");
    assert_eq!(resident.get("/api/v1/desk/queues/accept").await.problem(), "not_staff");
}

#[tokio::test]
async fn a_list_is_narrowed_by_words_number_kind_and_day_and_says_what_is_wrong() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let lamp = resident.uncertain_report("桥头路灯不亮", &[]).await;
    server.clock.advance(Timestamp::DAY);
    let cover = resident.uncertain_report("菜场门口井盖松动", &[]).await;
    let idea = new_id();
    let mut suggestion = manifest("多放几张长椅", &[]);
    (suggestion["kind"], suggestion["category"]) = (json!("suggestion"), Value::Null);
    resident.put_manifest(&idea, &suggestion).await;
    assert_eq!(resident.complete(&idea).await.json()["state"], "received");
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let found = async |acceptor: &mut Device, query: &str| -> Vec<String> {
        ids(&acceptor.queue("accept", query).await).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(found(&mut acceptor, "?text=%E4%BA%95%E7%9B%96").await, [cover.as_str()]);
    assert_eq!(found(&mut acceptor, "?kind=suggestion").await, [idea.as_str()]);
    let number = acceptor.desk_case(&lamp).await["number"].as_str().unwrap().to_owned();
    assert_eq!(found(&mut acceptor, &format!("?text={number}")).await, [lamp.as_str()]);
    let today = server.clock_now() - Timestamp::HOUR;
    assert_eq!(found(&mut acceptor, &format!("?from={today}&kind=problem")).await, [cover.as_str()]);
    assert_eq!(found(&mut acceptor, &format!("?to={today}")).await, [lamp.as_str()]);
    for bad in ["?kind=bird", "?after=x", "?nonsense=1", "?text=%E4%BA%95"] {
        let refused = acceptor.get(&format!("/api/v1/desk/queues/accept{bad}")).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let server = Server::start().await;
    let mut made = Vec::new();
    for resident in 0..2 {
        let mut device = server.resident().await;
        for n in 0..30 {
            made.push(device.uncertain_report(&format!("第{resident}人第{n}件"), &[]).await);
        }
    }
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let first = acceptor.queue("accept", "").await;
    let next = first["next"].as_str().unwrap();
    let second = acceptor.queue("accept", &format!("?after={next}")).await;
    let mut seen: Vec<String> = ids(&first).into_iter().chain(ids(&second)).map(str::to_owned).collect();
    assert_eq!((ids(&first).len(), second["next"].is_null()), (50, true));
    seen.sort();
    made.sort();
    assert_eq!(seen, made);
}

#[tokio::test]
async fn a_department_sees_its_own_queue_and_is_told_of_its_own_cases_alone() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let department = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await["department"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = server
        .app
        .city()
        .data()
        .departments
        .iter()
        .find(|one| one.code.as_str() != department)
        .unwrap()
        .code
        .to_string();
    let mut ours = server.staff(&[handler_of(&department)]).await;
    let mut theirs = server.staff(&[handler_of(&other)]).await;
    assert_eq!(ids(&ours.queue("handle", "").await), [case.as_str()]);
    assert_eq!(ids(&theirs.queue("handle", "").await).len(), 0);
    assert_eq!((ours.waiting("handle").await, theirs.waiting("handle").await), (1, 0));

    let _jobs = server.jobs();
    let mut told = ours.listen("/api/v1/desk/live").await;
    let mut theirs_told = theirs.listen("/api/v1/desk/live").await;
    let sign = ours.order(&case, json!({ "command": "sign" })).await;
    assert_eq!(sign.status, StatusCode::OK);
    let notice = told.next_event().await;
    assert!(notice.contains(&case) && notice.contains("handling"), "{notice}");
    // The first that the others hear of is the first that is theirs.
    let their_case = resident.uncertain_report("归别人管", &[]).await;
    let mut chief = server.staff(&[post(Role::Acceptor), post(Role::Dispatcher)]).await;
    let (category, area) = (category_by_hand(&server), area_of(&server));
    for order in [
        json!({ "command": "file", "category": category, "area": area }),
        json!({ "command": "dispatch", "department": other }),
    ] {
        let done = chief.order(&their_case, order).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    }
    let notice = theirs_told.next_event().await;
    assert!(notice.contains(&their_case) && notice.contains("dispatched"), "{notice}");
}

fn area_of(server: &Server) -> String {
    let city = server.app.city();
    city.data().areas.iter().find(|area| area.code.as_str().len() == 12).unwrap().code.to_string()
}

/// A category that no rule sends by itself.
fn category_by_hand(server: &Server) -> String {
    let (city, area) = (server.app.city(), area_of(server).parse().unwrap());
    let by_hand = |category: &&woodlark_domain::criterion::Category| {
        category.code.kind() == woodlark_domain::Kind::Problem
            && city.criterion(&category.code).is_some()
            && woodlark_domain::dispatch::route(&city.data().rules, &category.code, &area)
                .is_some_and(|rule| !rule.automatic)
    };
    city.data().categories.iter().find(by_hand).unwrap().code.to_string()
}
