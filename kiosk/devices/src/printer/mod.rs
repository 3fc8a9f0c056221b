//! The printer, which never blocks the screen: a thread of its own takes jobs
//! from a short queue and tells what became of them.

mod escpos;
mod line;
mod raster;
mod transport;
mod virtual_printer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

pub use mobile_api_types::PrinterState;
use parking_lot::Mutex;
use thiserror::Error;

pub use escpos::{EscPos, EscPosSettings};
pub use line::{LineDevice, SerialSettings};
pub use raster::{MOST_ROWS, ROW_BYTES, Raster, RasterProblem, WIDTH};
pub use transport::{Tcp, Transport};
pub use virtual_printer::VirtualPrinter;

/// Jobs that wait at most: more people than that do not stand before one
/// terminal.
const QUEUE: usize = 4;

/// A printer as the thread drives it. Every call ends within a bounded time.
pub trait Device: Send {
    /// How it is now.
    fn state(&mut self) -> PrinterState;

    /// Prints a ticket and cuts it.
    ///
    /// # Errors
    /// Why it is not, or not wholly, on paper.
    fn print(&mut self, ticket: &Raster) -> Result<(), PrintProblem>;
}

/// Why a ticket is not on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum PrintProblem {
    /// Paper is wanted.
    #[error("paper is wanted")]
    PaperOut,
    /// Its cover is open.
    #[error("the cover is open")]
    CoverOpen,
    /// It cannot be reached, went away, or took nothing for too long.
    #[error("the printer does not answer")]
    Offline,
    /// The terminal has none.
    #[error("there is no printer")]
    None,
    /// Too many jobs wait already.
    #[error("too many jobs wait")]
    Busy,
}

impl PrintProblem {
    /// A code that stays the same between releases.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PaperOut => "printer_paper_out",
            Self::CoverOpen => "printer_cover_open",
            Self::Offline => "printer_offline",
            Self::None => "printer_none",
            Self::Busy => "printer_busy",
        }
    }

    /// What keeps a printer in this state from printing; nothing where it may
    /// try.
    pub const fn of(state: PrinterState) -> Option<Self> {
        match state {
            PrinterState::Ready | PrinterState::Unknown => None,
            PrinterState::PaperOut => Some(Self::PaperOut),
            PrinterState::CoverOpen => Some(Self::CoverOpen),
            PrinterState::Offline => Some(Self::Offline),
            PrinterState::None => Some(Self::None),
        }
    }
}

/// One job, numbered from 1 on since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Job(pub u64);

/// What the printer's thread tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterEvent {
    /// It is in another state than before.
    State(PrinterState),
    /// The ticket is on paper, as far as the printer can tell.
    Printed(Job),
    /// It is not, or not wholly: show the number large and offer a reprint.
    Failed(Job, PrintProblem),
}

/// The handle of the printer's thread; cheap to clone. When the last one is
/// dropped the thread ends after its job.
#[derive(Clone)]
pub struct Printer {
    jobs: Option<SyncSender<Order>>,
    state: Arc<Mutex<PrinterState>>,
    next: Arc<AtomicU64>,
}

enum Order {
    Print(Job, Box<Raster>),
    Look,
}

impl Printer {
    /// Starts the thread. It looks at the printer at once and then every
    /// `look_every`; `on_event` is called on that thread and must be quick
    /// (hand the event to the event loop).
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        device: Box<dyn Device>,
        look_every: Duration,
        on_event: Box<dyn FnMut(PrinterEvent) + Send>,
    ) -> std::io::Result<Self> {
        let (jobs, orders) = sync_channel(QUEUE);
        let state = Arc::new(Mutex::new(PrinterState::Unknown));
        let worker = Worker { device, on_event, state: Arc::clone(&state), told: None };
        std::thread::Builder::new().name("printer".to_owned()).spawn(move || worker.run(&orders, look_every))?;
        Ok(Self { jobs: Some(jobs), state, next: Arc::new(AtomicU64::new(1)) })
    }

    /// A terminal without a printer: every job is refused.
    pub fn none() -> Self {
        Self { jobs: None, state: Arc::new(Mutex::new(PrinterState::None)), next: Arc::new(AtomicU64::new(1)) }
    }

    /// Gives a ticket to the thread; returns at once.
    ///
    /// # Errors
    /// [`PrintProblem::Busy`] when too many wait (a hung printer), `None` where
    /// there is no printer, `Offline` when its thread is gone.
    pub fn print(&self, ticket: Raster) -> Result<Job, PrintProblem> {
        let jobs = self.jobs.as_ref().ok_or(PrintProblem::None)?;
        let job = Job(self.next.fetch_add(1, Ordering::Relaxed));
        match jobs.try_send(Order::Print(job, Box::new(ticket))) {
            Ok(()) => Ok(job),
            Err(TrySendError::Full(_)) => Err(PrintProblem::Busy),
            Err(TrySendError::Disconnected(_)) => Err(PrintProblem::Offline),
        }
    }

    /// Looks at the printer soon (somebody put paper in); the answer is an
    /// event.
    pub fn look(&self) {
        if let Some(jobs) = &self.jobs {
            // A full queue looks at the printer anyway.
            let _ = jobs.try_send(Order::Look);
        }
    }

    /// How it was when it was last looked at.
    pub fn state(&self) -> PrinterState {
        *self.state.lock()
    }
}

struct Worker {
    device: Box<dyn Device>,
    on_event: Box<dyn FnMut(PrinterEvent) + Send>,
    state: Arc<Mutex<PrinterState>>,
    told: Option<PrinterState>,
}

impl Worker {
    fn run(mut self, orders: &Receiver<Order>, look_every: Duration) {
        self.look();
        loop {
            match orders.recv_timeout(look_every) {
                Ok(Order::Print(job, ticket)) => self.print(job, &ticket),
                Ok(Order::Look) | Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn print(&mut self, job: Job, ticket: &Raster) {
        let done = self.device.print(ticket);
        let state = match done {
            Ok(()) => self.told.filter(|state| *state == PrinterState::Unknown).unwrap_or(PrinterState::Ready),
            Err(PrintProblem::PaperOut) => PrinterState::PaperOut,
            Err(PrintProblem::CoverOpen) => PrinterState::CoverOpen,
            Err(PrintProblem::Offline | PrintProblem::Busy) => PrinterState::Offline,
            Err(PrintProblem::None) => PrinterState::None,
        };
        self.tell(state);
        match done {
            Ok(()) => (self.on_event)(PrinterEvent::Printed(job)),
            Err(problem) => {
                tracing::warn!(job = job.0, code = problem.code(), "a ticket was not printed");
                (self.on_event)(PrinterEvent::Failed(job, problem));
            }
        }
    }

    fn look(&mut self) {
        let state = self.device.state();
        self.tell(state);
    }

    fn tell(&mut self, state: PrinterState) {
        *self.state.lock() = state;
        if self.told != Some(state) {
            self.told = Some(state);
            tracing::info!(state = state.key(), "printer");
            (self.on_event)(PrinterEvent::State(state));
        }
    }
}
