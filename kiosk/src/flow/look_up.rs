//! Where is my dossier: typed or scanned, and more of it for its owner.

use std::fmt;

use gateway_core::domain::Money;
use mobile_api_types::{DossierAnswer, DossierView, LatenessView};
use zeroize::Zeroizing;

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Outcome, Question, Scan};

/// Longer than any number; a pasted sentence is cut here and refused there.
const MOST_OF_A_NUMBER: usize = 60;
/// The proof's digits.
const PROOF: usize = 4;

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The number is typed.
    #[default]
    Entry,
    /// It is asked.
    Waiting,
    /// The dossier.
    Result,
    /// The digits of the proof are typed, behind a shield.
    Proof,
    /// Another authority has it.
    Elsewhere,
    /// No answer.
    Trouble,
}

/// How a dossier stands, for the mark beside the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// It is being handled.
    #[default]
    Running,
    /// The citizen has to do something.
    NeedsYou,
    /// Refused, withdrawn or stopped.
    Stopped,
    /// The result can be fetched.
    Ready,
    /// The result was handed over.
    Done,
}

impl Standing {
    /// By the stable key of a status; one that is new is being handled.
    fn of(key: &str) -> Self {
        match key {
            "papers_requested" | "payment_requested" => Self::NeedsYou,
            "refused" | "withdrawn" | "stopped" => Self::Stopped,
            "result_ready" => Self::Ready,
            "returned" => Self::Done,
            _ => Self::Running,
        }
    }
}

/// Against its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lateness {
    /// No date is published.
    #[default]
    Unknown,
    /// In time so far.
    Due,
    /// Late.
    Overdue,
    /// Done, late.
    FinishedLate,
    /// Done in time.
    FinishedInTime,
    /// It waits for the citizen.
    ClockStands,
}

impl Lateness {
    fn of(lateness: &LatenessView<'_>) -> Self {
        match &*lateness.key {
            "due" => Self::Due,
            "overdue" => Self::Overdue,
            "finished_late" => Self::FinishedLate,
            "finished_in_time" => Self::FinishedInTime,
            "clock_stands" => Self::ClockStands,
            _ => Self::Unknown,
        }
    }
}

/// What anybody may see who knows the number.
#[derive(Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The canonical number.
    pub number: Zeroizing<String>,
    /// The wire's view, in the language that it was asked in.
    pub view: DossierView<'static>,
    /// Its mark.
    pub standing: Standing,
    /// Against its due date.
    pub lateness: Lateness,
    /// Names the answer to an officer.
    pub answer_code: String,
}

/// Never the number.
impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dossier").field("standing", &self.standing).finish_non_exhaustive()
    }
}

/// What only the owner sees. Wiped when it goes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Owner {
    /// Masked by the gateway.
    pub name: Zeroizing<String>,
    /// The reason in full.
    pub reason: Zeroizing<String>,
    /// What for, and how much, where that is an amount.
    pub fees: Vec<(Zeroizing<String>, Option<Money>)>,
    /// What is missing.
    pub papers: Vec<Zeroizing<String>>,
}

/// Nothing of it.
impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Owner(…)")
    }
}

/// What the citizen touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The number, or the proof, is complete.
    Submit,
    /// More shall be seen.
    Prove,
    /// Another one; after a failed proof, the proof again.
    Another,
}

/// The flow. Everything in it is personal.
#[derive(Debug)]
pub struct LookUp {
    stage: Stage,
    number: Field,
    proof: Field,
    dossier: Option<Dossier>,
    owner: Option<Owner>,
    elsewhere: (String, String),
    trouble: Trouble,
    pending: Option<AskId>,
}

impl Default for LookUp {
    fn default() -> Self {
        Self {
            stage: Stage::Entry,
            number: Field::of(MOST_OF_A_NUMBER),
            proof: Field::digits(PROOF),
            dossier: None,
            owner: None,
            elsewhere: Default::default(),
            trouble: Trouble::Refused,
            pending: None,
        }
    }
}

impl LookUp {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The number as typed.
    pub fn number(&self) -> &str {
        self.number.text()
    }

    /// How many digits of the proof are typed: never which.
    pub fn digits(&self) -> usize {
        self.proof.len()
    }

    /// The dossier.
    pub fn dossier(&self) -> Option<&Dossier> {
        self.dossier.as_ref()
    }

    /// The owner's part.
    pub fn owner(&self) -> Option<&Owner> {
        self.owner.as_ref()
    }

    /// The authority that has it, and where to ask: each may be empty.
    pub fn elsewhere(&self) -> (&str, &str) {
        (&self.elsewhere.0, &self.elsewhere.1)
    }

