//! ESC/POS, as much of it as every thermal printer knows: initialise, raster in
//! bands (`GS v 0`), feed, cut, and the real-time status (`DLE EOT`).

use std::io;
use std::time::{Duration, Instant};

use mobile_api_types::PrinterState;

use super::raster::{ROW_BYTES, Raster};
use super::transport::Transport;
use super::{Device, PrintProblem};

/// `ESC @`
const INITIALISE: [u8; 2] = [0x1B, 0x40];
/// `GS v 0`, normal size; width in bytes and height in dots follow.
const RASTER: [u8; 4] = [0x1D, 0x76, 0x30, 0x00];
/// `GS V 66 0`: feed to the knife and cut, leaving a bridge.
const CUT: [u8; 4] = [0x1D, 0x56, 0x42, 0x00];

/// How an ESC/POS printer is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscPosSettings {
    /// Rows of one band, 1–1,024: a small printer's buffer holds 4 to 16 kB.
    pub band_rows: u16,
    /// Lines of white before the cut, 0–20.
    pub feed_lines: u8,
    /// Whether there is a knife.
    pub cut: bool,
    /// Opening the road takes at most so long.
    pub connect: Duration,
    /// One band is taken within this.
    pub band: Duration,
    /// A status is answered within this.
    pub answer: Duration,
    /// A whole job takes at most so long.
    pub job: Duration,
}

impl Default for EscPosSettings {
    /// 96 rows (7 kB), 3 lines, a knife; 2 s, 4 s, 400 ms, 20 s.
    fn default() -> Self {
        Self {
            band_rows: 96,
            feed_lines: 3,
            cut: true,
            connect: Duration::from_secs(2),
            band: Duration::from_secs(4),
            answer: Duration::from_millis(400),
            job: Duration::from_secs(20),
        }
    }
}

/// An ESC/POS printer behind a transport.
pub struct EscPos<T> {
    transport: T,
    settings: EscPosSettings,
    /// Whether it answers to `DLE EOT`; not known before it was asked.
    answers: Option<bool>,
    /// The last job broke off in the middle: the printer may still wait for
    /// the rest of a band.
    broken: bool,
    /// Something of the job was sent.
    begun: bool,
}

impl<T: Transport> EscPos<T> {
    /// Nothing is opened yet.
    pub fn new(transport: T, settings: EscPosSettings) -> Self {
        Self { transport, settings, answers: None, broken: false, begun: false }
    }

    /// The printer's own word; `None` where it has none.
    fn ask(&mut self) -> io::Result<Option<PrinterState>> {
        let Some(printer) = self.status(1)? else { return Ok(None) };
        let cause = self.status(2)?.unwrap_or_default();
        let paper = self.status(4)?.unwrap_or_default();
        Ok(Some(if cause & 0x04 != 0 {
            PrinterState::CoverOpen
        } else if cause & 0x20 != 0 || paper & 0x60 != 0 {
            PrinterState::PaperOut
        } else if printer & 0x08 != 0 || cause & 0x40 != 0 {
            PrinterState::Offline
        } else {
            PrinterState::Ready
        }))
    }

    /// `DLE EOT n`. Its answer has four fixed bits; other bytes (answers that
    /// came late, XON/XOFF) are passed over.
    fn status(&mut self, n: u8) -> io::Result<Option<u8>> {
        // What is still there is the answer to an older question.
        for _ in 0..64 {
            if self.transport.read(Duration::ZERO)?.is_none() {
                break;
            }
        }
        self.transport.write(&[0x10, 0x04, n], self.settings.answer)?;
        let end = Instant::now() + self.settings.answer;
        loop {
            match self.transport.read(end.saturating_duration_since(Instant::now()))? {
                Some(byte) if byte & 0x93 == 0x12 => return Ok(Some(byte)),
                Some(_) if Instant::now() < end => {}
                _ => return Ok(None),
            }
        }
    }

