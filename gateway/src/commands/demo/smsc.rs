//! The demo's message centre: the gateway binds to it as a short code does, and
//! a phone (`dakenh demo sms`) binds with its number as the account. What the
//! one submits is delivered to the other.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use channel_sms::smpp::pdu::bind::{Bind, BindMode};
use channel_sms::smpp::pdu::codes::status;
use channel_sms::smpp::pdu::message::{Address, Message};
use channel_sms::smpp::smsc::{Reply, Script, Smsc, SmscSession, receipt, receipt_text};
use compact_str::CompactString;
use gateway_core::domain::Phone;
use parking_lot::Mutex;

/// The gateway's account at the centre.
pub(super) const ACCOUNT: &str = "dakenh";

/// The demo's short code.
pub(in crate::commands) const SHORT_CODE: &str = "8283";

/// Deliveries of one session that may wait for their response.
const WINDOW: usize = 50;

/// Starts the message centre. Connections end when it is dropped.
pub(super) async fn start(address: SocketAddr) -> anyhow::Result<Smsc> {
    let centre = Arc::new(Centre::default());
    Smsc::listen(address, centre, WINDOW).await.with_context(|| format!("--smsc {address}"))
}

#[derive(Default)]
struct Centre {
    /// Sessions by account: the gateway's, and phones by their numbers.
    sessions: Mutex<HashMap<CompactString, Vec<Arc<SmscSession>>>>,
    next_id: AtomicU64,
}

impl Centre {
    fn session_of(&self, account: &str) -> Option<Arc<SmscSession>> {
        self.sessions.lock().get(account)?.last().map(Arc::clone)
    }
}

/// A number as phones bind: E.164 without the plus.
pub(super) fn phone_account(digits: &str) -> CompactString {
    let phone = Phone::parse(digits).or_else(|_| Phone::parse(&format!("+{digits}")));
    phone.map_or_else(|_| digits.into(), |phone| phone.e164().trim_start_matches('+').into())
}

impl Script for Centre {
    fn bind(&self, _: &Bind<'_>, _: BindMode) -> u32 {
        status::OK
    }

    fn bound(&self, session: &Arc<SmscSession>) {
        self.sessions.lock().entry(session.account().into()).or_default().push(Arc::clone(session));
    }

    fn submit(&self, session: &Arc<SmscSession>, _: u32, message: &Message<'_>) -> Reply {
        let id = CompactString::from(format!("{:08X}", self.next_id.fetch_add(1, Ordering::Relaxed) + 1));
        let by_gateway = session.account() == ACCOUNT;
        let to = String::from_utf8_lossy(message.destination.digits).into_owned();
        let other = if by_gateway { self.session_of(&phone_account(&to)) } else { self.session_of(ACCOUNT) };
        let wants_receipt = by_gateway && message.registered_delivery & 1 != 0;
        let letter = Letter::of(message);
        let (sender, id_of_receipt) = (Arc::clone(session), id.clone());
        tokio::spawn(async move {
            if let Some(other) = other {
                letter.deliver(&other).await;
            }
            if wants_receipt {
                // A phone that is switched off is none in this little world.
                let text = receipt_text(&id_of_receipt, "DELIVRD", "000");
                let report = receipt(&letter.to, &letter.from, text.as_bytes());
                if let Some(delivery) = sender.deliver(&report).await {
                    delivery.status().await;
                }
            }
        });
        Reply::Id(id)
    }

    fn ended(&self, session: &Arc<SmscSession>, _: bool) {
        if let Some(sessions) = self.sessions.lock().get_mut(session.account()) {
            sessions.retain(|other| !Arc::ptr_eq(other, session));
        }
    }
}

/// A message on its way through the centre.
struct Letter {
    from: Vec<u8>,
    to: Vec<u8>,
    esm_class: u8,
    data_coding: u8,
    octets: Vec<u8>,
}

impl Letter {
    fn of(message: &Message<'_>) -> Self {
        Self {
            from: message.source.digits.to_vec(),
            to: message.destination.digits.to_vec(),
            esm_class: message.esm_class,
            data_coding: message.data_coding,
            octets: message.payload().to_vec(),
        }
    }

    async fn deliver(&self, session: &SmscSession) {
        let message = Message {
            source: Address { ton: 0, npi: 1, digits: &self.from },
            destination: Address { ton: 0, npi: 1, digits: &self.to },
            esm_class: self.esm_class,
            data_coding: self.data_coding,
            short_message: &self.octets,
            ..Message::default()
        };
        if let Some(delivery) = session.deliver(&message).await {
            delivery.status().await;
        }
    }
}
