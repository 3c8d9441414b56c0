//! What is fetched once for all who ask: an access token for each account, and the ticket that pages are signed with. Kept in
//! memory: a server that starts anew asks WeChat, and gets the same as before.
//!
//! Several servers need nothing between them, since `stable_token` gives each of them the same token. Only a forced refresh
//! takes it from the others, so it comes last: first WeChat is asked which token it holds for right now.

use crate::failure::Failure;
use core::fmt;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use woodlark_domain::Timestamp;

/// How long before its end something is fetched anew. WeChat makes a new token from five minutes before the end of the old one,
/// and both are good for these five: asking just after that gets the new one.
pub const AHEAD: i64 = 4 * Timestamp::MINUTE;
/// After a fetch ahead of time that came to nothing, how long what is there is used without trying again.
pub const TRY_AGAIN: i64 = 10 * Timestamp::SECOND;
/// How far apart two forced refreshes lie: WeChat does nothing at those that come sooner.
pub const FORCED_APART: i64 = 30 * Timestamp::SECOND;
/// How many refreshes WeChat lets an account force in a day.
pub const FORCED_A_DAY: usize = 20;

/// A token or a ticket. `Debug` says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a fetch brought, and for how many seconds it is good.
#[derive(Debug, Clone)]
pub(crate) struct Fetched {
    pub(crate) secret: Secret,
    pub(crate) seconds: i64,
}

#[derive(Debug, Clone)]
struct Kept {
    secret: Secret,
    until: Timestamp,
    /// From here on it is fetched anew.
    renew: Timestamp,
}

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    /// How many fetches have come to their end, and what the last of them came to, if to nothing.
    ended: u64,
    failed: Option<Failure>,
    /// How many looks for another secret have come to their end.
    looked: u64,
    /// When refreshes were forced, within the last day.
    forced: VecDeque<Timestamp>,
}

/// A place for one secret, and for one fetch of it at a time.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    state: Mutex<State>,
    turn: tokio::sync::Mutex<()>,
}

/// What stands in a slot.
enum Found {
    Fresh(Secret),
    /// Still good, but soon at its end.
    Aging(Secret),
    Nothing,
}

impl State {
    fn find(&self, now: Timestamp) -> Found {
        match &self.kept {
            Some(kept) if now < kept.renew && now < kept.until => Found::Fresh(kept.secret.clone()),
            Some(kept) if now < kept.until => Found::Aging(kept.secret.clone()),
            Some(_) | None => Found::Nothing,
        }
    }

    /// Keeps what a fetch brought; gives what is to be used now.
    fn end(&mut self, now: Timestamp, fetched: Result<Fetched, Failure>) -> Result<Secret, Failure> {
        self.ended += 1;
        match fetched {
            Ok(Fetched { secret, seconds }) => {
                let until = now.plus(seconds.saturating_mul(Timestamp::SECOND));
                self.kept = Some(Kept { secret: secret.clone(), until, renew: until.plus(-AHEAD) });
                self.failed = None;
                Ok(secret)
            }
            Err(failure) => {
                self.failed = Some(failure.clone());
                match &mut self.kept {
                    Some(kept) if now < kept.until => {
                        kept.renew = now.plus(TRY_AGAIN);
                        Ok(kept.secret.clone())
                    }
                    Some(_) | None => Err(failure),
                }
            }
        }
    }

    /// Whether a refresh may be forced now; then it is counted.
    fn may_force(&mut self, now: Timestamp) -> bool {
        self.forced.retain(|at| now.0.saturating_sub(at.0) < Timestamp::DAY);
        let soon = self.forced.back().is_some_and(|last| now.0.saturating_sub(last.0) < FORCED_APART);
        let may = !soon && self.forced.len() < FORCED_A_DAY;
        if may {
            self.forced.push_back(now);
        }
        may
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is good now, fetched if need be. However many ask, one of them fetches; the others wait for what comes of it, or go
    /// on with what is there while it is good.
    pub(crate) async fn get(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<Fetched, Failure>>,
    ) -> Result<Secret, Failure> {
        let (found, ended) = {
            let state = self.state();
            (state.find(now), state.ended)
        };
        let turn = match found {
            Found::Fresh(secret) => return Ok(secret),
            Found::Aging(secret) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(secret),
            },
            Found::Nothing => self.turn.lock().await,
        };
        {
            let state = self.state();
            match (state.find(now), &state.failed) {
                (Found::Fresh(secret), _) => return Ok(secret),
                // Somebody fetched while this one waited, in vain: asking once more would only be a queue of failures.
                (Found::Nothing, Some(failure)) if state.ended != ended => return Err(failure.clone()),
                (Found::Aging(_) | Found::Nothing, _) => {}
            }
        }
        let fetched = fetch.await;
        let secret = self.state().end(now, fetched);
        drop(turn);
        secret
    }

