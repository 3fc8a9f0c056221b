use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CounterName, ServiceKey, SiteCode, TicketCode, TicketNumber};

/// The row of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(pub i64);

/// Why somebody need not wait as long as others (Law on the Elderly 2009 and
/// Law on Persons with Disabilities 2010 among them; the operator's notice says
/// who counts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// For no reason.
    #[default]
    None,
    /// Old age.
    Elderly,
    /// A disability.
    Disabled,
    /// Pregnant.
    Pregnant,
    /// With an infant.
    WithInfant,
    /// Merit to the nation.
    Merit,
}

impl Priority {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Elderly, Self::Disabled, Self::Pregnant, Self::WithInfant, Self::Merit];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Elderly => "elderly",
            Self::Disabled => "disabled",
            Self::Pregnant => "pregnant",
            Self::WithInfant => "with_infant",
            Self::Merit => "merit",
        }
    }

    /// The reason of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.key() == key)
    }

    /// Whether it goes before those without.
    pub const fn is_favoured(self) -> bool {
        !matches!(self, Self::None)
    }
}

/// Where a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// In the line.
    Waiting,
    /// A counter called it; nobody has come yet.
    Called,
    /// Somebody is served with it.
    Serving,
    /// Put aside at a counter, for a copy or a signature.
    Held,
    /// Called, and nobody came.
    NoShow,
    /// Served.
    Finished,
    /// Its day ended before it was served.
    Left,
}

impl TicketState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Called, Self::Serving, Self::Held, Self::NoShow, Self::Finished, Self::Left];

    /// Its number in rows.
    pub const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Called => 1,
            Self::Serving => 2,
            Self::Held => 3,
            Self::NoShow => 4,
            Self::Finished => 5,
            Self::Left => 6,
        }
    }

    /// The state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::Held => "held",
            Self::NoShow => "no_show",
            Self::Finished => "finished",
            Self::Left => "left",
        }
    }

    /// Whether a counter is taken up by it.
    pub const fn is_at_a_counter(self) -> bool {
        matches!(self, Self::Called | Self::Serving)
    }
}

/// A ticket. No personal data: it tells when somebody came, for what, and whether
/// with priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its row.
    pub id: TicketId,
    /// Where.
    pub site: SiteCode,
    /// Its day in Vietnam.
    pub day: Date,
    /// The service that it was taken for.
    pub service: ServiceKey,
    /// What is printed and called.
    pub number: TicketNumber,
    /// What its place is asked by.
    pub code: TicketCode,
    /// With priority or without.
    pub priority: Priority,
    /// Where it is.
    pub state: TicketState,
    /// The service that it waits for now: another one after a transfer.
    pub at_service: ServiceKey,
    /// The only counter that may call it next; `None` for any.
    pub for_counter: Option<CounterName>,
    /// The counter that called it last.
    pub counter: Option<CounterName>,
    /// In the line since then, in microseconds since the epoch. Who is transferred
    /// or comes back keeps it.
    pub rank: i64,
    /// It is passed over until its service has called so many (all day).
    pub after_call: u32,
    /// How often it was called.
    pub calls: u32,
    /// How often it came back after nobody had come.
    pub returns: u32,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When it was called first.
    pub called_at: Option<Timestamp>,
    /// When it was called last.
    pub recalled_at: Option<Timestamp>,
    /// When the last service began.
    pub serving_at: Option<Timestamp>,
    /// When it was finished, or nobody had come, or its day had ended.
    pub ended_at: Option<Timestamp>,
}

/// What a counter does with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketMove {
    /// Calls this very one, out of its turn.
    Call,
    /// Calls it once more.
    Recall,
    /// Somebody came: the service begins, or goes on after a hold.
    Serve,
    /// Puts it aside.
    Hold,
    /// Nobody came.
    NoShow,
    /// The service is done.
    Finish,
    /// Sends it on to another service, or to another counter, or both; it keeps
    /// its number and its place by the time it was taken.
    Transfer {
        /// Where it waits from now on.
        service: ServiceKey,
        /// The only counter that may call it.
        counter: Option<CounterName>,
    },
    /// Back to the line: put aside, it is at its old place; after nobody had
    /// come it is called after some others.
    Back,
}

