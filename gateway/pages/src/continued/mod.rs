//! `/k/{token}`: a page that began on a terminal goes on on this phone.
//!
//! Looking changes nothing, because a messenger's preview looks too: the page has
//! a button, and the first phone that presses it is the one phone. It is known
//! again by a secret in the page's own form: there is no cookie. Number and words
//! never stand in a log: figures and spans know the address by its template.

mod keys;
mod ticket;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use gateway_core::desk::{ContinuationDesk, PhoneSees, Refusal, RefusalKind};
use gateway_core::domain::{ContinuationToken, ContinuedPage, MatchingCode, PhoneSecret, WhyOver};
use gateway_core::ports::StoreError;
use gateway_http::{Problem, measured, problem};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use maud::{Markup, html};

use self::keys::Key;
use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::form::Form;
use crate::house::{House, SharedHouse};
use crate::procedures::show::CASE;
use crate::shell::{self, Page, Place, Switch};
use crate::visit::Visit;

const HERE: &str = "/k/{token}";
const STATE: &str = "/k/{token}/state";

/// The field of the form, and of the script's request, that holds the phone's
/// secret.
const PHONE: &str = "phone";

/// When to come back where the database is away.
const AWAY: std::time::Duration = std::time::Duration::from_secs(5);

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(HERE, measured(HERE, get(look).post(press)))
        .route(STATE, measured(STATE, post(state)))
        .route(ticket::HERE, measured(ticket::HERE, get(ticket::show)))
}

/// What the address names, where there may be such a thing.
struct Asked<'a> {
    desk: &'a Arc<ContinuationDesk>,
    token: ContinuationToken,
}

impl<'a> Asked<'a> {
    fn of(house: &'a House, path: Result<Path<String>, PathRejection>) -> Option<Self> {
        let token = path.ok().and_then(|Path(text)| ContinuationToken::parse(&text))?;
        Some(Self { desk: house.needs.continuations.as_ref()?, token })
    }

    /// Its address, in this visit's language.
    fn href(&self, visit: &Visit) -> String {
        visit.href(&self.path())
    }

    fn path(&self) -> String {
        format!("/k/{}", self.token.to_hex())
    }
}

async fn look(
    State(house): State<SharedHouse>,
    visit: Visit,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response<Body>, Problem> {
    let Some(asked) = Asked::of(&house, path) else { return Ok(unknown(&house, &visit)) };
    let Some(sees) = asked.desk.look(&asked.token, None).await.map_err(|problem| away(&problem))? else {
        return Ok(unknown(&house, &visit));
    };
    Ok(match sees {
        PhoneSees::Free => free(&house, &visit, &asked),
        PhoneSees::Over(why) => over(&house, &visit, why),
        // Only with its secret a phone sees more than that there is one.
        PhoneSees::Taken | PhoneSees::Matching(_) | PhoneSees::Open | PhoneSees::GoesOn(_) => {
            taken(&house, &visit, Some(&asked))
        }
    })
}

async fn press(
    State(house): State<SharedHouse>,
    visit: Visit,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response<Body>, Problem> {
    let Some(asked) = Asked::of(&house, path) else { return Ok(unknown(&house, &visit)) };
    // A form without its secret is none of ours: it is shown anew.
    let Some(phone) = PhoneSecret::parse(form.field(PHONE)) else {
        return Ok(see_other(&asked.href(&visit)));
    };
    let Some(sees) = asked.desk.press(&asked.token, &phone).await.map_err(|problem| away(&problem))? else {
        return Ok(unknown(&house, &visit));
    };
    Ok(match sees {
        PhoneSees::Matching(code) => {
            let early = !form.field("early").is_empty();
            matching(&house, &visit, &asked, &phone, &code, early)
        }
        PhoneSees::GoesOn(page) => {
            metrics::counter!("kiosk_continuations_total", "what" => "gone_on").increment(1);
            see_other(&address(&visit, &page))
        }
        PhoneSees::Taken => taken(&house, &visit, None),
        PhoneSees::Over(why) => over(&house, &visit, why),
        // It was lost to others that press at the same moment: once more.
        PhoneSees::Free | PhoneSees::Open => see_other(&asked.href(&visit)),
    })
}

/// For the script of the digits' page: whether it is time to press.
async fn state(
    State(house): State<SharedHouse>,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response<Body>, Problem> {
    let unknown = || Problem::of(&problem::UNKNOWN_ROUTE);
    let asked = Asked::of(&house, path).ok_or_else(unknown)?;
    let phone = PhoneSecret::parse(form.field(PHONE)).ok_or_else(unknown)?;
    let sees = asked.desk.look(&asked.token, Some(&phone)).await.map_err(|problem| away(&problem))?;
    let state = match sees.ok_or_else(unknown)? {
        PhoneSees::Free | PhoneSees::Matching(_) => r#"{"state":"matching"}"#,
        PhoneSees::Open | PhoneSees::GoesOn(_) => r#"{"state":"open"}"#,
        PhoneSees::Taken | PhoneSees::Over(_) => r#"{"state":"over"}"#,
    };
    let mut response = Response::new(Body::from(state));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Where a page is. What was searched for tells nothing of anybody.
fn address(visit: &Visit, page: &ContinuedPage) -> String {
    match page {
        ContinuedPage::Home => visit.href("/"),
        ContinuedPage::Procedure { code, case } => {
            let number = case.map(|number| number.to_string());
            let case: Vec<_> = number.iter().map(|number| (CASE, number.as_str())).collect();
            visit.href_with(&format!("/procedures/{code}"), &case)
        }
        ContinuedPage::Procedures(words) => visit.href_with("/procedures", &[("q", words.as_str())]),
        ContinuedPage::Ticket(code) => visit.href(&ticket::path(code)),
    }
}

fn see_other(address: &str) -> Response<Body> {
    let mut response = Redirect::to(address).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn away(problem: &StoreError) -> Problem {
    tracing::error!(%problem, "a page could not go on on a phone");
    Problem::from(Refusal::of(RefusalKind::GaveUp)).retry_after(AWAY)
}

/// No phone has pressed yet.
fn free(house: &House, visit: &Visit, asked: &Asked<'_>) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::TITLE);
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::FREE)) }
        form method="post" action=(asked.href(visit)) data-continued="free" {
            (secret(&asked.desk.new_phone()))
            p { (words.say(keys::FREE_CARE)) }
            p .actions { button .primary { (words.say(keys::FREE_BUTTON)) } }
        }
    };
    told(house, visit, StatusCode::OK, &title, Switch::Here, main)
}

/// This is the one phone: its digits, large, each read by itself.
fn matching(
    house: &House,
    visit: &Visit,
    asked: &Asked<'_>,
    phone: &PhoneSecret,
    code: &MatchingCode,
    early: bool,
) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::MATCH_TITLE);
    let digits: Vec<String> = code.digits().chars().map(String::from).collect();
    let main = html! {
        h1 { (title) }
        div .state role="status" tabindex="-1" data-focus {
            p .large { (digits.join(" ")) }
            @if early { p { (words.say(keys::MATCH_NOT_YET)) } }
        }
        form method="post" action=(asked.href(visit)) data-continued="matching" data-look=(asked.path() + "/state") {
            (secret(phone))
            input type="hidden" name="early" value="yes";
            p { (words.say(keys::MATCH)) }
            p .actions { button .primary { (words.say(keys::MATCH_BUTTON)) } }
        }
    };
    // Sent again in another language, it is the same phone's.
    let (action, hex) = (asked.path(), phone.to_hex());
    let again = Switch::Again { action: &action, fields: &[(PHONE, &hex)] };
    told(house, visit, StatusCode::OK, &title, again, main)
}

