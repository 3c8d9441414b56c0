//! The API's description is part of the API: it changes only on purpose.

use crate::harness::Server;
use std::path::Path;

#[tokio::test]
async fn the_description_that_is_served_is_the_one_that_is_checked_in() {
    let server = Server::start().await;
    let served = server.device().get("/api/openapi.json").await.text();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, format!("{served}\n")).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept.trim_end() == served,
        "docs/openapi.json is out of date: run this test with UPDATE_SNAPSHOTS=1 and read the difference"
    );
}

#[tokio::test]
async fn every_address_of_the_wire_is_described() {
    let described: serde_json::Value =
        serde_json::from_str(&woodlark_server::router::openapi_document()).unwrap();
    let paths = described["paths"].as_object().unwrap();
    use woodlark_wire::path;
    for fixed in [
        path::SESSION,
        path::PHONE_CODE,
        path::PHONE,
        path::CASES,
        path::LIVE,
        path::CITY,
        path::CATEGORIES,
        path::AREAS,
        path::ALIKE,
        path::LEDGER,
        path::LEDGER_ENTRIES,
        path::LEDGER_SHARE,
        path::LEDGER_CHAIN,
        path::LEDGER_CSV,
        path::LEDGER_JSON,
        path::LEDGER_ROOTS,
        path::LEDGER_POINTS,
    ] {
        assert!(paths.contains_key(fixed), "{fixed}");
    }
    assert!(paths.contains_key("/api/v1/reports/{case}/attachments/{hash}"));
}
