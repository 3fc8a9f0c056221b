//! Which printer: `none`, `tcp:192.0.2.7:9100`, `usb:/dev/usb/lp0`,
//! `serial:/dev/ttyS0@19200`, `picture:FOLDER`.

use std::path::PathBuf;
use std::str::FromStr;

use kiosk_devices::printer::{Device, EscPos, EscPosSettings, LineDevice, SerialSettings, Tcp, VirtualPrinter};
use thiserror::Error;

/// The port of printers on a network (raw printing).
const RAW_PORT: u16 = 9100;
/// Speeds of serial printers, in bits a second.
const SPEEDS: std::ops::RangeInclusive<u32> = 1_200..=921_600;

/// A printer, as the operator names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PrinterChoice {
    /// There is none.
    #[default]
    None,
    /// On the network.
    Tcp {
        /// Name or address.
        host: String,
        /// 9100 as a rule.
        port: u16,
    },
    /// A USB printer's device file.
    Usb(PathBuf),
    /// A serial line.
    Serial {
        /// Its device file.
        path: PathBuf,
        /// Bits a second.
        speed: u32,
    },
    /// Pictures in a folder, for demonstrations and tests.
    Picture(PathBuf),
}

/// It names no printer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a printer is written none, tcp:HOST:PORT, usb:/dev/usb/lp0, serial:/dev/ttyS0@19200 or picture:FOLDER, not {0:?}"
)]
pub struct UnknownPrinter(String);

impl FromStr for PrinterChoice {
    type Err = UnknownPrinter;

    fn from_str(text: &str) -> Result<Self, UnknownPrinter> {
        let unknown = || UnknownPrinter(text.to_owned());
        if text == "none" {
            return Ok(Self::None);
        }
        let (kind, rest) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()).ok_or_else(unknown)?;
        match kind {
            "tcp" => address(rest).ok_or_else(unknown),
            "usb" => Ok(Self::Usb(rest.into())),
            "serial" => {
                let (path, speed) = match rest.rsplit_once('@') {
                    Some((path, speed)) => (path, speed.parse().map_err(|_| unknown())?),
                    None => (rest, SerialSettings::default().speed),
                };
                if path.is_empty() || !SPEEDS.contains(&speed) {
                    return Err(unknown());
                }
                Ok(Self::Serial { path: path.into(), speed })
            }
            "picture" => Ok(Self::Picture(rest.into())),
            _ => Err(unknown()),
        }
    }
}

/// `HOST:PORT`, `HOST`, `[::1]:PORT`.
fn address(text: &str) -> Option<PrinterChoice> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, RAW_PORT),
        Some((host, port)) => (host, port.strip_prefix(':')?.parse().ok()?),
        None => match text.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (text, RAW_PORT),
        },
    };
    let whole = !host.is_empty() && port != 0 && !host.contains(char::is_whitespace);
    whole.then(|| PrinterChoice::Tcp { host: host.to_owned(), port })
}

impl PrinterChoice {
    /// What drives it; `None` where there is no printer. Nothing is opened yet:
    /// a printer that is off is no reason not to start.
    ///
    /// # Errors
    /// The folder of pictures cannot be made.
    pub fn device(&self) -> std::io::Result<Option<Box<dyn Device>>> {
        let settings = EscPosSettings::default();
        Ok(Some(match self {
            Self::None => return Ok(None),
            Self::Tcp { host, port } => Box::new(EscPos::new(Tcp::named(host.clone(), *port), settings)),
            Self::Usb(path) => Box::new(EscPos::new(LineDevice::usb(path), settings)),
            Self::Serial { path, speed } => {
                let line = SerialSettings { speed: *speed, ..SerialSettings::default() };
                Box::new(EscPos::new(LineDevice::serial(path, line), settings))
            }
            Self::Picture(folder) => Box::new(VirtualPrinter::new(folder)?),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Option<PrinterChoice> {
        Some(PrinterChoice::Tcp { host: host.to_owned(), port })
    }

    #[test]
    fn printers_are_read_as_they_are_written() {
        let serial = |path: &str, speed| Some(PrinterChoice::Serial { path: path.into(), speed });
        for (text, choice) in [
            ("none", Some(PrinterChoice::None)),
            ("tcp:192.0.2.7:9100", tcp("192.0.2.7", 9100)),
            ("tcp:may-in.local", tcp("may-in.local", 9100)),
            ("tcp:[2001:db8::7]:9101", tcp("2001:db8::7", 9101)),
            ("tcp:[::1]", tcp("::1", 9100)),
            ("usb:/dev/usb/lp0", Some(PrinterChoice::Usb("/dev/usb/lp0".into()))),
            ("serial:/dev/ttyS0@9600", serial("/dev/ttyS0", 9_600)),
            ("serial:/dev/ttyUSB0", serial("/dev/ttyUSB0", 19_200)),
            ("picture:out", Some(PrinterChoice::Picture("out".into()))),
            ("", None),
            ("lpt1", None),
            ("usb:", None),
            ("cups:office", None),
            ("tcp:", None),
            ("tcp::9100", None),
            ("tcp:host:0", None),
            ("tcp:host:port", None),
            ("tcp:::1:9100", None),
            ("serial:/dev/ttyS0@fast", None),
            ("serial:/dev/ttyS0@1", None),
            ("serial:@19200", None),
        ] {
            assert_eq!(text.parse::<PrinterChoice>().ok(), choice, "{text:?}");
        }
    }

    #[test]
    fn no_printer_drives_nothing_and_a_missing_one_is_no_reason_not_to_start() {
        assert!(PrinterChoice::None.device().unwrap().is_none());
        assert!(PrinterChoice::Usb("/nowhere/lp0".into()).device().unwrap().is_some());
        assert!(PrinterChoice::Picture("/dev/null/pictures".into()).device().is_err());
    }
}
