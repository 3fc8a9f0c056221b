//! Printers behind a device file: USB (`/dev/usb/lp0`) and serial
//! (`/dev/ttyS0`, `/dev/ttyUSB0`).

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{ControlModes, OptionalActions, tcgetattr, tcsetattr};

use super::transport::{Transport, left};

/// How a serial line is set: eight bits, no parity, one stop bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialSettings {
    /// Bits a second: 9,600 to 115,200 on known printers.
    pub speed: u32,
    /// RTS/CTS: without it a printer loses data while it is printing.
    pub flow_control: bool,
}

impl Default for SerialSettings {
    /// 19,200 with flow control.
    fn default() -> Self {
        Self { speed: 19_200, flow_control: true }
    }
}

/// A device file, opened without ever blocking.
pub struct LineDevice {
    path: PathBuf,
    serial: Option<SerialSettings>,
    file: Option<OwnedFd>,
    /// The file can be read too: the printer may answer.
    readable: bool,
}

impl LineDevice {
    /// A USB printer's file.
    pub fn usb(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), serial: None, file: None, readable: false }
    }

    /// A serial line.
    pub fn serial(path: impl Into<PathBuf>, settings: SerialSettings) -> Self {
        Self { path: path.into(), serial: Some(settings), file: None, readable: false }
    }

    fn file(&self) -> io::Result<&OwnedFd> {
        self.file.as_ref().ok_or_else(|| ErrorKind::NotConnected.into())
    }
}

impl Transport for LineDevice {
    fn open(&mut self, _within: Duration) -> io::Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let both = rustix::fs::open(&self.path, flags | OFlags::RDWR, Mode::empty());
        // Some drivers know one way only.
        let (file, readable) = match both {
            Ok(file) => (file, true),
            Err(Errno::ACCESS | Errno::INVAL | Errno::PERM) => {
                (rustix::fs::open(&self.path, flags | OFlags::WRONLY, Mode::empty())?, false)
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(settings) = self.serial {
            let mut line = tcgetattr(&file)?;
            line.make_raw();
            line.set_speed(settings.speed)?;
            line.control_modes.set(ControlModes::CRTSCTS, settings.flow_control);
            line.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
            tcsetattr(&file, OptionalActions::Now, &line)?;
        }
        self.readable = readable;
        self.file = Some(file);
        Ok(())
    }

    fn write(&mut self, mut bytes: &[u8], within: Duration) -> io::Result<()> {
        let end = Instant::now() + within;
        let file = self.file()?;
        while !bytes.is_empty() {
            match rustix::io::write(file, bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    if !wait(file, PollFlags::OUT, left(end)?)? {
                        return Err(ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read(&mut self, within: Duration) -> io::Result<Option<u8>> {
        if !self.readable {
            return Ok(None);
        }
        let file = self.file()?;
        if !wait(file, PollFlags::IN, within)? {
            return Ok(None);
        }
        let mut byte = [0];
        match rustix::io::read(file, &mut byte) {
            // A USB printer that says nothing reads as an empty file.
            Ok(0) | Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Ok(_) => Ok(Some(byte[0])),
            Err(error) => Err(error.into()),
        }
    }

    fn close(&mut self) {
        self.file = None;
    }
}

/// Whether the file is ready in time.
fn wait(file: &OwnedFd, what: PollFlags, within: Duration) -> io::Result<bool> {
    let end = Instant::now() + within;
    loop {
        let span = end.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(span).map_err(|_| ErrorKind::InvalidInput)?;
        let mut files = [PollFd::new(file, what)];
        match poll(&mut files, Some(&timeout)) {
            Ok(0) => return Ok(false),
            Ok(_) => {
                let [file] = &files;
                let happened = file.revents();
                if happened.intersects(what) {
                    return Ok(true);
                }
                // Unplugged.
                return Err(if happened.intersects(PollFlags::NVAL | PollFlags::ERR | PollFlags::HUP) {
                    ErrorKind::NotConnected.into()
                } else {
                    ErrorKind::TimedOut.into()
                });
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
