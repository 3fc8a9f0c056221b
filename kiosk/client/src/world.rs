//! Time and randomness, handed in.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

/// The terminal's time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock, right or wrong.
    fn now(&self) -> Timestamp;

    /// Waits.
    async fn sleep(&self, span: Duration);
}

/// Random bits from the operating system's generator: for keys and nonces.
pub trait Randomness: Send + Sync {
    /// Sixteen bytes.
    ///
    /// # Errors
    /// The system gives none.
    fn sixteen(&self) -> std::io::Result<[u8; 16]>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place of this crate where time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place of this crate that waits")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// The system's generator.
#[derive(Debug, Clone)]
pub struct SystemRandomness(SystemRandom);

impl Default for SystemRandomness {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Randomness for SystemRandomness {
    fn sixteen(&self) -> std::io::Result<[u8; 16]> {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes).map_err(|_| std::io::Error::other("no randomness"))?;
        Ok(bytes)
    }
}
