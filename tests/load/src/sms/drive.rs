//! The loops.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::centre::{Centre, Tally};
use crate::generator::Schedule;

/// Nothing has come for so long: what is missing is lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// When messages are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pace {
    /// As long as fewer deliveries than the session's window wait for their
    /// response; receipts are among them.
    Deliveries,
    /// As long as fewer questions wait for their answer.
    Questions { at_once: u32 },
    /// So many a second, whatever the gateway does.
    Open { per_second: u32 },
}

/// What came of a phase.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// From the first message to the end of the last.
    pub(super) elapsed: Duration,
    /// Everything came before patience was over.
    pub(super) whole: bool,
}

/// Sends so many messages and waits for the end of each.
pub(super) async fn run(centre: &Arc<Centre>, pace: Pace, count: u64, aftermath: Duration) -> anyhow::Result<Outcome> {
    let session = bound(centre).await?;
    centre.begin(count)?;
    // What earlier answers let go.
    centre.answers.forget_permits(usize::MAX >> 4);
    let start = Instant::now();
    let sending = async {
        match pace {
            Pace::Deliveries => {
                for _ in 0..count {
                    centre.ask(&session, None).await.context("the connection has ended")?;
                }
            }
            Pace::Questions { at_once } => {
                centre.answers.add_permits(usize::try_from(at_once)?);
                for _ in 0..count {
                    // Without answers no more is sent, and the watch below ends it.
                    centre.answers.acquire().await?.forget();
                    centre.ask(&session, None).await.context("the connection has ended")?;
                }
            }
            Pace::Open { per_second } => {
                let (send, mut due) = tokio::sync::mpsc::unbounded_channel();
                // A thread of its own: tokio's timer ticks once a millisecond.
                std::thread::spawn(move || Schedule { start, per_second, count }.tell_asleep(&send));
                while let Some(due) = due.recv().await {
                    centre.ask(&session, Some(due)).await.context("the connection has ended")?;
                }
            }
        }
        while !centre.is_done() {
            let changed = centre.changed.notified();
            if centre.is_done() {
                break;
            }
            changed.await;
        }
        anyhow::Ok(())
    };
    let whole = tokio::select! {
        sent = sending => sent.map(|()| true)?,
        () = silence(centre) => false,
    };
    // A second answer would come late.
    wait(aftermath).await;
    let tally = centre.begin(u64::MAX)?;
    Ok(Outcome { elapsed: tally.last.saturating_duration_since(start), tally, whole })
}

/// Who is bound, as soon as somebody is.
pub(super) async fn bound(centre: &Centre) -> anyhow::Result<Arc<channel_sms::smpp::smsc::SmscSession>> {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(session) = centre.session() {
            return Ok(session);
        }
        if Instant::now() > until {
            bail!("nobody bound to the SMSC");
        }
        wait(Duration::from_millis(10)).await;
    }
}

/// Returns when nothing has come for a while.
async fn silence(centre: &Centre) {
    let mut before = centre.look(|tally| (tally.sent, tally.progress()));
    loop {
        wait(PATIENCE).await;
        let now = centre.look(|tally| (tally.sent, tally.progress()));
        if now == before {
            return;
        }
        before = now;
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench waits for other processes in real time")]
pub(crate) async fn wait(span: Duration) {
    tokio::time::sleep(span).await;
}
