//! Numbers that the terminal gives by itself while the gateway is gone.
//!
//! They come from a range that is reserved for this terminal, so that no other
//! gives the same one, whatever the operator changes in mid-day. A number is on disk
//! before anybody sees it; it is told to the gateway later, by its key, as often as
//! it takes. One that the gateway refuses is kept, with why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gateway_core::domain::local_date;
use jiff::Timestamp;
use jiff::civil::Date;
use mobile_api_types::{LocalTicketView, LocalTickets, LocalTicketsRequest, RefusedTicket};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::ClientError;
use crate::files::{self, FileProblem};
use crate::gateway::Gateway;

/// Numbers that wait to be told, at most: a range holds fewer as a rule.
const MOST_WAITING: usize = 5_000;

/// Numbers that were refused and are kept, at most; the oldest go.
const MOST_REFUSED: usize = 500;

/// A number that this terminal gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTicket {
    /// The service's key.
    pub service: String,
    /// The number, without the service's letters.
    pub number: u32,
    /// When.
    pub taken_at: Timestamp,
}

impl LocalTicket {
    /// As it is printed and called: `A901`.
    pub fn label(&self, prefix: &str) -> String {
        format!("{prefix}{:03}", self.number)
    }
}

/// Why the terminal gives no number.
#[derive(Debug, Error)]
pub enum NoLocalTicket {
    /// The operator does not allow it.
    #[error("not allowed at this site")]
    NotAllowed,
    /// The range is used up for this service today, or too many wait to be
    /// told.
    #[error("no number is left")]
    UsedUp,
    /// It could not be written down, so it is not given.
    #[error(transparent)]
    File(#[from] FileProblem),
}

/// What became of the numbers that waited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// They stand in the line now.
    pub accepted: usize,
    /// The gateway knew them already: an answer had been lost.
    pub known: usize,
    /// They stand in no line: the log says so once, and the book keeps them.
    pub refused: Vec<RefusedTicket>,
}

/// A number that stands in no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotInLine {
    /// As it was given.
    pub ticket: LocalTicketView,
    /// The gateway's word for why.
    pub why: String,
}

/// The terminal's own numbers, in one file.
pub struct LocalTicketBook {
    path: PathBuf,
    written: Mutex<Written>,
    /// One reconciliation at a time.
    telling: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    /// The day in Vietnam that `given` is of.
    day: Option<Date>,
    /// The numbers of each service on that day, told or not, as runs from one number
    /// to another: more than one where the range was changed.
    #[serde(default)]
    given: BTreeMap<String, Vec<(u32, u32)>>,
    /// As the first terminals wrote it: the last number of each service.
    #[serde(default, skip_serializing)]
    last: BTreeMap<String, u32>,
    /// Not told yet.
    waiting: Vec<LocalTicketView>,
    /// Told, and refused.
    #[serde(default)]
    refused: Vec<NotInLine>,
}

impl Written {
    /// What an earlier version wrote: all up to the last number may have been given.
    fn carried_over(mut self) -> Self {
        for (service, last) in std::mem::take(&mut self.last) {
            self.given.entry(service).or_insert_with(|| vec![(1, last)]);
        }
        self
    }

    /// The next number of a service that was not given on this day; `None` where
    /// the range is used up.
    fn next(&self, range: LocalTickets, service: &str) -> Option<u32> {
        let runs = self.given.get(service).map(Vec::as_slice).unwrap_or_default();
        // Behind the last one of this range: numbers go up.
        let of_range = runs.iter().filter(|(from, to)| *from <= range.to && range.from <= *to);
        let next = of_range.map(|(_, to)| to.saturating_add(1)).max().unwrap_or(range.from);
        (next <= range.to).then_some(next)
    }

    /// Notes a number that [`Written::next`] gave.
    fn note(&mut self, service: &str, number: u32) {
        let runs = self.given.entry(service.to_owned()).or_default();
        match runs.iter_mut().find(|(_, to)| to.saturating_add(1) == number) {
            Some((_, to)) => *to = number,
            None => runs.push((number, number)),
        }
    }
}

