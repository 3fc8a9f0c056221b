//! The thread that speaks with the gateway.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gateway_core::domain::{Locale, local_date};
use kiosk_client::{Catalogue, CatalogueShelf, Clock, Gateway, LastKnown, LocalTicketBook, Vitals};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

use super::{ENGLISH, FIRST_LANGUAGE, Hear, LANGUAGES, Order, Pulse, settings};
use crate::flow::ports::Question;
use crate::flow::{Event, FieldOf};

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(60);
/// The same while the gateway is gone: it is back on the screen soon after.
const ROUND_WHILE_GONE: Duration = Duration::from_secs(15);

/// What the thread has.
pub(super) struct Desk {
    pub(super) gateway: Gateway,
    pub(super) known: LastKnown,
    pub(super) shelf: CatalogueShelf,
    /// Nothing where it cannot be read: no numbers are given then, for nobody
    /// knows which ones were.
    pub(super) book: Option<LocalTicketBook>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) pulse: Arc<Pulse>,
    /// Opened while the gateway is gone, by language.
    pub(super) opened: Mutex<Vec<(Locale, Arc<Catalogue>)>>,
    /// Whether the gateway answered last.
    pub(super) there: AtomicBool,
    /// That has changed.
    pub(super) turned: Notify,
}

impl Desk {
    /// Until the screen goes.
    pub(super) async fn serve(self, mut orders: Receiver<Order>, hear: Hear) {
        let desk = Arc::new(self);
        let rounds = tokio::spawn(Arc::clone(&desk).rounds(Arc::clone(&hear)));
        let mut forgettable = JoinSet::new();
        let mut kept = JoinSet::new();
        while let Some(order) = orders.recv().await {
            // Those that are done.
            while forgettable.try_join_next().is_some() {}
            while kept.try_join_next().is_some() {}
            match order {
                Order::Forget => forgettable.abort_all(),
                Order::Ask { id, question, locale } => {
                    // Who has sent a rating or a call and leaves has still sent it.
                    let outlives = matches!(question, Question::Rate { .. } | Question::Call { .. });
                    let (desk, hear) = (Arc::clone(&desk), Arc::clone(&hear));
                    let answer = async move {
                        let (outcome, there) = desk.answer(question, locale).await;
                        hear(Event::Answered(id, outcome));
                        // After the answer: one that the terminal gave by itself
                        // does not say that the gateway is there.
                        hear(Event::Connected(there));
                        desk.found(there);
                    };
                    if outlives {
                        kept.spawn(answer)
                    } else {
                        forgettable.spawn(answer)
                    };
                }
            }
        }
        rounds.abort();
    }

    async fn rounds(self: Arc<Self>, hear: Hear) {
        // As they were, whole, before the gateway is asked.
        if let Some(settings) = self.settings() {
            hear(Event::Settings(Box::new(settings)));
        }
        loop {
            let heard = self.round(&hear).await;
            self.there.store(heard, Ordering::Relaxed);
            let mut pause = if heard { ROUND } else { ROUND_WHILE_GONE };
            loop {
                tokio::select! {
                    () = self.clock.sleep(pause) => break,
                    // Back: what waits is told at once, such as its own numbers.
                    () = self.turned.notified() => {
                        if self.there.load(Ordering::Relaxed) {
                            break;
                        }
                        pause = ROUND_WHILE_GONE;
                    }
                }
            }
        }
    }

    /// A question found the gateway there, or gone: the rounds need not find it out.
    fn found(&self, there: bool) {
        if self.there.swap(there, Ordering::Relaxed) != there {
            self.turned.notify_one();
        }
    }

    /// One round; whether the gateway heard it.
    pub(super) async fn round(&self, hear: &Hear) -> bool {
        let settings_version =
            self.known.settings(FIRST_LANGUAGE).map(|settings| settings.settings_version.into_owned());
        let vitals = Vitals {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            printer: self.pulse.printer(),
            last_use: self.pulse.last_use(),
            screens_failed: self.pulse.screens_failed(),
            settings_version,
        };
        let round = self.gateway.round(&vitals, &LANGUAGES, &self.known, &self.shelf, self.book.as_ref()).await;
        if round.heard {
            // Its words and names are some megabytes.
            self.opened.lock().clear();
        }
        hear(Event::Connected(round.heard));
        // Also when nothing changed there: whether it is open does by the hour,
        // and the day of the catalogue with the catalogue.
        if let Some(settings) = self.settings() {
            hear(Event::Settings(Box::new(settings)));
        }
        round.heard
    }

    /// As the gateway last said them.
    pub(super) fn settings(&self) -> Option<crate::flow::Settings> {
        let identity = self.gateway.identity()?;
        let made_at = self.shelf.made_at(FIRST_LANGUAGE, &identity.gateway_key).ok().flatten();
        let day = made_at.map(|at| local_date(at).strftime("%d/%m/%Y").to_string()).unwrap_or_default();
        let fields = self.shelf.fields(FIRST_LANGUAGE, &identity.gateway_key).ok().flatten().unwrap_or_default();
        let fields = fields.iter().map(|field| FieldOf { name: field.name.to_string(), procedures: field.procedures });
        self.settings_with(&identity.device, day, fields.collect())
    }

    /// The same, at once.
    pub(super) fn settings_without_catalogue(&self) -> Option<crate::flow::Settings> {
        self.settings_with(&self.gateway.identity()?.device, String::new(), Arc::default())
    }

    fn settings_with(&self, device: &str, day: String, fields: Arc<[FieldOf]>) -> Option<crate::flow::Settings> {
        let in_english = self.known.settings(ENGLISH);
        let said = self.known.settings(FIRST_LANGUAGE)?;
        Some(settings::of(&said, in_english.as_ref(), device, day, fields))
    }

    /// The last catalogue, for a gateway that is gone.
    pub(super) fn catalogue(&self, locale: Locale) -> Option<Arc<Catalogue>> {
        let mut opened = self.opened.lock();
        if let Some((_, catalogue)) = opened.iter().find(|(of, _)| *of == locale) {
            return Some(Arc::clone(catalogue));
        }
        let key = self.gateway.identity()?.gateway_key;
        match self.shelf.open(locale.as_str(), &key) {
            Ok(found) => {
                let catalogue = Arc::new(found?);
                opened.push((locale, Arc::clone(&catalogue)));
                Some(catalogue)
            }
            Err(problem) => {
                tracing::error!(%problem, "the catalogue on disk cannot be read");
                None
            }
        }
    }
}
