//! Version 1: one folder a resource, one file an operation.

mod agencies;
mod ask;
mod devices;
mod dossiers;
pub(crate) mod kiosk;
pub(crate) mod procedures;
mod queue;
mod ratings;

use gateway_http::measured;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::api::SharedApi;
use crate::openapi;

/// Every operation, with its entry in the OpenAPI document.
pub(crate) fn routes() -> OpenApiRouter<SharedApi> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(counted(routes!(dossiers::show::show_dossier)))
        .routes(counted(routes!(dossiers::code::send_code)))
        .routes(counted(routes!(dossiers::disclose::disclose_dossier)))
        .routes(counted(routes!(dossiers::rate::rate_dossier)))
        .routes(counted(routes!(procedures::find::find_procedures)))
        .routes(counted(routes!(procedures::show::show_procedure)))
        .routes(counted(routes!(agencies::list::list_agencies)))
        .routes(counted(routes!(queue::now::queue_now)))
        .routes(counted(routes!(queue::take::take_ticket)))
        .routes(counted(routes!(queue::local::tell_local_tickets)))
        .routes(counted(routes!(queue::place::ticket_place)))
        .routes(counted(routes!(ask::post::ask)))
        .routes(counted(routes!(devices::enrol::enrol_device)))
        .routes(counted(routes!(kiosk::settings::kiosk_settings)))
        .routes(counted(routes!(kiosk::heartbeat::kiosk_heartbeat)))
        .routes(counted(routes!(kiosk::catalogue::kiosk_catalogue)))
        .routes(counted(routes!(kiosk::calls::call_officer)))
        .routes(counted(routes!(kiosk::calls::show_call)))
        .routes(counted(routes!(kiosk::continuations::begin_continuation)))
        .routes(counted(routes!(kiosk::continuations::show_continuation)))
        .routes(counted(routes!(kiosk::continuations::confirm_continuation)))
        .routes(counted(routes!(ratings::post::rate)))
}

/// With figures under the route's own template.
fn counted((schemas, paths, router): UtoipaMethodRouter<SharedApi>) -> UtoipaMethodRouter<SharedApi> {
    let template = paths.paths.keys().next().cloned().unwrap_or_default();
    (schemas, paths, measured(&template, router))
}
