//! A bounded number of calls at one time, a short bounded queue before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::PortalError;
use metrics::{Counter, Gauge};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use tower::{Layer, Service, ServiceExt};

use super::{PortalCall, not_called};
use crate::config::StackConfig;

/// tower's own `LoadShed` over `ConcurrencyLimit` has no queue at all, and its
/// `Buffer` holds calls without a limit of time; a portal that answers in
/// bursts needs a queue that is short in both.
#[derive(Clone)]
pub(super) struct AdmissionLayer {
    room: Arc<Room>,
}

struct Room {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    queue_wait: Duration,
    full: Counter,
    waited_out: Counter,
    queued: Gauge,
}

impl AdmissionLayer {
    pub(super) fn new(config: &StackConfig) -> Self {
        metrics::describe_counter!("portal_shed_total", "Calls turned away before the portal, by reason");
        metrics::describe_gauge!("portal_queue", "Calls that wait for their turn at the portal");
        Self {
            room: Arc::new(Room {
                permits: Arc::new(Semaphore::new(config.concurrency)),
                waiting: AtomicUsize::new(0),
                queue: config.queue,
                queue_wait: Duration::from_millis(config.queue_wait_ms),
                full: metrics::counter!("portal_shed_total", "reason" => "queue_full"),
                waited_out: metrics::counter!("portal_shed_total", "reason" => "queue_wait"),
                queued: metrics::gauge!("portal_queue"),
            }),
        }
    }
}

impl<S> Layer<S> for AdmissionLayer {
    type Service = Admission<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Admission { inner, room: Arc::clone(&self.room) }
    }
}

/// Always ready: it is inside the call that a call waits, where a deadline can
/// end the waiting.
#[derive(Clone)]
pub(super) struct Admission<S> {
    inner: S,
    room: Arc<Room>,
}

impl<C, S> Service<C> for Admission<S>
where
    C: PortalCall,
    S: Service<C, Error = PortalError> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = PortalError;
    type Future = BoxFuture<'static, Result<S::Response, PortalError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), PortalError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: C) -> Self::Future {
        let inner = self.inner.clone();
        let room = Arc::clone(&self.room);
        async move {
            let _permit = room.enter(&call).await?;
            inner.oneshot(call).await
        }
        .boxed()
    }
}

impl Room {
    async fn enter<C: PortalCall>(&self, call: &C) -> Result<OwnedSemaphorePermit, PortalError> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let Some(_place) = Place::take(self) else {
            self.full.increment(1);
            return Err(not_called(call.service(), "the queue before the portal is full"));
        };
        let until = call.deadline().min(Instant::now() + self.queue_wait);
        match timeout_at(until, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => {
                self.waited_out.increment(1);
                Err(not_called(call.service(), "its turn did not come in time"))
            }
        }
    }
}

/// A place in the queue; given back when dropped, also by a caller that left.
struct Place<'a>(&'a Room);

impl<'a> Place<'a> {
    fn take(room: &'a Room) -> Option<Self> {
        if room.waiting.fetch_add(1, Ordering::Relaxed) >= room.queue {
            room.waiting.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        room.queued.increment(1.0);
        Some(Self(room))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        self.0.queued.decrement(1.0);
    }
}
