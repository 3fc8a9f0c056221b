//! The channel, put together in three steps, because the Desk speaks through
//! it and it speaks to the Desk: roads and routes, the composer of notices, and
//! what answers.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use axum::Router;
use compact_str::CompactString;
use gateway_core::desk::{Answers, Audience};
use gateway_core::domain::{Channel, DossierNumberParser};
use gateway_core::ports::{Clock, ContactPreferences, HashKey, Inbox, Outbox, Randomness};
use gateway_http::{ChannelParts, Task};
use tokio_util::sync::CancellationToken;

use crate::codec::{DefaultAlphabet, ReferenceBits};
use crate::config::{SmsConfig, SmsConfigProblem};
use crate::dispatch::{Dispatcher, Wishes};
use crate::intake::Door;
use crate::keywords::Keywords;
use crate::operate::Operators;
use crate::providers::{self, ProviderConfig};
use crate::reception::{Reception, ReceptionParts};
use crate::road::{Arrived, Intake, NotTaken, Reported, Road, Taken};
use crate::routes::{Route, Routes};
use crate::smpp::config::LongMessages;
use crate::smpp::{self, SmppRoadConfig};
use crate::watch::QueueWatch;
use crate::words::Words;

/// Every road of the configuration.
#[derive(Debug, Clone, Default)]
pub struct RoadConfigs {
    /// Over SMPP.
    pub smpp: Vec<SmppRoadConfig>,
    /// Over HTTP.
    pub http: Vec<ProviderConfig>,
}

impl RoadConfigs {
    /// The roads' names.
    pub fn names(&self) -> Vec<&str> {
        let smpp = self.smpp.iter().map(|road| road.name.as_str());
        smpp.chain(self.http.iter().map(ProviderConfig::name)).collect()
    }

    /// Checks every road, and that no two have one name.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn validate(&self) -> Result<(), SmsConfigProblem> {
        for road in &self.smpp {
            road.validate()
                .map_err(|problem| SmsConfigProblem::new(format!("smpp.{}", road.name), problem.to_string()))?;
        }
        for road in &self.http {
            road.validate()
                .map_err(|problem| SmsConfigProblem::new(format!("http.{}", road.name()), problem.to_string()))?;
        }
        let names = self.names();
        for (place, name) in names.iter().enumerate() {
            if names.iter().take(place).any(|other| other == name) {
                return Err(SmsConfigProblem::new((*name).to_owned(), "two roads have this name"));
            }
        }
        Ok(())
    }

    /// The routes as a plan: messages can be composed, and none is sent.
    pub fn plan(&self, config: &SmsConfig) -> Arc<Routes> {
        self.routes(config, |_| None)
    }

    fn routes(&self, config: &SmsConfig, road: impl Fn(&str) -> Option<Arc<dyn Road>>) -> Arc<Routes> {
        let sixteen = self.smpp.iter().any(|road| road.reference() == ReferenceBits::Sixteen);
        let reference = if sixteen { ReferenceBits::Sixteen } else { ReferenceBits::Eight };
        let routes = config.routes.iter().map(|route| {
            let smpp = self.smpp.iter().find(|road| road.name == route.road);
            let http = self.http.iter().find(|road| road.name() == route.road);
            let foreign = http.is_some_and(ProviderConfig::foreign);
            let audience = if foreign { Audience::ForeignProcessor } else { Audience::Sender };
            let whole = smpp.is_none_or(|road| road.long_messages == LongMessages::MessagePayload);
            Route::new(route.clone(), audience, whole, road(&route.road))
        });
        Arc::new(Routes::new(routes.collect(), config.failover.clone(), reference))
    }
}

/// Roads that are built and not yet open, with their routes.
pub struct Roads {
    /// The routes over them.
    pub routes: Arc<Routes>,
    door: Arc<LateDoor>,
    public: Router,
    tasks: Vec<Task>,
    alphabets: Vec<(CompactString, DefaultAlphabet)>,
}

/// The door, once it is there: roads are built before what answers.
#[derive(Default)]
struct LateDoor(OnceLock<Arc<Door>>);

#[async_trait]
impl Intake for LateDoor {
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken> {
        match self.0.get() {
            Some(door) => door.arrived(message).await,
            None => Err(NotTaken::Failed),
        }
    }

    async fn reported(&self, receipt: Reported) -> Result<(), NotTaken> {
        match self.0.get() {
            Some(door) => door.reported(receipt).await,
            None => Err(NotTaken::Failed),
        }
    }
}

