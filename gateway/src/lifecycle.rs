//! Starting, the jobs beside the listeners, and stopping.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{RatingCourier, Watched, Watcher};
use gateway_core::ports::{Clock, Notices as _};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::compose::{Gateway, SWEEP_EVERY};
use crate::terminals;

/// A new announcement is seen after this long at most, on every node.
const NOTICES_EVERY: Duration = Duration::from_secs(2);

/// Tickets that a day left are ended so soon after it.
const DAYS_EVERY: Duration = Duration::from_secs(60);

/// Rows that have outlived their time are deleted this often.
const RETENTION_EVERY: Duration = Duration::from_secs(3_600);

/// Cancels the token at SIGINT or SIGTERM; a second one ends the process at once.
pub(crate) fn stop_on_signals(stop: CancellationToken) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        for round in 0..2 {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if round == 0 {
                tracing::info!("stopping");
                stop.cancel();
            }
        }
        // Asked twice: whoever asks does not want to wait.
        std::process::exit(130);
    });
    Ok(())
}

/// Reloads at SIGHUP until the token is cancelled.
pub(crate) fn reload_on_hangup(
    gateway: Arc<Gateway>,
    jobs: &mut JoinSet<()>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    jobs.spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = hangup.recv() => {}
            }
            let gateway = Arc::clone(&gateway);
            // Reading files and indexing take tens of milliseconds: not on a
            // thread that answers.
            if tokio::task::spawn_blocking(move || gateway.reload()).await.is_err() {
                tracing::error!("reload failed");
            }
        }
    });
    Ok(())
}

/// The jobs that run beside the listeners.
pub(crate) fn start_jobs(gateway: &Arc<Gateway>, jobs: &mut JoinSet<()>, stop: &CancellationToken) {
    let board = Arc::clone(gateway);
    every(jobs, stop, &gateway.clock, NOTICES_EVERY, move || {
        let gateway = Arc::clone(&board);
        async move {
            match gateway.store.current(gateway.clock.now()).await {
                Ok(notices) => gateway.notices.refresh(notices),
                Err(problem) => tracing::warn!(%problem, "notices not refreshed"),
            }
        }
    });
    if gateway.watcher.is_some() {
        let watching = Arc::clone(gateway);
        every(jobs, stop, &gateway.clock, Watcher::EVERY, move || {
            let gateway = Arc::clone(&watching);
            async move {
                let Some(watcher) = &gateway.watcher else { return };
                match watcher.round().await {
                    Ok(watched) => watched_metrics(watched),
                    Err(problem) => tracing::warn!(%problem, "subscriptions not looked at"),
                }
            }
        });
    }
    let terminals = Arc::clone(gateway);
    every(jobs, stop, &gateway.clock, terminals::LOOK_EVERY, move || {
        let gateway = Arc::clone(&terminals);
        async move { terminals::look(&gateway).await }
    });
    let courier = Arc::clone(gateway);
    every(jobs, stop, &gateway.clock, RatingCourier::EVERY, move || {
        let gateway = Arc::clone(&courier);
        async move { terminals::carry(&gateway).await }
    });
    let limits = Arc::clone(&gateway.limits);
    let clock = Arc::clone(&gateway.clock);
    every(jobs, stop, &gateway.clock, SWEEP_EVERY, move || {
        limits.sweep(clock.now());
        std::future::ready(())
    });
    let days = Arc::clone(gateway);
    every(jobs, stop, &gateway.clock, DAYS_EVERY, move || {
        let gateway = Arc::clone(&days);
        async move {
            match gateway.queue.end_days().await {
                Ok(0) => {}
                Ok(left) => tracing::info!(left, "tickets of earlier days ended"),
                Err(problem) => tracing::warn!(%problem, "tickets of earlier days not ended"),
            }
        }
    });
    let swept = Arc::clone(gateway);
    every(jobs, stop, &gateway.clock, RETENTION_EVERY, move || {
        let gateway = Arc::clone(&swept);
        async move {
            match gateway.store.sweep(gateway.clock.now()).await {
                Ok(swept) => tracing::info!(?swept, "old rows deleted"),
                Err(problem) => tracing::warn!(%problem, "old rows not deleted"),
            }
        }
    });
}

fn watched_metrics(watched: Watched) {
    let counts =
        [("looked", watched.looked), ("told", watched.told), ("ended", watched.ended), ("failed", watched.failed)];
    for (what, count) in counts {
        metrics::counter!("subscription_looks_total", "what" => what)
            .increment(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

/// Runs a job again and again, with a pause before each round.
pub(crate) fn every<F, R>(
    jobs: &mut JoinSet<()>,
    stop: &CancellationToken,
    clock: &Arc<dyn Clock>,
    pause: Duration,
    mut job: F,
) where
    F: FnMut() -> R + Send + 'static,
    R: Future<Output = ()> + Send,
{
    let (stop, clock) = (stop.clone(), Arc::clone(clock));
    jobs.spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = clock.sleep(pause) => {}
            }
            job().await;
        }
    });
}
