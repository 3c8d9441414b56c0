//! Clocks: limits of four types, the city's calendar, deadlines and time spent, pauses, stages, and the promise.

mod calendar;
mod day;
mod limit;
mod promise;
mod running;

pub use calendar::{
    Calendar, CalendarError, Span, WorkSpan, Year, deadline, deadline_paused, elapsed, elapsed_paused,
};
pub use day::{Day, DayError};
pub use limit::{Limit, LimitKind};
pub use promise::{Move, MoveCause, Promise, promise};
pub use running::{Clocks, Overdue, Running, Stage, clocks, overdue};
