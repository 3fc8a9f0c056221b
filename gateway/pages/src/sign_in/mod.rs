//! Officers come in and go out: `/officers/sign-in`, `/officers/sign-in/code`,
//! `/officers/sign-out`, and their first page, `/officers`.
//!
//! Every officers' page takes [`SignedInOfficer`], every form of one
//! [`OfficerForm`]; whoever shows an officer something of a citizen writes an
//! act first.

mod acts;
mod desk;
mod keys;
mod own_password;
pub(crate) mod page;
mod passwords;
mod second_factor;
pub(crate) mod session;
#[cfg(test)]
pub(crate) mod stand_ins;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use gateway_http::measured;

use crate::house::SharedHouse;
use crate::visit::Visit;
use desk::{Entered, Refused};
pub use desk::{SignInDesk, SignInNeeds, SignInRules};
use page::Trouble;
pub use passwords::{LEAST as PASSWORD_LEAST, Password, PasswordCost, PasswordProblem, Passwords, Unfit};
pub use second_factor::TotpSecret;
use session::{Cookie, Fields};
pub(crate) use session::{OfficerForm, SentAway, SignedInOfficer};

/// Where officers sign in.
pub(crate) const SIGN_IN: &str = "/officers/sign-in";
const CODE: &str = "/officers/sign-in/code";
pub(crate) const SIGN_OUT: &str = "/officers/sign-out";
/// The officers' first page.
pub(crate) const HOME: &str = "/officers";

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(HOME, measured(HOME, get(home)))
        .route(SIGN_IN, measured(SIGN_IN, get(show).post(password)))
        .route(CODE, measured(CODE, get(show_code).post(code)))
        .route(SIGN_OUT, measured(SIGN_OUT, post(sign_out)))
        .merge(own_password::routes())
        .merge(acts::routes())
}

async fn home(State(house): State<SharedHouse>, visit: Visit, officer: SignedInOfficer) -> Response {
    page::home(&house, &visit, &officer)
}

/// The form. Who is signed in already goes on.
async fn show(State(house): State<SharedHouse>, request: Request) -> Result<Response, Response> {
    let (mut parts, _) = request.into_parts();
    let desk = session::desk_of(&house)?;
    let (visit, _) = session::visit(&mut parts, &house).await?;
    if let Some(token) = Cookie::Session.read(&parts.headers, desk.https())
        && matches!(desk.who(&token).await, Ok(Some(_)))
    {
        return Ok(session::see_other(&onward(&visit, visit.parameter("next"))));
    }
    let kept = Cookie::Form.read(&parts.headers, desk.https());
    let fresh = kept.is_none();
    let token = kept.unwrap_or_else(|| desk.new_token());
    let form = page::PasswordForm {
        csrf: token.csrf(desk.hash_key()),
        login: "",
        next: visit.parameter("next"),
        trouble: None,
    };
    let mut response = page::password(&house, &visit, &form);
    if fresh {
        Cookie::Form.set(&mut response, &token, desk.https());
    }
    Ok(response)
}

async fn password(State(house): State<SharedHouse>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let desk = session::desk_of(&house)?;
    let (visit, caller) = session::visit(&mut parts, &house).await?;
    let fields = read(body).await?;
    let csrf = Cookie::Form.read(&parts.headers, desk.https()).map(|token| token.csrf(desk.hash_key()));
    // No cookie: none was ever given, or the browser keeps none.
    let Some(csrf) = csrf.filter(|csrf| session::is_ours(&parts, &fields, *csrf)) else {
        return Err(session::forged(&mut parts, &house).await);
    };
    let next = fields.get("next");
    let old = Cookie::Session.read(&parts.headers, desk.https());
    let typed = Password::new(fields.get("password"));
    let trouble = match desk.password(fields.get("login"), &typed, caller.net, old.as_ref()).await {
        Ok(entered) => return Ok(entered_as(desk, &visit, &entered, next)),
        Err(refused) => trouble(refused),
    };
    let form = page::PasswordForm { csrf, login: fields.get("login"), next, trouble: Some(trouble) };
    Ok(page::password(&house, &visit, &form))
}

