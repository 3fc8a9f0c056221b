//! The load's SMSC. It gives each phone one question, takes what is submitted,
//! reports it as delivered, and counts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use channel_sms::smpp::pdu::codes::{esm_class, status};
use channel_sms::smpp::pdu::message::Message;
use channel_sms::smpp::smsc::{Reply, Script, SmscSession, message, receipt, receipt_text};
use compact_str::{CompactString, format_compact};
use hdrhistogram::Histogram;
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{Notify, Semaphore};

use crate::generator::histogram;

/// The short code.
pub(super) const SHORT_CODE: &str = "8283";

/// A question, and what its answer must hold.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) answer_holds: Vec<u8>,
}

/// One phone's question: a phone asks once.
#[derive(Clone, Copy)]
struct Asked {
    question: usize,
    /// When it was due, or sent.
    from: Instant,
    taken: bool,
    answers: u8,
    receipts: u8,
}

/// What came of the questions of one phase.
#[derive(Debug)]
pub(super) struct Tally {
    /// Messages sent.
    pub(super) sent: u64,
    /// `deliver_sm` of messages that were acknowledged.
    pub(super) taken: u64,
    /// … and refused.
    pub(super) put_off: u64,
    /// First answers.
    pub(super) answered: u64,
    /// Answers to phones that had theirs.
    pub(super) doubled: u64,
    /// Submits to a phone that had not asked, with other words than expected,
    /// in parts, or that ask for no receipt.
    pub(super) strange: u64,
    /// Receipts that were acknowledged.
    pub(super) confirmed: u64,
    /// … and refused.
    pub(super) unconfirmed: u64,
    /// From due to the `deliver_sm_resp`, the `submit_sm`, the response to the
    /// receipt; and how late a message was sent. Nanoseconds.
    pub(super) taking: Histogram<u64>,
    pub(super) round_trip: Histogram<u64>,
    pub(super) whole: Histogram<u64>,
    pub(super) lag: Histogram<u64>,
    /// When the last of all came.
    pub(super) last: Instant,
    /// The last answer's text.
    pub(super) answer: Vec<u8>,
}

impl Tally {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            sent: 0,
            taken: 0,
            put_off: 0,
            answered: 0,
            doubled: 0,
            strange: 0,
            confirmed: 0,
            unconfirmed: 0,
            taking: histogram()?,
            round_trip: histogram()?,
            whole: histogram()?,
            lag: histogram()?,
            last: Instant::now(),
            answer: Vec::new(),
        })
    }

    /// Everything that was sent has come to its end.
    fn is_done(&self) -> bool {
        self.answered == self.sent && self.confirmed == self.sent && self.taken == self.sent
    }

    /// How far it is; it grows with everything that comes.
    pub(super) fn progress(&self) -> u64 {
        self.taken + self.put_off + self.answered + self.doubled + self.strange + self.confirmed + self.unconfirmed
    }
}

/// A receipt that is to be sent.
pub(super) struct Due {
    submitted: Instant,
    phone: usize,
    id: CompactString,
}

pub(super) struct Centre {
    state: Mutex<State>,
    /// Something was bound, or everything is done.
    pub(super) changed: Notify,
    /// Questions that may be asked, where an answer lets the next one go.
    pub(super) answers: Arc<Semaphore>,
    receipts: UnboundedSender<Due>,
}

struct State {
    session: Option<Arc<SmscSession>>,
    questions: Vec<Question>,
    /// By the phone's number.
    asked: Vec<Asked>,
    tally: Tally,
    expected: u64,
    next_id: u64,
}

impl Centre {
    /// A message centre, and the receipts that [`send_receipts`] is to send.
    pub(super) fn new() -> anyhow::Result<(Arc<Self>, UnboundedReceiver<Due>)> {
        let (receipts, to_send) = tokio::sync::mpsc::unbounded_channel();
        let state = State {
            session: None,
            questions: Vec::new(),
            asked: Vec::new(),
            tally: Tally::new()?,
            expected: u64::MAX,
            next_id: 0,
        };
        let answers = Arc::new(Semaphore::new(0));
        Ok((Arc::new(Self { state: Mutex::new(state), changed: Notify::new(), answers, receipts }), to_send))
    }

