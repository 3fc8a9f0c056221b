//! The terminal's logic, without a window: events in, a state to be shown and
//! commands out. Time and chance are handed in. What is shown to a citizen is
//! one value, [`Session`]; a wipe drops it whole.

pub mod ask;
pub mod call;
mod event;
pub mod field;
pub mod fields;
pub mod idle;
pub mod look_up;
mod outbox;
pub mod phone;
pub mod ports;
pub mod printing;
pub mod procedures;
pub mod queue;
pub mod rate;
pub mod service;
mod settings;
mod state;

use std::time::Duration;

use gateway_core::domain::Locale;

use field::{Composer, Key};
use idle::{Idle, IdleClock};
use outbox::Outbox;
use ports::{AskId, Command, Outcome, Page, Randomness, Scan};
use service::PrinterState;

pub use event::{Act, Event, Place, Switch, Trouble};
pub use settings::{Comfort, FieldOf, IDLE, IDLE_ACCESSIBLE, Settings, Signs};

/// One citizen at the terminal: all that a wipe takes away.
#[derive(Debug, Default)]
pub struct Session {
    place: Place,
    comfort: Comfort,
    /// Something personal was on the screen: its memory cannot be trusted.
    was_personal: bool,
    unknown_scan: bool,
    look_up: look_up::LookUp,
    procedures: procedures::Procedures,
    queue: queue::Queue,
    rate: rate::Rate,
    ask: ask::Ask,
    call: call::Call,
    phone: Option<phone::Phone>,
    /// Where `Back` leads from the phone.
    phone_from: Place,
    menu: service::Menu,
}

/// The terminal.
pub struct Terminal {
    session: Session,
    settings: Settings,
    idle: IdleClock,
    now: Duration,
    connected: bool,
    headphones: bool,
    printer: PrinterState,
    failed_screens: u32,
    tries: service::Tries,
    gesture: service::Gesture,
    last_id: u64,
    composer: Box<dyn Composer>,
    chance: Box<dyn Randomness>,
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terminal").field("place", &self.session.place).finish_non_exhaustive()
    }
}

impl Terminal {
    /// A terminal that has just started.
    pub fn new(settings: Settings, composer: Box<dyn Composer>, chance: Box<dyn Randomness>, now: Duration) -> Self {
        Self {
            idle: IdleClock::new(settings.idle, now),
            session: Session { comfort: settings.usual(), ..Session::default() },
            settings,
            now,
            connected: true,
            headphones: false,
            printer: PrinterState::Unknown,
            failed_screens: 0,
            tries: service::Tries::default(),
            gesture: service::Gesture::default(),
            last_id: 0,
            composer,
            chance,
        }
    }

    /// Screens that failed in processes before this one.
    pub fn set_failed_screens(&mut self, failed: u32) {
        self.failed_screens = failed;
    }

    /// Something happens. What is to be done is handed back, in order.
    pub fn handle(&mut self, event: Event, now: Duration) -> Vec<Command> {
        self.now = now.max(self.now);
        let now = self.now;
        let mut last = self.last_id;
        let mut out = Outbox::new(&mut last, self.session.comfort.locale);
        let before = (self.session.place, self.stage_number());
        match event {
            Event::Answered(id, outcome) => self.answered(id, &outcome, &mut out),
            Event::Printed(id, outcome) => {
                let session = &mut self.session;
                let _ = session.queue.printed(id, outcome)
                    || session.procedures.printed(id, outcome)
                    || session.menu.printed(id, outcome);
            }
            Event::Connected(connected) => self.connected = connected,
            Event::Printer(state) => self.printer = state,
            Event::Settings(settings) => {
                let found = self.session.comfort == self.settings.usual() && self.session.place == Place::Home;
                self.settings = *settings;
                if found {
                    self.session.comfort = self.settings.usual();
                }
                self.set_span();
            }
            Event::Tick { speaking } => self.tick(speaking, now, &mut out),
            // Whoever puts headphones in wants to listen, and cannot see the
            // switch; whoever takes them out has done with listening.
            Event::Headphones(are_in) => {
                self.headphones = are_in;
                self.idle.touched(now);
                if self.settings.can_speak && self.session.comfort.speech != are_in {
                    self.switch(Switch::Speech, &mut out);
                }
            }
            Event::ScreenFailed => {
                self.failed_screens += 1;
                self.wipe(&mut out);
            }
            touched => {
                // Whoever is warned and touches anything is still here: that is
                // all that this touch does.
                let warned = self.countdown().is_some();
                self.idle.touched(now);
                if !warned || matches!(touched, Event::Finish) {
                    self.touched(touched, now, &mut out);
                }
            }
        }
        self.session.was_personal |= self.session.look_up.is_personal() || self.session.ask.is_personal();
        if before != (self.session.place, self.stage_number()) && self.session.comfort.speech {
            out.send(Command::SpeakScreen);
        }
        let commands = out.into_commands();
        self.last_id = last;
        commands
    }

