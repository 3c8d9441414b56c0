//! How often one address may ask: generous for reading, tighter for writing, tight for what costs money or trust.
//! A street's residents may share one address behind a carrier's NAT, so the figures are high.

use super::problem::ApiError;
use super::reader::ClientAddress;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use woodlark_wire::ProblemCode;

/// Requests a second and in a burst that one address may make.
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    /// Reads a second.
    pub reads: NonZeroU32,
    /// Writes a second.
    pub writes: NonZeroU32,
}

/// The limiters of this server.
pub struct Rates {
    reads: DefaultKeyedRateLimiter<IpAddr>,
    writes: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Rates {
    /// Limiters with these quotas; a burst may be ten seconds' worth.
    #[must_use]
    pub fn new(limits: RateLimits) -> Arc<Self> {
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(TEN));
        Arc::new(Self {
            reads: RateLimiter::keyed(quota(limits.reads)),
            writes: RateLimiter::keyed(quota(limits.writes)),
            clock: DefaultClock::default(),
        })
    }

    /// Forgets addresses that have been quiet; called by a job.
    pub fn forget_quiet(&self) {
        self.reads.retain_recent();
        self.writes.retain_recent();
    }

    fn check(&self, method: &Method, address: IpAddr) -> Result<(), ApiError> {
        let limiter = if method.is_safe() { &self.reads } else { &self.writes };
        limiter.check_key(&address).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).as_secs().saturating_add(1);
            ApiError::wait(ProblemCode::TooManyRequests, u32::try_from(wait).unwrap_or(u32::MAX))
        })
    }
}

const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Refuses what comes too often.
pub async fn limit_rates(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>().copied().unwrap_or_default();
    match rates.check(request.method(), address.0) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
