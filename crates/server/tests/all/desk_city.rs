//! The city's data at the desk: previewed, applied, kept, brought back; and a correction that becomes a rule.

use crate::desk_case::category;
use crate::harness::{Answer, Device, Server, manifest, new_id, post};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::city::Part;
use woodlark_domain::{Role, Timestamp};

fn csv(text: &str) -> Value {
    json!({ "from": "csv", "text": text })
}

impl Device {
    async fn file(&mut self, part: &str) -> String {
        let answer = self.get(&format!("/api/v1/desk/city/{part}/file")).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(part));
        answer.text()
    }

    async fn preview(&mut self, part: &str, base: u32, source: Value) -> Value {
        let body = json!({ "base": base, "source": source });
        let answer = self.send(Method::POST, &format!("/api/v1/desk/city/{part}/preview"), Some(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn apply(&mut self, part: &str, base: u32, hash: &Value, source: Value) -> Answer {
        let body = json!({ "base": base, "hash": hash, "note": "试一试", "source": source });
        self.send(Method::POST, &format!("/api/v1/desk/city/{part}/apply"), Some(&body)).await
    }

    /// Looks at a change and makes it stand.
    async fn change(&mut self, part: &str, base: u32, source: Value) -> Value {
        let preview = self.preview(part, base, source.clone()).await;
        assert_eq!(preview["faults"], json!([]), "{preview}");
        let applied = self.apply(part, base, &preview["hash"], source).await;
        assert_eq!(applied.status, StatusCode::OK, "{}", applied.text());
        applied.json()
    }

    async fn offers(&mut self, category: &str) -> bool {
        let all = self.get("/api/v1/categories").await.json();
        all.as_array().unwrap().iter().any(|one| one["code"] == category)
    }
}

/// A row of a new category.
const NEW: &str =
    "C0198,共享单车,Shared bicycle,yes,gxdc 单车,一般情形,Usual,wd2,单车归位,the bicycle is in its place\r\n";

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing_and_the_corrected_one_is_what_stands() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let mut resident = server.resident().await;
    let before = admin.file("categories").await;
    let lines = before.lines().count();

    let faulty = format!("{before}{}", NEW.replace("wd2", "2 days"));
    let told = admin.preview("categories", 1, csv(&faulty)).await;
    assert_eq!(told["hash"], Value::Null);
    assert_eq!(
        told["faults"],
        json!([
            { "line": lines + 1, "column": "limits", "code": "limit", "value": "2 days", "count": 0 }
        ])
    );
    assert!(!resident.offers("C0198").await);

    let good = format!("{before}{NEW}");
    let preview = admin.preview("categories", 1, csv(&good)).await;
    let changes = &preview["changes"];
    assert_eq!(
        (&changes["added"], &changes["changed"], &changes["removed"]),
        (&json!(1), &json!(0), &json!(0))
    );
    assert_eq!((&changes["rows"][0]["key"], &changes["rows"][0]["fate"]), (&json!("C0198"), &json!("added")));
    assert!(!resident.offers("C0198").await, "looking changes nothing");
    let wrong = admin.apply("categories", 1, &json!("0".repeat(64)), csv(&good)).await;
    assert_eq!(wrong.problem(), "city_moved", "it is not what the preview was of");
    let refused = admin.apply("categories", 1, &preview["hash"], csv(&faulty)).await;
    assert_eq!(refused.problem(), "invalid");

    let applied = admin.apply("categories", 1, &preview["hash"], csv(&good)).await.json();
    assert_eq!(
        (&applied["number"], &applied["note"], &applied["by"]),
        (&json!(2), &json!("试一试"), &json!("值班员"))
    );
    assert!(resident.offers("C0198").await, "the running server has taken it up");
    let again = admin.apply("categories", 1, &preview["hash"], csv(&good)).await;
    assert_eq!(again.problem(), "city_moved", "somebody applied in between");
    let same = admin.preview("categories", 2, csv(&good)).await;
    assert_eq!(same["changes"]["rows"], json!([]));
    assert_eq!(admin.apply("categories", 2, &same["hash"], csv(&good)).await.problem(), "city_unchanged");

    let back = admin.change("categories", 2, json!({ "from": "version", "number": 1 })).await;
    assert_eq!((&back["number"], &back["restored"]), (&json!(3), &json!(1)));
    assert!(!resident.offers("C0198").await);
    let (case, mut late) = (new_id(), manifest("单车倒了一地", &[]));
    late["category"] = json!("C0198");
    assert_eq!(
        resident.put_manifest(&case, &late).await.status,
        StatusCode::CREATED,
        "chosen before it went"
    );
    assert_eq!(resident.complete(&case).await.json()["state"], "received", "a person files it");
    let versions = admin.get("/api/v1/desk/city/categories/versions").await.json();
    assert_eq!(versions.as_array().unwrap().len(), 3);
    assert_eq!(versions[0]["hash"], versions[2]["hash"]);
    let between = admin.get("/api/v1/desk/city/categories/compare?from=1&to=2").await.json();
    assert_eq!(between["added"], 1);
    let old = admin.get("/api/v1/desk/city/categories?number=2").await.json();
    assert_eq!((&old["stands"], &old["version"]["number"]), (&json!(false), &json!(2)));
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let deeds = chief.get("/api/v1/desk/audit?action=apply_city").await.json();
    assert_eq!(deeds["rows"].as_array().unwrap().len(), 2, "{deeds}");
}

#[tokio::test]
async fn every_part_can_be_handed_in_as_it_was_handed_out() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    for part in Part::ALL {
        let part = part.code();
        let file = admin.file(part).await;
        let preview = admin.preview(part, 1, csv(&file)).await;
        assert_eq!((&preview["faults"], &preview["changes"]["rows"]), (&json!([]), &json!([])), "{part}");
        let table = admin.get(&format!("/api/v1/desk/city/{part}")).await.json();
        assert_eq!(table["rows"].as_array().unwrap().len() + 1, file.trim_end().lines().count(), "{part}");
    }
    let parts = admin.get("/api/v1/desk/city").await.json();
    assert_eq!(parts["parts"].as_array().unwrap().len(), Part::ALL.len());
    for datum in ["wgs84", "gcj02"] {
        let path = format!("/api/v1/desk/city/areas/file?form=geojson&datum={datum}");
        let file = admin.get(&path).await.text();
        let preview =
            admin.preview("areas", 1, json!({ "from": "geojson", "text": file, "datum": datum })).await;
        assert_eq!(preview["faults"], json!([]));
        assert_eq!(preview["changes"]["added"], 0);
        if datum == "wgs84" {
            assert_eq!(preview["changes"]["rows"], json!([]));
            let mixed = json!({ "from": "geojson", "text": file, "datum": "gcj02" });
            let mixed = admin.preview("areas", 1, mixed).await;
            assert!(mixed["changes"]["changed"].as_u64().unwrap() > 1_000, "a mix-up is seen at once");
        }
    }
    assert_eq!(admin.get("/api/v1/desk/city/rules/file?form=geojson").await.problem(), "not_found");
    assert_eq!(admin.get("/api/v1/desk/city/birds").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_old_case_keeps_its_promise_and_its_name_and_a_new_one_gets_the_new() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let mut resident = server.resident().await;
    let (old, receipt) = resident.report("路灯不亮", &[]).await;
    let before = admin.file("categories").await;
    let row = before.lines().find(|line| line.starts_with("C0110,")).unwrap().to_owned();
    let name = row.split(',').nth(1).unwrap().to_owned();
    let changed =
        before.replace(&format!("C0110,{name},"), "C0110,街灯,").replace(&row.replace(&name, "街灯"), "街灯");
    let rows: Vec<String> =
        changed
            .lines()
            .map(|line| {
                if line.starts_with("C0110,街灯") {
                    line.replacen(",wd", ",wd1", 1)
                } else {
                    line.to_owned()
                }
            })
            .collect();
    let text = rows.join("\r\n");
    let preview = admin.preview("categories", 1, csv(&text)).await;
    assert_eq!(preview["notes"][0], json!({ "code": "cases_keep", "value": "", "count": 1 }), "{preview}");
    server.clock.advance(Timestamp::MINUTE);
    admin.change("categories", 1, csv(&text)).await;
    let shown =
        async |resident: &mut Device, case: &str| resident.get(&format!("/api/v1/cases/{case}")).await.json();
    let seen = shown(&mut resident, &old).await;
    assert_eq!(
        (&seen["category_name"]["zh"], &seen["promise"]["at"]),
        (&json!(name), &receipt["promised_at"])
    );
    let (new, _) = resident.report("路灯又不亮", &[]).await;
    let fresh = shown(&mut resident, &new).await;
    assert_eq!(fresh["category_name"]["zh"], "街灯");
    assert!(fresh["promise"]["at"].as_i64() > seen["promise"]["at"].as_i64().map(|at| at + Timestamp::DAY));
}

#[tokio::test]
async fn a_department_with_open_cases_stays() {
    let server = Server::start().await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let (case, _) = server.resident().await.report("路灯不亮", &[]).await;
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let department = chief.desk_case(&case).await["department"].as_str().unwrap().to_owned();
    let file = admin.file("departments").await;
    let rest: Vec<&str> = file.lines().filter(|line| !line.starts_with(&format!("{department},"))).collect();
    let preview = admin.preview("departments", 1, csv(&rest.join("\n"))).await;
    let told: Vec<&str> =
        preview["faults"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(told.contains(&"department_busy") && told.contains(&"named_by_rule"), "{preview}");
    assert_eq!(preview["hash"], Value::Null);
}

#[tokio::test]
async fn a_correction_becomes_a_rule_when_an_administrator_says_so() {
    let server = Server::start().await;
    let (mut admin, mut resident) = (server.staff(&[post(Role::Admin)]).await, server.resident().await);
    let (category, area, department) = category(&server, false);
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
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let mut dispatcher = server.staff(&[post(Role::Dispatcher)]).await;
    let mut correct = async |words: &str| {
        let case = resident.uncertain_report(words, &[]).await;
        let file = json!({ "command": "file", "category": category, "area": area });
        let filed = acceptor.ordered(&case, file).await;
        assert_eq!(filed["offer"], Value::Null, "nobody has sent it anywhere");
        let sent = dispatcher.ordered(&case, json!({ "command": "dispatch", "department": other })).await;
        (case, sent)
    };
    let (case, sent) = correct("井盖松动").await;
    let offer = &sent["offer"];
    assert_eq!(
        (&offer["categories"][0]["code"], &offer["department"]["code"]),
        (&json!(category), &json!(other))
    );
    let (second, _) = correct("井盖又松动").await;

    let mut proposer = server.staff(&[post(Role::Dispatcher)]).await;
    let wish = json!({ "category": category, "area": null, "department": other, "automatic": true });
    let path = |case: &str| format!("/api/v1/desk/cases/{case}/proposal");
    let foreign = json!({ "category": "E0101", "department": other, "automatic": true });
    assert_eq!(proposer.send(Method::POST, &path(&case), Some(&foreign)).await.problem(), "invalid");
    for case in [&case, &second] {
        assert_eq!(
            proposer.send(Method::POST, &path(case), Some(&wish)).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(
        proposer.send(Method::POST, &path(&case), Some(&wish)).await.problem(),
        "moved",
        "once a case"
    );
    assert_eq!(proposer.desk_case(&case).await["offer"], Value::Null);
    assert_eq!(
        proposer.get("/api/v1/desk/city").await.problem(),
        "not_found",
        "only an administrator decides"
    );

    let waiting = admin.get("/api/v1/desk/city").await.json();
    let proposals = waiting["proposals"].as_array().unwrap();
    assert_eq!((proposals.len(), &proposals[0]["by"]), (2, &json!("值班员")));
    let id = |place: usize| proposals[place]["id"].as_str().unwrap();
    let decline = format!("/api/v1/desk/proposals/{}/decline", id(1));
    assert_eq!(admin.send(Method::POST, &decline, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.send(Method::POST, &decline, None).await.problem(), "not_found", "decided once");

    let source = json!({ "from": "proposal", "id": id(0) });
    let preview = admin.preview("rules", 1, source.clone()).await;
    assert_eq!(preview["notes"][0]["code"], "rerouted");
    assert_eq!(preview["notes"][0]["count"], 2, "both of the last cases would have gone there");
    admin.change("rules", 1, source).await;
    assert_eq!(admin.get("/api/v1/desk/city").await.json()["proposals"], json!([]));
    let case = resident.uncertain_report("第三个", &[]).await;
    let filed =
        acceptor.ordered(&case, json!({ "command": "file", "category": category, "area": area })).await;
    assert_eq!(
        (&filed["state"], &filed["department"]),
        (&json!("dispatched"), &json!(other)),
        "it goes by itself"
    );
    assert!(filed["steps"][2]["rule"].is_string(), "and the case says by which rule");
}

#[tokio::test]
async fn what_staff_choose_from_is_in_the_directory() {
    let server = Server::start().await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let directory = acceptor.get("/api/v1/desk/directory").await.json();
    let templates = directory["templates"].as_array().unwrap();
    assert!(templates.iter().any(|one| one["purpose"] == "decline" && one["words"]["en"].is_string()));
}
