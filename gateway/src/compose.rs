//! The composition root: the only place that holds all keys.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use assistant_nlu::{Models, Understander};
use async_trait::async_trait;
use channel_assistant::Dialogue;
use channel_sms::{Composer, Roads, SmsConfig, SmsNeeds, Words};
use gateway_catalogue::{Found, Opened, ProcedureCatalogue};
use gateway_core::desk::{
    Action, Answered, Answers, CallDesk, CallParts, Content, ContinuationDesk, Desk, DeskParts, NoticeBoard, QueueDesk,
    QueueParts, RatingCourier, Request, Watcher,
};
use gateway_core::domain::{AgencyDirectory, DossierNumberParser, ProcedureCode};
use gateway_core::ports::{Catalogue as _, Clock, HashKey, Links, Notices as _, Notifier, Randomness};
use gateway_limits::Limits;
use gateway_locale::{Locales, Renderer};
use gateway_pages::{SignInDesk, SignInNeeds};
use gateway_portal::{CachedPortal, Health, NationalParts, NationalPortal};
use gateway_store::{
    AuditWriter, ConversationKeeper, DeviceRows, Mailbox, OfficerAccounts, Queues, SealedRatings, Store,
};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::clock::{SystemClock, SystemRandomness};
use crate::config::{AssistantSection, Config};
use crate::exit::WrongUse;
use crate::learning::{self, Lessons};

/// The portal as the gateway sees it.
pub(crate) type Portal = CachedPortal<NationalPortal>;

/// The Desk, going on though the asker has left: whoever tries a proof cannot
/// take back its audit row by hanging up.
struct Steadfast(Arc<Desk>);

