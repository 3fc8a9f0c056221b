//! The control endpoints: what a test, a demo or an operator does to the
//! portal behind its back. JSON in and out; a refusal is `{"error": "…"}`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::faults::Faults;
use crate::simulator::State as Portal;
use crate::wire::answers::derived;
use crate::wire::dossier::progress;
use crate::writes::read_status;

/// Dossiers that one page of the list looks at.
const PAGE: u64 = 1_000;
const LARGEST_BODY: usize = 16 << 10;

pub(crate) fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/internal/dossiers", get(list))
        .route("/internal/dossiers/{number}", get(show))
        .route("/internal/dossiers/{number}/status", post(move_by_hand).delete(release))
        .route("/internal/faults", get(faults).put(set_faults))
        .route("/internal/sessions", get(sessions).delete(end_sessions))
        .route("/internal/samples", get(samples))
        .route("/internal/stats", get(stats))
        .route("/internal/writes", get(writes))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(portal)
}

#[derive(Deserialize)]
struct ListQuery {
    status: Option<u8>,
    #[serde(default)]
    page: u64,
}

/// Numbers of a page of 1,000 indexes, as they stand now. With `status`, those
/// of them that have it: every page costs the same.
async fn list(State(portal): State<Arc<Portal>>, Query(query): Query<ListQuery>) -> Response {
    let all = portal.dossiers.numbering.len();
    let from = query.page.saturating_mul(PAGE).min(all);
    let now = portal.now_moment();
    let dossiers: Vec<Value> = (from..(from + PAGE).min(all))
        .filter_map(|index| {
            let told = portal.dossiers.tell(index)?;
            let status = told.standing(now)?.now.status;
            (query.status.is_none_or(|wanted| wanted == status))
                .then(|| json!({ "number": told.number, "status": status.to_string() }))
        })
        .collect();
    Json(json!({ "page": query.page, "pages": all.div_ceil(PAGE), "total": all, "dossiers": dossiers })).into_response()
}

/// A dossier with its progress and its second proof.
async fn show(State(portal): State<Arc<Portal>>, Path(number): Path<String>) -> Response {
    let written = portal.writes.dossier(&number);
    let told = portal.dossiers.find(&number).and_then(|place| portal.dossiers.tell_at(place));
    let Some(told) = told else {
        return match written {
            Some(dossier) => {
                Json(json!({ "dossier": dossier, "progress": portal.writes.progress_of(&number) })).into_response()
            }
            None => not_found(),
        };
    };
    let steps = told.steps(portal.now_moment());
    let entries = progress(&told, &steps, portal.config.seed, &portal.words);
    let mut entries: Vec<Value> = entries.into_iter().filter_map(|entry| serde_json::to_value(entry).ok()).collect();
    entries.extend(portal.writes.progress_of(&number).into_iter().map(Value::Object));
    let owner = portal.dossiers.owner(&told, &portal.words);
    Json(json!({
        "index": told.place.index,
        "dossier": written.or_else(|| derived(&portal, &number)),
        "progress": entries,
        "last_four": owner.last_four(),
        "moved_by_hand": told.moved.is_some(),
    }))
    .into_response()
}

async fn move_by_hand(State(portal): State<Arc<Portal>>, Path(number): Path<String>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Move {
        status: Value,
    }
    let status = match serde_json::from_slice::<Move>(&body) {
        Ok(asked) => read_status(&asked.status),
        Err(_) => None,
    };
    let Some(status) = status else {
        return refused(StatusCode::BAD_REQUEST, "expected {\"status\": \"1\" … \"99\"}");
    };
    let told = portal.dossiers.find(&number).and_then(|place| portal.dossiers.tell_at(place));
    let Some(told) = told else { return not_found() };
    match portal.dossiers.move_to(&told, status, portal.now_moment()) {
        Ok(()) => Json(json!({ "number": told.number, "status": status.to_string() })).into_response(),
        Err(full) => refused(StatusCode::INSUFFICIENT_STORAGE, &full.to_string()),
    }
}

async fn release(State(portal): State<Arc<Portal>>, Path(number): Path<String>) -> Response {
    match portal.dossiers.find(&number) {
        Some(place) if portal.dossiers.release(place.index) => StatusCode::NO_CONTENT.into_response(),
        _ => not_found(),
    }
}

async fn faults(State(portal): State<Arc<Portal>>) -> Response {
    Json(portal.faults().as_ref()).into_response()
}

/// Replaces all faults; a field that is left out is none. `expire_sessions`
/// ends every session once and is not kept.
async fn set_faults(State(portal): State<Arc<Portal>>, body: Bytes) -> Response {
    let mut asked: Map<String, Value> = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(problem) => return refused(StatusCode::BAD_REQUEST, &problem.to_string()),
    };
    let expire = asked.remove("expire_sessions");
    let faults: Faults = match serde_json::from_value(Value::Object(asked)) {
        Ok(faults) => faults,
        Err(problem) => return refused(StatusCode::BAD_REQUEST, &problem.to_string()),
    };
    if let Err(problem) = portal.set_faults(faults) {
        return refused(StatusCode::BAD_REQUEST, &problem.to_string());
    }
    if expire == Some(Value::Bool(true)) {
        portal.sessions.end_all();
    }
    tracing::info!(faults = ?portal.faults(), "faults changed");
    Json(portal.faults().as_ref()).into_response()
}

async fn sessions(State(portal): State<Arc<Portal>>) -> Response {
    Json(json!({ "open": portal.sessions.len() })).into_response()
}

async fn end_sessions(State(portal): State<Arc<Portal>>) -> Response {
    portal.sessions.end_all();
    StatusCode::NO_CONTENT.into_response()
}

async fn samples(State(portal): State<Arc<Portal>>) -> Response {
    Json(crate::samples::samples(&portal)).into_response()
}

async fn stats(State(portal): State<Arc<Portal>>) -> Response {
    Json(json!({
        "calls": portal.stats.calls(),
        "faults": portal.stats.faults(),
        "dossiers": portal.dossiers.numbering.len(),
        "procedures": portal.dossiers.procedures.len(),
        "moved_by_hand": portal.dossiers.moved_count(),
        "sessions": portal.sessions.len(),
    }))
    .into_response()
}

async fn writes(State(portal): State<Arc<Portal>>) -> Response {
    Json(portal.writes.written()).into_response()
}

fn not_found() -> Response {
    refused(StatusCode::NOT_FOUND, "no such dossier")
}

fn refused(status: StatusCode, problem: &str) -> Response {
    (status, Json(json!({ "error": problem }))).into_response()
}