    fn touched(&mut self, event: Event, now: Duration, out: &mut Outbox<'_>) {
        match event {
            Event::Go(place) => self.go(place, now, out),
            Event::Back => self.back(out),
            Event::Home => self.leave(out),
            Event::Finish => self.wipe(out),
            Event::CloseNotice => self.session.unknown_scan = false,
            Event::EmblemTouched => {
                if self.gesture.touched(now) && self.settings.service_pin_sha256.is_some() {
                    self.leave(out);
                    self.session.place = Place::Service;
                }
            }
            Event::Switch(switch) => self.switch(switch, out),
            Event::Key(key) => self.key(key),
            Event::Enter => self.enter(now, out),
            Event::Scanned(scan) => self.scanned(&scan, out),
            Event::Act(act) => self.act(act, now, out),
            // The touch itself was all.
            Event::MoreTime => {}
            Event::SayAgain => {
                if self.settings.can_speak {
                    out.send(Command::SpeakScreen);
                }
            }
            Event::Answered(..)
            | Event::Printed(..)
            | Event::Connected(_)
            | Event::Settings(_)
            | Event::Printer(_)
            | Event::Tick { .. }
            | Event::Headphones(_)
            | Event::ScreenFailed => {}
        }
    }

    fn go(&mut self, place: Place, now: Duration, out: &mut Outbox<'_>) {
        // Only what the operator offers, whoever asks.
        let offered = match place {
            Place::Home => true,
            Place::Call => self.settings.offers_call,
            Place::Service => false,
            place => self.settings.services.contains(&place),
        };
        if !offered {
            return;
        }
        let session = &mut self.session;
        match place {
            Place::Home => return self.leave(out),
            Place::LookUp => session.look_up = look_up::LookUp::default(),
            Place::Procedures => session.procedures = procedures::Procedures::default(),
            Place::Ticket => session.queue.open(out),
            Place::Rate => session.rate = rate::Rate::default(),
            Place::Ask => session.ask = ask::Ask::default(),
            Place::Call => session.call = call::Call::default(),
            Place::Phone => {
                session.phone_from = Place::Home;
                session.phone = Some(phone::Phone::open(Page::Home, now, out));
            }
            Place::Service => {}
        }
        self.composer.reset();
        self.session.place = place;
    }

    fn back(&mut self, out: &mut Outbox<'_>) {
        self.composer.reset();
        let session = &mut self.session;
        let stays = match session.place {
            Place::LookUp => session.look_up.back(),
            Place::Procedures => session.procedures.back(),
            Place::Ticket => session.queue.back(),
            Place::Rate => session.rate.back(),
            Place::Ask => session.ask.back(),
            Place::Phone if session.phone_from != Place::Home => {
                session.phone = None;
                session.place = session.phone_from;
                true
            }
            Place::Home | Place::Call | Place::Phone | Place::Service => false,
        };
        if !stays {
            self.leave(out);
        }
    }

    /// To the front page. What was typed and shown goes; how the citizen wants
    /// the screens stays, since they are still here.
    fn leave(&mut self, out: &mut Outbox<'_>) {
        let (comfort, was_personal) = (self.session.comfort, self.session.was_personal);
        self.session = Session { comfort, was_personal, ..Session::default() };
        self.composer.reset();
        out.send(Command::ForgetAsked);
    }

