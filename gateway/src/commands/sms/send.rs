//! `dakenh sms send --to 0912345678 "…"`: a message of the administration. It is
//! written into the outbox; the gateway that serves the channel sends it.

use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::domain::{Locale, Phone, local_datetime};
use gateway_core::ports::{Clock, NotSaid, Notification, Notifier as _, Randomness, Subject};

use crate::cli::{DemoFolder, Global, SmsSend};
use crate::clock::{SystemClock, SystemRandomness};
use crate::commands::demo::world::presumed_of;
use crate::commands::{out, settings};
use crate::compose;
use crate::exit::{Exit, WrongUse};

pub(super) async fn run(global: &Global, demo: &DemoFolder, arguments: &SmsSend) -> anyhow::Result<Exit> {
    let presumed = demo.data.as_deref().map(presumed_of).transpose()?;
    let config = settings(global, presumed.unwrap_or_default())?;
    let to = Phone::parse(&arguments.to).map_err(|problem| WrongUse(format!("--to: {problem}")))?;
    let locale = Locale::parse(&arguments.lang).ok_or_else(|| WrongUse(format!("--lang {}", arguments.lang)))?;
    let text = arguments.text.join(" ");
    if text.trim().is_empty() {
        return Err(WrongUse("a text is wanted".into()).into());
    }
    if !config.sms.is_there() {
        return Err(WrongUse("sms.routes: no route is configured".into()).into());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let locales = Arc::new(compose::locales(&config)?);
    let catalogue = Arc::new(compose::load_catalogue(&config)?);
    let store = compose::open_existing_store(&config, &clock).await?;
    let channel = config.sms.channel();
    let composer = compose::composer(
        &config,
        config.sms.roads().plan(&channel),
        compose::sms_words(&locales, &catalogue, &channel),
        &store,
        config.hash_key().map_err(WrongUse)?,
        &randomness,
    );
    let at = clock.now();
    let composed = composer.compose(&Notification { to, locale, subject: Subject::Announcement(text), at }).await;
    let messages = match composed {
        Ok(messages) => messages,
        Err(why @ (NotSaid::Refused | NotSaid::EnoughToday | NotSaid::NoRoad)) => {
            store.close().await;
            out(&format!("not sent: {why}"));
            return Ok(Exit::No);
        }
        Err(problem) => return Err(problem).context("preferences"),
    };
    let written = store.enqueue(messages).await.context("outbox")?;
    store.close().await;
    for message in written {
        let leaves = local_datetime(message.message.not_before);
        let when = if message.message.not_before > at {
            format!("leaves {}", leaves.strftime("%H:%M %d/%m/%Y"))
        } else {
            "leaves now".to_owned()
        };
        let (part, parts) = (message.message.part, message.message.parts);
        out(&format!("{}  part {part} of {parts}, {}, {when}", message.id, message.message.route));
    }
    Ok(Exit::Good)
}
