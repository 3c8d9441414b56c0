//! The JSON API: its types, its paths and its problem codes.
//!
//! The server answers with these, the app and the desk read them; nobody else builds a URL or spells a field. With
//! the feature `openapi` every type also describes itself for `/api/openapi.json`.

pub mod case;
pub mod city;
pub mod desk;
pub mod kiosk;
pub mod ledger;
pub mod me;
pub mod path;
pub mod problem;
pub mod public;
pub mod redeem;
pub mod report;
pub mod session;
pub mod wechat;

pub use case::{
    CaseNotices, CaseRow, CaseView, Contest, Live, Page, Party, PhotoKept, PhotoStage, PhotoView,
    PromiseMove, PromiseView, Rate, Relation, Step, VoiceView,
};
pub use city::{AlikeRow, AreaShape, AreaView, CategoryView, CityView, Label, Ring};
pub use desk::{
    AcceptInvitation, AreaName, AuditAsked, AuditRow, BoardView, CellChange, CityApply, CityChange,
    CityChanges, CityFault, CityNote, CityParts, CityPreview, CitySource, CodeName, ColumnChoices,
    CompareAsked, DepartmentName, DeskAction, DeskCase, DeskCommand, DeskDirectory, DeskEscalation,
    DeskFilter, DeskLive, DeskMe, DeskOrder, DeskPhoto, DeskRefusal, DeskReporter, DeskRow, DeskSignIn,
    DeskStep, FiguresAsked, FiguresRow, FiguresView, FileAsked, Invitation, InvitationLink, NewProposal,
    NewStaff, PartAsked, PartForm, PartTable, PartVersionView, PhotoApproval, PhotoShown, ProposalView,
    QueueCount, RowChange, RowFate, RuleOffer, Seat, StaffApplied, StaffInvited, StaffList, StaffListApply,
    StaffPreview, StaffRole, StaffState, StaffView, StageClock, Suggestion, TemplateView,
};
pub use desk::{
    Approval, Because, DecidePayout, DeskBook, DeskDeed, DeskGift, DeskPayout, DeskRewards, FreezeRow,
    FundRewards, FundingRow, PayoutDecision, PayoutsAsked, Reconciled, ShownCode, Statement,
};
pub use kiosk::{
    EnrolKiosk, EntryName, EnvelopeAsked, EnvelopeReceipt, HandOver, KioskCode, KioskHealth, KioskRow,
    KioskView, KiosksView, LookUp, LookedUp, NewKiosk, SealedReport, StationGift, StationHonour,
};
pub use ledger::{
    LedgerBadge, LedgerCase, LedgerChain, LedgerDeeds, LedgerEntry, LedgerFile, LedgerFileBook,
    LedgerInclusion, LedgerMonth, LedgerProof, LedgerReward, LedgerRoot, LedgerShare, LedgerSibling,
    LedgerView, PointsVersion, PointsView, TakenBack,
};
pub use me::{AccountView, DeletionView, DeviceView, MyData};
pub use problem::{FieldProblem, Problem, ProblemCode};
pub use public::{NearbyRow, PublicCase, PublicPhoto, WallRow};
pub use redeem::{
    FundView, GiftOrderView, GiftView, OrderGift, PayoutConfirm, PayoutOffer, PayoutView, RedeemView,
    SpendPoints,
};
pub use report::{
    AttachmentManifest, AttachmentReceipt, Intake, IntakeState, Manifest, MediaRole, Place, Receipt,
};
pub use session::{LinkPhone, PhoneCodeRequest, PhoneCodeSent, SessionView};
pub use wechat::{
    WechatBack, WechatConfig, WechatLink, WechatMedia, WechatMini, WechatTicket, WechatTicketUse, WechatWay,
};
