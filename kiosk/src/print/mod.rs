//! The port to the printer. A sheet is laid out on a thread of its own and goes
//! to the printer's thread as dots: the screen waits for neither, and both
//! queues are short.

mod choice;
mod desk;
mod sheet;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use gateway_core::domain::Locale;
use kiosk_client::Clock;
use kiosk_devices::printer::{self, Device, PrintProblem, PrinterEvent};
use parking_lot::Mutex;

use crate::flow::Event;
use crate::flow::ports::{AskId, Job, Letterhead, NotPrinted, Printer};
use crate::machine::{Hear, Pulse};

pub use choice::{PrinterChoice, UnknownPrinter};
pub use sheet::{Press, PressProblem};

/// Sheets that wait to be laid out: the printer's own queue holds as many again.
const QUEUE: usize = 4;
/// Between two looks at the printer, so that a round's heartbeat is not far
/// behind, and paper that was put in is soon seen.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// A sheet to be laid out.
struct Order {
    id: AskId,
    job: Job,
    locale: Locale,
    head: Letterhead,
}

/// The port. Its threads end when it is dropped, after their jobs.
pub struct Printing {
    orders: SyncSender<Order>,
    hear: Hear,
}

impl Printing {
    /// Starts both threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        device: Box<dyn Device>,
        pulse: Arc<Pulse>,
        clock: Arc<dyn Clock>,
        hear: Hear,
    ) -> std::io::Result<Self> {
        let jobs: Jobs = Jobs::default();
        let printer = {
            let (jobs, hear) = (Arc::clone(&jobs), Arc::clone(&hear));
            printer::Printer::start(device, LOOK_EVERY, Box::new(move |event| told(event, &jobs, &pulse, &hear)))?
        };
        let (orders, waiting) = sync_channel(QUEUE);
        let desk = desk::Desk { printer, jobs, clock, hear: Arc::clone(&hear) };
        std::thread::Builder::new().name("layout".to_owned()).spawn(move || desk.serve(&waiting))?;
        Ok(Self { orders, hear })
    }
}

impl Printer for Printing {
    fn print(&mut self, id: AskId, job: Job, locale: Locale, head: Letterhead) {
        let why = match self.orders.try_send(Order { id, job, locale, head }) {
            Ok(()) => return,
            Err(TrySendError::Full(_)) => NotPrinted::Busy,
            Err(TrySendError::Disconnected(_)) => {
                tracing::error!("the layout's thread is gone");
                NotPrinted::Unable
            }
        };
        (self.hear)(Event::Printed(id, Err(why)));
    }

    fn is_there(&self) -> bool {
        true
    }
}

/// Whose sheet each of the printer's jobs is.
type Jobs = Arc<Mutex<HashMap<printer::Job, AskId>>>;

/// What the printer's thread tells, to the screen and for the heartbeat.
fn told(event: PrinterEvent, jobs: &Jobs, pulse: &Pulse, hear: &Hear) {
    let (job, outcome) = match event {
        PrinterEvent::State(state) => {
            pulse.set_printer(state);
            return hear(Event::Printer(state));
        }
        PrinterEvent::Printed(job) => (job, Ok(())),
        PrinterEvent::Failed(job, problem) => (job, Err(of_problem(problem))),
    };
    // Held by whoever hands a job in until its owner is written down.
    let owner = jobs.lock().remove(&job);
    if let Some(id) = owner {
        hear(Event::Printed(id, outcome));
    }
}

fn of_problem(problem: PrintProblem) -> NotPrinted {
    match problem {
        PrintProblem::PaperOut => NotPrinted::PaperOut,
        PrintProblem::CoverOpen => NotPrinted::CoverOpen,
        PrintProblem::Offline => NotPrinted::Offline,
        PrintProblem::Busy => NotPrinted::Busy,
        PrintProblem::None => NotPrinted::Unable,
    }
}

/// No printer: numbers are shown large, and nothing else offers to print.
pub struct NoPrinter {
    /// Who hears that nothing was printed.
    pub hear: Hear,
}

impl Printer for NoPrinter {
    fn print(&mut self, id: AskId, _: Job, _: Locale, _: Letterhead) {
        (self.hear)(Event::Printed(id, Err(NotPrinted::Unable)));
    }

    fn is_there(&self) -> bool {
        false
    }
}
