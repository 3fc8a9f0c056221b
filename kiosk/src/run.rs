//! The terminal, put together: the logic, the screens, and what stands behind
//! the ports.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gateway_core::domain::{DossierNumberParser, Locale, local_date, local_datetime};
use gateway_locale::Locales;
use jiff::civil::Date;
use kiosk_client::SystemClock;
use kiosk_devices::voice::VoiceSettings;
use parking_lot::Mutex;
use rand::RngCore as _;
use slint::platform::WindowEvent;
use slint::{ComponentHandle as _, Timer, TimerMode};

use crate::composing::Composing;
use crate::flow::ports::{AskId, Clock, Command, Gateway, Letterhead, Printer, Question, Randomness, Voice};
use crate::flow::service::PrinterState;
use crate::flow::{Event, Settings, Signs, Terminal, Trouble};
use crate::machine::{self, Pulse, Remote};
use crate::pad::{self, Pressed};
use crate::present::Screens;
use crate::print::{NoPrinter, PrinterChoice, Printing};
use crate::sieve::{Lived, Sieve};
use crate::touch;
use crate::voice::Espeak;

/// How often time passes for the logic.
const TICK: Duration = Duration::from_millis(200);
/// How often keys that were held back are looked at: a person does not see it.
const HELD: Duration = Duration::from_millis(20);
/// Without a key for so long, nothing belongs to the ones before.
const QUIET: Duration = Duration::from_millis(500);
/// What the screen needs to say itself, once it is shown.
const READING: Duration = Duration::from_millis(60);

/// How it is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// A window of this size instead of the full screen.
    pub window: Option<(u32, u32)>,
    /// The hall's name, until the gateway says it.
    pub site_name: String,
    /// The voice.
    pub voice: VoiceSettings,
    /// Screens that failed in processes before this one.
    pub failed_screens: u32,
    /// The gateway; without one every question is answered as where it cannot
    /// be reached.
    pub gateway: Option<Remoteness>,
    /// The printer.
    pub printer: PrinterChoice,
}

/// Where the gateway is, and what the terminal keeps of it.
#[derive(Debug, Clone)]
pub struct Remoteness {
    /// Scheme, host and port.
    pub url: String,
    /// The terminal's key.
    pub key: PathBuf,
    /// Folder of the settings and catalogue for a time without the gateway.
    pub data: PathBuf,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The window was closed.
    Closed,
    /// It wants to start anew.
    Restart,
}

/// What stands behind the ports.
pub struct Ports {
    /// The gateway.
    pub gateway: Box<dyn Gateway>,
    /// The printer.
    pub printer: Box<dyn Printer>,
    /// The voice.
    pub voice: Box<dyn Voice>,
}

/// Events on their way to the logic, from whichever thread.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<VecDeque<Event>>>);

impl Events {
    /// Puts one behind the others; the screen takes it at its next turn.
    pub fn send(&self, event: Event) {
        self.push(event);
        // Before the screen's loop runs nobody can be woken; it looks by itself
        // when it begins.
        let _ = slint::invoke_from_event_loop(|| {
            CURRENT.with_borrow(|machine| {
                if let Some(machine) = machine.upgrade() {
                    machine.step();
                }
            });
        });
    }

    fn push(&self, event: Event) {
        self.0.lock().push_back(event);
    }

    fn next(&self) -> Option<Event> {
        self.0.lock().pop_front()
    }
}

thread_local! {
    /// The terminal of the screen's thread, for events of other ones.
    static CURRENT: RefCell<Weak<Machine>> = const { RefCell::new(Weak::new()) };
}

