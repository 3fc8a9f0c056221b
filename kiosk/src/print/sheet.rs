//! A sheet, laid out by `screens/ui/print` and drawn dot by dot. Slint's context
//! belongs to a thread: on this one it has a platform of its own, whose windows
//! are nothing but a renderer, beside the screen's.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gateway_core::domain::Locale;
use gateway_locale::{LocaleError, Locales};
use jiff::Timestamp;
use kiosk_devices::printer::{Raster, RasterProblem, WIDTH};
use kiosk_screens as ui;
use slint::platform::software_renderer::{LineBufferProvider, MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, SetPlatformError, WindowAdapter, set_platform};
use slint::{ComponentHandle, Image, ModelRc, PhysicalSize, PlatformError, Rgb8Pixel, VecModel};
use thiserror::Error;

use crate::flow::ports::{Checklist, Job, Letterhead};
use crate::flow::queue::Taken;
use crate::qr;
use crate::shown;

/// Darker than this is black. Above the middle: letters' soft edges stay, and
/// thin strokes do not break.
const THRESHOLD: u16 = 150;
/// A row of a list knows how wide it is, and so how high, only when it is laid
/// out: the length is asked for until it stays.
const MOST_LAYOUTS: usize = 5;

/// Why there is no sheet.
#[derive(Debug, Error)]
pub enum PressProblem {
    /// The words.
    #[error("the words: {0}")]
    Words(#[from] LocaleError),
    /// The thread draws something else.
    #[error("the renderer: {0}")]
    Taken(#[from] SetPlatformError),
    /// Slint's own.
    #[error("the renderer: {0}")]
    Platform(#[from] PlatformError),
    /// It is longer than paper may be.
    #[error(transparent)]
    Raster(#[from] RasterProblem),
}

impl PressProblem {
    /// Whether a shorter text would have been printed.
    pub fn is_too_long(&self) -> bool {
        matches!(self, Self::Raster(RasterProblem::TooLong(_)))
    }
}

/// Lays sheets out, on the thread that made it.
pub struct Press {
    windows: Windows,
    locales: Rc<Locales>,
}

/// The newest window of this thread.
type Windows = Rc<RefCell<Option<Rc<MinimalSoftwareWindow>>>>;

thread_local! {
    /// A thread's platform is set once.
    static WINDOWS: RefCell<Option<Windows>> = const { RefCell::new(None) };
}

struct OffScreen(Windows);

impl Platform for OffScreen {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        *self.0.borrow_mut() = Some(Rc::clone(&window));
        Ok(window)
    }
}

impl Press {
    /// Makes this thread one that draws off screen.
    ///
    /// # Errors
    /// [`PressProblem`], also where the thread has a screen.
    pub fn new() -> Result<Self, PressProblem> {
        let locales = Rc::new(Locales::embedded()?);
        let windows = WINDOWS.with_borrow_mut(|known| match known {
            Some(windows) => Ok(Rc::clone(windows)),
            None => {
                let windows = Windows::default();
                set_platform(Box::new(OffScreen(Rc::clone(&windows))))?;
                *known = Some(Rc::clone(&windows));
                Ok::<_, PressProblem>(windows)
            }
        })?;
        Ok(Self { windows, locales })
    }

    /// Lays a sheet out as it is printed at a moment.
    ///
    /// # Errors
    /// [`PressProblem`].
    pub fn lay(&self, job: &Job, locale: Locale, head: &Letterhead, now: Timestamp) -> Result<Raster, PressProblem> {
        match job {
            Job::Ticket(taken) => self.ticket(taken, locale, head, now),
            Job::Checklist(checklist) => self.checklist(checklist, locale, head, now),
            Job::Proof => self.proof(locale, head, now),
        }
    }

    fn ticket(&self, taken: &Taken, locale: Locale, head: &Letterhead, now: Timestamp) -> Result<Raster, PressProblem> {
        let paper = ui::TicketPaper::new()?;
        let words = paper.global::<ui::Words<'_>>();
        self.speak(&words, locale);
        paper.set_site(site(&words, head));
        let taken_at = taken.at.map(|at| self.locales.moment(locale, at).into());
        paper.set_taken_at(taken_at.unwrap_or_default());
        paper.set_printed_at(self.locales.moment(locale, now).into());
        paper.set_taken(shown::taken(taken));
        paper.set_has_page(!head.phone_base_url.is_empty());
        paper.set_code(code(&shown::ticket_code(&head.phone_base_url, &taken.code)));
        self.drawn(&paper, || paper.get_needed())
    }

    fn checklist(
        &self,
        checklist: &Checklist,
        locale: Locale,
        head: &Letterhead,
        now: Timestamp,
    ) -> Result<Raster, PressProblem> {
        let paper = ui::ChecklistPaper::new()?;
        let words = paper.global::<ui::Words<'_>>();
        self.speak(&words, locale);
        let procedure = &checklist.answer.procedure;
        paper.set_site(site(&words, head));
        paper.set_printed_at(self.locales.moment(locale, now).into());
        let case = checklist.case.and_then(|place| procedure.papers.get(place));
        paper.set_case(case.map_or_else(Default::default, |case| {
            if case.case.is_empty() { words.get_cases_common() } else { (&*case.case).into() }
        }));
        paper.set_procedure(ui::Procedure {
            code: (&*procedure.code).into(),
            name: shown::name(procedure, locale).into(),
            field: (&*procedure.field).into(),
            ways: list(shown::ways(procedure, &self.locales, locale)),
            papers: list(shown::papers(procedure, checklist.case)),
            source: (&*procedure.source).into(),
            as_of: shown::date(procedure.as_of, &self.locales, locale),
            answer_code: (&*checklist.answer.answer_code).into(),
            ..ui::Procedure::default()
        });
        paper.set_code(code(&link(head, &procedure.code, checklist.case, locale)));
        self.drawn(&paper, || paper.get_needed())
    }

    fn proof(&self, locale: Locale, head: &Letterhead, now: Timestamp) -> Result<Raster, PressProblem> {
        let paper = ui::ProofPaper::new()?;
        let words = paper.global::<ui::Words<'_>>();
        self.speak(&words, locale);
        paper.set_site(site(&words, head));
        paper.set_printed_at(self.locales.moment(locale, now).into());
        paper.set_code(code(env!("CARGO_PKG_NAME")));
        self.drawn(&paper, || paper.get_needed())
    }

    fn speak(&self, words: &ui::Words<'_>, locale: Locale) {
        ui::lend(words, &self.locales);
        ui::speak(words, &self.locales, locale);
    }

    /// As long as its content; nothing of it is kept but its dots.
    fn drawn(&self, paper: &impl ComponentHandle, needed: impl Fn() -> f32) -> Result<Raster, PressProblem> {
        // Shown first: what stands under a condition is made then.
        paper.show()?;
        let mut height = 0;
        for _ in 0..MOST_LAYOUTS {
            paper.window().set_size(PhysicalSize::new(figure_of(WIDTH), figure_of(height)));
            slint::platform::update_timers_and_animations();
            let wanted = needed().ceil() as usize;
            if wanted == height {
                break;
            }
            height = wanted;
            // No window is made that is longer than paper may be.
            Raster::white(height)?;
        }
        let mut raster = Raster::white(height)?;
        if let Some(window) = self.windows.borrow_mut().take() {
            window.request_redraw();
            window.draw_if_needed(|renderer| {
                let line = [Rgb8Pixel::default(); WIDTH];
                renderer.render_by_line(Lines { raster: &mut raster, line });
            });
        }
        paper.hide()?;
        Ok(raster.trimmed())
    }
}

/// One line of pixels at a time becomes dots.
struct Lines<'a> {
    raster: &'a mut Raster,
    line: [Rgb8Pixel; WIDTH],
}

impl LineBufferProvider for Lines<'_> {
    type TargetPixel = Rgb8Pixel;

    fn process_line(&mut self, y: usize, range: Range<usize>, render: impl FnOnce(&mut [Rgb8Pixel])) {
        let start = range.start;
        let Some(line) = self.line.get_mut(range) else { return };
        render(line);
        for (at, pixel) in line.iter().enumerate() {
            if (u16::from(pixel.r) + u16::from(pixel.g) + u16::from(pixel.b)) / 3 < THRESHOLD {
                self.raster.blacken(start + at, y);
            }
        }
    }
}

fn site(words: &ui::Words<'_>, head: &Letterhead) -> slint::SharedString {
    if head.site_name.is_empty() { words.get_site_unnamed() } else { head.site_name.as_str().into() }
}

fn list<T: Clone + 'static>(rows: impl Iterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from_iter(rows))
}

/// What leads from a checklist to the same case: the page of the procedure
/// where the gateway has pages for phones, which an officer's browser opens as
/// well; else its code, which every counter can search for.
fn link(head: &Letterhead, code: &str, case: Option<usize>, locale: Locale) -> String {
    let base = head.phone_base_url.trim_end_matches('/');
    if base.is_empty() {
        return code.to_owned();
    }
    // People count from one.
    let case = case.map(|place| format!("case={}", place + 1));
    let language = (locale != Locale::VI).then(|| format!("lang={}", locale.as_str()));
    let query: Vec<String> = case.into_iter().chain(language).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{base}/procedures/{code}{mark}{}", query.join("&"))
}

fn code(text: &str) -> Image {
    if text.is_empty() { Image::default() } else { qr::image(text).unwrap_or_default() }
}

/// Windows count in 32 bits; a raster's sides are far below.
fn figure_of(side: usize) -> u32 {
    u32::try_from(side).unwrap_or(u32::MAX)
}