#[async_trait]
impl Answers for Steadfast {
    async fn handle(&self, request: Request) -> Answered {
        let may_try_a_proof = match &request.content {
            Content::Action(action) => {
                matches!(
                    action,
                    Action::DiscloseDossier { .. }
                        | Action::Subscribe { .. }
                        | Action::SendCode { .. }
                        | Action::Link(_)
                )
            }
            Content::Text(_) => true,
        };
        if !may_try_a_proof {
            return self.0.handle(request).await;
        }
        let desk = Arc::clone(&self.0);
        match tokio::spawn(async move { desk.handle(request).await }).await {
            Ok(answered) => answered,
            // The panic is this request's own: the stack catches and counts it.
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only a runtime that shuts down cancels it; nobody reads this.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

/// Everything that answers, without a listener yet.
pub(crate) struct Gateway {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) desk: Arc<dyn Answers>,
    pub(crate) portal: Arc<Portal>,
    pub(crate) portal_health: Arc<Health>,
    pub(crate) catalogue: Arc<ProcedureCatalogue>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) store: Store,
    pub(crate) audit: Arc<AuditWriter>,
    pub(crate) mailbox: Arc<Mailbox>,
    /// Terminals.
    pub(crate) devices: DeviceRows,
    /// What citizens think of a service.
    pub(crate) ratings: Arc<SealedRatings>,
    /// Carries it to the portal.
    pub(crate) courier: RatingCourier,
    /// Lets pages go on on phones.
    pub(crate) continuations: Arc<ContinuationDesk>,
    conversations: Arc<ConversationKeeper>,
    queues: Arc<Queues>,
    /// Queues of centres, by the operator's rules.
    pub(crate) queue: Arc<QueueDesk>,
    /// Calls from terminals.
    pub(crate) calls: Arc<CallDesk>,
    pub(crate) learning: Lessons,
    pub(crate) notices: Arc<NoticeBoard>,
    pub(crate) locales: Arc<Locales>,
    /// Looks at the dossiers that somebody subscribed to; `None` where no road
    /// leads to phones.
    pub(crate) watcher: Option<Watcher>,
    links: Arc<dyn Links>,
    hash_key: HashKey,
    /// The roads, until the channel takes them.
    roads: Mutex<Option<Roads>>,
}

impl Gateway {
    /// Opens the database, brings it up to date and puts everything together.
    /// `stop` ends what the roads do.
    pub(crate) async fn compose(mut config: Config, stop: &CancellationToken) -> anyhow::Result<Self> {
        // The last rows have half of the time that a graceful stop has.
        let last_rows_ms = (config.listen.stop_within_ms / 2).max(100);
        let (audit, conversations) = (&mut config.store.audit, &mut config.store.conversations);
        let queue = &mut config.store.queue;
        queue.close_timeout_ms = queue.close_timeout_ms.min(last_rows_ms);
        audit.close_timeout_ms = audit.close_timeout_ms.min(last_rows_ms);
        conversations.close_timeout_ms = conversations.close_timeout_ms.min(last_rows_ms);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
        let wrong = |problem: String| WrongUse(problem);
        let hash_key = config.hash_key().map_err(wrong)?;
        let locales = Arc::new(locales(&config)?);
        // Beside the database, which mostly waits for its disk.
        let catalogue = {
            let (file, short_names) = (config.catalogue.file.clone(), short_names(&config)?);
            tokio::task::spawn_blocking(move || open_catalogue(&file, &short_names))
        };
        let store = open_store(&config, &clock).await?;
        store.migrate().await.context("database tables")?;
        let audit = Arc::new(store.start_audit().await.context("audit")?);
        let mailbox = Arc::new(store.start_mailbox().await.context("inbox and outbox")?);
        let conversations = Arc::new(store.start_conversations(&hash_key, Arc::clone(&randomness)));
        let notices = Arc::new(NoticeBoard::default());
        notices.refresh(store.current(clock.now()).await.context("notices")?);
        let catalogue = Arc::new(keep_prepared(catalogue.await.context("catalogue")??));
        let national = national_portal(&config, &clock, &randomness)?;
        let portal_health = national.health();
        let cached = CachedPortal::new(national, &config.portal.cache, Arc::clone(&clock), Arc::clone(&randomness));
        let portal = Arc::new(cached.map_err(|problem| WrongUse(problem.to_string()))?);
        let limits = Arc::new(Limits::new(&config.limits).map_err(|problem| WrongUse(format!("limits.{problem}")))?);
        let numbers = config.number_parser().map_err(wrong)?;
        let roads = sms_roads(&config, &clock, &randomness, stop)?;
        let rows = store.start_learning(&hash_key, Arc::clone(&randomness), config.learning.rules());
        let (dialogue, learning) =
            learning::open(&config, &numbers, &catalogue, &store, Arc::new(rows), &clock, &randomness).await?;
        let words = sms_words(&locales, &catalogue, &config.sms.channel());
        let notifier = roads.as_ref().map(|roads| {
            let routes = Arc::clone(&roads.routes);
            let composer = composer(&config, routes, words, &store, hash_key.clone(), &randomness);
            Arc::new(composer) as Arc<dyn Notifier>
        });
        let links: Arc<dyn Links> = Arc::new(store.links(&hash_key, Arc::clone(&randomness)));
        let queues = Arc::new(store.start_queues());
        let queue = Arc::new(QueueDesk::new(QueueParts {
            queue: Arc::clone(&queues) as Arc<_>,
            rules: Arc::new(config.queue_rules().map_err(wrong)?),
            calendar: Arc::new(config.calendar().map_err(wrong)?),
            clock: Arc::clone(&clock),
            randomness: Arc::clone(&randomness),
            audit: Arc::new(store.clone()),
            hash_key: hash_key.clone(),
        }));
        let ratings = Arc::new(store.ratings(&hash_key, Arc::clone(&randomness)));
        let desk = Arc::new(Desk::new(DeskParts {
            portal: Arc::clone(&portal) as Arc<_>,
            catalogue: Arc::clone(&catalogue) as Arc<_>,
            interpreter: Arc::new(dialogue),
            limiter: Arc::clone(&limits) as Arc<_>,
            audit: Arc::clone(&audit) as Arc<_>,
            dedupe: Arc::new(store.clone()),
            proofs: Arc::new(store.clone()),
            notices: Arc::clone(&notices),
            codes: Arc::new(store.clone()),
            subscriptions: Arc::new(store.clone()),
            preferences: Arc::new(store.clone()),
            links: Arc::clone(&links),
            requests: Arc::new(store.clone()),
            conversations: Arc::clone(&conversations) as Arc<_>,
            misses: learning.misses(&config),
            outbox: Arc::clone(&mailbox) as Arc<_>,
            notifier,
            clock: Arc::clone(&clock),
            randomness: Arc::clone(&randomness),
            hash_key: hash_key.clone(),
            agencies: Arc::new(config.agencies()),
            calendar: Arc::new(config.calendar().map_err(wrong)?),
            ratings: Some(Arc::clone(&ratings) as Arc<_>),
            queue: Some(Arc::clone(&queue)),
            rules: config.desk_rules().map_err(wrong)?,
        }));
        let devices = store.start_devices();
        let calls = Arc::new(CallDesk::new(CallParts {
            calls: Arc::new(devices.clone()),
            audit: Arc::new(store.clone()),
            clock: Arc::clone(&clock),
            hash_key: hash_key.clone(),
            flag_after: Duration::from_secs(u64::from(config.kiosk.call_late_minutes) * 60),
        }));
        let numbers = Arc::new(numbers);
        let courier = RatingCourier::new(
            Arc::clone(&portal) as Arc<_>,
            Arc::clone(&ratings) as Arc<_>,
            Arc::clone(&numbers),
            Arc::clone(&clock),
        );
        let continuations = ContinuationDesk::new(
            Arc::new(store.continuations(&hash_key, Arc::clone(&randomness))),
            Arc::clone(&clock),
            Arc::clone(&randomness),
            hash_key.clone(),
            config.kiosk.continuations(),
        );
        let watcher = Watcher::new(Arc::clone(&desk), numbers);
        Ok(Self {
            config,
            clock,
            randomness,
            desk: Arc::new(Steadfast(desk)),
            portal,
            portal_health,
            catalogue,
            limits,
            devices,
            ratings,
            courier,
            continuations: Arc::new(continuations),
            store,
            audit,
            mailbox,
            conversations,
            queues,
            queue,
            calls,
            learning,
            notices,
            locales,
            watcher,
            links,
            hash_key,
            roads: Mutex::new(roads),
        })
    }

