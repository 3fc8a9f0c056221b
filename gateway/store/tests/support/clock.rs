use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Time that moves by hand.
pub(crate) struct TestClock(watch::Sender<Timestamp>);

impl TestClock {
    /// A Monday morning in November 2026.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new("2026-11-23T02:00:00Z".parse().unwrap())))
    }

    pub(crate) fn advance(&self, span: Duration) {
        self.0.send_modify(|now| *now += SignedDuration::try_from(span).unwrap());
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep(&self, span: Duration) {
        let until = self.now() + SignedDuration::try_from(span).unwrap();
        self.0.subscribe().wait_for(|now| *now >= until).await.unwrap();
    }
}
