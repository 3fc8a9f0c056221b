//! A scripted printer behind a socket, and behind a serial line.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the peer and the helpers are part of the tests")]

mod peer;

use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use kiosk_devices::printer::{
    EscPos, EscPosSettings, Job, LineDevice, PrintProblem, Printer, PrinterEvent, PrinterState, ROW_BYTES, Raster,
    SerialSettings, Tcp,
};

use crate::peer::{Paper, Peer, Script, network};

const PATIENCE: Duration = Duration::from_secs(30);

fn quick() -> EscPosSettings {
    EscPosSettings {
        band_rows: 16,
        connect: Duration::from_secs(5),
        band: Duration::from_millis(400),
        answer: Duration::from_millis(300),
        ..EscPosSettings::default()
    }
}

fn on_network(address: std::net::SocketAddr) -> (Printer, Receiver<PrinterEvent>) {
    let (tell, events) = channel();
    let device = EscPos::new(Tcp::new(address), quick());
    let printer = Printer::start(Box::new(device), PATIENCE, told(tell)).unwrap();
    (printer, events)
}

fn told(tell: Sender<PrinterEvent>) -> Box<dyn FnMut(PrinterEvent) + Send> {
    Box::new(move |event| tell.send(event).unwrap_or_default())
}

/// The next event that is about a job.
fn done(events: &Receiver<PrinterEvent>) -> PrinterEvent {
    loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            PrinterEvent::State(_) => {}
            event => return event,
        }
    }
}

fn state(events: &Receiver<PrinterEvent>) -> PrinterState {
    match events.recv_timeout(PATIENCE).unwrap() {
        PrinterEvent::State(state) => state,
        event => panic!("{event:?}"),
    }
}

/// Forty rows, no two of the same dots.
fn ticket() -> Raster {
    let pixels: Vec<u8> = (0..576 * 40).map(|at| if (at / 576 + at) % 7 == 0 { 0 } else { 255 }).collect();
    Raster::from_luma(&pixels, 576, 40, 128).unwrap()
}

#[test]
fn a_ticket_in_bands_dot_by_dot() {
    let (address, papers) = network(vec![Script::default()]);
    let (printer, events) = on_network(address);
    assert_eq!(state(&events), PrinterState::Ready);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(job, Job(1));
    assert_eq!(done(&events), PrinterEvent::Printed(job));
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Printed(job));
    drop(printer);
    let paper = papers.recv_timeout(PATIENCE).unwrap();
    assert_eq!(paper.bands, [16, 16, 8, 16, 16, 8]);
    assert_eq!(paper.rows, [ticket().rows(), ticket().rows()].concat());
    assert_eq!((paper.initialised, paper.cuts, paper.zeros), (2, 2, 0));
}

#[test]
fn a_printer_that_says_nothing_is_printed_on() {
    let (address, papers) = network(vec![Script { mute: true, ..Script::default() }]);
    let (printer, events) = on_network(address);
    assert_eq!(state(&events), PrinterState::Unknown);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Printed(job));
    assert_eq!(printer.state(), PrinterState::Unknown);
    drop(printer);
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap().rows, ticket().rows());
}

#[test]
fn an_open_cover_and_missing_paper_are_told_before_anything_is_sent() {
    for (script, problem, found) in [
        (Script { cover_open: true, ..Script::default() }, PrintProblem::CoverOpen, PrinterState::CoverOpen),
        (Script { paper_for: Some(0), ..Script::default() }, PrintProblem::PaperOut, PrinterState::PaperOut),
    ] {
        let (address, papers) = network(vec![script]);
        let (printer, events) = on_network(address);
        assert_eq!(state(&events), found);
        let job = printer.print(ticket()).unwrap();
        assert_eq!(done(&events), PrinterEvent::Failed(job, problem));
        assert_eq!(printer.state(), found);
        drop(printer);
        assert_eq!(papers.recv_timeout(PATIENCE).unwrap(), Paper::default());
    }
}

#[test]
fn paper_that_ends_in_the_middle() {
    let (address, papers) = network(vec![Script { paper_for: Some(2), ..Script::default() }]);
    let (printer, events) = on_network(address);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Failed(job, PrintProblem::PaperOut));
    drop(printer);
    let paper = papers.recv_timeout(PATIENCE).unwrap();
    assert_eq!((paper.bands.len(), paper.cuts), (2, 0));
}

#[test]
fn a_printer_that_hangs_costs_a_bounded_time_and_blocks_nobody() {
    let (address, _papers) = network(vec![Script { hangs_after: Some(1), ..Script::default() }]);
    let (printer, events) = on_network(address);
    let began = Instant::now();
    let first = printer.print(ticket()).unwrap();
    // The queue is short: who comes too often is told at once.
    let mut refused = None;
    for _ in 0..12 {
        if let Err(problem) = printer.print(ticket()) {
            refused = Some(problem);
        }
    }
    assert_eq!(refused, Some(PrintProblem::Busy));
    assert!(began.elapsed() < Duration::from_secs(2), "the caller was blocked");
    assert_eq!(done(&events), PrinterEvent::Failed(first, PrintProblem::Offline));
}

#[test]
fn a_printer_that_closes_is_found_again_and_gets_a_clean_start() {
    let (address, papers) = network(vec![Script { closes_after: Some(1), ..Script::default() }, Script::default()]);
    let (printer, events) = on_network(address);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Failed(job, PrintProblem::Offline));
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap().bands, [16]);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Printed(job));
    drop(printer);
    let paper = papers.recv_timeout(PATIENCE).unwrap();
    assert_eq!(paper.rows, ticket().rows());
    assert_eq!(paper.zeros, 16 * ROW_BYTES, "the band that broke off was not ended");
}

#[test]
fn a_road_closed_while_nobody_printed_is_opened_again() {
    let (address, papers) = network(vec![Script { closes_after: Some(0), ..Script::default() }, Script::default()]);
    let (printer, events) = on_network(address);
    papers.recv_timeout(PATIENCE).unwrap();
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Printed(job));
}

#[test]
fn nobody_there() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (printer, events) = on_network(gone);
    assert_eq!(state(&events), PrinterState::Offline);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Failed(job, PrintProblem::Offline));
    assert_eq!(Printer::none().print(ticket()), Err(PrintProblem::None));
    assert_eq!(Printer::none().state(), PrinterState::None);
}

#[test]
fn a_serial_line() {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let (tell, papers) = channel();
    thread::spawn(move || {
        let road = std::fs::File::from(master);
        drop(tell.send(Peer::of(road, Script::default()).run().0));
    });
    let (told_of, events) = channel();
    let line = LineDevice::serial(path, SerialSettings { speed: 115_200, flow_control: false });
    let printer = Printer::start(Box::new(EscPos::new(line, quick())), PATIENCE, told(told_of)).unwrap();
    assert_eq!(state(&events), PrinterState::Ready);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Printed(job));
    drop(printer);
    let paper = papers.recv_timeout(PATIENCE).unwrap();
    assert_eq!((paper.rows.as_slice(), paper.cuts), (ticket().rows(), 1));
}

#[test]
fn a_usb_printer_that_is_not_plugged_in() {
    let folder = tempfile::tempdir().unwrap();
    let (tell, events) = channel();
    let usb = LineDevice::usb(folder.path().join("lp0"));
    let printer = Printer::start(Box::new(EscPos::new(usb, quick())), PATIENCE, told(tell)).unwrap();
    assert_eq!(state(&events), PrinterState::Offline);
    let job = printer.print(ticket()).unwrap();
    assert_eq!(done(&events), PrinterEvent::Failed(job, PrintProblem::Offline));
}
