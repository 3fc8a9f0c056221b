//! Puts cases to an interpreter, as a gateway would.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use assistant_nlu::intent::Intent;
use gateway_core::desk::{Action, Conversation, Focus, Focuses, ProcedureReply, QuestionKind, Reply};
use gateway_core::domain::{Locale, ProcedureCode};
use gateway_core::ports::{Catalogue, Heard as Words, Interpretation, Interpreter, ProcedureQuery};
use jiff::civil::Date;

use super::cases::{Behaviour, Case};
use super::disturb::Writing;
use super::score::{Said, Scores};

/// What is measured.
pub struct Subject<'a> {
    /// Its name in the report.
    pub name: &'a str,
    /// The interpreter.
    pub interpreter: &'a dyn Interpreter,
    /// The procedures.
    pub catalogue: &'a dyn Catalogue,
    /// The day of all questions.
    pub today: Date,
}

/// One turn as it went, for the list of mistakes.
#[derive(Debug, Clone)]
pub struct Heard {
    /// What the citizen said.
    pub text: String,
    /// What was made of it.
    pub said: Said,
}

/// Puts all cases to the subject. Expectations about procedures that the
/// catalogue does not hold are left out and counted.
pub fn run(subject: &Subject<'_>, cases: &[Case], writing: Writing) -> Scores {
    let mut scores = Scores::new(subject.name, writing);
    for case in cases {
        let mut conversation = Conversation::default();
        for (turn, (text, expected)) in case.turns.iter().zip(&case.expected).enumerate() {
            let text = writing.of(text);
            let before = Some(&conversation).filter(|before| before.turns > 0);
            let text_nfc = gateway_core::text::nfc(&text);
            let words = Words { text: &text_nfc, locale: Locale::VI, today: subject.today, before };
            let start = Instant::now();
            let understood = subject.interpreter.interpret(&words);
            let took = start.elapsed();
            let (said, reply) = heard(subject, &understood.meaning);
            conversation.turns += 1;
            if let Some(reply) = reply {
                conversation.hears(&reply);
            }
            let Some(expected) = expected else { continue };
            let there = |code: &String| {
                ProcedureCode::parse(code).is_ok_and(|code| subject.catalogue.procedure(&code).is_some())
            };
            if !expected.codes.is_empty() && !expected.codes.iter().any(there) {
                scores.not_in_catalogue += 1;
                continue;
            }
            scores.add(expected, Heard { text, said }, case.is_dialogue().then_some(turn), took);
        }
    }
    scores
}

/// What a meaning comes to, and the reply that a Desk would give (without a
/// portal), which the conversation hears.
fn heard(subject: &Subject<'_>, meaning: &Interpretation) -> (Said, Option<Reply>) {
    match meaning {
        Interpretation::NotUnderstood => (Said::default(), None),
        Interpretation::Ask(question) => {
            let codes = question.choices.iter().filter_map(shown).collect();
            let asks = match question.kind {
                QuestionKind::NumberMissing | QuestionKind::NumberUnclear(_) | QuestionKind::WhichDossier => {
                    BTreeSet::from([Intent::Track])
                }
                _ => question.choices.iter().find_map(focus_of).map(asks_of).unwrap_or_default(),
            };
            // A number that is missing is asked for; that is the answer.
            let behaviour = match question.kind {
                QuestionKind::NumberMissing | QuestionKind::NumberUnclear(_) => Behaviour::Answer,
                _ => Behaviour::Clarify,
            };
            (Said { understood: true, codes, behaviour, asks }, Some(Reply::Question(Arc::clone(question))))
        }
        Interpretation::Act(action) => act(subject, action),
    }
}

