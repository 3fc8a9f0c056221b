//! One connection while it is bound: what comes in, what goes out, and whether
//! anybody is still there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::ports::Clock;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use super::config::SmppRoadConfig;
use super::incoming::{Incoming, Reading};
use super::lane::Slot;
use super::link::{Answer, Link};
use super::meters::RoadMeters;
use super::pdu::codes::{command, status};
use super::pdu::frame::{Frames, Header};
use super::pdu::message::{Message, message_id, write_response};
use crate::road::Intake;

/// Timeouts are counted in these, so that a wall clock that is put right ends
/// no connection.
pub(super) const TICK: Duration = Duration::from_millis(500);

/// Submits in a row without a response that end a connection.
const MOST_TIMEOUTS: u32 = 3;

/// How long an `unbind_resp` is waited for.
const UNBIND: Duration = Duration::from_secs(2);

/// Octets that are read in one go.
const READ: usize = 16 * 1024;

/// What all connections of a road share.
pub(super) struct Shared {
    pub(super) config: SmppRoadConfig,
    pub(super) reading: Reading,
    pub(super) intake: Arc<dyn Intake>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) meters: RoadMeters,
    pub(super) stop: CancellationToken,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The connection broke or was closed.
    Lost,
    /// The peer unbound, or what it sent cannot be read any further.
    Finished,
    /// It does not answer.
    Silent,
    /// We are stopping.
    Stopped,
}

pub(super) struct Session {
    pub(super) link: Link<Slot>,
    ticks: AtomicU64,
    heard: AtomicU64,
    timeouts: AtomicU32,
    /// The connection is not read, because too many deliveries are waiting.
    held_up: AtomicBool,
    unbound: Notify,
    /// Told once: an SMSC with a dialect of its own sends many.
    unread_told: AtomicBool,
    deliveries: Arc<Semaphore>,
    deliveries_most: u32,
}

impl Session {
    pub(super) fn new(config: &SmppRoadConfig) -> Arc<Self> {
        Arc::new(Self {
            // The bind was number 1.
            link: Link::new(2),
            ticks: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            timeouts: AtomicU32::new(0),
            held_up: AtomicBool::new(false),
            unbound: Notify::new(),
            unread_told: AtomicBool::new(false),
            deliveries: Arc::new(Semaphore::new(usize::try_from(config.deliveries_in_flight).unwrap_or(1_000))),
            deliveries_most: config.deliveries_in_flight,
        })
    }

    /// Half seconds since the bind.
    pub(super) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// A submit got its response.
    pub(super) fn answered(&self) {
        self.timeouts.store(0, Ordering::Relaxed);
    }

