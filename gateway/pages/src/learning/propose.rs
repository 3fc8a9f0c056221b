//! `/officers/proposals/new`: a text, and what it is to lead to. A procedure is
//! searched for by name, and chosen; so is what needs no procedure.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gateway_core::domain::Procedure;
use gateway_core::ports::{Lesson, ProcedureQuery, Proposed, TaughtAct, acts};
use gateway_locale::shown;
use http::StatusCode;
use maud::html;

use super::{PROPOSALS, PROPOSE, failed, keys, page, record, school};
use crate::house::SharedHouse;
use crate::sign_in::page::csrf_field;
use crate::sign_in::session::see_other;
use crate::sign_in::{OfficerForm, SignedInOfficer};
use crate::visit::Visit;

/// Procedures that are offered.
const HITS: usize = 8;
/// Of what was typed so much is shown again.
const LONGEST: usize = 300;

/// The form as it is shown.
#[derive(Default)]
struct Draft {
    text: String,
    sought: String,
    trouble: Option<keys::Key>,
}

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    school(&house)?;
    Ok(draft(&house, &visit, &officer, &Draft::default()))
}

/// Searches, or proposes where something was chosen.
pub(super) async fn send(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let school = school(&house)?;
    let OfficerForm { officer, fields } = form;
    let typed = |name: &str| fields.get(name).trim().chars().take(LONGEST).collect::<String>();
    let mut again = Draft { text: typed("text"), sought: typed("sought"), trouble: None };
    let wants_search = !fields.get("search").is_empty();
    let Some((kind, target)) = fields.get("lesson").split_once(' ').filter(|_| !wants_search) else {
        if !wants_search && !fields.get("propose").is_empty() {
            again.trouble = Some(keys::PROPOSE_CHOOSE);
        }
        return Ok(draft(&house, &visit, &officer, &again));
    };
    let Some(lesson) = Lesson::from_keys(kind, target) else {
        again.trouble = Some(keys::PROPOSE_CHOOSE);
        return Ok(draft(&house, &visit, &officer, &again));
    };
    record(&house, &visit, &officer, acts::PROPOSAL_MADE).await?;
    let proposed = school.propose(&again.text, lesson, officer.officer().id).await;
    again.trouble = Some(match proposed.map_err(|problem| failed(&house, &visit, &problem))? {
        Proposed::New(_) => return Ok(see_other(&visit.href(PROPOSALS))),
        Proposed::Again => keys::PROPOSE_AGAIN,
        Proposed::Full => keys::PROPOSE_FULL,
        Proposed::Unfit => keys::PROPOSE_UNFIT,
        Proposed::NoSuchProcedure => keys::PROPOSE_NO_PROCEDURE,
    });
    Ok(draft(&house, &visit, &officer, &again))
}

fn draft(house: &SharedHouse, visit: &Visit, officer: &SignedInOfficer, draft: &Draft) -> Response {
    let words = house.words(visit.locale);
    let title = words.say(keys::PROPOSE_TITLE);
    let sought = !draft.sought.is_empty();
    let hits: Vec<Arc<Procedure>> = if sought {
        let query = ProcedureQuery { text: draft.sought.clone(), limit: HITS, ..ProcedureQuery::default() };
        house.needs.catalogue.find(&query).hits.into_iter().map(|hit| hit.procedure).collect()
    } else {
        Vec::new()
    };
    let wrong = draft.trouble.is_some_and(|key| key.id == keys::PROPOSE_UNFIT.id);
    let described = if wrong { "text-hint trouble" } else { "text-hint" };
    let main = html! {
        h1 { (title) }
        @if let Some(trouble) = draft.trouble {
            div .trouble role="alert" { p #trouble { (words.say(trouble)) } }
        }
        p .lead { (words.say(keys::PROPOSE_LEAD)) }
        form .fields method="post" action=(visit.href(PROPOSE)) {
            (csrf_field(officer.csrf))
            div {
                label for="text" { (words.say(keys::PROPOSE_TEXT)) }
                p .hint #text-hint { (words.say(keys::PROPOSE_TEXT_HINT)) }
                input #text name="text" type="text" value=(shown(&draft.text)) required maxlength="200"
                    autocomplete="off" spellcheck="false"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=(described);
            }
            div .row {
                div {
                    label for="sought" { (words.say(keys::PROPOSE_SOUGHT)) }
                    input #sought name="sought" type="search" value=(shown(&draft.sought)) maxlength="200"
                        autocomplete="off";
                }
                button name="search" value="1" { (words.say(keys::PROPOSE_SEARCH)) }
            }
            fieldset {
                legend { (words.say(keys::PROPOSE_PROCEDURES)) }
                @if !sought { p .hint { (words.say(keys::PROPOSE_SEARCH_FIRST)) } }
                @if sought && hits.is_empty() { p role="status" { (words.say(keys::PROPOSE_NOT_FOUND)) } }
                @for (at, procedure) in hits.iter().enumerate() {
                    div {
                        label for=(format!("p{at}")) {
                            input id=(format!("p{at}")) type="radio" name="lesson"
                                value=(format!("alias {}", procedure.code));
                            span { (shown(&procedure.name)) " (" (procedure.code) ")" }
                        }
                    }
                }
            }
            fieldset {
                legend { (words.say(keys::PROPOSE_ACTS)) }
                @for act in TaughtAct::ALL {
                    div {
                        label for=(act.key()) {
                            input id=(act.key()) type="radio" name="lesson"
                                value=(format!("utterance {}", act.key()));
                            span { (words.say(keys::act(act))) }
                        }
                    }
                }
            }
            div .actions {
                button .primary name="propose" value="1" { (words.say(keys::PROPOSE_SEND)) }
                a .button href=(visit.href(super::MISSES)) { (words.say(keys::NAV_MISSES)) }
            }
        }
    };
    let status = if draft.trouble.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(house, visit, officer, &title, status, main)
}
