//! What a procedure needs: found by an event of life, by field or by words.

use std::sync::Arc;

use gateway_core::domain::SearchWords;
use mobile_api_types::{PaperCaseView, ProcedureAnswer, ProcedureHit};

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::fields::Fields;
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Checklist, Job, Outcome, Page, PrintOutcome, Question};
use super::printing::{LastSheet, Printing};
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
    /// Which of its cases is the citizen's.
    Cases,
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
    /// The cases, to choose one's own.
    OpenCases,
    /// This case of the page.
    ChooseCase(usize),
    /// All cases again.
    AllCases,
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
    /// The place of the citizen's case in the list of papers.
    case: Option<usize>,
    cases_page: usize,
    sheet: LastSheet,
    trouble: Trouble,
    pending: Option<AskId>,
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
            case: None,
            cases_page: 0,
            sheet: LastSheet::default(),
            trouble: Trouble::Refused,
            pending: None,
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
        let (page, all) = match self.stage {
            Stage::Cases => (self.cases_page, self.all_cases().len()),
            _ => (self.page, usize::try_from(self.total).unwrap_or(usize::MAX).min(self.most())),
        };
        (page + 1, all.div_ceil(A_PAGE).max(1))
    }

    /// The cases of this page.
    pub fn cases(&self) -> &[PaperCaseView<'static>] {
        let all = self.all_cases();
        let from = (self.cases_page * A_PAGE).min(all.len());
        &all[from..(from + A_PAGE).min(all.len())]
    }

    /// Whether there is a case to be chosen.
    pub fn has_cases(&self) -> bool {
        self.all_cases().len() > 1
    }

    /// The citizen's own case, where one was chosen: its place in the list of
    /// papers.
    pub fn case(&self) -> Option<usize> {
        self.case
    }

    fn all_cases(&self) -> &[PaperCaseView<'static>] {
        self.procedure.as_ref().map_or(&[], |answer| &answer.procedure.papers)
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
        self.sheet.printing()
    }

    /// Why there is no answer.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// What a phone would go on with; nothing where words may tell of somebody.
    pub fn carried(&self) -> Option<Page> {
        match (&self.procedure, self.stage) {
            (Some(answer), Stage::Procedure) => {
                Some(Page::Procedure { code: answer.procedure.code.clone().into_owned(), case: self.case })
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
            Act::Turn(pages) if self.stage == Stage::Cases => self.cases_page = self.turned(pages),
            Act::Open(index) if self.stage == Stage::Results => {
                if let Some(code) = self.hits().get(index).map(|hit| hit.code.clone().into_owned()) {
                    self.section = Section::Papers;
                    self.case = None;
                    self.sheet = LastSheet::default();
                    self.open(code, out);
                }
            }
            Act::Show(section) if self.stage == Stage::Procedure => self.section = section,
            Act::OpenCases if self.stage == Stage::Procedure && self.has_cases() => {
                self.cases_page = 0;
                self.stage = Stage::Cases;
            }
            Act::ChooseCase(index) if self.stage == Stage::Cases && index < self.cases().len() => {
                self.choose(Some(self.cases_page * A_PAGE + index));
            }
            Act::AllCases if self.stage == Stage::Cases => self.choose(None),
            Act::Print if self.stage == Stage::Procedure => {
                if let Some(answer) = &self.procedure {
                    let checklist = || Checklist { answer: (**answer).clone(), case: self.case };
                    self.sheet.print(|| Job::Checklist(Box::new(checklist())), out);
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
            | Act::OpenCases
            | Act::ChooseCase(_)
            | Act::AllCases
            | Act::Print => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        self.pending = None;
        self.stage = match self.stage {
            Stage::Start => return false,
            Stage::Procedure => Stage::Results,
            Stage::Cases => Stage::Procedure,
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
            (Stage::Procedure | Stage::Cases, Some(answer)) => {
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
                // In another language it has the same cases; a newer one may
                // have others.
                self.case = self.case.filter(|case| *case < answer.procedure.papers.len());
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
        self.sheet.ended(id, outcome)
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

    fn choose(&mut self, case: Option<usize>) {
        self.case = case;
        self.section = Section::Papers;
        // What was printed was another list.
        self.sheet.forget();
        self.stage = Stage::Procedure;
    }

    /// The page that is so many on from this one, as far as there are any.
    fn turned(&self, pages: i32) -> usize {
        let (page, last) = self.pages();
        if pages < 0 { (page - 1).saturating_sub(1) } else { page.min(last - 1) }
    }

    fn turn(&mut self, pages: i32, out: &mut Outbox<'_>) {
        let wanted = self.turned(pages);
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
