//! `GET /dossiers`: the form. `POST /dossiers`: where a dossier is, as anybody
//! may see it who knows its number.

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Refusal, RefusalKind, Reply};
use http::{Response, StatusCode};
use maud::html;

use super::{Number, Told, no_number, number_form, read, refused, told, view, which};
use crate::answer::{self, Keep};
use crate::form::Form;
use crate::house::SharedHouse;
use crate::keys;
use crate::shell::{self, Page, Place};
use crate::visit::Visit;

pub(super) async fn form(State(house): State<SharedHouse>, visit: Visit) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::DOSSIERS_TITLE);
    let notices = house.notices();
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::DOSSIERS_LEAD)) }
        (number_form(words, &visit, ""))
        p .hint { (words.say(keys::DOSSIERS_PRIVACY)) }
    };
    let page = Page { notices: &notices, ..Page::new(&title, Place::Dossiers, main) };
    answer::document(&visit, StatusCode::OK, Keep::Revalidate, shell::document(&house, &visit, page))
}

pub(super) async fn look(State(house): State<SharedHouse>, visit: Visit, form: Form) -> Response<Body> {
    let text = form.field("number");
    let number = match read(&house, text) {
        Number::One(number) => number,
        Number::Several(numbers) => return which(&house, &visit, &numbers),
        Number::None => return no_number(&house, &visit, text),
    };
    let answered = house.act(&visit, Action::TrackDossier { number: number.clone() }).await;
    let words = house.words(visit.locale);
    let shown = match &answered.outcome {
        Ok(Reply::Dossier(reply)) => view::public(&house, words, &visit, reply, &answered),
        Ok(Reply::Elsewhere(_)) => view::elsewhere(&house, words, &answered),
        Ok(_) => {
            let refusal = Refusal::of(RefusalKind::Internal);
            return refused(&house, &visit, &refusal, &answered, &number, &number_form(words, &visit, text));
        }
        Err(refusal) => {
            return refused(&house, &visit, refusal, &answered, &number, &number_form(words, &visit, text));
        }
    };
    let title = words.say(keys::DOSSIER_TITLE);
    let main = html! {
        h1 tabindex="-1" data-focus { (title) }
        (shown)
        section .screen {
            h2 { (words.say(keys::ANOTHER_NUMBER)) }
            (number_form(words, &visit, ""))
        }
    };
    // A spoken answer names them itself.
    let spoken = matches!(answered.outcome, Ok(Reply::Elsewhere(_)));
    let notices = if spoken { &[] } else { &*answered.notices };
    told(&house, &visit, Told { status: StatusCode::OK, title: &title, number: number.as_str(), notices, main })
}