async fn show_code(State(house): State<SharedHouse>, request: Request) -> Result<Response, Response> {
    let (mut parts, _) = request.into_parts();
    let desk = session::desk_of(&house)?;
    let (visit, _) = session::visit(&mut parts, &house).await?;
    let token = Cookie::Session.read(&parts.headers, desk.https());
    match token {
        Some(token) if matches!(desk.awaits_code(&token).await, Ok(true)) => {
            let next = visit.parameter("next");
            let form = page::CodeForm { csrf: token.csrf(desk.hash_key()), next, trouble: None };
            Ok(page::code(&house, &visit, &form))
        }
        _ => Ok(session::see_other(&visit.href(SIGN_IN))),
    }
}

async fn code(State(house): State<SharedHouse>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let desk = session::desk_of(&house)?;
    let (visit, caller) = session::visit(&mut parts, &house).await?;
    let fields = read(body).await?;
    let Some(token) = Cookie::Session.read(&parts.headers, desk.https()) else {
        return Ok(session::see_other(&visit.href(SIGN_IN)));
    };
    let csrf = token.csrf(desk.hash_key());
    if !session::is_ours(&parts, &fields, csrf) {
        return Err(session::forged(&mut parts, &house).await);
    }
    let next = fields.get("next");
    match desk.code(&token, fields.get("code"), caller.net).await {
        Ok(entered) => Ok(entered_as(desk, &visit, &entered, next)),
        // From the beginning.
        Err(Refused::Expired) => Ok(session::see_other(&visit.href(SIGN_IN))),
        Err(refused) => {
            let form = page::CodeForm { csrf, next, trouble: Some(trouble(refused)) };
            Ok(page::code(&house, &visit, &form))
        }
    }
}

async fn sign_out(State(house): State<SharedHouse>, visit: Visit, form: OfficerForm) -> Result<Response, Response> {
    let desk = session::desk_of(&house)?;
    if let Err(problem) = desk.sign_out(&form.officer.signed_in, visit.caller.net).await {
        tracing::error!(%problem, "an officer could not sign out");
        return Err(page::unavailable(&house, &visit));
    }
    let mut response = session::see_other(&visit.href(SIGN_IN));
    Cookie::Session.clear(&mut response, desk.https());
    Ok(response)
}

fn entered_as(desk: &SignInDesk, visit: &Visit, entered: &Entered, next: &str) -> Response {
    let (to, token) = match entered {
        Entered::AwaitsCode(token) => {
            let next = session::safe_next(next).unwrap_or_default();
            (visit.href_with(CODE, &[("next", next)]), token)
        }
        Entered::SignedIn(token) => (onward(visit, next), token),
    };
    let mut response = session::see_other(&to);
    Cookie::Session.set(&mut response, token, desk.https());
    if matches!(entered, Entered::SignedIn(_)) {
        Cookie::Form.clear(&mut response, desk.https());
    }
    response
}

/// Where one wanted to go, else the officers' first page.
fn onward(visit: &Visit, next: &str) -> String {
    session::safe_next(next).map_or_else(|| visit.href(HOME), str::to_owned)
}

fn trouble(refused: Refused) -> Trouble {
    match refused {
        Refused::Wrong => Trouble::Wrong,
        // What has expired is sent back before.
        Refused::WrongCode | Refused::Expired => Trouble::WrongCode,
        Refused::SecondFactorMissing => Trouble::SecondFactorMissing,
        Refused::Unfit(unfit) => Trouble::Unfit(unfit),
        Refused::Locked { wait } | Refused::TooMany { wait } => Trouble::Wait(wait),
        Refused::Busy => Trouble::Busy,
        Refused::Failed(problem) => {
            tracing::error!(problem, "an officer could not sign in");
            Trouble::Failed
        }
    }
}

async fn read(body: Body) -> Result<Fields, Response> {
    use axum::response::IntoResponse as _;
    Fields::read(body).await.map_err(|problem| problem.into_response())
}
