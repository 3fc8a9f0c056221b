//! What every messenger has in common: events on disk before they are
//! acknowledged, one answer for each in the citizen's order, messages on their way
//! out, and a person where a person is needed.
//!
//! A channel of this kind gives a [`Wire`] and hands events to [`Intake`]; the web
//! chat has no wire: browsers read the transcript.

mod answer;
mod bell;
mod config;
mod intake;
mod lines;
mod outgoing;
mod parting;
mod person;
mod serving;
mod waiting;
mod wire;
mod wishes;

use std::sync::Arc;

use gateway_core::desk::Answers;
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Clock, Handovers, HashKey, Inbox, Outbox, Randomness, Transcripts};
use gateway_http::Task;
use gateway_locale::Renderer;
use tokio_util::sync::CancellationToken;

use answer::Answering;
use bell::Bell;
use outgoing::Outgoing;

pub use config::MessengerConfig;
pub(crate) use lines::is_for_citizens;
pub(crate) use parting::parted;
pub use wire::{Arrived, Event, Intake, NotTaken, Saying, Sent, Taken, Wire};

/// What messengers need.
pub struct MessengerNeeds {
    /// What answers.
    pub desk: Arc<dyn Answers>,
    /// What came in.
    pub inbox: Arc<dyn Inbox>,
    /// What goes out.
    pub outbox: Arc<dyn Outbox>,
    /// What was said.
    pub transcripts: Arc<dyn Transcripts>,
    /// Who is on the way to a person.
    pub handovers: Arc<dyn Handovers>,
    /// The words.
    pub renderer: Renderer,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for request ids and references.
    pub randomness: Arc<dyn Randomness>,
    /// The key of the hashes.
    pub hash_key: HashKey,
    /// The settings.
    pub config: MessengerConfig,
}

/// Every messenger of a gateway.
pub struct Messenger {
    needs: Arc<MessengerNeeds>,
    answering: Arc<Answering>,
    outgoing: Arc<Outgoing>,
    bell: Arc<Bell>,
}

impl Messenger {
    /// The messengers on these wires, and their jobs: without the jobs nothing is
    /// sent.
    pub fn start(needs: MessengerNeeds, wires: Vec<Arc<dyn Wire>>, stop: &CancellationToken) -> (Arc<Self>, Vec<Task>) {
        let needs = Arc::new(needs);
        let bell = Arc::new(Bell::new(Arc::clone(&needs.clock)));
        let outgoing = Outgoing::new(Arc::clone(&needs), wires);
        let answering = Answering::new(Arc::clone(&needs), Arc::clone(&outgoing), Arc::clone(&bell));
        let messenger = Arc::new(Self { needs, answering, outgoing, bell });
        let mut tasks = messenger.answering.tasks(stop);
        tasks.extend(messenger.outgoing.tasks(stop));
        if messenger.needs.config.officers {
            tasks.push(until(stop, Arc::clone(&messenger).look_after_the_line()));
        }
        let (answering, outgoing, stop) =
            (Arc::clone(&messenger.answering), Arc::clone(&messenger.outgoing), stop.clone());
        // What is under way at the stop is settled before the database closes.
        tasks.push(Box::pin(async move {
            stop.cancelled().await;
            answering.settled().await;
            outgoing.settled().await;
        }));
        (messenger, tasks)
    }
}

/// A task that ends with the token.
fn until(stop: &CancellationToken, task: impl Future<Output = ()> + Send + 'static) -> Task {
    let stop = stop.clone();
    Box::pin(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = task => {}
        }
    })
}

/// The channels whose messages this engine answers.
const CHANNELS: [Channel; 3] = [Channel::Zalo, Channel::Telegram, Channel::Webchat];

/// Whether two names are of one account.
fn same(one: &Provider, other: &str) -> bool {
    one.as_str() == other
}
