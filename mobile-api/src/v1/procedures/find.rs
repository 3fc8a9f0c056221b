//! `GET /api/v1/procedures`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Focuses, ProceduresReply, Reply};
use gateway_core::domain::{Level, Locale};
use gateway_core::ports::ProcedureQuery;
use gateway_http::{Problem, QueryInput, problem};
use gateway_locale::Locales;
use http::Response;
use mobile_api_types::{NoticeView, ProblemAnswer, ProcedureHit, ProceduresAnswer};
use serde::Deserialize;

use super::cursor;
use crate::answer::{self, Keep, respond};
use crate::api::{Asker, SharedApi};
use crate::labels;

/// Hits on a page where nobody says how many.
const USUAL: usize = 20;

/// Hits on a page at most.
const MOST: usize = 50;

/// What may stand in the query string.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindInput {
    #[serde(default)]
    q: String,
    field: Option<String>,
    level: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

impl FindInput {
    fn query(self, version: u64) -> Result<ProcedureQuery, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::of(&problem::INVALID_QUERY));
        }
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let mut query = ProcedureQuery {
            text: self.q,
            field: given(self.field),
            level: given(self.level).map(|level| Level::read(&level)),
            limit,
            after: None,
        };
        if let Some(text) = self.cursor {
            let place = cursor::read(&text, &query, version);
            query.after = Some(place.ok_or_else(|| Problem::of(&problem::INVALID_CURSOR))?);
        }
        Ok(query)
    }
}

/// Procedures for what is wanted
///
/// Words may lack their marks and hold one slip each. Without words: all that
/// fit the filters, in Vietnamese order.
#[utoipa::path(
    get,
    path = "/api/v1/procedures",
    tag = "procedures",
    params(
        ("q" = Option<String>, Query, description = "Words; the first 500 characters are read", example = "dang ky khai sinh"),
        ("field" = Option<String>, Query, description = "Only this field of administration", example = "Hộ tịch"),
        ("level" = Option<String>, Query, description = "Only this level: `ministry`, `province`, `district`, `commune`"),
        ("limit" = Option<u32>, Query, description = "1–50, else 20", minimum = 1, maximum = 50),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the last page of the same search"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer"),
    ),
    responses(
        (status = 200, description = "One page of procedures", body = ProceduresAnswer<'static>,
            headers(("ETag" = String), ("Answer-Code" = String))),
        (status = 304, description = "Nothing has changed since"),
        (status = 400, description = "`invalid_query`, `invalid_cursor`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn find_procedures(
    State(api): State<SharedApi>,
    mut asker: Asker,
    QueryInput(input): QueryInput<FindInput>,
) -> Result<Response<Body>, Problem> {
    let query = input.query(api.needs.catalogue.version())?;
    let (locale, held) = (asker.locale, asker.if_none_match.take());
    let answered = api.act(asker, Action::FindProcedures { query: query.clone(), focus: Focuses::OVERVIEW }).await;
    let notices = answer::notices(&answered, locale);
    let body = match &answered.outcome {
        Ok(Reply::Procedures(reply)) => view(&api.needs.locales, locale, reply, &query, notices),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    respond(&body, answered.code, locale, Keep::Shared, held.as_ref())
}

fn view<'a>(
    locales: &Locales,
    locale: Locale,
    reply: &'a ProceduresReply,
    query: &ProcedureQuery,
    notices: Vec<NoticeView<'a>>,
) -> ProceduresAnswer<'a> {
    let hit = |procedure: &'a gateway_core::domain::Procedure| ProcedureHit {
        code: procedure.code.as_str().into(),
        name: procedure.name.as_str().into(),
        short_name: procedure.short_name.as_str().into(),
        english_name: procedure.english_name.as_deref().map(Into::into),
        field: procedure.field.as_str().into(),
        levels: procedure.levels.iter().map(|level| labels::level(locales, locale, level)).collect(),
    };
    ProceduresAnswer {
        procedures: reply.page.hits.iter().map(|summary| hit(&summary.procedure)).collect(),
        total: u64::try_from(reply.page.total).unwrap_or(u64::MAX),
        next_cursor: reply.page.next.map(|next| cursor::write(next, query).into()),
        clear: reply.page.clear,
        notices,
        answer_code: "".into(),
    }
}