    /// Who is bound.
    pub(super) fn session(&self) -> Option<Arc<SmscSession>> {
        self.state.lock().session.as_ref().map(Arc::clone)
    }

    pub(super) fn set_questions(&self, questions: Vec<Question>) {
        self.state.lock().questions = questions;
    }

    /// A new phase of so many messages; the old one's tally.
    pub(super) fn begin(&self, expected: u64) -> anyhow::Result<Tally> {
        let mut state = self.state.lock();
        state.expected = expected;
        Ok(std::mem::replace(&mut state.tally, Tally::new()?))
    }

    pub(super) fn look<T>(&self, at: impl FnOnce(&Tally) -> T) -> T {
        at(&self.state.lock().tally)
    }

    pub(super) fn is_done(&self) -> bool {
        let state = self.state.lock();
        state.tally.sent == state.expected && state.tally.is_done()
    }

    /// Phones that have asked so far.
    pub(super) fn phones(&self) -> usize {
        self.state.lock().asked.len()
    }

    /// Messages that were sent to the gateway, and submits that came, in all.
    pub(super) fn totals(&self) -> (u64, u64) {
        let state = self.state.lock();
        (state.asked.len() as u64, state.next_id)
    }

    /// Answers by phone, from one phone on: how many asked, the least and most
    /// answers that one has, and the least and most receipts.
    pub(super) fn by_phone(&self, from: usize) -> (u64, u8, u8, u8, u8) {
        let state = self.state.lock();
        let phones = state.asked.get(from..).unwrap_or_default();
        let of = |count: fn(&Asked) -> u8| {
            let counts = phones.iter().map(count);
            (counts.clone().min().unwrap_or_default(), counts.max().unwrap_or_default())
        };
        let (least, most) = of(|asked| asked.answers);
        let (fewest, top) = of(|asked| asked.receipts);
        (phones.len() as u64, least, most, fewest, top)
    }

    /// Sends the next phone's question; `due` where it had a time. `None`: the
    /// connection has ended.
    pub(super) async fn ask(self: &Arc<Self>, session: &Arc<SmscSession>, due: Option<Instant>) -> Option<()> {
        let (phone, question, text) = {
            let mut state = self.state.lock();
            let phone = state.asked.len();
            let question = phone.checked_rem(state.questions.len())?;
            let text = state.questions.get(question)?.text.clone();
            let from = due.unwrap_or_else(Instant::now);
            state.asked.push(Asked { question, from, taken: false, answers: 0, receipts: 0 });
            (phone, question, text)
        };
        let number = number(phone);
        let delivery = session.deliver(&message(number.as_bytes(), SHORT_CODE.as_bytes(), text.as_bytes())).await?;
        {
            // It was written just now: nothing else ran since.
            let now = Instant::now();
            let mut state = self.state.lock();
            state.tally.sent += 1;
            state.tally.lag.saturating_record(nanos(now.saturating_duration_since(due.unwrap_or(now))));
            let asked = state.asked.get_mut(phone)?;
            asked.question = question;
            asked.from = due.unwrap_or(now);
        }
        let this = Arc::clone(self);
        tokio::spawn(async move {
            let taken = delivery.status().await == Some(status::OK);
            this.taken(phone, taken);
        });
        Some(())
    }

    fn taken(&self, phone: usize, taken: bool) {
        let state = &mut *self.state.lock();
        let (Some(asked), tally) = (state.asked.get_mut(phone), &mut state.tally) else { return };
        let now = Instant::now();
        if taken {
            asked.taken = true;
            tally.taken += 1;
            tally.taking.saturating_record(nanos(now - asked.from));
        } else {
            tally.put_off += 1;
        }
        self.came(state, now);
    }

