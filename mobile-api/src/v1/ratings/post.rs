//! `POST /api/v1/ratings`

use axum::body::Body;
use axum::extract::State;
use compact_str::CompactString;
use gateway_core::desk::{GivenRating, RATING_TRIED_FOR};
use gateway_core::domain::queue::TicketKey;
use gateway_core::domain::{Rated, Rating, RatingReason, RatingWords, Score};
use gateway_core::ports::{KeptRating, NewRating};
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::{ProblemAnswer, RatingOf, RatingRequest};

use crate::answer;
use crate::api::{Api, SharedApi};
use crate::kiosk::{SignatureHeaders, Signed, SignedDevice, away};

/// Reasons of one rating.
const MOST_REASONS: usize = 8;

/// Characters of a counter's name and of a ticket's code.
const LONGEST_NAME: usize = 40;

/// A citizen rates a service
///
/// Signed by a terminal. It is on disk when it is answered, and that of a
/// dossier is carried to the portal then, once. The same `key` is the same rating, so a
/// terminal that did not hear the answer sends it again. Nothing tells whether there is
/// such a dossier.
#[utoipa::path(
    post,
    path = "/api/v1/ratings",
    tag = "kiosk",
    params(
        SignatureHeaders,
    ),
    request_body = RatingRequest,
    responses(
        (status = 202, description = "It is kept; the body is empty JSON",
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`, `not_a_number`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`number_ambiguous`, with `choices`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn rate(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(device, JsonBody(input)): Signed<JsonBody<RatingRequest>>,
) -> Result<Response<Body>, Problem> {
    let at = api.needs.clock.now();
    let invalid = || Problem::of(&problem::INVALID_FIELDS);
    let GivenRating { score, reasons, words } =
        given(input.score, &input.reasons, input.words.as_deref()).ok_or_else(invalid)?;
    let rating = Rating { score, reasons, words, at };
    let once = match input.key.as_deref().map(TicketKey::parse) {
        None => None,
        Some(None) => return Err(invalid()),
        // Another terminal's key is none of this one's.
        Some(Some(key)) => {
            let own = format!("{}/{}", device.id.as_str(), key.to_hex());
            Some(api.needs.kiosk.hash_key.hash("rating", &own))
        }
    };
    let of = rated(&api, &device, input.of)?;
    let kind = of.kind();
    let until = at.checked_add(RATING_TRIED_FOR).unwrap_or(at);
    let new = NewRating { of, site: device.site, rating, until, once };
    match api.needs.kiosk.ratings.keep_rating(new).await.map_err(|problem| away(&problem))? {
        KeptRating::New(_) => metrics::counter!("ratings_total", "of" => kind).increment(1),
        KeptRating::Known => {}
    }
    answer::told(StatusCode::ACCEPTED, &serde_json::json!({}), caller.locale)
}

/// What a citizen says, where it can be told to the portal.
pub(crate) fn given(score: u8, keys: &[String], words: Option<&str>) -> Option<GivenRating> {
    let words = words.map_or(Ok(None), RatingWords::parse).ok()?;
    Some(GivenRating { score: Score::new(score)?, reasons: reasons(keys)?, words })
}

/// Known reasons, each once. One that is new to this gateway is refused: it could
/// not be told to the portal.
fn reasons(keys: &[String]) -> Option<Vec<RatingReason>> {
    if keys.len() > MOST_REASONS {
        return None;
    }
    let mut reasons: Vec<RatingReason> = keys.iter().map(|key| RatingReason::from_key(key)).collect::<Option<_>>()?;
    reasons.sort_unstable();
    reasons.dedup();
    Some(reasons)
}

/// A terminal rates what is at its own site, or a dossier.
fn rated(api: &Api, device: &SignedDevice, of: RatingOf) -> Result<Rated, Problem> {
    let invalid = || Problem::of(&problem::INVALID_FIELDS);
    let name = |text: String| -> Option<CompactString> {
        let text = text.trim();
        let fits = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        fits.then(|| text.into())
    };
    match of {
        RatingOf::Dossier(number) => Ok(Rated::Dossier(api.number(&number)?.as_str().into())),
        RatingOf::Counter(counter) => name(counter).map(Rated::Counter).ok_or_else(invalid),
        RatingOf::Ticket(code) => name(code).map(Rated::Ticket).ok_or_else(invalid),
        RatingOf::Site(site) if site.eq_ignore_ascii_case(&device.site) => Ok(Rated::Site),
        RatingOf::Site(_) => Err(invalid()),
    }
}
