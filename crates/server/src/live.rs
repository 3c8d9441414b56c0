//! What is live: whoever listens asks the database what of theirs has changed since they last saw; this hub only says
//! when it is worth asking. So several servers need nothing between them, and nothing is missed on the way.

use tokio::sync::watch;

/// Says on this server that something was written.
#[derive(Debug, Clone)]
pub struct LiveHub {
    writes: watch::Sender<u64>,
}

impl Default for LiveHub {
    fn default() -> Self {
        Self { writes: watch::Sender::new(0) }
    }
}

impl LiveHub {
    /// Something was written: look.
    pub fn look_now(&self) {
        self.writes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Hears of writes from now on.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.writes.subscribe()
    }
}
