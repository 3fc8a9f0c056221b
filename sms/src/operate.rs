//! What operators see and do, on the internal listener.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use gateway_http::measured;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::Serialize;

use crate::dispatch::Dispatcher;
use crate::road::RoadState;
use crate::routes::{Route, Routes};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Operators {
    pub(crate) routes: Arc<Routes>,
    pub(crate) dispatcher: Arc<Dispatcher>,
}

#[derive(Serialize)]
struct RouteView<'a> {
    road: &'a str,
    from: &'a str,
    policy: &'static str,
    max_parts: u8,
    /// `up`, `down` or `refused`; `none` for a road that only receives.
    state: &'static str,
    /// Passed over: it was down for too long.
    away: bool,
    /// Taken out of service by an operator.
    drained: bool,
    foreign: bool,
    answers: bool,
    notices: bool,
    /// Messages that this node holds for it.
    waiting: usize,
}

impl Operators {
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/sms/routes", measured("/sms/routes", get(list)))
            .route("/sms/routes/{road}/drain", measured("/sms/routes/{road}/drain", post(drain)))
            .route("/sms/routes/{road}/resume", measured("/sms/routes/{road}/resume", post(resume)))
            .with_state(self)
    }

    fn view<'a>(&self, route: &'a Route) -> RouteView<'a> {
        let state = match route.road().map(|road| road.state()) {
            Some(RoadState::Up) => "up",
            Some(RoadState::Down) => "down",
            Some(RoadState::Refused) => "refused",
            None => "none",
        };
        RouteView {
            road: route.name(),
            from: &route.config.from,
            policy: route.config.policy.key(),
            max_parts: route.config.max_parts,
            state,
            away: route.is_away(),
            drained: route.is_drained(),
            foreign: route.audience == gateway_core::desk::Audience::ForeignProcessor,
            answers: route.config.answers,
            notices: route.config.notices,
            waiting: self.dispatcher.waiting(route.name()),
        }
    }
}

async fn list(State(operators): State<Operators>) -> Response {
    let views: Vec<RouteView<'_>> = operators.routes.all().iter().map(|route| operators.view(route)).collect();
    ([(CACHE_CONTROL, "no-store")], Json(views)).into_response()
}

async fn drain(State(operators): State<Operators>, Path(road): Path<String>) -> Response {
    set(&operators, &road, true)
}

async fn resume(State(operators): State<Operators>, Path(road): Path<String>) -> Response {
    set(&operators, &road, false)
}

fn set(operators: &Operators, road: &str, drained: bool) -> Response {
    let Some(route) = operators.routes.named(road) else {
        return (StatusCode::NOT_FOUND, "no such road\n").into_response();
    };
    route.drain(drained);
    tracing::info!(road = route.name(), drained, "road taken out of service or back by an operator");
    ([(CACHE_CONTROL, "no-store")], Json(operators.view(route))).into_response()
}
