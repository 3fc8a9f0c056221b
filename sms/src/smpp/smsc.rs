//! The other side: a small SMSC for tests, for load and for the demo. It takes
//! binds, answers submits as a [`Script`] says, and delivers messages with a
//! window. It has no timers, and checks no account by itself.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::BytesMut;
use compact_str::CompactString;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::link::{Answer, Link};
use super::pdu::bind::{Bind, BindMode, write_bind_response};
use super::pdu::codes::{command, esm_class, status};
use super::pdu::frame::{Frames, Header};
use super::pdu::message::{Address, Message, write_response};

/// Octets that are read in one go.
const READ: usize = 16 * 1024;

/// How an SMSC behaves. Everything is called on the connection's own task:
/// return at once.
pub trait Script: Send + Sync + 'static {
    /// An ESME wants to bind: the `command_status` that it gets (0: it may).
    fn bind(&self, bind: &Bind<'_>, mode: BindMode) -> u32 {
        let _ = (bind, mode);
        status::OK
    }

    /// It is bound.
    fn bound(&self, session: &Arc<SmscSession>) {
        let _ = session;
    }

    /// It submits a message.
    fn submit(&self, session: &Arc<SmscSession>, sequence: u32, message: &Message<'_>) -> Reply;

    /// It asks whether anybody is there; `false` answers nothing.
    fn enquire_link(&self) -> bool {
        true
    }

    /// The connection has ended; `unbound` where the ESME said so.
    fn ended(&self, session: &Arc<SmscSession>, unbound: bool) {
        let _ = (session, unbound);
    }
}

/// What a submit is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Accepted under this id.
    Id(CompactString),
    /// Not accepted, with this `command_status`.
    Status(u32),
    /// Not now; maybe by [`SmscSession::answer`], maybe never.
    Later,
    /// The connection is dropped.
    Drop,
}

