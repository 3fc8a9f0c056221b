//! Events that wait for their answer in memory, in the order of each chat.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::domain::MessageId;
use gateway_core::ports::Inbound;
use jiff::Timestamp;
use metrics::Gauge;
use parking_lot::Mutex;

/// Events of one chat that wait behind the one that is being answered.
const MOST_OF_ONE_CHAT: usize = 20;
/// Events of all chats.
const MOST_IN_MEMORY: usize = 5_000;

/// All that waits.
pub(super) struct Lines {
    chats: Mutex<Chats>,
    depth: Gauge,
}

#[derive(Default)]
struct Chats {
    lines: HashMap<CompactString, BinaryHeap<Reverse<Waiting>>>,
    /// What is being answered counts until it is.
    waiting: usize,
}

/// An event that waits until then for those that were sent before it.
struct Waiting(Inbound, Timestamp);

impl Waiting {
    const fn order(&self) -> (Timestamp, MessageId) {
        (self.0.received_at, self.0.id)
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// Where an event was put.
pub(super) enum Put {
    /// Into a line that is being served.
    Behind,
    /// Alone: somebody must serve this line.
    First,
    /// Nowhere: too many wait there.
    TooMany(Inbound),
}

/// What is next in a chat.
pub(super) enum Next {
    /// This one.
    Answer(Inbound),
    /// So long nothing.
    Wait(Duration),
    /// Nothing: whoever served it is done.
    Nothing,
}

impl Lines {
    pub(super) fn new() -> Self {
        metrics::describe_gauge!("chat_waiting", "Events of chats that wait in memory for their answer");
        Self { chats: Mutex::default(), depth: metrics::gauge!("chat_waiting") }
    }

    /// Events for which there is room.
    pub(super) fn room(&self) -> usize {
        MOST_IN_MEMORY.saturating_sub(self.chats.lock().waiting)
    }

    /// Puts an event behind those of its chat that were sent before it; it is not
    /// answered before `due`.
    pub(super) fn put(&self, chat: &CompactString, message: Inbound, due: Timestamp) -> Put {
        let mut chats = self.chats.lock();
        let put = match chats.lines.get_mut(chat) {
            Some(line) if line.len() >= MOST_OF_ONE_CHAT => return Put::TooMany(message),
            Some(line) => {
                line.push(Reverse(Waiting(message, due)));
                Put::Behind
            }
            None => {
                chats.lines.insert(chat.clone(), BinaryHeap::from([Reverse(Waiting(message, due))]));
                Put::First
            }
        };
        chats.waiting += 1;
        self.show(&chats);
        put
    }

    /// The earliest of a chat, once it is due.
    pub(super) fn next(&self, chat: &CompactString, now: Timestamp) -> Next {
        let mut chats = self.chats.lock();
        let Some(line) = chats.lines.get_mut(chat) else { return Next::Nothing };
        match line.peek() {
            None => {
                chats.lines.remove(chat);
                Next::Nothing
            }
            // Never nothing, or a clock that stands would be asked for ever.
            Some(Reverse(Waiting(_, due))) if *due > now => {
                let pause = Duration::try_from(due.duration_since(now)).unwrap_or_default();
                Next::Wait(pause.max(Duration::from_millis(1)))
            }
            Some(_) => line.pop().map_or(Next::Nothing, |Reverse(Waiting(message, _))| Next::Answer(message)),
        }
    }

    /// One that was next is answered, or left to the disk.
    pub(super) fn done(&self) {
        let mut chats = self.chats.lock();
        chats.waiting = chats.waiting.saturating_sub(1);
        self.show(&chats);
    }

    fn show(&self, chats: &Chats) {
        self.depth.set(f64::from(u32::try_from(chats.waiting).unwrap_or(u32::MAX)));
    }
}
