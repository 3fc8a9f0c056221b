//! The page goes on in the citizen's own hand. A bystander may scan first: so
//! the phone shows four digits, and only who stands here can type them.

use std::time::Duration;

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::outbox::Outbox;
use super::ports::{Answer, AskId, ContinuationNow, Outcome, Page, Question};

/// How often it is asked whether a phone has scanned the code.
const EVERY: Duration = Duration::from_secs(2);
/// The matching code's digits.
const DIGITS: usize = 4;

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// A code is made.
    #[default]
    Waiting,
    /// It can be scanned.
    Shown,
    /// A phone has; its digits are typed.
    Scanned,
    /// They did not match.
    Wrong,
    /// The phone goes on.
    Open,
    /// The code holds no more.
    Over,
    /// There is no code.
    Trouble,
}

/// The flow.
#[derive(Debug)]
pub struct Phone {
    stage: Stage,
    page: Page,
    id: String,
    url: String,
    until: String,
    digits: Field,
    trouble: Trouble,
    pending: Option<AskId>,
    asked_at: Duration,
}

impl Phone {
    /// Asks for a code that carries a page.
    pub fn open(page: Page, now: Duration, out: &mut Outbox<'_>) -> Self {
        let pending = Some(out.ask(Question::Continue { page: page.clone() }));
        Self {
            stage: Stage::Waiting,
            page,
            id: String::new(),
            url: String::new(),
            until: String::new(),
            digits: Field::digits(DIGITS),
            trouble: Trouble::Refused,
            pending,
            asked_at: now,
        }
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What the QR code says.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Until when it holds.
    pub fn until(&self) -> &str {
        &self.until
    }

    /// The digits as typed. They stand on the phone for everybody to see.
    pub fn digits(&self) -> &str {
        self.digits.text()
    }

    /// Why there is no code.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// The digits are complete.
    pub fn confirm(&mut self, out: &mut Outbox<'_>) {
        if matches!(self.stage, Stage::Scanned | Stage::Wrong) && self.digits.len() == DIGITS {
            let digits = self.digits.text().to_string();
            self.pending = Some(out.ask(Question::Confirm { id: self.id.clone(), digits }));
        }
    }

    /// Another code: the one before is over, or another phone has scanned it. The
    /// gateway ends it with the new one.
    pub fn again(&mut self, now: Duration, out: &mut Outbox<'_>) {
        if matches!(self.stage, Stage::Scanned | Stage::Wrong | Stage::Over | Stage::Trouble) {
            *self = Self::open(self.page.clone(), now, out);
        }
    }

    /// A key was pressed; `false` where nothing is typed now.
    pub fn key(&mut self, key: Key, composer: &mut dyn Composer) -> bool {
        if !matches!(self.stage, Stage::Scanned | Stage::Wrong) {
            return false;
        }
        self.digits.press(key, composer);
        true
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Duration, out: &mut Outbox<'_>) {
        let due = now.saturating_sub(self.asked_at) >= EVERY;
        let watched = matches!(self.stage, Stage::Shown | Stage::Scanned | Stage::Wrong);
        if watched && due && self.pending.is_none() {
            self.pending = Some(out.ask(Question::ContinuationNow { id: self.id.clone() }));
            self.asked_at = now;
        }
    }

    /// An answer; `false` where it is not ours.
    pub fn answered(&mut self, id: AskId, outcome: &Outcome) -> bool {
        if self.pending != Some(id) {
            return false;
        }
        self.pending = None;
        match (outcome, self.stage) {
            (Ok(Answer::Continuation { id, url, until }), Stage::Waiting) => {
                self.id.clone_from(id);
                self.url.clone_from(url);
                self.until.clone_from(until);
                self.stage = Stage::Shown;
            }
            (Ok(Answer::ContinuationNow(ContinuationNow::Waiting)), _) => {}
            (Ok(Answer::ContinuationNow(ContinuationNow::Scanned)), Stage::Shown) => self.stage = Stage::Scanned,
            (Ok(Answer::ContinuationNow(ContinuationNow::Scanned)), _) => {}
            (Ok(Answer::ContinuationNow(ContinuationNow::Open) | Answer::Confirmed(true)), _) => {
                self.stage = Stage::Open;
            }
            (Ok(Answer::ContinuationNow(ContinuationNow::Over)), _) => self.stage = Stage::Over,
            (Ok(Answer::Confirmed(false)), _) => {
                self.digits.clear();
                self.stage = Stage::Wrong;
            }
            (Ok(_), _) => self.fail(Trouble::Refused),
            // The code on the screen is still good: it is asked again.
            (Err(_), Stage::Shown | Stage::Scanned | Stage::Wrong) => {}
            (Err(trouble), _) => self.fail(*trouble),
        }
        true
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
