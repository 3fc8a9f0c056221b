//! What a procedure needs: found by an event of life or by words.

use mobile_api_types::{ProcedureAnswer, ProcedureHit};

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Checklist, Job, Outcome, Page, PrintOutcome, Question};
use super::queue::Printing;

/// What is read of a question.
const MOST_OF_A_QUERY: usize = 60;
/// Lines of a list: as many as a low screen shows with large text.
pub const A_PAGE: usize = 4;
/// Hits that are kept of one search; whoever has not found it by then searches
/// with other words.
const MOST_HITS: usize = 60;

/// Events of life, in the order of the screen, by the words that find their
/// procedures.
pub const EVENTS: [&str; 8] = [
    "đăng ký khai sinh",
    "đăng ký kết hôn",
    "cấp căn cước",
    "đăng ký thường trú tạm trú",
    "giấy phép lái xe đăng ký xe",
    "đăng ký đất đai biến động",
    "thành lập hộ kinh doanh",
    "đăng ký khai tử",
];

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Events of life, or search.
    #[default]
    Start,
    /// Words are typed.
    Search,
    /// It is asked.
    Waiting,
    /// A list.
    Results,
    /// One of them.
    Procedure,
    /// No answer.
    Trouble,
}

/// What of a procedure is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// Papers.
    #[default]
    Papers,
    /// Time and fees.
    Cost,
    /// Steps and result.
    Steps,
}

/// What the citizen touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Search by words.
    OpenSearch,
    /// The words are complete.
    Submit,
    /// This event of life.
    ByEvent(usize),
    /// So many pages on.
    Turn(i32),
    /// This line of the page.
    Open(usize),
    /// This part of the procedure.
    Show(Section),
    /// On paper.
    Print,
}

/// The flow.
#[derive(Debug)]
pub struct Procedures {
    stage: Stage,
    query: Field,
    /// What was searched for: the citizen's words, or an event's.
    asked: String,
    /// Whether the citizen typed it, and may read it again.
    typed: bool,
    hits: Vec<ProcedureHit<'static>>,
    total: u64,
    cursor: Option<String>,
    page: usize,
    procedure: Option<Box<ProcedureAnswer<'static>>>,
    section: Section,
    printing: Printing,
    trouble: Trouble,
    pending: Option<AskId>,
    print_id: Option<AskId>,
}

impl Default for Procedures {
    fn default() -> Self {
        Self {
            stage: Stage::Start,
            query: Field::of(MOST_OF_A_QUERY),
            asked: String::new(),
            typed: false,
            hits: Vec::new(),
            total: 0,
            cursor: None,
            page: 0,
            procedure: None,
            section: Section::Papers,
            printing: Printing::No,
            trouble: Trouble::Refused,
            pending: None,
            print_id: None,
        }
    }
}

impl Procedures {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What is typed; over a list, what the citizen typed to find it.
    pub fn query(&self) -> &str {
        match self.stage {
            Stage::Search => self.query.text(),
            _ if self.typed => &self.asked,
            _ => "",
        }
    }

    /// The lines of this page.
    pub fn hits(&self) -> &[ProcedureHit<'static>] {
        let from = (self.page * A_PAGE).min(self.hits.len());
        let to = (from + A_PAGE).min(self.hits.len());
        &self.hits[from..to]
    }

    /// How many fit in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// This page and how many there are, from 1.
    pub fn pages(&self) -> (usize, usize) {
        let all = usize::try_from(self.total).unwrap_or(MOST_HITS).min(MOST_HITS);
        (self.page + 1, all.div_ceil(A_PAGE).max(1))
    }

