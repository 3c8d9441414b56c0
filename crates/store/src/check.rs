//! Is everything as it must be? The file itself, and what no constraint of the engine can say.

use crate::Fault;
use crate::cases::{CaseFile, History, Letters, Reckoned, UNWOUND};
use crate::city::{self, City};
use crate::column::{At, bytes};
use crate::conn::{Conn, Engine};
use crate::deletion::first_photo;
use crate::schema::{
    account, account_deletion, case_attachment, case_file, case_pair, counter, event, intake, joiner,
    ledger_owner, media, notice_consent, phone, session, wechat_link, wechat_ticket,
};
use crate::{figures, follow_up, ledger};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::{CaseId, Timestamp};

/// Cases looked at between two looks at the index.
const PAGE: i64 = 500;
/// Problems that are told one by one.
const TOLD: usize = 100;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Cases looked at.
    pub cases: u64,
    /// Events folded.
    pub events: u64,
    /// What is wrong, in words for the log; the first hundred.
    pub problems: Vec<String>,
    /// How much is wrong in all.
    pub wrong: u64,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.wrong == 0
    }

    fn tell(&mut self, problem: String) {
        self.wrong += 1;
        if self.problems.len() < TOLD {
            self.problems.push(problem);
        }
    }
}

/// Looks at everything. It reads one snapshot and takes as long as there are cases: about a minute a million.
///
/// # Errors
/// [`Fault`] where even looking fails.
pub fn check(conn: &mut Conn) -> Result<Checked, Fault> {
    let mut checked = Checked::default();
    engine(conn, &mut checked)?;
    let city = city::load(conn)?;
    let numbers = cases(conn, city.as_ref(), &mut checked)?;
    counters(conn, &numbers, &mut checked)?;
    attachments(conn, &mut checked)?;
    intakes(conn, &mut checked)?;
    strays(conn, &mut checked)?;
    city::altered(conn)?.into_iter().for_each(|problem| checked.tell(problem));
    if let Some(city) = &city {
        ledger::audit(conn, city)?.problems.into_iter().for_each(|problem| checked.tell(problem));
        // While errands wait the figures are behind, which is nothing wrong.
        let behind = follow_up::waiting(conn, Timestamp(i64::MAX), 1)?;
        if behind.is_empty() {
            figures::recount(conn, city)?.into_iter().for_each(|problem| checked.tell(problem));
        }
    }
    Ok(checked)
}

#[derive(diesel::QueryableByName)]
struct Said {
    #[diesel(sql_type = diesel::sql_types::Text)]
    integrity_check: String,
}

/// What the engine says of its own file.
fn engine(conn: &mut Conn, checked: &mut Checked) -> Result<(), Fault> {
    if let Engine::Sqlite(_) = conn.engine {
        let said = diesel::sql_query("PRAGMA integrity_check").load::<Said>(&mut conn.engine)?;
        for one in said.iter().filter(|one| one.integrity_check != "ok") {
            checked.tell(format!("the file: {}", one.integrity_check));
        }
    }
    Ok(())
}

/// Every row is what its events come to. Gives the highest number of each day.
fn cases(conn: &mut Conn, city: Option<&City>, checked: &mut Checked) -> Result<BTreeMap<i64, i64>, Fault> {
    let (mut after, mut seen, mut highest) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    let awaited = follow_up::not_findable(conn, usize::MAX)?.into_iter().collect();
    let mut pairs = Pairs { awaited, least: 0, most: 0 };
    loop {
        let page: Vec<CaseFile> = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::id.gt(&after))
            .order(case_file::id)
            .limit(PAGE)
            .select(CaseFile::as_select())
            .load(&mut conn.engine)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for file in &page {
            checked.cases += 1;
            one_case(conn, file, city, &mut pairs, checked)?;
            if let Some((day, n)) = day_and_count(&file.number) {
                let most = highest.entry(day).or_insert(n);
                *most = n.max(*most);
            } else {
                checked.tell(format!("case number {} cannot be read", file.number));
            }
            if !seen.insert(file.number.clone()) {
                checked.tell(format!("case number {} is given twice", file.number));
            }
        }
    }
    let strays: i64 = event::table
        .filter(event::adcode.eq(&*conn.adcode))
        .filter(event::seq.eq(1))
        .count()
        .get_result(&mut conn.engine)?;
    if u64::try_from(strays).ok() != Some(checked.cases) {
        checked.tell(format!("{strays} cases have events, {} have rows", checked.cases));
    }
    pairs.compare(conn, checked)?;
    Ok(highest)
}

/// How many pairs of letters there must be, and how many there may be: a row that was never wound may have none yet, nor one
/// that was not followed up.
struct Pairs {
    awaited: BTreeSet<CaseId>,
    least: usize,
    most: usize,
}

impl Pairs {
    fn compare(&self, conn: &mut Conn, checked: &mut Checked) -> Result<(), Fault> {
        let there: i64 = case_pair::table
            .filter(case_pair::adcode.eq(&*conn.adcode))
            .count()
            .get_result(&mut conn.engine)?;
        if !usize::try_from(there).is_ok_and(|there| (self.least..=self.most).contains(&there)) {
            checked.tell(format!("{there} pairs of letters are kept, {} are in the words", self.most));
        }
        Ok(())
    }
}

