//! `POST /dossiers/owner`: more of a dossier, for whoever proves that it is
//! theirs. A failure reads the same for every cause.

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Proof, Refusal, RefusalKind, Reply};
use gateway_core::domain::{LastFour, OneTimeCode};
use http::{Response, StatusCode};
use maud::html;

use super::{Number, Told, no_number, read, refused, told, view, which};
use crate::form::Form;
use crate::house::SharedHouse;
use crate::keys;
use crate::visit::Visit;

pub(super) async fn open(State(house): State<SharedHouse>, visit: Visit, form: Form) -> Response<Body> {
    let text = form.field("number");
    let number = match read(&house, text) {
        Number::One(number) => number,
        Number::Several(numbers) => return which(&house, &visit, &numbers),
        Number::None => return no_number(&house, &visit, text),
    };
    let words = house.words(visit.locale);
    let Some(proof) = proof(&form) else {
        let title = words.say(keys::PROOF_TITLE);
        let main = html! {
            h1 { (title) }
            div .trouble role="status" tabindex="-1" data-focus { p { (words.say(keys::PROOF_UNREADABLE)) } }
            (view::proof_forms(&house, words, &visit, number.as_str()))
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return told(&house, &visit, Told { status, title: &title, number: number.as_str(), notices: &[], main });
    };
    let answered = house.act(&visit, Action::DiscloseDossier { number: number.clone(), proof }).await;
    let again = || view::proof_forms(&house, words, &visit, number.as_str());
    let shown = match &answered.outcome {
        Ok(Reply::Disclosed(reply)) => view::owner(words, &visit, reply, &answered),
        Ok(Reply::Elsewhere(_)) => view::elsewhere(&house, words, &answered),
        Ok(_) => {
            let refusal = Refusal::of(RefusalKind::Internal);
            return refused(&house, &visit, &refusal, &answered, &number, &again());
        }
        Err(refusal) => return refused(&house, &visit, refusal, &answered, &number, &again()),
    };
    let title = words.say(keys::OWNER_TITLE);
    let main = html! {
        h1 tabindex="-1" data-focus { (title) }
        (shown)
        p .actions {
            a .button href=(visit.href("/dossiers")) { (words.say(keys::OWNER_CLOSE)) }
        }
    };
    let spoken = matches!(answered.outcome, Ok(Reply::Elsewhere(_)));
    let notices = if spoken { &[] } else { &*answered.notices };
    // In another language the public view is shown: the proof is not kept.
    told(&house, &visit, Told { status: StatusCode::OK, title: &title, number: number.as_str(), notices, main })
}

/// One proof; with both, or with none, there is none.
fn proof(form: &Form) -> Option<Proof> {
    match (form.field("digits"), form.field("code")) {
        (digits, "") => LastFour::parse(digits).ok().map(Proof::IdLastFour),
        ("", code) => OneTimeCode::parse(code).map(Proof::OneTimeCode),
        _ => None,
    }
}
