//! What a counter does: `POST /officers/counter/next`, and
//! `POST /officers/counter/tickets/{id}/{what}`. Core writes each act down before
//! it is done.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use gateway_core::desk::CounterProblem;
use gateway_core::domain::queue::{CounterName, NotMoved, ServiceKey, TicketId};
use gateway_core::ports::CalledNext;
use gateway_http::{Problem, problem};

use super::counter::{Told, shown};
use super::{Place, queues, refused};
use crate::house::SharedHouse;
use crate::sign_in::session::{Fields, see_other};
use crate::sign_in::{OfficerForm, SentAway};
use crate::visit::Visit;

pub(super) async fn next(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let (officer, place) = (&form.officer, place_of(&form.fields)?);
    let called = queues(&house)?.needs.desk.next(place.at(&house, &visit, officer)?).await;
    match called.map_err(|problem| refused(&house, &visit, officer, &problem))? {
        CalledNext::Ticket(_) => Ok(see_other(&place.href(&visit))),
        CalledNext::Busy(ticket) => {
            let busy = Told::NotMoved(ticket.id, NotMoved::CounterBusy);
            shown(&house, &visit, officer, &place, busy).await
        }
        CalledNext::Nobody => shown(&house, &visit, officer, &place, Told::Nobody).await,
    }
}

pub(super) async fn act(
    State(house): State<SharedHouse>,
    Path((id, what)): Path<(i64, String)>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let (officer, place) = (&form.officer, place_of(&form.fields)?);
    let desk = &queues(&house)?.needs.desk;
    let (at, id) = (place.at(&house, &visit, officer)?, TicketId(id));
    let done = match what.as_str() {
        "call" => desk.call(at, id).await,
        "recall" => desk.recall(at, id).await,
        "serve" => desk.serve(at, id).await,
        "hold" => desk.hold(at, id).await,
        "no-show" => desk.no_show(at, id).await,
        "back" => desk.back(at, id).await,
        "finish" => desk.finish(at, id).await,
        "transfer" => {
            let (service, to) = (form.fields.get("service"), form.fields.get("to"));
            // No counter is any of those that serve it; a name that is none is nobody's.
            let counter = if to.is_empty() { Some(None) } else { CounterName::parse(to).map(Some) };
            match ServiceKey::parse(service).zip(counter) {
                Some((service, counter)) => desk.transfer(at, id, service, counter).await,
                None => Err(CounterProblem::NoService),
            }
        }
        _ => return Err(Problem::of(&problem::UNKNOWN_ROUTE).into_response()),
    };
    match done {
        Ok(_) => Ok(see_other(&place.href(&visit))),
        Err(CounterProblem::NotMoved(why)) => shown(&house, &visit, officer, &place, Told::NotMoved(id, why)).await,
        Err(CounterProblem::NoService) => shown(&house, &visit, officer, &place, Told::NoService).await,
        Err(problem) => Err(refused(&house, &visit, officer, &problem)),
    }
}

/// Our own forms name a place; what does not is none of them.
fn place_of(fields: &Fields) -> Result<Place, SentAway> {
    let place = Place::parse(fields.get("site"), fields.get("counter"));
    place.ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into())
}
