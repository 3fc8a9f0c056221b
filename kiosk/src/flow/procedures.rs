//! What a procedure needs: found by an event of life, by field or by words.

use std::sync::Arc;

use gateway_core::domain::SearchWords;
use mobile_api_types::{ProcedureAnswer, ProcedureHit};

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::fields::Fields;
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Job, Outcome, Page, Question};
use super::queue::Printing;
use super::settings::FieldOf;

/// What is read of a question.
const MOST_OF_A_QUERY: usize = 60;
/// Lines of a list: as many as a low screen shows with large text.
pub const A_PAGE: usize = 4;
/// Hits that are kept of one search; whoever has not found it by then searches
/// with other words.
const MOST_HITS: usize = 60;
/// The same of a field, which is browsed to its end: the largest has some 200.
const MOST_OF_A_FIELD: usize = 600;

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
    /// The letters that fields of administration begin with.
    Letters,
    /// The fields of a letter.
    Fields,
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
    /// Browse by field.
    OpenFields,
    /// The fields of this letter.
    Letter(usize),
    /// The procedures of this field of the page.
    Field(usize),
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

/// How a list was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By an event of life.
    Event,
    /// By the citizen's own words, which they may read again.
    Words,
    /// In a field of administration.
    Field,
}

/// The flow.
#[derive(Debug)]
pub struct Procedures {
    stage: Stage,
    query: Field,
    fields: Fields,
    /// What was looked for: the citizen's words, an event's, or a field's name.
    asked: String,
    found: Found,
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
            fields: Fields::default(),
            asked: String::new(),
            found: Found::Event,
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

    /// What is typed; over a list, what the citizen typed or chose to find it.
    pub fn query(&self) -> &str {
        match self.stage {
            Stage::Search => self.query.text(),
            _ if self.found == Found::Event => "",
            _ => &self.asked,
        }
    }

    /// How the list was found.
    pub fn found(&self) -> Found {
        self.found
    }

    /// The fields of administration.
    pub fn fields(&self) -> &Fields {
        &self.fields
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
        let all = usize::try_from(self.total).unwrap_or(usize::MAX).min(self.most());
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

    /// What a phone would go on with; nothing where words may tell of somebody.
    pub fn carried(&self) -> Option<Page> {
        match (&self.procedure, self.stage) {
            (Some(answer), Stage::Procedure) => {
                Some(Page::Procedure { code: answer.procedure.code.clone().into_owned() })
            }
            (_, Stage::Results) => SearchWords::parse(&self.asked).map(Page::Procedures),
            _ => None,
        }
    }

    /// Whoever browses by field sees these.
    pub fn open_fields(&mut self, all: &Arc<[FieldOf]>) {
        self.pending = None;
        self.fields = Fields::new(all);
        self.stage = Stage::Letters;
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, out: &mut Outbox<'_>) {
        match act {
            Act::Letter(index) if self.stage == Stage::Letters => {
                if self.fields.choose(index) {
                    self.stage = Stage::Fields;
                }
            }
            Act::Field(index) if self.stage == Stage::Fields => {
                if let Some(name) = self.fields.shown().get(index).map(|field| field.name.clone()) {
                    self.search(name, Found::Field, out);
                }
            }
            Act::Turn(pages) if self.stage == Stage::Fields => self.fields.turn(pages),
            Act::OpenSearch => {
                self.query.clear();
                self.pending = None;
                self.stage = Stage::Search;
            }
            Act::Submit if self.stage == Stage::Search && !self.query.is_empty() => {
                let words = self.query.text().trim().to_owned();
                self.search(words, Found::Words, out);
            }
            Act::ByEvent(index) if self.stage == Stage::Start => {
                if let Some(words) = EVENTS.get(index) {
                    self.search((*words).to_owned(), Found::Event, out);
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
                    let code = answer.procedure.code.clone().into_owned();
                    self.print_id = Some(out.print(Job::Checklist { code }));
                    self.printing = Printing::Running;
                }
            }
            // The terminal has the fields, and opens them.
            Act::OpenFields => {}
            Act::Letter(_)
            | Act::Field(_)
            | Act::Submit
            | Act::ByEvent(_)
            | Act::Turn(_)
            | Act::Open(_)
            | Act::Show(_)
            | Act::Print => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        self.pending = None;
        self.stage = match self.stage {
            Stage::Start => return false,
            Stage::Procedure => Stage::Results,
            Stage::Results if self.found == Found::Words => Stage::Search,
            Stage::Results if self.found == Found::Field => Stage::Fields,
            Stage::Fields => Stage::Letters,
            Stage::Search | Stage::Letters | Stage::Results | Stage::Waiting | Stage::Trouble => Stage::Start,
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
            (Stage::Results, _) => self.search(self.asked.clone(), self.found, out),
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
                self.hits.truncate(self.most());
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
    pub fn printed(&mut self, id: AskId, came_out: bool) -> bool {
        if self.print_id != Some(id) {
            return false;
        }
        self.print_id = None;
        self.printing = if came_out { Printing::Done } else { Printing::Failed };
        true
    }

    fn search(&mut self, asked: String, found: Found, out: &mut Outbox<'_>) {
        self.hits.clear();
        self.page = 0;
        self.cursor = None;
        self.found = found;
        self.asked = asked;
        self.pending = Some(out.ask(self.question(None)));
        self.stage = Stage::Waiting;
    }

    fn most(&self) -> usize {
        if self.found == Found::Field { MOST_OF_A_FIELD } else { MOST_HITS }
    }

    fn question(&self, cursor: Option<String>) -> Question {
        let (query, field) = match self.found {
            Found::Field => (String::new(), Some(self.asked.clone())),
            Found::Event | Found::Words => (self.asked.clone(), None),
        };
        Question::Procedures { query, field, cursor }
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
            self.pending = Some(out.ask(self.question(Some(cursor))));
            self.stage = Stage::Waiting;
        }
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
