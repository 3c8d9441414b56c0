//! The pay system's statement held against the ledger: what both must say alike, line by line.

use crate::kind::closed_list;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

closed_list! {
    /// How a statement and the ledger differ about a payout.
    DifferenceKind {
        /// The ledger has it as paid, the statement doesn't name it.
        OnlyOurs = "only_ours",
        /// The statement names it, the ledger doesn't have it as paid.
        OnlyTheirs = "only_theirs",
        /// Both have it, with other sums.
        Sum = "sum",
        /// The statement names it more than once.
        Twice = "twice",
    }
}

/// Where a statement and the ledger differ. Sums are in fen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// How.
    pub kind: DifferenceKind,
    /// The payout's number.
    pub number: String,
    /// What the ledger says.
    pub ours: Option<i64>,
    /// What the statement says; all its lines of this number together.
    pub theirs: Option<i64>,
}

/// Holds a statement (number and fen of each line) against what the ledger has as paid. Says how many are alike, what these come
/// to, and where they differ, by number.
#[must_use]
pub fn reconcile(ours: &[(String, i64)], theirs: &[(String, i64)]) -> (u64, i64, Vec<Difference>) {
    let mut known: BTreeMap<&str, (Option<i64>, Option<i64>, u32)> = BTreeMap::new();
    for (number, fen) in ours {
        known.entry(number).or_default().0 = Some(*fen);
    }
    for (number, fen) in theirs {
        let one = known.entry(number).or_default();
        one.1 = Some(one.1.unwrap_or(0).saturating_add(*fen));
        one.2 += 1;
    }
    let (mut alike, mut sum, mut differences) = (0, 0_i64, Vec::new());
    for (number, (ours, theirs, lines)) in known {
        let kind = match (ours, theirs) {
            _ if lines > 1 => DifferenceKind::Twice,
            (Some(one), Some(other)) if one == other => {
                alike += 1;
                sum = sum.saturating_add(one);
                continue;
            }
            (Some(_), Some(_)) => DifferenceKind::Sum,
            (Some(_), None) => DifferenceKind::OnlyOurs,
            (None, _) => DifferenceKind::OnlyTheirs,
        };
        differences.push(Difference { kind, number: number.to_owned(), ours, theirs });
    }
    (alike, sum, differences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_differ_is_told_and_nothing_else() {
        let of = |all: &[(&str, i64)]| -> Vec<(String, i64)> {
            all.iter().map(|(number, fen)| ((*number).to_owned(), *fen)).collect()
        };
        let ours = of(&[("a", 100), ("b", 200), ("c", 300), ("e", 500)]);
        let theirs = of(&[("a", 100), ("b", 201), ("d", 400), ("e", 500), ("e", 500)]);
        let (alike, sum, differences) = reconcile(&ours, &theirs);
        assert_eq!((alike, sum), (1, 100));
        let told: Vec<_> =
            differences.iter().map(|one| (one.number.as_str(), one.kind, one.ours, one.theirs)).collect();
        assert_eq!(
            told,
            [
                ("b", DifferenceKind::Sum, Some(200), Some(201)),
                ("c", DifferenceKind::OnlyOurs, Some(300), None),
                ("d", DifferenceKind::OnlyTheirs, None, Some(400)),
                ("e", DifferenceKind::Twice, Some(500), Some(1_000)),
            ]
        );
    }
}
