//! The portal's wire, as `domain/portal.md` describes it, and the faults that
//! stand before it. The wire types here are the simulator's own.

pub(crate) mod answers;
mod broken;
pub(crate) mod dossier;
mod procedure;
mod service;
mod untidy;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde_json::Value;

pub(crate) use service::Service;

use crate::dice::{Dice, Purpose};
use crate::faults::Fate;
use crate::simulator::{Call, State as Portal};

/// Bytes of one request: a batch of a hundred dossiers fits well.
const LARGEST_BODY: usize = 2 << 20;

pub(crate) fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/mapi/login", post(login))
        .route("/mapi/g", post(call))
        // Innermost on purpose: what it refuses is read by the handlers' extractor.
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(portal)
}

async fn login(State(portal): State<Arc<Portal>>, body: Bytes) -> Response {
    let next = portal.next_call();
    portal.stats.login();
    match before(&portal, &next).await {
        Some(broken) => broken,
        None => finished(&portal, &next, answers::login(&portal, &body)),
    }
}

async fn call(State(portal): State<Arc<Portal>>, body: Bytes) -> Response {
    let next = portal.next_call();
    match before(&portal, &next).await {
        Some(broken) => broken,
        None => {
            let ends_session = next.fate == Fate::SessionEnds;
            finished(&portal, &next, answers::call(&portal, &body, ends_session))
        }
    }
}

/// Waits as long as the call takes; gives a response where the call gets no answer.
async fn before(portal: &Portal, next: &Call) -> Option<Response> {
    portal.stats.fault(next.fate);
    if next.fate == Fate::Stopped {
        return Some(broken::closed());
    }
    if let Some(latency) = next.latency {
        portal.config.clock.sleep(latency).await;
    }
    match next.fate {
        Fate::Silent => {
            portal.config.clock.sleep(portal.config.silence).await;
            Some(broken::closed())
        }
        Fate::Error => Some(page(StatusCode::INTERNAL_SERVER_ERROR, portal.words.fault_page.clone())),
        Fate::Page => Some(page(StatusCode::OK, portal.words.maintenance_page.clone())),
        Fate::Answered | Fate::Stopped | Fate::Cut | Fate::SessionEnds => None,
    }
}

/// Sends an answer, whole and tidy or not.
fn finished(portal: &Portal, next: &Call, answer: Vec<u8>) -> Response {
    let answer = if next.untidy { made_untidy(portal, next, answer) } else { answer };
    if next.fate == Fate::Cut {
        return broken::cut(answer);
    }
    let mut response = Response::new(Body::from(answer));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn made_untidy(portal: &Portal, next: &Call, answer: Vec<u8>) -> Vec<u8> {
    let Ok(tidy) = serde_json::from_slice::<Value>(&answer) else { return answer };
    let mut dice = Dice::of(portal.config.seed, Purpose::Untidy, next.number);
    serde_json::to_vec(&untidy::untidy(tidy, &portal.words.expired, &mut dice)).unwrap_or(answer)
}

fn page(status: StatusCode, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
