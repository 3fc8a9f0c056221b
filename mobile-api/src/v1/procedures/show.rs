//! `GET /api/v1/procedures/{code}`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Focuses, ProcedureReply, Refusal, RefusalKind, Reply};
use gateway_core::domain::{FeeReading, Locale, Method, PaperCase, Procedure, ProcedureCode, ProcessingTime};
use gateway_http::Problem;
use gateway_locale::{Locales, MethodTexts};
use http::Response;
use jiff::civil::Date;
use mobile_api_types::{
    FeeView, Labelled, MethodView, NoticeView, PaperCaseView, PaperView, ProblemAnswer, ProcedureAnswer, ProcedureView,
    ResultView, TimeView,
};

use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};
use crate::labels;

/// What a procedure needs
///
/// Time, fee, papers and steps, with the source and the day of the facts. A
/// code with a local suffix falls back to the national procedure.
#[utoipa::path(
    get,
    path = "/api/v1/procedures/{code}",
    tag = "procedures",
    params(
        ("code" = String, Path, description = "The national code", example = "1.001193"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The procedure", body = ProcedureAnswer<'static>,
            headers(("ETag" = String), ("Answer-Code" = String))),
        (status = 304, description = "Nothing has changed since"),
        (status = 404, description = "`procedure_not_found`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn show_procedure(
    State(api): State<SharedApi>,
    mut asker: Asker,
    PathText(code): PathText,
) -> Result<Response<Body>, Problem> {
    let code = ProcedureCode::parse(&code).map_err(|_| Refusal::of(RefusalKind::ProcedureNotFound))?;
    let (locale, held) = (asker.locale, asker.if_none_match.take());
    let answered = api.act(asker, Action::show(code, Focuses::OVERVIEW)).await;
    let notices = answer::notices(&answered, locale);
    let body = match &answered.outcome {
        Ok(Reply::Procedure(reply)) => view(&api.needs.locales, locale, reply, notices),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    respond(&body, answered.code, locale, Keep::Shared, held.as_ref())
}

fn view<'a>(
    locales: &Locales,
    locale: Locale,
    reply: &'a ProcedureReply,
    notices: Vec<NoticeView<'a>>,
) -> ProcedureAnswer<'a> {
    ProcedureAnswer {
        procedure: procedure_view(locales, locale, &reply.procedure, reply.today),
        notices,
        answer_code: "".into(),
    }
}

/// The words of time and fee know the day: rates end on dates.
pub(crate) fn procedure_view<'a>(
    locales: &Locales,
    locale: Locale,
    procedure: &'a Procedure,
    today: Date,
) -> ProcedureView<'a> {
    let texts = locales.procedure_texts(procedure, today, locale);
    let methods = procedure.methods.iter().zip(texts.methods);
    ProcedureView {
        code: procedure.code.as_str().into(),
        name: procedure.name.as_str().into(),
        short_name: procedure.short_name.as_str().into(),
        english_name: procedure.english_name.as_deref().map(Into::into),
        field: procedure.field.as_str().into(),
        levels: procedure.levels.iter().map(|level| labels::level(locales, locale, level)).collect(),
        applicants: procedure.applicants.iter().map(|who| who.as_str().into()).collect(),
        decision: procedure.decision.as_deref().map(Into::into),
        methods: methods.map(|(method, texts)| method_view(method, texts)).collect(),
        papers: procedure.papers.iter().map(papers).collect(),
        steps: procedure.steps.as_deref().map(Into::into),
        conditions: procedure.conditions.as_deref().map(Into::into),
        results: procedure
            .results
            .iter()
            .map(|result| ResultView {
                name: result.name.as_str().into(),
                code: result.code.as_deref().map(Into::into),
            })
            .collect(),
        legal: procedure.legal.iter().map(|number| number.as_str().into()).collect(),
        url: procedure.url.as_deref().map(Into::into),
        source: procedure.source.as_str().into(),
        as_of: procedure.as_of,
    }
}

fn method_view(method: &Method, texts: MethodTexts) -> MethodView<'_> {
    let (amount, unit) = match &method.time {
        ProcessingTime::Published { amount, unit } => (Some(*amount), Some(unit.key().into())),
        // The unit is not published: it is never guessed.
        ProcessingTime::UnitNotPublished { amount } => (Some(*amount), None),
        ProcessingTime::NotPublished | ProcessingTime::Text(_) => (None, None),
    };
    MethodView {
        channel: Labelled { key: method.channel.key().into(), label: texts.channel.into() },
        time: TimeView { label: texts.time.into(), amount, unit },
        fee: fee(method, texts.fee),
        note: method.note.as_deref().map(Into::into),
    }
}

fn fee(method: &Method, label: String) -> FeeView<'_> {
    let view = |key: &'static str, amount, conditional, until| FeeView {
        key: key.into(),
        label: label.into(),
        amount,
        conditional,
        until,
        published: method.fee.published.as_deref().map(Into::into),
    };
    match &method.fee.reading {
        FeeReading::NotPublished => view("not_published", None, false, None),
        FeeReading::Free => view("free", Some(0), false, None),
        FeeReading::SeeNote => view("see_note", None, true, None),
        FeeReading::Amount { amount, conditional, until } => {
            view("amount", Some(amount.amount()), *conditional, *until)
        }
        FeeReading::Text(_) => view("text", None, false, None),
    }
}

fn papers(case: &PaperCase) -> PaperCaseView<'_> {
    PaperCaseView {
        case: case.case.as_str().into(),
        items: case
            .items
            .iter()
            .map(|item| PaperView {
                name: item.name.as_str().into(),
                originals: item.originals,
                copies: item.copies,
                is_note: item.is_note(),
            })
            .collect(),
    }
}