    /// Until the connection ends. What waits for a response then is told.
    pub(super) async fn run(
        self: &Arc<Self>,
        frames: Frames,
        reader: &mut (impl AsyncRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
        shared: &Arc<Shared>,
    ) -> End {
        let end = tokio::select! {
            end = self.read(frames, reader, shared) => end,
            written = self.link.write_to(writer) => if written.is_ok() { End::Finished } else { End::Lost },
            end = self.watch(shared) => end,
            end = self.leave(shared) => end,
        };
        self.link.close();
        end
    }

    async fn read(
        self: &Arc<Self>,
        mut frames: Frames,
        reader: &mut (impl AsyncRead + Unpin),
        shared: &Arc<Shared>,
    ) -> End {
        loop {
            loop {
                let (header, body) = match frames.pdu() {
                    Ok(Some(pdu)) => pdu,
                    Ok(None) => break,
                    Err(bad) => {
                        shared.meters.malformed.increment(1);
                        self.link.respond(|out| {
                            write_response(out, command::GENERIC_NACK, status::INVALID_LENGTH, bad.sequence, None);
                        });
                        return self.finish().await;
                    }
                };
                match self.pdu(header, body, shared) {
                    Next::Read => {}
                    Next::Finish => return self.finish().await,
                    Next::Deliver(incoming) => self.hand_in(header, incoming, shared).await,
                }
            }
            frames.buffer.reserve(READ);
            match reader.read_buf(&mut frames.buffer).await {
                Ok(0) | Err(_) => return End::Lost,
                Ok(_) => self.heard.store(self.ticks(), Ordering::Relaxed),
            }
        }
    }

    /// What is queued is still written; the writer then ends the session.
    async fn finish(&self) -> End {
        self.link.finish();
        std::future::pending().await
    }

    fn pdu(&self, header: Header, body: &[u8], shared: &Shared) -> Next {
        let respond = |command, status| {
            self.link.respond(|out| write_response(out, command, status, header.sequence, None));
        };
        match header.command {
            command::SUBMIT_SM_RESP | command::GENERIC_NACK => {
                let nack = header.command == command::GENERIC_NACK;
                let id = if nack { &[] } else { message_id(body) };
                let id = CompactString::from_utf8_lossy(id);
                self.link.answered(header.sequence, Answer::Response { nack, status: header.status, id });
            }
            command::DELIVER_SM | command::DATA_SM => match Message::read(header.command, body) {
                Ok(message) => return Next::Deliver(shared.reading.read(&message)),
                Err(_) => {
                    shared.meters.malformed.increment(1);
                    self.respond_delivery(header, status::RECEIVER_REJECTS);
                }
            },
            command::ENQUIRE_LINK => respond(command::ENQUIRE_LINK, status::OK),
            command::UNBIND => {
                respond(command::UNBIND, status::OK);
                return Next::Finish;
            }
            command::UNBIND_RESP => self.unbound.notify_one(),
            // They have no response.
            command::ALERT_NOTIFICATION | command::OUTBIND => {}
            // To a response nothing may be answered; that of an `enquire_link`
            // counts by having been heard.
            other if other & command::RESPONSE != 0 => {}
            _ => respond(command::GENERIC_NACK, status::INVALID_COMMAND),
        }
        Next::Read
    }

    /// Hands a delivery to the intake; the response goes out when it is stored.
    async fn hand_in(self: &Arc<Self>, header: Header, incoming: Incoming, shared: &Arc<Shared>) {
        let place = if let Ok(place) = Arc::clone(&self.deliveries).try_acquire_owned() {
            place
        } else {
            self.held_up.store(true, Ordering::Relaxed);
            let place = Arc::clone(&self.deliveries).acquire_owned().await;
            self.held_up.store(false, Ordering::Relaxed);
            // It is never closed.
            let Ok(place) = place else { return };
            place
        };
        let (session, shared) = (Arc::clone(self), Arc::clone(shared));
        tokio::spawn(async move {
            let stored = match incoming {
                Incoming::Arrived(message) => {
                    let stored = shared.intake.arrived(message).await.map(drop);
                    shared.meters.deliveries.increment(u64::from(stored.is_ok()));
                    stored
                }
                Incoming::Reported(receipt) => {
                    let stored = shared.intake.reported(receipt).await;
                    shared.meters.receipts.increment(u64::from(stored.is_ok()));
                    stored
                }
                Incoming::UnreadReceipt => {
                    // Sending it again would make it no clearer.
                    shared.meters.receipts_unread.increment(1);
                    if !session.unread_told.swap(true, Ordering::Relaxed) {
                        tracing::warn!(road = %shared.config.name, "a delivery receipt could not be read; more are only counted");
                    }
                    Ok(())
                }
            };
            // Of the codes that a receiver may give (SMPP 3.4 §5.1.3) this one
            // alone means "again, later" to every SMSC; ESME_RMSGQFUL is the
            // SMSC's own word, and some take it for final.
            let status = if stored.is_ok() { status::OK } else { status::RECEIVER_TEMPORARY };
            if stored.is_err() {
                shared.meters.put_off.increment(1);
            }
            session.respond_delivery(header, status);
            drop(place);
        });
    }

    fn respond_delivery(&self, header: Header, status: u32) {
        self.link.respond(|out| write_response(out, header.command, status, header.sequence, Some(b"")));
    }

    /// Gives up requests without a response, and asks whether anybody is there.
    async fn watch(&self, shared: &Shared) -> End {
        let in_ticks = |span: Duration| u64::try_from(span.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX);
        let patience = in_ticks(shared.config.response_timeout());
        let idle = in_ticks(Duration::from_secs(shared.config.enquire_link_seconds));
        let mut enquired = None;
        loop {
            shared.clock.sleep(TICK).await;
            if self.held_up.load(Ordering::Relaxed) {
                // Responses may have come; we have not looked.
                continue;
            }
            let tick = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
            let expired = self.link.expire(tick.saturating_sub(patience));
            let expired = u32::try_from(expired).unwrap_or(u32::MAX);
            if expired > 0 && self.timeouts.fetch_add(expired, Ordering::Relaxed) + expired >= MOST_TIMEOUTS {
                return End::Silent;
            }
            let heard = self.heard.load(Ordering::Relaxed);
            match enquired {
                Some(at) if heard >= at => enquired = None,
                Some(at) if tick - at > patience => return End::Silent,
                Some(_) => {}
                None if tick - heard >= idle => {
                    enquired = Some(tick);
                    self.link.send(|out, sequence| {
                        super::pdu::frame::write(
                            out,
                            Header { command: command::ENQUIRE_LINK, status: 0, sequence },
                            |_| (),
                        );
                    });
                }
                None => {}
            }
        }
    }

    /// Waits for the stop, then for what is under way, and unbinds.
    async fn leave(&self, shared: &Shared) -> End {
        shared.stop.cancelled().await;
        let under_way = async {
            self.link.settle().await;
            let all = self.deliveries.acquire_many(self.deliveries_most).await;
            drop(all);
        };
        tokio::select! {
            () = under_way => {}
            () = shared.clock.sleep(shared.config.response_timeout()) => {}
        }
        self.link.leave();
        self.link.send(|out, sequence| {
            super::pdu::frame::write(out, Header { command: command::UNBIND, status: 0, sequence }, |_| ());
        });
        tokio::select! {
            () = self.unbound.notified() => {}
            () = shared.clock.sleep(UNBIND) => {}
        }
        End::Stopped
    }
}

enum Next {
    Read,
    Deliver(Incoming),
    Finish,
}