    /// Everything goes. Where something personal was shown, the process too:
    /// the toolkit's own copies cannot be reached from here.
    fn wipe(&mut self, out: &mut Outbox<'_>) {
        let was_personal = self.session.was_personal;
        self.session = Session { comfort: self.settings.usual(), ..Session::default() };
        self.composer.reset();
        self.set_span();
        self.idle.touched(self.now);
        out.send(Command::ForgetAsked);
        out.send(Command::StopSpeech);
        if was_personal {
            out.send(Command::Restart);
        }
    }

    fn switch(&mut self, switch: Switch, out: &mut Outbox<'_>) {
        let comfort = &mut self.session.comfort;
        match switch {
            Switch::Language if !self.settings.has_languages() => {}
            Switch::Language => {
                comfort.locale = if comfort.locale == Locale::VI { Locale::EN } else { Locale::VI };
                out.set_locale(comfort.locale);
                let session = &mut self.session;
                match session.place {
                    Place::LookUp => session.look_up.language_changed(out),
                    Place::Procedures => session.procedures.language_changed(out),
                    Place::Ticket => session.queue.language_changed(out),
                    Place::Ask => session.ask.language_changed(out),
                    _ => {}
                }
                if session.comfort.speech {
                    out.send(Command::SpeakScreen);
                }
            }
            Switch::Large => comfort.large = !comfort.large,
            Switch::Contrast => comfort.contrast = !comfort.contrast,
            Switch::Reach => comfort.reach = !comfort.reach,
            Switch::Speech => {
                comfort.speech = !comfort.speech;
                out.send(if comfort.speech { Command::SpeakScreen } else { Command::StopSpeech });
            }
        }
        self.set_span();
    }

    fn set_span(&mut self) {
        let comfort = self.session.comfort;
        let slow = comfort.large || comfort.speech;
        self.idle.set_span(if slow {
            self.settings.idle_accessible.max(self.settings.idle)
        } else {
            self.settings.idle
        });
    }

    fn key(&mut self, key: Key) {
        let composer = &mut *self.composer;
        let session = &mut self.session;
        match session.place {
            Place::LookUp => {
                session.look_up.key(key, composer);
            }
            Place::Procedures => {
                session.procedures.key(key, composer);
            }
            Place::Ask => {
                session.ask.key(key, composer);
            }
            Place::Phone => {
                if let Some(phone) = &mut session.phone {
                    phone.key(key, composer);
                }
            }
            Place::Service => session.menu.key(key),
            Place::Home | Place::Ticket | Place::Rate | Place::Call => {}
        }
    }

    fn enter(&mut self, now: Duration, out: &mut Outbox<'_>) {
        match self.session.place {
            Place::LookUp => self.act(Act::LookUp(look_up::Act::Submit), now, out),
            Place::Procedures => self.act(Act::Procedures(procedures::Act::Submit), now, out),
            Place::Ask => self.act(Act::Ask(ask::Act::Submit), now, out),
            Place::Phone => self.act(Act::ConfirmPhone, now, out),
            Place::Service => self.act(Act::Service(service::Act::Unlock), now, out),
            Place::Home | Place::Ticket | Place::Rate | Place::Call => {}
        }
    }

    fn scanned(&mut self, scan: &Scan, out: &mut Outbox<'_>) {
        let looks_up = self.settings.services.contains(&Place::LookUp);
        let gives_numbers = self.settings.services.contains(&Place::Ticket);
        let session = &mut self.session;
        session.unknown_scan = false;
        let understood = match scan {
            Scan::Dossier(_) | Scan::Ticket(_) if session.place == Place::Rate && session.rate.scan(scan) => true,
            Scan::Dossier(_) if looks_up => {
                session.place = Place::LookUp;
                session.look_up.scan(scan, out)
            }
            Scan::Identity(_) if session.place == Place::LookUp => session.look_up.scan(scan, out),
            Scan::Ticket(code) if gives_numbers => {
                session.place = Place::Ticket;
                session.queue.scan(code, out);
                true
            }
            _ => false,
        };
        session.unknown_scan = !understood;
    }

