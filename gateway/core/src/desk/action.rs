use compact_str::CompactString;

use super::LinkAction;
use super::queue::TicketWish;
use super::words::stable_words;
use crate::domain::queue::TicketCode;
use crate::domain::{
    Category, DossierNumber, LastFour, Level, NumberProblem, OneTimeCode, Phone, ProcedureCode, RatingReason,
    RatingWords, Score,
};
use crate::ports::{LimitedAction, ProcedureQuery};

/// What can be asked of the Desk.
#[derive(Clone, PartialEq)]
pub enum Action {
    /// Where is my dossier?
    TrackDossier {
        /// Its number.
        number: DossierNumber,
    },
    /// Show me more of it: here is a proof that it is mine.
    DiscloseDossier {
        /// Its number.
        number: DossierNumber,
        /// The second proof.
        proof: Proof,
    },
    /// Which procedures are there for …?
    FindProcedures {
        /// Words, filters and page.
        query: ProcedureQuery,
        /// What the citizen wants to know of the one that is meant; an answer
        /// with a clear best hit is then given at once.
        focus: Focuses,
    },
    /// What does this procedure need?
    ShowProcedure {
        /// Its code.
        code: ProcedureCode,
        /// What the citizen wants to know of it.
        focus: Focuses,
        /// Other procedures that may have been meant, best first.
        also: Vec<ProcedureCode>,
    },
    /// Which agencies are there?
    ListAgencies,
    /// Send a one-time code to the dossier's registered phone.
    SendCode {
        /// Its number.
        number: DossierNumber,
    },
    /// Tell me when it moves.
    Subscribe {
        /// Its number.
        number: DossierNumber,
        /// The second proof; `None` where one was given a little while ago, or
        /// where the sender's phone is meant to be it.
        proof: Option<Proof>,
        /// What the citizen wrote: the record of the consent.
        words: CompactString,
    },
    /// Tell me no more.
    Unsubscribe {
        /// Of this dossier, or of all.
        number: Option<DossierNumber>,
    },
    /// Send me no more of this kind.
    OptOut {
        /// Which kind; `None` for every notice.
        category: Option<Category>,
        /// What the citizen wrote.
        words: CompactString,
    },
    /// Send me this kind again.
    OptIn {
        /// Which kind; `None` for every notice.
        category: Option<Category>,
        /// What the citizen wrote.
        words: CompactString,
    },
    /// Go on with the last answer, which was too long.
    More,
    /// What can I ask here?
    Help,
    /// When is it open, and how is it reached?
    OpeningHours,
    /// I want to talk to a person.
    TalkToPerson,
    /// I complain of an officer, or of how I was served: to whoever is in charge.
    Complain,
    /// I need no person any more.
    LeaveLine,
    /// Call me back: to give the number is to consent that it is kept for that.
    CallBack {
        /// The number.
        phone: Phone,
    },
    /// What is wished of links between an account and a phone.
    Link(LinkAction),
    /// What did I ask before?
    MyRequests,
    /// Something that is no text: a picture, a voice, a sticker.
    Unreadable,
    /// How many are waiting, which number is called?
    QueueNow {
        /// Where, as the citizen calls it; `None` for everywhere.
        site: Option<CompactString>,
    },
    /// A number for the queue, or an appointment.
    TakeTicket {
        /// Which, where a terminal asks.
        wish: Option<Box<TicketWish>>,
    },
    /// How far is my number?
    TicketPlace {
        /// The code on the ticket.
        code: TicketCode,
    },
    /// Praise, or a complaint, of the service.
    Rate,
    /// How a dossier was handled: from 1 to 5.
    RateDossier {
        /// Its number.
        number: DossierNumber,
        /// How good; `None` where that is still to be asked.
        given: Option<Box<GivenRating>>,
        /// The second proof; `None` where one was given a little while ago, or
        /// where the sender's phone is meant to be it.
        proof: Option<Proof>,
    },
    /// I want to pay.
    Pay,
    /// A greeting.
    Greet,
    /// Thanks, or good-bye.
    Thank,
    /// What is no business of ours: it is said where to go.
    TurnAway {
        /// What it is about.
        topic: Topic,
    },
}

