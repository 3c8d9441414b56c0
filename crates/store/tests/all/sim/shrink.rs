//! A run, and what is left of one that fails: ever fewer steps that still fail, first in chunks, then one by one.

use super::step::Step;
use super::world::{Crash, Found, World};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// How long it is shortened at most.
const PATIENCE: Duration = Duration::from_secs(240);

/// Takes the steps on a fresh world. `every` so many steps what was touched is compared, everything at the end. Says at
/// which step it failed, counted from one.
pub(crate) fn run(world: &mut World, steps: &[Step], every: usize) -> Result<(), (usize, String)> {
    for (done, step) in (1..).zip(steps) {
        let taken = world.take(*step);
        let compared = taken.and_then(|()| if done % every == 0 { world.compare_touched() } else { Ok(()) });
        compared.map_err(|why| (done, why))?;
    }
    world.compare_all().map_err(|why| (steps.len(), why))
}

impl World {
    fn take(&mut self, step: Step) -> Found {
        match step {
            Step::Report { who, form, on } => self.report(who, form, on),
            Step::Begin { who, form, on } => self.begin(who, form, on),
            Step::BeginAgain { intake, how, on } => self.begin_again(intake, how, on),
            Step::Piece { intake, file, how, on } => self.piece(intake, file, how, on),
            Step::Complete { intake, stranger, on } => self.complete(intake, stranger, on),
            Step::Further { case, person, dice, on } => self.further(case, person, dice, on),
            Step::Order { case, person, post, deed, more, stale, on } => {
                self.any_order(case, (person, post), (deed, more), stale, on)
            }
            Step::Join { case, who, on } => self.join(case, who, on),
            Step::Again { back, other, on } => self.again(back, other, on),
            Step::Twice { case, person, dice } => self.twice(case, person, dice),
            Step::Race { case, one, other, dice } => self.two_at_once(case, (one, other), dice),
            Step::Wait { minutes } => {
                self.now = self.now.plus(i64::from(minutes) * woodlark_domain::Timestamp::MINUTE + 1);
                Ok(())
            }
            Step::Turn { on, at_once } => self.turn(on, at_once),
            Step::Count { on, at_once, most } => self.follow_up(on, at_once, usize::from(most)),
            Step::Look { case, person, post, action, on } => self.look(case, (person, post), action, on),
            Step::Approve { case, photo, person, post, shown, on } => {
                self.approve(case, photo, (person, post), shown, on)
            }
            Step::SignIn { who, on } => self.sign_in(who, on),
            Step::SignOut { session, on } => self.sign_out(session, on),
            Step::Crash { kept } => {
                self.crash = Some(if kept { Crash::Unanswered } else { Crash::Unkept });
                Ok(())
            }
            Step::Sweep { on } => self.sweep(on),
            Step::Forget { who, on } => self.forget(who, on),
        }
    }
}

/// A failure with as few steps as could be found.
pub(crate) struct Shrunk {
    pub(crate) steps: Vec<Step>,
    pub(crate) why: String,
    pub(crate) tried: u32,
}

/// Shortens steps that fail. `fails` says at which step and why, if they do.
pub(crate) fn shrink(
    steps: &[Step],
    why: String,
    fails: impl FnMut(&[Step]) -> Option<(usize, String)>,
) -> Shrunk {
    let least = Shrunk { steps: steps.to_vec(), why, tried: 0 };
    let mut shortening = Shortening { least, fails, began: Instant::now() };
    let mut chunk = (steps.len() / 2).max(1);
    while chunk > 1 {
        shortening.leave_out(chunk);
        chunk /= 2;
    }
    while shortening.leave_out(1) || shortening.lower() {}
    shortening.least
}

struct Shortening<F> {
    least: Shrunk,
    fails: F,
    began: Instant,
}

impl<F: FnMut(&[Step]) -> Option<(usize, String)>> Shortening<F> {
    /// Whether these fail too; then they are the fewest so far.
    fn try_these(&mut self, mut fewer: Vec<Step>) -> bool {
        if self.began.elapsed() >= PATIENCE {
            return false;
        }
        self.least.tried += 1;
        let Some((failed, why)) = (self.fails)(&fewer) else { return false };
        // What came after the step that fails is not needed either.
        fewer.truncate(failed);
        (self.least.steps, self.least.why) = (fewer, why);
        true
    }

    /// Leaves chunks out; says whether any was not needed.
    fn leave_out(&mut self, chunk: usize) -> bool {
        let (mut at, mut shorter) = (0, false);
        while at < self.least.steps.len() {
            let mut fewer = self.least.steps.clone();
            fewer.drain(at..(at + chunk).min(fewer.len()));
            let closed_up =
                chunk == 1 && matches!(self.least.steps[at], Step::Report { .. } | Step::Begin { .. });
            let mut closer = fewer.clone();
            if self.try_these(fewer) || (closed_up && self.try_these(close_up(&mut closer, at))) {
                shorter = true;
            } else {
                at += chunk;
            }
        }
        shorter
    }

    /// Lowers the numbers that say which case is meant; says whether any could be.
    fn lower(&mut self) -> bool {
        let mut lowered = false;
        for at in 0..self.least.steps.len() {
            let Some(number) = self.least.steps.get_mut(at).and_then(|step| step.nth().copied()) else {
                continue;
            };
            for lower in 0..number.min(12) {
                let mut steps = self.least.steps.clone();
                steps[at].nth().into_iter().for_each(|nth| *nth = lower);
                if self.try_these(steps) {
                    lowered = true;
                    break;
                }
            }
        }
        lowered
    }
}

/// Where a report is left out, what counted back beyond it counts one less.
fn close_up(steps: &mut [Step], left_out: usize) -> Vec<Step> {
    let mut since = 0;
    for step in steps.iter_mut().skip(left_out) {
        let is_report = matches!(step, Step::Report { .. } | Step::Begin { .. });
        if let Some(nth) = step.nth().filter(|nth| **nth >= since) {
            *nth = nth.saturating_sub(1);
        }
        since += u16::from(is_report);
    }
    steps.to_vec()
}

/// The steps as they can be copied into a test.
pub(crate) fn listed(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let _ = writeln!(text, "    Step::{step:?},");
    }
    text
}
