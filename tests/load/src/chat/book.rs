//! What a provider knows of every message: when it handed it in, when it was
//! thanked, and what came back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use super::EACH;
use crate::generator::histogram;

/// Nothing yet.
const NEVER: u64 = u64::MAX;

/// The book of one run, shared by the webhooks and by the door of answers.
#[derive(Clone)]
pub(super) struct Book(Arc<Mutex<Pages>>);

struct Pages {
    start: Instant,
    numbers: Vec<String>,
    messages: Vec<Message>,
    /// Answers to those whom nobody measures.
    others: Vec<(String, String)>,
    /// Messages that were taken; it tells their order.
    taken: u32,
    acknowledged: u64,
    answered: u64,
    most_open: u64,
    strange: u64,
}

/// Times in nanoseconds since the start of the run.
#[derive(Clone, Copy)]
struct Message {
    due: u64,
    first_sent: u64,
    acknowledged: u64,
    answered: u64,
    /// Its answer's place among all answers.
    place: u32,
    answers: u32,
}

/// What is to be said of all messages at the end.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) messages: u64,
    pub(super) acknowledged: u64,
    pub(super) answered: u64,
    pub(super) doubled: u64,
    /// Answers to nobody's question.
    pub(super) strange: u64,
    /// Pairs of one citizen whose order could be kept, and those whose was not.
    pub(super) pairs: u64,
    pub(super) disordered: u64,
    /// Messages without an answer at one time, at most.
    pub(super) most_open: u64,
    /// From when a message's first webhook was due to its answer at the provider.
    pub(super) whole: Histogram<u64>,
    /// From the start to the last answer.
    pub(super) last: Duration,
}

impl Book {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Pages {
            start: Instant::now(),
            numbers: Vec::new(),
            messages: Vec::new(),
            others: Vec::new(),
            taken: 0,
            acknowledged: 0,
            answered: 0,
            most_open: 0,
            strange: 0,
        })))
    }

    /// Begins the run: every citizen asks for these dossiers.
    pub(super) fn begin(&self, numbers: &[String], messages: usize) -> Instant {
        let empty =
            Message { due: NEVER, first_sent: NEVER, acknowledged: NEVER, answered: NEVER, place: 0, answers: 0 };
        let mut pages = self.0.lock();
        pages.numbers = numbers.to_vec();
        pages.messages = vec![empty; messages];
        pages.start = Instant::now();
        pages.start
    }

    /// What people outside of the run were told.
    pub(super) fn others(&self) -> Vec<(String, String)> {
        self.0.lock().others.clone()
    }

    pub(super) fn sent(&self, which: usize, due: Instant) {
        let mut pages = self.0.lock();
        let (now, due) = (pages.at(Instant::now()), pages.at(due));
        if let Some(message) = pages.messages.get_mut(which) {
            message.due = message.due.min(due);
            message.first_sent = message.first_sent.min(now);
        }
    }

    pub(super) fn acknowledged(&self, which: usize) {
        let mut pages = self.0.lock();
        let now = pages.at(Instant::now());
        if let Some(message) = pages.messages.get_mut(which)
            && message.acknowledged == NEVER
        {
            message.acknowledged = now;
            pages.acknowledged += 1;
            pages.most_open = pages.most_open.max(pages.acknowledged.saturating_sub(pages.answered));
        }
    }

    /// Somebody is told something.
    pub(super) fn told(&self, user: &str, text: &str) {
        let mut pages = self.0.lock();
        if pages.messages.is_empty() {
            pages.others.push((user.to_owned(), text.to_owned()));
            return;
        }
        let now = pages.at(Instant::now());
        pages.taken += 1;
        let place = pages.taken;
        let about = pages.numbers.iter().position(|number| text.contains(number.as_str()));
        let which = citizen(user).zip(about).map(|(citizen, about)| citizen * EACH + about);
        let Some(message) = which.and_then(|which| pages.messages.get_mut(which)) else {
            pages.strange += 1;
            return;
        };
        message.answers += 1;
        if message.answers == 1 {
            (message.answered, message.place) = (now, place);
            pages.answered += 1;
        }
    }

    /// Messages that were answered so far.
    pub(super) fn answered(&self) -> u64 {
        self.0.lock().answered
    }

    /// Everything at the end; `order` is the time within which the gateway puts
    /// messages in order.
    pub(super) fn tally(&self, order: Duration) -> anyhow::Result<Tally> {
        let pages = self.0.lock();
        let order = u64::try_from(order.as_nanos())?;
        let mut tally = Tally {
            messages: pages.messages.len() as u64,
            acknowledged: pages.acknowledged,
            answered: pages.answered,
            doubled: pages.messages.iter().filter(|message| message.answers > 1).count() as u64,
            strange: pages.strange,
            pairs: 0,
            disordered: 0,
            most_open: pages.most_open,
            whole: histogram()?,
            last: Duration::ZERO,
        };
        for message in pages.messages.iter().filter(|message| message.answered != NEVER) {
            tally.whole.saturating_record(message.answered.saturating_sub(message.due).max(1));
            tally.last = tally.last.max(Duration::from_nanos(message.answered));
        }
        for of_one in pages.messages.chunks(EACH) {
            for (place, later) in of_one.iter().enumerate() {
                for earlier in of_one.iter().take(place) {
                    // What came too late to be put before it, nobody can put before it.
                    let known = earlier.answered != NEVER && later.answered != NEVER;
                    if known && earlier.acknowledged <= later.first_sent.saturating_add(order) {
                        tally.pairs += 1;
                        tally.disordered += u64::from(earlier.place > later.place);
                    }
                }
            }
        }
        Ok(tally)
    }
}

impl Pages {
    fn at(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.start).as_nanos()).unwrap_or(NEVER - 1)
    }
}

/// A citizen's id at the provider.
pub(super) fn user(citizen: usize) -> String {
    format!("7{citizen:017}")
}

fn citizen(user: &str) -> Option<usize> {
    user.strip_prefix('7').filter(|digits| digits.len() == 17)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Duration = Duration::from_secs(60);

    fn told(answers: &[(usize, &str)]) -> Tally {
        let book = Book::new();
        let numbers: Vec<String> = (0..EACH).map(|number| format!("H09-{number}")).collect();
        let start = book.begin(&numbers, 2 * EACH);
        for which in 0..2 * EACH {
            book.sent(which, start);
            book.acknowledged(which);
            book.acknowledged(which);
        }
        for (citizen, number) in answers {
            book.told(&user(*citizen), &format!("Hồ sơ {number}: đang xử lý"));
        }
        book.tally(ORDER).unwrap()
    }

    #[test]
    fn what_is_missing_twice_or_strange_is_counted() {
        let tally = told(&[(0, "H09-0"), (0, "H09-1"), (0, "H09-1"), (1, "H09-4"), (9, "H09-0"), (1, "?")]);
        assert_eq!((tally.messages, tally.acknowledged, tally.answered), (10, 10, 3));
        assert_eq!((tally.doubled, tally.strange, tally.most_open), (1, 2, 10));
        assert_eq!((tally.pairs, tally.disordered, tally.whole.len()), (1, 0, 3));
    }

    #[test]
    fn an_order_that_is_not_the_citizens_is_seen() {
        let tally = told(&[(0, "H09-2"), (1, "H09-0"), (0, "H09-0"), (0, "H09-3")]);
        assert_eq!((tally.pairs, tally.disordered), (3, 1));
    }
}