    fn confirmed(&self, phone: usize, confirmed: bool) {
        let state = &mut *self.state.lock();
        let (Some(asked), tally) = (state.asked.get_mut(phone), &mut state.tally) else { return };
        let now = Instant::now();
        if confirmed {
            asked.receipts = asked.receipts.saturating_add(1);
            tally.confirmed += 1;
            tally.whole.saturating_record(nanos(now - asked.from));
        } else {
            tally.unconfirmed += 1;
        }
        self.came(state, now);
    }

    fn came(&self, state: &mut State, now: Instant) {
        state.tally.last = now;
        if state.tally.sent == state.expected && state.tally.is_done() {
            self.changed.notify_waiters();
        }
    }
}

/// A phone's number, as SMSCs write it.
pub(super) fn number(phone: usize) -> CompactString {
    format_compact!("849{phone:08}")
}

/// The phone of a number, however it is written.
fn phone_of(digits: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(digits).ok()?;
    digits.get(digits.len().checked_sub(8)?..)?.parse().ok()
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).max(1)
}

impl Script for Centre {
    fn bound(&self, session: &Arc<SmscSession>) {
        self.state.lock().session = Some(Arc::clone(session));
        self.changed.notify_waiters();
    }

    fn submit(&self, _: &Arc<SmscSession>, _: u32, message: &Message<'_>) -> Reply {
        let now = Instant::now();
        let state = &mut *self.state.lock();
        state.next_id += 1;
        let id = format_compact!("{:08X}", state.next_id);
        let tally = &mut state.tally;
        let phone = phone_of(message.destination.digits);
        let Some((phone, asked)) = phone.and_then(|phone| Some((phone, state.asked.get_mut(phone)?))) else {
            tally.strange += 1;
            return Reply::Id(id);
        };
        let wanted = state.questions.get(asked.question).map(|question| question.answer_holds.as_slice());
        let text = message.payload();
        let right = wanted.is_some_and(|wanted| wanted.is_empty() || text.windows(wanted.len()).any(|at| at == wanted));
        let whole = message.esm_class & esm_class::UDH == 0 && message.registered_delivery & 1 == 1;
        if !right || !whole {
            tally.strange += 1;
        }
        asked.answers = asked.answers.saturating_add(1);
        if asked.answers == 1 {
            tally.answered += 1;
            tally.round_trip.saturating_record(nanos(now - asked.from));
            tally.answer.clear();
            tally.answer.extend_from_slice(text);
            self.answers.add_permits(1);
        } else {
            tally.doubled += 1;
        }
        // Sent after this submit's response: its task has not run since.
        let _ = self.receipts.send(Due { submitted: now, phone, id: id.clone() });
        self.came(state, now);
        Reply::Id(id)
    }

    fn ended(&self, session: &Arc<SmscSession>, _: bool) {
        let mut state = self.state.lock();
        if state.session.as_ref().is_some_and(|bound| Arc::ptr_eq(bound, session)) {
            state.session = None;
        }
    }
}

/// Sends a receipt for everything that was submitted, in its order.
pub(super) async fn send_receipts(centre: Arc<Centre>, mut to_send: UnboundedReceiver<Due>, after: Duration) {
    while let Some(Due { submitted, phone, id }) = to_send.recv().await {
        if !after.is_zero() {
            tokio::time::sleep_until((submitted + after).into()).await;
        }
        let Some(session) = centre.session() else { continue };
        let text = receipt_text(&id, "DELIVRD", "000");
        let number = number(phone);
        let report = receipt(number.as_bytes(), SHORT_CODE.as_bytes(), text.as_bytes());
        let Some(delivery) = session.deliver(&report).await else { continue };
        let centre = Arc::clone(&centre);
        tokio::spawn(async move {
            let confirmed = delivery.status().await == Some(status::OK);
            centre.confirmed(phone, confirmed);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_known_by_its_number() {
        for phone in [0, 7, 12_345_678] {
            let number = number(phone);
            assert_eq!(phone_of(number.as_bytes()), Some(phone));
            assert_eq!(phone_of(format!("+{number}").as_bytes()), Some(phone));
            assert_eq!(phone_of(format!("0{}", &number[2..]).as_bytes()), Some(phone));
        }
        assert_eq!(phone_of(b"8283"), None);
    }
}
