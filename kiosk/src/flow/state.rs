//! What is shown of the terminal.

use super::idle::Idle;
use super::ports::{Letterhead, Page};
use super::service::PrinterState;
use super::{Comfort, Place, Settings, Terminal, ask, call, look_up, phone, procedures, queue, rate, service};

impl Terminal {
    /// The view that is shown.
    pub fn place(&self) -> Place {
        self.session.place
    }

    /// How the citizen wants it.
    pub fn comfort(&self) -> Comfort {
        self.session.comfort
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the gateway is there.
    pub fn connected(&self) -> bool {
        self.connected
    }

    /// How the printer stands.
    pub fn printer(&self) -> PrinterState {
        self.printer
    }

    /// Whether anything can be printed.
    pub fn can_print(&self) -> bool {
        self.printer != PrinterState::None
    }

    /// What stands on every sheet.
    pub fn letterhead(&self) -> Letterhead {
        Letterhead {
            site_name: self.settings.signs(self.session.comfort.locale).site_name.clone(),
            phone_base_url: self.settings.phone_base_url.clone(),
        }
    }

    /// Whether there is a voice.
    pub fn can_speak(&self) -> bool {
        self.settings.can_speak
    }

    /// Whether headphones are in: only then is anything personal spoken.
    pub fn headphones(&self) -> bool {
        self.headphones
    }

    /// How many screens have failed since the start.
    pub fn failed_screens(&self) -> u32 {
        self.failed_screens
    }

    /// Seconds until the wipe; `None` while nobody is warned.
    pub fn countdown(&self) -> Option<u32> {
        match self.idle.state() {
            Idle::Warned(seconds) if self.session.place != Place::Home => Some(seconds),
            _ => None,
        }
    }

    /// A scan that nothing could be made of.
    pub fn unknown_scan(&self) -> bool {
        self.session.unknown_scan
    }

    /// Of the look-up.
    pub fn look_up(&self) -> &look_up::LookUp {
        &self.session.look_up
    }

    /// Of the procedures.
    pub fn procedures(&self) -> &procedures::Procedures {
        &self.session.procedures
    }

    /// Of the queue.
    pub fn queue(&self) -> &queue::Queue {
        &self.session.queue
    }

    /// Of the rating.
    pub fn rate(&self) -> &rate::Rate {
        &self.session.rate
    }

    /// Of the questions.
    pub fn ask(&self) -> &ask::Ask {
        &self.session.ask
    }

    /// Of the call.
    pub fn call(&self) -> &call::Call {
        &self.session.call
    }

    /// Of the phone.
    pub fn phone(&self) -> Option<&phone::Phone> {
        self.session.phone.as_ref()
    }

    /// What a phone would go on with from here; `None` where nothing is carried, as
    /// from all that is somebody's own.
    pub fn carried(&self) -> Option<Page> {
        self.settings.services.contains(&Place::Phone).then_some(())?;
        match self.session.place {
            Place::Procedures => self.session.procedures.carried(),
            Place::Ticket => self.session.queue.carried(),
            _ => None,
        }
    }

    /// Of the service menu.
    pub fn menu(&self) -> &service::Menu {
        &self.session.menu
    }
}
