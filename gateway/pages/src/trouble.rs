//! Kind pages for what did not go well.

use axum::body::Body;
use gateway_core::desk::{Answered, Refusal};
use gateway_http::problem::refusal_status;
use gateway_http::{Caller, Problem, ProblemPages};
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Request, Response, StatusCode, Uri};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{House, Words};
use crate::keys;
use crate::shell::{self, Page, Place, Switch};
use crate::visit::Visit;

/// A refusal of the Desk: its status, when to come back, the answer's code.
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    retry_after: Option<u64>,
}

impl Refused {
    pub(crate) fn of(refusal: &Refusal) -> Self {
        let status = refusal_status(&refusal.kind);
        Self { status, retry_after: Problem::from(refusal.clone()).retry_seconds() }
    }

    /// Tells programs when to come back.
    pub(crate) fn mark(&self, response: &mut Response<Body>) {
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// What was refused, in a box that stands out.
pub(crate) fn refusal_box(words: Words<'_>, refusal: &Refusal) -> Markup {
    html! {
        div .trouble role="status" tabindex="-1" data-focus {
            p { strong { (words.say(keys::SORRY)) } }
            p { (words.locales.refusal_detail(refusal, words.locale)) }
        }
    }
}

/// The code under an answer, for an officer to look up.
pub(crate) fn answer_code(words: Words<'_>, answered: &Answered) -> Markup {
    let code = answered.code.as_str();
    html! { p .source { (words.tell(gateway_locale::keys::ANSWER_CODE, &[("code", code.into())])) } }
}

impl ProblemPages for House {
    fn page(&self, problem: &Problem, caller: &Caller, asked: &Uri) -> Response<Body> {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.uri = asked.clone();
        let visit = Visit::of(&parts, caller.clone(), &self.needs.locales.available());
        let words = self.words(visit.locale);
        let title = problem.title(words.locales, words.locale);
        let main = html! {
            h1 { (title) }
            div .trouble {
                p { (problem.detail(words.locales, words.locale)) }
            }
            p .actions {
                a .button href=(visit.href("/")) { (words.say(keys::NAV_FRONT)) }
                a .button href=(visit.href("/dossiers")) { (words.say(keys::NAV_DOSSIERS)) }
                a .button href=(visit.href("/procedures")) { (words.say(keys::NAV_PROCEDURES)) }
            }
        };
        // The address may be one that takes a form only.
        let page = Page { switch: Switch::To("/"), ..Page::new(&title, Place::Aside, main) };
        let html = shell::document(self, &visit, page);
        let mut response = answer::document(&visit, problem.status(), Keep::Never, html);
        if let Some(seconds) = problem.retry_seconds() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
