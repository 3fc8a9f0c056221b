//! The world of these stories: an intake that remembers, a clock, a client.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use channel_sms::codec::Alphabet;
use channel_sms::providers::{Provider, ProviderConfig, build};
use channel_sms::road::{Arrived, Intake, NotTaken, Part, Reported, Submitted, Taken};
use gateway_core::ports::Clock;
use jiff::Timestamp;
use parking_lot::Mutex;

pub(crate) const NOW: &str = "2026-11-26T05:00:00Z";

pub(crate) struct TestClock;

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }

    async fn sleep(&self, span: Duration) {
        let _ = tokio::time::timeout(span, std::future::pending::<()>()).await;
    }
}

/// Tells messages apart as the real one does: by road, id, sender and text.
#[derive(Default)]
pub(crate) struct Remembering {
    pub(crate) messages: Mutex<Vec<Arrived>>,
    pub(crate) receipts: Mutex<Vec<Reported>>,
    pub(crate) broken: Mutex<Option<NotTaken>>,
}

#[async_trait]
impl Intake for Remembering {
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken> {
        if let Some(why) = *self.broken.lock() {
            return Err(why);
        }
        let mut messages = self.messages.lock();
        if messages.contains(&message) {
            return Ok(Taken::Replay);
        }
        messages.push(message);
        Ok(Taken::New)
    }

    async fn reported(&self, receipt: Reported) -> Result<(), NotTaken> {
        if let Some(why) = *self.broken.lock() {
            return Err(why);
        }
        self.receipts.lock().push(receipt);
        Ok(())
    }
}

pub(crate) fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(2))
        .build()
        .unwrap()
}

pub(crate) fn provider(config: &str, intake: &Arc<Remembering>) -> Provider {
    let config: ProviderConfig = toml::from_str(config).unwrap();
    let intake: Arc<dyn Intake> = Arc::<Remembering>::clone(intake);
    build(&config, intake, client(), Arc::new(TestClock)).unwrap()
}

pub(crate) fn part(text: &str) -> Part {
    Part {
        to: "+84901234567".into(),
        from: "UBND-TINH".into(),
        text: text.into(),
        alphabet: Alphabet::Ucs2,
        concatenation: None,
        valid_until: NOW.parse::<Timestamp>().unwrap() + Duration::from_secs(600),
        receipt: true,
    }
}

/// Sends one message on the road of a provider.
pub(crate) async fn submit(config: &str, text: &str) -> Submitted {
    let road = provider(config, &Arc::default()).road.unwrap();
    road.reserve().await.unwrap().submit(&part(text)).await
}

pub(crate) fn accepted(id: &str) -> Submitted {
    Submitted::Accepted { id: id.into() }
}

pub(crate) fn refused(code: &str) -> Submitted {
    Submitted::Refused { code: code.into() }
}
