//! What both ends of a connection share: octets on their way out, and requests
//! that wait for their response.
//!
//! Whoever sends writes straight into one buffer under a short lock. The
//! connection's writer takes all that is there in one go: at rest a PDU leaves
//! at once, under load many leave in one write.

use std::io;

use bytes::BytesMut;
use compact_str::CompactString;
use parking_lot::Mutex;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{Notify, oneshot};

/// Octets that may wait to be written. A peer that sends and does not read
/// loses its connection.
const MOST_UNWRITTEN: usize = 8 * 1024 * 1024;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A response, or a `generic_nack`.
    Response { nack: bool, status: u32, id: CompactString },
    /// None came in time.
    TimedOut,
    /// The connection ended before. Where it was surely not written, the peer
    /// surely never saw it.
    Lost { written: bool },
}

/// A connection from the inside. `G` is what a waiting request holds on to,
/// such as a place in the window.
pub(super) struct Link<G> {
    inner: Mutex<Inner<G>>,
    wake: Notify,
    settled: Notify,
}

struct Inner<G> {
    out: BytesMut,
    queued: u64,
    taken: u64,
    sequence: u32,
    waiting: std::collections::HashMap<u32, Waiting<G>, ahash::RandomState>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// No more requests; responses still go out.
    Leaving,
    /// What is there is still written.
    Finishing,
    Closed,
}

impl Stage {
    fn writes(self) -> bool {
        matches!(self, Self::Open | Self::Leaving)
    }
}

struct Waiting<G> {
    answer: oneshot::Sender<Answer>,
    /// Where it begins in the octets of the connection.
    offset: u64,
    tick: u64,
    guard: G,
}

impl<G> Link<G> {
    /// The next request has this sequence number.
    pub(super) fn new(sequence: u32) -> Self {
        let inner = Inner {
            out: BytesMut::with_capacity(4096),
            queued: 0,
            taken: 0,
            sequence,
            waiting: std::collections::HashMap::default(),
            stage: Stage::Open,
        };
        Self { inner: Mutex::new(inner), wake: Notify::new(), settled: Notify::new() }
    }

    /// Sends a request. `None`: the connection has ended, and nothing was sent.
    pub(super) fn request(
        &self,
        tick: u64,
        guard: G,
        write: impl FnOnce(&mut BytesMut, u32),
    ) -> Option<oneshot::Receiver<Answer>> {
        let (answer, receiver) = oneshot::channel();
        {
            let inner = &mut *self.inner.lock();
            if inner.stage != Stage::Open {
                return None;
            }
            let sequence = inner.next_sequence();
            let offset = inner.queued;
            inner.append(|out| write(out, sequence));
            inner.waiting.insert(sequence, Waiting { answer, offset, tick, guard });
        }
        self.wake.notify_one();
        Some(receiver)
    }

    /// Sends what no answer is matched to.
    pub(super) fn send(&self, write: impl FnOnce(&mut BytesMut, u32)) {
        {
            let inner = &mut *self.inner.lock();
            if !inner.stage.writes() {
                return;
            }
            let sequence = inner.next_sequence();
            inner.append(|out| write(out, sequence));
        }
        self.wake.notify_one();
    }

    /// Sends a response; unlike [`send`](Self::send) it uses up no sequence
    /// number.
    pub(super) fn respond(&self, write: impl FnOnce(&mut BytesMut)) {
        {
            let inner = &mut *self.inner.lock();
            if !inner.stage.writes() {
                return;
            }
            inner.append(write);
        }
        self.wake.notify_one();
    }

    /// A response came. `false`: nobody waits for it.
    pub(super) fn answered(&self, sequence: u32, answer: Answer) -> bool {
        let (waiting, settled) = {
            let mut inner = self.inner.lock();
            (inner.waiting.remove(&sequence), inner.waiting.is_empty())
        };
        if settled {
            self.settled.notify_waiters();
        }
        let Some(waiting) = waiting else { return false };
        drop(waiting.guard);
        waiting.answer.send(answer).is_ok()
    }

    /// Gives up what was sent before that tick; tells how many.
    pub(super) fn expire(&self, before: u64) -> usize {
        let (expired, settled) = {
            let mut inner = self.inner.lock();
            let expired: Vec<_> = inner.waiting.extract_if(|_, waiting| waiting.tick < before).collect();
            (expired, inner.waiting.is_empty())
        };
        if settled {
            self.settled.notify_waiters();
        }
        let count = expired.len();
        for (_, waiting) in expired {
            drop(waiting.guard);
            let _ = waiting.answer.send(Answer::TimedOut);
        }
        count
    }