    /// The key of the hashes.
    pub(crate) const fn hash_key(&self) -> &HashKey {
        &self.hash_key
    }

    /// What citizens linked.
    pub(crate) fn links(&self) -> Arc<dyn Links> {
        Arc::clone(&self.links)
    }

    /// The channel of text messages, where there is one. It is there once.
    pub(crate) fn sms(&self, stop: &CancellationToken) -> anyhow::Result<Option<gateway_http::ChannelParts>> {
        let Some(roads) = self.roads.lock().take() else { return Ok(None) };
        let config = self.config.sms.channel();
        Ok(Some(channel_sms::channel_parts(
            roads,
            SmsNeeds {
                desk: Arc::clone(&self.desk),
                inbox: Arc::clone(&self.mailbox) as Arc<_>,
                outbox: Arc::clone(&self.mailbox) as Arc<_>,
                preferences: Arc::new(self.store.clone()),
                words: sms_words(&self.locales, &self.catalogue, &config),
                numbers: self.config.number_parser().map_err(WrongUse)?,
                config,
                clock: Arc::clone(&self.clock),
                randomness: Arc::clone(&self.randomness),
                hash_key: self.hash_key.clone(),
                stop: stop.clone(),
            },
        )))
    }

    /// Officers' accounts.
    pub(crate) fn officers(&self) -> OfficerAccounts {
        self.store.officers(&self.hash_key, Arc::clone(&self.randomness))
    }

    /// What lets officers in.
    pub(crate) fn sign_in_desk(&self) -> anyhow::Result<SignInDesk> {
        let needs = SignInNeeds {
            officers: Arc::new(self.officers()),
            audit: Arc::new(self.store.clone()),
            limiter: Arc::clone(&self.limits) as Arc<_>,
            clock: Arc::clone(&self.clock),
            randomness: Arc::clone(&self.randomness),
            hash_key: self.hash_key.clone(),
            rules: self.config.officers.rules(self.config.http.is_https()),
        };
        Ok(SignInDesk::new(needs).map_err(|problem| WrongUse(format!("officers: {problem}")))?)
    }

    /// Reads sentences and procedures again (SIGHUP). What cannot be read
    /// stays as it was.
    pub(crate) fn reload(&self) {
        match self.locales.reload() {
            Ok(()) => tracing::info!("sentences reloaded"),
            Err(problem) => tracing::error!(%problem, "sentences not reloaded"),
        }
        let opened =
            short_names(&self.config).and_then(|short_names| open_catalogue(&self.config.catalogue.file, &short_names));
        match opened {
            Ok(opened) => {
                self.catalogue.take(&keep_prepared(opened));
                tracing::info!(procedures = self.catalogue.len(), "catalogue reloaded");
            }
            Err(problem) => tracing::error!(problem = format!("{problem:#}"), "catalogue not reloaded"),
        }
    }

