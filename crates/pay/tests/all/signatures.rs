//! Signatures: the stand-in reads requests by other code than the client writes them with, and whatever is signed is still
//! read with care.

use crate::{NOW, OPENID, World, doubt, order, refused, said};
use hyper::StatusCode;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use woodlark_domain::Timestamp;
use woodlark_pay::answer::{Call, read};
use woodlark_pay::standin::StandIn;
use woodlark_pay::{
    Answer, CallbackError, Client, Doubt, Limits, Merchant, Moment, Nonce, RefusalCode, Unverified, callback,
};

/// The merchant whose file says something else.
pub(crate) fn merchant(pay: &StandIn, from: &str, to: &str) -> Arc<Merchant> {
    let file = pay.merchant_file();
    assert!(file.contains(from), "{from}");
    let keys = pay.key_files().unwrap();
    let open = |path: &std::path::Path| {
        Ok(keys.iter().find(|(name, _)| std::path::Path::new(name) == path).unwrap().1.clone())
    };
    Arc::new(Merchant::from_toml(&file.replace(from, to), open).unwrap())
}

fn client(merchant: Arc<Merchant>) -> Client {
    Client::new(merchant, Limits::default()).unwrap()
}

#[tokio::test]
async fn who_is_not_the_merchant_is_turned_away() {
    let world = World::new().await;
    for (from, to, why) in [
        ("mchid = \"1900000001\"", "mchid = \"1900000002\"", "mchid"),
        ("serial = \"5157F09E", "serial = \"6157F09E", "serial"),
    ] {
        let other = client(merchant(&world.pay, from, to));
        let refusal = refused(other.query(&order("S1"), world.moment()).await);
        assert_eq!((refusal.status, refusal.code), (401, RefusalCode::SignError));
        assert_eq!(world.pay.turned_away().last().unwrap(), why);
    }
    assert!(world.pay.calls().is_empty());
}

#[tokio::test]
async fn a_nonce_serves_once() {
    let world = World::new().await;
    let moment = world.moment();
    said(world.client.transfer(&world.request("S1"), moment).await);
    assert_eq!(refused(world.client.query(&order("S1"), moment).await).code, RefusalCode::SignError);
    assert_eq!(world.pay.turned_away(), ["nonce again"]);
}

#[tokio::test]
async fn a_clock_that_is_five_minutes_off_pays_nothing_and_says_so() {
    let world = World::new().await;
    for (n, aside) in [(1, -300), (2, 300)] {
        let now = Timestamp(NOW.0 + aside * Timestamp::SECOND);
        let moment = Moment { now, nonce: Nonce([n; 16]) };
        let doubt = doubt(world.client.transfer(&world.request("S1"), moment).await);
        assert_eq!(doubt, Doubt::Unverified { status: 401, why: Unverified::Stale });
    }
    assert_eq!(world.pay.turned_away(), ["stale", "stale"]);
    assert_eq!(world.pay.bills(), 0);
    let now = Timestamp(NOW.0 + 299 * Timestamp::SECOND);
    said(world.client.transfer(&world.request("S1"), Moment { now, nonce: Nonce([3; 16]) }).await);
}

/// Reads one request to its end.
async fn whole(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "it ended early");
    }
    bytes
}

#[tokio::test]
async fn a_sum_that_was_altered_on_the_way_is_turned_away() {
    let world = World::new().await;
    let between = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (there, here) = (world.pay.address(), between.local_addr().unwrap());
    let altering = tokio::spawn(async move {
        let (mut client, _) = between.accept().await.unwrap();
        let request = String::from_utf8(whole(&mut client, b"}]}").await).unwrap();
        let altered = request.replace("\"transfer_amount\":500,", "\"transfer_amount\":900,");
        assert_ne!(request, altered);
        let mut server = TcpStream::connect(there).await.unwrap();
        server.write_all(altered.as_bytes()).await.unwrap();
        tokio::io::copy_bidirectional(&mut client, &mut server).await.unwrap();
    });
    let client = client(merchant(&world.pay, &there.to_string(), &here.to_string()));
    let refusal = refused(client.transfer(&world.request("S1"), world.moment()).await);
    assert_eq!(refusal.code, RefusalCode::SignError);
    altering.await.unwrap();
    assert_eq!(world.pay.turned_away(), ["signature"]);
    assert_eq!(world.pay.bills(), 0);
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_documented() {
    let world = World::new().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (there, here) = (world.pay.address(), listener.local_addr().unwrap());
    let sent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        String::from_utf8(whole(&mut stream, b"}]}").await).unwrap()
    });
    let client = client(merchant(&world.pay, &there.to_string(), &here.to_string()));
    let request = world.request("S1");
    // Whoever listens goes away without a word.
    assert!(matches!(doubt(client.transfer(&request, world.moment()).await), Doubt::Cut(_)));
    let sent = sent.await.unwrap();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /v3/fund-app/mch-transfer/transfer-bills http/1.1\r\n"), "{head}");
    for header in [
        format!("\r\nhost: {here}\r\n"),
        "\r\nauthorization: wechatpay2-sha256-rsa2048 mchid=\"1900000001\",nonce_str=\"".to_owned(),
        "\r\nwechatpay-serial: pub_key_id_".to_owned(),
        "\r\naccept: application/json\r\n".to_owned(),
        "\r\nconnection: close".to_owned(),
        "\r\nuser-agent: woodlark-pay/".to_owned(),
    ] {
        assert!(head.contains(&header), "{header}: {head}");
    }
    assert_eq!(body.as_bytes(), &request.body()[..]);
    let said: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        said,
        json!({
            "appid": "wx0123456789abcdef",
            "out_bill_no": "S1",
            "transfer_scene_id": "1000",
            "openid": OPENID,
            "transfer_amount": 500,
            "transfer_remark": "谢谢您的热心",
            "notify_url": "https://woodlark.example/wechat/pay",
            "user_recv_perception": "活动奖励",
            "user_recv_style": { "type": "RED_PACKET" },
            "transfer_scene_report_infos": [
                { "info_type": "活动名称", "info_content": "林百灵热心账本" },
                { "info_type": "奖励说明", "info_content": "随手拍问题获受理" },
            ],
        })
    );
}