    fn send(&mut self, ticket: &Raster) -> Result<(), Broken> {
        let end = Instant::now() + self.settings.job;
        self.begun = false;
        self.transport.open(self.settings.connect)?;
        if self.answers != Some(false) {
            let state = self.ask()?;
            self.answers = Some(state.is_some());
            if let Some(problem) = state.and_then(PrintProblem::of) {
                return Err(Broken::Told(problem));
            }
        }
        let rows = self.settings.band_rows.clamp(1, 1_024);
        if self.broken {
            // The end of the band that broke off; outside of a band these
            // bytes mean nothing.
            self.transport.write(&vec![0; usize::from(rows) * ROW_BYTES], self.settings.band)?;
        }
        self.broken = true;
        self.begun = true;
        self.transport.write(&INITIALISE, self.settings.band)?;
        for band in ticket.rows().chunks(usize::from(rows) * ROW_BYTES) {
            if Instant::now() >= end {
                return Err(Broken::Silent);
            }
            let [low, high] = u16::try_from(band.len() / ROW_BYTES).unwrap_or(rows).to_le_bytes();
            let mut bytes = Vec::with_capacity(8 + band.len());
            bytes.extend(RASTER);
            bytes.extend([u8::try_from(ROW_BYTES).unwrap_or(72), 0, low, high]);
            bytes.extend(band);
            self.transport.write(&bytes, self.settings.band)?;
            self.still_prints()?;
        }
        let mut last = vec![0x1B, 0x64, self.settings.feed_lines.min(20)];
        if self.settings.cut {
            last.extend(CUT);
        }
        self.transport.write(&last, self.settings.band)?;
        self.still_prints()?;
        self.broken = false;
        Ok(())
    }

    /// Between bands: paper may end in the middle of a ticket.
    fn still_prints(&mut self) -> Result<(), Broken> {
        if self.answers != Some(true) {
            return Ok(());
        }
        match self.ask()? {
            Some(state) => PrintProblem::of(state).map_or(Ok(()), |problem| Err(Broken::Told(problem))),
            // It answered before this ticket, and now it hangs.
            None => Err(Broken::Silent),
        }
    }

    /// Why it takes nothing: its own word, where it still has one.
    fn why(&mut self) -> PrintProblem {
        match self.ask() {
            Ok(Some(state)) => PrintProblem::of(state).unwrap_or(PrintProblem::Offline),
            Ok(None) | Err(_) => PrintProblem::Offline,
        }
    }
}

enum Broken {
    /// The printer says so.
    Told(PrintProblem),
    Silent,
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<T: Transport> Device for EscPos<T> {
    fn state(&mut self) -> PrinterState {
        if let Err(error) = self.transport.open(self.settings.connect) {
            tracing::debug!(%error, "printer not reached");
            return PrinterState::Offline;
        }
        match self.ask() {
            Ok(state) => {
                // One that has answered and is silent now is no mere taker.
                let silent = if self.answers == Some(true) { PrinterState::Offline } else { PrinterState::Unknown };
                self.answers = Some(self.answers == Some(true) || state.is_some());
                state.unwrap_or(silent)
            }
            Err(error) => {
                tracing::debug!(%error, "printer went away");
                self.transport.close();
                PrinterState::Offline
            }
        }
    }

    fn print(&mut self, ticket: &Raster) -> Result<(), PrintProblem> {
        // A road that was closed from the other side while nobody printed shows
        // only when it is used: one more try, before any dot is sent.
        let mut done = self.send(ticket);
        if matches!(done, Err(Broken::Io(_))) && !self.begun {
            self.transport.close();
            done = self.send(ticket);
        }
        let problem = match done {
            Ok(()) => return Ok(()),
            Err(Broken::Told(problem)) => return Err(problem),
            Err(Broken::Silent) => self.why(),
            Err(Broken::Io(error)) => {
                tracing::debug!(%error, "printing broke off");
                if error.kind() == io::ErrorKind::TimedOut { self.why() } else { PrintProblem::Offline }
            }
        };
        self.transport.close();
        Err(problem)
    }
}
