//! The service menu: a hidden gesture and a PIN.

use std::time::Duration;

pub use mobile_api_types::PrinterState;
use sha2::{Digest as _, Sha256};

use super::field::{Field, Key, ToneKeys};
use super::outbox::Outbox;
use super::ports::{AskId, Job, PrintOutcome};
use super::printing::{LastSheet, Printing};

/// Touches on the name that open the menu, and within what time.
const TOUCHES: usize = 5;
const WITHIN: Duration = Duration::from_secs(4);
/// Longer than any PIN.
const MOST_OF_A_PIN: usize = 12;
/// Wrong PINs after which the menu closes and stays closed for a while.
const TRIES: u32 = 5;
const CLOSED_FOR: Duration = Duration::from_secs(300);

/// The five touches.
#[derive(Debug, Default)]
pub struct Gesture {
    touches: Vec<Duration>,
}

impl Gesture {
    /// One more; `true` where it is complete.
    pub fn touched(&mut self, now: Duration) -> bool {
        self.touches.retain(|at| now.saturating_sub(*at) <= WITHIN);
        self.touches.push(now);
        let complete = self.touches.len() >= TOUCHES;
        if complete {
            self.touches.clear();
        }
        complete
    }
}

/// What the citizen touched: here, an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The PIN is complete.
    Unlock,
    /// Start anew.
    Restart,
    /// Prove that the printer prints.
    PrintProof,
}

/// Tries of PINs. It outlives sessions: a wipe gives no new tries.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: u32,
    closed_until: Option<Duration>,
}

impl Tries {
    /// Whether a PIN may be tried.
    pub fn allowed(&mut self, now: Duration) -> bool {
        if self.closed_until.is_some_and(|until| now >= until) {
            *self = Self::default();
        }
        self.closed_until.is_none()
    }

    fn wrong(&mut self, now: Duration) {
        self.wrong += 1;
        if self.wrong >= TRIES {
            self.closed_until = Some(now + CLOSED_FOR);
        }
    }
}

/// The menu.
#[derive(Debug)]
pub struct Menu {
    pin: Field,
    unlocked: bool,
    wrong: bool,
    sheet: LastSheet,
}

impl Default for Menu {
    fn default() -> Self {
        Self { pin: Field::digits(MOST_OF_A_PIN), unlocked: false, wrong: false, sheet: LastSheet::default() }
    }
}

impl Menu {
    /// Whether the PIN was right.
    pub fn unlocked(&self) -> bool {
        self.unlocked
    }

    /// Whether the last one was not.
    pub fn wrong(&self) -> bool {
        self.wrong
    }

    /// How many digits are typed.
    pub fn digits(&self) -> usize {
        self.pin.len()
    }

    /// How the proof is being printed.
    pub fn printing(&self) -> Printing {
        self.sheet.printing()
    }

    /// Prints a proof, one at a time.
    pub fn print(&mut self, out: &mut Outbox<'_>) {
        if self.unlocked {
            self.sheet.print(|| Job::Proof, out);
        }
    }

    /// How printing went; `false` where it is not ours.
    pub fn printed(&mut self, id: AskId, outcome: PrintOutcome) -> bool {
        self.sheet.ended(id, outcome)
    }

    /// A key was pressed.
    pub fn key(&mut self, key: Key) {
        if !self.unlocked {
            self.wrong = false;
            self.pin.press(key, &mut ToneKeys);
        }
    }

    /// The PIN against its hash (SHA-256 in hexadecimal digits). Without a hash
    /// no PIN is right.
    pub fn unlock(&mut self, sha256: Option<&str>, tries: &mut Tries, now: Duration) {
        let given: String =
            Sha256::digest(self.pin.text().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        self.pin.clear();
        let allowed = tries.allowed(now);
        self.unlocked = allowed && sha256.is_some_and(|known| known.eq_ignore_ascii_case(&given));
        self.wrong = !self.unlocked;
        if self.unlocked {
            *tries = Tries::default();
        } else if allowed {
            // What is typed while it is closed does not close it for longer.
            tries.wrong(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn five_touches_open_it_but_not_five_of_a_whole_day() {
        let mut gesture = Gesture::default();
        assert_eq!([0, 1, 2, 3, 4].map(|at| gesture.touched(s(at))), [false, false, false, false, true]);
        assert_eq!([0, 3, 6, 9, 12, 15].map(|at| gesture.touched(s(at))), [false; 6]);
    }

    #[test]
    fn a_pin_is_held_against_its_hash_and_tries_are_few() {
        const HASH: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";
        let mut tries = Tries::default();
        let mut enter = |pin: &str, hash: Option<&str>, at: u64| {
            let mut menu = Menu::default();
            pin.chars().for_each(|digit| menu.key(Key::Typed(digit)));
            menu.unlock(hash, &mut tries, s(at));
            menu.unlocked()
        };
        assert!(!enter("1234", None, 0));
        assert!(enter("1234", Some(HASH), 1));
        assert_eq!([2, 3, 4, 5, 6].map(|at| enter("9999", Some(HASH), at)), [false; 5]);
        assert!(!enter("1234", Some(HASH), 7), "closed, whatever is typed");
        assert!(enter("1234", Some(HASH), 6 + 300));
    }
}