    /// Another secret than this one, which WeChat did not take: the one that it holds for right, or else a new one. `fetch` is
    /// told whether to force a refresh. None where WeChat gives no other.
    pub(crate) async fn other(
        &self,
        now: Timestamp,
        than: &Secret,
        fetch: impl AsyncFetch,
    ) -> Result<Option<Secret>, Failure> {
        let looked = self.state().looked;
        let _turn = self.turn.lock().await;
        {
            let state = self.state();
            match (state.find(now), &state.failed) {
                (Found::Fresh(secret) | Found::Aging(secret), _) if secret != *than => {
                    return Ok(Some(secret));
                }
                // Somebody looked while this one waited, in vain: what they found is so for all.
                (_, Some(failure)) if state.looked != looked => return Err(failure.clone()),
                (_, None) if state.looked != looked => return Ok(None),
                (Found::Fresh(_) | Found::Aging(_) | Found::Nothing, _) => {}
            }
        }
        let other = self.look(now, than, fetch).await;
        self.state().looked += 1;
        other
    }

    async fn look(
        &self,
        now: Timestamp,
        than: &Secret,
        fetch: impl AsyncFetch,
    ) -> Result<Option<Secret>, Failure> {
        self.state().kept = None;
        let held = fetch.fetch(false).await;
        let held = self.state().end(now, held)?;
        if held != *than {
            return Ok(Some(held));
        }
        if !self.state().may_force(now) {
            return Ok(None);
        }
        let forced = fetch.fetch(true).await;
        let forced = self.state().end(now, forced)?;
        Ok((forced != *than).then_some(forced))
    }
}

/// A fetch that can be made twice.
pub(crate) trait AsyncFetch {
    /// Fetches, by force or not.
    fn fetch(&self, force: bool) -> impl Future<Output = Result<Fetched, Failure>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use woodlark_outward::Lost;

    const T0: Timestamp = Timestamp(0);
    const HOURS_2: i64 = 2 * Timestamp::HOUR;

    fn fetched(name: &str) -> Result<Fetched, Failure> {
        Ok(Fetched { secret: Secret(name.to_owned()), seconds: 7_200 })
    }

    fn lost() -> Result<Fetched, Failure> {
        Err(Failure::Lost(Lost::TimedOut))
    }

    async fn get(slot: &Slot, now: i64, with: Result<Fetched, Failure>) -> Result<String, Failure> {
        slot.get(T0.plus(now), async { with }).await.map(|secret| secret.0)
    }

    #[tokio::test]
    async fn what_is_there_is_used_until_shortly_before_its_end() {
        let slot = Slot::default();
        assert_eq!(get(&slot, 0, fetched("a")).await.unwrap(), "a");
        assert_eq!(get(&slot, HOURS_2 - AHEAD - 1, fetched("b")).await.unwrap(), "a");
        assert_eq!(get(&slot, HOURS_2 - AHEAD, fetched("b")).await.unwrap(), "b");
    }

    #[tokio::test]
    async fn a_fetch_ahead_of_time_that_fails_is_tried_again_later_and_in_the_end_told() {
        let slot = Slot::default();
        get(&slot, 0, fetched("a")).await.unwrap();
        let ahead = HOURS_2 - AHEAD;
        assert_eq!(get(&slot, ahead, lost()).await.unwrap(), "a");
        assert_eq!(get(&slot, ahead + TRY_AGAIN - 1, fetched("b")).await.unwrap(), "a");
        assert_eq!(get(&slot, HOURS_2, lost()).await, Err(Failure::Lost(Lost::TimedOut)));
        assert_eq!(get(&slot, HOURS_2, fetched("c")).await.unwrap(), "c");
    }

    #[tokio::test]
    async fn one_fetches_for_all_who_ask_and_its_failure_is_that_of_all() {
        for result in [fetched("a"), lost()] {
            let slot = Slot::default();
            let fetches = AtomicUsize::new(0);
            let (go, gone) = tokio::sync::watch::channel(false);
            let ask = || async {
                let mut gone = gone.clone();
                slot.get(T0, async {
                    fetches.fetch_add(1, Ordering::SeqCst);
                    gone.wait_for(|gone| *gone).await.unwrap();
                    result.clone()
                })
                .await
            };
            let release = async {
                tokio::task::yield_now().await;
                go.send(true).unwrap();
            };
            let (a, b, c, ()) = tokio::join!(ask(), ask(), ask(), release);
            assert_eq!(fetches.load(Ordering::SeqCst), 1);
            assert!(a == b && b == c && a.is_ok() == result.is_ok());
            // The next one is a question of its own.
            assert_eq!(get(&slot, 0, fetched("a")).await.unwrap(), "a");
        }
    }

