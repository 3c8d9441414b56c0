//! What everyone may see: nearby, one case, its photos as far as they are approved, the lark wall.

use crate::harness::{Device, Server, manifest, new_id, photo, post};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::{Role, Timestamp};

const NEAR: &str = "/api/v1/nearby?lon=121.4585&lat=30.9152&radius_m=500";

async fn nearby(device: &mut Device, query: &str) -> Value {
    let answer = device.get(&format!("{NEAR}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["rows"].clone()
}

#[tokio::test]
async fn neighbours_see_what_is_filed_and_public_nearest_first_and_nothing_else() {
    let server = Server::start().await;
    let mut reporter = server.resident().await;
    let mut nobody = server.device();
    let (filed, _) = reporter.report("井盖松动", &[]).await;
    reporter.uncertain_report("还没立案", &[]).await;
    let mut private = manifest("只给中心看", &[]);
    private["visibility"] = json!("private");
    let hidden = new_id();
    reporter.put_manifest(&hidden, &private).await;
    reporter.complete(&hidden).await;
    let mut far = manifest("远处的井盖", &[]);
    far["place"]["fix"]["raw"] = json!({ "lon": 121.468, "lat": 30.915 });
    let farther = new_id();
    reporter.put_manifest(&farther, &far).await;
    reporter.complete(&farther).await;

    let seen = nearby(&mut nobody, "").await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
    assert_eq!((&seen[0]["id"], &seen[0]["mine"]), (&json!(filed), &json!(false)));
    assert!((30.0..80.0).contains(&seen[0]["metres"].as_f64().unwrap()), "{seen}");
    assert_eq!(nearby(&mut reporter, "").await[0]["mine"], true);
    let wide = nobody.get("/api/v1/nearby?lon=121.4585&lat=30.9152&radius_m=5000").await.json();
    let ids: Vec<&Value> = wide["rows"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&json!(filed), &json!(farther)]);
    assert_eq!(nearby(&mut nobody, "&kind=suggestion").await, json!([]));
    assert_eq!(nearby(&mut nobody, "&done=true").await, json!([]));
    for bad in ["radius_m=5001", "radius_m=1", "radius_m=NaN", "radius_m=500&after=here"] {
        let refused = nobody.get(&format!("/api/v1/nearby?lon=121.4&lat=30.9&{bad}")).await;
        assert_eq!(refused.problem(), "invalid", "{bad}");
    }
    let mut supervisor = server.staff(&[post(Role::Supervisor)]).await;
    let closed = supervisor.order(&filed, json!({ "command": "force_close", "reason": "已自行修复" })).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.text());
    assert_eq!(nearby(&mut nobody, "").await, json!([]));
    assert_eq!(nearby(&mut nobody, "&done=true").await[0]["id"], json!(filed));
    server.clock.advance(8 * Timestamp::DAY);
    assert_eq!(nearby(&mut nobody, "&done=true").await, json!([]));
}

#[tokio::test]
async fn a_public_case_tells_everything_but_who_and_its_photo_is_a_blur_until_it_is_approved() {
    let server = Server::start().await;
    let mut reporter = server.resident().await;
    let shot = photo("landscape_1.jpg");
    let (case, _) = reporter.report("井盖松动", &[&shot]).await;
    let mut nobody = server.device();
    let address = format!("/api/v1/public/{case}");
    let seen = nobody.get(&address).await.json();
    assert_eq!(
        (&seen["words"], &seen["may_join"], &seen["mine"]),
        (&json!("井盖松动"), &json!(true), &json!(false))
    );
    assert!(seen["steps"].as_array().unwrap().iter().all(|step| step["by"]["you"] == false), "{seen}");
    let name = seen["photos"][0]["hash"].as_str().unwrap().to_owned();
    assert_eq!(seen["photos"][0]["veiled"], true);
    let size = async |device: &mut Device, size: &str| {
        let answer = device.get(&format!("{address}/photos/{name}/{size}")).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "image/jpeg", "{}", answer.text());
        let picture = image::load_from_memory(&answer.body).unwrap();
        picture.width().max(picture.height())
    };
    assert_eq!((size(&mut nobody, "full").await, size(&mut nobody, "thumb").await), (9, 9), "nine dots");

    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let approval = format!("/api/v1/desk/cases/{case}/photos/{name}/approval");
    acceptor.send(Method::PUT, &approval, Some(&json!({ "shown": "whole" }))).await;
    assert_eq!(nobody.get(&address).await.json()["photos"][0]["veiled"], false);
    assert!(size(&mut nobody, "full").await > 320 && size(&mut nobody, "thumb").await <= 320);
    acceptor.send(Method::PUT, &approval, Some(&json!({ "shown": "nothing" }))).await;
    assert_eq!(nobody.get(&address).await.json()["photos"], json!([]));
    assert_eq!(nobody.get(&format!("{address}/photos/{name}/full")).await.problem(), "not_found");

    let unfiled = reporter.uncertain_report("还没立案", &[&shot]).await;
    assert_eq!(nobody.get(&format!("/api/v1/public/{unfiled}")).await.problem(), "not_found");
    assert_eq!(reporter.get(&address).await.json()["mine"], true);
}

