//! What eSMS tells us: a citizen's message, or what became of ours.

use std::sync::Arc;
use std::time::Duration;

use axum::routing::MethodFilter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gateway_core::ports::Clock;
use ipnet::IpNet;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use md5::{Digest, Md5};
use secrecy::{ExposeSecret, SecretString};

use super::{EsmsConfig, EsmsInbound};
use crate::providers::fields::Fields;
use crate::providers::template::xml_escaped;
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused, Webhook, same};
use crate::road::{Arrived, Body, Reported, ReportedState};

/// Vietnam has one time, without summer time.
const VIETNAM: Offset = Offset::constant(7);

pub(super) struct EsmsWebhook {
    pub(super) config: EsmsConfig,
    pub(super) clock: Arc<dyn Clock>,
}

impl Webhook for EsmsWebhook {
    fn methods(&self, door: Door) -> Option<MethodFilter> {
        match door {
            Door::Inbound => self.config.inbound.as_ref().map(|_| MethodFilter::GET),
            // Documented as GET; a form by POST costs nothing to take too.
            Door::Receipts => self.config.receipts.as_ref().map(|_| MethodFilter::GET.or(MethodFilter::POST)),
        }
    }

    fn allowed(&self, _door: Door) -> &[IpNet] {
        &self.config.allow
    }

    fn read(&self, door: Door, call: &Call) -> Result<Heard, Refused> {
        match (door, &self.config.inbound, &self.config.receipts) {
            (Door::Inbound, Some(inbound), _) => self.message(inbound, call),
            (Door::Receipts, _, Some(receipts)) => {
                call.prove_token(receipts.token.as_ref())?;
                receipt(&self.config.name, call)
            }
            _ => Err(Refused::NotA("door of this provider")),
        }
    }
}

impl EsmsWebhook {
    fn message(&self, inbound: &EsmsInbound, call: &Call) -> Result<Heard, Refused> {
        let fields = Fields::form(call.query.as_bytes())?;
        let names = &inbound.fields;
        prove(inbound, &fields)?;
        self.prove_age(inbound, &fields)?;
        let id = fields.id(&names.id)?;
        let from = fields.word(&names.from)?;
        let to = fields.word(&names.to)?;
        let text = fields.text(&names.text, self.config.max_text_chars)?;
        let answer = reply(&inbound.reply_message, &id, &from);
        let message = Arrived {
            road: self.config.name.as_str().into(),
            from,
            to,
            body: Body::Whole(text),
            id: Some(id),
            assurance: self.config.assurance(),
        };
        Ok(Heard::Message(message, answer))
    }

    /// A signed address that somebody kept is worth nothing after a while.
    fn prove_age(&self, inbound: &EsmsInbound, fields: &Fields) -> Result<(), Refused> {
        if inbound.max_age_hours == 0 {
            return Ok(());
        }
        let name = &inbound.fields.time;
        let received = DateTime::strptime("%Y%m%d%H%M%S", fields.need(name)?.trim())
            .and_then(|time| TimeZone::fixed(VIETNAM).to_timestamp(time))
            .map_err(|_| Refused::Malformed(name.as_str().into()))?;
        let age = self.clock.now().duration_since(received).unsigned_abs();
        let most = Duration::from_secs(u64::from(inbound.max_age_hours) * 3_600);
        if age <= most { Ok(()) } else { Err(Refused::Stale) }
    }
}

/// The signature: base64 of MD5 over id of the service, id of the message,
/// text, time and key, one after the other.
pub(super) fn signature(cpid: &str, id: &str, text: &str, time: &str, key: &SecretString) -> String {
    let mut digest = Md5::new();
    for piece in [cpid, id, text, time, key.expose_secret()] {
        digest.update(piece.as_bytes());
    }
    STANDARD.encode(digest.finalize())
}

fn prove(inbound: &EsmsInbound, fields: &Fields) -> Result<(), Refused> {
    let names = &inbound.fields;
    let brought = fields.get(&names.sign)?.ok_or(Refused::Signature)?;
    // A plus sign of base64 that nobody encoded arrives as a space.
    let brought = brought.trim().replace(' ', "+");
    let cpid = fields.need(&names.cpid)?;
    let ours = signature(
        &cpid,
        &fields.need(&names.id)?,
        &fields.need(&names.text)?,
        &fields.get(&names.time)?.unwrap_or_default(),
        &inbound.key,
    );
    let signed = same(ours.as_bytes(), brought.as_bytes());
    if signed && same(cpid.as_bytes(), inbound.cpid.as_bytes()) { Ok(()) } else { Err(Refused::Signature) }
}

fn reply(message: &str, id: &str, to: &str) -> Answer {
    let (message, id, to) = (xml_escaped(message), xml_escaped(id), xml_escaped(to));
    let body = format!(
        "<ClientResponse><Message>{message}</Message><Smsid>{id}</Smsid><Receiver>{to}</Receiver></ClientResponse>"
    );
    Answer::of("text/xml; charset=utf-8", body)
}

fn receipt(name: &str, call: &Call) -> Result<Heard, Refused> {
    let fields = Fields::form(if call.body.is_empty() { call.query.as_bytes() } else { &call.body })?;
    let count = |field: &'static str| -> Result<u32, Refused> {
        match fields.get(field)? {
            None => Ok(0),
            Some(text) if text.trim().is_empty() => Ok(0),
            Some(text) => text.trim().parse().map_err(|_| Refused::Malformed(field.into())),
        }
    };
    let status = fields.word("SendStatus")?;
    // We ask for one recipient at a time; the counts are those of its parts.
    let state = match (status.as_str(), count("SendFailed")?, count("SendSuccess")?) {
        ("4", ..) => ReportedState::Failed,
        ("5", 0, 0) => ReportedState::Unknown,
        ("5", 0, _) => ReportedState::Delivered,
        ("5", ..) => ReportedState::Failed,
        // 1 waits for approval, 2 to be sent, 7 for the operator's report.
        _ => ReportedState::OnItsWay,
    };
    let reported = Reported {
        road: name.into(),
        id: fields.id("SMSID")?,
        to: fields.word_or_empty("phonenumber")?,
        state,
        error: if state == ReportedState::Failed { status } else { "".into() },
    };
    Ok(Heard::Receipt(reported, Answer::of("text/plain; charset=utf-8", "OK")))
}