/// Another phone pressed before this one. Who only opened the address again may
/// be that phone: the script knows.
fn taken(house: &House, visit: &Visit, looked_at: Option<&Asked<'_>>) -> Response<Body> {
    let words = house.words(visit.locale);
    let again = html! {
        @if let Some(asked) = looked_at {
            form method="post" action=(asked.href(visit)) data-continued="again" hidden {
                input type="hidden" name=(PHONE);
            }
        }
    };
    let switch = if looked_at.is_some() { Switch::Here } else { Switch::To("/") };
    sorry(house, visit, StatusCode::CONFLICT, keys::TAKEN_TITLE, &words.say(keys::TAKEN), switch, &again)
}

fn over(house: &House, visit: &Visit, why: WhyOver) -> Response<Body> {
    let title = match why {
        WhyOver::Expired => keys::EXPIRED_TITLE,
        WhyOver::Mistyped => keys::MISTYPED_TITLE,
        WhyOver::Replaced => keys::REPLACED_TITLE,
        WhyOver::Used => keys::USED_TITLE,
    };
    let words = house.words(visit.locale).say(keys::OVER);
    sorry(house, visit, StatusCode::GONE, title, &words, switch_of(visit), &html! {})
}

fn unknown(house: &House, visit: &Visit) -> Response<Body> {
    let words = house.words(visit.locale).say(keys::OVER);
    sorry(house, visit, StatusCode::NOT_FOUND, keys::UNKNOWN_TITLE, &words, switch_of(visit), &html! {})
}

fn switch_of(visit: &Visit) -> Switch<'static> {
    if visit.is_form { Switch::To("/") } else { Switch::Here }
}

fn sorry(
    house: &House,
    visit: &Visit,
    status: StatusCode,
    title: Key,
    what_next: &str,
    switch: Switch<'_>,
    more: &Markup,
) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(title);
    let main = html! {
        h1 { (title) }
        div .trouble role="status" tabindex="-1" data-focus { p { (what_next) } }
        (more)
        p .actions { a .button href=(visit.href("/")) { (words.say(keys::FRONT)) } }
    };
    told(house, visit, status, &title, switch, main)
}

fn secret(phone: &PhoneSecret) -> Markup {
    html! { input type="hidden" name=(PHONE) value=(phone.to_hex()); }
}

fn told(
    house: &House,
    visit: &Visit,
    status: StatusCode,
    title: &str,
    switch: Switch<'_>,
    main: Markup,
) -> Response<Body> {
    let page = Page { switch, scripts: &[Asset::ContinuedScript], ..Page::new(title, Place::Aside, main) };
    answer::document(visit, status, Keep::Never, shell::document(house, visit, page))
}
