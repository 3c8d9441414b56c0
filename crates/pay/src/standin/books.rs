//! The stand-in's books: which bills there are, how they stand, and how often money moved for each.

use crate::answer::Call;
use crate::transfer::{AMOUNT_MIN, FailReason, State};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use woodlark_domain::Timestamp;

/// How long a recipient has to confirm.
pub const CONFIRM_WITHIN: i64 = 24 * Timestamp::HOUR;

/// A bill cannot go where it is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmovable {
    /// There is no bill of this number.
    #[error("the stand-in has no bill {0}")]
    Unknown(String),
    /// It stands so that this cannot happen.
    #[error("a bill in state {0} does not go there")]
    From(&'static str),
}

/// One bill.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// What was asked for, to the byte.
    body: Vec<u8>,
    pub(super) openid: String,
    pub(super) amount: i64,
    pub(super) state: State,
    transfer_bill_no: String,
    package: String,
    made_at: Timestamp,
    /// How often money moved for it.
    pub(super) paid: u32,
}

/// All bills.
#[derive(Debug, Default)]
pub(super) struct Books {
    bills: BTreeMap<String, Entry>,
}

/// What is answered when nothing goes wrong: a status and its JSON.
pub(super) type Reply = (u16, Value);

#[derive(Deserialize)]
struct Asked {
    appid: String,
    out_bill_no: String,
    transfer_scene_id: String,
    openid: String,
    transfer_amount: i64,
    transfer_remark: String,
    notify_url: Option<String>,
    user_recv_perception: String,
    user_recv_style: Style,
    transfer_scene_report_infos: Vec<Info>,
}

#[derive(Deserialize)]
struct Style {
    r#type: String,
}

#[derive(Deserialize)]
struct Info {
    info_type: String,
    info_content: String,
}

impl Asked {
    /// What is wrong with it, by the documentation of scene 1000.
    fn wrong(&self, appid: &str) -> Option<&'static str> {
        let text = |text: &str| (1..=32).contains(&text.chars().count());
        let info = |kind: &str| {
            let mut of_it = self.transfer_scene_report_infos.iter().filter(|info| info.info_type == kind);
            of_it.next().is_some_and(|info| text(&info.info_content)) && of_it.next().is_none()
        };
        let checks = [
            ("appid", self.appid == appid),
            (
                "out_bill_no",
                (1..=32).contains(&self.out_bill_no.len())
                    && self.out_bill_no.bytes().all(|b| b.is_ascii_alphanumeric()),
            ),
            ("transfer_scene_id", self.transfer_scene_id == "1000"),
            ("openid", (1..=64).contains(&self.openid.len())),
            ("transfer_amount", (AMOUNT_MIN..=20_000).contains(&self.transfer_amount)),
            ("transfer_remark", text(&self.transfer_remark)),
            (
                "notify_url",
                self.notify_url.as_ref().is_none_or(|url| url.starts_with("https://") && !url.contains('?')),
            ),
            ("user_recv_perception", ["现金奖励", "活动奖励"].contains(&self.user_recv_perception.as_str())),
            ("user_recv_style", self.user_recv_style.r#type == "RED_PACKET"),
            (
                "transfer_scene_report_infos",
                self.transfer_scene_report_infos.len() == 2 && info("活动名称") && info("奖励说明"),
            ),
        ];
        checks.into_iter().find(|(_, right)| !right).map(|(name, _)| name)
    }
}

pub(super) fn refused(status: u16, code: &str) -> Reply {
    (status, json!({ "code": code, "message": "the stand-in says so" }))
}

impl Books {
    /// Does what was asked for.
    pub(super) fn carry_out(
        &mut self,
        call: Call,
        number: &str,
        body: &[u8],
        us: (&str, &str),
        now: Timestamp,
    ) -> Reply {
        self.expire(now);
        match call {
            Call::Transfer => self.transfer(body, us.0, now),
            Call::Query => match self.bills.get(number) {
                Some(bill) => (200, bill.queried(number, us)),
                None => refused(404, "NOT_FOUND"),
            },
            Call::Cancel => match self.bills.get_mut(number) {
                Some(bill) => bill.cancel(number),
                None => refused(404, "NOT_FOUND"),
            },
        }
    }