/// Runs the terminal until it ends.
///
/// # Errors
/// Where there is no display, the words cannot be read, or the gateway's address
/// or the terminal's key is not one.
pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let events = Events::default();
    let pulse = Arc::new(Pulse::default());
    pulse.set_screens_failed(options.failed_screens);
    let mut settings = None;
    let gateway: Box<dyn Gateway> = match &options.gateway {
        Some(gateway) => {
            let clock = Arc::new(SystemClock);
            let client = machine::client(&gateway.url, &gateway.key, clock.clone()).context("the gateway")?;
            let hear = events.clone();
            let hear = Arc::new(move |event| hear.send(event));
            let (remote, last_known) = Remote::start(client, &gateway.data, Arc::clone(&pulse), clock, hear)?;
            settings = last_known;
            Box::new(remote)
        }
        None => Box::new(NotEnrolled { events: events.clone() }),
    };
    let voice: Box<dyn Voice> = match Espeak::start(options.voice.clone()) {
        Ok(voice) => Box::new(voice),
        Err(problem) => {
            tracing::error!(error = %problem, "no voice");
            Box::new(NoVoice)
        }
    };
    let printer: Box<dyn Printer> = {
        let hear = events.clone();
        let hear: machine::Hear = Arc::new(move |event| hear.send(event));
        match options.printer.device().context("the printer")? {
            Some(device) => Box::new(Printing::start(device, Arc::clone(&pulse), Arc::new(SystemClock), hear)?),
            None => Box::new(NoPrinter { hear }),
        }
    };
    let ports = Ports { gateway, printer, voice };
    let settings = settings.unwrap_or_else(|| {
        let vietnamese = Signs { site_name: options.site_name.clone(), ..Signs::default() };
        Settings { vietnamese, ..Settings::default() }
    });
    run_with(options, settings, ports, &events, pulse)
}

/// Runs the terminal with what is handed in.
///
/// # Errors
/// Where there is no display, or the words cannot be read.
pub fn run_with(
    options: &Options,
    settings: Settings,
    ports: Ports,
    events: &Events,
    pulse: Arc<Pulse>,
) -> anyhow::Result<Ended> {
    let locales = Rc::new(Locales::embedded().context("the words")?);
    let screens = Rc::new(Screens::new(locales).context("the screen")?);
    let settings = Settings { can_speak: ports.voice.is_there(), ..settings };
    let clock = Monotonic(Instant::now());
    let mut terminal = Terminal::new(settings, Box::new(Composing::default()), Box::new(OsChance), clock.now());
    terminal.set_failed_screens(options.failed_screens);
    if !ports.printer.is_there() {
        events.push(Event::Printer(PrinterState::None));
    }
    let machine = Rc::new(Machine {
        terminal: RefCell::new(terminal),
        screens,
        ports: RefCell::new(ports),
        events: events.clone(),
        pulse,
        clock,
        sieve: RefCell::new(Sieve::new(DossierNumberParser::default())),
        held: Timer::default(),
        last_key: Cell::new(Duration::ZERO),
        shown: Cell::new(None),
        passed_on: Cell::new(false),
        lived: RefCell::default(),
        speak_at: Cell::new(None),
        restart: Cell::new(false),
    });
    CURRENT.set(Rc::downgrade(&machine));
    let hear: touch::Hear = {
        let machine = Rc::downgrade(&machine);
        Rc::new(move |event| {
            if let Some(machine) = machine.upgrade() {
                machine.pulse.touched(wall_clock());
                machine.events.push(event);
                machine.step();
            }
        })
    };
    let sift: touch::Sift = {
        let machine = Rc::downgrade(&machine);
        Rc::new(move |text| machine.upgrade().is_some_and(|machine| machine.sift(text)))
    };
    touch::connect(machine.screens.window(), &hear, &sift);
    machine.screens.window().global::<kiosk_screens::Speech<'_>>().on_focused({
        let machine = Rc::downgrade(&machine);
        move |name| {
            if let Some(machine) = machine.upgrade() {
                machine.speak_focused(&name);
            }
        }
    });
    let window = machine.screens.window().window();
    match options.window {
        Some((width, height)) => window.set_size(slint::PhysicalSize::new(width, height)),
        None => window.set_fullscreen(true),
    }
    let ticks = Timer::default();
    ticks.start(TimerMode::Repeated, TICK, {
        let machine = Rc::downgrade(&machine);
        move || {
            if let Some(machine) = machine.upgrade() {
                machine.tick();
            }
        }
    });
    machine.tick();
    machine.screens.window().run().context("the screen")?;
    Ok(if machine.restart.get() { Ended::Restart } else { Ended::Closed })
}

