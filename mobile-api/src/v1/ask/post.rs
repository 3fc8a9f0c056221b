//! `POST /api/v1/ask`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{
    Action, Answered, Content, ConversationId, QuestionKind, Refusal, RefusalKind, Reply, RequestId,
};
use gateway_core::ports::Randomness;
use gateway_http::{JsonBody, Problem};
use gateway_locale::{ChoiceLabel, Medium};
use http::Response;
use mobile_api_types::{AskAnswer, AskChoice, AskRefusal, AskRequest, ProblemAnswer};

use crate::answer::{self, Keep, respond};
use crate::api::{Asker, SharedApi};

/// A question in free words
///
/// A dossier number (also within a sentence), a procedure's code, or words for
/// what is wanted. With the `conversation_id` of the last answer it may lean on
/// what was said before (`phí bao nhiêu?`, `cái thứ hai`); that is forgotten after
/// a while without a question. The answer is in the language of the words where
/// they are surely in another than `Accept-Language` names; `Content-Language`
/// says which. Where it must be asked back, `choices` hold texts that can be sent
/// as they are. A kind no (`not_understood`, `not_a_number`, `dossier_not_found`,
/// `not_on_this_channel`) is an answer with `refusal`; that the gateway cannot
/// answer now is a problem.
#[utoipa::path(
    post,
    path = "/api/v1/ask",
    tag = "ask",
    params(
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("X-Device-Id" = Option<String>, Header, description = "8–64 printable characters; only tightens limits"),
    ),
    request_body = AskRequest,
    responses(
        (status = 200, description = "The answer, a question back, or a kind no", body = AskAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`, `too_many_dossiers`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`portal_down`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ask(
    State(api): State<SharedApi>,
    asker: Asker,
    JsonBody(input): JsonBody<AskRequest>,
) -> Result<Response<Body>, Problem> {
    let conversation = conversation_id(input.conversation_id, api.needs.randomness.as_ref());
    let id = ConversationId::new(&conversation);
    let answered = api.ask(asker, Some(id), Content::Text(input.text)).await;
    // The citizen may write in another language than the app shows.
    let locale = answered.locale;
    if let Some(refusal) = answered.outcome.as_ref().err().filter(|refusal| !is_an_answer(refusal)) {
        return Err(Problem::answered(refusal, &answered));
    }
    let rendered = api.renderer.render(&answered, locale, Medium::CHAT);
    let body = AskAnswer {
        conversation_id: conversation.into(),
        action: answered.action.as_ref().map(|action| action.key().into()),
        codes: codes(&answered).into_iter().map(Into::into).collect(),
        number: answered.action.as_ref().and_then(Action::number).map(|number| number.as_str().into()),
        text: rendered.text.into(),
        choices: rendered.choices.into_iter().filter_map(choice).collect(),
        refusal: no(&answered).as_ref().map(view),
        notices: answer::notices(&answered, locale),
        answer_code: "".into(),
    };
    respond(&body, answered.code, locale, Keep::Never, None)
}

/// The client's own where it is one of ours, else a new one.
fn conversation_id(given: Option<String>, randomness: &dyn Randomness) -> String {
    let ours = |id: &String| id.len() == 16 && id.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    given.filter(ours).unwrap_or_else(|| RequestId::from_bits(randomness.next_u64()).into_inner().into_string())
}

/// A no that answers the question, against one that only says "not now".
const fn is_an_answer(refusal: &Refusal) -> bool {
    match refusal.kind {
        RefusalKind::DossierNotFound
        | RefusalKind::DossierTooNew
        | RefusalKind::NotDisclosed
        | RefusalKind::ProcedureNotFound
        | RefusalKind::NotUnderstood
        | RefusalKind::NotANumber
        | RefusalKind::ProofNeeded
        | RefusalKind::RatingProofNeeded
        | RefusalKind::NotOnThisChannel
        | RefusalKind::TooManySubscriptions
        | RefusalKind::QueueUnknown
        | RefusalKind::NoTickets(_) => true,
        RefusalKind::TooMany
        | RefusalKind::TooManyDossiers
        | RefusalKind::PortalDown
        | RefusalKind::TooLate
        | RefusalKind::GaveUp
        | RefusalKind::Internal => false,
    }
}

/// The procedures that the answer names, best first.
fn codes(answered: &Answered) -> Vec<&str> {
    match &answered.outcome {
        Ok(Reply::Procedure(reply)) => {
            std::iter::once(&reply.procedure).chain(&reply.also).map(|procedure| procedure.code.as_str()).collect()
        }
        Ok(Reply::Procedures(reply)) => reply.page.hits.iter().map(|hit| hit.procedure.code.as_str()).collect(),
        Ok(Reply::Question(question)) => question
            .choices
            .iter()
            .filter_map(|choice| match choice {
                Action::ShowProcedure { code, .. } => Some(code.as_str()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A choice that no text can mean is left out: it is for buttons of our own.
fn choice(choice: ChoiceLabel) -> Option<AskChoice<'static>> {
    Some(AskChoice { ask: choice.send?.into(), label: choice.label.into() })
}

/// The no within the answer. A number that cannot be one is asked about, with
/// choices where there are some; for a program that is a no all the same.
fn no(answered: &Answered) -> Option<Refusal> {
    match &answered.outcome {
        Err(refusal) => Some(refusal.clone()),
        Ok(Reply::Question(question)) if matches!(question.kind, QuestionKind::NumberUnclear(_)) => {
            Some(Refusal::of(RefusalKind::NotANumber))
        }
        // The citizen is shown the way to a person; a program hears why.
        Ok(Reply::Person(person)) if person.after_misunderstandings => Some(Refusal::of(RefusalKind::NotUnderstood)),
        Ok(_) => None,
    }
}

fn view(refusal: &Refusal) -> AskRefusal<'static> {
    AskRefusal { code: refusal.code().into(), retryable: refusal.retryable() }
}
