//! What SpeedSMS tells us, in JSON: a receipt, or a citizen's message.

use axum::routing::MethodFilter;
use ipnet::IpNet;

use super::{SpeedSmsConfig, SpeedSmsInbound};
use crate::providers::fields::Fields;
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused, Webhook};
use crate::road::{Arrived, Body, Reported, ReportedState};

/// From here on a status is final; below it SpeedSMS still tries.
const FAILED_FROM: u32 = 64;

pub(super) struct SpeedSmsWebhook {
    pub(super) config: SpeedSmsConfig,
}

impl Webhook for SpeedSmsWebhook {
    fn methods(&self, _door: Door) -> Option<MethodFilter> {
        self.config.webhook.as_ref().map(|_| MethodFilter::POST)
    }

    fn allowed(&self, _door: Door) -> &[IpNet] {
        self.config.webhook.as_ref().map_or(&[], |webhook| &webhook.allow)
    }

    fn read(&self, _door: Door, call: &Call) -> Result<Heard, Refused> {
        let Some(webhook) = &self.config.webhook else { return Err(Refused::NotA("door of this provider")) };
        call.prove_token(webhook.token.as_ref())?;
        let fields = Fields::json(&call.body)?;
        let kind = fields.word(&webhook.fields.kind)?;
        let is = |kinds: &[String]| kinds.iter().any(|known| *known == kind);
        let answer = Answer::of("text/plain; charset=utf-8", "OK");
        if is(&webhook.fields.receipt_kinds) {
            Ok(Heard::Receipt(self.receipt(webhook, &fields)?, answer))
        } else if is(&webhook.fields.message_kinds) {
            Ok(Heard::Message(self.message(webhook, &fields)?, answer))
        } else {
            Err(Refused::Malformed(webhook.fields.kind.as_str().into()))
        }
    }
}

impl SpeedSmsWebhook {
    fn message(&self, webhook: &SpeedSmsInbound, fields: &Fields) -> Result<Arrived, Refused> {
        let names = &webhook.fields;
        let Some(service_number) = &webhook.service_number else {
            return Err(Refused::Malformed(names.kind.as_str().into()));
        };
        Ok(Arrived {
            road: self.config.name.as_str().into(),
            from: fields.word(&names.phone)?,
            to: service_number.as_str().into(),
            body: Body::Whole(fields.text(&names.text, self.config.max_text_chars)?),
            // `tranId` is that of a message of ours, where there is one at all.
            id: None,
            assurance: self.config.assurance(),
        })
    }

    fn receipt(&self, webhook: &SpeedSmsInbound, fields: &Fields) -> Result<Reported, Refused> {
        let names = &webhook.fields;
        let status = fields.word(&names.status)?;
        let number: u32 = status.parse().map_err(|_| Refused::Malformed(names.status.as_str().into()))?;
        let state = match number {
            0 => ReportedState::Delivered,
            1..FAILED_FROM => ReportedState::OnItsWay,
            _ => ReportedState::Failed,
        };
        Ok(Reported {
            road: self.config.name.as_str().into(),
            id: fields.id(&names.id)?,
            to: fields.word_or_empty(&names.phone)?,
            state,
            error: if number == 0 { "".into() } else { status },
        })
    }
}
