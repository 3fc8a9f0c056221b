//! So many requests from one client's network, and no more: tower-governor
//! with our own key, refusal, headers and bounds.

use std::convert::Infallible;
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use futures::future::Either;
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::domain::ClientNet;
use governor::clock::QuantaInstant;
use governor::middleware::StateInformationMiddleware;
use http::header::{HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use ipnet::IpNet;
use metrics::{Counter, Gauge};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tower_governor::governor::{Governor, GovernorConfig, GovernorConfigBuilder, SharedRateLimiter};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use crate::{Caller, Problem};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const AFTER: HeaderName = HeaderName::from_static("x-ratelimit-after");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// While there are too many keys, networks share this many buckets.
const SHARED_BUCKETS: u64 = 65_536;

/// How often, in requests, the keys are counted.
const COUNT_EVERY: u32 = 65_536;

/// The limit of one client's network (an IPv4 address, an IPv6 /64). It is
/// the outer wall: the Desk's own limits by sender, device, dossier and action
/// are finer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressLimitConfig {
    /// Requests a second in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
    /// Networks that have a bucket of their own. Beyond it the others share
    /// 65,536 buckets until the next sweep.
    pub max_keys: usize,
    /// Networks without this limit: a provider whose one address brings every
    /// citizen's message.
    pub exempt: Vec<IpNet>,
}

impl Default for AddressLimitConfig {
    /// 20 a second, 100 at once (a whole office sits behind one address), and
    /// 500,000 networks (about 30 MB).
    fn default() -> Self {
        Self {
            per_second: NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN),
            burst: NonZeroU32::new(100).unwrap_or(NonZeroU32::MIN),
            max_keys: 500_000,
            exempt: Vec::new(),
        }
    }
}

type Shared = SharedRateLimiter<u128, StateInformationMiddleware>;

/// The buckets, for sweeping.
#[derive(Clone)]
pub struct AddressLimits {
    limiter: Shared,
    crowd: Arc<Crowd>,
    keys: Gauge,
}

impl AddressLimits {
    /// Forgets the networks whose bucket is full again and gives their memory
    /// back; returns how many are left. tower-governor never does this by
    /// itself: call it every 10 s or so.
    pub fn sweep(&self) -> usize {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
        let left = self.limiter.len();
        self.crowd.crowded.store(left > self.crowd.max_keys, Ordering::Relaxed);
        self.keys.set(f64::from(u32::try_from(left).unwrap_or(u32::MAX)));
        left
    }
}

impl std::fmt::Debug for AddressLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddressLimits").finish_non_exhaustive()
    }
}

/// Keeps the number of keys bounded: governor's own store is not.
#[derive(Default)]
struct Crowd {
    limiter: OnceLock<Shared>,
    max_keys: usize,
    asked: AtomicU32,
    crowded: AtomicBool,
    seed: foldhash::quality::RandomState,
}

impl Crowd {
    fn key(&self, net: ClientNet) -> u128 {
        // Counting keys locks every shard, so it is done now and then.
        if self.asked.fetch_add(1, Ordering::Relaxed) % COUNT_EVERY == COUNT_EVERY - 1
            && let Some(limiter) = self.limiter.get()
            && limiter.len() > self.max_keys
        {
            self.crowded.store(true, Ordering::Relaxed);
        }
        if self.crowded.load(Ordering::Relaxed) {
            use std::hash::BuildHasher as _;
            return u128::from(self.seed.hash_one(net.bits()) % SHARED_BUCKETS);
        }
        net.bits()
    }
}

/// tower-governor's view of [`Crowd`]. Its own extractors trust any header and
/// answer a missing one with a 500.
#[derive(Clone)]
pub(crate) struct ByNetwork(Arc<Crowd>);

impl KeyExtractor for ByNetwork {
    type Key = u128;

    fn extract<T>(&self, request: &Request<T>) -> Result<u128, GovernorError> {
        let net = request.extensions().get::<Caller>().map(|caller| caller.net);
        net.map(|net| self.0.key(net)).ok_or(GovernorError::UnableToExtractKey)
    }
}

#[derive(Clone)]
pub(crate) struct AddressLimitLayer {
    governor: GovernorLayer<ByNetwork, StateInformationMiddleware, Body>,
    fields: Arc<RateLimitFields>,
    exempt: Arc<[IpNet]>,
}