fn one_case(
    conn: &mut Conn,
    file: &CaseFile,
    city: Option<&City>,
    pairs: &mut Pairs,
    checked: &mut Checked,
) -> Result<(), Fault> {
    let id = At("case_file", "id").case(&file.id)?;
    let history = match History::load(conn, id) {
        Ok(Some(history)) => history,
        Ok(None) => {
            checked.tell(format!("case {id} has no events"));
            return Ok(());
        }
        Err(fault) if fault.is_of_events() => {
            checked.tell(fault.to_string());
            // Nor can it be said what its words are.
            pairs.most = usize::MAX;
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    checked.events += u64::from(history.case.events);
    let letters = Letters::of(&history).len();
    pairs.most = pairs.most.saturating_add(letters);
    let (promised_at, due_at, overdue, wakes_at) =
        (file.promised_at, file.due_at, file.overdue, file.wakes_at);
    let reckoned = match city {
        // The promise also hangs on the city's data of its day, so it is not judged here.
        Some(city) if wakes_at != Some(UNWOUND) => {
            if !pairs.awaited.contains(&id) {
                pairs.least += letters;
            }
            Reckoned { promised_at, ..Reckoned::of(conn, &history, city)? }
        }
        _ => Reckoned { promised_at, due_at, overdue, wakes_at },
    };
    let mut row = CaseFile::of(&file.adcode, &file.number, &history, &reckoned);
    if row.photo != file.photo {
        // Of a resident who is gone some photos went too.
        let first = first_photo(conn, id, &history.case.photos)?;
        row.photo = first.map(|photo| bytes(photo.as_bytes()));
    }
    if row != *file {
        checked.tell(format!("case {id}: its row is not what its events come to"));
    }
    let joined: BTreeSet<Vec<u8>> = joiner::table
        .filter(joiner::adcode.eq(&*conn.adcode))
        .filter(joiner::case_id.eq(&file.id))
        .select(joiner::user_id)
        .load(&mut conn.engine)?
        .into_iter()
        .collect();
    let folded: BTreeSet<Vec<u8>> =
        history.case.joiners.iter().map(|joiner| bytes(joiner.user.as_bytes())).collect();
    if joined != folded {
        checked.tell(format!("case {id}: its joiners are not those of its events"));
    }
    Ok(())
}

/// `FX-20261123-00042` is the 42nd of 20261123.
fn day_and_count(number: &str) -> Option<(i64, i64)> {
    let (head, count) = number.rsplit_once('-')?;
    let (_, day) = head.rsplit_once('-')?;
    Some((day.parse().ok()?, count.parse().ok()?))
}

/// No counter is behind the numbers that were given.
fn counters(conn: &mut Conn, highest: &BTreeMap<i64, i64>, checked: &mut Checked) -> Result<(), Fault> {
    let counters: BTreeMap<i64, i64> = counter::table
        .filter(counter::adcode.eq(&*conn.adcode))
        .select((counter::day, counter::n))
        .load(&mut conn.engine)?
        .into_iter()
        .collect();
    for (day, n) in highest {
        if counters.get(day).is_none_or(|counter| counter < n) {
            checked.tell(format!("the counter of {day} is behind number {n}"));
        }
    }
    Ok(())
}

/// Every file of a case has its object.
fn attachments(conn: &mut Conn, checked: &mut Checked) -> Result<(), Fault> {
    let orphans: Vec<Vec<u8>> =
        case_attachment::table
            .left_join(media::table.on(
                media::adcode.eq(case_attachment::adcode).and(media::hash.eq(case_attachment::media_hash)),
            ))
            .filter(case_attachment::adcode.eq(&*conn.adcode))
            .filter(media::hash.nullable().is_null())
            .select(case_attachment::case_id)
            .load(&mut conn.engine)?;
    for case in orphans {
        checked.tell(format!(
            "case {}: a file without its object",
            At("case_attachment", "case_id").case(&case)?
        ));
    }
    Ok(())
}

/// Nothing is left that is somebody's whose account is gone.
fn strays(conn: &mut Conn, checked: &mut Checked) -> Result<(), Fault> {
    macro_rules! strays {
        ($($table:ident),+) => {$(
            let there = account::table.filter(account::user_id.eq($table::user_id));
            let strays: i64 = $table::table
                .filter(diesel::dsl::not(diesel::dsl::exists(there)))
                .count()
                .get_result(&mut conn.engine)?;
            if strays > 0 {
                checked.tell(format!("{strays} rows of {} are nobody's", stringify!($table)));
            }
        )+};
    }
    // A report on its way in is given up after a week by itself.
    strays!(session, phone, wechat_link, wechat_ticket, notice_consent, ledger_owner, account_deletion);
    Ok(())
}

/// Every report that was taken is a case.
fn intakes(conn: &mut Conn, checked: &mut Checked) -> Result<(), Fault> {
    let lost: Vec<Vec<u8>> = intake::table
        .left_join(
            case_file::table.on(case_file::adcode.eq(intake::adcode).and(case_file::id.eq(intake::id))),
        )
        .filter(intake::adcode.eq(&*conn.adcode))
        .filter(intake::state.eq("accepted"))
        .filter(case_file::id.nullable().is_null())
        .select(intake::id)
        .load(&mut conn.engine)?;
    for id in lost {
        checked.tell(format!("report {} was taken and is no case", At("intake", "id").case(&id)?));
    }
    Ok(())
}
