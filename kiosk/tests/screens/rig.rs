//! A terminal without a display: Slint's testing backend with the software
//! renderer, and a clock that stands until a story moves it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use gateway_core::domain::DossierNumberParser;
use gateway_locale::Locales;
use i_slint_backend_testing::{ElementHandle, TestingBackend, TestingBackendOptions};
use jiff::civil::{Date, date};
use kiosk::composing::Composing;
use kiosk::flow::ports::{AskId, Command, Outcome, Question, Randomness};
use kiosk::flow::{Event, FieldOf, Settings, Signs, Terminal};
use kiosk::present::Screens;
use kiosk::sieve::Sieve;
use kiosk::touch;
use kiosk_screens as ui;
use slint::platform::WindowEvent;
use slint::{ComponentHandle as _, LogicalPosition, PhysicalSize};

/// Dossiers of the stories are older.
const TODAY: Date = date(2026, 11, 27);

thread_local! {
    /// Parsed once: hundreds of rigs speak them.
    static WORDS: Rc<Locales> = Rc::new(Locales::embedded().unwrap());
}

/// The PIN 1234.
const PIN: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";

/// A field for each letter that national ones begin with, and more than a page
/// of one: their longest names are official ones.
const FIELDS: [(&str, u32); 28] = [
    ("An toàn, vệ sinh lao động", 9),
    ("Bảo hiểm", 36),
    ("Chứng thực", 14),
    ("Dữ liệu", 19),
    ("Đất đai", 49),
    ("Giám định tư pháp", 16),
    ("Hộ tịch", 41),
    ("Kiểm lâm", 22),
    ("Luật sư", 33),
    ("Môi trường", 7),
    ("Nuôi con nuôi", 14),
    ("Ô nhiễm", 1),
    ("Phòng cháy, chữa cháy", 6),
    ("Quản lý chất lượng nông lâm sản và thủy sản", 17),
    ("Quản lý công sản", 4),
    ("Quản lý giá", 3),
    ("Quản lý nợ", 25),
    ("Quản lý vũ khí, vật liệu nổ, công cụ hỗ trợ và pháo", 46),
    ("Quản lý xuất nhập cảnh", 68),
    ("Quốc tịch", 5),
    ("Sở hữu trí tuệ", 8),
    ("Thành lập và hoạt động của tổ hợp tác, hợp tác xã, liên hiệp hợp tác xã", 21),
    ("Ứng dụng", 2),
    ("Văn hóa", 3),
    ("Xây dựng", 22),
    ("Y tế", 9),
    ("3", 1),
    ("2", 1),
];

struct Ones;

impl Randomness for Ones {
    fn key(&mut self) -> [u8; 16] {
        [1; 16]
    }
}

pub(crate) struct Rig {
    pub(crate) screens: Screens,
    pub(crate) terminal: Rc<RefCell<Terminal>>,
    heard: Rc<RefCell<VecDeque<Event>>>,
    now: Rc<Cell<Duration>>,
    sieve: Rc<RefCell<Sieve>>,
    pub(crate) commands: Vec<Command>,
}

