//! Tells those who wait that something was said.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::{Clock, KeyedHash, Listening};
use parking_lot::Mutex;
use tokio::sync::watch;

/// What another node wrote is found so late at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// One bell for each conversation that somebody listens to, and one for the desk.
pub(crate) struct Bell {
    clock: Arc<dyn Clock>,
    desk: watch::Sender<()>,
    lines: Mutex<HashMap<KeyedHash, watch::Sender<()>>>,
}

impl Bell {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, desk: watch::Sender::new(()), lines: Mutex::default() }
    }

    /// Something was said in a conversation.
    pub(crate) fn ring(&self, conversation: KeyedHash) {
        let mut lines = self.lines.lock();
        if let Some(sender) = lines.get(&conversation)
            && sender.send(()).is_err()
        {
            lines.remove(&conversation);
        }
    }

    /// A hand-over moved.
    pub(crate) fn ring_desk(&self) {
        self.desk.send_replace(());
    }

    pub(crate) fn listen(&self, conversation: Option<KeyedHash>) -> Box<dyn Listening> {
        let receiver = match conversation {
            None => self.desk.subscribe(),
            Some(conversation) => {
                let mut lines = self.lines.lock();
                if lines.len() > 64 && lines.len().is_power_of_two() {
                    lines.retain(|_, sender| sender.receiver_count() > 0);
                }
                lines.entry(conversation).or_insert_with(|| watch::Sender::new(())).subscribe()
            }
        };
        Box::new(Listener { receiver, clock: Arc::clone(&self.clock) })
    }
}

struct Listener {
    receiver: watch::Receiver<()>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Listening for Listener {
    async fn wait(&mut self) {
        tokio::select! {
            // Where the bell is gone nobody rings: it is looked at now and then.
            Ok(()) = self.receiver.changed() => {}
            () = self.clock.sleep(LOOK_EVERY) => {}
        }
    }
}
