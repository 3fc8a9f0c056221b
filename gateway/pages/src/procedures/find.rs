//! `GET /procedures`: search, one field, one event of a life, or all of them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Focuses, ProceduresReply, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Procedure, Reading, local_date};
use gateway_core::ports::{Cursor, ProcedureQuery};
use gateway_locale::{keys as told, procedure_name, shown};
use http::{Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{House, SharedHouse, Words};
use crate::keys;
use crate::shelf::{LifeEvent, held};
use crate::shell::{self, Page, Place};
use crate::trouble::{Refused, refusal_box};
use crate::visit::Visit;

/// Procedures on a page.
const ON_A_PAGE: usize = 20;

/// The longest search, in characters.
const MOST_OF_A_QUERY: usize = 200;

/// The last page that is turned to: nobody reads on, but programs do.
const LAST_PAGE: usize = 1_000;

pub(super) async fn find(State(house): State<SharedHouse>, visit: Visit) -> Response<Body> {
    let words = house.words(visit.locale);
    let text: String = visit.parameter("q").chars().take(MOST_OF_A_QUERY).collect();
    if let Some(event) = LifeEvent::from_key(visit.parameter("event")) {
        return of_event(&house, &visit, event);
    }
    // A number must not stand in an address: it is asked for where it does not.
    if matches!(house.needs.numbers.read(&text, local_date(house.needs.clock.now())), Reading::One(_)) {
        let main = html! {
            div .trouble {
                p { (words.say(keys::NUMBER_IN_SEARCH)) }
                p .actions { a .button .primary href=(visit.href("/dossiers")) { (words.say(keys::NAV_DOSSIERS)) } }
            }
        };
        return told(&house, &visit, StatusCode::OK, "", "", &main);
    }
    let field: String = visit.parameter("field").chars().take(MOST_OF_A_QUERY).collect();
    let field = field.as_str();
    let page = visit.parameter("page").parse().unwrap_or(1_usize).clamp(1, LAST_PAGE);
    let offset = (page - 1) * ON_A_PAGE;
    let query = ProcedureQuery {
        text: text.clone(),
        field: Some(field.to_owned()).filter(|field| !field.is_empty()),
        limit: ON_A_PAGE,
        after: (offset > 0).then(|| Cursor { version: house.needs.catalogue.version(), offset }),
        ..ProcedureQuery::default()
    };
    let answered = house.act(&visit, Action::FindProcedures { query, focus: Focuses::OVERVIEW }).await;
    let refusal = match &answered.outcome {
        Ok(Reply::Procedures(reply)) => {
            let main = html! {
                h2 { (heading(words, reply)) }
                (hits(words, &visit, reply))
                (pages(words, &visit, page, reply.page.total, &text, field))
            };
            return told(&house, &visit, StatusCode::OK, &text, field, &main);
        }
        Ok(_) => Refusal::of(RefusalKind::Internal),
        Err(refusal) => refusal.clone(),
    };
    let refused = Refused::of(&refusal);
    let mut response = told(&house, &visit, refused.status, &text, field, &refusal_box(words, &refusal));
    refused.mark(&mut response);
    response
}

fn told(house: &House, visit: &Visit, status: StatusCode, text: &str, field: &str, found: &Markup) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::PROCEDURES_TITLE);
    let notices = house.notices();
    let main = html! {
        h1 { (title) }
        (search(house, words, visit, text, field))
        section { (found) }
    };
    let keep = if status == StatusCode::OK { Keep::Revalidate } else { Keep::Never };
    let page = Page { notices: &notices, ..Page::new(&title, Place::Procedures, main) };
    answer::document(visit, status, keep, shell::document(house, visit, page))
}

/// What one event of a life wants.
fn of_event(house: &House, visit: &Visit, event: LifeEvent) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(event.label());
    let notices = house.notices();
    let held = held(house.needs.catalogue.as_ref(), house.needs.shelf.of(event));
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::EVENT_LEAD)) }
        (list(words, visit, &held))
        p .actions { a .button href=(visit.href("/procedures")) { (words.say(keys::SEE_ALL)) } }
    };
    let page = Page { notices: &notices, ..Page::new(&title, Place::Procedures, main) };
    answer::document(visit, StatusCode::OK, Keep::Revalidate, shell::document(house, visit, page))
}

