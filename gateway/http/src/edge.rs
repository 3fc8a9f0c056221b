//! The edge of the house: who asks, and how every answer leaves.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use gateway_core::desk::RequestId;
use gateway_core::domain::Locale;
use gateway_locale::Locales;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::host::{INVALID_HOST, InvalidHost};
use crate::problem::ProblemPages;
use crate::{Caller, Problem, RequestIds, TrustedProxies};

/// The header that carries a request's id in both directions.
pub(crate) const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing in an answer of an API may be run, framed or fetched. A page that
/// needs more sets its own.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// One hand-written layer for the four jobs that need the same knowledge:
/// request id, client address, language and security headers. It puts
/// problems into words, because only here language and id are known.
#[derive(Clone)]
pub(crate) struct EdgeLayer {
    pub(crate) shared: Arc<EdgeParts>,
}

pub(crate) struct EdgeParts {
    pub(crate) proxies: TrustedProxies,
    pub(crate) ids: RequestIds,
    pub(crate) locales: Arc<Locales>,
    /// `Strict-Transport-Security`, where the operator serves HTTPS in front.
    pub(crate) hsts: Option<HeaderValue>,
    /// Who shows problems to people; `None` where nobody looks.
    pub(crate) pages: Option<Arc<dyn ProblemPages>>,
}

impl EdgeParts {
    fn caller(&self, request: &Request<Body>) -> Caller {
        // Missing only where a router is called without a connection.
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let headers = request.headers();
        Caller {
            request_id: self.request_id(peer, headers),
            net: self.proxies.client(peer, headers),
            locale: self.locale(headers),
        }
    }

    /// The proxy's id, so that its log and ours can be laid side by side. From
    /// anybody else it is ignored: ids stand in logs and audit.
    fn request_id(&self, peer: IpAddr, headers: &HeaderMap) -> RequestId {
        headers
            .get(REQUEST_ID_HEADER)
            .filter(|_| self.proxies.trusts(peer))
            .and_then(|value| value.to_str().ok())
            .and_then(RequestId::parse)
            .unwrap_or_else(|| self.ids.next())
    }

    fn locale(&self, headers: &HeaderMap) -> Locale {
        let default = self.locales.default_locale();
        match headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) {
            None => default,
            // Most people here wish for Vietnamese first: no list is made.
            Some(wish) if wishes_first(wish, default) => default,
            Some(wish) => self.locales.negotiate(wish),
        }
    }

    /// Where the asker is a browser that wants a page: its address. The API
    /// speaks JSON to everybody.
    fn wants_page(&self, request: &Request<Body>) -> Option<Uri> {
        self.pages.as_ref()?;
        let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok())?;
        let page = accept.contains("text/html") && !request.uri().path().starts_with("/api/");
        page.then(|| request.uri().clone())
    }

    /// The last look at every answer.
    fn see_off(&self, caller: &Caller, page: Option<&Uri>, mut response: Response<Body>) -> Response<Body> {
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            response = self.word(caller, page, response);
        }
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(caller.request_id.as_str()) {
            headers.insert(REQUEST_ID_HEADER, id);
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
        if let Some(hsts) = &self.hsts {
            headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        response
    }

    fn word(&self, caller: &Caller, page: Option<&Uri>, mut response: Response<Body>) -> Response<Body> {
        let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
        if response.status().as_u16() == 500 {
            // The cause was logged where it was known; this ties it to the
            // request that the citizen complains of.
            tracing::error!(request = caller.request_id.as_str(), code = problem.code(), "answered with a failure");
        }
        let mut worded = match (&self.pages, page) {
            (Some(pages), Some(asked)) => pages.page(&problem, caller, asked),
            _ => problem.worded(&self.locales, caller.locale, &caller.request_id),
        };
        // Headers that inner layers set (Allow, CORS, RateLimit, Vary) stay.
        let own = worded.headers().clone();
        for (name, value) in response.headers() {
            if !own.contains_key(name) && name != CONTENT_LENGTH {
                worded.headers_mut().append(name, value.clone());
            }
        }
        worded
    }
}

/// Whether the first range, with full weight, is this language.
fn wishes_first(wish: &str, language: Locale) -> bool {
    let first = wish.split(',').next().unwrap_or_default();
    !first.contains(';') && Locale::parse(first) == Some(language)
}

impl<S> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge { inner, shared: Arc::clone(&self.shared) }
    }
}

#[derive(Clone)]
pub(crate) struct Edge<S> {
    inner: S,
    shared: Arc<EdgeParts>,
}

impl<S> Service<Request<Body>> for Edge<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = EdgeFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let caller = self.shared.caller(&request);
        let refused = request.extensions().get::<InvalidHost>().is_some();
        request.extensions_mut().insert(caller.clone());
        let page = self.shared.wants_page(&request);
        let inner = (!refused).then(|| self.inner.call(request));
        EdgeFuture { inner, caller, page, shared: Arc::clone(&self.shared) }
    }
}

pin_project! {
    pub(crate) struct EdgeFuture<F> {
        // None where the request says no host: nothing behind may see it.
        #[pin]
        inner: Option<F>,
        caller: Caller,
        page: Option<Uri>,
        shared: Arc<EdgeParts>,
    }
}

impl<F> Future for EdgeFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match this.inner.as_pin_mut() {
            Some(inner) => {
                let Ok(response) = std::task::ready!(inner.poll(cx));
                response
            }
            None => Problem::of(&INVALID_HOST).into_response(),
        };
        Poll::Ready(Ok(this.shared.see_off(this.caller, this.page.as_ref(), response)))
    }
}