impl LocalTicketBook {
    /// Opens the book. A book that cannot be read is an error: nobody knows then
    /// which numbers were given, and a number must not be given twice.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FileProblem> {
        let path = path.into();
        let written = match files::read(&path)? {
            None => Written::default(),
            Some(bytes) => {
                let written: Written = serde_json::from_slice(&bytes).map_err(|_| FileProblem::unreadable(&path))?;
                written.carried_over()
            }
        };
        Ok(Self { path, written: Mutex::new(written), telling: tokio::sync::Mutex::new(()) })
    }

    /// Gives the next number of a service. It is on disk when this returns
    /// (which takes some milliseconds); `key` is 128 fresh random bits.
    ///
    /// # Errors
    /// [`NoLocalTicket`].
    pub fn give(
        &self,
        range: Option<LocalTickets>,
        service: &str,
        priority: &str,
        key: String,
        now: Timestamp,
    ) -> Result<LocalTicket, NoLocalTicket> {
        let range = range.filter(|range| range.allowed && range.from >= 1).ok_or(NoLocalTicket::NotAllowed)?;
        let mut held = self.written.lock();
        let mut next = held.clone();
        let today = local_date(now);
        // A clock that was set back gives no number twice.
        if next.day.is_none_or(|day| today > day) {
            next.day = Some(today);
            next.given.clear();
        }
        let number = next.next(range, service).ok_or(NoLocalTicket::UsedUp)?;
        if next.waiting.len() >= MOST_WAITING {
            return Err(NoLocalTicket::UsedUp);
        }
        next.note(service, number);
        next.waiting.push(LocalTicketView {
            service: service.to_owned(),
            number,
            priority: priority.to_owned(),
            taken_at: now,
            key,
        });
        self.write(&next)?;
        *held = next;
        Ok(LocalTicket { service: service.to_owned(), number, taken_at: now })
    }

    /// How many numbers wait to be told.
    pub fn waiting(&self) -> usize {
        self.written.lock().waiting.len()
    }

    /// Numbers that the gateway refused, the latest last: somebody holds each, and it
    /// stands in no line.
    pub fn refused(&self) -> Vec<NotInLine> {
        self.written.lock().refused.clone()
    }

    /// Tells the gateway what it does not know yet, some at a time. What it has
    /// answered to is not told again; when an answer is lost, the same keys go
    /// again, and the gateway counts each once. One that it refuses holds up none of
    /// the others.
    ///
    /// # Errors
    /// The gateway's (what was answered before stays done), or a file's as
    /// `Ok(Err)`.
    pub async fn reconcile(&self, gateway: &Gateway) -> Result<Result<Reconciled, FileProblem>, ClientError> {
        let _one = self.telling.lock().await;
        let mut done = Reconciled::default();
        loop {
            let batch: Vec<LocalTicketView> =
                self.written.lock().waiting.iter().take(LocalTicketsRequest::MOST).cloned().collect();
            if batch.is_empty() {
                return Ok(Ok(done));
            }
            let answer = gateway.tell_local_tickets(batch.clone()).await?;
            // What is in neither list was not looked at: it stays.
            let told = answer.accepted.len() + answer.known.len() + answer.refused.len();
            let refused: Option<Vec<NotInLine>> =
                answer.refused.iter().map(|refused| not_in_line(&batch, refused)).collect();
            let Some(refused) = refused.filter(|_| told == batch.len()) else {
                return Err(ClientError::Gone(crate::error::GoneKind::Unreadable));
            };
            if let Err(problem) = self.told(&batch, &refused) {
                return Ok(Err(problem));
            }
            // Once: from here on it is not told again.
            for NotInLine { ticket, why } in &refused {
                let (service, number) = (&ticket.service, ticket.number);
                tracing::warn!(why, service, number, "a number given without the gateway stands in no line");
            }
            done.accepted += answer.accepted.len();
            done.known += answer.known.len();
            done.refused.extend(answer.refused);
        }
    }

    /// Takes a batch from what waits, and keeps what was refused of it.
    fn told(&self, batch: &[LocalTicketView], refused: &[NotInLine]) -> Result<(), FileProblem> {
        let mut held = self.written.lock();
        let mut next = held.clone();
        next.waiting.retain(|ticket| batch.iter().all(|told| told.key != ticket.key));
        next.refused.extend_from_slice(refused);
        let too_many = next.refused.len().saturating_sub(MOST_REFUSED);
        next.refused.drain(..too_many);
        self.write(&next)?;
        *held = next;
        Ok(())
    }

    fn write(&self, written: &Written) -> Result<(), FileProblem> {
        let bytes = serde_json::to_vec(written).map_err(|_| FileProblem::unreadable(&self.path))?;
        files::replace(&self.path, &bytes)
    }
}