    /// Gives back what this node has of the inbox and outbox, flushes the audit
    /// and the conversations and closes the database.
    ///
    /// # Errors
    /// Rows of answers already given could not be written.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        if let Err(problem) = self.mailbox.close().await {
            tracing::warn!(%problem, "messages not given back; they are adopted when this node is gone");
        }
        // At once: where the database is away, neither takes the other's time.
        let (flushed, remembered, missed, ()) = tokio::join!(
            self.audit.close(),
            self.conversations.close(),
            self.learning.rows.close(),
            self.queues.close()
        );
        if let Err(problem) = missed {
            tracing::warn!(%problem, "misses not written");
        }
        if let Err(problem) = remembered {
            tracing::warn!(%problem, "conversations not written");
        }
        self.store.close().await;
        flushed.context("audit")
    }
}

/// The roads of text messages; `None` where no route is configured.
fn sms_roads(
    config: &Config,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<dyn Randomness>,
    stop: &CancellationToken,
) -> anyhow::Result<Option<Roads>> {
    if !config.sms.is_there() {
        return Ok(None);
    }
    let client = gateway_portal::http_client(&config.portal.national)?;
    let roads = Roads::build(&config.sms.roads(), &config.sms.channel(), &client, clock, randomness, stop);
    Ok(Some(roads.map_err(|problem| WrongUse(format!("sms.{problem}")))?))
}

/// What understands citizens, on every channel.
pub(crate) fn dialogue(
    config: &Config,
    numbers: &DossierNumberParser,
    catalogue: &Arc<ProcedureCatalogue>,
) -> anyhow::Result<Dialogue> {
    Ok(Dialogue::new(understander(config, numbers, catalogue)?, numbers.clone()))
}

/// What understands one sentence.
pub(crate) fn understander(
    config: &Config,
    numbers: &DossierNumberParser,
    catalogue: &Arc<ProcedureCatalogue>,
) -> anyhow::Result<Arc<Understander>> {
    let models = Models::compiled_in().context("models of intents")?;
    let understander = Understander::new(numbers.clone(), Arc::clone(catalogue), models);
    Ok(Arc::new(with_neural_models(understander, &config.assistant)?))
}

/// The operator's own models, where the build can read them.
#[cfg(any(feature = "candle", feature = "rust-bert"))]
fn with_neural_models(understander: Understander, section: &AssistantSection) -> anyhow::Result<Understander> {
    let mut understander = understander;
    if !section.intent_model.as_os_str().is_empty() {
        let model = assistant_nlu::neural::load(&section.intent_model);
        understander =
            understander.with_intents(model.map_err(|problem| WrongUse(format!("assistant.intent_model: {problem}")))?);
    }
    if !section.reranker.as_os_str().is_empty() {
        let reranker = assistant_nlu::neural::load_reranker(&section.reranker);
        understander =
            understander.with_reranker(reranker.map_err(|problem| WrongUse(format!("assistant.reranker: {problem}")))?);
    }
    Ok(understander)
}

/// This build reads no neural model: whoever names one is told so.
#[cfg(not(any(feature = "candle", feature = "rust-bert")))]
fn with_neural_models(understander: Understander, section: &AssistantSection) -> anyhow::Result<Understander> {
    let named = [("intent_model", &section.intent_model), ("reranker", &section.reranker)];
    match named.iter().find(|(_, folder)| !folder.as_os_str().is_empty()) {
        Some((key, _)) => {
            let problem =
                format!("assistant.{key}: this build has neither feature candle nor rust-bert (docs/neural.md)");
            Err(WrongUse(problem).into())
        }
        None => Ok(understander),
    }
}

/// The words of text messages.
pub(crate) fn sms_words(locales: &Arc<Locales>, catalogue: &Arc<ProcedureCatalogue>, config: &SmsConfig) -> Words {
    let renderer = Renderer::new(Arc::clone(locales)).with_catalogue(Arc::clone(catalogue) as Arc<_>);
    Words::new(&renderer, &config.keywords)
}

/// What puts notices into messages.
pub(crate) fn composer(
    config: &Config,
    routes: Arc<channel_sms::Routes>,
    words: Words,
    store: &Store,
    hash_key: HashKey,
    randomness: &Arc<dyn Randomness>,
) -> Composer {
    Composer {
        routes,
        words,
        preferences: Arc::new(store.clone()),
        config: config.sms.channel().notices,
        hash_key,
        randomness: Arc::clone(randomness),
    }
}

