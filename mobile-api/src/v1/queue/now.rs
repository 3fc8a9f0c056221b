//! `GET /api/v1/queue`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply, ServiceNow, SiteNow};
use gateway_core::domain::Locale;
use gateway_core::domain::queue::{SiteCode, Taking};
use gateway_http::{Problem, QueryInput, problem};
use http::Response;
use mobile_api_types::{ProblemAnswer, QueueAnswer, QueueServiceView, ServingView};
use serde::Deserialize;

use crate::answer::{self, Keep, respond};
use crate::api::{Asker, SharedApi};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NowInput {
    site: Option<String>,
}

/// How the queues of a centre stand
///
/// How many wait, which numbers are called, about how long it takes, and whether
/// numbers are given. What was not measured is not there.
#[utoipa::path(
    get,
    path = "/api/v1/queue",
    tag = "queue",
    params(
        ("site" = Option<String>, Query, description = "The code of the centre's agency; it may be left out where there is one centre", example = "001.21.31.H09"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
    ),
    responses(
        (status = 200, description = "How they stand", body = QueueAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 400, description = "`invalid_query`: there are several centres, and none was named", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`queue_unknown`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn queue_now(
    State(api): State<SharedApi>,
    asker: Asker,
    QueryInput(input): QueryInput<NowInput>,
) -> Result<Response<Body>, Problem> {
    let locale = asker.locale;
    let asked = input.site.as_deref().map(SiteCode::parse);
    let site = match &asked {
        Some(Some(code)) => Some(code.as_str().into()),
        Some(None) => return Err(answer::unknown_queue()),
        None => None,
    };
    let answered = api.act(asker, Action::QueueNow { site }).await;
    let sites = match &answered.outcome {
        Ok(Reply::QueueNow(reply)) => &reply.sites,
        // No centre has a queue.
        Ok(Reply::NotYet(_)) => return Err(answer::unknown_queue()),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    // A program means the code that it names, not whatever sounds like it.
    let now = match (&asked, sites.as_slice()) {
        (Some(code), sites) => {
            let named = sites.iter().find(|now| code.as_ref() == Some(&now.site.code));
            named.ok_or_else(answer::unknown_queue)?
        }
        (None, [one]) => one,
        (None, _) => return Err(Problem::of(&problem::INVALID_QUERY)),
    };
    let body = QueueAnswer { notices: answer::notices(&answered, locale), ..view(now, locale) };
    respond(&body, answered.code, locale, Keep::Never, None)
}

fn view(now: &SiteNow, locale: Locale) -> QueueAnswer<'_> {
    QueueAnswer {
        site: now.site.code.as_str().into(),
        site_name: now.site.name.of(locale).into(),
        at: now.at,
        open: now.opening.open,
        closes_at: now.opening.closes_at,
        opens_at: now.opening.opens_at,
        services: now.services.iter().map(|service| service_view(service, locale)).collect(),
        notices: Vec::new(),
        answer_code: "".into(),
    }
}

fn service_view(now: &ServiceNow, locale: Locale) -> QueueServiceView<'_> {
    let (why_not, takes_again_at) = match now.taking {
        Taking::Yes => (None, None),
        Taking::No { why, again_at } => (Some(why.key().into()), again_at),
    };
    let serving = now
        .serving
        .iter()
        .map(|at| ServingView { ticket: at.number.to_string().into(), counter: at.counter.as_str().into() });
    QueueServiceView {
        service: now.service.key.as_str().into(),
        prefix: now.service.prefix.to_string().into(),
        name: now.service.name.of(locale).into(),
        waiting: now.waiting,
        serving: serving.collect(),
        estimated_minutes: now.estimated_minutes,
        taking: now.taking == Taking::Yes,
        why_not,
        takes_again_at,
    }
}
