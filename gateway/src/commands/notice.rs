//! `dakenh notice`: announcements.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::domain::calendar::TIME_ZONE;
use gateway_core::domain::{Channel, Locale, NoticeId, local_datetime};
use gateway_core::ports::{Clock, Notices as _};
use gateway_store::NewNotice;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{of_demo, out, settings};
use crate::cli::{DemoFolder, Global, Notice};
use crate::clock::SystemClock;
use crate::compose;
use crate::exit::{Exit, WrongUse};

/// Channels that this version composes (`listeners.rs`).
const SERVED: [Channel; 1] = [Channel::Mobile];

pub(super) async fn run(global: &Global, demo: &DemoFolder, verb: Notice) -> anyhow::Result<Exit> {
    let config = settings(global, of_demo(demo))?;
    let spoken = compose::locales(&config)?.available();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let store = compose::open_existing_store(&config, &clock).await?;
    let exit = match verb {
        Notice::Add { until, from, channels, texts } => {
            let from = from.as_deref().map(moment).transpose()?.unwrap_or(now);
            let notice = NewNotice::new(read_texts(&texts, &spoken)?, read_channels(&channels)?, from, moment(&until)?)
                .map_err(|problem| WrongUse(problem.to_string()))?;
            let id = store.add_notice(notice).await.context("notices")?;
            out(&format!("notice {} is up; it is shown within seconds and ends by itself", id.0));
            for channel in read_channels(&channels)?.into_iter().filter(|channel| !SERVED.contains(channel)) {
                out(&format!("mind: this version has no channel {} yet", channel.key()));
            }
            Exit::Good
        }
        Notice::List => {
            for notice in store.current(now).await.context("notices")? {
                let channels: Vec<&str> = notice.channels.iter().map(|channel| channel.key()).collect();
                let channels = if channels.is_empty() { "everywhere".to_owned() } else { channels.join(", ") };
                let end = local_datetime(notice.until).strftime("%d/%m/%Y %H:%M");
                out(&format!("{}  until {end}  {channels}", notice.id.0));
                for (locale, text) in &notice.texts {
                    out(&format!("    {locale}: {text}"));
                }
            }
            Exit::Good
        }
        Notice::End { id } => {
            if store.end_notice(NoticeId(id), now).await.context("notices")? {
                out(&format!("notice {id} has ended"));
                Exit::Good
            } else {
                out(&format!("notice {id}: none is up"));
                Exit::No
            }
        }
    };
    store.close().await;
    Ok(exit)
}

/// A time in Vietnam, or an RFC 3339 time with its own offset.
fn moment(text: &str) -> Result<Timestamp, WrongUse> {
    let wrong = || WrongUse(format!("{text}: a time such as 2026-11-24T17:00 is wanted"));
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    TIME_ZONE.to_timestamp(local).map_err(|_| wrong())
}

fn read_channels(keys: &[String]) -> Result<Vec<Channel>, WrongUse> {
    let known = || Channel::ALL.map(Channel::key).join(", ");
    keys.iter()
        .map(|key| Channel::from_key(key).ok_or_else(|| WrongUse(format!("channel {key}: known are {}", known()))))
        .collect()
}

/// Every language of the gateway is wanted: an announcement that half the
/// people cannot read is none.
fn read_texts(texts: &[String], spoken: &[Locale]) -> Result<BTreeMap<Locale, String>, WrongUse> {
    let mut read = BTreeMap::new();
    for text in texts {
        let (tag, words) =
            text.split_once('=').ok_or_else(|| WrongUse(format!("--text {text}: LANG=TEXT is wanted")))?;
        let locale = Locale::parse(tag)
            .filter(|locale| spoken.contains(locale))
            .ok_or_else(|| WrongUse(format!("--text {tag}=…: the gateway speaks {spoken:?}")))?;
        read.insert(locale, words.to_owned());
    }
    match spoken.iter().find(|locale| !read.contains_key(locale)) {
        Some(missing) => Err(WrongUse(format!("--text {missing}=… is missing"))),
        None => Ok(read),
    }
}