    /// The procedure.
    pub fn procedure(&self) -> Option<&ProcedureAnswer<'static>> {
        self.procedure.as_deref()
    }

    /// What of it is read.
    pub fn section(&self) -> Section {
        self.section
    }

    /// How printing goes.
    pub fn printing(&self) -> Printing {
        self.printing
    }

    /// Why there is no answer.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// What a phone would go on with.
    pub fn carried(&self) -> Page {
        match (&self.procedure, self.stage) {
            (Some(answer), Stage::Procedure) => Page::Procedure { code: answer.procedure.code.clone().into_owned() },
            _ => Page::Home,
        }
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, out: &mut Outbox<'_>) {
        match act {
            Act::OpenSearch => {
                self.query.clear();
                self.pending = None;
                self.stage = Stage::Search;
            }
            Act::Submit if self.stage == Stage::Search && !self.query.is_empty() => {
                let words = self.query.text().trim().to_owned();
                self.search(words, true, out);
            }
            Act::ByEvent(index) if self.stage == Stage::Start => {
                if let Some(words) = EVENTS.get(index) {
                    self.search((*words).to_owned(), false, out);
                }
            }
            Act::Turn(pages) if self.stage == Stage::Results => self.turn(pages, out),
            Act::Open(index) if self.stage == Stage::Results => {
                if let Some(code) = self.hits().get(index).map(|hit| hit.code.clone().into_owned()) {
                    self.section = Section::Papers;
                    self.printing = Printing::No;
                    self.open(code, out);
                }
            }
            Act::Show(section) if self.stage == Stage::Procedure => self.section = section,
            Act::Print if self.stage == Stage::Procedure && self.printing != Printing::Running => {
                if let Some(answer) = &self.procedure {
                    let checklist = Checklist { answer: (**answer).clone(), case: None };
                    self.print_id = Some(out.print(Job::Checklist(Box::new(checklist))));
                    self.printing = Printing::Running;
                }
            }
            Act::Submit | Act::ByEvent(_) | Act::Turn(_) | Act::Open(_) | Act::Show(_) | Act::Print => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        self.pending = None;
        self.stage = match self.stage {
            Stage::Start => return false,
            Stage::Procedure => Stage::Results,
            Stage::Results if self.typed => Stage::Search,
            Stage::Search | Stage::Results | Stage::Waiting | Stage::Trouble => Stage::Start,
        };
        true
    }

    /// A key was pressed; `false` where nothing is typed now.
    pub fn key(&mut self, key: Key, composer: &mut dyn Composer) -> bool {
        if self.stage != Stage::Search {
            return false;
        }
        self.query.press(key, composer);
        true
    }

    /// The language has changed: what the gateway said is asked anew.
    pub fn language_changed(&mut self, out: &mut Outbox<'_>) {
        match (self.stage, &self.procedure) {
            (Stage::Procedure, Some(answer)) => {
                let code = answer.procedure.code.clone().into_owned();
                self.open(code, out);
            }
            (Stage::Results, _) => self.search(self.asked.clone(), self.typed, out),
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
            Ok(Answer::Procedures(answer)) => {
                self.total = answer.total;
                self.cursor = answer.next_cursor.clone().map(std::borrow::Cow::into_owned);
                self.hits.extend(answer.procedures.iter().cloned());
                self.hits.truncate(MOST_HITS);
                self.stage = Stage::Results;
            }
            Ok(Answer::Procedure(answer)) => {
                self.procedure = Some(answer.clone());
                self.stage = Stage::Procedure;
            }
            Ok(_) => self.fail(Trouble::Refused),
            Err(trouble) => self.fail(*trouble),
        }
        true
    }

    /// How printing went; `false` where it is not ours.
    pub fn printed(&mut self, id: AskId, outcome: PrintOutcome) -> bool {
        if self.print_id != Some(id) {
            return false;
        }
        self.print_id = None;
        self.printing = Printing::of(outcome);
        true
    }

    fn search(&mut self, words: String, typed: bool, out: &mut Outbox<'_>) {
        self.hits.clear();
        self.page = 0;
        self.cursor = None;
        self.typed = typed;
        self.asked.clone_from(&words);
        self.pending = Some(out.ask(Question::Procedures { query: words, cursor: None }));
        self.stage = Stage::Waiting;
    }

    fn open(&mut self, code: String, out: &mut Outbox<'_>) {
        self.pending = Some(out.ask(Question::Procedure { code }));
        self.stage = Stage::Waiting;
    }

    fn turn(&mut self, pages: i32, out: &mut Outbox<'_>) {
        let (_, last) = self.pages();
        let wanted = if pages < 0 { self.page.saturating_sub(1) } else { (self.page + 1).min(last - 1) };
        self.page = wanted;
        if wanted * A_PAGE >= self.hits.len()
            && let Some(cursor) = self.cursor.take()
        {
            let question = Question::Procedures { query: self.asked.clone(), cursor: Some(cursor) };
            self.pending = Some(out.ask(question));
            self.stage = Stage::Waiting;
        }
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