impl Rig {
    /// A terminal that has just started, at a size in pixels.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let backend = TestingBackend::new(TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        });
        // One a thread: a second rig of the same test finds the first one's.
        let _ = slint::platform::set_platform(Box::new(backend));
        let terminal = Terminal::new(Self::settings(), Box::new(Composing::default()), Box::new(Ones), Duration::ZERO);
        let screens = Screens::new(WORDS.with(Rc::clone)).unwrap();
        let heard: Rc<RefCell<VecDeque<Event>>> = Rc::default();
        let terminal = Rc::new(RefCell::new(terminal));
        let hear: touch::Hear = {
            let heard = Rc::clone(&heard);
            Rc::new(move |event| heard.borrow_mut().push_back(event))
        };
        let now: Rc<Cell<Duration>> = Rc::default();
        let sieve = Rc::new(RefCell::new(Sieve::new(DossierNumberParser::default())));
        let sift: touch::Sift = {
            let (hear, sieve, now) = (Rc::clone(&hear), Rc::clone(&sieve), Rc::clone(&now));
            Rc::new(move |text| {
                let sifted = sieve.borrow_mut().key(text, now.get(), TODAY);
                sifted.events.into_iter().for_each(|event| hear(event));
                sifted.taken
            })
        };
        touch::connect(screens.window(), &hear, &sift);
        screens.window().window().set_size(PhysicalSize::new(width, height));
        screens.window().show().unwrap();
        screens.set_clock("08:30");
        let mut rig = Self { screens, terminal, heard, now, sieve, commands: Vec::new() };
        rig.settle();
        rig
    }

    fn settings() -> Settings {
        Settings {
            vietnamese: Signs {
                site_name: "Trung tâm Phục vụ hành chính công tỉnh Bình Dương".to_owned(),
                notices: Vec::new(),
            },
            fields: FIELDS.map(|(name, procedures)| FieldOf { name: name.to_owned(), procedures }).into(),
            catalogue_date: "24/10/2026".to_owned(),
            device: "Sảnh A, máy 2".to_owned(),
            can_speak: true,
            service_pin_sha256: Some(PIN.to_owned()),
            ..Settings::default()
        }
    }

    /// As it was at the start, for the next citizen.
    pub(crate) fn renew(&mut self) -> &mut Self {
        self.does(Event::Finish).does(Event::Connected(true)).does(Event::Settings(Box::new(Self::settings())))
    }

    /// What was touched is handled, and shown.
    pub(crate) fn settle(&mut self) {
        loop {
            let event = self.heard.borrow_mut().pop_front();
            let Some(event) = event else { break };
            self.commands = self.terminal.borrow_mut().handle(event, self.now.get());
        }
        self.screens.show(&self.terminal.borrow());
        // Change handlers run, and what has appeared is made.
        for _ in 0..3 {
            i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(1));
        }
    }

    pub(crate) fn does(&mut self, event: Event) -> &mut Self {
        self.heard.borrow_mut().push_back(event);
        self.settle();
        self
    }

    /// The clock goes on; the terminal does not speak.
    pub(crate) fn waits(&mut self, seconds: u64) -> &mut Self {
        for _ in 0..seconds {
            self.now.set(self.now.get() + Duration::from_secs(1));
            self.does(Event::Tick { speaking: false });
        }
        self
    }

    pub(crate) fn asked(&self) -> (AskId, Question) {
        let asked = self.commands.iter().find_map(|command| match command {
            Command::Ask { id, question, .. } => Some((*id, question.clone())),
            _ => None,
        });
        asked.unwrap_or_else(|| panic!("nothing was asked: {:?}", self.commands))
    }

    pub(crate) fn hears(&mut self, outcome: Outcome) -> &mut Self {
        let (id, _) = self.asked();
        self.does(Event::Answered(id, outcome))
    }

    pub(crate) fn window(&self) -> &ui::Kiosk {
        self.screens.window()
    }

    /// What has this name. Exactly one control has it.
    pub(crate) fn named(&self, name: &str) -> ElementHandle {
        let found: Vec<_> = ElementHandle::find_by_accessible_label(self.window(), name).collect();
        assert_eq!(found.len(), 1, "{} controls are called {name:?}; there are {:?}", found.len(), self.names());
        found.into_iter().next().unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        ElementHandle::find_by_accessible_label(self.window(), name).next().is_some()
    }

    /// Presses a control by its name, as assistive technology does.
    pub(crate) fn press(&mut self, name: &str) -> &mut Self {
        self.named(name).invoke_accessible_default_action();
        self.settle();
        self
    }

    /// Touches a control in its middle, as a finger does.
    pub(crate) fn touch(&mut self, name: &str) -> &mut Self {
        let control = self.named(name);
        let (at, size) = (control.absolute_position(), control.size());
        let position = LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0);
        let button = slint::platform::PointerEventButton::Left;
        let window = self.window().window();
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
        self.settle();
        self
    }

    /// A key of a real keyboard, pressed by a person: slowly.
    pub(crate) fn key(&mut self, text: impl Into<slint::SharedString>) -> &mut Self {
        self.stroke(&text.into());
        self.passes(60)
    }

    /// A scanner types: so many milliseconds between its keys, Enter at the end.
    pub(crate) fn scans(&mut self, text: &str, apart: u64) -> &mut Self {
        for letter in text.chars().chain(['\n']) {
            self.stroke(&slint::SharedString::from(letter));
            self.now.set(self.now.get() + Duration::from_millis(apart));
        }
        self.passes(200)
    }

    /// Milliseconds pass, in which held keys are let go.
    fn passes(&mut self, milliseconds: u64) -> &mut Self {
        self.now.set(self.now.get() + Duration::from_millis(milliseconds));
        let events = self.sieve.borrow_mut().tick(self.now.get(), TODAY);
        self.heard.borrow_mut().extend(events);
        self.settle();
        self
    }

    fn stroke(&mut self, text: &slint::SharedString) {
        let window = self.window().window();
        window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        window.dispatch_event(WindowEvent::KeyReleased { text: text.clone() });
        self.settle();
    }

    /// All names that assistive technology finds, in reading order.
    pub(crate) fn names(&self) -> Vec<String> {
        i_slint_backend_testing::ElementQuery::from_root(self.window())
            .match_descendants()
            .match_predicate(|element| element.accessible_label().is_some_and(|label| !label.is_empty()))
            .find_all()
            .iter()
            .filter_map(|element| element.accessible_label().map(|label| label.to_string()))
            .collect()
    }
}
