//! How many streams are open at one time.

use std::collections::HashMap;
use std::sync::Arc;

use gateway_core::ports::KeyedHash;
use parking_lot::Mutex;

/// In all; more are told to come back.
const MOST: usize = 4_096;
/// Of one conversation: somebody's tabs. Who opens more takes nobody's place.
const MOST_OF_ONE: usize = 8;

/// The streams that are open.
#[derive(Default)]
pub(super) struct Streams {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    of_one: HashMap<KeyedHash, usize>,
    all: usize,
}

/// The place of one stream, free again when it is dropped.
pub(super) struct StreamPlace {
    streams: Arc<Streams>,
    conversation: KeyedHash,
}

impl Streams {
    /// A place for one more stream; `None` where there is none.
    pub(super) fn enter(self: &Arc<Self>, conversation: KeyedHash) -> Option<StreamPlace> {
        let mut open = self.open.lock();
        let mine = open.of_one.get(&conversation).copied().unwrap_or_default();
        if open.all >= MOST || mine >= MOST_OF_ONE {
            return None;
        }
        open.all += 1;
        open.of_one.insert(conversation, mine + 1);
        Some(StreamPlace { streams: Arc::clone(self), conversation })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock();
        open.all -= 1;
        if let Some(mine) = open.of_one.get_mut(&self.conversation) {
            *mine -= 1;
            if *mine == 0 {
                open.of_one.remove(&self.conversation);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(number: u16) -> KeyedHash {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        KeyedHash(bytes)
    }

    #[test]
    fn who_opens_too_many_takes_nobodys_place() {
        let streams = Arc::new(Streams::default());
        let mut mine: Vec<_> = (0..MOST_OF_ONE).map(|_| streams.enter(conversation(1)).unwrap()).collect();
        assert!(streams.enter(conversation(1)).is_none());
        let other = streams.enter(conversation(2)).unwrap();
        mine.pop();
        mine.push(streams.enter(conversation(1)).unwrap());
        assert!(streams.enter(conversation(1)).is_none());
        drop((mine, other));
        assert!(streams.open.lock().of_one.is_empty() && streams.open.lock().all == 0);
    }

    #[test]
    fn there_is_an_end_to_all_of_them() {
        let streams = Arc::new(Streams::default());
        let all: Vec<_> = (0..).map_while(|number| streams.enter(conversation(number))).collect();
        assert_eq!(all.len(), MOST);
        drop(all);
        assert!(streams.enter(conversation(0)).is_some());
    }
}