impl TicketMove {
    /// A stable word.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Recall => "recall",
            Self::Serve => "serve",
            Self::Hold => "hold",
            Self::NoShow => "no_show",
            Self::Finish => "finish",
            Self::Transfer { .. } => "transfer",
            Self::Back => "back",
        }
    }

    /// Whether the counter must be free for it.
    pub const fn takes_the_counter(&self, from: TicketState) -> bool {
        matches!((self, from), (Self::Call, _) | (Self::Serve, TicketState::Held))
    }
}

/// What a move depends on beside the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveTerms {
    /// How many its service has called today.
    pub service_calls: u32,
    /// Who comes back after nobody had come is called after so many others.
    pub after_no_show: u32,
    /// So often somebody may come back.
    pub most_returns: u32,
}

/// Why a ticket was not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMoved {
    /// There is none today, or not at this site.
    Gone,
    /// It is at another counter.
    ElsewhereNow,
    /// It cannot be done to a ticket in this state; somebody else may have been
    /// quicker.
    NotFrom(TicketState),
    /// The counter still has a ticket.
    CounterBusy,
    /// It came back too often: a new number is wanted.
    TooOften,
}

impl Ticket {
    /// The same after it was called at a counter.
    #[must_use]
    pub fn called(self, counter: &CounterName, at: Timestamp) -> Self {
        Self {
            state: TicketState::Called,
            counter: Some(counter.clone()),
            for_counter: None,
            after_call: 0,
            calls: self.calls.saturating_add(1),
            called_at: self.called_at.or(Some(at)),
            recalled_at: Some(at),
            serving_at: None,
            ended_at: None,
            ..self
        }
    }

