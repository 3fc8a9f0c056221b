//! What a channel hands to the composition root.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use gateway_core::desk::Answered;
use gateway_core::domain::{Channel, Locale, Sender};

/// A long-running job of a channel. It ends when the cancellation token that
/// the channel was built with is cancelled.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// Everything of one channel, ready to be composed: a channel is one folder
/// and one line in the composition root.
pub struct ChannelParts {
    /// Its name in logs and configuration.
    pub name: &'static str,
    /// What citizens and providers reach. It has no fallback of its own: the
    /// stack gives every router the same one.
    pub public: Router,
    /// What only operators reach, on the internal listener.
    pub internal: Router,
    /// Jobs that run beside the routers.
    pub tasks: Vec<Task>,
    /// How the house speaks without being asked, where the channel can.
    pub outbound: Option<Arc<dyn Outbound>>,
}

impl ChannelParts {
    /// A channel that only answers over HTTP.
    pub fn answering(name: &'static str, public: Router) -> Self {
        Self { name, public, internal: Router::new(), tasks: Vec::new(), outbound: None }
    }
}

/// A channel that can speak first (a status has changed, the counter calls).
#[async_trait]
pub trait Outbound: Send + Sync {
    /// Which road it is.
    fn channel(&self) -> Channel;

    /// Hands one message to the provider, in the words of the channel's medium.
    ///
    /// # Errors
    /// [`Undelivered`]; whether it may be repeated stands in it.
    async fn deliver(&self, to: &Sender, locale: Locale, message: &Answered) -> Result<(), Undelivered>;
}

/// A message that was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not delivered ({code})")]
pub struct Undelivered {
    /// A stable word for logs and metrics.
    pub code: &'static str,
    /// `Some(true)`: it surely was not sent, try again. `Some(false)`: the
    /// provider refused it for good. `None`: uncertain, never repeated unless
    /// a duplicate is harmless.
    pub retryable: Option<bool>,
}
