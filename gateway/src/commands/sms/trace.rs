//! `dakenh sms trace <id>`: a message's whole life, without number and words.

use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::domain::{MessageId, local_datetime};
use gateway_core::ports::{Clock, InboundTrace, OutboundTrace};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::{DemoFolder, Global};
use crate::clock::SystemClock;
use crate::commands::{of_demo, out, settings};
use crate::compose;
use crate::exit::{Exit, WrongUse};

pub(super) async fn run(global: &Global, demo: &DemoFolder, id: &str, as_json: bool) -> anyhow::Result<Exit> {
    let id = MessageId::parse(id).ok_or_else(|| WrongUse(format!("{id}: an id such as 3-1a2b is wanted")))?;
    let config = settings(global, of_demo(demo))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_existing_store(&config, &clock).await?;
    let trace = store.trace(id).await.context("inbox and outbox")?;
    store.close().await;
    let Some(trace) = trace else {
        out(&format!("{id}: no such message"));
        return Ok(Exit::No);
    };
    if as_json {
        let inbound = trace.inbound.as_ref().map(inbound_json);
        let outbound: Vec<_> = trace.outbound.iter().map(outbound_json).collect();
        out(&serde_json::to_string_pretty(&json!({ "inbound": inbound, "outbound": outbound }))?);
        return Ok(Exit::Good);
    }
    if let Some(inbound) = &trace.inbound {
        out(&format!("in   {}  {}  {}", inbound.id, inbound.provider, inbound.state));
        out(&format!("     {}  received", time(inbound.received_at)));
        if inbound.acknowledged {
            out(&format!("     told that the answer comes later, tried {} times", inbound.tries + 1));
        }
        if let Some(at) = inbound.settled_at {
            out(&format!("     {}  {}", time(at), inbound.state));
        }
    }
    for part in &trace.outbound {
        out(&format!(
            "out  {}  {}  {}  part {} of {}  {}",
            part.id,
            part.route,
            part.category.key(),
            part.part,
            part.parts,
            part.state.key()
        ));
        out(&format!("     {}  written down", time(part.queued_at)));
        if part.not_before > part.queued_at {
            out(&format!("     {}  not before", time(part.not_before)));
        }
        if part.tries > 0 {
            out(&format!("     given back {} times", part.tries));
        }
        if let Some(at) = part.submitted_at {
            out(&format!("     {}  handed over", time(at)));
        }
        if let Some(at) = part.accepted_at {
            out(&format!("     {}  accepted as {}", time(at), part.provider_id));
        }
        if let Some(at) = part.final_at {
            let error = if part.error.is_empty() { String::new() } else { format!(", error {}", part.error) };
            out(&format!("     {}  {}{error}", time(at), part.state.key()));
        }
        out(&format!("     {}  valid until", time(part.valid_until)));
    }
    Ok(Exit::Good)
}

fn time(at: Timestamp) -> String {
    local_datetime(at).strftime("%d/%m/%Y %H:%M:%S%.3f").to_string()
}

fn inbound_json(inbound: &InboundTrace) -> serde_json::Value {
    json!({
        "id": inbound.id.to_string(),
        "road": inbound.provider.as_str(),
        "state": inbound.state,
        "received_at": inbound.received_at,
        "tries": inbound.tries,
        "acknowledged": inbound.acknowledged,
        "settled_at": inbound.settled_at,
    })
}

fn outbound_json(part: &OutboundTrace) -> serde_json::Value {
    json!({
        "id": part.id.to_string(),
        "road": part.route.as_str(),
        "category": part.category.key(),
        "part": part.part,
        "parts": part.parts,
        "state": part.state.key(),
        "tries": part.tries,
        "provider_id": part.provider_id.as_str(),
        "error": part.error.as_str(),
        "queued_at": part.queued_at,
        "not_before": part.not_before,
        "valid_until": part.valid_until,
        "submitted_at": part.submitted_at,
        "accepted_at": part.accepted_at,
        "final_at": part.final_at,
    })
}
