use compact_str::CompactString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Action, Answered, Content, Focuses, LinkReply, QuestionKind, RefusalKind, Reply, Request};
use crate::domain::{Channel, DossierNumber, DossierNumberParser, Locale, ProcedureCode, Provider, Score};
use crate::ports::{HashKey, KeyedHash};

/// Procedures that were spoken of and are remembered.
const EARLIER: usize = 4;
/// Choices that are remembered.
const CHOICES: usize = 8;

/// Which conversation a message belongs to: the sender's own where the road
/// knows one (a phone, an account), else an id that the client was given. It may
/// hold personal data: it is never logged, and stores only know its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationId(CompactString);

impl ConversationId {
    /// An id that is this channel's own; at most 200 bytes of it are told apart.
    pub fn new(id: &str) -> Self {
        let mut end = id.len().min(200);
        while !id.is_char_boundary(end) {
            end -= 1;
        }
        Self(id.get(..end).unwrap_or_default().into())
    }

    /// What stands for it in stores. The same id on two channels is two
    /// conversations, and so it is for two providers.
    pub fn hash(&self, request: &Request, key: &HashKey) -> KeyedHash {
        self.hash_within(request.channel, &request.provider, key)
    }

    /// The same, where there is no request yet.
    pub fn hash_within(&self, channel: Channel, provider: &Provider, key: &HashKey) -> KeyedHash {
        let name = format!("{}/{}/{}", channel.key(), provider.as_str(), self.0);
        key.hash("conversation", &name)
    }
}

impl std::fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConversationId")
    }
}

/// What is remembered of a conversation: never the words, no name, no proof, no
/// phone, no ID. It expires by itself, and is encrypted where it is kept.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// The language of the last answer: the citizen goes on in it.
    pub locale: Option<CompactString>,
    /// What the road took the language to be then. Where it takes it to be
    /// another one now, the citizen has switched there.
    pub road_locale: Option<CompactString>,
    /// The procedure spoken of last, and those before it, latest first.
    pub procedures: Vec<CompactString>,
    /// What was asked of it, as [`Focuses::key`] writes it.
    pub focus: CompactString,
    /// The dossier spoken of last, canonical.
    pub dossier: Option<CompactString>,
    /// The subject of the last answer.
    pub subject: Subject,
    /// What the last answer offered, in its order.
    pub choices: Vec<Choice>,
    /// So many questions in a row were not understood.
    pub misunderstood: u8,
    /// The score of a rating of that dossier for which a proof was asked just now; 0
    /// where it had none yet.
    pub rating: Option<u8>,
    /// How many turns there were.
    pub turns: u16,
}

/// What the last answer was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Nothing that one can ask on about.
    #[default]
    None,
    /// A procedure.
    Procedure,
    /// A choice among procedures.
    Choice,
    /// A dossier.
    Dossier,
    /// A dossier's number was asked for.
    NumberWanted,
    /// A procedure was asked for, of which one part was wanted.
    ProcedureWanted,
    /// A phone to be linked is awaited.
    LinkPhoneWanted,
    /// The code that was sent to it is awaited.
    LinkCodeWanted,
}

/// One thing that was offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// A procedure, and what of it.
    Procedure(CompactString, CompactString),
    /// A dossier.
    Dossier(CompactString),
    /// A dossier and its rating.
    Rating(CompactString, u8),
    /// What is not remembered, so that the others keep their places.
    Other,
}

impl Choice {
    fn of(action: &Action) -> Self {
        match action {
            Action::ShowProcedure { code, focus, .. } => Self::Procedure(code.as_str().into(), focus.key()),
            Action::TrackDossier { number } => Self::Dossier(number.as_str().into()),
            Action::RateDossier { number, given: Some(given), .. } => {
                Self::Rating(number.as_str().into(), given.score.number())
            }
            _ => Self::Other,
        }
    }

    /// The action behind it.
    pub fn action(&self, numbers: &DossierNumberParser, today: Date) -> Option<Action> {
        match self {
            Self::Procedure(code, focus) => {
                Some(Action::show(ProcedureCode::parse(code).ok()?, Focuses::from_key(focus)))
            }
            Self::Dossier(number) => Some(Action::TrackDossier { number: numbers.parse_exact(number, today).ok()? }),
            Self::Rating(number, score) => {
                Some(Action::rate(numbers.parse_exact(number, today).ok()?, Score::new(*score)?))
            }
            Self::Other => None,
        }
    }
}

impl Conversation {
    /// The procedure spoken of last.
    pub fn procedure(&self) -> Option<ProcedureCode> {
        ProcedureCode::parse(self.procedures.first()?).ok()
    }

    /// What was asked of it.
    pub fn focus(&self) -> Focuses {
        Focuses::from_key(&self.focus)
    }

    /// The dossier spoken of last.
    pub fn dossier(&self, numbers: &DossierNumberParser, today: Date) -> Option<DossierNumber> {
        numbers.parse_exact(self.dossier.as_deref()?, today).ok()
    }

    /// The language of the last answer.
    pub fn locale(&self) -> Option<Locale> {
        Locale::parse(self.locale.as_deref()?)
    }

    /// The language to go on in, unless the words themselves say otherwise: the
    /// one that was spoken before, until the road says another than it did.
    pub(super) fn goes_on_in(&self, request: &Request) -> Locale {
        let road = self.road_locale.as_deref().and_then(Locale::parse);
        match self.locale() {
            Some(spoken) if road == Some(request.locale) || !tells_a_language(&request.content) => spoken,
            _ => request.locale,
        }
    }