    fn transfer(&mut self, body: &[u8], appid: &str, now: Timestamp) -> Reply {
        let Ok(asked) = serde_json::from_slice::<Asked>(body) else { return refused(400, "PARAM_ERROR") };
        if asked.wrong(appid).is_some() {
            return refused(400, "PARAM_ERROR");
        }
        let next = self.bills.len();
        let bill = self.bills.entry(asked.out_bill_no.clone()).or_insert_with(|| Entry {
            body: body.to_vec(),
            openid: asked.openid,
            amount: asked.transfer_amount,
            state: State::WaitUserConfirm { package: None },
            package: format!("package{next}=="),
            transfer_bill_no: format!("13300000711000999911820200507{next:011}"),
            made_at: now,
            paid: 0,
        });
        if bill.body != body {
            return refused(400, "INVALID_REQUEST");
        }
        // So the documentation has it: what was only accepted is moved on by asking for the same again.
        if bill.state == State::Accepted {
            bill.state = State::WaitUserConfirm { package: None };
        }
        (200, bill.transferred(&asked.out_bill_no))
    }

    /// Lets 24 hours pass for those that nobody confirmed.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for bill in self.bills.values_mut() {
            let waits = matches!(bill.state, State::WaitUserConfirm { .. });
            if waits && now.0.saturating_sub(bill.made_at.0) >= CONFIRM_WITHIN {
                bill.state = State::Fail { reason: FailReason::new(FailReason::EXPIRED) };
            }
        }
    }

    pub(super) fn get(&self, number: &str) -> Option<&Entry> {
        self.bills.get(number)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.bills.values()
    }

    /// Moves a bill on, if it stands so that it can. Money moves where it comes to be paid.
    pub(super) fn go(
        &mut self,
        number: &str,
        to: State,
        from: impl Fn(&State) -> bool,
    ) -> Result<(), Unmovable> {
        let bill = self.bills.get_mut(number).ok_or_else(|| Unmovable::Unknown(number.to_owned()))?;
        if !from(&bill.state) {
            return Err(Unmovable::From(bill.state.code()));
        }
        if to == State::Success && bill.state != State::Success {
            bill.paid += 1;
        }
        bill.state = to;
        Ok(())
    }
}

impl Entry {
    fn reason(&self) -> Option<&str> {
        if let State::Fail { reason } = &self.state { Some(reason.as_str()) } else { None }
    }

    fn transferred(&self, number: &str) -> Value {
        let mut said = json!({
            "out_bill_no": number,
            "transfer_bill_no": self.transfer_bill_no,
            "create_time": "2026-01-05T09:00:00+08:00",
            "state": self.state.code(),
        });
        if let (State::WaitUserConfirm { .. }, Some(said)) = (&self.state, said.as_object_mut()) {
            said.insert("package_info".to_owned(), json!(self.package));
        }
        self.with_reason(said)
    }

    fn queried(&self, number: &str, (appid, mchid): (&str, &str)) -> Value {
        self.with_reason(json!({
            "mch_id": mchid,
            "out_bill_no": number,
            "transfer_bill_no": self.transfer_bill_no,
            "appid": appid,
            "state": self.state.code(),
            "transfer_amount": self.amount,
            "transfer_remark": "as it was asked for",
            "openid": self.openid,
            "create_time": "2026-01-05T09:00:00+08:00",
            "update_time": "2026-01-05T09:00:00+08:00",
        }))
    }

    /// What a callback seals.
    pub(super) fn posted(&self, number: &str, mchid: &str) -> Value {
        self.with_reason(json!({
            "mch_id": mchid,
            "out_bill_no": number,
            "transfer_bill_no": self.transfer_bill_no,
            "state": self.state.code(),
            "transfer_amount": self.amount,
            "openid": self.openid,
            "create_time": "2026-01-05T09:00:00+08:00",
            "update_time": "2026-01-05T09:00:00+08:00",
        }))
    }

    fn with_reason(&self, mut said: Value) -> Value {
        if let (Some(reason), Some(said)) = (self.reason(), said.as_object_mut()) {
            said.insert("fail_reason".to_owned(), json!(reason));
        }
        said
    }

    fn cancel(&mut self, number: &str) -> Reply {
        match self.state {
            State::Accepted | State::Processing | State::WaitUserConfirm { .. } => {
                self.state = State::Canceling
            }
            State::Canceling | State::Cancelled => {}
            State::Transfering | State::Success | State::Fail { .. } => {
                return refused(400, "INVALID_REQUEST");
            }
        }
        let said = json!({
            "out_bill_no": number,
            "transfer_bill_no": self.transfer_bill_no,
            "state": self.state.code(),
            "update_time": "2026-01-05T09:00:00+08:00",
        });
        (200, said)
    }
}
