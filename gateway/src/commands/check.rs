//! `dakenh check`: every setting and every peer, a line each.

use std::sync::Arc;

use channel_assistant::telegram::{self, Mode, Standing};
use channel_assistant::zalo;
use gateway_core::ports::{Catalogue as _, Clock, Portal as _, Randomness};
use gateway_core::text::clean;
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpListener, TcpStream};

use super::{out, settings};
use crate::cli::Global;
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::Exit;

/// How long the portal may take to answer the check.
const PORTAL_WITHIN: SignedDuration = SignedDuration::from_secs(5);

/// How long an SMSC may take to accept a connection.
const ROAD_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);

pub(super) async fn run(global: &Global) -> anyhow::Result<Exit> {
    // A wrong setting ends here, with its name, as exit code 2.
    let config = settings(global, Overrides::default())?;
    out("ok    settings: all known, all in range");
    let mut wrong_use = false;
    let mut failed = false;
    match config.hash_key() {
        Ok(key) => out(&format!("ok    audit.key: set, id {}", key.id())),
        Err(problem) => {
            wrong_use = true;
            out(&format!("FAIL  {problem}"));
        }
    }
    for (name, result) in [
        ("listen.public", listen(config.listen.public).await),
        ("listen.internal", listen(config.listen.internal).await),
        ("locale", check_locales(&config)),
        ("catalogue", check_catalogue(&config)),
        ("store", check_store(&config).await),
        ("portal", check_portal(&config).await),
    ] {
        match result {
            Ok(found) => out(&format!("ok    {name}: {found}")),
            Err(problem) => {
                failed = true;
                out(&format!("FAIL  {name}: {problem}"));
            }
        }
    }
    for (name, result) in check_roads(&config).await {
        match result {
            Ok(found) => out(&format!("ok    {name}: {found}")),
            Err(problem) => {
                failed = true;
                out(&format!("FAIL  {name}: {problem}"));
            }
        }
    }
    if config.zalo.is_there() {
        match check_zalo(&config).await {
            Ok(found) => out(&format!("ok    zalo: {found}")),
            Err(problem) => {
                failed = true;
                out(&format!("FAIL  zalo: {problem}"));
            }
        }
    }
    if config.telegram.is_there() {
        match check_telegram(&config).await {
            Ok(found) => out(&format!("ok    telegram: {found}")),
            Err(problem) => {
                failed = true;
                out(&format!("FAIL  telegram: {problem}"));
            }
        }
    }
    Ok(match (wrong_use, failed) {
        (_, true) => Exit::Environment,
        (true, false) => Exit::WrongUse,
        (false, false) => Exit::Good,
    })
}

/// Whether each SMSC listens. Nothing binds: an account may bind so often only,
/// and the gateway that serves needs it.
async fn check_roads(config: &Config) -> Vec<(String, Result<String, String>)> {
    let roads = config.sms.roads();
    let mut checked = Vec::new();
    for road in &roads.smpp {
        for host in &road.hosts {
            let reached = tokio::time::timeout(ROAD_WITHIN, TcpStream::connect((host.as_str(), road.port))).await;
            let result = match reached {
                Ok(Ok(_)) => Ok(format!("{host}:{} listens (account and TLS are tried by serve)", road.port)),
                Ok(Err(problem)) => Err(format!("{host}:{}: {problem}", road.port)),
                Err(_) => Err(format!("{host}:{}: no answer within {ROAD_WITHIN:?}", road.port)),
            };
            checked.push((format!("sms.smpp.{}", road.name), result));
        }
    }
    for road in &roads.http {
        let name = road.name();
        checked.push((format!("sms.http.{name}"), Ok(format!("messages come in at /sms/{name}/inbound"))));
    }
    checked
}

async fn listen(address: std::net::SocketAddr) -> Result<String, String> {
    TcpListener::bind(address)
        .await
        .map(|_| format!("{address} is free"))
        .map_err(|problem| format!("{address}: {problem}"))
}

fn check_locales(config: &Config) -> Result<String, String> {
    compose::locales(config)
        .map(|locales| format!("{:?}", locales.available()))
        .map_err(|problem| format!("{problem:#}"))
}

