use async_trait::async_trait;

use super::StoreError;
use crate::domain::queue::{HeldRanges, RangeWish};

/// Which terminal may give which serials by itself. On disk, so that a terminal's
/// numbers of this day are known as its own after every restart, on every node, and
/// whatever the operator decided meanwhile.
#[async_trait]
pub trait LocalRanges: Send + Sync {
    /// Decides a wish among the reservations of its site ([`RangeWish::among`]), one
    /// after the other on all nodes, and keeps what came of it. The same wish again
    /// changes nothing and writes nothing.
    async fn hold(&self, wish: &RangeWish) -> Result<HeldRanges, StoreError>;
}
