//! `POST /api/v1/dossiers/{number}/rating`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, GivenRating, Reply};
use gateway_http::{JsonBody, Problem, problem};
use http::Response;
use mobile_api_types::{DossierAnswer, DossierRatingRequest, ProblemAnswer, RatedAnswer};

use super::disclose::proof;
use super::view;
use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};
use crate::v1::ratings::post::given;

/// An owner rates how a dossier was handled
///
/// With a second proof, as for a disclosure, because the portal takes a rating as the
/// owner's. It is on disk when it is answered, and is carried to the portal then, once.
/// A dossier takes one rating from apps and browsers together: where there is one, that
/// one counts, so a phone that did not hear the answer sends it again.
#[utoipa::path(
    post,
    path = "/api/v1/dossiers/{number}/rating",
    tag = "dossiers",
    params(
        ("number" = String, Path, description = "The dossier number", example = "000.00.17.H09-210819-0012"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("X-Device-Id" = Option<String>, Header, description = "8–64 printable characters; only tightens limits"),
    ),
    request_body = DossierRatingRequest,
    responses(
        (status = 200, description = "It is kept, or another one was before; or, as for the dossier itself, whose it is (`elsewhere`)", body = RatedAnswer<'static>,
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
pub(crate) async fn rate_dossier(
    State(api): State<SharedApi>,
    asker: Asker,
    PathText(number): PathText,
    JsonBody(input): JsonBody<DossierRatingRequest>,
) -> Result<Response<Body>, Problem> {
    let invalid = || Problem::of(&problem::INVALID_FIELDS);
    let number = api.number(&number)?;
    let proof = Some(proof(&input.proof).ok_or_else(invalid)?);
    let rating = given(input.score, &input.reasons, input.words.as_deref()).ok_or_else(invalid)?;
    let given: Option<Box<GivenRating>> = Some(Box::new(rating));
    let locale = asker.locale;
    let answered = api.act(asker, Action::RateDossier { number, given, proof }).await;
    match &answered.outcome {
        Ok(Reply::Rated { number, score }) => {
            let body = RatedAnswer { number: number.as_str().into(), counted: score.is_some(), answer_code: "".into() };
            respond(&body, answered.code, locale, Keep::Never, None)
        }
        Ok(Reply::Elsewhere(reply)) => {
            let notices = answer::notices(&answered, locale);
            let body: DossierAnswer<'_> = view::elsewhere(reply, notices);
            respond(&body, answered.code, locale, Keep::Never, None)
        }
        Ok(_) => Err(answer::out_of_place(&answered)),
        Err(refusal) => Err(Problem::answered(refusal, &answered)),
    }
}
