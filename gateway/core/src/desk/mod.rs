//! The Desk: one way in, one way out. It knows the rules; it knows no HTTP, no
//! SMS and no language.

mod access;
mod action;
mod answer_code;
mod calls;
mod codes;
mod continuing;
mod conversation;
mod disclosure;
mod linking;
mod notice_board;
mod queue;
mod rate;
mod rating;
mod refusal;
mod reply;
mod request;
mod rules;
mod said;
mod service;
mod subscribing;
mod talking;
mod tracking;
mod watching;
mod words;

pub use access::ChatAccess;
pub use action::{Action, Focus, Focuses, GivenRating, Proof, Question, QuestionKind, Topic};
pub use answer_code::AnswerCode;
pub use calls::{CallDesk, CallParts, CallProblem, OpenCall};
pub use continuing::{Begun, Confirmed, ContinuationDesk, ContinuationRules, PhoneSees};
pub use conversation::{Choice, Conversation, ConversationId, Subject};
pub use linking::{
    AskedAbout, AskedBefore, LINK_CONSENT, LinkAction, LinkReply, LinkShown, LinkedWith, MyRequestsReply,
};
pub use notice_board::NoticeBoard;
pub use queue::{
    AtCounter, AtCounterNow, CalledNow, CounterProblem, CounterView, HallView, LocalOutcome, NoTicket, NotAccepted,
    QueueDesk, QueueNowReply, QueueParts, Reconciles, ServiceNow, SiteNow, TicketPlaceReply, TicketReply, TicketWish,
    ToldLocally, WhereTicketsReply,
};
pub use rate::RATING_TRIED_FOR;
pub use rating::{Carried, RatingCourier};
pub use refusal::{Fault, Refusal, RefusalKind};
pub use reply::{
    Age, Answered, ChatEvent, DeskHours, DisclosedReply, DossierReply, ElsewhereReply, InLineReply, Lateness, NextStep,
    NotYetReply, PersonReply, ProcedureReply, ProceduresReply, Reply, Service, SubscribeOutcome, SubscribedReply,
};
pub use request::{Audience, Content, Request, RequestId};
pub use rules::{CodeRules, ConversationRules, DeskRules, LinkRules, SubscriptionRules};
pub use said::Said;
pub use service::{Answers, Desk, DeskParts};
pub use watching::{Watched, Watcher};

#[cfg(test)]
mod tests;
