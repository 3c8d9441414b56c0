//! What may be done next. Whom and what a step means is said by number and found modulo what there is by then, the newest
//! first, so that a step still means something when others are left out.

use crate::generated::Dice;

/// One step. `on` is the server that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A whole report: manifest, pieces, completion.
    Report { who: u16, form: u16, on: u8 },
    /// A manifest, and no more yet.
    Begin { who: u16, form: u16, on: u8 },
    /// A manifest once more: the same, another under the same id, or somebody else's.
    BeginAgain { intake: u16, how: u8, on: u8 },
    /// A piece of a file, its last, or the news that it has to begin anew.
    Piece { intake: u16, file: u8, how: u8, on: u8 },
    /// Completion: by its reporter, or by a stranger.
    Complete { intake: u16, stranger: bool, on: u8 },
    /// Somebody whose turn it is does something that the case waits for.
    Further { case: u16, person: u16, dice: u16, on: u8 },
    /// Anybody orders anything, having seen the case as it stood some events ago.
    Order { case: u16, person: u16, post: u8, deed: u8, more: u16, stale: u8, on: u8 },
    /// A resident met it too.
    Join { case: u16, who: u16, on: u8 },
    /// Something that was sent is sent again under its key, or something else under its key.
    Again { back: u16, other: bool, on: u8 },
    /// One finger, two taps: the same under the same key, to two servers at once.
    Twice { case: u16, person: u16, dice: u16 },
    /// Two people, two servers, the same case, at once.
    Race { case: u16, one: u16, other: u16, dice: u16 },
    /// Time goes by.
    Wait { minutes: u32 },
    /// A server's clock has its turn, or two servers' at once.
    Turn { on: u8, at_once: bool },
    /// A server counts for the figures, or two at once.
    Count { on: u8, at_once: bool, most: u8 },
    /// Somebody looks at something of a case.
    Look { case: u16, person: u16, post: u8, action: u8, on: u8 },
    /// Somebody decides what everyone may see of a photo.
    Approve { case: u16, photo: u8, person: u16, post: u8, shown: u8, on: u8 },
    /// A resident's device comes for the first time, or another one.
    SignIn { who: u16, on: u8 },
    /// A device is signed out.
    SignOut { session: u16, on: u8 },
    /// The next write meets a crash: before it is kept, or when it is kept and not answered.
    Crash { kept: bool },
    /// What has outlived its use is swept.
    Sweep { on: u8 },
    /// A resident's account ends, their week being over.
    Forget { who: u16, on: u8 },
}

impl Step {
    /// The number that says which case, report or order is meant, counted back.
    pub(crate) fn nth(&mut self) -> Option<&mut u16> {
        match self {
            Self::BeginAgain { intake: nth, .. }
            | Self::Piece { intake: nth, .. }
            | Self::Complete { intake: nth, .. }
            | Self::Further { case: nth, .. }
            | Self::Order { case: nth, .. }
            | Self::Join { case: nth, .. }
            | Self::Again { back: nth, .. }
            | Self::Twice { case: nth, .. }
            | Self::Race { case: nth, .. }
            | Self::Look { case: nth, .. }
            | Self::Approve { case: nth, .. }
            | Self::SignOut { session: nth, .. } => Some(nth),
            Self::Report { .. }
            | Self::Begin { .. }
            | Self::Wait { .. }
            | Self::Turn { .. }
            | Self::Count { .. }
            | Self::SignIn { .. }
            | Self::Crash { .. }
            | Self::Sweep { .. }
            | Self::Forget { .. } => None,
        }
    }
}

/// So many steps of a seed.
pub(crate) fn steps(seed: u64, count: usize) -> Vec<Step> {
    // Spread, so that seeds that lie beside each other have nothing in common; never nothing, or the dice would not fall.
    let mut dice = Dice(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..count).map(|_| one(&mut dice)).collect()
}

fn one(dice: &mut Dice) -> Step {
    let on = small(dice, 3);
    match dice.below(100) {
        0..6 => Step::Report { who: somebody(dice), form: any(dice), on },
        6..8 => Step::Begin { who: somebody(dice), form: any(dice), on },
        8..10 => Step::BeginAgain { intake: recent(dice), how: small(dice, 3), on },
        10..13 => Step::Piece { intake: recent(dice), file: small(dice, 4), how: small(dice, 6), on },
        13..15 => Step::Complete { intake: recent(dice), stranger: dice.below(6) == 0, on },
        15..46 => Step::Further { case: recent(dice), person: somebody(dice), dice: any(dice), on },
        46..62 => Step::Order {
            case: recent(dice),
            person: somebody(dice),
            post: small(dice, 17),
            deed: small(dice, 21),
            more: any(dice),
            stale: small(dice, 8).saturating_sub(5),
            on,
        },
        62..67 => Step::Join { case: recent(dice), who: somebody(dice), on },
        67..70 => Step::Again { back: recent(dice), other: dice.below(5) == 0, on },
        70..72 => Step::Twice { case: recent(dice), person: somebody(dice), dice: any(dice) },
        72..74 => {
            Step::Race { case: recent(dice), one: somebody(dice), other: somebody(dice), dice: any(dice) }
        }
        74..82 => Step::Wait { minutes: minutes(dice) },
        82..87 => Step::Turn { on, at_once: dice.below(3) == 0 },
        87..91 => Step::Count { on, at_once: dice.below(3) == 0, most: small(dice, 60) + 1 },
        91..93 => Step::Look {
            case: recent(dice),
            person: somebody(dice),
            post: small(dice, 17),
            action: small(dice, 5),
            on,
        },
        93..95 => Step::Approve {
            case: recent(dice),
            photo: small(dice, 3),
            person: somebody(dice),
            post: small(dice, 4),
            shown: small(dice, 3),
            on,
        },
        95..97 => Step::SignIn { who: somebody(dice), on },
        97 => Step::SignOut { session: recent(dice), on },
        98 => Step::Crash { kept: dice.below(2) == 0 },
        _ if dice.below(2) == 0 => Step::Forget { who: somebody(dice), on },
        _ => Step::Sweep { on },
    }
}

fn small(dice: &mut Dice, sides: u64) -> u8 {
    u8::try_from(dice.below(sides)).unwrap()
}

fn any(dice: &mut Dice) -> u16 {
    u16::try_from(dice.below(1 << 16)).unwrap()
}

/// One of a few people, so that the same meet again, or one of thousands.
fn somebody(dice: &mut Dice) -> u16 {
    let among = if dice.below(3) > 0 { 8 } else { 4_000 };
    u16::try_from(dice.below(among)).unwrap()
}

/// Mostly one of the newest.
fn recent(dice: &mut Dice) -> u16 {
    let among = if dice.below(4) > 0 { 6 } else { 1 << 16 };
    u16::try_from(dice.below(among)).unwrap()
}

/// Minutes, hours or days; seldom a month.
fn minutes(dice: &mut Dice) -> u32 {
    let most = dice.pick(&[
        20, 20, 20, 20, 90, 90, 600, 600, 1_440, 1_440, 5_000, 5_000, 11_000, 11_000, 11_000, 46_000,
    ]);
    u32::try_from(1 + dice.below(most)).unwrap()
}
