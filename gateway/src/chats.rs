//! The chats: messengers, the web page's, and the officers' switchboard behind
//! them.

use std::sync::Arc;

use channel_assistant::messenger::{Messenger, MessengerNeeds, Wire};
use channel_assistant::telegram::{self, Telegram, TelegramNeeds};
use channel_assistant::webchat::{self, WebchatNeeds};
use channel_assistant::zalo::{self, ZaloNeeds, ZaloParts};
use gateway_http::ChannelParts;
use gateway_locale::Renderer;
use tokio_util::sync::CancellationToken;

use crate::compose::Gateway;
use crate::exit::WrongUse;

/// What the chats give to the house.
pub(crate) struct Chats {
    /// The engine, through which officers speak too.
    pub(crate) messenger: Arc<Messenger>,
    /// What was said, and who waits.
    pub(crate) rows: Arc<gateway_store::Chats>,
    /// What the listeners serve.
    pub(crate) parts: ChannelParts,
}

/// Builds the wires of the configuration and what answers behind them.
pub(crate) fn start(gateway: &Gateway, stop: &CancellationToken) -> anyhow::Result<Chats> {
    let rows = gateway.store.chats(Arc::clone(&gateway.mailbox), gateway.hash_key(), Arc::clone(&gateway.randomness));
    let rows = Arc::new(rows);
    let zalo = at_zalo(gateway, stop)?;
    let telegram = at_telegram(gateway, stop)?;
    let wires: Vec<Arc<dyn Wire>> =
        zalo.iter().map(|zalo| Arc::clone(&zalo.wire)).chain(telegram.iter().map(Telegram::wire)).collect();
    let renderer = Renderer::new(Arc::clone(&gateway.locales)).with_catalogue(Arc::clone(&gateway.catalogue) as Arc<_>);
    let needs = MessengerNeeds {
        desk: Arc::clone(&gateway.desk),
        inbox: Arc::clone(&gateway.mailbox) as Arc<_>,
        outbox: Arc::clone(&gateway.mailbox) as Arc<_>,
        transcripts: Arc::clone(&rows) as Arc<_>,
        handovers: Arc::clone(&rows) as Arc<_>,
        renderer,
        clock: Arc::clone(&gateway.clock),
        randomness: Arc::clone(&gateway.randomness),
        hash_key: gateway.hash_key().clone(),
        config: gateway.config.chat.messenger(),
    };
    let (messenger, mut tasks) = Messenger::start(needs, wires, stop);
    let mut public = axum::Router::new();
    if gateway.config.chat.web {
        public = public.merge(webchat::routes(WebchatNeeds {
            intake: Arc::clone(&messenger) as Arc<_>,
            transcripts: Arc::clone(&rows) as Arc<_>,
            switchboard: Arc::clone(&messenger) as Arc<_>,
            clock: Arc::clone(&gateway.clock),
            hash_key: gateway.hash_key().clone(),
            stop: stop.clone(),
        }));
    }
    if let Some(zalo) = zalo {
        public = public.merge(zalo.webhook.router(Arc::clone(&messenger) as Arc<_>));
        tasks.extend(zalo.tasks);
    }
    if let Some(telegram) = telegram {
        let telegram = telegram.listen(Arc::clone(&messenger) as Arc<_>);
        public = public.merge(telegram.public);
        tasks.extend(telegram.tasks);
    }
    let parts = ChannelParts { tasks, ..ChannelParts::answering("chat", public) };
    Ok(Chats { messenger, rows, parts })
}

/// The account at Zalo; `None` where none is configured.
fn at_zalo(gateway: &Gateway, stop: &CancellationToken) -> anyhow::Result<Option<ZaloParts>> {
    let config = &gateway.config.zalo;
    if !config.is_there() {
        return Ok(None);
    }
    let credentials = gateway.store.credentials(gateway.hash_key(), Arc::clone(&gateway.randomness));
    let needs = ZaloNeeds {
        client: gateway_portal::http_client(&gateway.config.portal.national)?,
        credentials: Arc::new(credentials),
        leases: Arc::new(gateway.store.clone()),
        clock: Arc::clone(&gateway.clock),
        randomness: Arc::clone(&gateway.randomness),
        stop: stop.clone(),
    };
    Ok(Some(zalo::build(config, needs).map_err(|problem| WrongUse(format!("zalo.{problem}")))?))
}

/// The bot at Telegram; `None` where none is configured.
fn at_telegram(gateway: &Gateway, stop: &CancellationToken) -> anyhow::Result<Option<Telegram>> {
    let config = &gateway.config.telegram;
    if !config.is_there() {
        return Ok(None);
    }
    let needs = TelegramNeeds {
        leases: Arc::new(gateway.store.clone()),
        clock: Arc::clone(&gateway.clock),
        randomness: Arc::clone(&gateway.randomness),
        locales: Arc::clone(&gateway.locales),
        stop: stop.clone(),
    };
    Ok(Some(telegram::build(config, needs).map_err(|problem| WrongUse(format!("telegram.{problem}")))?))
}
