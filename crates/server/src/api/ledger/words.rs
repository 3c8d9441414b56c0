//! An entry in words, for tables and for paper.

use crate::messages::say;
use woodlark_domain::Language;
use woodlark_wire::LedgerEntry;

/// What an entry is.
pub(crate) fn what(entry: &LedgerEntry, language: Language) -> String {
    let deed = entry.deed.map_or("", |deed| say(language, "ledger", deed.code()));
    match (entry.cause.as_str(), entry.reason.as_deref()) {
        ("deed", _) => deed.to_owned(),
        ("reversal", Some(reason)) => {
            let turned = if entry.points > 0 { "put_back" } else { "reversal" };
            format!("{}{deed} ({})", say(language, "ledger", turned), say(language, "ledger", reason))
        }
        (cause, _) => say(language, "ledger", cause).to_owned(),
    }
}

/// Fen as yuan: `5.00`.
pub(crate) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_are_written_as_yuan() {
        assert_eq!([0, 5, 500, -1_234].map(yuan), ["0.00", "0.05", "5.00", "-12.34"]);
    }
}
