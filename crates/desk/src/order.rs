//! An order of a member of staff as an errand: it waits on this device until the server has it. It goes under no session but
//! its giver's, one after the other for each case, and what the server refuses comes back in plain words with all that was
//! written and photographed.

use crate::app::{Seat, use_desk};
use crate::messages::{self, d};
use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, CaseNumber, ContentHash, Timestamp, UserId};
use woodlark_outbox::record::{Verdict, verdict};
use woodlark_outbox::{Errand, Stop, shelf};
use woodlark_ui::{Fault, api};
use woodlark_wire::{DeskCase, DeskCommand, DeskMe, DeskOrder, PhotoKept, ProblemCode, path};

/// An order on this device.
pub type Record = woodlark_outbox::Record<Order>;
/// The orders on this device.
pub type Outbox = woodlark_outbox::Outbox<Order>;

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Who gave it.
    pub giver: UserId,
    /// To which case.
    pub case: CaseId,
    /// Its number, for whoever has to look.
    pub number: CaseNumber,
    /// The version of the case that the giver saw, or knows to follow from their own order before.
    pub version: u32,
    /// The command's code.
    pub command: String,
    /// The command as JSON, still without its photos.
    pub text: String,
    /// What was written with it.
    pub words: String,
    /// How it looks afterwards.
    pub photos: Vec<OrderPhoto>,
    /// When it was given.
    pub given_at: Timestamp,
}

/// A photo on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPhoto {
    /// Its name on this device.
    pub hash: ContentHash,
    /// Its name on the server, once that has it.
    pub kept: Option<ContentHash>,
}

/// The server's word that an order was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The case.
    pub number: CaseNumber,
    /// The command's code.
    pub command: String,
    /// The version of the case that came of it, where the giver may still see the case.
    pub version: Option<u32>,
}

impl Order {
    /// The order as the server takes it.
    fn body(&self) -> Option<String> {
        let mut command: DeskCommand = serde_json::from_str(&self.text).ok()?;
        let names = self.photos.iter().filter_map(|photo| photo.kept).collect();
        if let DeskCommand::Finish { photos, .. } | DeskCommand::Pass { photos, .. } = &mut command {
            *photos = names;
        }
        let order = DeskOrder { version: self.version, giver: Some(self.giver), command };
        serde_json::to_string(&order).ok()
    }

    /// Whether whoever is at the desk gave it. Tracked.
    #[must_use]
    pub fn is_mine(&self) -> bool {
        use_desk().seat.with(|seat| matches!(seat, Seat::Taken(me) if me.user_id == self.giver))
    }
}

impl Errand for Order {
    type Receipt = Done;
    const SHELF: &'static str = "woodlark-desk";

    fn files(&self) -> impl Iterator<Item = ContentHash> + '_ {
        self.photos.iter().map(|photo| photo.hash)
    }

    fn give(&mut self, now: Timestamp) {
        self.given_at = now;
    }

    fn spend(&mut self) {
        self.text.clear();
        self.words.clear();
        self.photos.clear();
    }

    fn lose_files(&mut self) {
        self.photos.clear();
    }

    fn may_go(&self) -> bool {
        use_desk().seat.with_untracked(|seat| matches!(seat, Seat::Taken(me) if me.user_id == self.giver))
    }

    fn follows(&self, earlier: &Self) -> bool {
        self.case == earlier.case && self.giver == earlier.giver
    }

    /// Its giver saw the case before their own order and knows what that does. If anything else happened to the case
    /// meanwhile the version stays behind, and the server refuses: nobody decides on what they have not seen.
    fn goes_on(&mut self, earlier: &Self, done: &Done) -> bool {
        let only_that = self.version == earlier.version && done.version == Some(earlier.version + 1);
        if only_that {
            self.version += 1;
        }
        only_that
    }

    async fn carry(outbox: Outbox, record: &mut Record) -> Result<Done, Stop> {
        let handed_in = hand_in(outbox, record).await?;
        let order = &record.manifest;
        let body = order.body().ok_or(Fault::NotOurs)?;
        let address = path::desk_orders(order.case);
        match api::send("POST", &address, &record.id.to_string(), Some(&body)).await {
            Ok(answer) => Ok(Done {
                number: order.number.clone(),
                command: order.command.clone(),
                // Whoever gave a case back may not see it any more: the answer is empty then.
                version: api::read::<DeskCase>(&answer).ok().map(|case| case.version),
            }),
            // The server keeps a photo that no order names for a day: what it let go is handed in again.
            Err(fault) if handed_in < order.photos.len() && lacks_a_photo(&fault) => {
                record.manifest.photos.iter_mut().for_each(|photo| photo.kept = None);
                Err(Fault::Status(503).into())
            }
            Err(fault) => Err(judged(fault).await),
        }
    }

    fn done(done: &Done) -> String {
        let command = messages::order(&done.command).map_or("", |(words, _)| words);
        d().errand_done(command, done.number.as_str())
    }
}

