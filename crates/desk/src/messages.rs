//! The desk's own texts, beside those that it shares with the residents' app.

use woodlark_domain::Language;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::queue::Queue;
use woodlark_domain::{Door, Role};
use woodlark_ui::messages::{fill, language};
use woodlark_wire::Label;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The desk's texts in the language of now.
#[must_use]
pub fn d() -> &'static Messages {
    match language() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// A name in the language of now.
#[must_use]
pub fn name(label: &Label) -> String {
    label.in_language(language()).to_owned()
}

/// What a queue is called.
#[must_use]
pub fn queue(queue: Queue) -> &'static str {
    let d = d();
    match queue {
        Queue::Accept => d.queue_accept,
        Queue::Dispatch => d.queue_dispatch,
        Queue::Handle => d.queue_handle,
        Queue::Verify => d.queue_verify,
        Queue::Overdue => d.queue_overdue,
        Queue::Thank => d.queue_thank,
        Queue::All => d.queue_all,
    }
}

/// What a door is called.
#[must_use]
pub fn door(door: Door) -> &'static str {
    let d = d();
    match door {
        Door::Browser => d.door_browser,
        Door::Form => d.door_form,
        Door::Wechat => d.door_wechat,
        Door::Kiosk => d.door_kiosk,
        Door::Open311 => d.door_open311,
        Door::Staff => d.door_staff,
    }
}

/// What a role is called where people are told what they may be.
#[must_use]
pub fn role(role: Role) -> &'static str {
    let d = d();
    match role {
        Role::Resident => d.role_resident,
        Role::Acceptor => d.role_acceptor,
        Role::Dispatcher => d.role_dispatcher,
        Role::Handler => d.role_handler,
        Role::Verifier => d.role_verifier,
        Role::Supervisor => d.role_supervisor,
        Role::Admin => d.role_admin,
        Role::System => d.role_system,
    }
}

/// What an order is called on its button, and the key that presses it; none for what staff do not order.
#[must_use]
pub fn order(command: &str) -> Option<(&'static str, &'static str)> {
    let d = d();
    Some(match command {
        "file" => (d.order_file, "f"),
        "decline" => (d.order_decline, "x"),
        "merge" => (d.order_merge, "m"),
        "dispatch" => (d.order_dispatch, "d"),
        "sign" => (d.order_sign, "s"),
        "return" => (d.order_return, "r"),
        "defer" => (d.order_defer, "w"),
        "resume" => (d.order_resume, "c"),
        "extend" => (d.order_extend, "e"),
        "finish" => (d.order_finish, "a"),
        "pass" => (d.order_pass, "p"),
        "rework" => (d.order_rework, "o"),
        "force_close" => (d.order_force_close, "q"),
        "publish" => (d.order_publish, "u"),
        "thank" => (d.order_thank, "t"),
        _ => return None,
    })
}

/// What somebody did, as the audit log tells it.
#[must_use]
pub fn did(action: AuditAction) -> &'static str {
    did_in(d(), action)
}

fn did_in(d: &'static Messages, action: AuditAction) -> &'static str {
    match action {
        AuditAction::Report => d.did_report,
        AuditAction::File => d.did_file,
        AuditAction::Decline => d.did_decline,
        AuditAction::Merge => d.did_merge,
        AuditAction::Withdraw => d.did_withdraw,
        AuditAction::Dispatch => d.did_dispatch,
        AuditAction::Sign => d.did_sign,
        AuditAction::Return => d.did_return,
        AuditAction::Defer => d.did_defer,
        AuditAction::Resume => d.did_resume,
        AuditAction::Extend => d.did_extend,
        AuditAction::Finish => d.did_finish,
        AuditAction::Pass => d.did_pass,
        AuditAction::Rework => d.did_rework,
        AuditAction::Rate => d.did_rate,
        AuditAction::Contest => d.did_contest,
        AuditAction::Settle => d.did_settle,
        AuditAction::ForceClose => d.did_force_close,
        AuditAction::Publish => d.did_publish,
        AuditAction::Thank => d.did_thank,
        AuditAction::Join => d.did_join,
        AuditAction::Raise => d.did_raise,
        AuditAction::ReadCase => d.did_read_case,
        AuditAction::LookAtOriginal => d.did_look_at_original,
        AuditAction::ListenToVoice => d.did_listen_to_voice,
        AuditAction::ReadReporter => d.did_read_reporter,
        AuditAction::ApprovePhoto => d.did_approve_photo,
        AuditAction::LinkPhone => d.did_link_phone,
        AuditAction::LinkWechat => d.did_link_wechat,
        AuditAction::UnlinkWechat => d.did_unlink_wechat,
        AuditAction::Notify => d.did_notify,
        AuditAction::ExportData => d.did_export_data,
        AuditAction::AskDeletion => d.did_ask_deletion,
        AuditAction::KeepAccount => d.did_keep_account,
        AuditAction::DeleteAccount => d.did_delete_account,
        AuditAction::ProposeRule => d.did_propose_rule,
        AuditAction::DecideRule => d.did_decide_rule,
        AuditAction::ApplyCity => d.did_apply_city,
        AuditAction::ImportCity => d.did_import_city,
        AuditAction::InviteStaff => d.did_invite_staff,
        AuditAction::ChangeStaff => d.did_change_staff,
        AuditAction::AcceptInvitation => d.did_accept_invitation,
        AuditAction::EndStaff => d.did_end_staff,
        AuditAction::SignIn => d.did_sign_in,
        AuditAction::SignInFailed => d.did_sign_in_failed,
        AuditAction::SignOut => d.did_sign_out,
        AuditAction::EndSeat => d.did_end_seat,
        AuditAction::FreezeBook => d.did_freeze_book,
        AuditAction::UnfreezeBook => d.did_unfreeze_book,
        AuditAction::ReadBook => d.did_read_book,
        AuditAction::ReverseDeed => d.did_reverse_deed,
        AuditAction::FundRewards => d.did_fund_rewards,
        AuditAction::ApprovePayout => d.did_approve_payout,
        AuditAction::DeclinePayout => d.did_decline_payout,
        AuditAction::ResumePayout => d.did_resume_payout,
        AuditAction::GiveBackPayout => d.did_give_back_payout,
        AuditAction::PayoutContradicted => d.did_payout_contradicted,
        AuditAction::HonourGift => d.did_honour_gift,
        AuditAction::SetUpBoard => d.did_set_up_board,
        AuditAction::SetUpKiosk => d.did_set_up_kiosk,
        AuditAction::IssueKioskCode => d.did_issue_kiosk_code,
        AuditAction::EnrolKiosk => d.did_enrol_kiosk,
        AuditAction::RevokeKiosk => d.did_revoke_kiosk,
        AuditAction::HandOver => d.did_hand_over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_of_the_audit_has_words_of_its_own_in_both_languages() {
        for messages in [&ZH, &EN] {
            let words: BTreeSet<&str> =
                AuditAction::ALL.iter().map(|action| did_in(messages, *action)).collect();
            assert_eq!(words.len(), AuditAction::ALL.len());
            let is_code = |word: &&str| AuditAction::from_code(word).is_some();
            assert!(!words.iter().any(is_code));
        }
        for action in AuditAction::ALL {
            assert_ne!(did_in(&ZH, *action), did_in(&EN, *action), "{}", action.code());
        }
    }
}