fn check_catalogue(config: &Config) -> Result<String, String> {
    let catalogue = compose::load_catalogue(config).map_err(|problem| format!("{problem:#}"))?;
    let file = &config.catalogue.file;
    let source =
        if file.is_file() { file.display().to_string() } else { format!("built in ({} is not there)", file.display()) };
    let oldest = catalogue.as_of().map(|day| format!(", oldest facts of {day}")).unwrap_or_default();
    Ok(format!("{} procedures, {source}{oldest}", catalogue.len()))
}

async fn check_store(config: &Config) -> Result<String, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    if let Some(file) = compose::sqlite_file(&config.store.url)
        && !file.exists()
    {
        return Ok(format!("sqlite, {} is not there yet: serve makes it", file.display()));
    }
    let store = compose::open_store(config, &clock).await.map_err(|problem| format!("{problem:#}"))?;
    store.ping().await.map_err(|problem| problem.to_string())?;
    let pending = store.pending_migrations().await.map_err(|problem| problem.to_string())?;
    let kind = store.kind();
    store.close().await;
    match pending.len() {
        0 => Ok(format!("{kind} answers, tables are up to date")),
        count => Ok(format!("{kind} answers, {count} migrations are waiting (serve runs them; or dakenh migrate)")),
    }
}

/// How its tokens stand. Nothing is asked of Zalo: a refresh token is good once,
/// and the gateway that serves needs it.
async fn check_zalo(config: &Config) -> Result<String, String> {
    let key = config.hash_key().map_err(|_| "its tokens need audit.key".to_owned())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let missing = compose::sqlite_file(&config.store.url).is_some_and(|file| !file.exists());
    let first = !secrecy::ExposeSecret::expose_secret(&config.zalo.refresh_token).is_empty();
    if missing && first {
        return Ok("the token of the settings is used by serve".into());
    }
    let store = compose::open_existing_store(config, &clock).await.map_err(|problem| format!("{problem:#}"))?;
    let credentials = store.credentials(&key, Arc::new(SystemRandomness));
    let now = clock.now();
    let standing = zalo::standing(&credentials, &config.zalo, now).await;
    store.close().await;
    match standing.map_err(|problem| problem.to_string())? {
        zalo::Standing::Missing if first => Ok("the token of the settings is used by serve".into()),
        standing if standing.needs_operator() => Err(super::zalo::told(&standing, now)),
        standing => Ok(super::zalo::told(&standing, now)),
    }
}

/// The bot's name, and what waits there. Nothing is taken from Telegram, and
/// nothing is set there.
async fn check_telegram(config: &Config) -> Result<String, String> {
    let standing = telegram::standing(&config.telegram, Arc::new(SystemClock)).await;
    let Standing { username, waiting, in_place, last_error } = standing.map_err(|problem| problem.to_string())?;
    let way = match config.telegram.mode {
        Mode::Polling if in_place => "polling",
        Mode::Polling => "polling (a webhook is set, which serve deletes)",
        Mode::Webhook if in_place => "webhook",
        Mode::Webhook if config.telegram.public_url.is_empty() => {
            return Err(format!("@{username}: no webhook is set, and telegram.public_url names none"));
        }
        Mode::Webhook => "webhook (set to another address, which serve changes)",
    };
    let failed = last_error.map(|(message, at)| {
        let at = Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default();
        format!("; its last call that failed, {at}: {}", clean(&message, 200))
    });
    Ok(format!("@{username}, {way}, {waiting} updates wait{}", failed.unwrap_or_default()))
}

async fn check_portal(config: &Config) -> Result<String, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let portal = compose::national_portal(config, &clock, &randomness).map_err(|problem| format!("{problem:#}"))?;
    let started = clock.now();
    let address = &config.portal.national.base_url;
    portal.ping(started + PORTAL_WITHIN).await.map_err(|problem| format!("{address}: {problem}"))?;
    let took = clock.now().duration_since(started);
    Ok(format!("{address} answers, login and a read took {} ms", took.as_millis()))
}