fn act(subject: &Subject<'_>, action: &Action) -> (Said, Option<Reply>) {
    let answer = |codes: Vec<String>, asks: BTreeSet<Intent>| Said {
        understood: true,
        codes,
        behaviour: Behaviour::Answer,
        asks,
    };
    let one = |intent: Intent| answer(Vec::new(), BTreeSet::from([intent]));
    match action {
        Action::ShowProcedure { code, focus, also } => {
            let codes = std::iter::once(code).chain(also).map(ToString::to_string).collect();
            let reply = subject.catalogue.procedure(code).map(|procedure| {
                let also = also.iter().filter_map(|other| subject.catalogue.procedure(other)).collect();
                Reply::Procedure(ProcedureReply { procedure, focus: *focus, also, today: subject.today })
            });
            (answer(codes, asks_of(*focus)), reply)
        }
        Action::FindProcedures { query, focus } => found(subject, query, *focus),
        Action::TurnAway { .. } => {
            let asks = BTreeSet::from([Intent::OutOfScope]);
            (Said { understood: true, codes: Vec::new(), behaviour: Behaviour::OutOfScope, asks }, None)
        }
        Action::TrackDossier { .. } | Action::DiscloseDossier { .. } | Action::SendCode { .. } => {
            (one(Intent::Track), None)
        }
        Action::Subscribe { .. } | Action::Unsubscribe { .. } | Action::OptOut { .. } | Action::OptIn { .. } => {
            (one(Intent::Subscribe), None)
        }
        Action::ListAgencies => (one(Intent::Hours), None),
        Action::OpeningHours => (one(Intent::Hours), None),
        Action::TalkToPerson | Action::LeaveLine | Action::CallBack { .. } => (one(Intent::Person), None),
        Action::QueueNow { .. } | Action::TicketPlace { .. } => (one(Intent::Queue), None),
        Action::TakeTicket { .. } => (one(Intent::Ticket), None),
        Action::Rate | Action::RateDossier { .. } | Action::Complain => (one(Intent::Rate), None),
        Action::Pay => (one(Intent::Pay), None),
        Action::Greet => (one(Intent::Greeting), None),
        Action::Thank => (one(Intent::Thanks), None),
        Action::Help => (one(Intent::Help), None),
        Action::More | Action::Unreadable | Action::Link(_) | Action::MyRequests => {
            (Said { understood: true, ..Said::default() }, None)
        }
    }
}

/// A search: one clear hit is an answer, several are a list to choose from.
fn found(subject: &Subject<'_>, query: &ProcedureQuery, focus: Focuses) -> (Said, Option<Reply>) {
    let page = subject.catalogue.find(query);
    let codes: Vec<String> = page.hits.iter().map(|hit| hit.procedure.code.to_string()).collect();
    let behaviour = if page.clear { Behaviour::Answer } else { Behaviour::Clarify };
    let reply = match (page.clear, page.hits.first()) {
        (true, Some(best)) => Some(Reply::Procedure(ProcedureReply {
            procedure: Arc::clone(&best.procedure),
            focus,
            also: Vec::new(),
            today: subject.today,
        })),
        _ => None,
    };
    (Said { understood: !codes.is_empty(), codes, behaviour, asks: asks_of(focus) }, reply)
}

fn shown(action: &Action) -> Option<String> {
    match action {
        Action::ShowProcedure { code, .. } => Some(code.to_string()),
        _ => None,
    }
}

fn focus_of(action: &Action) -> Option<Focuses> {
    match action {
        Action::ShowProcedure { focus, .. } => Some(*focus),
        _ => None,
    }
}

fn asks_of(focus: Focuses) -> BTreeSet<Intent> {
    focus
        .iter()
        .map(|focus| match focus {
            Focus::Overview => Intent::Find,
            Focus::Fee => Intent::Fee,
            Focus::Papers => Intent::Papers,
            Focus::Time => Intent::Time,
            Focus::Where => Intent::Place,
            Focus::Steps => Intent::Steps,
            Focus::Online => Intent::Online,
            Focus::Result => Intent::Result,
            Focus::Who => Intent::Who,
        })
        .collect()
}