    fn act(&mut self, act: Act, now: Duration, out: &mut Outbox<'_>) {
        let carried = self.carried();
        let session = &mut self.session;
        match act {
            Act::LookUp(act) => session.look_up.act(act, out),
            Act::RateDossier => {
                if let Some(dossier) = session.look_up.dossier() {
                    session.rate = rate::Rate::of(rate::Rated::Dossier(dossier.number.to_string()));
                    session.place = Place::Rate;
                }
            }
            Act::Procedures(procedures::Act::OpenFields) => session.procedures.open_fields(&self.settings.fields),
            Act::Procedures(act) => session.procedures.act(act, out),
            Act::Queue(act) => session.queue.act(act, &mut *self.chance, out),
            Act::Rate(act) => session.rate.act(act, &mut *self.chance, out),
            Act::Ask(act) => session.ask.act(act, out),
            Act::Call(reason) => session.call.call(reason, now, out),
            Act::ToPhone => {
                if let Some(page) = carried {
                    session.phone_from = session.place;
                    session.phone = Some(phone::Phone::open(page, now, out));
                    session.place = Place::Phone;
                }
            }
            Act::ConfirmPhone => {
                if let Some(phone) = &mut session.phone {
                    phone.confirm(out);
                }
            }
            Act::PhoneAgain => {
                if let Some(phone) = &mut session.phone {
                    phone.again(now, out);
                }
            }
            Act::Service(service::Act::Unlock) => {
                session.menu.unlock(self.settings.service_pin_sha256.as_deref(), &mut self.tries, now);
            }
            Act::Service(service::Act::PrintProof) => session.menu.print(out),
            Act::Service(service::Act::Restart) => {
                if session.menu.unlocked() {
                    out.send(Command::Restart);
                }
            }
        }
        if self.stage_takes_words() {
            self.composer.reset();
        }
    }

    fn answered(&mut self, id: AskId, outcome: &Outcome, out: &mut Outbox<'_>) {
        match outcome {
            Ok(_) => self.connected = true,
            Err(Trouble::Unreachable) => self.connected = false,
            Err(_) => {}
        }
        let can_print = self.can_print();
        let session = &mut self.session;
        // An answer that nobody waits for (its citizen has left) finds no owner.
        let _ = session.look_up.answered(id, outcome)
            || session.procedures.answered(id, outcome)
            || session.queue.answered(id, outcome, can_print, out)
            || session.rate.answered(id, outcome)
            || session.ask.answered(id, outcome)
            || session.call.answered(id, outcome)
            || session.phone.as_mut().is_some_and(|phone| phone.answered(id, outcome));
    }

    fn tick(&mut self, speaking: bool, now: Duration, out: &mut Outbox<'_>) {
        let warned = self.countdown().is_some();
        match self.idle.tick(now, speaking) {
            Idle::Over => {
                if self.session.place != Place::Home || self.session.comfort != self.settings.usual() {
                    self.wipe(out);
                } else {
                    self.idle.touched(now);
                }
                return;
            }
            // The warning is heard, too, where there is a voice.
            Idle::Warned(_) if !warned && self.session.place != Place::Home => out.send(Command::SpeakScreen),
            Idle::Busy | Idle::Warned(_) => {}
        }
        match self.session.place {
            Place::Call => self.session.call.tick(now, out),
            Place::Phone => {
                if let Some(phone) = &mut self.session.phone {
                    phone.tick(now, out);
                }
            }
            _ => {}
        }
    }

    /// Whether letters are composed to words now.
    fn stage_takes_words(&self) -> bool {
        match self.session.place {
            Place::Procedures => self.session.procedures.stage() == procedures::Stage::Search,
            Place::Ask => self.session.ask.stage() == ask::Stage::Entry,
            _ => false,
        }
    }

    /// Which of its view's screens is shown, to know when another one is.
    fn stage_number(&self) -> u8 {
        let session = &self.session;
        match session.place {
            Place::Home => 0,
            Place::LookUp => session.look_up.stage() as u8,
            Place::Procedures => session.procedures.stage() as u8,
            Place::Ticket => session.queue.stage() as u8,
            Place::Rate => session.rate.stage() as u8,
            Place::Ask => session.ask.stage() as u8,
            Place::Call => session.call.stage() as u8,
            Place::Phone => session.phone.as_ref().map_or(0, |phone| phone.stage() as u8),
            Place::Service => u8::from(session.menu.unlocked()),
        }
    }
}

#[cfg(test)]
mod tests;
