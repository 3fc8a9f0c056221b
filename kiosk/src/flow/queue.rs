//! Taking a number.

pub use gateway_core::domain::queue::Priority;
use jiff::Timestamp;

use super::Trouble;
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Job, Outcome, Page, PrintOutcome, Question, Randomness};
use super::printing::{LastSheet, Printing};

/// Whether a service gives numbers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// It does.
    Yes,
    /// Out of hours.
    Closed,
    /// At lunch.
    Lunch,
    /// Too near to the end of the day.
    CutOff,
    /// No number is left for today.
    Full,
    /// An officer stopped it for a while.
    Paused,
}

/// A service of the hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLine {
    /// Its key.
    pub service: String,
    /// Its name, in the language that was asked for.
    pub name: String,
    /// How many wait, where that is known.
    pub waiting: Option<u32>,
    /// About how long, in minutes, where there is an estimate.
    pub minutes: Option<u32>,
    /// Whether it gives numbers.
    pub taking: Taking,
    /// From when again, as a time of day, where it is known.
    pub again_at: Option<String>,
}

/// A number that was taken. Nothing in it says whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// As it is called: `A012`.
    pub number: String,
    /// Its service's name.
    pub service: String,
    /// With which priority.
    pub priority: Priority,
    /// How many are ahead, while it waits and that is known.
    pub ahead: Option<u32>,
    /// About how long, in minutes.
    pub minutes: Option<u32>,
    /// When it was taken, where that is known.
    pub at: Option<Timestamp>,
    /// For the QR code: leads to its state. Empty where the terminal gave the
    /// number by itself.
    pub code: String,
    /// The gateway's sentence on it where it waits no more; else empty.
    pub says: String,
}

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The services are asked for, or the number is.
    #[default]
    Waiting,
    /// A service is chosen.
    Services,
    /// Priority is chosen.
    Priority,
    /// The number.
    Taken,
    /// No number.
    Trouble,
}

/// What the citizen touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// This service.
    Choose(usize),
    /// With this priority.
    Take(Priority),
    /// Once more: print, or ask.
    Again,
}

/// The flow.
#[derive(Debug, Default)]
pub struct Queue {
    stage: Stage,
    lines: Vec<QueueLine>,
    chosen: Option<usize>,
    /// Of the number that is being taken: the same for every try.
    wanted: Option<(String, Priority, [u8; 16])>,
    taken: Option<Taken>,
    sheet: LastSheet,
    trouble: Trouble,
    pending: Option<AskId>,
}

impl Queue {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The services.
    pub fn lines(&self) -> &[QueueLine] {
        &self.lines
    }

    /// The service that was chosen.
    pub fn chosen(&self) -> Option<&QueueLine> {
        self.chosen.and_then(|index| self.lines.get(index))
    }

    /// The number.
    pub fn taken(&self) -> Option<&Taken> {
        self.taken.as_ref()
    }

    /// What a phone would go on with. A number that the terminal gave by itself has
    /// no code.
    pub fn carried(&self) -> Option<Page> {
        let taken = self.taken.as_ref().filter(|taken| self.stage == Stage::Taken && !taken.code.is_empty())?;
        Some(Page::Ticket { code: taken.code.clone() })
    }

    /// How printing goes.
    pub fn printing(&self) -> Printing {
        self.sheet.printing()
    }

    /// Why there is no number.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// The view opens.
    pub fn open(&mut self, out: &mut Outbox<'_>) {
        *self = Self::default();
        self.pending = Some(out.ask(Question::Queue));
    }

    /// A ticket was scanned.
    pub fn scan(&mut self, code: &str, out: &mut Outbox<'_>) {
        *self = Self::default();
        self.pending = Some(out.ask(Question::TicketNow { code: code.to_owned() }));
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, chance: &mut dyn Randomness, out: &mut Outbox<'_>) {
        match (act, self.stage) {
            (Act::Choose(index), Stage::Services)
                if self.lines.get(index).is_some_and(|line| line.taking == Taking::Yes) =>
            {
                self.chosen = Some(index);
                self.stage = Stage::Priority;
            }
            (Act::Take(priority), Stage::Priority) => {
                if let Some(line) = self.chosen() {
                    self.wanted = Some((line.service.clone(), priority, chance.key()));
                    self.take(out);
                }
            }
            (Act::Again, Stage::Taken) => self.print(out),
            // The number may have been taken and only its answer lost: the same
            // key asks for the same number.
            (Act::Again, Stage::Trouble) if self.wanted.is_some() => self.take(out),
            (Act::Again, Stage::Trouble) => self.open(out),
            _ => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        if self.stage == Stage::Priority {
            self.stage = Stage::Services;
            return true;
        }
        false
    }

    /// The language has changed.
    pub fn language_changed(&mut self, out: &mut Outbox<'_>) {
        match self.stage {
            // What is shown stays until its names come.
            Stage::Services | Stage::Priority => self.pending = Some(out.ask(Question::Queue)),
            Stage::Taken => {
                if let Some(taken) = &self.taken {
                    self.pending = Some(out.ask(Question::TicketNow { code: taken.code.clone() }));
                }
            }
            _ => {}
        }
    }

    /// An answer; `false` where it is not ours.
    pub fn answered(&mut self, id: AskId, outcome: &Outcome, can_print: bool, out: &mut Outbox<'_>) -> bool {
        if self.pending != Some(id) {
            return false;
        }
        self.pending = None;
        match outcome {
            Ok(Answer::Queue(lines)) => {
                let chosen = self.chosen().map(|line| line.service.clone());
                self.lines.clone_from(lines);
                let again = |line: &QueueLine| Some(&line.service) == chosen.as_ref() && line.taking == Taking::Yes;
                self.chosen = self.lines.iter().position(again);
                if self.stage != Stage::Priority || self.chosen.is_none() {
                    self.stage = Stage::Services;
                }
            }
            Ok(Answer::Ticket(taken)) => {
                let before = self.taken.take().filter(|before| before.code == taken.code);
                let mut taken = taken.clone();
                // In another language only: its place does not say all again.
                if let Some(before) = before {
                    taken.priority = before.priority;
                    taken.at = taken.at.or(before.at);
                }
                self.taken = Some(taken);
                self.stage = Stage::Taken;
                if self.wanted.take().is_some() {
                    if can_print { self.print(out) } else { self.sheet.cannot() }
                }
            }
            // In another language only: what is shown stays.
            Err(_) if matches!(self.stage, Stage::Taken | Stage::Services | Stage::Priority) => {}
            Ok(_) => self.fail(Trouble::Refused),
            Err(trouble) => self.fail(*trouble),
        }
        true
    }

    /// How printing went; `false` where it is not ours.
    pub fn printed(&mut self, id: AskId, outcome: PrintOutcome) -> bool {
        self.sheet.ended(id, outcome)
    }

    fn take(&mut self, out: &mut Outbox<'_>) {
        if let Some((service, priority, key)) = &self.wanted {
            let question = Question::Take { service: service.clone(), priority: *priority, key: *key };
            self.pending = Some(out.ask(question));
            self.stage = Stage::Waiting;
        }
    }

    fn print(&mut self, out: &mut Outbox<'_>) {
        if let Some(taken) = &self.taken {
            self.sheet.print(|| Job::Ticket(taken.clone()), out);
        }
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
