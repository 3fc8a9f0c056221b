//! `POST /officers/calls/{id}/answer`, `…/finish`. Core writes each act down before
//! it is done.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use gateway_core::desk::CallProblem;
use gateway_core::domain::CallId;
use gateway_http::{Problem, problem};
use http::StatusCode;

use super::{CALLS, failed, keys, pages, show};
use crate::console::names;
use crate::house::SharedHouse;
use crate::sign_in::session::{self, see_other};
use crate::sign_in::{OfficerForm, SignedInOfficer};
use crate::visit::Visit;

pub(super) async fn act(
    State(house): State<SharedHouse>,
    Path((id, what)): Path<(i64, String)>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let (officer, id) = (&form.officer, CallId(id));
    let desk = &pages(&house)?.needs.desk;
    let address = Some(session::desk_of(&house)?.hash_of_net(visit.caller.net));
    let done = match what.as_str() {
        "answer" => desk.answer(officer.officer(), address, id).await.map(|_| ()),
        "finish" => desk.finish(officer.officer(), address, id).await,
        _ => return Err(Problem::of(&problem::UNKNOWN_ROUTE).into_response()),
    };
    match done {
        // Back to where the alert was seen.
        Ok(()) => Ok(match session::safe_next(form.fields.get("next")) {
            Some(next) => see_other(next),
            None => see_other(&visit.href(CALLS)),
        }),
        Err(problem) => not_done(&house, &visit, officer, problem).await,
    }
}

/// Who goes in their stead, or that it is over; and how it is now.
async fn not_done(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    problem: CallProblem,
) -> Result<Response, Response> {
    let words = house.words(visit.locale);
    let text = match problem {
        CallProblem::Gone => words.say(keys::GONE),
        CallProblem::Quicker(by) => {
            let names = names(session::desk_of(house)?).await.map_err(|problem| failed(house, visit, &problem))?;
            words.tell(keys::QUICKER, &[("name", (&names.of(by, words)).into())])
        }
        CallProblem::Store(problem) => return Err(failed(house, visit, &problem)),
    };
    show::shown(house, visit, officer, Some((StatusCode::CONFLICT, text))).await
}
