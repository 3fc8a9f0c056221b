//! What writes behind its callers has in common: rows wait for companions, and
//! for the next try while the database is away.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::Clock;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What a writer finds in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, and more may come.
    Nothing,
    /// Rows that may wait for companions.
    Rows,
    /// Rows to be written at once: somebody waits for one, the batch is full
    /// or the queue is closed.
    Urgent,
    /// Nothing, and nothing will come.
    End,
}

/// Waits until rows are to be written, which have then waited for companions
/// at most so long. `false`: none will come any more. `work` tells that a look
/// is worth it.
pub(crate) async fn gathered(look: impl Fn() -> Found, work: &Notify, clock: &dyn Clock, at_most: Duration) -> bool {
    loop {
        match look() {
            Found::End => return false,
            Found::Urgent => return true,
            Found::Nothing => work.notified().await,
            Found::Rows => break,
        }
    }
    let mut long_enough = std::pin::pin!(clock.sleep(at_most));
    loop {
        tokio::select! {
            () = &mut long_enough => return true,
            () = work.notified() => if look() == Found::Urgent { return true },
        }
    }
}

/// Pauses between tries: 50 ms, then twice as long each time, up to 5 s. A stop
/// ends a long one, because it will not wait long itself.
pub(crate) struct Pauses {
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    next: Duration,
}

impl Pauses {
    const FIRST: Duration = Duration::from_millis(50);
    const LONGEST: Duration = Duration::from_secs(5);
    const LONGEST_AT_STOP: Duration = Duration::from_millis(100);

    pub(crate) fn new(clock: Arc<dyn Clock>, stop: CancellationToken) -> Self {
        Self { clock, stop, next: Self::FIRST }
    }

    /// Waits before the next try.
    pub(crate) async fn pass(&mut self) {
        tokio::select! {
            () = self.clock.sleep(self.next) => {}
            () = self.stop.cancelled(), if self.next > Self::LONGEST_AT_STOP => {}
        }
        let stopping = self.stop.is_cancelled();
        self.next = if stopping { Self::LONGEST_AT_STOP } else { (self.next * 2).min(Self::LONGEST) };
    }
}

/// What the writer's task gives at its end; `None` where it did not come to it
/// in time, and was ended, or has panicked.
pub(crate) async fn ended_within<T>(mut task: JoinHandle<T>, clock: &dyn Clock, at_most: Duration) -> Option<T> {
    tokio::select! {
        ended = &mut task => ended.ok(),
        () = clock.sleep(at_most) => {
            task.abort();
            None
        }
    }
}
