//! Serving: real timeouts, bounded connections, a graceful end.
//!
//! `axum::serve` has no header or idle timeout and no bound on connections.
//! hyper's own header timeout also ends idle connections (so that both would
//! have to be the same) and makes and drops a timer for each request. Here one
//! task looks at all connections a few times in a timeout's span; a request
//! costs two stores to memory.

mod connection;
mod watch;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::ClientNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::task::TaskTracker;

use crate::networks::Networks;
use crate::{HttpService, TrustedProxies};
use connection::run_connection;
use watch::{Limits, Order, Watches};

/// How a listener is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeConfig {
    /// From the first byte of a request (or the opening of the connection) to
    /// the end of its headers. 10 s.
    pub header_timeout: Duration,
    /// Between two requests of one connection. 75 s, longer than the 60 s that
    /// proxies usually keep a connection, so that not we close it under them.
    pub idle_timeout: Duration,
    /// A client that takes nothing off its line for so long. 30 s.
    pub write_timeout: Duration,
    /// Connections at one time; the next wait in the kernel's queue. 10,000.
    pub max_connections: usize,
    /// Connections of one client's network (an IPv4 address, an IPv6 /64) at
    /// one time; the next is closed at once. 256; 0: no limit.
    pub max_connections_per_network: usize,
    /// Peers that the limit by network leaves alone: proxies, which bring
    /// everybody's requests. None by default.
    pub exempt: TrustedProxies,
    /// The most bytes of request line and headers. 16 KiB.
    pub max_header_bytes: usize,
    /// At the end: so long for requests that are being answered. 10 s.
    pub drain: Duration,
    /// The listener's name in metrics.
    pub listener: &'static str,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            max_connections: 10_000,
            max_connections_per_network: 256,
            exempt: TrustedProxies::default(),
            max_header_bytes: 16 * 1_024,
            drain: Duration::from_secs(10),
            listener: "public",
        }
    }
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Connections that were still busy when the drain was over, and were cut.
    pub cut: usize,
}

/// Serves until `shutdown` is ready, then stops accepting, ends idle
/// connections at once, lets the busy ones finish for [`ServeConfig::drain`]
/// and cuts the rest.
///
/// # Errors
/// None once it runs: an accept that fails is logged and tried again.
pub async fn serve<S, F>(listener: TcpListener, service: S, config: ServeConfig, shutdown: F) -> io::Result<Ended>
where
    S: HttpService,
    F: Future<Output = ()> + Send,
{
    let limits = Limits::of(&config);
    let watches = Arc::new(Watches::new(limits, config.listener));
    let permits = Arc::new(Semaphore::new(config.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let networks = Networks::new(config.max_connections_per_network);
    let tracker = TaskTracker::new();
    let mut shutdown = pin!(shutdown);
    let mut ticks = interval_at(Instant::now() + limits.tick, limits.tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            _ = ticks.tick() => watches.look(),
            accepted = accept(&listener, &permits) => match accepted {
                Ok((stream, peer, permit)) => {
                    let seat = if config.exempt.trusts(peer.ip()) {
                        None
                    } else if let Some(seat) = networks.enter(ClientNet::of(peer.ip())) {
                        Some(seat)
                    } else {
                        watches.turned_away();
                        continue;
                    };
                    let watch = watches.add();
                    let service = service.clone();
                    tracker.spawn(async move {
                        run_connection(stream, peer, service, config.max_header_bytes, watch).await;
                        drop((permit, seat));
                    });
                }
                Err(problem) if is_the_clients(&problem) => {}
                Err(problem) => {
                    // Out of descriptors, mostly: give the house time to close some.
                    tracing::error!(%problem, listener = config.listener, "cannot accept connections");
                    if timeout(Duration::from_millis(200), &mut shutdown).await.is_ok() {
                        break;
                    }
                }
            },
        }
    }
    drop(listener);
    tracker.close();
    watches.order_all(Order::Finish);
    if timeout(config.drain, drained(&tracker, &watches, limits.tick)).await.is_ok() {
        return Ok(Ended { cut: 0 });
    }
    let cut = tracker.len();
    tracing::warn!(cut, listener = config.listener, "connections were cut at shutdown");
    watches.order_all(Order::Cut);
    tracker.wait().await;
    Ok(Ended { cut })
}

/// Waits for the connections to end, still watching them.
async fn drained(tracker: &TaskTracker, watches: &Watches, tick: Duration) {
    while timeout(tick, tracker.wait()).await.is_err() {
        watches.look();
    }
}

/// The permit first: beyond the limit, connections wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Answers are written whole, so Nagle's algorithm only delays them.
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

/// The client went away before it was accepted.
fn is_the_clients(problem: &io::Error) -> bool {
    matches!(
        problem.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::InvalidInput
    )
}
