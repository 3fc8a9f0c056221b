use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::queue::SiteCode;
use gateway_core::ports::{Clock, Listening};
use parking_lot::Mutex;
use tokio::sync::watch;

/// What another node wrote is found so late at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tells those who show a site that it changed: one bell for each site that
/// somebody listened to, and there are as many as were configured.
pub(super) struct Bell {
    clock: Arc<dyn Clock>,
    sites: Mutex<HashMap<SiteCode, watch::Sender<()>>>,
}

impl Bell {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, sites: Mutex::default() }
    }

    pub(super) fn ring(&self, site: &SiteCode) {
        if let Some(bell) = self.sites.lock().get(site) {
            bell.send_replace(());
        }
    }

    pub(super) fn listen(&self, site: &SiteCode) -> Box<dyn Listening> {
        let mut sites = self.sites.lock();
        let bell = sites.entry(site.clone()).or_insert_with(|| watch::Sender::new(()));
        Box::new(Listener { heard: bell.subscribe(), clock: Arc::clone(&self.clock) })
    }
}

struct Listener {
    heard: watch::Receiver<()>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Listening for Listener {
    async fn wait(&mut self) {
        tokio::select! {
            // Where the bell is gone nobody rings: it is looked at now and then.
            Ok(()) = self.heard.changed() => {}
            () = self.clock.sleep(LOOK_EVERY) => {}
        }
    }
}
