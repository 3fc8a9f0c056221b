//! One question of the logic: the client's call for it, and its answer in the
//! logic's words.

use gateway_core::domain::{Locale, Session, local_datetime};
use jiff::Timestamp;
use kiosk_client::ClientError;
use mobile_api_types::{
    AskRequest, CallReason, CallRequest, CallState, ContinuationState, ContinuedPage, DisclosureRequest, LocalTickets,
    OpeningRange, OpeningView, ProceduresAnswer, QueueAnswer, QueueServiceView, RatingOf, RatingRequest, TicketAnswer,
    TicketPlaceAnswer, TicketRequest,
};

use super::trouble::trouble_of;
use super::worker::Desk;
use crate::flow::Trouble;
use crate::flow::ports::{Answer, CallNow, ContinuationNow, Outcome, Page, Question};
use crate::flow::queue::{Priority, QueueLine, Taken, Taking};
use crate::flow::rate::Rated;

/// The status of what is over.
const GONE: u16 = 410;

/// Procedures that one answer brings: the logic turns the pages.
const A_LIST: u8 = 20;

impl Desk {
    /// Asks the gateway; where it is gone, what the terminal knows by itself.
    /// With it: whether the gateway was there.
    pub(super) async fn answer(&self, question: Question, locale: Locale) -> (Outcome, bool) {
        let gone = |error: &ClientError| error.cannot_answer_now();
        let answered = self.ask(&question, locale.as_str()).await;
        let there = matches!(answered, Ok(_) | Err(ClientError::Refused(_)));
        if let Err(error) = &answered {
            tracing::info!(question = ?question, code = error.code(), "no answer");
        }
        let outcome = match (answered, question) {
            (Err(error), Question::Procedures { query, field, .. }) if gone(&error) => {
                self.find_without(&query, field.as_deref(), locale).ok_or_else(|| trouble_of(&error))
            }
            (Err(error), Question::Procedure { code }) if gone(&error) => {
                self.show_without(&code, locale).ok_or_else(|| trouble_of(&error))
            }
            (Err(error), Question::Queue) if gone(&error) => {
                self.services_without(locale).ok_or_else(|| trouble_of(&error))
            }
            (Err(error), Question::Take { service, priority, key }) if gone(&error) => {
                self.take_without(&service, priority, &key, locale).ok_or_else(|| trouble_of(&error))
            }
            (answered, _) => answered.map_err(|error| trouble_of(&error)),
        };
        (outcome, there)
    }

    async fn ask(&self, question: &Question, language: &str) -> Result<Answer, ClientError> {
        let gateway = &self.gateway;
        Ok(match question {
            Question::LookUp { number } => Answer::Dossier(Box::new(gateway.dossier(number, language).await?)),
            Question::Disclose { number, last_four } => {
                let proof = DisclosureRequest::by_id(last_four.as_str());
                Answer::Dossier(Box::new(gateway.disclose(number, &proof, language).await?))
            }
            Question::Procedures { query, field, cursor } => Answer::Procedures(
                gateway.find_procedures(query, field.as_deref(), A_LIST, cursor.as_deref(), language).await?,
            ),
            Question::Procedure { code } => Answer::Procedure(Box::new(gateway.procedure(code, language).await?)),
            Question::Queue => Answer::Queue(lines(&gateway.queue(language).await?)),
            Question::Take { service, priority, key } => {
                let request = TicketRequest {
                    service: service.clone(),
                    priority: priority.key().to_owned(),
                    key: hexadecimal(key),
                };
                Answer::Ticket(taken(gateway.take_ticket(&request, language).await?))
            }
            Question::TicketNow { code } => {
                let place = gateway.ticket(code, language).await?;
                Answer::Ticket(self.place(place, code, language))
            }
            Question::Rate { score, reasons, of, key } => {
                let site = || gateway.identity().map(|identity| identity.site.clone());
                let of = match of {
                    Rated::Site => RatingOf::Site(site().ok_or(ClientError::NotEnrolled)?),
                    Rated::Dossier(number) => RatingOf::Dossier(number.clone()),
                    Rated::Ticket(code) => RatingOf::Ticket(code.clone()),
                };
                let reasons = reasons.iter().map(|reason| reason.key().to_owned()).collect();
                let key = Some(hexadecimal(key));
                gateway.rate(&RatingRequest { score: *score, reasons, words: None, of, key }).await?;
                Answer::Rated
            }
            Question::Ask { text, conversation } => {
                let request = AskRequest { text: text.to_string(), conversation_id: conversation.clone() };
                Answer::Said(Box::new(gateway.ask(&request, language).await?))
            }
            Question::Call { reason } => {
                let reason = match *reason {
                    "trouble" => CallReason::Trouble,
                    "accessibility" => CallReason::Accessibility,
                    _ => CallReason::Help,
                };
                let call = gateway.call_officer(&CallRequest { reason, counter_hint: None }).await?;
                Answer::Called { call: call.call.into_owned(), position: call.position }
            }
            Question::CallNow { call } => Answer::CallNow(match gateway.call_state(call).await?.state {
                CallState::Waiting => CallNow::Waiting,
                CallState::Coming => CallNow::Coming,
                CallState::Done => CallNow::Done,
                CallState::Missed => CallNow::Missed,
            }),
            Question::Continue { page } => {
                let page = match page {
                    Page::Home => ContinuedPage::Home,
                    Page::Procedure { code, case } => ContinuedPage::Procedure {
                        code: code.clone(),
                        case: None,
                        // People, and the page's address, count from one.
                        case_number: case.and_then(|place| u32::try_from(place + 1).ok()),
                    },
                    Page::Procedures(words) => ContinuedPage::Procedures { query: words.as_str().to_owned() },
                    Page::Ticket { code } => ContinuedPage::Queue { ticket: code.clone() },
                };
                let made = gateway.continue_on_phone(page, language).await?;
                Answer::Continuation {
                    id: made.id.into_owned(),
                    url: made.url.into_owned(),
                    until: time_of_day(made.expires_at),
                }
            }
            Question::ContinuationNow { id } => Answer::ContinuationNow(match gateway.continuation(id).await?.state {
                ContinuationState::Waiting => ContinuationNow::Waiting,
                ContinuationState::Scanned => ContinuationNow::Scanned,
                ContinuationState::Open => ContinuationNow::Open,
                ContinuationState::Over => ContinuationNow::Over,
            }),
            Question::Confirm { id, digits } => match gateway.confirm_continuation(id, digits).await {
                // Not only wrong: by them, or before them, it has come to its end.
                Err(ClientError::Refused(refused)) if refused.problem.status == GONE => {
                    Answer::ContinuationNow(ContinuationNow::Over)
                }
                confirmed => Answer::Confirmed(confirmed?),
            },
        })
    }