struct Machine {
    terminal: RefCell<Terminal>,
    screens: Rc<Screens>,
    ports: RefCell<Ports>,
    events: Events,
    pulse: Arc<Pulse>,
    clock: Monotonic,
    sieve: RefCell<Sieve>,
    /// Wakes while keys come, to let go those that were held back long enough.
    held: Timer,
    last_key: Cell<Duration>,
    /// The countdown that is on the screen, once anything is.
    shown: Cell<Option<Option<u32>>>,
    /// One of the pad's keys is passed on as the keyboard's own.
    passed_on: Cell<bool>,
    lived: RefCell<Lived>,
    /// When the screen, by then shown, has said itself.
    speak_at: Cell<Option<Duration>>,
    restart: Cell<bool>,
}

impl Machine {
    /// All events that wait are handled, and what they lead to is shown.
    fn step(&self) {
        // A touch may come while another one is handled: it waits its turn.
        let Ok(mut terminal) = self.terminal.try_borrow_mut() else { return };
        let mut passing = true;
        loop {
            let Some(mut event) = self.events.next() else { break };
            passing &= matches!(event, Event::Tick { .. });
            if let Event::Settings(settings) = &mut event {
                // The gateway knows nothing of it.
                settings.can_speak = self.ports.borrow().voice.is_there();
            }
            for command in terminal.handle(event, self.clock.now()) {
                passing = false;
                self.carry_out(command, || terminal.letterhead());
            }
        }
        // Time that passes changes nothing but the countdown: five times a second
        // there is nothing to show.
        let countdown = Some(terminal.countdown());
        if self.shown.replace(countdown) != countdown || !passing {
            self.screens.show(&terminal);
        }
    }

    fn tick(&self) {
        let (speaking, can_speak) = {
            let ports = self.ports.borrow();
            (ports.voice.is_speaking(), ports.voice.is_there())
        };
        // A voice is known to be there only some moments after the start.
        let settings = self.terminal.try_borrow().ok().map(|terminal| terminal.settings().clone());
        if let Some(settings) = settings.filter(|settings| settings.can_speak != can_speak) {
            self.events.push(Event::Settings(Box::new(settings)));
        }
        self.events.push(Event::Tick { speaking });
        self.screens.set_clock(&time_of_day());
        self.step();
        if self.speak_at.get().is_some_and(|at| self.clock.now() >= at) {
            self.speak_at.set(None);
            let (locale, headphones) = {
                let terminal = self.terminal.borrow();
                (terminal.comfort().locale, terminal.headphones())
            };
            let said = self.screens.read_aloud(headphones);
            self.ports.borrow_mut().voice.speak(&said, locale, headphones);
        }
    }

    /// A key before any control has it; `true` where it goes no further.
    fn sift(&self, text: &str) -> bool {
        if !self.passed_on.get()
            && let Some(pressed) = pad::pressed(text)
        {
            self.pulse.touched(wall_clock());
            self.pad(pressed);
            return true;
        }
        let at = self.lives();
        let sifted = self.sieve.borrow_mut().key(text, at, today());
        self.pulse.touched(wall_clock());
        // A key that is held back changes nothing on the screen.
        if !sifted.events.is_empty() {
            sifted.events.into_iter().for_each(|event| self.events.push(event));
            self.step();
        }
        self.look_often(at);
        sifted.taken
    }

    /// A key of the tactile keypad.
    fn pad(&self, pressed: Pressed) {
        match pressed {
            Pressed::Event(event) => self.events.push(event),
            Pressed::Headphones(are_in) => {
                self.ports.borrow_mut().voice.set_headphones(are_in);
                self.events.push(Event::Headphones(are_in));
            }
            Pressed::Volume { louder } => {
                self.ports.borrow_mut().voice.change_volume(louder);
                self.events.push(Event::SayAgain);
            }
            Pressed::Keyboard(text) => return self.pass_on(text),
        }
        self.step();
    }

    /// What the keyboard's own key does, once this one is done with.
    fn pass_on(&self, text: slint::SharedString) {
        let _ = slint::invoke_from_event_loop(move || {
            CURRENT.with_borrow(|machine| {
                let Some(machine) = machine.upgrade() else { return };
                machine.passed_on.set(true);
                let window = machine.screens.window().window();
                for event in
                    [WindowEvent::KeyPressed { text: text.clone() }, WindowEvent::KeyReleased { text: text.clone() }]
                {
                    window.dispatch_event(event);
                }
                machine.passed_on.set(false);
            });
        });
    }

