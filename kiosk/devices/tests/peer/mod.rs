//! A printer that speaks ESC/POS by a script. The terminal's own stories print
//! on it too.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use kiosk_devices::printer::ROW_BYTES;

/// How the peer behaves.
#[derive(Clone, Copy, Default)]
pub(crate) struct Script {
    /// It never answers a status.
    pub(crate) mute: bool,
    /// It says so from the start.
    pub(crate) cover_open: bool,
    /// Paper ends after so many bands.
    pub(crate) paper_for: Option<usize>,
    /// It reads nothing more, and answers nothing, after so many bands.
    pub(crate) hangs_after: Option<usize>,
    /// It closes the road after so many bands.
    pub(crate) closes_after: Option<usize>,
}

/// What it got of one connection: bands as they were printed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Paper {
    pub(crate) rows: Vec<u8>,
    pub(crate) bands: Vec<usize>,
    pub(crate) initialised: usize,
    pub(crate) cuts: usize,
    /// Zero bytes between commands.
    pub(crate) zeros: usize,
}

/// Reads ESC/POS byte by byte, as a printer does.
pub(crate) struct Peer<S> {
    road: S,
    script: Script,
    paper: Paper,
}

impl<S: Read + Write> Peer<S> {
    pub(crate) fn of(road: S, script: Script) -> Self {
        Self { road, script, paper: Paper::default() }
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        match self.road.read(&mut byte) {
            Ok(1) => Some(byte[0]),
            _ => None,
        }
    }

    fn answer(&mut self, n: u8) -> Option<()> {
        if self.script.mute {
            return Some(());
        }
        let out = self.script.paper_for.is_some_and(|bands| self.paper.bands.len() >= bands);
        let cover = self.script.cover_open;
        let byte = match n {
            1 if out || cover => 0x12 | 0x08,
            2 if cover => 0x12 | 0x04,
            2 if out => 0x12 | 0x20,
            4 if out => 0x12 | 0x60,
            _ => 0x12,
        };
        // XON first, as serial printers send it.
        self.road.write_all(&[0x11, byte]).ok()
    }

    /// Until the road ends or the script does.
    pub(crate) fn run(mut self) -> (Paper, Option<S>) {
        while let Some(byte) = self.byte() {
            let done = match byte {
                0 => {
                    self.paper.zeros += 1;
                    Some(())
                }
                0x10 => self.byte().and_then(|_| self.byte()).and_then(|n| self.answer(n)),
                0x1B => match self.byte() {
                    Some(0x40) => {
                        self.paper.initialised += 1;
                        Some(())
                    }
                    _ => self.byte().map(|_| ()),
                },
                0x1D => match self.byte() {
                    Some(0x76) => self.band(),
                    _ => {
                        self.paper.cuts += 1;
                        self.byte().and_then(|_| self.byte()).map(|_| ())
                    }
                },
                other => panic!("no command: {other:#x}"),
            };
            if done.is_none() {
                break;
            }
            let bands = Some(self.paper.bands.len());
            if bands == self.script.closes_after {
                return (self.paper, None);
            }
            if bands == self.script.hangs_after {
                return (self.paper, Some(self.road));
            }
        }
        (self.paper, None)
    }

    fn band(&mut self) -> Option<()> {
        let head: Vec<u8> = (0..6).map_while(|_| self.byte()).collect();
        let [_, _, low, high, rows_low, rows_high] = head[..] else { return None };
        let (width, rows) =
            (usize::from(u16::from_le_bytes([low, high])), usize::from(u16::from_le_bytes([rows_low, rows_high])));
        assert_eq!(width, ROW_BYTES);
        let mut dots = vec![0; width * rows];
        self.road.read_exact(&mut dots).ok()?;
        self.paper.rows.extend(dots);
        self.paper.bands.push(rows);
        Some(())
    }
}

/// A printer on the network: connection after connection, each by its script.
pub(crate) fn network(scripts: Vec<Script>) -> (std::net::SocketAddr, Receiver<Paper>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, papers) = channel();
    thread::spawn(move || {
        let mut hung: Vec<TcpStream> = Vec::new();
        for script in scripts {
            let Ok((road, _)) = listener.accept() else { return };
            let (paper, road) = Peer::of(road, script).run();
            hung.extend(road);
            if tell.send(paper).is_err() {
                return;
            }
        }
    });
    (address, papers)
}