/// What a citizen says of how a dossier was handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRating {
    /// How good.
    pub score: Score,
    /// Why; each once.
    pub reasons: Vec<RatingReason>,
    /// In words.
    pub words: Option<RatingWords>,
}

impl GivenRating {
    /// A score and nothing else.
    pub const fn of(score: Score) -> Self {
        Self { score, reasons: Vec::new(), words: None }
    }
}

/// What people ask that is no business of a gateway to public services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Fire, an accident, violence, a life in danger.
    Emergency,
    /// Who is right, whom to sue: legal advice.
    Dispute,
    /// Illness, medicines.
    Medical,
    /// Love, work, money: personal advice.
    Personal,
    /// Politics and opinions.
    Politics,
    /// Weather, football, anything else.
    Other,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::Emergency, Self::Dispute, Self::Medical, Self::Personal, Self::Politics, Self::Other];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Dispute => "dispute",
            Self::Medical => "medical",
            Self::Personal => "personal",
            Self::Politics => "politics",
            Self::Other => "other",
        }
    }

    /// The topic of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.key() == key)
    }
}

/// A second proof that a dossier is the asker's.
#[derive(Clone, PartialEq)]
pub enum Proof {
    /// The last four digits of the applicant's ID.
    IdLastFour(LastFour),
    /// The sender's own phone, where the road vouches for it.
    SenderPhone,
    /// A code that was sent to the registered phone: a strong proof, which a
    /// dossier that is locked for four digits still takes.
    OneTimeCode(OneTimeCode),
}

/// Which part of a procedure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Focus {
    /// Everything that matters, in short.
    #[default]
    Overview,
    /// What it costs.
    Fee,
    /// Which papers.
    Papers,
    /// How long it takes.
    Time,
    /// Where and how to hand in.
    Where,
    /// How it goes, step by step.
    Steps,
    /// Whether it can be done online.
    Online,
    /// What one gets.
    Result,
    /// Who may apply, and on what conditions.
    Who,
}

impl Focus {
    /// Every part but the overview, in the order in which they are answered.
    pub const PARTS: [Self; 8] =
        [Self::Papers, Self::Fee, Self::Time, Self::Where, Self::Online, Self::Steps, Self::Result, Self::Who];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Fee => "fee",
            Self::Papers => "papers",
            Self::Time => "time",
            Self::Where => "where",
            Self::Steps => "steps",
            Self::Online => "online",
            Self::Result => "result",
            Self::Who => "who",
        }
    }

    /// The part of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        std::iter::once(Self::Overview).chain(Self::PARTS).find(|focus| focus.key() == key)
    }
}

/// The parts of a procedure that are asked for at once (*phí và giấy tờ*).
/// Empty is the overview.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Focuses(u16);

impl Focuses {
    /// Everything that matters, in short.
    pub const OVERVIEW: Self = Self(0);

    const fn bit(focus: Focus) -> u16 {
        match focus {
            Focus::Overview => 0,
            part => 1 << part as u16,
        }
    }

    /// The same and one more; the overview adds nothing.
    #[must_use]
    pub const fn with(self, focus: Focus) -> Self {
        Self(self.0 | Self::bit(focus))
    }

    /// Whether this part is asked for; the overview where nothing else is.
    pub const fn has(self, focus: Focus) -> bool {
        match focus {
            Focus::Overview => self.0 == 0,
            part => self.0 & Self::bit(part) != 0,
        }
    }

    /// Whether no part is named.
    pub const fn is_overview(self) -> bool {
        self.0 == 0
    }

    /// What is asked for, in the order in which it is answered; the overview
    /// where no part is named.
    pub fn iter(self) -> impl Iterator<Item = Focus> {
        let overview = self.is_overview().then_some(Focus::Overview);
        overview.into_iter().chain(Focus::PARTS.into_iter().filter(move |part| self.has(*part)))
    }

