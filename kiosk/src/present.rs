//! A state, shown. Everything that the screens are told is told here, after
//! every event, as a whole: what has not changed costs nothing, and what a wipe
//! took away is not on the screen any more.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gateway_core::domain::Locale;
use gateway_locale::Locales;
use kiosk_screens as ui;
use slint::{ComponentHandle as _, Image, Model as _, ModelRc, SharedString, VecModel};

use crate::flow::look_up::{Dossier, LookUp, Owner};
use crate::flow::ports::NotPrinted;
use crate::flow::printing::Printing;
use crate::flow::procedures::Procedures;
use crate::flow::queue::{Queue, QueueLine, Taking};
use crate::flow::rate::REASONS;
use crate::flow::{Place, Terminal, Trouble, ask, call, look_up, phone, procedures, queue, rate, service};
use crate::qr;
use crate::shown::{self, figure, text};

/// The window and what it shows. Lists are the same objects throughout, so that
/// the focus stays where it is while one of their lines changes.
pub struct Screens {
    window: ui::Kiosk,
    locales: Rc<Locales>,
    spoken: Cell<Option<Locale>>,
    lists: Lists,
    /// The texts of the QR codes that are shown.
    codes: RefCell<(String, String)>,
    heard: Rc<RefCell<Vec<Heard>>>,
}

/// A text of the screen, and where it stands.
struct Heard {
    control: bool,
    top: f32,
    left: f32,
    personal: bool,
    text: SharedString,
}

#[derive(Default)]
struct Lists {
    notices: Rc<VecModel<SharedString>>,
    services: Rc<VecModel<ui::Service>>,
    fees: Rc<VecModel<ui::FeeDue>>,
    missing: Rc<VecModel<SharedString>>,
    letters: Rc<VecModel<SharedString>>,
    fields: Rc<VecModel<ui::FieldLine>>,
    hits: Rc<VecModel<ui::Hit>>,
    ways: Rc<VecModel<ui::Way>>,
    papers: Rc<VecModel<ui::PaperLine>>,
    cases: Rc<VecModel<ui::CaseLine>>,
    results: Rc<VecModel<SharedString>>,
    lines: Rc<VecModel<ui::QueueLine>>,
    reasons: Rc<VecModel<ui::ReasonLine>>,
    choices: Rc<VecModel<SharedString>>,
}

