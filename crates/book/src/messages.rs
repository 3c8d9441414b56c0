//! The ledger's own texts, beside those that it shares with the residents' app.

use woodlark_domain::Language;
use woodlark_domain::city::Deed;
use woodlark_ledger::badge::Badge;
use woodlark_ledger::chain::Broken;
use woodlark_ui::messages::{fill, language};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The ledger's texts in the language of now.
#[must_use]
pub fn b() -> &'static Messages {
    match language() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// What a deed is called.
#[must_use]
pub fn deed(deed: Deed) -> &'static str {
    match deed {
        Deed::ProblemFiled => b().deed_problem_filed,
        Deed::Joined => b().deed_joined,
        Deed::SuggestionAdopted => b().deed_suggestion_adopted,
        Deed::PraisePublished => b().deed_praise_published,
        Deed::Rated => b().deed_rated,
    }
}

/// What a badge is called.
#[must_use]
pub fn badge(badge: Badge) -> &'static str {
    match badge {
        Badge::Woodpecker => b().badge_woodpecker,
        Badge::Kingfisher => b().badge_kingfisher,
        Badge::Lark => b().badge_lark,
        Badge::Watcher => b().badge_watcher,
    }
}

/// What an entry comes of, where it is no deed; a cause of a newer server is "an entry".
#[must_use]
pub fn cause(cause: &str) -> &'static str {
    match cause {
        "payout_due" => b().cause_payout_due,
        "payout_paid" => b().cause_payout_paid,
        "gift" => b().cause_gift,
        "donation" => b().cause_donation,
        "carried_out" => b().cause_carried_out,
        "carried_in" => b().cause_carried_in,
        "unreadable" => b().cause_unreadable,
        _ => b().cause_other,
    }
}

/// Why an entry was taken back; a reason of a newer server is none.
#[must_use]
pub fn reason(reason: &str) -> &'static str {
    match reason {
        "merged" => b().reason_merged,
        "withdrawn" => b().reason_withdrawn,
        "unfounded" => b().reason_unfounded,
        "payout_failed" => b().reason_payout_failed,
        "gift_returned" => b().reason_gift_returned,
        _ => b().reason_revised,
    }
}

/// What is wrong with an entry, in plain words.
#[must_use]
pub fn broken(broken: Broken) -> &'static str {
    match broken {
        Broken::Unreadable => b().broken_unreadable,
        Broken::Misfiled => b().broken_misfiled,
        Broken::Foreign => b().broken_foreign,
        Broken::OutOfPlace => b().broken_out_of_place,
        Broken::Unlinked => b().broken_unlinked,
        Broken::Altered => b().broken_altered,
        Broken::Backdated => b().broken_backdated,
        Broken::Unbalanced => b().broken_unbalanced,
        Broken::Overdrawn => b().broken_overdrawn,
    }
}