    /// The only part, or the overview; `None` where several are asked for.
    pub fn only(self) -> Option<Focus> {
        let mut parts = self.iter();
        parts.next().filter(|_| parts.next().is_none())
    }

    /// Stable words with a `+` between them: `papers+fee`.
    pub fn key(self) -> CompactString {
        let mut key = CompactString::default();
        for focus in self.iter() {
            if !key.is_empty() {
                key.push('+');
            }
            key.push_str(focus.key());
        }
        key
    }

    /// The parts of such words; unknown ones are left out.
    pub fn from_key(key: &str) -> Self {
        key.split('+').filter_map(Focus::from_key).collect()
    }
}

impl From<Focus> for Focuses {
    fn from(focus: Focus) -> Self {
        Self(Self::bit(focus))
    }
}

impl FromIterator<Focus> for Focuses {
    fn from_iter<I: IntoIterator<Item = Focus>>(parts: I) -> Self {
        parts.into_iter().fold(Self::OVERVIEW, Self::with)
    }
}

impl std::fmt::Debug for Focuses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key())
    }
}

impl Action {
    /// All that may be asked of one procedure.
    pub fn show(code: ProcedureCode, focus: impl Into<Focuses>) -> Self {
        Self::ShowProcedure { code, focus: focus.into(), also: Vec::new() }
    }

    /// A rating of a dossier, and nothing else.
    pub fn rate(number: DossierNumber, score: Score) -> Self {
        Self::RateDossier { number, given: Some(Box::new(GivenRating::of(score))), proof: None }
    }

    /// The five ratings of a dossier, from 1 to 5: the number that one sends is the
    /// number that one means.
    pub fn ratings_of(number: &DossierNumber) -> impl Iterator<Item = Self> {
        (1..=5).filter_map(Score::new).map(|score| Self::rate(number.clone(), score))
    }

    stable_words! {
        /// A stable word for the audit, metrics and `--json`.
        Self::TrackDossier { .. } => "track_dossier",
        Self::DiscloseDossier { .. } => "disclose_dossier",
        Self::FindProcedures { .. } => "find_procedures",
        Self::ShowProcedure { .. } => "show_procedure",
        Self::ListAgencies => "list_agencies",
        Self::SendCode { .. } => "send_code",
        Self::Subscribe { .. } => "subscribe",
        Self::Unsubscribe { .. } => "unsubscribe",
        Self::OptOut { .. } => "opt_out",
        Self::OptIn { .. } => "opt_in",
        Self::More => "more",
        Self::Help => "help",
        Self::OpeningHours => "opening_hours",
        Self::TalkToPerson => "talk_to_person",
        Self::Complain => "complain",
        Self::LeaveLine => "leave_line",
        Self::CallBack { .. } => "call_back",
        Self::MyRequests => "my_requests",
        Self::Unreadable => "unreadable",
        Self::QueueNow { .. } => "queue_now",
        Self::TakeTicket { .. } => "take_ticket",
        Self::TicketPlace { .. } => "ticket_place",
        Self::Rate => "rate",
        Self::RateDossier { .. } => "rate_dossier",
        Self::Pay => "pay",
        Self::Greet => "greet",
        Self::Thank => "thank",
        Self::TurnAway { .. } => "turn_away",
        ; Link(action): LinkAction
    }