    /// Requests without a response.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.inner.lock().waiting.len()
    }

    /// Waits until every request has its response.
    pub(super) async fn settle(&self) {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if self.inner.lock().waiting.is_empty() {
                return;
            }
            settled.await;
        }
    }

    /// Nothing more is taken; what is there is written, then
    /// [`write_to`](Self::write_to) returns.
    pub(super) fn finish(&self) {
        {
            let mut inner = self.inner.lock();
            if inner.stage.writes() {
                inner.stage = Stage::Finishing;
            }
        }
        self.wake.notify_one();
    }

    /// From now on [`request`](Self::request) takes nothing more.
    pub(super) fn leave(&self) {
        let mut inner = self.inner.lock();
        if inner.stage == Stage::Open {
            inner.stage = Stage::Leaving;
        }
    }

    /// The connection has ended.
    pub(super) fn close(&self) {
        let (lost, taken) = {
            let inner = &mut *self.inner.lock();
            inner.stage = Stage::Closed;
            inner.out.clear();
            (std::mem::take(&mut inner.waiting), inner.taken)
        };
        self.wake.notify_one();
        self.settled.notify_waiters();
        for waiting in lost.into_values() {
            drop(waiting.guard);
            let _ = waiting.answer.send(Answer::Lost { written: waiting.offset < taken });
        }
    }

    /// The connection's writer: one for each connection, until it
    /// [finishes](Self::finish).
    ///
    /// # Errors
    /// The connection broke, or the peer does not read.
    pub(super) async fn write_to(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let mut batch = BytesMut::with_capacity(4096);
        loop {
            {
                let inner = &mut *self.inner.lock();
                if inner.out.len() > MOST_UNWRITTEN {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                std::mem::swap(&mut inner.out, &mut batch);
                inner.taken = inner.queued;
                if batch.is_empty() && !inner.stage.writes() {
                    break;
                }
            }
            if batch.is_empty() {
                self.wake.notified().await;
            } else {
                stream.write_all(&batch).await?;
                stream.flush().await?;
                batch.clear();
            }
        }
        stream.shutdown().await
    }
}

impl<G> Inner<G> {
    fn next_sequence(&mut self) -> u32 {
        loop {
            let sequence = self.sequence;
            // SMPP 3.4 §3.2: 1 to 7FFFFFFF hex.
            self.sequence = if sequence >= 0x7FFF_FFFF { 1 } else { sequence + 1 };
            if !self.waiting.contains_key(&sequence) {
                return sequence;
            }
        }
    }

    fn append(&mut self, write: impl FnOnce(&mut BytesMut)) {
        let before = self.out.len();
        write(&mut self.out);
        self.queued += u64::try_from(self.out.len() - before).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::AsyncReadExt as _;

    use super::{Answer, Link};

    #[tokio::test]
    async fn what_was_surely_not_written_is_told_apart() {
        let link = Arc::new(Link::new(1));
        let (mut ours, mut theirs) = tokio::io::duplex(64);
        let writer = tokio::spawn({
            let link = Arc::clone(&link);
            async move { link.write_to(&mut ours).await }
        });
        // More than the pipe holds: the writer hangs in the middle of it.
        let first = link.request(0, (), |out, _| out.extend_from_slice(&[1; 100])).unwrap();
        let mut some = [0; 8];
        theirs.read_exact(&mut some).await.unwrap();
        let second = link.request(0, (), |out, _| out.extend_from_slice(&[2; 8])).unwrap();
        link.close();
        assert_eq!(first.await, Ok(Answer::Lost { written: true }));
        assert_eq!(second.await, Ok(Answer::Lost { written: false }));
        assert!(link.request(0, (), |_, _| ()).is_none());
        drop(theirs);
        let _ = writer.await;
    }

    #[tokio::test]
    async fn answers_find_their_request_and_old_ones_expire() {
        let link = Link::new(0x7FFF_FFFF);
        let mut sequences = Vec::new();
        let last = link.request(1, (), |_, sequence| sequences.push(sequence)).unwrap();
        let first = link.request(5, (), |_, sequence| sequences.push(sequence)).unwrap();
        assert_eq!(sequences, [0x7FFF_FFFF, 1], "0 is never used");
        assert_eq!(link.expire(5), 1);
        assert_eq!(last.await, Ok(Answer::TimedOut));
        let answer = Answer::Response { nack: false, status: 0, id: "1".into() };
        assert!(!link.answered(9, answer.clone()));
        assert!(link.answered(1, answer.clone()));
        assert_eq!(first.await, Ok(answer));
        assert_eq!(link.waiting(), 0);
        link.settle().await;
    }
}