/// The database. A URL that cannot be right is wrong use; a server that does
/// not answer is the environment's failure.
pub(crate) async fn open_store(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Store> {
    if let Some(file) = sqlite_file(&config.store.url)
        && !file.exists()
    {
        create_private(file).with_context(|| format!("database {}", file.display()))?;
    }
    connect(config, clock).await
}

/// The database, for commands that look something up: it must be there, with
/// its tables.
pub(crate) async fn open_existing_store(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Store> {
    if let Some(file) = sqlite_file(&config.store.url)
        && !file.exists()
    {
        anyhow::bail!("database {} is not there (of a demo: --data DIR)", file.display());
    }
    let store = connect(config, clock).await?;
    if !store.pending_migrations().await.context("database")?.is_empty() {
        anyhow::bail!("the database's tables are not up to date: run dakenh migrate");
    }
    Ok(store)
}

/// The file of a SQLite URL.
pub(crate) fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite://")?;
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    (!path.is_empty()).then(|| Path::new(path))
}

/// Only the gateway's own user reads it; SQLite gives its other files the same
/// mode.
fn create_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(file).map(drop)
}

async fn connect(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Store> {
    Store::connect(&config.store, Arc::clone(clock)).await.map_err(|problem| {
        if problem.is_wrong_use() {
            WrongUse(format!("store.url: {problem}")).into()
        } else {
            anyhow::Error::new(problem).context("database")
        }
    })
}

/// The national portal adapter, without a cache.
pub(crate) fn national_portal(
    config: &Config,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<dyn Randomness>,
) -> anyhow::Result<NationalPortal> {
    let national = &config.portal.national;
    let parts = NationalParts {
        client: gateway_portal::http_client(national)?,
        statuses: config.statuses(),
        clock: Arc::clone(clock),
        randomness: Arc::clone(randomness),
    };
    Ok(NationalPortal::new(national, &config.portal.stack, parts).map_err(|problem| WrongUse(problem.to_string()))?)
}

/// The sentences, with the operator's own laid over them.
pub(crate) fn locales(config: &Config) -> anyhow::Result<Locales> {
    let overrides = &config.locale.overrides;
    let locales =
        if overrides.as_os_str().is_empty() { Locales::embedded() } else { Locales::with_overrides(overrides) };
    locales.context("sentences")
}

/// The procedures: the imported ones, else the small catalogue.
pub(crate) fn load_catalogue(config: &Config) -> anyhow::Result<ProcedureCatalogue> {
    Ok(open_catalogue(&config.catalogue.file, &short_names(config)?)?.catalogue)
}

pub(crate) fn open_catalogue(file: &Path, short_names: &HashMap<ProcedureCode, String>) -> anyhow::Result<Opened> {
    if !file.is_file() {
        let catalogue = ProcedureCatalogue::new(gateway_catalogue::builtin(), short_names);
        return Ok(Opened { catalogue, rejected: Vec::new(), found: Found::Nothing, preparation: None });
    }
    let opened = ProcedureCatalogue::open(file, short_names).with_context(|| file.display().to_string())?;
    for (line, problem) in &opened.rejected {
        tracing::warn!(line, %problem, "procedure left out");
    }
    Ok(opened)
}

/// Writes the prepared catalogue anew, beside everything else, where one lies there
/// that is stale (after an upgrade, or another import). Where nobody prepared one,
/// nothing is written.
fn keep_prepared(opened: Opened) -> ProcedureCatalogue {
    if let (Found::Stale, Some(preparation)) = (opened.found, opened.preparation) {
        tokio::task::spawn_blocking(move || {
            let file = preparation.path().display().to_string();
            match preparation.write() {
                Ok(()) => tracing::info!(file, "catalogue prepared anew"),
                Err(problem) => tracing::warn!(file, %problem, "catalogue not prepared; the next start takes longer"),
            }
        });
    }
    opened.catalogue
}

pub(crate) fn short_names(config: &Config) -> anyhow::Result<HashMap<ProcedureCode, String>> {
    Ok(config.short_names().map_err(WrongUse)?)
}

/// Agencies for the simulator: those of the configuration.
pub(crate) fn agency_names(directory: &AgencyDirectory) -> Vec<(String, String)> {
    directory.agencies().iter().map(|agency| (agency.code.clone(), agency.name.clone())).collect()
}

/// How long a background job waits between two rounds.
pub(crate) const SWEEP_EVERY: Duration = Duration::from_secs(10);
