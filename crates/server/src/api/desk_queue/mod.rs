//! What waits at the desk: counts, pages of a queue, notices of what changed.

mod counts;
mod live;
mod page;

pub use counts::*;
pub use live::*;
pub use page::*;

use crate::edge::Staff;
use woodlark_domain::case::Actor;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_domain::queue::Queue;

/// The roles in which a member of staff sees a queue: those whose queue it is, or, where none is, all that may read cases.
fn actors(staff: &Staff, queue: Queue) -> Vec<Actor> {
    let posts = &staff.session.posts;
    let actor = |post: &woodlark_store::staff::Post| post.actor(staff.session.user);
    let mine: Vec<Actor> = posts.iter().filter(|post| queue.is_for(post.role)).map(actor).collect();
    if !mine.is_empty() {
        return mine;
    }
    posts.iter().filter(|post| scope(post.role, Action::ReadCase) != Scope::Nothing).map(actor).collect()
}
