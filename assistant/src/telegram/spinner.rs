//! A pressed button turns a spinner until it is answered. That is a courtesy:
//! it waits in a bounded queue, and nothing waits for it.

use std::sync::Arc;

use teloxide_core::requests::Requester as _;
use teloxide_core::types::CallbackQueryId;
use tokio::sync::{Mutex, mpsc};

use gateway_http::Task;

use super::api::Api;

/// How many are answered at one time.
const AT_ONCE: usize = 4;

/// The queue of pressed buttons.
#[derive(Clone)]
pub(super) struct Spinners(mpsc::Sender<String>);

impl Spinners {
    /// The queue, and what works on it.
    pub(super) fn new(api: &Arc<Api>, most: usize) -> (Self, Vec<Task>) {
        let (sender, receiver) = mpsc::channel(most);
        let receiver = Arc::new(Mutex::new(receiver));
        let tasks = (0..AT_ONCE).map(|_| -> Task { Box::pin(work(Arc::clone(api), Arc::clone(&receiver))) }).collect();
        (Self(sender), tasks)
    }

    /// Stops the spinner of a query, soon.
    pub(super) fn stop(&self, query: String) {
        if self.0.try_send(query).is_err() {
            metrics::counter!("telegram_spinners_left_total").increment(1);
        }
    }
}

async fn work(api: Arc<Api>, queue: Arc<Mutex<mpsc::Receiver<String>>>) {
    let next = || async { queue.lock().await.recv().await };
    let ended = async {
        while let Some(query) = next().await {
            // Too old, or answered by another node: nobody is helped by a
            // repetition.
            if api.bot.answer_callback_query(CallbackQueryId(query)).await.is_err() {
                metrics::counter!("telegram_spinners_left_total").increment(1);
            }
        }
    };
    tokio::select! {
        biased;
        () = api.stop().cancelled() => {}
        () = ended => {}
    }
}