    /// From the last catalogue that the gateway signed; its day stands on the
    /// screen where the gateway is gone.
    fn find_without(&self, query: &str, field: Option<&str>, locale: Locale) -> Option<Answer> {
        let catalogue = self.catalogue(locale)?;
        let hits = match field {
            // All of them at once: there is nobody to ask for the next page.
            Some(field) => catalogue.in_field(field).collect::<Vec<_>>(),
            None => catalogue.search(query, usize::from(A_LIST)),
        };
        Some(Answer::Procedures(ProceduresAnswer {
            total: hits.len().try_into().unwrap_or(u64::MAX),
            procedures: hits.into_iter().cloned().collect(),
            next_cursor: None,
            clear: false,
            notices: Vec::new(),
            answer_code: "".into(),
        }))
    }

    fn show_without(&self, code: &str, locale: Locale) -> Option<Answer> {
        let found = self.catalogue(locale)?.procedure(code);
        let procedure =
            found.inspect_err(|problem| tracing::error!(%problem, "a procedure on disk cannot be read")).ok()??;
        let answer = mobile_api_types::ProcedureAnswer { procedure, notices: Vec::new(), answer_code: "".into() };
        Some(Answer::Procedure(Box::new(answer)))
    }

    /// The services that the queue last had, where the terminal may give numbers of
    /// its own. How many wait nobody knows then.
    fn services_without(&self, locale: Locale) -> Option<Answer> {
        self.own_range()?;
        let queue = self.known.queue(locale.as_str())?;
        let line = |service: &QueueServiceView<'_>| QueueLine {
            service: service.service.clone().into_owned(),
            name: service.name.clone().into_owned(),
            waiting: None,
            minutes: None,
            taking: Taking::Yes,
            again_at: None,
        };
        Some(Answer::Queue(queue.services.iter().map(line).collect()))
    }

    /// The terminal's own range of numbers, while the hall is usually open.
    fn own_range(&self) -> Option<LocalTickets> {
        let said = self.known.settings(super::FIRST_LANGUAGE)?;
        let range = said.local_tickets.filter(|range| range.allowed)?;
        (self.book.is_some() && is_open(&said.opening, self.gateway.now())).then_some(range)
    }

    /// A number of the terminal's own range, where the operator allows it. The
    /// key is the one of the request: if that was heard after all, the gateway
    /// knows it when the number is told, and it counts once.
    fn take_without(&self, service: &str, priority: Priority, key: &[u8; 16], locale: Locale) -> Option<Answer> {
        let range = self.own_range()?;
        let queue = self.known.queue(locale.as_str())?;
        let line = queue.services.iter().find(|line| line.service == service)?;
        let book = self.book.as_ref()?;
        let now = self.gateway.now();
        match book.give(Some(range), service, priority.key(), hexadecimal(key), now) {
            Ok(ticket) => Some(Answer::Ticket(Taken {
                number: ticket.label(&line.prefix),
                service: line.name.clone().into_owned(),
                priority,
                ahead: None,
                minutes: None,
                at: Some(ticket.taken_at),
                code: String::new(),
                says: String::new(),
            })),
            Err(problem) => {
                tracing::info!(%problem, "no number without the gateway");
                None
            }
        }
    }

    /// The service's name stands in the last standing of the queue.
    fn place(&self, place: TicketPlaceAnswer<'_>, code: &str, language: &str) -> Taken {
        let prefix = place.ticket.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let service = self.known.queue(language).and_then(|queue| {
            queue.services.into_iter().find(|line| line.prefix == prefix).map(|line| line.name.into_owned())
        });
        let waits = place.state == "waiting";
        Taken {
            number: place.ticket.clone().into_owned(),
            service: service.unwrap_or_default(),
            priority: Priority::None,
            ahead: waits.then_some(place.ahead),
            minutes: place.estimated_minutes,
            at: None,
            code: code.to_owned(),
            says: if waits { String::new() } else { place.text.into_owned() },
        }
    }
}