    /// Why there is no answer.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// Whether something is on the screen, or in memory, that is somebody's.
    pub fn is_personal(&self) -> bool {
        self.owner.is_some() || !self.proof.is_empty()
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, out: &mut Outbox<'_>) {
        match act {
            Act::Submit if self.stage == Stage::Entry => self.ask(out),
            Act::Submit if self.stage == Stage::Proof && self.proof.len() == PROOF => self.disclose(out),
            Act::Prove if self.stage == Stage::Result => {
                self.proof.clear();
                self.stage = Stage::Proof;
            }
            Act::Another if self.trouble == Trouble::NotDisclosed && self.stage == Stage::Trouble => {
                self.proof.clear();
                self.stage = Stage::Proof;
            }
            Act::Another if self.stage == Stage::Trouble => {
                // What was typed stays, to be mended.
                self.stage = Stage::Entry;
            }
            Act::Another => *self = Self::default(),
            Act::Submit | Act::Prove => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        self.pending = None;
        match self.stage {
            Stage::Entry => return false,
            Stage::Proof => {
                self.proof.clear();
                self.stage = Stage::Result;
            }
            Stage::Trouble if self.trouble == Trouble::NotDisclosed && self.dossier.is_some() => {
                self.stage = Stage::Result;
            }
            Stage::Waiting | Stage::Result | Stage::Elsewhere | Stage::Trouble => {
                self.owner = None;
                self.proof.clear();
                self.stage = Stage::Entry;
            }
        }
        true
    }

    /// A key was pressed; `false` where nothing is typed now.
    pub fn key(&mut self, key: Key, composer: &mut dyn Composer) -> bool {
        match self.stage {
            Stage::Entry => match key {
                // A number has no tones; letters as on the receipt.
                Key::Typed(letter) => {
                    self.number.press(Key::Typed(letter.to_ascii_uppercase()), &mut super::field::ToneKeys);
                }
                Key::Erase => self.number.press(Key::Erase, &mut super::field::ToneKeys),
                Key::Tone(_) => {}
            },
            Stage::Proof => self.proof.press(key, composer),
            _ => return false,
        }
        true
    }

    /// Something was scanned; `false` where it means nothing here.
    pub fn scan(&mut self, scan: &Scan, out: &mut Outbox<'_>) -> bool {
        match scan {
            Scan::Dossier(number) => {
                *self = Self::default();
                self.number.set(number);
                self.ask(out);
                true
            }
            Scan::Identity(id) => {
                let more = self.dossier.as_ref().is_some_and(|dossier| dossier.view.more_with_proof);
                let asks = match self.stage {
                    Stage::Proof => true,
                    Stage::Result => more && self.owner.is_none(),
                    _ => false,
                };
                let last_four = id.len().checked_sub(PROOF).and_then(|at| id.get(at..));
                match last_four {
                    Some(last_four) if asks => {
                        self.proof.set(last_four);
                        self.disclose(out);
                        true
                    }
                    _ => false,
                }
            }
            Scan::Ticket(_) | Scan::Unknown => false,
        }
    }

    /// The language has changed: what the gateway said is asked anew. The proof
    /// is kept for that as long as its answer is shown.
    pub fn language_changed(&mut self, out: &mut Outbox<'_>) {
        match self.stage {
            Stage::Result if self.owner.is_some() => self.disclose(out),
            Stage::Result | Stage::Elsewhere => self.ask(out),
            _ => {}
        }
    }

    /// An answer; `false` where it is not ours.
    pub fn answered(&mut self, id: AskId, outcome: &Outcome) -> bool {
        if self.pending != Some(id) {
            return false;
        }
        self.pending = None;
        match outcome {
            Ok(Answer::Dossier(answer)) => self.show(answer),
            Ok(_) => self.fail(Trouble::Refused),
            Err(trouble) => self.fail(*trouble),
        }
        true
    }

    fn ask(&mut self, out: &mut Outbox<'_>) {
        if self.number.is_empty() {
            return;
        }
        self.owner = None;
        self.proof.clear();
        self.stage = Stage::Waiting;
        self.pending = Some(out.ask(Question::LookUp { number: self.number.text().clone() }));
    }

    fn disclose(&mut self, out: &mut Outbox<'_>) {
        let number = self.dossier.as_ref().map_or_else(|| self.number.text().clone(), |dossier| dossier.number.clone());
        self.owner = None;
        self.stage = Stage::Waiting;
        self.pending = Some(out.ask(Question::Disclose { number, last_four: self.proof.text().clone() }));
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.proof.clear();
        self.stage = Stage::Trouble;
    }

    fn show(&mut self, answer: &DossierAnswer<'static>) {
        if let Some(elsewhere) = &answer.elsewhere {
            let text = |text: &Option<_>| text.as_ref().map(ToString::to_string).unwrap_or_default();
            self.elsewhere = (text(&elsewhere.authority), text(&elsewhere.ask_at));
            self.number.set(&answer.number);
            self.stage = Stage::Elsewhere;
            return;
        }
        let Some(view) = &answer.dossier else { return self.fail(Trouble::Refused) };
        let mut view = view.clone();
        self.owner = view.owner.take().map(|owner| {
            let secret = |text: Option<std::borrow::Cow<'static, str>>| {
                Zeroizing::new(text.map(std::borrow::Cow::into_owned).unwrap_or_default())
            };
            Owner {
                name: secret(owner.masked_name),
                reason: secret(owner.reason),
                fees: owner
                    .fees
                    .into_iter()
                    .map(|fee| (Zeroizing::new(fee.name.into_owned()), Money::from_dong(fee.amount).ok()))
                    .collect(),
                papers: owner.missing_papers.into_iter().map(|paper| Zeroizing::new(paper.what.into_owned())).collect(),
            }
        });
        if self.owner.is_none() {
            self.proof.clear();
        }
        self.dossier = Some(Dossier {
            number: Zeroizing::new(answer.number.clone().into_owned()),
            standing: Standing::of(&view.status.key),
            lateness: Lateness::of(&view.lateness),
            answer_code: answer.answer_code.clone().into_owned(),
            view,
        });
        self.stage = Stage::Result;
    }
}
