use std::fmt::Write as _;

use compact_str::CompactString;

use super::{Refusal, Reply, SubscribeOutcome};
use crate::domain::Category;

/// What was said, without personal data: `key name=value …`. It is kept in
/// the audit, so that an officer can tell what an answer code stood for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(CompactString);

impl Said {
    /// What a reply says.
    pub fn of_reply(reply: &Reply) -> Self {
        let mut said = CompactString::const_new(reply.key());
        let wrote = match reply {
            Reply::Dossier(dossier) => {
                write!(said, " status={} next={}", dossier.dossier.status.phase.key(), dossier.next_step.key())
            }
            Reply::Disclosed(private) => write!(
                said,
                " status={} next={}",
                private.public.dossier.status.phase.key(),
                private.public.next_step.key()
            ),
            Reply::Procedures(list) => write!(said, " hits={}", list.page.hits.len()),
            Reply::Procedure(one) => write!(said, " code={} focus={}", one.procedure.code, one.focus.key()),
            Reply::Agencies(agencies) => write!(said, " agencies={}", agencies.len()),
            Reply::Question(question) => write!(said, " choices={}", question.choices.len()),
            Reply::Unsubscribed { count } => write!(said, " count={count}"),
            Reply::OptedOut { category } | Reply::OptedIn { category } => {
                write!(said, " category={}", category.map_or("all", Category::key))
            }
            Reply::Subscribed(subscribed) => {
                let new = match subscribed.outcome {
                    SubscribeOutcome::Until(_) => "new",
                    SubscribeOutcome::Already(_) => "already",
                    SubscribeOutcome::NothingToWaitFor => "finished",
                };
                write!(said, " subscription={new}")
            }
            Reply::Elsewhere(_)
            | Reply::Help
            | Reply::AlreadyAnswered
            | Reply::CodeSent { .. }
            | Reply::More
            | Reply::WillAnswer
            | Reply::OpeningHours(_)
            | Reply::Person(_)
            | Reply::LeftLine
            | Reply::CallbackNoted { .. }
            | Reply::OnlyText
            | Reply::RateAsk { .. }
            | Reply::RateHow { .. }
            | Reply::Greeting
            | Reply::Thanks => Ok(()),
            Reply::Link(link) => write!(said, " outcome={}", link.key()),
            Reply::Rated { score, .. } => write!(said, " rating={}", if score.is_some() { "new" } else { "known" }),
            Reply::MyRequests(reply) => write!(said, " requests={}", reply.requests.len()),
            Reply::QueueNow(now) => {
                let waiting = now.sites.iter().fold(0, |all: u32, site| all.saturating_add(site.waiting()));
                write!(said, " sites={} waiting={waiting}", now.sites.len())
            }
            Reply::Ticket(ticket) => write!(said, " service={}", ticket.service.key.as_str()),
            Reply::TicketPlace(place) => write!(said, " state={}", place.ticket.state.key()),
            Reply::WhereTickets(reply) => write!(said, " sites={}", reply.sites.len()),
            Reply::InLine(place) => write!(said, " ahead={}", place.ahead),
            Reply::NotYet(not_yet) => write!(said, " service={}", not_yet.service.key()),
            Reply::TurnedAway { topic, .. } => write!(said, " topic={}", topic.key()),
        };
        debug_assert!(wrote.is_ok(), "writing to a string cannot fail");
        Self(said)
    }

    /// What a refusal says.
    pub fn of_refusal(refusal: &Refusal) -> Self {
        Self(compact_str::format_compact!("refused code={}", refusal.code()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text's own string.
    pub fn into_inner(self) -> CompactString {
        self.0
    }
}
