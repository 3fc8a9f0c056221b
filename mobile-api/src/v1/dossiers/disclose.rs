//! `POST /api/v1/dossiers/{number}/disclosure`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Proof, Reply};
use gateway_core::domain::{LastFour, OneTimeCode};
use gateway_http::{JsonBody, Problem, problem};
use http::Response;
use mobile_api_types::{DisclosureRequest, DossierAnswer, ProblemAnswer};

use super::view;
use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};

/// The owner's view of a dossier
///
/// With a second proof, either the last four digits of the applicant's ID or a
/// one-time code that was sent to the registered phone: masked name, reason in full, fees and missing papers.
/// The proof travels in the body, never in a URL. No cache keeps the answer. A
/// failure reads and takes the same whether the proof was wrong, the dossier is
/// locked or there is none.
#[utoipa::path(
    post,
    path = "/api/v1/dossiers/{number}/disclosure",
    tag = "dossiers",
    params(
        ("number" = String, Path, description = "The dossier number", example = "000.00.17.H09-210819-0012"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("X-Device-Id" = Option<String>, Header, description = "8–64 printable characters; only tightens limits"),
    ),
    request_body = DisclosureRequest,
    responses(
        (status = 200, description = "The dossier with its `owner` part, or whose it is", body = DossierAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 400, description = "`not_a_number`, `malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 403, description = "`not_disclosed`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`number_ambiguous`, with `choices`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`, `too_many_dossiers`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`portal_down`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn disclose_dossier(
    State(api): State<SharedApi>,
    asker: Asker,
    PathText(number): PathText,
    JsonBody(input): JsonBody<DisclosureRequest>,
) -> Result<Response<Body>, Problem> {
    let number = api.number(&number)?;
    let proof = proof(&input).ok_or_else(|| Problem::of(&problem::INVALID_FIELDS))?;
    let locale = asker.locale;
    let answered = api.act(asker, Action::DiscloseDossier { number, proof }).await;
    let notices = answer::notices(&answered, locale);
    let body = match &answered.outcome {
        Ok(Reply::Disclosed(reply)) => view::disclosed(&api.needs.locales, locale, reply, notices),
        Ok(Reply::Elsewhere(reply)) => view::elsewhere(reply, notices),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    respond(&body, answered.code, locale, Keep::Never, None)
}

/// Exactly one proof: of two nobody could say which one failed.
pub(super) fn proof(input: &DisclosureRequest) -> Option<Proof> {
    match (&input.id_last_four, &input.one_time_code) {
        (Some(digits), None) => LastFour::parse(digits).ok().map(Proof::IdLastFour),
        (None, Some(code)) => OneTimeCode::parse(code).map(Proof::OneTimeCode),
        _ => None,
    }
}
