//! What a procedure needs: found by an event of life or by words.

use mobile_api_types::{PaperCaseView, ProcedureAnswer, ProcedureHit};

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Checklist, Job, Outcome, Page, PrintOutcome, Question};
use super::printing::{LastSheet, Printing};

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
            asked: String::new(),
            typed: false,
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
        let (page, all) = match self.stage {
            Stage::Cases => (self.cases_page, self.all_cases().len()),
            _ => (self.page, usize::try_from(self.total).unwrap_or(MOST_HITS).min(MOST_HITS)),
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
            Act::Submit
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
            (Stage::Procedure | Stage::Cases, Some(answer)) => {
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
