//! Five faces and reasons.

use gateway_core::domain::RatingReason;

use super::Trouble;
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Outcome, Question, Randomness, Scan};

/// Reasons, in the order of the screen; one list for the house.
pub const REASONS: [RatingReason; 6] = RatingReason::OF_TERMINALS;

/// What is rated.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Rated {
    /// The hall.
    #[default]
    Site,
    /// How a dossier was handled.
    Dossier(String),
    /// A visit to a counter, by the code on its ticket.
    Ticket(String),
}

/// Never the number.
impl std::fmt::Debug for Rated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Site => "Site",
            Self::Dossier(_) => "Dossier(…)",
            Self::Ticket(_) => "Ticket(…)",
        })
    }
}

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The faces.
    #[default]
    Faces,
    /// Why.
    Reasons,
    /// It is sent.
    Waiting,
    /// It is kept.
    Thanks,
    /// It is not.
    Trouble,
}

/// What the citizen touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A face, 1 to 5.
    Score(u8),
    /// A reason, or not.
    Toggle(usize),
    /// That is all.
    Send,
}

/// The flow.
#[derive(Debug, Default)]
pub struct Rate {
    stage: Stage,
    score: u8,
    reasons: [bool; REASONS.len()],
    of: Rated,
    /// Drawn once: however often it is sent, it is the same rating.
    key: Option<[u8; 16]>,
    trouble: Trouble,
    pending: Option<AskId>,
}

impl Rate {
    /// Of a dossier, or of the hall.
    pub fn of(of: Rated) -> Self {
        Self { of, ..Self::default() }
    }

    /// A receipt or a ticket says what is rated; `false` where it is too late for
    /// that, or says nothing.
    pub fn scan(&mut self, scan: &Scan) -> bool {
        let of = match scan {
            Scan::Dossier(number) => Rated::Dossier(number.to_string()),
            Scan::Ticket(code) => Rated::Ticket(code.clone()),
            Scan::Identity(_) | Scan::Unknown => return false,
        };
        if !matches!(self.stage, Stage::Faces | Stage::Reasons) {
            return false;
        }
        self.of = of;
        true
    }

    /// Whether it is of a visit.
    pub fn is_of_ticket(&self) -> bool {
        matches!(self.of, Rated::Ticket(_))
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The face; 0 before one is touched.
    pub fn score(&self) -> u8 {
        self.score
    }

    /// Which reasons are on.
    pub fn reasons(&self) -> &[bool] {
        &self.reasons
    }

    /// The dossier's number, or nothing.
    pub fn about(&self) -> &str {
        match &self.of {
            Rated::Site | Rated::Ticket(_) => "",
            Rated::Dossier(number) => number,
        }
    }

    /// Why it was not kept.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, chance: &mut dyn Randomness, out: &mut Outbox<'_>) {
        match (act, self.stage) {
            (Act::Score(score @ 1..=5), Stage::Faces) => {
                self.score = score;
                self.stage = Stage::Reasons;
            }
            (Act::Toggle(index), Stage::Reasons) => {
                if let Some(reason) = self.reasons.get_mut(index) {
                    *reason = !*reason;
                }
            }
            (Act::Send, Stage::Reasons | Stage::Trouble) => {
                let reasons =
                    REASONS.iter().zip(self.reasons).filter_map(|(reason, on)| on.then_some(*reason)).collect();
                let key = *self.key.get_or_insert_with(|| chance.key());
                let question = Question::Rate { score: self.score, reasons, of: self.of.clone(), key };
                self.pending = Some(out.ask(question));
                self.stage = Stage::Waiting;
            }
            _ => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        if matches!(self.stage, Stage::Reasons | Stage::Trouble) {
            self.stage = Stage::Faces;
            return true;
        }
        false
    }

    /// An answer; `false` where it is not ours.
    pub fn answered(&mut self, id: AskId, outcome: &Outcome) -> bool {
        if self.pending != Some(id) {
            return false;
        }
        self.pending = None;
        match outcome {
            Ok(Answer::Rated) => self.stage = Stage::Thanks,
            Ok(_) => self.fail(Trouble::Refused),
            Err(trouble) => self.fail(*trouble),
        }
        true
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
