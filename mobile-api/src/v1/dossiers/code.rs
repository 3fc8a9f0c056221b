//! `POST /api/v1/dossiers/{number}/code`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply};
use gateway_http::Problem;
use http::{Response, StatusCode};
use mobile_api_types::{CodeAnswer, DossierAnswer, ProblemAnswer};

use super::view;
use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};

/// A one-time code to the dossier's registered phone
///
/// For the disclosure, where the last four digits of the ID are not enough or
/// not at hand. The request has no body. The answer reads and takes the same
/// whether there is such a dossier, whether it has a phone, and whether a code
/// was sent a moment ago. Another authority's dossier is answered with that
/// authority.
#[utoipa::path(
    post,
    path = "/api/v1/dossiers/{number}/code",
    tag = "dossiers",
    params(
        ("number" = String, Path, description = "The dossier number", example = "000.00.17.H09-210819-0012"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("X-Device-Id" = Option<String>, Header, description = "8–64 printable characters; only tightens limits"),
    ),
    responses(
        (status = 200, description = "Whose it is: nothing was sent", body = DossierAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 202, description = "If there is such a dossier and it has a phone, a code is on its way", body = CodeAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 400, description = "`not_a_number`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 403, description = "`not_on_this_channel`: no road of this gateway leads to phones", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`number_ambiguous`, with `choices`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`, `too_many_dossiers`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`portal_down`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn send_code(
    State(api): State<SharedApi>,
    asker: Asker,
    PathText(number): PathText,
) -> Result<Response<Body>, Problem> {
    let number = api.number(&number)?;
    let locale = asker.locale;
    let answered = api.act(asker, Action::SendCode { number }).await;
    let notices = answer::notices(&answered, locale);
    match &answered.outcome {
        Ok(Reply::CodeSent { minutes }) => {
            let body = CodeAnswer { minutes: *minutes, notices, answer_code: "".into() };
            let mut response = respond(&body, answered.code, locale, Keep::Never, None)?;
            *response.status_mut() = StatusCode::ACCEPTED;
            Ok(response)
        }
        Ok(Reply::Elsewhere(reply)) => {
            respond(&view::elsewhere(reply, notices), answered.code, locale, Keep::Never, None)
        }
        Ok(_) => Err(answer::out_of_place(&answered)),
        Err(refusal) => Err(Problem::answered(refusal, &answered)),
    }
}
