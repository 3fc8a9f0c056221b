//! `/officers/acts`: what officers did, for supervisors.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use gateway_core::domain::{OfficerId, OfficerRole};
use gateway_core::ports::{OfficerActCursor, StoreError, acts};
use gateway_http::measured;
use maud::html;

use super::session::SignedInOfficer;
use super::{SignInDesk, keys, page, session};
use crate::house::SharedHouse;
use crate::visit::Visit;

pub(super) const ACTS: &str = "/officers/acts";

/// Acts on one page.
const SHOWN: usize = 50;

pub(super) fn routes() -> Router<SharedHouse> {
    Router::new().route(ACTS, measured(ACTS, get(show)))
}

async fn show(State(house): State<SharedHouse>, visit: Visit, officer: SignedInOfficer) -> Result<Response, Response> {
    officer.at_least(OfficerRole::Supervisor, &house, &visit)?;
    let desk = session::desk_of(&house)?;
    let before = visit.parameter("before").parse().ok().map(OfficerActCursor);
    let Page { acts, names, more } = read(desk, &officer, before).await.map_err(|problem| {
        tracing::error!(%problem, "acts of officers could not be read");
        page::unavailable(&house, &visit)
    })?;
    let words = house.words(visit.locale);
    let title = words.say(keys::ACTS_TITLE);
    let nobody = words.say(keys::ACTS_NOBODY);
    let name = |id: Option<OfficerId>| {
        id.map_or_else(|| nobody.clone(), |id| names.get(&id).cloned().unwrap_or_else(|| id.0.to_string()))
    };
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::ACTS_LEAD)) }
        @if acts.is_empty() {
            p { (words.say(keys::ACTS_NONE)) }
        } @else {
            ul .list {
                @for act in &acts {
                    li {
                        strong {
                            @match keys::act(&act.act) {
                                Some(key) => (words.say(key)),
                                None => (act.act),
                            }
                        }
                        dl .facts {
                            dt { (words.say(keys::ACTS_AT)) }
                            dd { (house.needs.locales.moment(visit.locale, act.at)) }
                            dt { (words.say(keys::ACTS_WHO)) }
                            dd { (name(act.officer)) }
                            @if act.account.is_some() && act.account != act.officer {
                                dt { (words.say(keys::ACTS_ACCOUNT)) }
                                dd { (name(act.account)) }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(last) = acts.last().filter(|_| more) {
            a .button href=(visit.href_with(ACTS, &[("before", &last.id.to_string())])) {
                (words.say(keys::ACTS_OLDER))
            }
        }
    };
    Ok(page::inside(&house, &visit, &officer, &title, main))
}

struct Page {
    acts: Vec<gateway_core::ports::OfficerAct>,
    names: BTreeMap<OfficerId, String>,
    more: bool,
}

/// Who reads what others did leaves a trace of it as well, before it is shown.
async fn read(
    desk: &SignInDesk,
    reader: &SignedInOfficer,
    before: Option<OfficerActCursor>,
) -> Result<Page, StoreError> {
    desk.record(acts::ACTS_READ, Some(reader.officer().id), None, None, None).await?;
    let mut found = desk.audit().officer_acts(None, before, SHOWN + 1).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let officers = desk.officers().list().await?;
    let names = officers.into_iter().map(|officer| (officer.id, officer.login.as_str().to_owned())).collect();
    Ok(Page { acts: found, names, more })
}
