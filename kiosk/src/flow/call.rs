//! Somebody shall come.

use std::time::Duration;

use super::Trouble;
use super::outbox::Outbox;
use super::ports::{Answer, AskId, CallNow, Outcome, Question};

/// How often it is asked whether somebody comes.
const EVERY: Duration = Duration::from_secs(3);

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Why.
    #[default]
    Reasons,
    /// It is sent.
    Waiting,
    /// It is heard.
    Queued,
    /// Somebody comes.
    Coming,
    /// It is not heard.
    Trouble,
}

/// The flow.
#[derive(Debug, Default)]
pub struct Call {
    stage: Stage,
    reason: Option<&'static str>,
    call: Option<String>,
    position: u32,
    trouble: Trouble,
    pending: Option<AskId>,
    asked_at: Duration,
}

impl Call {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// How many wait for help, this one included.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// Why it is not heard.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// Calls. After a failure the first reason stands.
    pub fn call(&mut self, reason: &'static str, now: Duration, out: &mut Outbox<'_>) {
        if matches!(self.stage, Stage::Reasons | Stage::Trouble) {
            let reason = *self.reason.get_or_insert(reason);
            self.pending = Some(out.ask(Question::Call { reason }));
            self.asked_at = now;
            self.stage = Stage::Waiting;
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Duration, out: &mut Outbox<'_>) {
        let due = now.saturating_sub(self.asked_at) >= EVERY;
        if let (Stage::Queued, None, true, Some(call)) = (self.stage, self.pending, due, &self.call) {
            self.pending = Some(out.ask(Question::CallNow { call: call.clone() }));
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
            (Ok(Answer::Called { call, position }), _) => {
                self.call = Some(call.clone());
                self.position = position.unwrap_or(1);
                self.stage = Stage::Queued;
            }
            (Ok(Answer::CallNow(CallNow::Coming | CallNow::Done)), _) => self.stage = Stage::Coming,
            // Nobody waits for somebody who does not come.
            (Ok(Answer::CallNow(CallNow::Missed)), _) => self.fail(Trouble::Refused),
            // It was heard; how it stands is asked again.
            (_, Stage::Queued) => {}
            (Ok(_), _) => self.fail(Trouble::Refused),
            (Err(trouble), _) => self.fail(*trouble),
        }
        true
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
