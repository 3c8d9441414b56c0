//! What may stand in the audit log: everything that somebody does to a case, looks at, or changes of the city and its staff.
//!
//! Nothing else can be written there, and whoever shows the log has a word for each.

use crate::case::CommandKind;
use crate::kind::closed_list;

closed_list! {
    /// What somebody did or looked at.
    AuditAction {
        /// A case began.
        Report = "report",
        /// A case was filed.
        File = "file",
        /// A report was declined.
        Decline = "decline",
        /// A case was merged into another.
        Merge = "merge",
        /// A report was withdrawn.
        Withdraw = "withdraw",
        /// A case was sent to a department.
        Dispatch = "dispatch",
        /// A department signed for a case.
        Sign = "sign",
        /// A department gave a case back.
        Return = "return",
        /// A case was put on hold.
        Defer = "defer",
        /// A case went on.
        Resume = "resume",
        /// A case was given longer.
        Extend = "extend",
        /// A department had done its work.
        Finish = "finish",
        /// A case passed.
        Pass = "pass",
        /// A case went back to be done again.
        Rework = "rework",
        /// A case was rated.
        Rate = "rate",
        /// A case was contested.
        Contest = "contest",
        /// A case settled.
        Settle = "settle",
        /// A case was closed by force.
        ForceClose = "force_close",
        /// Praise went on the wall.
        Publish = "publish",
        /// Those praised were told.
        Thank = "thank",
        /// A resident joined a case.
        Join = "join",
        /// The clock called people to a case.
        Raise = "raise",
        /// A case was read whole.
        ReadCase = "read_case",
        /// A photo was looked at as it was taken.
        LookAtOriginal = "look_at_original",
        /// A voice was listened to.
        ListenToVoice = "listen_to_voice",
        /// It was asked who reported.
        ReadReporter = "read_reporter",
        /// It was decided what everyone may see of a photo.
        ApprovePhoto = "approve_photo",
        /// A resident linked a phone.
        LinkPhone = "link_phone",
        /// A resident linked their WeChat.
        LinkWechat = "link_wechat",
        /// A resident let their WeChat go.
        UnlinkWechat = "unlink_wechat",
        /// A resident was told in WeChat what their case came to.
        Notify = "notify",
        /// A resident fetched all that is kept of them.
        ExportData = "export_data",
        /// A resident asked for their account to be deleted.
        AskDeletion = "ask_deletion",
        /// A resident kept their account after all.
        KeepAccount = "keep_account",
        /// An account that was to go went.
        DeleteAccount = "delete_account",
        /// A rule was proposed.
        ProposeRule = "propose_rule",
        /// A proposed rule was decided on.
        DecideRule = "decide_rule",
        /// A part of the city's data was changed.
        ApplyCity = "apply_city",
        /// The program brought the city's data in.
        ImportCity = "import_city",
        /// Somebody was invited to the desk.
        InviteStaff = "invite_staff",
        /// Somebody got another name or other roles.
        ChangeStaff = "change_staff",
        /// An invitation was taken up.
        AcceptInvitation = "accept_invitation",
        /// Somebody's account was ended.
        EndStaff = "end_staff",
        /// Somebody signed in at the desk.
        SignIn = "sign_in",
        /// Somebody could not sign in.
        SignInFailed = "sign_in_failed",
        /// Somebody signed out.
        SignOut = "sign_out",
        /// A browser or a wall board of somebody's was signed out from afar.
        EndSeat = "end_seat",
        /// A book of the ledger was frozen.
        FreezeBook = "freeze_book",
        /// A frozen book was let go.
        UnfreezeBook = "unfreeze_book",
        /// A book of the ledger was looked at.
        ReadBook = "read_book",
        /// A deed was found false.
        ReverseDeed = "reverse_deed",
        /// The budget for thanks was raised or lowered.
        FundRewards = "fund_rewards",
        /// A red packet was approved.
        ApprovePayout = "approve_payout",
        /// A red packet was declined.
        DeclinePayout = "decline_payout",
        /// A red packet that was held was asked about again.
        ResumePayout = "resume_payout",
        /// The points of a red packet were to be given back.
        GiveBackPayout = "give_back_payout",
        /// The pay system contradicted itself about a red packet.
        PayoutContradicted = "payout_contradicted",
        /// A gift was handed over.
        HonourGift = "honour_gift",
        /// A wall board was set up.
        SetUpBoard = "set_up_board",
        /// A kiosk was set up.
        SetUpKiosk = "set_up_kiosk",
        /// Another code was made to enrol a kiosk with.
        IssueKioskCode = "issue_kiosk_code",
        /// A device was enrolled as a kiosk.
        EnrolKiosk = "enrol_kiosk",
        /// A kiosk's leave was taken away.
        RevokeKiosk = "revoke_kiosk",
        /// A case went from a kiosk to somebody's phone.
        HandOver = "hand_over",
    }
}

impl From<CommandKind> for AuditAction {
    fn from(command: CommandKind) -> Self {
        match command {
            CommandKind::Report => Self::Report,
            CommandKind::File => Self::File,
            CommandKind::Decline => Self::Decline,
            CommandKind::Merge => Self::Merge,
            CommandKind::Withdraw => Self::Withdraw,
            CommandKind::Dispatch => Self::Dispatch,
            CommandKind::Sign => Self::Sign,
            CommandKind::Return => Self::Return,
            CommandKind::Defer => Self::Defer,
            CommandKind::Resume => Self::Resume,
            CommandKind::Extend => Self::Extend,
            CommandKind::Finish => Self::Finish,
            CommandKind::Pass => Self::Pass,
            CommandKind::Rework => Self::Rework,
            CommandKind::Rate => Self::Rate,
            CommandKind::Contest => Self::Contest,
            CommandKind::Settle => Self::Settle,
            CommandKind::ForceClose => Self::ForceClose,
            CommandKind::Publish => Self::Publish,
            CommandKind::Thank => Self::Thank,
            CommandKind::Join => Self::Join,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Action;

    #[test]
    fn a_command_stands_in_the_log_under_its_own_code() {
        for command in CommandKind::ALL {
            assert_eq!(AuditAction::from(*command).code(), command.code());
        }
    }

    #[test]
    fn a_look_stands_in_the_log_under_the_code_of_its_permission() {
        let looks = [
            (AuditAction::ReadCase, Action::ReadCase),
            (AuditAction::LookAtOriginal, Action::LookAtOriginal),
            (AuditAction::ListenToVoice, Action::ListenToVoice),
            (AuditAction::ReadReporter, Action::ReadReporter),
            (AuditAction::ApprovePhoto, Action::ApprovePhoto),
            (AuditAction::ProposeRule, Action::ProposeRule),
        ];
        for (look, action) in looks {
            assert_eq!(look.code(), action.code());
        }
    }
}
