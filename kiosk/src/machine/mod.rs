//! What stands behind the logic's ports in a terminal that is enrolled: the
//! gateway, on a thread of its own, so that the screen waits for nothing.

mod answers;
mod settings;
mod trouble;
mod worker;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gateway_core::domain::Locale;
use jiff::Timestamp;
use kiosk_client::{
    CatalogueShelf, ClientSettings, Clock, Gateway, HttpClientError, KeyFile, LastKnown, LocalTicketBook,
    SystemRandomness,
};
use mobile_api_types::PrinterState;
use parking_lot::Mutex;
use thiserror::Error;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Sender, channel};

use crate::flow::ports::{self, AskId, Question};
use crate::flow::{Event, Settings};
use worker::Desk;

/// The languages that the screens have; what is shown before one is chosen is
/// in the first.
const LANGUAGES: [&str; 2] = [FIRST_LANGUAGE, ENGLISH];
const FIRST_LANGUAGE: &str = "vi";
const ENGLISH: &str = "en";
/// Questions that wait for the thread, which takes them at once: more than a
/// pair of hands can touch meanwhile.
const QUEUE: usize = 32;

/// Where events go; called on the thread and quick.
pub type Hear = Arc<dyn Fn(Event) + Send + Sync>;

/// Why there is no gateway behind the screens.
#[derive(Debug, Error)]
pub enum MachineProblem {
    /// The address, the key file, TLS.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// No thread, no runtime.
    #[error("the gateway's thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// How the terminal is, told with each round: written by the screen, read by
/// the thread.
#[derive(Debug, Default)]
pub struct Pulse {
    last_use: Mutex<Option<Timestamp>>,
    printer: Mutex<Option<PrinterState>>,
    screens_failed: AtomicU32,
}

impl Pulse {
    /// Somebody touches it.
    pub fn touched(&self, at: Timestamp) {
        *self.last_use.lock() = Some(at);
    }

    /// How the printer is.
    pub fn set_printer(&self, state: PrinterState) {
        *self.printer.lock() = Some(state);
    }

    /// Screens that failed.
    pub fn set_screens_failed(&self, count: u32) {
        self.screens_failed.store(count, Ordering::Relaxed);
    }

    fn last_use(&self) -> Option<Timestamp> {
        *self.last_use.lock()
    }

    /// How the printer is, as the heartbeat tells it.
    pub fn printer(&self) -> PrinterState {
        self.printer.lock().unwrap_or(PrinterState::None)
    }

    fn screens_failed(&self) -> u32 {
        self.screens_failed.load(Ordering::Relaxed)
    }
}

/// The client of a gateway, with the key of this terminal, if it has one.
///
/// # Errors
/// [`HttpClientError`].
pub fn client(base_url: &str, key: &Path, clock: Arc<dyn Clock>) -> Result<Gateway, HttpClientError> {
    let random = Arc::new(SystemRandomness::default());
    Gateway::new(ClientSettings::new(base_url), KeyFile::new(key), clock, random)
}

/// The port to the gateway: hands questions to the thread, which ends when this
/// is dropped.
pub struct Remote {
    orders: Sender<Order>,
    hear: Hear,
}

enum Order {
    Ask { id: AskId, question: Question, locale: Locale },
    Forget,
}

impl Remote {
    /// Starts the thread, which begins with a round. Handed back with it: the
    /// settings that the gateway last said, for the time until it says them.
    ///
    /// # Errors
    /// [`MachineProblem`].
    pub fn start(
        gateway: Gateway,
        data: &Path,
        pulse: Arc<Pulse>,
        clock: Arc<dyn Clock>,
        hear: Hear,
    ) -> Result<(Self, Option<Settings>), MachineProblem> {
        let book = LocalTicketBook::open(data.join("own-numbers.json"))
            .inspect_err(|problem| tracing::error!(%problem, "no own numbers are given"))
            .ok();
        let desk = Desk {
            gateway,
            known: LastKnown::new(data),
            shelf: CatalogueShelf::new(data),
            book,
            clock,
            pulse,
            opened: Mutex::default(),
            there: AtomicBool::new(true),
            turned: Notify::new(),
        };
        // Without the catalogue's day and fields: it takes a while to look through,
        // and the home screen does not wait for them.
        let last_known = desk.settings_without_catalogue();
        // Both before the thread: what fails here is told to whoever starts it.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (orders, waiting) = channel(QUEUE);
        let heard = Arc::clone(&hear);
        std::thread::Builder::new()
            .name("gateway".to_owned())
            .spawn(move || runtime.block_on(desk.serve(waiting, heard)))?;
        Ok((Self { orders, hear }, last_known))
    }
}

impl ports::Gateway for Remote {
    fn ask(&mut self, id: AskId, question: Question, locale: Locale) {
        if self.orders.try_send(Order::Ask { id, question, locale }).is_err() {
            tracing::error!("the gateway's thread takes no questions");
            (self.hear)(Event::Answered(id, answers::TOO_MUCH));
        }
    }

    fn forget(&mut self) {
        // Where it cannot be told, the answers come and find nobody who waits.
        let _ = self.orders.try_send(Order::Forget);
    }
}