    /// Which limit it is counted under.
    pub const fn limited(&self) -> LimitedAction {
        match self {
            Self::TrackDossier { .. } => LimitedAction::TrackDossier,
            // Each tries a proof.
            Self::DiscloseDossier { .. }
            | Self::Subscribe { .. }
            | Self::RateDossier { .. }
            | Self::Link(LinkAction::Confirm { .. }) => LimitedAction::DiscloseDossier,
            Self::SendCode { .. } | Self::Link(LinkAction::Phone { phone: Some(_), .. }) => LimitedAction::SendCode,
            Self::FindProcedures { .. } | Self::ShowProcedure { .. } => LimitedAction::Procedures,
            Self::QueueNow { .. } | Self::TakeTicket { .. } | Self::TicketPlace { .. } => LimitedAction::Queue,
            // Withdrawal is as easy as consent: nothing more than a message.
            Self::ListAgencies
            | Self::Unsubscribe { .. }
            | Self::OptOut { .. }
            | Self::OptIn { .. }
            | Self::More
            | Self::Help
            | Self::OpeningHours
            | Self::TalkToPerson
            | Self::Complain
            | Self::LeaveLine
            | Self::CallBack { .. }
            | Self::Link(_)
            | Self::MyRequests
            | Self::Unreadable
            | Self::Rate
            | Self::Pay
            | Self::Greet
            | Self::Thank
            | Self::TurnAway { .. } => LimitedAction::Any,
        }
    }

    /// The dossier that it names.
    pub const fn number(&self) -> Option<&DossierNumber> {
        match self {
            Self::TrackDossier { number }
            | Self::DiscloseDossier { number, .. }
            | Self::SendCode { number }
            | Self::RateDossier { number, .. }
            | Self::Subscribe { number, .. } => Some(number),
            Self::Unsubscribe { number } => number.as_ref(),
            _ => None,
        }
    }
}

/// Never the number nor the proof: a log line may hold an action.
impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// A question back to the citizen.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub kind: QuestionKind,
    /// The actions that the citizen may choose from, at most five; each is
    /// drawn as a button or a numbered line.
    pub choices: Vec<Action>,
}

/// Why it must be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// The number can be read in several ways, or several were given.
    WhichDossier,
    /// Several procedures are meant equally well.
    WhichProcedure,
    /// It looks like a dossier number but cannot be one.
    NumberUnclear(NumberProblem),
    /// They want to track a dossier but gave no number.
    NumberMissing,
    /// A level was named that has no such procedure.
    NoneAtLevel(Level),
    /// A part was asked for (*phí bao nhiêu*), but of nothing.
    ProcedureMissing,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;

    #[test]
    fn every_part_has_its_own_word_and_its_own_place() {
        let all: Focuses = Focus::PARTS.into_iter().collect();
        assert_eq!(all.iter().collect::<Vec<_>>(), Focus::PARTS);
        assert_eq!(all.key(), "papers+fee+time+where+online+steps+result+who");
        assert_eq!(format!("{:?}", Focuses::OVERVIEW), "overview");
    }

    #[test]
    fn unknown_words_are_left_out() {
        assert_eq!(Focuses::from_key("fee+colour+papers+fee"), Focuses::from(Focus::Fee).with(Focus::Papers));
        for nothing in ["", "+", "overview", "colour"] {
            assert_eq!(Focuses::from_key(nothing), Focuses::OVERVIEW, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn a_key_leads_back_to_the_same_parts(parts in subsequence(Focus::PARTS.to_vec(), 0..=8), shift in 0_usize..8) {
            let mut said = parts.clone();
            // The order in which they are said, and how often, does not matter.
            said.rotate_left(shift.min(parts.len()));
            let focuses: Focuses = said.iter().copied().chain(parts.first().copied()).collect();
            prop_assert_eq!(Focuses::from_key(&focuses.key()), focuses);
            let expected = if parts.is_empty() { vec![Focus::Overview] } else { parts.clone() };
            prop_assert_eq!(focuses.iter().collect::<Vec<_>>(), expected);
            prop_assert_eq!(focuses.only().is_some(), parts.len() <= 1);
            prop_assert_eq!(focuses.is_overview(), parts.is_empty());
            for part in Focus::PARTS {
                prop_assert_eq!(focuses.has(part), parts.contains(&part));
            }
            prop_assert_eq!(focuses.has(Focus::Overview), parts.is_empty());
            prop_assert_eq!(focuses.with(Focus::Overview), focuses);
        }

        #[test]
        fn any_text_is_read_as_parts(key in "\\PC{0,40}") {
            let read = Focuses::from_key(&key);
            prop_assert_eq!(Focuses::from_key(&read.key()), read);
        }
    }
}