/// An SMSC on a socket.
pub struct Smsc {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Smsc {
    /// Listens, and serves every connection by the script until it is dropped.
    /// `window` is how many deliveries of a session may wait for a response.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn listen(address: impl ToSocketAddrs, script: Arc<dyn Script>, window: usize) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let stopping = stop.clone();
        tokio::spawn(async move {
            let accepting = async {
                loop {
                    let Ok((stream, _)) = listener.accept().await else {
                        tokio::task::yield_now().await;
                        continue;
                    };
                    let _ = stream.set_nodelay(true);
                    let (script, stop) = (Arc::clone(&script), stopping.clone());
                    tokio::spawn(async move {
                        tokio::select! {
                            () = serve(stream, script, window) => {}
                            () = stop.cancelled() => {}
                        }
                    });
                }
            };
            tokio::select! {
                () = accepting => {}
                () = stopping.cancelled() => {}
            }
        });
        Ok(Self { address, stop })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Smsc {
    /// Every connection is dropped, without an unbind.
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Serves one connection, over TLS or whatever else, until it ends.
pub async fn serve(stream: impl AsyncRead + AsyncWrite + Send, script: Arc<dyn Script>, window: usize) {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let session = Arc::new(SmscSession {
        link: Link::new(1),
        mode: OnceCell::new(),
        account: OnceCell::new(),
        window: Arc::new(Semaphore::new(window)),
        closing: CancellationToken::new(),
    });
    let mut unbound = false;
    tokio::select! {
        () = read(&mut reader, &session, script.as_ref(), &mut unbound) => {}
        _ = session.link.write_to(&mut writer) => {}
        () = session.closing.cancelled() => {}
    }
    session.link.close();
    session.closing.cancel();
    if session.mode.initialized() {
        script.ended(&session, unbound);
    }
}

async fn read(
    reader: &mut (impl AsyncRead + Unpin),
    session: &Arc<SmscSession>,
    script: &dyn Script,
    unbound: &mut bool,
) {
    let mut frames = Frames::default();
    loop {
        loop {
            match frames.pdu() {
                Ok(Some((header, body))) => match session.pdu(header, body, script) {
                    Next::Read => {}
                    Next::Drop => return,
                    Next::Finish => {
                        *unbound = header.command == command::UNBIND;
                        session.link.finish();
                        return std::future::pending().await;
                    }
                },
                Ok(None) => break,
                Err(_) => return,
            }
        }
        frames.buffer.reserve(READ);
        match reader.read_buf(&mut frames.buffer).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

enum Next {
    Read,
    Drop,
    Finish,
}

/// A connection of an ESME, seen from the SMSC.
pub struct SmscSession {
    link: Link<OwnedSemaphorePermit>,
    mode: OnceCell<BindMode>,
    account: OnceCell<CompactString>,
    window: Arc<Semaphore>,
    closing: CancellationToken,
}

impl SmscSession {
    /// What it is bound as.
    pub fn mode(&self) -> Option<BindMode> {
        self.mode.get().copied()
    }

    /// The `system_id` that it bound with; empty before.
    pub fn account(&self) -> &str {
        self.account.get().map_or("", CompactString::as_str)
    }

    /// Waits for room in the window and sends a `deliver_sm`. `None`: the
    /// connection has ended.
    pub async fn deliver(&self, message: &Message<'_>) -> Option<Delivery> {
        let place = tokio::select! {
            place = Arc::clone(&self.window).acquire_owned() => place.ok()?,
            () = self.closing.cancelled() => return None,
        };
        let answer = self.link.request(0, place, |out, sequence| message.write(out, command::DELIVER_SM, sequence))?;
        Some(Delivery(answer))
    }

    /// Answers a submit that was answered with [`Reply::Later`].
    pub fn answer(&self, sequence: u32, status: u32, id: &str) {
        self.link.respond(|out| submitted(out, sequence, status, id.as_bytes()));
    }

    /// Sends octets as they are.
    pub fn send_raw(&self, octets: &[u8]) {
        self.link.respond(|out| out.extend_from_slice(octets));
    }

    /// Sends a request without a body, such as an `enquire_link` or an
    /// `unbind`.
    pub fn request(&self, command: u32) {
        self.link.send(|out, sequence| {
            super::pdu::frame::write(out, Header { command, status: 0, sequence }, |_| ());
        });
    }

    /// Drops the connection.
    pub fn close(&self) {
        self.closing.cancel();
    }

    fn pdu(self: &Arc<Self>, header: Header, body: &[u8], script: &dyn Script) -> Next {
        let sequence = header.sequence;
        let respond = |command, status| self.link.respond(|out| write_response(out, command, status, sequence, None));
        if let Some(mode) = BindMode::of(header.command) {
            let taken = Bind::read(body).map_or(status::INVALID_COMMAND, |bind| {
                // A second bind changes nothing: it is refused below.
                let _ = self.account.set(String::from_utf8_lossy(bind.system_id).into());
                script.bind(&bind, mode)
            });
            let taken = if taken == status::OK && self.mode.set(mode).is_err() { status::INVALID_BIND } else { taken };
            self.link.respond(|out| write_bind_response(out, mode, taken, sequence, b"dakenh-smsc"));
            if taken != status::OK {
                return Next::Finish;
            }
            script.bound(self);
            return Next::Read;
        }
        match header.command {
            command::SUBMIT_SM | command::DATA_SM => {
                if !self.mode().is_some_and(BindMode::submits) {
                    respond(header.command, status::INVALID_BIND);
                    return Next::Read;
                }
                let Ok(message) = Message::read(header.command, body) else {
                    respond(header.command, status::SYSTEM_ERROR);
                    return Next::Read;
                };
                match script.submit(self, sequence, &message) {
                    Reply::Id(id) => self.answer(sequence, status::OK, &id),
                    Reply::Status(status) => self.answer(sequence, status, ""),
                    Reply::Later => {}
                    Reply::Drop => return Next::Drop,
                }
            }
            command::DELIVER_SM_RESP | command::GENERIC_NACK => {
                let nack = header.command == command::GENERIC_NACK;
                let answer = Answer::Response { nack, status: header.status, id: CompactString::default() };
                self.link.answered(sequence, answer);
            }
            command::ENQUIRE_LINK if script.enquire_link() => respond(command::ENQUIRE_LINK, status::OK),
            command::UNBIND => {
                respond(command::UNBIND, status::OK);
                return Next::Finish;
            }
            command::UNBIND_RESP => return Next::Finish,
            command::ENQUIRE_LINK => {}
            other if other & command::RESPONSE != 0 => {}
            _ => respond(command::GENERIC_NACK, status::INVALID_COMMAND),
        }
        Next::Read
    }
}

fn submitted(out: &mut BytesMut, sequence: u32, status: u32, id: &[u8]) {
    let id = (status == status::OK).then_some(id);
    write_response(out, command::SUBMIT_SM, status, sequence, id);
}

/// A `deliver_sm` that was sent.
pub struct Delivery(oneshot::Receiver<Answer>);

impl Delivery {
    /// The status of the response; `None` where the connection ended before.
    pub async fn status(self) -> Option<u32> {
        match self.0.await {
            Ok(Answer::Response { status, .. }) => Some(status),
            _ => None,
        }
    }
}

/// A citizen's message in the GSM alphabet, from an international number to a
/// short code.
pub fn message<'a>(from: &'a [u8], to: &'a [u8], septets: &'a [u8]) -> Message<'a> {
    Message {
        source: Address { ton: 1, npi: 1, digits: from },
        destination: Address { ton: 3, npi: 0, digits: to },
        short_message: septets,
        ..Message::default()
    }
}

/// A delivery receipt whose text is as [`receipt_text`] writes it.
pub fn receipt<'a>(from: &'a [u8], to: &'a [u8], text: &'a [u8]) -> Message<'a> {
    Message { esm_class: esm_class::RECEIPT, ..message(from, to, text) }
}

/// The text of a receipt (SMPP 3.4 appendix B): `stat` is a word such as
/// `DELIVRD` or `UNDELIV`.
pub fn receipt_text(id: &str, stat: &str, error: &str) -> String {
    let delivered = u8::from(stat == "DELIVRD");
    format!(
        "id:{id} sub:001 dlvrd:{delivered:03} submit date:2601010000 done date:2601010001 stat:{stat} err:{error} text:"
    )
}
