//! `dakenh demo sms "HS …"`: a phone that texts the demo's short code.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use channel_sms::codec::{Alphabet, DefaultAlphabet, ReferenceBits, decode, gsm_septets};
use channel_sms::road::{Arrived, Body, Concatenation, Intake, NotTaken, Part, Reported, Road as _, Submitted, Taken};
use channel_sms::segment::{Options, Policy, segment};
use channel_sms::smpp::{self, SmppRoadConfig};
use compact_str::CompactString;
use gateway_core::domain::Phone;
use gateway_core::ports::{Clock, Randomness};
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Addresses;
use super::smsc::{SHORT_CODE, phone_account};
use crate::cli::DemoSms;
use crate::clock::{SystemClock, SystemRandomness};
use crate::commands::out;
use crate::exit::{Exit, WrongUse};

/// A text that reached the phone, with the texts of its parts.
struct Text {
    from: CompactString,
    parts: Vec<String>,
}

/// The phone's own memory: it joins parts as a handset does.
struct Handset {
    parts: Mutex<BTreeMap<(u16, u8), BTreeMap<u8, String>>>,
    texts: mpsc::UnboundedSender<Text>,
}

#[async_trait]
impl Intake for Handset {
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken> {
        let parts = match message.body {
            Body::Whole(text) => vec![text],
            Body::Part { octets, data_coding, place } => {
                let mut sets = self.parts.lock();
                let set = sets.entry((place.reference, place.total)).or_default();
                set.insert(place.sequence, decode(&octets, data_coding, DefaultAlphabet::Gsm7));
                if set.len() < usize::from(place.total) {
                    return Ok(Taken::New);
                }
                sets.remove(&(place.reference, place.total)).unwrap_or_default().into_values().collect()
            }
        };
        // A phone that was switched off misses nothing that it would show.
        let _ = self.texts.send(Text { from: message.from, parts });
        Ok(Taken::New)
    }

    async fn reported(&self, _: Reported) -> Result<(), NotTaken> {
        Ok(())
    }
}

pub(super) async fn run(arguments: &DemoSms) -> anyhow::Result<Exit> {
    let addresses = Addresses::read(&arguments.data)
        .with_context(|| format!("no demo runs in {}: start one with dakenh demo", arguments.data.display()))?;
    let Some((host, port)) = addresses.smsc.rsplit_once(':') else { bail!("demo.json names no SMSC") };
    let phone = Phone::parse(&arguments.from).map_err(|problem| WrongUse(format!("--from: {problem}")))?;
    let account = phone_account(phone.e164());

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let (send, mut texts) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let config = SmppRoadConfig {
        name: "phone".into(),
        hosts: vec![host.to_owned()],
        port: port.parse().context("demo.json: the SMSC's port")?,
        system_id: account.to_string(),
        registered_delivery: false,
        ..SmppRoadConfig::default()
    };
    let handset = Arc::new(Handset { parts: Mutex::default(), texts: send });
    let (road, tasks) = smpp::start(config, handset, Arc::clone(&clock), &randomness, stop.clone())?;
    let mut jobs = tokio::task::JoinSet::new();
    for task in tasks {
        jobs.spawn(task);
    }

    let text = arguments.text.join(" ");
    let sent = segment(
        &text,
        &Options { policy: Policy::Accented, max_parts: 10, reference: ReferenceBits::Eight, more: None },
    );
    out(&heading(&arguments.from, SHORT_CODE, &sent.parts));
    out(&format!("  {}", sent.parts.concat()));
    let total = u8::try_from(sent.parts.len()).unwrap_or(u8::MAX);
    // A handset counts its long messages; another one is as good.
    let reference = u16::from((randomness.next_u64() & 0xff) as u8);
    for (part, sequence) in sent.parts.iter().zip(1..=total) {
        let part = Part {
            to: SHORT_CODE.into(),
            from: account.clone(),
            text: part.clone(),
            alphabet: sent.alphabet,
            concatenation: (total > 1).then_some(Concatenation { reference, total, sequence }),
            valid_until: clock.now() + Duration::from_secs(600),
            receipt: false,
        };
        let waited = Duration::from_secs(arguments.wait);
        let permit = tokio::time::timeout(waited, road.reserve()).await;
        let Ok(Some(permit)) = permit else { bail!("the demo's SMSC at {} does not answer", addresses.smsc) };
        match permit.submit(&part).await {
            Submitted::Accepted { .. } => {}
            other => bail!("the demo's SMSC did not take the message: {other:?}"),
        }
    }
    let answered = tokio::time::timeout(Duration::from_secs(arguments.wait), texts.recv()).await;
    stop.cancel();
    let exit = match answered {
        Ok(Some(text)) => {
            out(&heading(&text.from, &arguments.from, &text.parts));
            out(&format!("  {}", text.parts.concat()));
            Exit::Good
        }
        _ => {
            out(&format!("no answer within {} seconds", arguments.wait));
            Exit::No
        }
    };
    while jobs.join_next().await.is_some() {}
    Ok(exit)
}

/// `8283 → 0912345678 (GSM 03.38, 1 part, 141 of 160)`
fn heading(from: &str, to: &str, parts: &[String]) -> String {
    let gsm = parts.iter().all(|part| gsm_septets(part).is_some());
    let (alphabet, name) = if gsm { (Alphabet::Gsm7, "GSM 03.38") } else { (Alphabet::Ucs2, "UCS-2") };
    let of = if parts.len() == 1 { alphabet.single() } else { alphabet.joined(ReferenceBits::Eight) };
    let units: Vec<String> = parts.iter().map(|part| alphabet.units(part).to_string()).collect();
    let count = if parts.len() == 1 { "1 part".to_owned() } else { format!("{} parts", parts.len()) };
    format!("{from} → {to}  ({name}, {count}, {} of {of})", units.join("+"))
}
