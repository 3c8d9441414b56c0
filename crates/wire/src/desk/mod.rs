//! The centre's desk: how staff come in, what waits for them, one case as they see it, and what they order.

mod audit;
mod case;
mod city;
mod directory;
mod door;
mod figures;
mod order;
mod queue;
mod rewards;
mod staff_list;

pub use audit::{AuditAsked, AuditRow};
pub use case::{
    DeskAction, DeskCase, DeskEscalation, DeskPhoto, DeskRefusal, DeskReporter, DeskStep, StageClock,
    Suggestion,
};
pub use city::{
    CellChange, CityApply, CityChange, CityChanges, CityFault, CityNote, CityParts, CityPreview, CitySource,
    CodeName, ColumnChoices, CompareAsked, FileAsked, NewProposal, PartAsked, PartForm, PartTable,
    PartVersionView, ProposalView, RowChange, RowFate, RuleOffer, TemplateView,
};
pub use directory::{AreaName, DepartmentName, DeskDirectory};
pub use door::{
    AcceptInvitation, DeskMe, DeskSignIn, Invitation, InvitationLink, NewStaff, Seat, StaffRole, StaffState,
    StaffView,
};
pub use figures::{BoardView, FiguresAsked, FiguresRow, FiguresView};
pub use order::{DeskCommand, DeskOrder, PhotoApproval, PhotoShown};
pub use queue::{DeskFilter, DeskLive, DeskRow, QueueCount};
pub use rewards::{
    Approval, Because, DecidePayout, DeskBook, DeskDeed, DeskGift, DeskPayout, DeskRewards, FreezeRow,
    FundRewards, FundingRow, PayoutDecision, PayoutsAsked, Reconciled, ShownCode, Statement,
};
pub use staff_list::{StaffApplied, StaffInvited, StaffList, StaffListApply, StaffPreview};
