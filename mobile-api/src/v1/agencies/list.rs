//! `GET /api/v1/agencies`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply};
use gateway_core::domain::Agency;
use gateway_http::Problem;
use http::Response;
use mobile_api_types::{AgenciesAnswer, AgencyView, ProblemAnswer};

use crate::answer::{self, Keep, respond};
use crate::api::{Asker, SharedApi};

/// The agencies that receive dossiers today
#[utoipa::path(
    get,
    path = "/api/v1/agencies",
    tag = "agencies",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer")),
    responses(
        (status = 200, description = "All agencies", body = AgenciesAnswer<'static>,
            headers(("ETag" = String), ("Answer-Code" = String))),
        (status = 304, description = "Nothing has changed since"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn list_agencies(State(api): State<SharedApi>, mut asker: Asker) -> Result<Response<Body>, Problem> {
    let (locale, held) = (asker.locale, asker.if_none_match.take());
    let answered = api.act(asker, Action::ListAgencies).await;
    let agencies = match &answered.outcome {
        Ok(Reply::Agencies(agencies)) => agencies.iter().map(|agency| view(agency)).collect(),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    let body = AgenciesAnswer { agencies, notices: answer::notices(&answered, locale), answer_code: "".into() };
    respond(&body, answered.code, locale, Keep::Shared, held.as_ref())
}

fn view(agency: &Agency) -> AgencyView<'_> {
    AgencyView {
        code: agency.code.as_str().into(),
        name: agency.name.as_str().into(),
        english_name: agency.english.as_deref().map(Into::into),
        address: agency.address.as_deref().map(Into::into),
        phone: agency.phone.as_deref().map(Into::into),
    }
}
