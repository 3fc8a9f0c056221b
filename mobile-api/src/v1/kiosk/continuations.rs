//! `POST /api/v1/kiosk/continuations`, `GET …/{id}`, `POST …/{id}/confirm`

use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Begun, Confirmed};
use gateway_core::domain::queue::TicketCode;
use gateway_core::domain::{
    self, ContinuationId, ContinuationStage, Locale, MatchingCode, PaperCase, ProcedureCode, SearchWords, WhyOver,
};
use gateway_http::problem::ProblemType;
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::{
    ConfirmRequest, ContinuationAnswer, ContinuationRequest, ContinuationState, ContinuationView, ContinuedPage,
    ProblemAnswer,
};

use crate::answer;
use crate::api::{Api, PathText, SharedApi};
use crate::kiosk::{NoBody, SignatureHeaders, Signed, away};

/// A page that shall go on on a phone
///
/// Signed. A terminal has one: its earlier one is over. The page is named by a
/// procedure, a search, a ticket, or not at all: never what was disclosed. A search
/// in which somebody's number may stand is `invalid_fields`.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/continuations",
    tag = "kiosk",
    params(
        SignatureHeaders,
    ),
    request_body = ContinuationRequest,
    responses(
        (status = 201, description = "What the QR code carries; it opens once", body = ContinuationAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`no_phones`: the operator gave no address for phones", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn begin_continuation(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(device, JsonBody(input)): Signed<JsonBody<ContinuationRequest>>,
) -> Result<Response<Body>, Problem> {
    let kiosk = &api.needs.kiosk;
    if kiosk.config.phone_base_url.is_empty() {
        return Err(Problem::of(&problem::NO_PHONES));
    }
    let page = page(&api, input.page).ok_or_else(|| Problem::of(&problem::INVALID_FIELDS))?;
    let begun = kiosk.continuations.begin(&device.id, page).await.map_err(|problem| away(&problem))?;
    metrics::counter!("kiosk_continuations_total", "what" => "begun").increment(1);
    let body = ContinuationAnswer {
        id: begun.id.0.to_string().into(),
        url: url(&kiosk.config.phone_base_url, &begun, caller.locale).into(),
        expires_at: begun.until,
    };
    answer::told(StatusCode::CREATED, &body, caller.locale)
}

/// How far the terminal's own continuation is
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/continuations/{id}",
    tag = "kiosk",
    params(
        ("id" = String, Path, description = "`id` of the answer that made it"),
        SignatureHeaders,
    ),
    responses(
        (status = 200, description = "Where it is", body = ContinuationView,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_route`: no continuation of this terminal", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn show_continuation(
    State(api): State<SharedApi>,
    caller: Caller,
    PathText(id): PathText,
    Signed(device, NoBody): Signed<NoBody>,
) -> Result<Response<Body>, Problem> {
    let found = api.needs.kiosk.continuations.stage(&device.id, number(&id)?).await;
    let stage = found.map_err(|problem| away(&problem))?.ok_or_else(nothing)?;
    answer::told(StatusCode::OK, &ContinuationView { state: state(stage) }, caller.locale)
}

/// The digits that the phone shows were typed at the terminal
///
/// Signed. Wrong ones are counted; the last of them ends the continuation. The
/// same right ones again are right again.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/continuations/{id}/confirm",
    tag = "kiosk",
    params(
        ("id" = String, Path, description = "`id` of the answer that made it"),
        SignatureHeaders,
    ),
    request_body = ConfirmRequest,
    responses(
        (status = 200, description = "They were right: the phone goes on", body = ContinuationView,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_route`: no continuation of this terminal", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "`matching_code_wrong`, `no_phone_yet`: they may be typed again", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 410, description = "`continuation_over`: by time, by wrong digits, or by another one", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn confirm_continuation(
    State(api): State<SharedApi>,
    caller: Caller,
    PathText(id): PathText,
    Signed(device, JsonBody(input)): Signed<JsonBody<ConfirmRequest>>,
) -> Result<Response<Body>, Problem> {
    let id = number(&id)?;
    let code = MatchingCode::parse(&input.code).ok_or_else(|| Problem::of(&problem::INVALID_FIELDS))?;
    let confirmed = api.needs.kiosk.continuations.confirm(&device.id, id, &code).await;
    let refused: &'static ProblemType = match confirmed.map_err(|problem| away(&problem))?.ok_or_else(nothing)? {
        Confirmed::Right | Confirmed::Over(WhyOver::Used) => {
            let body = ContinuationView { state: ContinuationState::Open };
            return answer::told(StatusCode::OK, &body, caller.locale);
        }
        Confirmed::Wrong(_) => &problem::MATCHING_CODE_WRONG,
        Confirmed::NoPhone => &problem::NO_PHONE_YET,
        Confirmed::Over(WhyOver::Expired | WhyOver::Mistyped | WhyOver::Replaced) => &problem::CONTINUATION_OVER,
    };
    metrics::counter!("kiosk_continuations_total", "what" => refused.code).increment(1);
    Err(Problem::of(refused))
}

fn nothing() -> Problem {
    Problem::of(&problem::UNKNOWN_ROUTE)
}

fn number(id: &str) -> Result<ContinuationId, Problem> {
    id.parse().map(ContinuationId).map_err(|_| nothing())
}

/// What the phone opens. The language goes with it: whoever chose English at the
/// terminal reads English on.
fn url(base: &str, begun: &Begun, locale: Locale) -> String {
    format!("{base}/k/{}?lang={locale}", begun.token.to_hex())
}

/// The page in the house's words; `None` for what there is not, and for what may
/// tell of somebody.
fn page(api: &Api, page: ContinuedPage) -> Option<domain::ContinuedPage> {
    Some(match page {
        ContinuedPage::Home => domain::ContinuedPage::Home,
        ContinuedPage::Procedures { query } => domain::ContinuedPage::Procedures(SearchWords::parse(&query)?),
        ContinuedPage::Queue { ticket } => domain::ContinuedPage::Ticket(TicketCode::parse(&ticket)?),
        ContinuedPage::Procedure { code, case, case_number } => {
            let procedure = api.needs.catalogue.procedure(&ProcedureCode::parse(&code).ok()?)?;
            let case = case_of(&procedure.papers, case.as_deref(), case_number)?;
            domain::ContinuedPage::Procedure { code: procedure.code.clone(), case }
        }
    })
}

/// Which case is meant, by its words, its number or both; `None` where there is no
/// such case, or they mean two. Without words it is no case: its papers hold always.
fn case_of(papers: &[PaperCase], words: Option<&str>, number: Option<u32>) -> Option<Option<NonZeroU32>> {
    let by_words = match words {
        Some(words) => {
            let place = papers.iter().position(|papers| papers.case == words)?;
            NonZeroU32::new(u32::try_from(place + 1).ok()?).filter(|_| !words.is_empty())
        }
        None => None,
    };
    let Some(number) = number else { return Some(by_words) };
    let by_number = NonZeroU32::new(number)?;
    let is_there = usize::try_from(number).is_ok_and(|number| number <= papers.len());
    (is_there && (words.is_none() || by_words == Some(by_number))).then_some(Some(by_number))
}

const fn state(stage: ContinuationStage) -> ContinuationState {
    match stage {
        ContinuationStage::Waiting => ContinuationState::Waiting,
        ContinuationStage::Scanned => ContinuationState::Scanned,
        ContinuationStage::Open | ContinuationStage::Over(WhyOver::Used) => ContinuationState::Open,
        ContinuationStage::Over(WhyOver::Expired | WhyOver::Mistyped | WhyOver::Replaced) => ContinuationState::Over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_meant_by_its_words_or_its_number() {
        let papers =
            ["", "Trẻ bị bỏ rơi", "Mang thai hộ"].map(|case| PaperCase { case: case.into(), items: Vec::new() });
        let meant = |words, number| case_of(&papers, words, number).map(|case| case.map(NonZeroU32::get));
        assert_eq!(meant(None, None), Some(None));
        assert_eq!(meant(Some(""), None), Some(None), "papers that hold always are no case");
        assert_eq!(meant(Some("Mang thai hộ"), None), Some(Some(3)));
        assert_eq!(meant(None, Some(2)), Some(Some(2)));
        assert_eq!(meant(Some("Trẻ bị bỏ rơi"), Some(2)), Some(Some(2)));
        assert_eq!(meant(Some("Mang thai hộ"), Some(2)), None, "two cases");
        for (words, number) in [(Some("Kết hôn"), None), (Some("Kết hôn"), Some(2)), (None, Some(0)), (None, Some(4))]
        {
            assert_eq!(meant(words, number), None, "{words:?} {number:?}");
        }
    }
}