/// By the usual week; where none is told nobody knows better than the citizen who
/// stands there.
fn is_open(opening: &OpeningView<'_>, at: Timestamp) -> bool {
    let local = local_datetime(at);
    let today = |range: &&OpeningRange<'_>| i8::try_from(range.weekday) == Ok(local.weekday().to_monday_one_offset());
    // One that cannot be read opens nothing.
    let session =
        |range: &OpeningRange<'_>| Some(Session { from: range.from.parse().ok()?, to: range.until.parse().ok()? });
    opening.ranges.is_empty()
        || opening.ranges.iter().filter(today).filter_map(session).any(|session| session.is_in_time(local.time()))
}

fn lines(queue: &QueueAnswer<'_>) -> Vec<QueueLine> {
    queue.services.iter().map(line).collect()
}

fn line(service: &QueueServiceView<'_>) -> QueueLine {
    let taking = match (service.taking, service.why_not.as_deref()) {
        (true, _) => Taking::Yes,
        (false, Some("lunch")) => Taking::Lunch,
        (false, Some("cut_off")) => Taking::CutOff,
        (false, Some("full")) => Taking::Full,
        (false, Some("closed")) => Taking::Closed,
        // A reason that is new to this terminal: for whatever reason, not now.
        (false, _) => Taking::Paused,
    };
    QueueLine {
        service: service.service.clone().into_owned(),
        name: service.name.clone().into_owned(),
        waiting: Some(service.waiting),
        minutes: service.estimated_minutes,
        taking,
        again_at: service.takes_again_at.map(time_of_day),
    }
}

fn taken(ticket: TicketAnswer<'_>) -> Taken {
    Taken {
        number: ticket.ticket.into_owned(),
        service: ticket.service_name.into_owned(),
        // One that is new to this terminal is none that it can name.
        priority: Priority::from_key(&ticket.priority).unwrap_or_default(),
        ahead: Some(ticket.ahead),
        minutes: ticket.estimated_minutes,
        at: Some(ticket.taken_at),
        code: ticket.code.into_owned(),
        says: String::new(),
    }
}

fn time_of_day(at: Timestamp) -> String {
    local_datetime(at).strftime("%H:%M").to_string()
}

fn hexadecimal(key: &[u8; 16]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is said where the thread has too much to do.
pub(super) const TOO_MUCH: Outcome = Err(Trouble::Busy);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_week_says_whether_the_hall_is_open() {
        // A Friday, 13:59 in Vietnam.
        let at: Timestamp = "2026-11-27T06:59:00Z".parse().unwrap();
        let open = |ranges: &[(u8, &'static str, &'static str)]| {
            let range = |&(weekday, from, until): &(u8, &'static str, &'static str)| OpeningRange {
                weekday,
                from: from.into(),
                until: until.into(),
            };
            is_open(&OpeningView { ranges: ranges.iter().map(range).collect() }, at)
        };
        assert!(open(&[(5, "07:30", "11:30"), (5, "13:30", "17:00")]));
        assert!(open(&[(5, "07:30", "13:59")]), "whoever comes at that minute is in time");
        assert!(!open(&[(5, "07:30", "11:30"), (5, "14:00", "17:00")]));
        assert!(!open(&[(4, "07:30", "17:00"), (6, "07:30", "11:30")]));
        assert!(open(&[]), "where no week is told");
    }
}
