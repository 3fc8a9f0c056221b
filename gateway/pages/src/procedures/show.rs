//! `GET /procedures/{code}`: all of one procedure, to be read and printed.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use gateway_core::desk::{Action, Focuses, ProcedureReply, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_http::problem::ANSWER_CODE_HEADER;
use gateway_locale::{PaperCaseTexts, ProcedureLists, keys as told, procedure_name, shown};
use http::{HeaderValue, Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{House, SharedHouse, Words};
use crate::keys;
use crate::shell::{self, Page, Place};
use crate::trouble::{Refused, refusal_box};
use crate::visit::Visit;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    let code = path.ok().and_then(|Path(text)| ProcedureCode::parse(&text).ok());
    let Some(code) = code else { return not_shown(&house, &visit, &Refusal::of(RefusalKind::ProcedureNotFound)) };
    let answered = house.act(&visit, Action::show(code, Focuses::OVERVIEW)).await;
    let reply = match &answered.outcome {
        Ok(Reply::Procedure(reply)) => reply,
        Ok(_) => return not_shown(&house, &visit, &Refusal::of(RefusalKind::Internal)),
        Err(refusal) => return not_shown(&house, &visit, refusal),
    };
    let words = house.words(visit.locale);
    let title = shown(procedure_name(&reply.procedure, visit.locale));
    let main = sheet(words, &visit, reply);
    let page = Page { notices: &answered.notices, ..Page::new(&title, Place::Procedures, main) };
    let html = shell::document(&house, &visit, page);
    let mut response = answer::document(&visit, StatusCode::OK, Keep::Revalidate, html);
    // New with each answer: beside the page, so that an unchanged one is not sent again.
    if let Ok(code) = HeaderValue::from_str(answered.code.as_str()) {
        response.headers_mut().insert(ANSWER_CODE_HEADER, code);
    }
    response
}

fn not_shown(house: &House, visit: &Visit, refusal: &Refusal) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::PROCEDURES_TITLE);
    let main = html! {
        h1 { (title) }
        (refusal_box(words, refusal))
        p .actions { a .button .primary href=(visit.href("/procedures")) { (words.say(keys::SEE_ALL)) } }
    };
    let refused = Refused::of(refusal);
    let page = Page::new(&title, Place::Procedures, main);
    let mut response = answer::document(visit, refused.status, Keep::Never, shell::document(house, visit, page));
    refused.mark(&mut response);
    response
}

fn sheet(words: Words<'_>, visit: &Visit, reply: &ProcedureReply) -> Markup {
    let procedure = &*reply.procedure;
    let lists = words.locales.procedure_lists(procedure, reply.today, words.locale);
    let foreign = words.vietnamese();
    let official = shown(&procedure.name);
    let name = shown(procedure_name(procedure, words.locale));
    let field = shown(&procedure.field);
    let url = procedure.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let parts = [
        ("papers", keys::PART_PAPERS),
        ("ways", keys::PART_WAYS),
        ("steps", keys::PART_STEPS),
        ("result", keys::PART_RESULT),
        ("who", keys::PART_WHO),
    ];
    html! {
        h1 lang=[words.lang_of(procedure)] { (name) }
        @if official != name { p lang=[foreign] { (official) } }
        p .hint {
            (words.say(keys::PROCEDURE_CODE)) " " span .number { (procedure.code) } " · "
            a href=(visit.href_with("/procedures", &[("field", &procedure.field)])) lang=[foreign] { (field) }
        }
        nav .screen aria-label=(words.say(keys::PART_NAV)) {
            ul .jump { @for (id, key) in parts { li { a href=(format!("#{id}")) { (words.say(key)) } } } }
        }
        (papers(words, visit, procedure, &lists))
        (ways(words, &lists))
        (steps(words, &lists))
        section #result {
            h2 { (words.say(keys::PART_RESULT)) }
            @if lists.results.is_empty() { p { (words.say(told::RESULTS_MISSING)) } }
            ul lang=[foreign] { @for result in &lists.results { li { (result) } } }
        }
        (who(words, &lists))
        section {
            p .source { (lists.source) " " (words.say(keys::SOURCE_CHECK)) }
            @if let Some(url) = url {
                p { a href=(url) rel="noopener noreferrer external" { (words.say(keys::SOURCE_PAGE)) } }
            }
            p .actions {
                button type="button" hidden data-print { (words.say(keys::PRINT)) }
                button type="button" hidden data-copy=(procedure.code) data-copied=(words.say(keys::COPIED))
                    aria-describedby="copied" { (words.say(keys::COPY_CODE)) }
                span #copied role="status" {}
            }
        }
    }
}

