//! The whole port: jobs in, events out, and the heartbeat's word on the printer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use gateway_core::domain::Locale;
use kiosk::flow::Event;
use kiosk::flow::ports::{AskId, Job, NotPrinted, PrintOutcome, Printer as _};
use kiosk::machine::{Hear, Pulse};
use kiosk::print::{NoPrinter, Press, PrinterChoice, Printing};
use kiosk_client::SystemClock;
use kiosk_devices::printer::{Device, EscPos, EscPosSettings, PrinterState, Tcp};
use parking_lot::Mutex;

use crate::peer::{Script, network};
use crate::samples::{checklist, head, now, taken};

const PATIENCE: Duration = Duration::from_secs(60);

struct Bench {
    printing: Printing,
    pulse: Arc<Pulse>,
    events: Receiver<Event>,
    states: Arc<Mutex<Vec<PrinterState>>>,
}

impl Bench {
    fn with(device: Box<dyn Device>) -> Self {
        let (pulse, states) = (Arc::new(Pulse::default()), Arc::<Mutex<Vec<PrinterState>>>::default());
        let (tell, events) = channel();
        let heard = Arc::clone(&states);
        let hear: Hear = Arc::new(move |event| match event {
            Event::Printer(state) => heard.lock().push(state),
            event => tell.send(event).unwrap_or_default(),
        });
        let printing = Printing::start(device, Arc::clone(&pulse), Arc::new(SystemClock), hear).unwrap();
        Self { printing, pulse, events, states }
    }

    fn on(address: SocketAddr) -> Self {
        let settings = EscPosSettings {
            connect: Duration::from_secs(5),
            band: Duration::from_millis(400),
            answer: Duration::from_millis(300),
            ..EscPosSettings::default()
        };
        Self::with(Box::new(EscPos::new(Tcp::new(address), settings)))
    }

    fn prints(&mut self, id: u64, job: Job) {
        self.printing.print(AskId(id), job, Locale::VI, head());
    }

    fn hears(&self) -> (u64, PrintOutcome) {
        match self.events.recv_timeout(PATIENCE).unwrap() {
            Event::Printed(AskId(id), outcome) => (id, outcome),
            event => panic!("{event:?}"),
        }
    }
}

fn ticket() -> Job {
    Job::Ticket(taken())
}

#[test]
fn a_ticket_goes_to_the_printer_dot_by_dot_and_the_heartbeat_knows_it() {
    let (address, papers) = network(vec![Script::default()]);
    let mut bench = Bench::on(address);
    bench.prints(7, ticket());
    assert_eq!(bench.hears(), (7, Ok(())));
    assert_eq!((bench.pulse.printer(), bench.states.lock().clone()), (PrinterState::Ready, vec![PrinterState::Ready]));
    drop(bench);
    let paper = papers.recv_timeout(PATIENCE).unwrap();
    let sheet = Press::new().unwrap().lay(&ticket(), Locale::VI, &head(), now()).unwrap();
    assert_eq!(paper.rows, sheet.rows());
    assert_eq!(paper.cuts, 1);
}

#[test]
fn paper_that_is_missing_or_ends_is_told_and_the_heartbeat_knows_it() {
    for (script, why, state) in [
        (Script { paper_for: Some(0), ..Script::default() }, NotPrinted::PaperOut, PrinterState::PaperOut),
        (Script { paper_for: Some(2), ..Script::default() }, NotPrinted::PaperOut, PrinterState::PaperOut),
        (Script { cover_open: true, ..Script::default() }, NotPrinted::CoverOpen, PrinterState::CoverOpen),
    ] {
        let (address, _papers) = network(vec![script]);
        let mut bench = Bench::on(address);
        bench.prints(1, ticket());
        assert_eq!(bench.hears(), (1, Err(why)));
        assert_eq!(bench.pulse.printer(), state);
        assert_eq!(bench.states.lock().last().copied(), Some(state));
    }
}

#[test]
fn a_printer_that_dies_in_the_middle_prints_the_reprint_whole() {
    let (address, papers) = network(vec![Script { closes_after: Some(2), ..Script::default() }, Script::default()]);
    let mut bench = Bench::on(address);
    bench.prints(1, ticket());
    assert_eq!(bench.hears(), (1, Err(NotPrinted::Offline)));
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap().bands.len(), 2);
    bench.prints(2, ticket());
    assert_eq!(bench.hears(), (2, Ok(())));
    drop(bench);
    let sheet = Press::new().unwrap().lay(&ticket(), Locale::VI, &head(), now()).unwrap();
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap().rows, sheet.rows());
}

/// Whoever presses on while it hangs is told at once, and everyone hears how it
/// ended, each once.
#[test]
fn a_printer_that_hangs_blocks_nobody_and_a_full_queue_is_told() {
    let (address, _papers) = network(vec![Script { hangs_after: Some(1), ..Script::default() }]);
    let mut bench = Bench::on(address);
    let began = Instant::now();
    for id in 1..=30 {
        bench.prints(id, ticket());
    }
    assert!(began.elapsed() < Duration::from_secs(2), "the screen was blocked");
    let mut heard: Vec<(u64, PrintOutcome)> = (0..30).map(|_| bench.hears()).collect();
    heard.sort_unstable_by_key(|(id, _)| *id);
    assert!(heard.iter().map(|(id, _)| *id).eq(1..=30));
    assert_eq!(heard[0].1, Err(NotPrinted::Offline));
    assert_eq!(heard[29].1, Err(NotPrinted::Busy));
    assert!(heard.iter().all(|(_, outcome)| matches!(outcome, Err(NotPrinted::Offline | NotPrinted::Busy))));
}

#[test]
fn what_is_too_long_is_told_and_the_next_sheet_is_printed() {
    let (address, papers) = network(vec![Script::default()]);
    let mut bench = Bench::on(address);
    let mut list = checklist(None);
    let items = &mut list.answer.procedure.papers[0].items;
    let paper = items[1].clone();
    items.extend(std::iter::repeat_n(paper, 100));
    bench.prints(1, Job::Checklist(Box::new(list)));
    assert_eq!(bench.hears(), (1, Err(NotPrinted::TooLong)));
    bench.prints(2, Job::Checklist(Box::new(checklist(Some(1)))));
    assert_eq!(bench.hears(), (2, Ok(())));
    drop(bench);
    assert!(papers.recv_timeout(PATIENCE).unwrap().rows.len() > 1_000);
}

#[test]
fn pictures_lie_in_their_folder_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let choice: PrinterChoice = format!("picture:{}", folder.path().join("out").display()).parse().unwrap();
    let mut bench = Bench::with(choice.device().unwrap().unwrap());
    bench.prints(1, ticket());
    bench.prints(2, Job::Proof);
    assert_eq!((bench.hears(), bench.hears()), ((1, Ok(())), (2, Ok(()))));
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["ticket-0001.png", "ticket-0002.png"]);
}

#[test]
fn without_a_printer_nothing_is_printed_and_said_so() {
    let (tell, events) = channel();
    let mut none = NoPrinter { hear: Arc::new(move |event| tell.send(event).unwrap_or_default()) };
    assert!(!none.is_there());
    none.print(AskId(3), ticket(), Locale::VI, head());
    let event = events.recv_timeout(PATIENCE).unwrap();
    assert!(matches!(event, Event::Printed(AskId(3), Err(NotPrinted::Unable))), "{event:?}");
    assert_eq!(Pulse::default().printer(), PrinterState::None);
}
