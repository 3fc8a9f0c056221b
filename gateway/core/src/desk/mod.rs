//! The Desk: one way in, one way out. It knows the rules; it knows no HTTP, no
//! SMS and no language.

mod action;
mod answer_code;
mod codes;
mod disclosure;
mod notice_board;
mod refusal;
mod reply;
mod request;
mod rules;
mod said;
mod service;
mod subscribing;
mod tracking;
mod watching;

pub use action::{Action, Focus, Proof, Question, QuestionKind};
pub use answer_code::AnswerCode;
pub use notice_board::NoticeBoard;
pub use refusal::{Fault, Refusal, RefusalKind};
pub use reply::{
    Age, Answered, DisclosedReply, DossierReply, ElsewhereReply, Lateness, NextStep, ProcedureReply, ProceduresReply,
    Reply, SubscribeOutcome, SubscribedReply,
};
pub use request::{Audience, Content, Request, RequestId};
pub use rules::{CodeRules, DeskRules, SubscriptionRules};
pub use said::Said;
pub use service::{Answers, Desk, DeskParts};
pub use watching::{Watched, Watcher};

#[cfg(test)]
mod tests;