    /// The same after a move of a counter; that the counter is free where
    /// [`TicketMove::takes_the_counter`] is asked before.
    ///
    /// # Errors
    /// [`NotMoved`] says why it stays as it is.
    pub fn moved(
        self,
        to: &TicketMove,
        counter: &CounterName,
        at: Timestamp,
        terms: MoveTerms,
    ) -> Result<Self, NotMoved> {
        use TicketState::{Called, Finished, Held, NoShow, Serving, Waiting};
        let here = self.counter.as_ref() == Some(counter);
        match (to, self.state) {
            (TicketMove::Call, Waiting | NoShow) => Ok(self.called(counter, at)),
            (TicketMove::Back, NoShow) if self.returns >= terms.most_returns => Err(NotMoved::TooOften),
            // Whoever is at the counter's own window may come back by any: the
            // desk at the door mostly does it.
            (TicketMove::Back, NoShow) => Ok(Self {
                state: Waiting,
                after_call: terms.service_calls.saturating_add(terms.after_no_show),
                returns: self.returns.saturating_add(1),
                ended_at: None,
                ..self
            }),
            (TicketMove::Back, Held) => Ok(Self { state: Waiting, ..self }),
            (
                TicketMove::Recall
                | TicketMove::Serve
                | TicketMove::Hold
                | TicketMove::NoShow
                | TicketMove::Finish
                | TicketMove::Transfer { .. },
                Called | Serving | Held,
            ) if !here => Err(NotMoved::ElsewhereNow),
            (TicketMove::Recall, Called) => {
                Ok(Self { calls: self.calls.saturating_add(1), recalled_at: Some(at), ..self })
            }
            (TicketMove::Serve, Called | Held) => Ok(Self { state: Serving, serving_at: Some(at), ..self }),
            (TicketMove::Hold, Called | Serving) => Ok(Self { state: Held, ..self }),
            (TicketMove::NoShow, Called | Held) => Ok(Self { state: NoShow, ended_at: Some(at), ..self }),
            (TicketMove::Finish, Called | Serving | Held) => Ok(Self { state: Finished, ended_at: Some(at), ..self }),
            (TicketMove::Transfer { service, counter }, Called | Serving | Held) => {
                Ok(Self { state: Waiting, at_service: service.clone(), for_counter: counter.clone(), ..self })
            }
            (_, state) => Err(NotMoved::NotFrom(state)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn counter(name: &str) -> CounterName {
        CounterName::parse(name).unwrap()
    }

    fn ticket() -> Ticket {
        let service = ServiceKey::parse("ho-tich").unwrap();
        Ticket {
            id: TicketId(1),
            site: SiteCode::parse("000.00.17.H09").unwrap(),
            day: date(2026, 11, 27),
            service: service.clone(),
            number: TicketNumber::parse("A001").unwrap(),
            code: TicketCode::parse("0123456789ab").unwrap(),
            priority: Priority::None,
            state: TicketState::Waiting,
            at_service: service,
            for_counter: None,
            counter: None,
            rank: 1,
            after_call: 0,
            calls: 0,
            returns: 0,
            taken_at: at(0),
            called_at: None,
            recalled_at: None,
            serving_at: None,
            ended_at: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    const TERMS: MoveTerms = MoveTerms { service_calls: 10, after_no_show: 3, most_returns: 1 };

    fn moves() -> Vec<TicketMove> {
        let service = ServiceKey::parse("dat-dai").unwrap();
        vec![
            TicketMove::Call,
            TicketMove::Recall,
            TicketMove::Serve,
            TicketMove::Hold,
            TicketMove::NoShow,
            TicketMove::Finish,
            TicketMove::Transfer { service, counter: None },
            TicketMove::Back,
        ]
    }

    #[test]
    fn every_state_allows_what_it_allows_and_nothing_else() {
        let allowed = |state: TicketState| {
            let at_one = Ticket { state, counter: Some(counter("1")), ..ticket() };
            let may = |to: &TicketMove| at_one.clone().moved(to, &counter("1"), at(9), TERMS).is_ok();
            moves().iter().filter(|to| may(to)).map(TicketMove::key).collect::<Vec<_>>()
        };
        assert_eq!(allowed(TicketState::Waiting), ["call"]);
        assert_eq!(allowed(TicketState::Called), ["recall", "serve", "hold", "no_show", "finish", "transfer"]);
        assert_eq!(allowed(TicketState::Serving), ["hold", "finish", "transfer"]);
        assert_eq!(allowed(TicketState::Held), ["serve", "no_show", "finish", "transfer", "back"]);
        assert_eq!(allowed(TicketState::NoShow), ["call", "back"]);
        assert!(allowed(TicketState::Finished).is_empty() && allowed(TicketState::Left).is_empty());
    }

    #[test]
    fn what_is_at_another_counter_stays_there() {
        let called = ticket().called(&counter("1"), at(60));
        for to in moves().iter().filter(|to| !matches!(to, TicketMove::Call | TicketMove::Back)) {
            let tried = called.clone().moved(to, &counter("2"), at(61), TERMS);
            assert_eq!(tried, Err(NotMoved::ElsewhereNow), "{}", to.key());
        }
    }

    #[test]
    fn who_comes_back_is_called_after_some_others_and_not_for_ever() {
        let here = counter("1");
        let gone = ticket().called(&here, at(60)).moved(&TicketMove::NoShow, &here, at(120), TERMS).unwrap();
        let back = gone.moved(&TicketMove::Back, &counter("2"), at(300), TERMS).unwrap();
        assert_eq!((back.state, back.after_call, back.returns), (TicketState::Waiting, 13, 1));
        assert_eq!((back.rank, back.called_at), (1, Some(at(60))), "what was, stays known");
        let again = back.called(&here, at(400)).moved(&TicketMove::NoShow, &here, at(500), TERMS).unwrap();
        assert_eq!(again.moved(&TicketMove::Back, &here, at(600), TERMS), Err(NotMoved::TooOften));
    }

    #[test]
    fn who_was_put_aside_or_sent_on_keeps_the_place_by_the_time_of_taking() {
        let here = counter("1");
        let held = ticket().called(&here, at(60)).moved(&TicketMove::Hold, &here, at(70), TERMS).unwrap();
        let back = held.moved(&TicketMove::Back, &here, at(90), TERMS).unwrap();
        assert_eq!((back.rank, back.after_call, back.returns), (1, 0, 0));
        let (service, to) = (ServiceKey::parse("dat-dai").unwrap(), Some(counter("7")));
        let sent = back.called(&here, at(99));
        let transfer = TicketMove::Transfer { service: service.clone(), counter: to.clone() };
        let sent = sent.moved(&transfer, &here, at(100), TERMS).unwrap();
        assert_eq!((&sent.at_service, &sent.for_counter, sent.rank), (&service, &to, 1));
        assert_eq!(sent.number.to_string(), "A001", "the number in the citizen's hand stays");
    }

    #[test]
    fn words_lead_back() {
        for state in TicketState::ALL {
            assert_eq!(TicketState::from_number(state.number()), Some(state));
        }
        for priority in Priority::ALL {
            assert_eq!(Priority::from_key(priority.key()), Some(priority));
            let word = serde_json::to_string(&priority).unwrap();
            assert_eq!(word, format!("\"{}\"", priority.key()));
        }
    }
}