impl AddressLimitLayer {
    /// `None` where the rate is faster than a nanosecond a request: that is no
    /// limit.
    pub(crate) fn new(config: &AddressLimitConfig, refused: Counter) -> Option<(Self, AddressLimits)> {
        let crowd = Arc::new(Crowd { max_keys: config.max_keys, ..Crowd::default() });
        let period = Duration::from_secs(1) / config.per_second.get();
        // Not `per_second(n)`: there n is the seconds of one request.
        let governor: GovernorConfig<ByNetwork, StateInformationMiddleware> = GovernorConfigBuilder::default()
            .key_extractor(ByNetwork(Arc::clone(&crowd)))
            .period(period)
            .burst_size(config.burst.get())
            .use_headers()
            .finish()?;
        let limiter = Arc::clone(governor.limiter());
        let kept = crowd.limiter.set(Arc::clone(&limiter));
        debug_assert!(kept.is_ok(), "set once");
        let layer = GovernorLayer::new(governor).error_handler(move |error| {
            refused.increment(1);
            refusal(error)
        });
        let fields = Arc::new(RateLimitFields::new(config, period));
        let keys = metrics::gauge!("http_address_limit_keys");
        let exempt = config.exempt.as_slice().into();
        Some((Self { governor: layer, fields, exempt }, AddressLimits { limiter, crowd, keys }))
    }
}

/// A problem in place of plain text, and never "retry after 0 seconds":
/// tower-governor cuts the fraction off.
fn refusal(error: GovernorError) -> Response<Body> {
    let GovernorError::TooManyRequests { wait_time, headers } = error else {
        // No caller: the layer stands outside of the edge, which is our fault.
        return Problem::from(Refusal::of(RefusalKind::Internal)).into_response();
    };
    let after = Some(Duration::from_secs(wait_time.saturating_add(1)));
    let mut response = Problem::from(Refusal { kind: RefusalKind::TooMany, retry_after: after }).into_response();
    if let Some(headers) = headers {
        // For the RateLimit fields, which are written below.
        response.headers_mut().extend(headers.into_iter().filter(|(name, _)| *name != Some(http::header::RETRY_AFTER)));
    }
    response
}

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10)
/// for every number of requests that may be left, made once.
struct RateLimitFields {
    policy: HeaderValue,
    by_remaining: Vec<HeaderValue>,
}

impl RateLimitFields {
    /// At most this many are made; a larger burst shows "at least so many".
    const MOST: u32 = 1_000;

    fn new(config: &AddressLimitConfig, period: Duration) -> Self {
        let burst = config.burst.get();
        let whole = period.saturating_mul(burst);
        let seconds = |span: Duration| span.as_secs() + u64::from(span.subsec_nanos() > 0);
        let value = |text: String| HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""));
        let by_remaining = (0..=burst.min(Self::MOST))
            .map(|left| {
                let until_full = seconds(period.saturating_mul(burst - left));
                value(format!("\"address\";r={left};t={until_full}"))
            })
            .collect();
        Self { policy: value(format!("\"address\";q={burst};w={}", seconds(whole).max(1))), by_remaining }
    }

    /// Turns tower-governor's private headers into the standard's.
    fn rewrite(&self, response: &mut Response<Body>) {
        let refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        let headers = response.headers_mut();
        headers.remove(LIMIT);
        // Only on refusals of ours.
        let ours = headers.remove(AFTER).is_some();
        let Some(left) = headers.remove(REMAINING) else { return };
        if refused && !ours {
            // A finer limit further in refused: that this one has room left
            // would contradict its `Retry-After`.
            return;
        }
        let left = left.to_str().ok().and_then(|left| left.parse::<usize>().ok()).unwrap_or_default();
        if let Some(field) = self.by_remaining.get(left).or(self.by_remaining.last()) {
            headers.insert(RATE_LIMIT, field.clone());
            headers.insert(RATE_LIMIT_POLICY, self.policy.clone());
        }
    }
}

impl<S: Clone> Layer<S> for AddressLimitLayer {
    type Service = AddressLimit<S>;

    fn layer(&self, inner: S) -> AddressLimit<S> {
        AddressLimit {
            direct: inner.clone(),
            governor: self.governor.layer(inner),
            fields: Arc::clone(&self.fields),
            exempt: Arc::clone(&self.exempt),
        }
    }
}

