//! How bytes reach a printer.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// A road to a printer that carries bytes both ways. No call lasts longer than
/// it is told.
pub trait Transport: Send {
    /// Opens the road where it is not open.
    ///
    /// # Errors
    /// The printer cannot be reached.
    fn open(&mut self, within: Duration) -> io::Result<()>;

    /// Writes all bytes.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`] where the printer takes no more, or what broke.
    fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<()>;

    /// One byte; `None` where none comes in time.
    ///
    /// # Errors
    /// What broke.
    fn read(&mut self, within: Duration) -> io::Result<Option<u8>>;

    /// Closes the road; the next `open` makes a new one.
    fn close(&mut self);
}

/// A printer on the network, port 9100 as a rule.
pub struct Tcp {
    address: Address,
    stream: Option<TcpStream>,
}

enum Address {
    Known(SocketAddr),
    /// Asked for anew each time: a printer's address may change.
    Named(String, u16),
}

impl Tcp {
    /// Not yet connected.
    pub fn new(address: SocketAddr) -> Self {
        Self { address: Address::Known(address), stream: None }
    }

    /// The same by name (or address) and port. The name is asked for when the
    /// road is opened, by the system's resolver, which has waits of its own.
    pub fn named(host: impl Into<String>, port: u16) -> Self {
        Self { address: Address::Named(host.into(), port), stream: None }
    }

    fn stream(&mut self) -> io::Result<&mut TcpStream> {
        self.stream.as_mut().ok_or_else(|| ErrorKind::NotConnected.into())
    }
}

impl Transport for Tcp {
    fn open(&mut self, within: Duration) -> io::Result<()> {
        if self.stream.is_none() {
            let address = match &self.address {
                Address::Known(address) => *address,
                Address::Named(host, port) => {
                    (host.as_str(), *port).to_socket_addrs()?.next().ok_or(ErrorKind::AddrNotAvailable)?
                }
            };
            let stream = TcpStream::connect_timeout(&address, within)?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    fn write(&mut self, mut bytes: &[u8], within: Duration) -> io::Result<()> {
        let end = Instant::now() + within;
        let stream = self.stream()?;
        while !bytes.is_empty() {
            stream.set_write_timeout(Some(left(end)?))?;
            match stream.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(ErrorKind::TimedOut.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn read(&mut self, within: Duration) -> io::Result<Option<u8>> {
        let stream = self.stream()?;
        // Zero would mean for ever.
        stream.set_read_timeout(Some(within.max(Duration::from_millis(1))))?;
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(Some(byte[0])),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn close(&mut self) {
        self.stream = None;
    }
}

/// What is left until `end`; nothing is an error.
pub(super) fn left(end: Instant) -> io::Result<Duration> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}
