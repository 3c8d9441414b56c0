//! Clocks: limits of four types, the city's calendar, deadlines and time spent, pauses, stages, the promise, and what the
//! clock does of itself.

mod calendar;
mod day;
mod limit;
mod promise;
mod running;
mod wake;

pub use calendar::{
    Calendar, CalendarError, Span, WorkSpan, Year, deadline, deadline_paused, elapsed, elapsed_paused,
};
pub use day::{Day, DayError};
pub use limit::{Limit, LimitKind};
pub use promise::{Move, MoveCause, Promise, promise};
pub use running::{Clocks, Overdue, Running, Stage, clocks, overdue};
pub use wake::{Call, Duty, Wake, calls, wake};