    /// Keys that were held back long enough are a person's.
    fn release(&self) {
        let at = self.lives();
        let events = self.sieve.borrow_mut().tick(at, today());
        if !events.is_empty() {
            events.into_iter().for_each(|event| self.events.push(event));
            self.step();
        }
        let quiet = at.saturating_sub(self.last_key.get()) > QUIET && self.sieve.borrow().due().is_none();
        if quiet {
            self.held.stop();
        }
    }

    /// The time for keys.
    fn lives(&self) -> Duration {
        let now = self.clock.now();
        let mut lived = self.lived.borrow_mut();
        // A loop that slept was not held up.
        if self.held.running() { lived.at(now) } else { lived.rested(now) }
    }

    /// While keys come they are looked at often; a terminal that nobody touches
    /// sleeps.
    fn look_often(&self, at: Duration) {
        self.last_key.set(at);
        if self.held.running() {
            return;
        }
        self.held.start(TimerMode::Repeated, HELD, || {
            CURRENT.with_borrow(|machine| {
                if let Some(machine) = machine.upgrade() {
                    machine.release();
                }
            });
        });
    }

    /// A control that gets the focus says its name, also in the middle of a page.
    fn speak_focused(&self, name: &str) {
        let Ok(terminal) = self.terminal.try_borrow() else { return };
        if terminal.comfort().speech {
            self.speak_at.set(None);
            // Controls have names that anybody may hear.
            let (locale, headphones) = (terminal.comfort().locale, terminal.headphones());
            self.ports.borrow_mut().voice.speak(name, locale, headphones);
        }
    }

    fn carry_out(&self, command: Command, head: impl FnOnce() -> Letterhead) {
        let mut ports = self.ports.borrow_mut();
        match command {
            Command::Ask { id, question, locale } => ports.gateway.ask(id, question, locale),
            Command::ForgetAsked => {
                self.sieve.borrow_mut().wipe();
                ports.gateway.forget();
            }
            Command::Print { id, job, locale } => ports.printer.print(id, job, locale, head()),
            Command::StopSpeech => {
                self.speak_at.set(None);
                ports.voice.stop();
            }
            Command::SpeakScreen => {
                if ports.voice.is_there() {
                    ports.voice.stop();
                    self.speak_at.set(Some(self.clock.now() + READING));
                    // After this event's screen has been made.
                    let screens = Rc::downgrade(&self.screens);
                    Timer::single_shot(READING / 3, move || {
                        if let Some(screens) = screens.upgrade() {
                            screens.listen();
                        }
                    });
                }
            }
            Command::Restart => {
                self.restart.set(true);
                if let Err(problem) = slint::quit_event_loop() {
                    tracing::error!(error = %problem, "the screen does not end");
                }
            }
        }
    }
}

/// A terminal without a key asks nobody: every question is answered as when the
/// gateway cannot be reached, which is what it is.
struct NotEnrolled {
    events: Events,
}

impl Gateway for NotEnrolled {
    fn ask(&mut self, id: AskId, _: Question, _: Locale) {
        self.events.push(Event::Answered(id, Err(Trouble::Unreachable)));
    }

    fn forget(&mut self) {}
}

/// No voice: the screens do not offer to be read aloud.
struct NoVoice;

impl Voice for NoVoice {
    fn speak(&mut self, _: &str, _: Locale, _: bool) {}

    fn stop(&mut self) {}

    fn is_there(&self) -> bool {
        false
    }

    fn is_speaking(&self) -> bool {
        false
    }

    fn set_headphones(&mut self, _: bool) {}

    fn change_volume(&mut self, _: bool) {}
}

/// The machine's own clock for spans of time.
struct Monotonic(Instant);

impl Clock for Monotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The operating system's chance.
struct OsChance;

impl Randomness for OsChance {
    fn key(&mut self) -> [u8; 16] {
        let mut key = [0; 16];
        rand::rng().fill_bytes(&mut key);
        key
    }
}

/// What the clock in the head says.
fn time_of_day() -> String {
    local_datetime(wall_clock()).strftime("%H:%M").to_string()
}

/// Halls are in Vietnam, whatever their machines believe.
fn today() -> Date {
    local_date(wall_clock())
}

#[expect(clippy::disallowed_methods, reason = "the composition is where time comes from; the logic has its own clock")]
fn wall_clock() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
