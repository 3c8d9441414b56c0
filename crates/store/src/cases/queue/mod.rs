//! The desk's queues, page by page. What is due first is on top; everything there is comes by its last change.
//!
//! A page is found in two steps: its keys along an index (`walk`, or `search` and `number` where something is looked for), and
//! the rows of these keys. No page is ever counted off from the start: the next one begins after
//! the last row of the one before, so that rows that move meanwhile are neither shown twice nor hide others.

mod count;
mod filter;
mod number;
mod row;
mod search;
mod walk;

pub use count::{count, counts};
pub use filter::Filter;
pub use row::Listed;

use crate::Fault;
use crate::column::At;
use crate::conn::Conn;
use woodlark_domain::case::Actor;
use woodlark_domain::queue::Queue;
use woodlark_domain::{CaseId, Timestamp};

/// What somebody at the desk asks for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who, as what: somebody with several roles is shown what one of them may read, and no more.
    pub actors: &'a [Actor],
    /// In which queue.
    pub queue: Queue,
    /// Of these cases only.
    pub filter: &'a Filter,
    /// When.
    pub now: Timestamp,
}

/// Where the next page begins: after this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What the order goes by: when the row is due, or when it last changed; 0 where ids alone are in order.
    pub key: i64,
    /// Which row it is.
    pub id: CaseId,
}

/// A page of a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Its rows. There may be fewer than asked for though more follow, where much had to be looked through.
    pub rows: Vec<Listed>,
    /// Where the next page begins, if there may be one.
    pub next: Option<Place>,
}

/// The keys of a page, and where the next begins.
struct Keys {
    keys: Vec<Place>,
    next: Option<Place>,
}

impl Keys {
    /// Of keys that are one more than the page takes, if there is a next page.
    fn of(mut keys: Vec<Place>, most: usize) -> Self {
        let more = keys.len() > most;
        keys.truncate(most);
        let next = keys.last().copied().filter(|_| more);
        Self { keys, next }
    }
}

/// A key as it is found.
fn place((key, id): (i64, Vec<u8>)) -> Result<Place, Fault> {
    Ok(Place { key, id: At("case_file", "id").case(&id)? })
}

/// A page of a queue, at most `most` rows of it.
///
/// # Errors
/// [`Fault`].
pub fn page(conn: &mut Conn, ask: &Ask<'_>, after: Option<Place>, most: usize) -> Result<Listing, Fault> {
    let keys = match (&ask.filter.number, &ask.filter.words) {
        (Some(number), _) => number::keys(conn, ask, number, after, most)?,
        (None, Some(words)) => search::keys(conn, ask, words, after, most)?,
        (None, None) => walk::keys(conn, ask, after, most)?,
    };
    Ok(Listing { rows: row::rows(conn, &keys.keys, ask.now)?, next: keys.next })
}
