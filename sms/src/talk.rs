//! Who has been answered how often: nobody talks with a robot for long.

use std::collections::HashMap;

use gateway_core::ports::KeyedHash;
use jiff::Timestamp;
use parking_lot::Mutex;

/// Numbers that are remembered; beyond that the oldest hour goes first.
const MOST: usize = 100_000;

/// Seconds of a window.
const HOUR: i64 = 3_600;

#[derive(Clone, Copy)]
struct Entry {
    hour: i64,
    replies: u32,
    /// A hash of the last text that was sent there.
    last: u64,
}

/// Replies by number, in this process and for this hour.
pub(crate) struct Talk {
    most: u32,
    numbers: Mutex<HashMap<KeyedHash, Entry>>,
}

impl Talk {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, numbers: Mutex::default() }
    }

    /// Whether the text is what we said last: an answer is never answered.
    pub(crate) fn is_echo(&self, number: KeyedHash, text: &str) -> bool {
        self.numbers.lock().get(&number).is_some_and(|entry| entry.last == hash(text))
    }

    /// Counts a reply; `false` where the number has had enough this hour.
    pub(crate) fn may_reply(&self, number: KeyedHash, now: Timestamp) -> bool {
        let hour = now.as_second().div_euclid(HOUR);
        let mut numbers = self.numbers.lock();
        if numbers.len() >= MOST && !numbers.contains_key(&number) {
            numbers.retain(|_, entry| entry.hour >= hour);
            if numbers.len() >= MOST {
                // A hundred thousand numbers in an hour: the Desk's limits and
                // the contract's rate are what holds then.
                return true;
            }
        }
        let entry = numbers.entry(number).or_insert(Entry { hour, replies: 0, last: 0 });
        if entry.hour != hour {
            *entry = Entry { hour, replies: 0, last: entry.last };
        }
        if entry.replies >= self.most {
            return false;
        }
        entry.replies += 1;
        true
    }

    /// Remembers what was said.
    pub(crate) fn said(&self, number: KeyedHash, text: &str) {
        if let Some(entry) = self.numbers.lock().get_mut(&number) {
            entry.last = hash(text);
        }
    }
}

/// Words alone count: a phone may have joined parts and changed blanks.
fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    for word in text.split_whitespace() {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robot_gets_so_many_replies_an_hour_and_no_echo_of_our_own() {
        let talk = Talk::new(2);
        let (robot, citizen) = (KeyedHash([1; 16]), KeyedHash([2; 16]));
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(talk.may_reply(robot, at(0)));
        talk.said(robot, "Chua hieu cau hoi.");
        assert!(talk.is_echo(robot, " Chua hieu  cau hoi."));
        assert!(!talk.is_echo(citizen, "Chua hieu cau hoi."));
        assert!(talk.may_reply(robot, at(10)));
        assert!(!talk.may_reply(robot, at(20)));
        assert!(talk.may_reply(citizen, at(20)));
        assert!(talk.may_reply(robot, at(3_600)), "a new hour");
    }
}