    /// After one more turn.
    pub(super) fn goes_on(&mut self, request: &Request, answered: &Answered) {
        self.turns = self.turns.saturating_add(1);
        self.locale = Some(answered.locale.as_str().into());
        if self.road_locale.is_none() || tells_a_language(&request.content) {
            self.road_locale = Some(request.locale.as_str().into());
        }
        let misunderstood = match &answered.outcome {
            Err(refusal) => refusal.kind == RefusalKind::NotUnderstood,
            Ok(Reply::Person(person)) => person.after_misunderstandings,
            Ok(_) => false,
        };
        self.misunderstood = if misunderstood { self.misunderstood.saturating_add(1) } else { 0 };
        self.rating = rating_that_waits(answered);
        match &answered.outcome {
            Ok(reply) => self.hears(reply),
            // What could not be answered now may be asked on about.
            Err(_) => {
                if let Some(number) = answered.action.as_ref().and_then(Action::number) {
                    self.dossier = Some(number.as_str().into());
                    self.subject = Subject::Dossier;
                }
            }
        }
    }

    /// What an answer leaves to be asked on about.
    pub fn hears(&mut self, reply: &Reply) {
        match reply {
            Reply::Procedure(one) => {
                self.spoke_of(&one.procedure.code);
                self.focus = one.focus.key();
                self.subject = Subject::Procedure;
                // What every medium draws, with these numbers. Buttons for parts of it
                // send their own words.
                self.offered(one.also.iter().map(|other| Action::show(other.code.clone(), one.focus)));
            }
            Reply::Procedures(list) => {
                self.subject = Subject::Choice;
                self.offered(
                    list.page.hits.iter().map(|hit| Action::show(hit.procedure.code.clone(), Focuses::OVERVIEW)),
                );
            }
            Reply::Question(question) => {
                self.subject = match question.kind {
                    QuestionKind::NumberMissing | QuestionKind::NumberUnclear(_) | QuestionKind::WhichDossier => {
                        Subject::NumberWanted
                    }
                    QuestionKind::ProcedureMissing => Subject::ProcedureWanted,
                    QuestionKind::WhichProcedure | QuestionKind::NoneAtLevel(_) => Subject::Choice,
                };
                let asked = question.choices.iter().find_map(|choice| match choice {
                    Action::ShowProcedure { focus, .. } => Some(focus.key()),
                    _ => None,
                });
                if let Some(focus) = asked {
                    self.focus = focus;
                }
                self.offered(question.choices.iter().cloned());
            }
            Reply::Dossier(dossier) => self.spoke_of_dossier(&dossier.dossier.number),
            Reply::Disclosed(private) => self.spoke_of_dossier(&private.public.dossier.number),
            Reply::Subscribed(subscribed) => self.spoke_of_dossier(&subscribed.number),
            Reply::RateAsk { number } => {
                self.spoke_of_dossier(number);
                self.offered(Action::ratings_of(number));
            }
            Reply::Rated { number, .. } => self.spoke_of_dossier(number),
            Reply::Elsewhere(elsewhere) => self.spoke_of_dossier(&elsewhere.number),
            Reply::Link(LinkReply::Offered { .. } | LinkReply::NotAMobile) => self.awaits(Subject::LinkPhoneWanted),
            Reply::Link(LinkReply::CodeSent { .. } | LinkReply::WrongCode { .. }) => {
                self.awaits(Subject::LinkCodeWanted);
            }
            Reply::Link(_) if matches!(self.subject, Subject::LinkPhoneWanted | Subject::LinkCodeWanted) => {
                self.awaits(Subject::None);
            }
            // A word in passing: what was spoken of stays.
            _ => {}
        }
    }

    fn spoke_of(&mut self, code: &ProcedureCode) {
        self.procedures.retain(|other| other != code.as_str());
        self.procedures.insert(0, code.as_str().into());
        self.procedures.truncate(EARLIER);
    }

    fn awaits(&mut self, subject: Subject) {
        self.subject = subject;
        self.choices.clear();
    }

    fn spoke_of_dossier(&mut self, number: &DossierNumber) {
        self.dossier = Some(number.as_str().into());
        self.subject = Subject::Dossier;
        self.choices.clear();
    }

    fn offered(&mut self, choices: impl Iterator<Item = Action>) {
        self.choices = choices.take(CHOICES).map(|action| Choice::of(&action)).collect();
    }
}

/// The score of a rating for which a proof was asked; 0 where it had none yet.
fn rating_that_waits(answered: &Answered) -> Option<u8> {
    match (&answered.outcome, &answered.action) {
        (Err(refusal), Some(Action::RateDossier { given, .. })) if refusal.kind == RefusalKind::RatingProofNeeded => {
            Some(given.as_ref().map_or(0, |given| given.score.number()))
        }
        _ => None,
    }
}

/// A road that listens to the words learns nothing from a number: `2` after a
/// question in English is no wish for Vietnamese.
fn tells_a_language(content: &Content) -> bool {
    match content {
        Content::Action(_) => true,
        Content::Text(words) => {
            let mut letters = words.chars().map(char::is_alphabetic);
            // The single letter of `H09` is part of a number.
            let mut before = false;
            letters.any(|letter| std::mem::replace(&mut before, letter) && letter)
        }
    }
}

/// Never what it holds: a log line may hold a conversation.
impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conversation({} turns)", self.turns)
    }
}
