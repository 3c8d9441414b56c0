//! The centre's desk: how staff come in, what waits for them, one case as they see it, and what they order.

mod case;
mod directory;
mod door;
mod order;
mod queue;

pub use case::{
    DeskAction, DeskCase, DeskPhoto, DeskRefusal, DeskReporter, DeskStep, StageClock, Suggestion,
};
pub use directory::{AreaName, DepartmentName, DeskDirectory};
pub use door::{
    AcceptInvitation, DeskMe, DeskSignIn, Invitation, InvitationLink, NewStaff, Seat, StaffRole, StaffState,
    StaffView,
};
pub use order::{DeskCommand, DeskOrder, PhotoApproval, PhotoShown};
pub use queue::{DeskFilter, DeskLive, DeskRow, QueueCount};
