//! `GET /api/v1/dossiers/{number}`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply};
use gateway_http::Problem;
use http::Response;
use mobile_api_types::{DossierAnswer, ProblemAnswer};

use super::view;
use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};

/// Where a dossier is
///
/// What anybody may see who knows the number. The number is read leniently
/// (case, separators, a sentence around it); the answer has it in canonical
/// form. A dossier of another authority is answered with that authority.
#[utoipa::path(
    get,
    path = "/api/v1/dossiers/{number}",
    tag = "dossiers",
    params(
        ("number" = String, Path, description = "The dossier number", example = "000.00.17.H09-210819-0012"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer"),
        ("X-Device-Id" = Option<String>, Header, description = "8–64 printable characters; only tightens limits"),
    ),
    responses(
        (status = 200, description = "The dossier, or whose it is", body = DossierAnswer<'static>,
            headers(("ETag" = String), ("Answer-Code" = String))),
        (status = 304, description = "Nothing has changed since"),
        (status = 400, description = "`not_a_number`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`dossier_not_found`, `dossier_too_new`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`number_ambiguous`, with `choices`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`, `too_many_dossiers`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`portal_down`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn show_dossier(
    State(api): State<SharedApi>,
    mut asker: Asker,
    PathText(number): PathText,
) -> Result<Response<Body>, Problem> {
    let number = api.number(&number)?;
    let (locale, held) = (asker.locale, asker.if_none_match.take());
    let answered = api.act(asker, Action::TrackDossier { number }).await;
    let notices = answer::notices(&answered, locale);
    let body = match &answered.outcome {
        Ok(Reply::Dossier(reply)) => view::dossier(&api.needs.locales, locale, reply, notices),
        Ok(Reply::Elsewhere(reply)) => view::elsewhere(reply, notices),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    respond(&body, answered.code, locale, Keep::Revalidate, held.as_ref())
}
