//! The whole stack on one page. Read from top to bottom it is the way in.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use gateway_core::ports::Randomness;
use gateway_locale::Locales;
use http::header::{
    ACCEPT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, InvalidHeaderValue, RETRY_AFTER,
};
use http::{Method, Request, Response};
use tower::util::option_layer;
use tower::{Service, ServiceBuilder};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::address_limit::AddressLimitLayer;
use crate::edge::{EdgeLayer, EdgeParts, REQUEST_ID_HEADER};
use crate::gate::GateLayer;
use crate::gzip::GzipLayer;
use crate::measure::MeasureLayer;
use crate::panics::CatchPanicLayer;
use crate::problem::{self, ANSWER_CODE_HEADER, Problem, ProblemPages};
use crate::whole_body::WholeBodyLayer;
use crate::{AddressLimitConfig, AddressLimits, RequestIds, TrustedProxies};

/// What the public listener's stack is told by the configuration.
#[derive(Debug, Clone)]
pub struct StackConfig {
    /// Whose forwarding headers are believed. None by default.
    pub proxies: TrustedProxies,
    /// `Strict-Transport-Security`, e.g. `max-age=31536000`; none by default,
    /// because the gateway cannot know whether HTTPS stands before it.
    pub hsts: Option<String>,
    /// Browsers of other origins.
    pub cors: CorsConfig,
    /// Answers shorter than this many bytes are not compressed. 1,024.
    pub gzip_at_least: u64,
    /// The longest body that is read, in bytes. 16 KiB.
    pub body_limit: usize,
    /// Paths whose bodies may be longer, with their own limit: providers' events.
    pub longer_bodies: Vec<(&'static str, usize)>,
    /// From a request's head to the end of its body. 5 s.
    pub body_timeout: Duration,
    /// Bodies of one client's network that are being read at one time; more
    /// are refused at once. 64 (many phones share one address); 0: no limit.
    pub bodies_per_network: usize,
    /// The limit of one client's network.
    pub address_limit: AddressLimitConfig,
    /// Requests that are answered at one time; more are refused at once. 2,048.
    pub at_once: usize,
    /// The longest that one request may take once its body is there. 30 s.
    pub total_timeout: Duration,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self {
            proxies: TrustedProxies::default(),
            hsts: None,
            cors: CorsConfig::default(),
            gzip_at_least: 1_024,
            body_limit: 16 * 1_024,
            longer_bodies: Vec::new(),
            body_timeout: Duration::from_secs(5),
            bodies_per_network: 64,
            address_limit: AddressLimitConfig::default(),
            at_once: 2_048,
            total_timeout: Duration::from_secs(30),
        }
    }
}

/// Which web pages of other origins may ask.
#[derive(Debug, Clone, Default)]
pub struct CorsConfig {
    /// Origins (`https://dichvucong.example.vn`), or `*` for all. None: the
    /// layer is left out.
    pub origins: Vec<String>,
}

/// What the stack needs from the composition root.
#[derive(Clone)]
pub struct Needs {
    /// The words.
    pub locales: Arc<Locales>,
    /// Where request ids start.
    pub randomness: Arc<dyn Randomness>,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// The text of a header.
    #[error("{setting}: not the value of a header")]
    Header {
        /// Which setting.
        setting: &'static str,
        /// Why not.
        #[source]
        source: InvalidHeaderValue,
    },
    /// A rate beyond a thousand million requests a second.
    #[error("http.address_limit.per_second: too many to be a limit")]
    Rate,
}

/// Anything that answers HTTP and is always ready.
pub trait HttpService:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> HttpService for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// A router with its stack, and what must be swept beside it.
#[derive(Debug)]
pub struct Stacked<S> {
    /// To be served.
    pub service: S,
    /// To be swept every 10 s or so.
    pub address_limits: AddressLimits,
}

/// The stack of the public listener. The stack goes *around* the router, not
/// through `Router::layer`, which boxes each layer's future once a route.
///
/// # Errors
/// [`StackError`] names the setting that cannot be used.
pub fn public_stack(
    router: Router,
    config: &StackConfig,
    needs: &Needs,
) -> Result<Stacked<impl HttpService + use<>>, StackError> {
    public_stack_with_pages(router, config, needs, None)
}

