//! `POST /dossiers/code`: a one-time code to the dossier's registered phone. The
//! page is the same whether there is such a dossier and whether it has a phone.

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Refusal, RefusalKind, Reply};
use http::{Response, StatusCode};
use maud::html;

use super::{Number, Told, no_number, read, refused, told, view, which};
use crate::form::Form;
use crate::house::SharedHouse;
use crate::keys;
use crate::trouble::answer_code;
use crate::visit::Visit;

pub(super) async fn send(State(house): State<SharedHouse>, visit: Visit, form: Form) -> Response<Body> {
    let text = form.field("number");
    let number = match read(&house, text) {
        Number::One(number) => number,
        Number::Several(numbers) => return which(&house, &visit, &numbers),
        Number::None => return no_number(&house, &visit, text),
    };
    let answered = house.act(&visit, Action::SendCode { number: number.clone() }).await;
    let words = house.words(visit.locale);
    let title = words.say(keys::CODE_TITLE);
    let shown = match &answered.outcome {
        Ok(Reply::CodeSent { minutes }) => html! {
            div .state role="status" tabindex="-1" data-focus {
                p { (words.tell(gateway_locale::keys::CODE_SENT, &[("minutes", (*minutes).into())])) }
            }
            (view::code_form(words, &visit, number.as_str()))
            (answer_code(words, &answered))
        },
        Ok(Reply::Elsewhere(_)) => view::elsewhere(&house, words, &answered),
        outcome => {
            let internal = Refusal::of(RefusalKind::Internal);
            let refusal = outcome.as_ref().err().unwrap_or(&internal);
            let instead = view::digits_form(words, &visit, number.as_str());
            return refused(&house, &visit, refusal, &answered, &number, &instead);
        }
    };
    let main = html! { h1 { (title) } (shown) };
    let spoken = matches!(answered.outcome, Ok(Reply::Elsewhere(_)));
    let notices = if spoken { &[] } else { &*answered.notices };
    // Sent again, it would send another code: the switch shows the public view.
    told(&house, &visit, Told { status: StatusCode::OK, title: &title, number: number.as_str(), notices, main })
}