#[tokio::test]
async fn the_page_of_a_public_case_has_its_title_words_and_approved_picture_for_sharing_and_no_other_has() {
    let server = Server::start().await;
    let mut reporter = server.resident().await;
    let shot = photo("landscape_1.jpg");
    let (case, _) = reporter.report("井盖 \"<松动>\"", &[&shot]).await;
    let unfiled = reporter.uncertain_report("还没立案", &[]).await;
    let mut crawler = server.device();
    let page = crawler.get(&format!("https://woodlark.test/c/{case}")).await.text().to_owned();
    let name = crawler.get(&format!("/api/v1/public/{case}")).await.json();
    let category = name["category"]["zh"].as_str().unwrap();
    assert!(page.contains(&format!("<meta property=\"og:title\" content=\"{category}")), "{page}");
    assert!(page.contains("井盖 &quot;&lt;松动&gt;&quot;") && page.contains("boot()"), "{page}");
    assert_eq!(page.matches("<title>").count(), 1, "{page}");
    let photo = format!("/api/v1/public/{case}/photos/{}", name["photos"][0]["hash"].as_str().unwrap());
    assert!(
        page.contains("/icon-512.png") && !page.contains(&photo),
        "nobody has looked at the photo: {page}"
    );

    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let approval = photo.replace("public", "desk/cases") + "/approval";
    acceptor.send(Method::PUT, &approval, Some(&json!({ "shown": "whole" }))).await;
    let page = crawler.get(&format!("https://woodlark.test/c/{case}")).await.text().to_owned();
    assert!(page.contains(&format!("\"https://woodlark.test{photo}/full\"")), "{page}");
    for other in [format!("/c/{unfiled}"), "/c/none".into(), format!("/case/{case}")] {
        let page = crawler.get(&other).await.text().to_owned();
        assert!(page.contains("<title>Woodlark</title>") && !page.contains("og:"), "{other}: {page}");
    }
}

#[tokio::test]
async fn praise_goes_on_the_wall_with_its_approved_photo_and_the_thanks_come_back() {
    let server = Server::start().await;
    let mut reporter = server.resident().await;
    let shot = photo("landscape_2.jpg");
    let praise = async |reporter: &mut Device, words: &str, photos: &[&[u8]]| {
        let (case, mut manifest) = (new_id(), manifest(words, photos));
        (manifest["kind"], manifest["category"]) = (json!("praise"), Value::Null);
        reporter.put_manifest(&case, &manifest).await;
        for photo in photos {
            reporter.put_chunk(&case, &crate::harness::hash(photo), 0, photo).await;
        }
        assert_eq!(reporter.complete(&case).await.json()["state"], "received");
        case
    };
    let case = praise(&mut reporter, "李师傅雨中清沟", &[&shot]).await;
    let other = praise(&mut reporter, "没有照片的夸奖", &[]).await;
    let mut nobody = server.device();
    assert_eq!(nobody.get("/api/v1/wall").await.json()["rows"], json!([]));
    let card = format!("/plain/thanks/{case}");
    assert_eq!(nobody.get(&card).await.status, StatusCode::NOT_FOUND, "nobody has published it");
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let name = acceptor.desk_case(&case).await["photos"][0]["hash"].as_str().unwrap().to_owned();
    acceptor
        .send(
            Method::PUT,
            &format!("/api/v1/desk/cases/{case}/photos/{name}/approval"),
            Some(&json!({ "shown": "whole" })),
        )
        .await;
    for one in [&case, &other] {
        let published = acceptor.order(one, json!({ "command": "publish" })).await;
        assert_eq!(published.json()["state"], "published", "{}", published.text());
        server.clock.advance(Timestamp::MINUTE);
    }
    let wall = nobody.get("/api/v1/wall").await.json();
    let words: Vec<&Value> = wall["rows"].as_array().unwrap().iter().map(|row| &row["words"]).collect();
    assert_eq!(words, [&json!("没有照片的夸奖"), &json!("李师傅雨中清沟")]);
    assert_eq!((&wall["rows"][1]["photo"], &wall["rows"][0]["photo"]), (&json!(name), &Value::Null));
    let thanked = acceptor.order(&case, json!({ "command": "thank", "note": "环卫二班很高兴" })).await;
    assert_eq!(thanked.json()["state"], "thanked", "{}", thanked.text());
    let wall = nobody.get("/api/v1/wall").await.json();
    assert_eq!(
        (&wall["rows"][0]["id"], &wall["rows"][0]["thanked"]),
        (&json!(case), &json!("环卫二班很高兴"))
    );
    assert_eq!(
        nobody.get(&format!("/api/v1/public/{case}/photos/{name}/thumb")).await.status,
        StatusCode::OK
    );
    let printed = nobody.get(&format!("{card}?lang=en")).await;
    assert_eq!(printed.status, StatusCode::OK, "{}", printed.text());
    for part in ["Thank you", "李师傅雨中清沟", name.as_str(), "Passed on"] {
        assert!(printed.text().contains(part), "{part}: {}", printed.text());
    }
    assert!(nobody.get(&format!("{card}?lang=zh")).await.text().contains("谢谢您"));
    acceptor
        .send(
            Method::PUT,
            &format!("/api/v1/desk/cases/{case}/photos/{name}/approval"),
            Some(&json!({ "shown": "nothing" })),
        )
        .await;
    assert_eq!(
        nobody.get("/api/v1/wall").await.json()["rows"][0]["photo"],
        Value::Null,
        "the last word holds"
    );
}
