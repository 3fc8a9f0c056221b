//! `GET /officers/counter/events`, `GET /hall/{site}/events`: that a site has
//! changed, and at a counter also that a terminal of it calls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gateway_core::domain::queue::SiteCode;
use gateway_core::ports::StoreError;
use gateway_http::{Problem, problem};
use http::HeaderMap;

use super::{Place, hall, queues, refused};
use crate::calls::{self, Shown};
use crate::house::{House, SharedHouse};
use crate::live::{self, Live};
use crate::sign_in::SignedInOfficer;
use crate::visit::Visit;

pub(super) async fn of_a_counter(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let unknown = || Problem::of(&problem::UNKNOWN_ROUTE).into_response();
    let place = Place::parse(visit.parameter("site"), visit.parameter("counter")).ok_or_else(unknown)?;
    let queues = queues(&house)?;
    // The same permission as the page has.
    let view = queues.needs.desk.at_counter(place.at(&house, &visit, &officer)?).await;
    view.map_err(|problem| refused(&house, &visit, &officer, &problem))?;
    let live = Live {
        visit: &visit,
        headers: &headers,
        streams: &queues.counters,
        listening: queues.needs.desk.listen(&place.site),
        stop: queues.needs.stop.clone(),
    };
    let followed = (Arc::clone(&house), Arc::new((place.site, officer)));
    let mark = move || {
        let (house, of) = followed.clone();
        async move { calls::with(changes(&house, &of.0).await?, &house, &of.1, Shown::At(&of.0)).await }
    };
    Ok(live::follow(&house, live, mark)?)
}

pub(super) async fn of_a_hall(
    State(house): State<SharedHouse>,
    Path(site): Path<String>,
    visit: Visit,
    officer: Result<SignedInOfficer, Response>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let site = hall::permitted(&house, &visit, officer, &site)?.code.clone();
    let queues = queues(&house)?;
    let live = Live {
        visit: &visit,
        headers: &headers,
        streams: &queues.halls,
        listening: queues.needs.desk.listen(&site),
        stop: queues.needs.stop.clone(),
    };
    let followed = Arc::clone(&house);
    let mark = move || {
        let (house, site) = (Arc::clone(&followed), site.clone());
        async move { changes(&house, &site).await }
    };
    Ok(live::follow(&house, live, mark)?)
}

async fn changes(house: &House, site: &SiteCode) -> Result<String, StoreError> {
    let queues = house.queues.as_ref().ok_or_else(|| StoreError("there are no queues".into()))?;
    Ok(queues.needs.desk.changes(site).await?.to_string())
}