impl Roads {
    /// Builds the roads. Nothing connects before the channel's tasks are run.
    ///
    /// # Errors
    /// A setting, or a file for TLS, that cannot be used.
    pub fn build(
        roads: &RoadConfigs,
        config: &SmsConfig,
        client: &reqwest::Client,
        clock: &Arc<dyn Clock>,
        randomness: &Arc<dyn Randomness>,
        stop: &CancellationToken,
    ) -> Result<Self, SmsConfigProblem> {
        roads.validate()?;
        config.validate(&roads.names())?;
        providers::describe_metrics();
        let door = Arc::new(LateDoor::default());
        let intake = || Arc::clone(&door) as Arc<dyn Intake>;
        let mut tasks = Vec::new();
        let mut public = Router::new();
        let mut built: Vec<Arc<dyn Road>> = Vec::new();
        let mut alphabets = Vec::new();
        for smpp in &roads.smpp {
            alphabets.push((smpp.name.clone(), smpp.default_alphabet.into()));
            let started = smpp::start(smpp.clone(), intake(), Arc::clone(clock), randomness, stop.clone());
            let (road, jobs) =
                started.map_err(|problem| SmsConfigProblem::new(format!("smpp.{}", smpp.name), problem.to_string()))?;
            built.push(road);
            tasks.extend(jobs);
        }
        for http in &roads.http {
            let provider = providers::build(http, intake(), client.clone(), Arc::clone(clock))
                .map_err(|problem| SmsConfigProblem::new(format!("http.{}", http.name()), problem.to_string()))?;
            public = public.merge(provider.public);
            built.extend(provider.road);
        }
        let mute = config.routes.iter().find(|route| !built.iter().any(|road| road.name() == route.road));
        if let Some(route) = mute {
            let problem = "this road only receives: it has no way out, so it has no route";
            return Err(SmsConfigProblem::new(format!("routes.{}", route.road), problem));
        }
        let routes = roads.routes(config, |name| built.iter().find(|road| road.name() == name).map(Arc::clone));
        Ok(Self { routes, door, public, tasks, alphabets })
    }
}

/// What the channel needs beside its roads.
pub struct SmsNeeds {
    /// What answers: the Desk.
    pub desk: Arc<dyn Answers>,
    /// What came in.
    pub inbox: Arc<dyn Inbox>,
    /// What goes out.
    pub outbox: Arc<dyn Outbox>,
    /// Who wants to be sent what.
    pub preferences: Arc<dyn ContactPreferences>,
    /// The words.
    pub words: Words,
    /// What reads dossier numbers.
    pub numbers: DossierNumberParser,
    /// The settings.
    pub config: SmsConfig,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for request ids and references.
    pub randomness: Arc<dyn Randomness>,
    /// The key of the hashes.
    pub hash_key: HashKey,
    /// Ends the channel's tasks.
    pub stop: CancellationToken,
}

/// The channel, ready to be composed.
pub fn channel_parts(roads: Roads, needs: SmsNeeds) -> ChannelParts {
    let SmsNeeds { desk, inbox, outbox, preferences, words, numbers, config, clock, randomness, hash_key, stop } =
        needs;
    let Roads { routes, door: late, public, mut tasks, alphabets } = roads;
    let dispatcher = Dispatcher::new(
        Arc::clone(&routes),
        Arc::clone(&outbox),
        Arc::clone(&clock),
        Wishes { preferences, hash_key: hash_key.clone() },
    );
    let reception = Reception::new(ReceptionParts {
        desk,
        inbox: Arc::clone(&inbox),
        dispatcher: Arc::clone(&dispatcher),
        routes: Arc::clone(&routes),
        words,
        keywords: Keywords::new(&config.keywords, numbers),
        config: config.answers.clone(),
        clock: Arc::clone(&clock),
        randomness,
        hash_key: hash_key.clone(),
    });
    let door = Door::new(
        inbox,
        Arc::clone(&outbox),
        Arc::clone(&reception),
        Arc::clone(&clock),
        config.answers.clone(),
        alphabets,
        hash_key,
    );
    // Roads are built once: nobody has set it before.
    let _ = late.0.set(Arc::clone(&door));
    tasks.extend(door.tasks(&stop));
    tasks.extend(reception.tasks(&stop));
    tasks.extend(dispatcher.tasks(&stop));
    let stuck_after = std::time::Duration::from_secs(u64::from(config.failover.stuck_after_seconds));
    let watch = QueueWatch { outbox, routes: Arc::clone(&routes), clock, stuck_after };
    tasks.extend(watch.tasks(&stop));
    let internal = Operators { routes: Arc::clone(&routes), dispatcher: Arc::clone(&dispatcher) }.router();
    // What is under way at the stop is settled before the database closes.
    tasks.push(Box::pin(async move {
        stop.cancelled().await;
        reception.settled().await;
        dispatcher.settled().await;
    }));
    ChannelParts { name: Channel::Sms.key(), public, internal, tasks, outbound: None }
}
