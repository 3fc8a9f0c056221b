//! `/officers/password`: officers change their own password.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use gateway_http::measured;

use super::desk::Refused;
use super::page::{self, Trouble};
use super::session::{self, Cookie};
use super::{HOME, OfficerForm, Password, SIGN_IN, SignedInOfficer, trouble};
use crate::house::SharedHouse;
use crate::visit::Visit;

pub(super) const OWN_PASSWORD: &str = "/officers/password";

pub(super) fn routes() -> Router<SharedHouse> {
    Router::new().route(OWN_PASSWORD, measured(OWN_PASSWORD, get(show).post(change)))
}

async fn show(State(house): State<SharedHouse>, visit: Visit, officer: SignedInOfficer) -> Response {
    page::own_password(&house, &visit, &officer, None)
}

async fn change(State(house): State<SharedHouse>, visit: Visit, form: OfficerForm) -> Result<Response, Response> {
    let desk = session::desk_of(&house)?;
    let OfficerForm { officer, fields } = form;
    let (old, new) = (Password::new(fields.get("old")), Password::new(fields.get("new")));
    if fields.get("new") != fields.get("again") {
        return Ok(page::own_password(&house, &visit, &officer, Some(Trouble::NotTheSame)));
    }
    match desk.new_password(&officer.signed_in, &old, &new, visit.caller.net).await {
        Ok(token) => {
            let mut response = session::see_other(&visit.href(HOME));
            Cookie::Session.set(&mut response, &token, desk.https());
            Ok(response)
        }
        Err(Refused::Expired) => Ok(session::see_other(&visit.href(SIGN_IN))),
        Err(refused) => Ok(page::own_password(&house, &visit, &officer, Some(trouble(refused)))),
    }
}