/// The same, where problems are shown to browsers as pages.
///
/// # Errors
/// [`StackError`] names the setting that cannot be used.
pub fn public_stack_with_pages(
    router: Router,
    config: &StackConfig,
    needs: &Needs,
    pages: Option<Arc<dyn ProblemPages>>,
) -> Result<Stacked<impl HttpService + use<>>, StackError> {
    let refused = |reason| metrics::counter!("http_refused_total", "listener" => "public", "reason" => reason);
    let (address_limit, address_limits) =
        AddressLimitLayer::new(&config.address_limit, refused("address_limit")).ok_or(StackError::Rate)?;
    let service = ServiceBuilder::new()
        // Outermost: it gives the request its id, client and language, which
        // every other layer reads, and puts whatever problem comes back into
        // words.
        .layer(edge(config.proxies.clone(), config.hsts.as_deref(), needs, pages)?)
        // Outside of all that refuses: a browser hides an answer without
        // these headers from the page, and preflights cost no permit.
        .layer(option_layer(cors(&config.cors)?))
        // As far outside as can be while its answer still gets CORS headers.
        .layer(CatchPanicLayer { caught: refused("panic") })
        // Outside of the limits, so that no permit is held while compressing.
        .layer(GzipLayer { at_least: config.gzip_at_least })
        // Before the gate: who asks too often must not take others' permits.
        .layer(address_limit)
        // Before the gate: no permit is held while a client sends, and what is
        // too long is refused without one. After the address limit, which is
        // the cheaper refusal.
        .layer(
            WholeBodyLayer::new(config.body_limit, config.body_timeout, config.bodies_per_network, "public")
                .with_longer(&config.longer_bodies)
                .with_exempt(&config.address_limit.exempt),
        )
        // Innermost: counts only what is really worked on, and its time runs
        // only for those that were let in.
        .layer(GateLayer::new(config.at_once, config.total_timeout, "public"))
        .service(answered_everywhere(router));
    Ok(Stacked { service, address_limits })
}

/// The stack of the internal listener (health, metrics): no limits by address,
/// since only the operator's own machines reach it.
///
/// # Errors
/// None today; the shape is that of [`public_stack`].
pub fn internal_stack(router: Router, needs: &Needs) -> Result<impl HttpService + use<>, StackError> {
    let caught = metrics::counter!("http_refused_total", "listener" => "internal", "reason" => "panic");
    let service = ServiceBuilder::new()
        // Outermost, as on the public listener; a peer here is never a proxy.
        .layer(edge(TrustedProxies::default(), None, needs, None)?)
        // A panicking probe must not look like a dead process.
        .layer(CatchPanicLayer { caught })
        // A body has no business here.
        .layer(WholeBodyLayer::new(64 * 1_024, Duration::from_secs(5), 0, "internal"))
        // A hanging probe must not pile up: few at once, and briefly.
        .layer(GateLayer::new(64, Duration::from_secs(10), "internal"))
        .service(answered_everywhere(router));
    Ok(service)
}

/// Unknown routes and methods are answered like everything else.
fn answered_everywhere(router: Router) -> Router {
    let unknown = measured_fallback(&problem::UNKNOWN_ROUTE);
    router
        .fallback_service(unknown)
        // Last: it reaches only the routes that are there already.
        .method_not_allowed_fallback(|| async { Problem::of(&problem::METHOD_NOT_ALLOWED) })
}

/// Unknown routes are counted under one label: a client may invent any number
/// of paths.
fn measured_fallback(kind: &'static problem::ProblemType) -> axum::routing::MethodRouter {
    axum::routing::any(move || async move { Problem::of(kind) }).layer(MeasureLayer::new("unknown"))
}

fn edge(
    proxies: TrustedProxies,
    hsts: Option<&str>,
    needs: &Needs,
    pages: Option<Arc<dyn ProblemPages>>,
) -> Result<EdgeLayer, StackError> {
    let hsts = hsts.map(|value| header("http.hsts", value)).transpose()?;
    let ids = RequestIds::new(needs.randomness.next_u64());
    Ok(EdgeLayer { shared: Arc::new(EdgeParts { proxies, ids, locales: Arc::clone(&needs.locales), hsts, pages }) })
}

fn header(setting: &'static str, value: &str) -> Result<HeaderValue, StackError> {
    HeaderValue::from_str(value).map_err(|source| StackError::Header { setting, source })
}

fn cors(config: &CorsConfig) -> Result<Option<CorsLayer>, StackError> {
    if config.origins.is_empty() {
        return Ok(None);
    }
    let origins = if config.origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let origins: Result<Vec<_>, _> =
            config.origins.iter().map(|origin| header("http.cors.origins", origin)).collect();
        AllowOrigin::list(origins?)
    };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([ACCEPT_LANGUAGE, CONTENT_TYPE, IF_NONE_MATCH, HeaderName::from_static("x-device-id")])
        .expose_headers([
            ANSWER_CODE_HEADER,
            ETAG,
            RETRY_AFTER,
            REQUEST_ID_HEADER,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
        ])
        .max_age(Duration::from_secs(3_600));
    Ok(Some(layer))
}