impl Screens {
    /// A window that shows nothing yet.
    ///
    /// # Errors
    /// Where there is no display.
    pub fn new(locales: Rc<Locales>) -> Result<Self, slint::PlatformError> {
        let window = ui::Kiosk::new()?;
        ui::lend(&window.global::<ui::Words<'_>>(), &locales);
        let lists = Lists::default();
        let shell = window.global::<ui::Shell<'_>>();
        shell.set_notices(ModelRc::from(Rc::clone(&lists.notices)));
        shell.set_services(ModelRc::from(Rc::clone(&lists.services)));
        let procedures = window.global::<ui::Procedures<'_>>();
        procedures.set_hits(ModelRc::from(Rc::clone(&lists.hits)));
        procedures.set_letters(ModelRc::from(Rc::clone(&lists.letters)));
        procedures.set_fields(ModelRc::from(Rc::clone(&lists.fields)));
        procedures.set_cases(ModelRc::from(Rc::clone(&lists.cases)));
        window.global::<ui::Tickets<'_>>().set_lines(ModelRc::from(Rc::clone(&lists.lines)));
        window.global::<ui::Rating<'_>>().set_reasons(ModelRc::from(Rc::clone(&lists.reasons)));
        window.global::<ui::Asking<'_>>().set_choices(ModelRc::from(Rc::clone(&lists.choices)));
        let heard: Rc<RefCell<Vec<Heard>>> = Rc::default();
        let speech = window.global::<ui::Speech<'_>>();
        speech.on_heard({
            let heard = Rc::clone(&heard);
            move |text, personal, control, at| {
                heard.borrow_mut().push(Heard { control, top: at.y, left: at.x, personal, text });
            }
        });
        Ok(Self { window, locales, spoken: Cell::new(None), lists, codes: RefCell::default(), heard })
    }

    /// Lets everything on the screen say itself; [`Screens::read_aloud`] is what
    /// was heard, once the screen has had a turn of its event loop.
    pub fn listen(&self) {
        self.heard.borrow_mut().clear();
        let speech = self.window.global::<ui::Speech<'_>>();
        speech.set_turn(speech.get_turn().wrapping_add(1));
    }

    /// What the screen says, in reading order: first what is read, then what can
    /// be touched. What is somebody's own is said into headphones only.
    pub fn read_aloud(&self, headphones: bool) -> String {
        let mut heard = std::mem::take(&mut *self.heard.borrow_mut());
        heard.retain(|heard| headphones || !heard.personal);
        heard.sort_by(|one, other| {
            (one.control.cmp(&other.control)).then(one.top.total_cmp(&other.top)).then(one.left.total_cmp(&other.left))
        });
        let mut said = String::new();
        for text in heard.iter().map(|heard| heard.text.trim()).filter(|text| !text.is_empty()) {
            said.push_str(text);
            said.push_str(if text.ends_with(['.', '?', '!', '…']) { "\n" } else { ".\n" });
        }
        said
    }

    /// The window.
    pub fn window(&self) -> &ui::Kiosk {
        &self.window
    }

    /// Shows a state.
    pub fn show(&self, terminal: &Terminal) {
        let comfort = terminal.comfort();
        if self.spoken.replace(Some(comfort.locale)) != Some(comfort.locale) {
            ui::speak(&self.window.global::<ui::Words<'_>>(), &self.locales, comfort.locale);
        }
        let theme = self.window.global::<ui::Theme<'_>>();
        theme.set_large(comfort.large);
        theme.set_contrast(comfort.contrast);
        theme.set_reach(comfort.reach);
        // The views' data before the place: a view that opens has its own.
        self.look_up(terminal.look_up(), comfort.locale);
        let browsable = !terminal.settings().fields.is_empty();
        self.procedures(terminal.procedures(), browsable, terminal.can_print(), comfort.locale);
        self.queue(terminal.queue(), &terminal.settings().phone_base_url);
        let carries = terminal.carried().is_some();
        self.window.global::<ui::Procedures<'_>>().set_can_continue(carries);
        self.window.global::<ui::Tickets<'_>>().set_can_continue(carries);
        self.rate(terminal.rate());
        self.ask(terminal.ask());
        self.call(terminal.call());
        self.phone(terminal.phone());
        self.service(terminal);
        self.shell(terminal);
    }

    /// The time of day, as it is written.
    pub fn set_clock(&self, clock: &str) {
        self.window.global::<ui::Shell<'_>>().set_clock(clock.into());
    }

    fn shell(&self, terminal: &Terminal) {
        let settings = terminal.settings();
        let shell = self.window.global::<ui::Shell<'_>>();
        let signs = settings.signs(terminal.comfort().locale);
        shell.set_site_name(signs.site_name.as_str().into());
        shell.set_open_now(settings.open_now);
        shell.set_connected(terminal.connected());
        shell.set_catalogue_date(settings.catalogue_date.as_str().into());
        shell.set_offers_call(settings.offers_call);
        shell.set_can_speak(terminal.can_speak());
        shell.set_has_languages(settings.has_languages());
        shell.set_speech(terminal.comfort().speech);
        shell.set_unknown_scan(terminal.unknown_scan());
        shell.set_countdown(terminal.countdown().map_or(-1, figure));
        update(&self.lists.notices, signs.notices.iter().map(SharedString::from).collect());
        let services = settings.services.iter().filter_map(|place| match place {
            Place::LookUp => Some(ui::Service::LookUp),
            Place::Procedures => Some(ui::Service::Procedures),
            Place::Ticket => Some(ui::Service::Ticket),
            Place::Rate => Some(ui::Service::Rate),
            Place::Ask => Some(ui::Service::Ask),
            Place::Phone => Some(ui::Service::Phone),
            Place::Home | Place::Call | Place::Service => None,
        });
        update(&self.lists.services, services.collect());
        shell.set_place(match terminal.place() {
            Place::Home => ui::Place::Home,
            Place::LookUp => ui::Place::LookUp,
            Place::Procedures => ui::Place::Procedures,
            Place::Ticket => ui::Place::Ticket,
            Place::Rate => ui::Place::Rate,
            Place::Ask => ui::Place::Ask,
            Place::Call => ui::Place::Call,
            Place::Phone => ui::Place::Phone,
            Place::Service => ui::Place::Service,
        });
    }

    fn look_up(&self, flow: &LookUp, locale: Locale) {
        let view = self.window.global::<ui::LookUp<'_>>();
        view.set_number(flow.number().into());
        view.set_number_shown(breakable(flow.number()));
        view.set_digits(figure(flow.digits()));
        view.set_trouble(trouble(flow.trouble()));
        let (authority, ask_at) = flow.elsewhere();
        view.set_authority(authority.into());
        view.set_ask_at(breakable(ask_at));
        view.set_dossier(flow.dossier().map_or_else(ui::Dossier::default, |dossier| self.dossier(dossier, locale)));
        view.set_owner(self.owner(flow.owner(), locale));
        view.set_stage(match flow.stage() {
            look_up::Stage::Entry => ui::LookUpStage::Entry,
            look_up::Stage::Waiting => ui::LookUpStage::Waiting,
            look_up::Stage::Result => ui::LookUpStage::Result,
            look_up::Stage::Proof => ui::LookUpStage::Proof,
            look_up::Stage::Elsewhere => ui::LookUpStage::Elsewhere,
            look_up::Stage::Trouble => ui::LookUpStage::Trouble,
        });
    }

    fn dossier(&self, dossier: &Dossier, locale: Locale) -> ui::Dossier {
        let view = &dossier.view;
        let date = |day| shown::date(day, &self.locales, locale);
        ui::Dossier {
            number: breakable(&dossier.number),
            standing: match dossier.standing {
                look_up::Standing::Running => ui::Standing::Running,
                look_up::Standing::NeedsYou => ui::Standing::NeedsYou,
                look_up::Standing::Stopped => ui::Standing::Stopped,
                look_up::Standing::Ready => ui::Standing::Ready,
                look_up::Standing::Done => ui::Standing::Done,
            },
            status: (&*view.status.label).into(),
            procedure: view.procedure.as_ref().map(|procedure| text(procedure.name.as_ref())).unwrap_or_default(),
            withheld: view.procedure_withheld,
            agency: text(view.agency.as_ref()),
            contact: text(view.contact.as_ref()),
            reason: text(view.reason.as_ref().map(|reason| &reason.label)),
            next_step: (&*view.next_step.label).into(),
            lateness: match dossier.lateness {
                look_up::Lateness::Unknown => ui::Lateness::Unknown,
                look_up::Lateness::Due => ui::Lateness::Due,
                look_up::Lateness::Overdue => ui::Lateness::Overdue,
                look_up::Lateness::FinishedLate => ui::Lateness::FinishedLate,
                look_up::Lateness::FinishedInTime => ui::Lateness::FinishedInTime,
                look_up::Lateness::ClockStands => ui::Lateness::ClockStands,
            },
            due_on: date(view.lateness.due_on),
            finished_on: date(view.lateness.finished_on),
            days: figure(view.lateness.working_days.unwrap_or_default()),
            stale: view.stale,
            as_of: self.locales.moment(locale, view.as_of).into(),
            more_with_proof: view.more_with_proof,
            answer_code: dossier.answer_code.as_str().into(),
        }
    }

    fn owner(&self, owner: Option<&Owner>, locale: Locale) -> ui::Owner {
        let fees = owner.map(|owner| owner.fees.iter()).into_iter().flatten().map(|(name, amount)| ui::FeeDue {
            name: name.as_str().into(),
            amount: amount.map(|amount| self.locales.money(locale, amount).into()).unwrap_or_default(),
        });
        update(&self.lists.fees, fees.collect());
        let papers = owner.map(|owner| owner.papers.iter()).into_iter().flatten().map(|paper| paper.as_str().into());
        update(&self.lists.missing, papers.collect());
        ui::Owner {
            shown: owner.is_some(),
            name: owner.map(|owner| owner.name.as_str().into()).unwrap_or_default(),
            reason: owner.map(|owner| owner.reason.as_str().into()).unwrap_or_default(),
            fees: ModelRc::from(Rc::clone(&self.lists.fees)),
            papers: ModelRc::from(Rc::clone(&self.lists.missing)),
        }
    }

    fn fields(&self, flow: &Procedures, browsable: bool) {
        let view = self.window.global::<ui::Procedures<'_>>();
        view.set_browsable(browsable);
        let letters = if flow.stage() == procedures::Stage::Letters { flow.fields().letters() } else { Vec::new() };
        update(&self.lists.letters, letters.into_iter().map(SharedString::from).collect());
        view.set_letter(flow.fields().letter().map(SharedString::from).unwrap_or_default());
        let fields = flow
            .fields()
            .shown()
            .into_iter()
            .map(|field| ui::FieldLine { name: field.name.as_str().into(), procedures: figure(field.procedures) });
        update(&self.lists.fields, fields.collect());
        view.set_found(match flow.found() {
            procedures::Found::Event => ui::Found::Event,
            procedures::Found::Words => ui::Found::Words,
            procedures::Found::Field => ui::Found::Field,
        });
    }

    fn procedures(&self, flow: &Procedures, browsable: bool, can_print: bool, locale: Locale) {
        let view = self.window.global::<ui::Procedures<'_>>();
        view.set_query(flow.query().into());
        let hits = flow.hits().iter().map(|hit| {
            let english = hit.english_name.as_ref().filter(|_| locale != Locale::VI);
            ui::Hit {
                code: (&*hit.code).into(),
                // The official name may have 570 characters: a list shows the
                // short one.
                name: (&**english.unwrap_or(&hit.short_name)).into(),
                field: (&*hit.field).into(),
            }
        });
        update(&self.lists.hits, hits.collect());
        let (page, pages) =
            if flow.stage() == procedures::Stage::Fields { flow.fields().pages() } else { flow.pages() };
        self.fields(flow, browsable);
        view.set_page(figure(page));
        view.set_pages(figure(pages));
        view.set_total(figure(flow.total()));
        view.set_section(match flow.section() {
            procedures::Section::Papers => ui::Section::Papers,
            procedures::Section::Cost => ui::Section::Cost,
            procedures::Section::Steps => ui::Section::Steps,
        });
        view.set_printing(printing(flow.printing()));
        view.set_not_printed(not_printed(flow.printing()));
        view.set_can_print(can_print);
        update(&self.lists.cases, flow.cases().iter().map(|case| shown::case(&case.case)).collect());
        view.set_has_cases(flow.has_cases());
        view.set_case_chosen(flow.case().is_some());
        view.set_trouble(trouble(flow.trouble()));
        view.set_procedure(self.procedure(flow, locale));
        view.set_stage(match flow.stage() {
            procedures::Stage::Start => ui::ProceduresStage::Start,
            procedures::Stage::Search => ui::ProceduresStage::Search,
            procedures::Stage::Letters => ui::ProceduresStage::Letters,
            procedures::Stage::Fields => ui::ProceduresStage::Fields,
            procedures::Stage::Waiting => ui::ProceduresStage::Waiting,
            procedures::Stage::Results => ui::ProceduresStage::Results,
            procedures::Stage::Procedure => ui::ProceduresStage::Procedure,
            procedures::Stage::Cases => ui::ProceduresStage::Cases,
            procedures::Stage::Trouble => ui::ProceduresStage::Trouble,
        });
    }

    fn procedure(&self, flow: &Procedures, locale: Locale) -> ui::Procedure {
        let Some(answer) = flow.procedure() else { return ui::Procedure::default() };
        let procedure = &answer.procedure;
        update(&self.lists.ways, shown::ways(procedure, &self.locales, locale).collect());
        update(&self.lists.papers, shown::papers(procedure, flow.case()).collect());
        update(&self.lists.results, procedure.results.iter().map(|result| (&*result.name).into()).collect());
        ui::Procedure {
            code: (&*procedure.code).into(),
            name: shown::name(procedure, locale).into(),
            field: (&*procedure.field).into(),
            ways: ModelRc::from(Rc::clone(&self.lists.ways)),
            papers: ModelRc::from(Rc::clone(&self.lists.papers)),
            steps: text(procedure.steps.as_ref()),
            results: ModelRc::from(Rc::clone(&self.lists.results)),
            source: (&*procedure.source).into(),
            as_of: shown::date(procedure.as_of, &self.locales, locale),
            answer_code: (&*answer.answer_code).into(),
        }
    }

    fn queue(&self, flow: &Queue, phones: &str) {
        let view = self.window.global::<ui::Tickets<'_>>();
        update(&self.lists.lines, flow.lines().iter().map(queue_line).collect());
        view.set_service(flow.chosen().map(|line| line.name.as_str().into()).unwrap_or_default());
        view.set_trouble(trouble(flow.trouble()));
        view.set_printing(printing(flow.printing()));
        view.set_not_printed(not_printed(flow.printing()));
        let taken = flow.taken();
        view.set_taken(taken.map(shown::taken).unwrap_or_default());
        let code = taken.map(|taken| shown::ticket_code(phones, &taken.code)).unwrap_or_default();
        if replaced(&mut self.codes.borrow_mut().0, &code) {
            view.set_code(drawn(&code));
        }
        view.set_has_page(!phones.is_empty());
        view.set_stage(match flow.stage() {
            queue::Stage::Waiting => ui::TicketStage::Waiting,
            queue::Stage::Services => ui::TicketStage::Services,
            queue::Stage::Priority => ui::TicketStage::Priority,
            queue::Stage::Taken => ui::TicketStage::Taken,
            queue::Stage::Trouble => ui::TicketStage::Trouble,
        });
    }

    fn rate(&self, flow: &rate::Rate) {
        const SHOWN: [ui::Reason; REASONS.len()] = [
            ui::Reason::Attitude,
            ui::Reason::Clarity,
            ui::Reason::WaitingTime,
            ui::Reason::Result,
            ui::Reason::Place,
            ui::Reason::Terminal,
        ];
        let view = self.window.global::<ui::Rating<'_>>();
        let reasons = SHOWN.into_iter().zip(flow.reasons()).map(|(reason, on)| ui::ReasonLine { reason, on: *on });
        update(&self.lists.reasons, reasons.collect());
        view.set_score(i32::from(flow.score()));
        view.set_about(flow.about().into());
        view.set_of_ticket(flow.is_of_ticket());
        view.set_trouble(trouble(flow.trouble()));
        view.set_stage(match flow.stage() {
            rate::Stage::Faces => ui::RateStage::Faces,
            rate::Stage::Reasons => ui::RateStage::Reasons,
            rate::Stage::Waiting => ui::RateStage::Waiting,
            rate::Stage::Thanks => ui::RateStage::Thanks,
            rate::Stage::Trouble => ui::RateStage::Trouble,
        });
    }

    fn ask(&self, flow: &ask::Ask) {
        let view = self.window.global::<ui::Asking<'_>>();
        view.set_text(flow.text().into());
        let answer = flow.answer();
        view.set_answer(answer.map(|answer| (&*answer.text).into()).unwrap_or_default());
        view.set_answer_code(answer.map(|answer| (&*answer.answer_code).into()).unwrap_or_default());
        let choices = answer.map(|answer| answer.choices.iter()).into_iter().flatten();
        update(&self.lists.choices, choices.map(|choice| (&*choice.label).into()).collect());
        view.set_trouble(trouble(flow.trouble()));
        view.set_stage(match flow.stage() {
            ask::Stage::Entry => ui::AskStage::Entry,
            ask::Stage::Waiting => ui::AskStage::Waiting,
            ask::Stage::Answer => ui::AskStage::Answer,
            ask::Stage::Trouble => ui::AskStage::Trouble,
        });
    }

    fn call(&self, flow: &call::Call) {
        let view = self.window.global::<ui::Calling<'_>>();
        view.set_position(figure(flow.position()));
        view.set_trouble(trouble(flow.trouble()));
        view.set_stage(match flow.stage() {
            call::Stage::Reasons => ui::CallStage::Reasons,
            call::Stage::Waiting => ui::CallStage::Waiting,
            call::Stage::Queued => ui::CallStage::Queued,
            call::Stage::Coming => ui::CallStage::Coming,
            call::Stage::Trouble => ui::CallStage::Trouble,
        });
    }

    fn phone(&self, flow: Option<&phone::Phone>) {
        let view = self.window.global::<ui::Phone<'_>>();
        let url = flow.map(phone::Phone::url).unwrap_or_default();
        if replaced(&mut self.codes.borrow_mut().1, url) {
            view.set_code(drawn(url));
        }
        view.set_until(flow.map(phone::Phone::until).unwrap_or_default().into());
        view.set_digits(flow.map(phone::Phone::digits).unwrap_or_default().into());
        view.set_trouble(trouble(flow.map(phone::Phone::trouble).unwrap_or_default()));
        view.set_stage(match flow.map(phone::Phone::stage).unwrap_or_default() {
            phone::Stage::Waiting => ui::PhoneStage::Waiting,
            phone::Stage::Shown => ui::PhoneStage::Shown,
            phone::Stage::Scanned => ui::PhoneStage::Scanned,
            phone::Stage::Wrong => ui::PhoneStage::Wrong,
            phone::Stage::Open => ui::PhoneStage::Open,
            phone::Stage::Over => ui::PhoneStage::Over,
            phone::Stage::Trouble => ui::PhoneStage::Trouble,
        });
    }

    fn service(&self, terminal: &Terminal) {
        let view = self.window.global::<ui::ServiceMenu<'_>>();
        let menu = terminal.menu();
        view.set_unlocked(menu.unlocked());
        view.set_wrong(menu.wrong());
        view.set_digits(figure(menu.digits()));
        view.set_version(env!("CARGO_PKG_VERSION").into());
        view.set_device(terminal.settings().device.as_str().into());
        view.set_connected(terminal.connected());
        view.set_catalogue_date(terminal.settings().catalogue_date.as_str().into());
        view.set_can_print(terminal.can_print());
        view.set_printing(printing(menu.printing()));
        view.set_not_printed(not_printed(menu.printing()));
        view.set_failed_screens(figure(terminal.failed_screens()));
        view.set_printer(match terminal.printer() {
            service::PrinterState::Ready => ui::PrinterState::Ready,
            service::PrinterState::PaperOut => ui::PrinterState::PaperOut,
            service::PrinterState::CoverOpen => ui::PrinterState::CoverOpen,
            service::PrinterState::Offline => ui::PrinterState::Offline,
            service::PrinterState::None => ui::PrinterState::Missing,
            service::PrinterState::Unknown => ui::PrinterState::Unknown,
        });
    }
}

fn queue_line(line: &QueueLine) -> ui::QueueLine {
    ui::QueueLine {
        name: line.name.as_str().into(),
        waiting: line.waiting.map_or(-1, figure),
        minutes: line.minutes.map_or(-1, figure),
        taking: match line.taking {
            Taking::Yes => ui::NotTaking::Taking,
            Taking::Closed => ui::NotTaking::Closed,
            Taking::Lunch => ui::NotTaking::Lunch,
            Taking::CutOff => ui::NotTaking::CutOff,
            Taking::Full => ui::NotTaking::Full,
            Taking::Paused => ui::NotTaking::Paused,
        },
        again_at: line.again_at.as_deref().unwrap_or_default().into(),
    }
}

fn printing(printing: Printing) -> ui::Printing {
    match printing {
        Printing::No => ui::Printing::No,
        Printing::Running => ui::Printing::Running,
        Printing::Done => ui::Printing::Done,
        Printing::Failed(_) => ui::Printing::Failed,
    }
}

/// Why it has not come out; nothing where the printer was not tried.
fn not_printed(printing: Printing) -> ui::NotPrinted {
    let Printing::Failed(Some(why)) = printing else { return ui::NotPrinted::None };
    match why {
        NotPrinted::PaperOut => ui::NotPrinted::PaperOut,
        NotPrinted::CoverOpen => ui::NotPrinted::CoverOpen,
        NotPrinted::Offline => ui::NotPrinted::Offline,
        NotPrinted::Busy => ui::NotPrinted::Busy,
        NotPrinted::TooLong => ui::NotPrinted::TooLong,
        NotPrinted::Unable => ui::NotPrinted::Unable,
    }
}

fn trouble(trouble: Trouble) -> ui::Trouble {
    match trouble {
        Trouble::Unreachable => ui::Trouble::Unreachable,
        Trouble::Busy => ui::Trouble::Busy,
        Trouble::TooMany => ui::Trouble::TooMany,
        Trouble::PortalDown => ui::Trouble::PortalDown,
        Trouble::NotFound => ui::Trouble::NotFound,
        Trouble::TooNew => ui::Trouble::TooNew,
        Trouble::NotANumber => ui::Trouble::NotANumber,
        Trouble::NotDisclosed => ui::Trouble::NotDisclosed,
        Trouble::NotUnderstood => ui::Trouble::NotUnderstood,
        Trouble::Closed => ui::Trouble::Closed,
        Trouble::OutOfOrder => ui::Trouble::OutOfOrder,
        Trouble::Refused => ui::Trouble::Refused,
        Trouble::ScreenFailed => ui::Trouble::ScreenFailed,
    }
}

/// A dossier's number or an address is one long word: a line may end behind its
/// dashes and points, where an empty space marks it.
fn breakable(word: &str) -> SharedString {
    let mut out = String::with_capacity(word.len() + 24);
    for letter in word.chars() {
        out.push(letter);
        if matches!(letter, '-' | '.' | '/') {
            out.push('\u{200b}');
        }
    }
    out.into()
}

fn replaced(shown: &mut String, wanted: &str) -> bool {
    let other = shown != wanted;
    if other {
        wanted.clone_into(shown);
    }
    other
}

fn drawn(text: &str) -> Image {
    if text.is_empty() { Image::default() } else { qr::image(text).unwrap_or_default() }
}

/// Changes what has changed and nothing else.
fn update<T: Clone + PartialEq + 'static>(model: &Rc<VecModel<T>>, rows: Vec<T>) {
    while model.row_count() > rows.len() {
        model.remove(model.row_count() - 1);
    }
    for (index, row) in rows.into_iter().enumerate() {
        match model.row_data(index) {
            Some(shown) if shown == row => {}
            Some(_) => model.set_row_data(index, row),
            None => model.push(row),
        }
    }
}