/// Hands the photos in that the server has not yet, each once; answers how many these were.
async fn hand_in(outbox: Outbox, record: &mut Record) -> Result<usize, Stop> {
    let missing: Vec<ContentHash> =
        record.manifest.photos.iter().filter(|photo| photo.kept.is_none()).map(|photo| photo.hash).collect();
    if !missing.is_empty() {
        // Of a photo the server does not ask who took it, so it is asked who is signed in.
        match api::get::<DeskMe>(path::DESK_SESSION).await {
            Ok(me) if me.user_id == record.manifest.giver => {}
            Ok(_) => return Err(judged(Fault::Status(401)).await),
            Err(fault) => return Err(judged(fault).await),
        }
    }
    for hash in &missing {
        let file = shelf::file(*hash).await.ok_or(Stop::LostFile)?;
        let name = match put(outbox, *hash, &file).await {
            Ok(name) => name,
            Err(fault) => return Err(judged(fault).await),
        };
        let photos = record.manifest.photos.iter_mut();
        photos.filter(|photo| photo.hash == *hash).for_each(|photo| photo.kept = Some(name));
        outbox.put(record.clone()).await;
    }
    Ok(missing.len())
}

async fn put(outbox: Outbox, hash: ContentHash, file: &web_sys::Blob) -> Result<ContentHash, Fault> {
    let whole = file.size();
    let call = api::Call {
        method: "PUT",
        path: path::DESK_PHOTOS,
        body: api::Body::File(file),
        key: None,
        offset: None,
        progress: Some(Box::new(move |sent| outbox.went(hash, sent / whole))),
        header: None,
    };
    let kept: PhotoKept = api::read(&call.text().await?)?;
    outbox.went(hash, 1.0);
    Ok(kept.hash)
}

fn lacks_a_photo(fault: &Fault) -> bool {
    matches!(fault, Fault::Problem(problem) if problem.refusal.as_deref() == Some("photo_unknown"))
}

/// What a fault means for an order. One that says that the session is over, or another's, asks who is at the desk now: the
/// order waits for its giver.
async fn judged(fault: Fault) -> Stop {
    if matches!(fault, Fault::Status(401)) || fault.code() == Some(ProblemCode::NotStaff) {
        use_desk().ask_now().await;
    }
    match verdict(&fault) {
        Verdict::Later(_) => Stop::Fault(fault),
        Verdict::Attention { .. } => Stop::Refused(match fault.code() {
            Some(ProblemCode::NotFound) => d().errand_gone.to_owned(),
            Some(ProblemCode::Moved) => d().errand_moved.to_owned(),
            _ => fault.told(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(version: u32, command: &DeskCommand) -> Order {
        Order {
            giver: UserId::from_bytes([9; 16]),
            case: CaseId::from_bytes([1; 16]),
            number: CaseNumber::new("FX-20261123-00042").unwrap(),
            version,
            command: command.kind().code().to_owned(),
            text: serde_json::to_string(command).unwrap(),
            words: String::new(),
            photos: Vec::new(),
            given_at: Timestamp(0),
        }
    }

    fn finish() -> DeskCommand {
        DeskCommand::Finish { note: "修好了".to_owned(), photos: Vec::new(), verdict: None, fix: None }
    }

    #[test]
    fn an_order_names_its_giver_and_its_photos_as_the_server_knows_them() {
        let mut order = order(3, &finish());
        let (here, there) = (ContentHash::from_bytes([1; 32]), ContentHash::from_bytes([2; 32]));
        order.photos.push(OrderPhoto { hash: here, kept: Some(there) });
        let sent: DeskOrder = serde_json::from_str(&order.body().unwrap()).unwrap();
        assert_eq!((sent.version, sent.giver), (3, Some(order.giver)));
        let DeskCommand::Finish { photos, .. } = sent.command else { panic!() };
        assert_eq!(photos, [there]);
    }

    #[test]
    fn an_order_after_ones_own_goes_on_from_it_only_if_nothing_else_happened() {
        let (sign, mut after) = (order(3, &DeskCommand::Sign), order(3, &finish()));
        let done = |version| Done { number: sign.number.clone(), command: "sign".to_owned(), version };
        assert!(after.follows(&sign));
        for other in [Some(5), None] {
            assert!(!after.goes_on(&sign, &done(other)));
            assert_eq!(after.version, 3);
        }
        assert!(after.goes_on(&sign, &done(Some(4))));
        assert_eq!(after.version, 4);
    }
}
