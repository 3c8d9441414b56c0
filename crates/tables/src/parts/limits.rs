//! Limits as text: `uh1+wd5` is within one urgent hour, and within five work days. An `m` behind the number counts minutes.

use woodlark_domain::clock::{Limit, LimitKind};
use woodlark_domain::limits::CRITERION_STEPS;

/// The longest limit, in minutes: ten years of days and nights.
const LONGEST: u32 = 3_660 * 24 * 60;

const fn unit(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::UrgentHours => "uh",
        LimitKind::WorkHours => "wh",
        LimitKind::WorkDays => "wd",
        LimitKind::CalendarDays => "cd",
    }
}

pub(super) fn write(steps: &[Limit]) -> String {
    let step = |limit: &Limit| match limit.count() {
        Some(count) => format!("{}{count}", unit(limit.kind)),
        None => format!("{}{}m", unit(limit.kind), limit.minutes),
    };
    steps.iter().map(step).collect::<Vec<_>>().join("+")
}

pub(super) fn read(text: &str) -> Option<Vec<Limit>> {
    let steps: Vec<Limit> = text.split('+').map(|step| one(step.trim())).collect::<Option<_>>()?;
    (steps.len() <= CRITERION_STEPS).then_some(steps)
}

fn one(step: &str) -> Option<Limit> {
    let (name, count) = step.split_at_checked(2)?;
    let kind = LimitKind::ALL.iter().copied().find(|kind| unit(*kind).eq_ignore_ascii_case(name))?;
    let limit = match count.strip_suffix('m') {
        Some(minutes) => Limit { kind, minutes: minutes.parse().ok()? },
        None => Limit::whole(kind, count.parse().ok()?),
    };
    (1..=LONGEST).contains(&limit.minutes).then_some(limit)
}
