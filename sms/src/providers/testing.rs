//! What the tests of all providers share.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use gateway_core::domain::ClientNet;
use gateway_core::ports::Clock;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use super::exchange::Reply;
use super::webhook::Call;

/// Noon of Vietnam on 26 November 2026.
pub(super) const NOW: &str = "2026-11-26T05:00:00Z";

pub(super) struct StoppedClock;

#[async_trait]
impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }

    async fn sleep(&self, _span: Duration) {
        tokio::task::yield_now().await;
    }
}

pub(super) fn clock() -> Arc<dyn Clock> {
    Arc::new(StoppedClock)
}

pub(super) fn call(query: &str, body: &str, headers: &[(&'static str, &str)]) -> Call {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    Call {
        net: ClientNet::of("203.0.113.9".parse().unwrap()),
        headers: map,
        query: query.to_owned(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

/// A form of pairs, as a provider encodes it.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(super) fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Some(Bytes::copy_from_slice(body.as_bytes())),
    }
}