/// The ticket that was refused; `None` where it was not told of.
fn not_in_line(batch: &[LocalTicketView], refused: &RefusedTicket) -> Option<NotInLine> {
    let ticket = batch.iter().find(|told| told.key.eq_ignore_ascii_case(&refused.key))?;
    Some(NotInLine { ticket: ticket.clone(), why: refused.why.clone() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RANGE: Option<LocalTickets> = Some(LocalTickets { allowed: true, from: 901, to: 905 });

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn give(book: &LocalTicketBook, service: &str, key: u32, now: &str) -> Option<u32> {
        book.give(RANGE, service, "none", format!("{key:032x}"), at(now)).ok().map(|ticket| ticket.number)
    }

    #[test]
    fn numbers_go_up_by_service_and_day_and_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.json");
        let book = LocalTicketBook::open(&path).unwrap();
        assert_eq!(give(&book, "ho-tich", 1, "2026-11-27T02:00:00Z"), Some(901));
        assert_eq!(give(&book, "dat-dai", 2, "2026-11-27T02:00:00Z"), Some(901));
        drop(book);
        let book = LocalTicketBook::open(&path).unwrap();
        assert_eq!(give(&book, "ho-tich", 3, "2026-11-27T02:01:00Z"), Some(902));
        assert_eq!(book.waiting(), 3);
        // 17:00 UTC is midnight in Vietnam.
        assert_eq!(give(&book, "ho-tich", 4, "2026-11-27T16:59:59Z"), Some(903));
        assert_eq!(give(&book, "ho-tich", 5, "2026-11-27T17:00:00Z"), Some(901));
        assert_eq!(give(&book, "ho-tich", 6, "2026-11-26T09:00:00Z"), Some(902), "the clock was set back");
    }

    #[test]
    fn what_is_not_allowed_or_used_up_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        let book = LocalTicketBook::open(folder.path().join("tickets.json")).unwrap();
        let now = at("2026-11-27T02:00:00Z");
        for range in [None, Some(LocalTickets { allowed: false, from: 901, to: 905 })] {
            let refused = book.give(range, "a", "none", "0".repeat(32), now);
            assert!(matches!(refused, Err(NoLocalTicket::NotAllowed)));
        }
        let given: Vec<u32> = (0..9).filter_map(|key| give(&book, "a", key, "2026-11-27T02:00:00Z")).collect();
        assert_eq!(given, [901, 902, 903, 904, 905]);
        assert_eq!(LocalTicket { service: "a".into(), number: 7, taken_at: now }.label("A"), "A007");
    }

    /// A book, and what it gives of a range.
    fn gives(book: &LocalTicketBook, key: u32, (from, to): (u32, u32)) -> Option<u32> {
        let range = Some(LocalTickets { allowed: true, from, to });
        let now = at("2026-11-27T02:00:00Z");
        book.give(range, "a", "none", format!("{key:032x}"), now).ok().map(|ticket| ticket.number)
    }

    #[test]
    fn a_range_that_changes_in_mid_day_gives_no_number_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.json");
        let book = LocalTicketBook::open(&path).unwrap();
        let given: Vec<_> = (0..4).filter_map(|key| gives(&book, key, (901, 910))).collect();
        assert_eq!(given, [901, 902, 903, 904]);
        assert_eq!(gives(&book, 5, (901, 903)), None, "made smaller: all of it was given");
        assert_eq!(gives(&book, 6, (950, 951)), Some(950), "another one");
        let book = LocalTicketBook::open(&path).unwrap();
        assert_eq!(gives(&book, 7, (901, 910)), Some(905), "the first one again: it goes on");
        assert_eq!(gives(&book, 8, (890, 1_000)), Some(951), "made wider: behind the last");
        assert_eq!(gives(&book, 9, (890, 900)), Some(890));
    }

    #[test]
    fn a_book_of_the_first_terminals_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.json");
        std::fs::write(&path, br#"{"day":"2026-11-27","last":{"a":903},"waiting":[]}"#).unwrap();
        let book = LocalTicketBook::open(&path).unwrap();
        assert_eq!(gives(&book, 1, (901, 905)), Some(904));
        assert_eq!(gives(&book, 2, (800, 810)), None, "nobody knows which were given");
        drop(book);
        assert_eq!(gives(&LocalTicketBook::open(&path).unwrap(), 3, (901, 905)), Some(905));
    }

    #[test]
    fn a_number_that_cannot_be_written_down_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        // A folder stands where the file should.
        let path = folder.path().join("tickets.json");
        let book = LocalTicketBook::open(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert_eq!(give(&book, "a", 1, "2026-11-27T02:00:00Z"), None);
        assert_eq!(book.waiting(), 0);
    }

    #[test]
    fn a_book_that_cannot_be_read_is_not_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.json");
        std::fs::write(&path, b"{\"day\":").unwrap();
        assert!(matches!(LocalTicketBook::open(&path), Err(FileProblem::Unreadable { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_number_twice_on_a_day(steps in proptest::collection::vec((0_usize..2, 0_i64..40_000, any::<bool>(), 900_u32..930, 0_u32..30), 1..60)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("tickets.json");
            let mut book = LocalTicketBook::open(&path).unwrap();
            let mut now = at("2026-11-27T00:00:00Z");
            let mut seen = std::collections::BTreeSet::new();
            for (key, (service, seconds, restart, from, length)) in steps.into_iter().enumerate() {
                now = now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
                let service = ["a", "b"][service];
                // As the operator wants it now.
                let range = LocalTickets { allowed: true, from, to: from + length };
                match book.give(Some(range), service, "none", format!("{key:032x}"), now) {
                    Ok(ticket) => {
                        prop_assert!((range.from..=range.to).contains(&ticket.number));
                        prop_assert!(seen.insert((local_date(now), service, ticket.number)));
                    }
                    Err(problem) => prop_assert!(matches!(problem, NoLocalTicket::UsedUp)),
                }
                if restart {
                    book = LocalTicketBook::open(&path).unwrap();
                }
            }
        }
    }
}
