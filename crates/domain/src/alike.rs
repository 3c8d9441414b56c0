//! Alike: has somebody already reported this? Same kind, same family, within 50 m, not over, of the last 30 days.

use crate::limits::{ALIKE_DAYS, ALIKE_METRES};
use crate::place::metres;
use crate::{CaseId, CategoryCode, Kind, Position, State, Timestamp};

/// What likeness looks at in a report about to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// What it is.
    pub kind: Kind,
    /// Its category, if one was chosen; without it every family may be alike.
    pub category: Option<CategoryCode>,
    /// Where, in WGS-84.
    pub position: Position,
}

/// What likeness looks at in a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: CaseId,
    /// What it is.
    pub kind: Kind,
    /// Its category, if it is known.
    pub category: Option<CategoryCode>,
    /// Where, in WGS-84.
    pub position: Position,
    /// Where it stands.
    pub state: State,
    /// When it came in.
    pub reported_at: Timestamp,
}

/// How far a case is from what is sought, in metres; none when they aren't alike.
#[must_use]
pub fn alike(sought: &Sought, case: &Candidate, now: Timestamp) -> Option<f64> {
    let family = match (&sought.category, &case.category) {
        (Some(sought), Some(theirs)) => sought.class() == theirs.class(),
        _ => true,
    };
    let recent = case.reported_at >= now.plus(-ALIKE_DAYS * Timestamp::DAY) && case.reported_at <= now;
    if sought.kind != case.kind || !family || !recent || case.state.is_final() {
        return None;
    }
    let far = metres(sought.position, case.position);
    (far <= ALIKE_METRES).then_some(far)
}

/// The alike among candidates, likeliest first: the very same category, then the nearest, then the newest.
#[must_use]
pub fn rank<'a>(
    sought: &Sought,
    candidates: impl IntoIterator<Item = &'a Candidate>,
    now: Timestamp,
) -> Vec<(&'a Candidate, f64)> {
    let mut found: Vec<(&Candidate, f64)> =
        candidates.into_iter().filter_map(|case| Some((case, alike(sought, case, now)?))).collect();
    let other = |case: &Candidate| sought.category.is_none() || case.category != sought.category;
    found.sort_by(|(a, near), (b, far)| {
        let same = other(a).cmp(&other(b));
        same.then(near.total_cmp(far)).then(b.reported_at.cmp(&a.reported_at)).then(a.id.cmp(&b.id))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    fn sought() -> Sought {
        Sought {
            kind: Kind::Problem,
            category: CategoryCode::new("C0115").ok(),
            position: Position::new(121.458, 30.912).unwrap(),
        }
    }

    fn case(number: u8) -> Candidate {
        Candidate {
            id: CaseId::from_bytes([number; 16]),
            kind: Kind::Problem,
            category: CategoryCode::new("C0115").ok(),
            position: Position::new(121.4581, 30.912).unwrap(),
            state: State::Handling,
            reported_at: NOW.plus(-Timestamp::DAY),
        }
    }

    #[test]
    fn ten_metres_off_and_of_the_same_family_is_alike() {
        assert!(alike(&sought(), &case(1), NOW).is_some_and(|far| (9.0..11.0).contains(&far)));
        let family = Candidate { category: CategoryCode::new("C0102").ok(), ..case(1) };
        assert!(alike(&sought(), &family, NOW).is_some());
        assert!(alike(&sought(), &Candidate { state: State::Closed, ..case(1) }, NOW).is_some());
    }

    #[test]
    fn another_kind_or_family_too_far_too_old_or_over_is_not() {
        let far = Position::new(121.4586, 30.912).unwrap();
        let old = NOW.plus(-31 * Timestamp::DAY);
        for other in [
            Candidate { kind: Kind::Suggestion, ..case(1) },
            Candidate { category: CategoryCode::new("E0115").ok(), ..case(1) },
            Candidate { position: far, ..case(1) },
            Candidate { reported_at: old, ..case(1) },
            Candidate { state: State::Settled, ..case(1) },
            Candidate { state: State::Merged, ..case(1) },
        ] {
            assert_eq!(alike(&sought(), &other, NOW), None, "{other:?}");
        }
    }

    #[test]
    fn the_very_same_category_comes_before_a_nearer_cousin() {
        let cousin = Candidate {
            category: CategoryCode::new("C0102").ok(),
            position: Position::new(121.458, 30.912).unwrap(),
            ..case(2)
        };
        let newer = Candidate { reported_at: NOW, ..case(3) };
        let cases = [cousin, case(1), newer];
        let order: Vec<u8> =
            rank(&sought(), &cases, NOW).iter().map(|(case, _)| case.id.as_bytes()[0]).collect();
        assert_eq!(order, [3, 1, 2]);
    }
}