/// A stand-in and its merchant for properties that need no connection.
struct Still {
    pay: StandIn,
    merchant: Merchant,
    _runtime: tokio::runtime::Runtime,
}

static STILL: LazyLock<Still> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pay = runtime.block_on(StandIn::start(NOW)).unwrap();
    let merchant = pay.merchant().unwrap();
    Still { pay, merchant, _runtime: runtime }
});

fn judge(call: Call, status: u16, body: &[u8]) -> Answer {
    let headers = STILL.pay.sign(body).unwrap();
    read(call, &order("S1"), &STILL.merchant, status.try_into().unwrap(), &headers, body, NOW)
}

fn call() -> impl Strategy<Value = Call> {
    prop::sample::select(Call::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn signed_bytes_that_are_no_answer_are_doubt(
        call in call(),
        status in 200..600_u16,
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..80), "\\{\"[a-z_]{1,12}\":[0-9\"a-z]{1,8}\\}".prop_map(String::into_bytes)],
    ) {
        prop_assert!(matches!(judge(call, status, &body), Answer::Doubt(_)));
    }

    #[test]
    fn signed_bytes_that_are_no_callback_are_refused(body in prop::collection::vec(any::<u8>(), 0..80)) {
        let headers = STILL.pay.sign(&body).unwrap();
        let result = callback(&headers, &body, &STILL.merchant, NOW);
        prop_assert!(matches!(result, Err(CallbackError::Unreadable(_))));
    }

    #[test]
    fn only_a_status_of_refusal_and_a_known_code_that_fits_is_a_refusal(
        call in call(),
        status in prop_oneof![Just(200), 400..500_u16, 500..505_u16],
        code in prop_oneof![
            prop::sample::select(RefusalCode::ALL).prop_map(|code| code.code().to_owned()),
            "[A-Z_]{1,20}",
        ],
    ) {
        let body = serde_json::to_vec(&json!({ "code": code, "message": "m" })).unwrap();
        let answer = judge(call, status, &body);
        let known = RefusalCode::ALL.iter().find(|known| known.code() == code);
        let right = (400..500).contains(&status) && status != 429 && known.is_some_and(|known| known.fits(call));
        prop_assert_eq!(matches!(answer, Answer::Refused(_)), right, "{:?}", answer);
        prop_assert!(!matches!(answer, Answer::Said(_)));
    }
}

#[test]
fn a_bill_is_taken_for_ours_only_if_nothing_in_it_differs() {
    let values = [
        ("out_bill_no", json!("S1"), json!("S2")),
        ("mch_id", json!("1900000001"), json!("1900000002")),
        ("transfer_amount", json!(500), json!(501)),
        ("appid", json!("wx0123456789abcdef"), json!("wx1")),
        ("openid", json!(OPENID), json!("o2")),
    ];
    // Of each field: left out, right or wrong; each way that five of them can be so.
    for way in 0..3_u32.pow(5) {
        let fields: [u32; 5] = std::array::from_fn(|n| way / 3_u32.pow(u32::try_from(n).unwrap()) % 3);
        let mut body = json!({ "state": "SUCCESS" });
        for ((name, right, wrong), how) in values.iter().zip(fields) {
            match how {
                1 => body[name] = right.clone(),
                2 => body[name] = wrong.clone(),
                _ => {}
            }
        }
        let bytes = serde_json::to_vec(&body).unwrap();
        let headers = STILL.pay.sign(&bytes).unwrap();
        let [number, merchant, amount, ..] = fields;
        for &call in Call::ALL {
            let needed = if call == Call::Query { [number, merchant, amount] } else { [number, 1, 1] };
            let right = needed.iter().all(|how| *how == 1) && !fields.contains(&2);
            let answer = read(call, &order("S1"), &STILL.merchant, StatusCode::OK, &headers, &bytes, NOW);
            assert_eq!(matches!(answer, Answer::Said(_)), right, "{call:?}, {body}: {answer:?}");
        }
    }
}