/// The case that a checklist of a terminal, or a page that goes on on a phone, leads
/// to: its place in the procedure's list of papers, from 1.
pub(crate) const CASE: &str = "case";

/// Of one case where the address names one: its papers, and those that hold
/// always.
fn papers(words: Words<'_>, visit: &Visit, procedure: &Procedure, lists: &ProcedureLists) -> Markup {
    let chosen = chosen_case(visit, procedure);
    let is_shown = |case: &PaperCaseTexts| case.case.is_none() || chosen.is_none_or(|place| place == case.place);
    html! {
        section #papers {
            h2 { (words.say(keys::PART_PAPERS)) }
            @if lists.papers.is_empty() { p { (words.say(told::PAPERS_MISSING)) } }
            @for case in lists.papers.iter().filter(|case| is_shown(case)) {
                @if let Some(case) = &case.case { h3 lang=[words.vietnamese()] { (case) } }
                ul .papers lang=[words.vietnamese()] { @for item in &case.items { li { (item) } } }
            }
            @if lists.papers.iter().any(|case| !is_shown(case)) {
                p .actions {
                    a .button href=(visit.href(&format!("/procedures/{}", procedure.code))) { (words.say(keys::ALL_CASES)) }
                }
            }
        }
    }
}

/// The place of the case in the address; nothing where there is no such case.
fn chosen_case(visit: &Visit, procedure: &Procedure) -> Option<usize> {
    let place = visit.parameter(CASE).parse::<usize>().ok()?.checked_sub(1)?;
    (place < procedure.papers.len()).then_some(place)
}

/// Where, how long and what for. A fee never stands without its note.
fn ways(words: Words<'_>, lists: &ProcedureLists) -> Markup {
    html! {
        section #ways {
            h2 { (words.say(keys::PART_WAYS)) }
            @if let Some(levels) = words.join(&lists.levels) {
                p { (words.tell(told::PROCEDURE_LEVELS, &[("levels", (&levels).into())])) }
            }
            @if lists.ways.is_empty() { p { (words.say(told::METHODS_MISSING)) } }
            ul .ways {
                @for way in &lists.ways {
                    li {
                        h3 { (way.channel) }
                        dl .facts {
                            dt { (words.say(keys::WAY_TIME)) }
                            dd { (way.time) }
                            dt { (words.say(keys::WAY_FEE)) }
                            dd { (way.fee) }
                        }
                        @if let Some(note) = &way.note {
                            p .hint { strong { (words.say(keys::WAY_NOTE)) } " " span lang=[words.vietnamese()] { (note) } }
                        }
                    }
                }
            }
        }
    }
}

fn steps(words: Words<'_>, lists: &ProcedureLists) -> Markup {
    html! {
        section #steps {
            h2 { (words.say(keys::PART_STEPS)) }
            @if lists.steps.is_empty() { p { (words.say(told::STEPS_MISSING)) } }
            ul .steps lang=[words.vietnamese()] { @for step in &lists.steps { li { (step) } } }
        }
    }
}

fn who(words: Words<'_>, lists: &ProcedureLists) -> Markup {
    html! {
        section #who {
            h2 { (words.say(keys::PART_WHO)) }
            @if lists.applicants.is_empty() && lists.conditions.is_empty() { p { (words.say(told::WHO_MISSING)) } }
            ul lang=[words.vietnamese()] { @for one in &lists.applicants { li { (one) } } }
            @if !lists.conditions.is_empty() {
                h3 { (words.say(keys::PART_CONDITIONS)) }
                ul lang=[words.vietnamese()] { @for one in &lists.conditions { li { (one) } } }
            }
        }
    }
}