fn search(house: &House, words: Words<'_>, visit: &Visit, text: &str, field: &str) -> Markup {
    let fields = house.needs.catalogue.fields();
    html! {
        form .card role="search" method="get" action="/procedures" {
            div .row {
                div {
                    label for="q" { (words.say(keys::SEARCH_LABEL)) }
                    input #q name="q" type="search" value=(text) maxlength=(MOST_OF_A_QUERY) autocomplete="off"
                        spellcheck="false" enterkeyhint="search";
                }
                div {
                    label for="field" { (words.say(keys::SEARCH_FIELD)) }
                    select #field name="field" {
                        option value="" { (words.say(keys::SEARCH_ALL_FIELDS)) }
                        @for one in &fields {
                            option value=(one.name) selected[one.name == field] lang=[words.vietnamese()] {
                                (shown(&one.name)) " (" (words.locales.number(words.locale, count(one.count))) ")"
                            }
                        }
                    }
                }
                @if let Some(lang) = visit.chosen() { input type="hidden" name="lang" value=(lang); }
                button .primary { (words.say(keys::ASK_BUTTON)) }
            }
        }
    }
}

/// How many were found, and for what.
pub(crate) fn heading(words: Words<'_>, reply: &ProceduresReply) -> String {
    let query = shown(reply.query.trim());
    let total = ("total", reply.page.total.into());
    match (reply.page.total, query.is_empty()) {
        (0, true) => words.say(told::PROCEDURES_NONE_AT_ALL),
        (0, false) => words.tell(told::PROCEDURES_NONE, &[("query", (&*query).into())]),
        (_, true) => words.tell(told::PROCEDURES_ALL, &[total]),
        (_, false) => words.tell(told::PROCEDURES_FOUND, &[total, ("query", (&*query).into())]),
    }
}

/// The procedures of a page.
pub(crate) fn hits(words: Words<'_>, visit: &Visit, reply: &ProceduresReply) -> Markup {
    let procedures: Vec<Arc<Procedure>> = reply.page.hits.iter().map(|hit| Arc::clone(&hit.procedure)).collect();
    list(words, visit, &procedures)
}

fn list(words: Words<'_>, visit: &Visit, procedures: &[Arc<Procedure>]) -> Markup {
    html! {
        @if !procedures.is_empty() {
            ul .list {
                @for procedure in procedures {
                    li {
                        a href=(visit.href(&format!("/procedures/{}", procedure.code))) lang=[words.lang_of(procedure)] {
                            (shown(procedure_name(procedure, words.locale)))
                        }
                        div .hint {
                            span .number { (procedure.code) } " · "
                            span lang=[words.vietnamese()] { (shown(&procedure.field)) }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the other pages of a list.
fn pages(words: Words<'_>, visit: &Visit, page: usize, total: usize, text: &str, field: &str) -> Markup {
    let last = total.div_ceil(ON_A_PAGE).min(LAST_PAGE);
    let to = |page: usize| {
        let page = page.to_string();
        let page = if page == "1" { "" } else { &page };
        visit.href_with("/procedures", &[("q", text), ("field", field), ("page", page)])
    };
    // The first, the last, and those around this one.
    let near: Vec<usize> = (1..=last).filter(|one| *one == 1 || *one == last || one.abs_diff(page) <= 2).collect();
    html! {
        @if last > 1 {
            nav aria-label=(words.say(keys::PAGES_NAV)) {
                ul .pages {
                    @if page > 1 { li { a rel="prev" href=(to(page - 1)) { (words.say(keys::PAGES_BEFORE)) } } }
                    @for one in near {
                        li {
                            @if one == page {
                                span aria-current="page" { (one) }
                            } @else {
                                a href=(to(one)) aria-label=(words.tell(keys::PAGES_ONE, &[("page", one.into())])) { (one) }
                            }
                        }
                    }
                    @if page < last { li { a rel="next" href=(to(page + 1)) { (words.say(keys::PAGES_AFTER)) } } }
                }
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