pub(crate) struct AddressLimit<S> {
    governor: Governor<ByNetwork, StateInformationMiddleware, S, Body>,
    /// For networks without a limit.
    direct: S,
    fields: Arc<RateLimitFields>,
    exempt: Arc<[IpNet]>,
}

impl<S> AddressLimit<S> {
    fn is_exempt(&self, request: &Request<Body>) -> bool {
        !self.exempt.is_empty()
            && request.extensions().get::<Caller>().is_some_and(|caller| {
                let address = caller.net.address();
                self.exempt.iter().any(|net| net.contains(&address))
            })
    }
}

impl<S: Clone> Clone for AddressLimit<S> {
    fn clone(&self) -> Self {
        Self {
            governor: self.governor.clone(),
            direct: self.direct.clone(),
            fields: Arc::clone(&self.fields),
            exempt: Arc::clone(&self.exempt),
        }
    }
}

impl<S> Service<Request<Body>> for AddressLimit<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, AddressLimitFuture<tower_governor::ResponseFuture<S::Future, Body>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        std::task::ready!(self.direct.poll_ready(cx))?;
        Service::<Request<Body>>::poll_ready(&mut self.governor, cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if self.is_exempt(&request) {
            return Either::Left(self.direct.call(request));
        }
        Either::Right(AddressLimitFuture { inner: self.governor.call(request), fields: Arc::clone(&self.fields) })
    }
}

pin_project! {
    pub(crate) struct AddressLimitFuture<F> {
        #[pin]
        inner: F,
        fields: Arc<RateLimitFields>,
    }
}

impl<F> Future for AddressLimitFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(mut response) = std::task::ready!(this.inner.poll(cx));
        this.fields.rewrite(&mut response);
        Poll::Ready(Ok(response))
    }
}

/// Proves to the compiler that the middleware is the one with figures.
const _: fn() = || {
    fn figures<M: governor::middleware::RateLimitingMiddleware<QuantaInstant>>() {}
    figures::<StateInformationMiddleware>();
};

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn config(max_keys: usize) -> AddressLimitConfig {
        AddressLimitConfig {
            per_second: NonZeroU32::MIN,
            burst: NonZeroU32::new(3).unwrap(),
            max_keys,
            exempt: Vec::new(),
        }
    }

    #[test]
    fn the_fields_say_what_is_left_and_when_it_is_whole_again() {
        let fields = RateLimitFields::new(&config(1), Duration::from_secs(1));
        assert_eq!(fields.policy, "\"address\";q=3;w=3");
        assert_eq!(
            fields.by_remaining,
            ["\"address\";r=0;t=3", "\"address\";r=1;t=2", "\"address\";r=2;t=1", "\"address\";r=3;t=0"]
        );
    }

    #[test]
    fn a_crowd_of_networks_shares_buckets_and_memory_stays_bounded() {
        let (_, limits) = AddressLimitLayer::new(&config(10), Counter::noop()).unwrap();
        let net = |n: u32| ClientNet::of(IpAddr::V4(Ipv4Addr::from(n)));
        for n in 0..11 {
            assert!(limits.limiter.check_key(&limits.crowd.key(net(n))).is_ok());
        }
        assert_eq!(limits.sweep(), 11);
        let keys = |range: std::ops::Range<u32>| range.map(|n| limits.crowd.key(net(n)));
        assert!(keys(0..100_000).all(|key| key < u128::from(SHARED_BUCKETS)));
        assert_eq!(limits.crowd.key(net(5)), limits.crowd.key(net(5)));
    }

    #[test]
    fn the_crowd_is_noticed_between_two_sweeps() {
        let (_, limits) = AddressLimitLayer::new(&config(10), Counter::noop()).unwrap();
        for n in 0..COUNT_EVERY * 2 {
            let key = limits.crowd.key(ClientNet::of(IpAddr::V4(Ipv4Addr::from(n))));
            assert!(limits.limiter.check_key(&key).is_ok() || key < u128::from(SHARED_BUCKETS));
        }
        assert!(
            limits.limiter.len() <= usize::try_from(COUNT_EVERY).unwrap() + usize::try_from(SHARED_BUCKETS).unwrap()
        );
    }
}