    #[tokio::test]
    async fn whoever_finds_a_good_one_does_not_wait_for_the_next() {
        let slot = Slot::default();
        get(&slot, 0, fetched("a")).await.unwrap();
        let turn = slot.turn.lock().await;
        assert_eq!(get(&slot, HOURS_2 - 1, fetched("b")).await.unwrap(), "a");
        drop(turn);
    }

    #[tokio::test]
    async fn a_fetch_that_is_given_up_leaves_its_turn_to_the_next() {
        let slot = Slot::default();
        {
            let given_up = slot.get(T0, core::future::pending());
            let mut given_up = core::pin::pin!(given_up);
            assert!(poll_once(given_up.as_mut()).await.is_none());
        }
        assert_eq!(get(&slot, 0, fetched("a")).await.unwrap(), "a");
    }

    /// What a future gives at its first poll.
    async fn poll_once<F: Future>(mut future: core::pin::Pin<&mut F>) -> Option<F::Output> {
        core::future::poll_fn(|context| {
            core::task::Poll::Ready(match future.as_mut().poll(context) {
                core::task::Poll::Ready(value) => Some(value),
                core::task::Poll::Pending => None,
            })
        })
        .await
    }

    /// Gives one name, or another by force.
    struct Named {
        held: &'static str,
        forced: &'static str,
        times: AtomicUsize,
    }

    impl AsyncFetch for &Named {
        async fn fetch(&self, force: bool) -> Result<Fetched, Failure> {
            // Others ask meanwhile.
            tokio::task::yield_now().await;
            if force {
                self.times.fetch_add(1, Ordering::SeqCst);
            }
            fetched(if force { self.forced } else { self.held })
        }
    }

    async fn other(slot: &Slot, now: i64, named: &Named) -> Option<String> {
        let bad = Secret("a".to_owned());
        slot.other(T0.plus(now), &bad, named).await.unwrap().map(|secret| secret.0)
    }

    fn named(held: &'static str, forced: &'static str) -> Named {
        Named { held, forced, times: AtomicUsize::new(0) }
    }

    #[tokio::test]
    async fn nothing_is_forced_where_wechat_holds_another_token_for_right() {
        let slot = Slot::default();
        get(&slot, 0, fetched("a")).await.unwrap();
        let from_elsewhere = named("b", "c");
        assert_eq!(other(&slot, 1, &from_elsewhere).await.as_deref(), Some("b"));
        // Whoever comes with the old one afterwards gets what is there.
        assert_eq!(other(&slot, 2, &named("x", "y")).await.as_deref(), Some("b"));
        assert_eq!(from_elsewhere.times.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn refreshes_are_forced_half_a_minute_apart_and_twenty_times_a_day() {
        let slot = Slot::default();
        let stuck = named("a", "a");
        let mut now = 0;
        for n in 1..=FORCED_A_DAY {
            assert_eq!(other(&slot, now, &stuck).await, None);
            assert_eq!(other(&slot, now + FORCED_APART - 1, &stuck).await, None);
            assert_eq!(stuck.times.load(Ordering::SeqCst), n);
            now += FORCED_APART;
        }
        assert_eq!(other(&slot, Timestamp::DAY - 1, &stuck).await, None);
        assert_eq!(stuck.times.load(Ordering::SeqCst), FORCED_A_DAY);
        assert_eq!(other(&slot, Timestamp::DAY, &named("a", "b")).await.as_deref(), Some("b"));
    }

    #[tokio::test]
    async fn one_looks_for_another_on_behalf_of_all() {
        for (forced, found) in [("a", None), ("b", Some("b"))] {
            let slot = Slot::default();
            get(&slot, 0, fetched("a")).await.unwrap();
            let named = named("a", forced);
            let now = FORCED_APART;
            let all =
                tokio::join!(other(&slot, now, &named), other(&slot, now, &named), other(&slot, now, &named));
            for one in [all.0, all.1, all.2] {
                assert_eq!(one.as_deref(), found);
            }
            // The first, what WeChat held for right, and one by force.
            assert_eq!((slot.state().ended, named.times.load(Ordering::SeqCst)), (3, 1));
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert!(!format!("{:?}", fetched("hush")).contains("hush"));
    }
}
