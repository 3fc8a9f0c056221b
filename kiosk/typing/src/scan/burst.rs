//! Tells the burst of a scanner from a person at a keyboard.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use zeroize::Zeroize;

/// More keys than any code has that is read here (a card's has some 150): what
/// is longer is cut, and said to be unknown.
const MOST: usize = 1_024;

/// So many keys close together are no person's.
const SURE: usize = 3;

/// What arrives at a keyboard, as far as scanners matter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A character.
    Char(char),
    /// Return, CR or LF.
    Enter,
    /// Tab: some scanners are set to end with it.
    Tab,
    /// Any other key, by the caller's own number (arrows, function keys).
    Other(u16),
}

/// When keys are a burst. All spans count between two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstTimes {
    /// Keys under this apart may be a burst; a key is held back for so long. From
    /// the third one on it is twice as long.
    pub gap: Duration,
    /// A burst has at least so many characters before its end.
    pub least: usize,
    /// A burst that does not end (a scanner set to no ending) is over after
    /// this.
    pub silence: Duration,
    /// What follows the end within this is its other half (CR LF, Tab).
    pub tail: Duration,
}

impl Default for BurstTimes {
    /// 30 ms, 6 characters, 120 ms, 60 ms. The shortest code is a ticket's; of
    /// somebody typing quickly two or three keys may be under 30 ms apart.
    fn default() -> Self {
        Self {
            gap: Duration::from_millis(30),
            least: 6,
            silence: Duration::from_millis(120),
            tail: Duration::from_millis(60),
        }
    }
}

/// What became of the keys.
#[derive(PartialEq, Eq)]
pub enum Fed {
    /// Nothing yet: ask again at [`Burst::due`].
    Held,
    /// A person's keys, in order: give them to what has the focus.
    Typed(Vec<Stroke>),
    /// A scanner's text without its end, after keys that a person had typed
    /// just before. It went nowhere else.
    Scanned {
        /// A person's, to be given to what has the focus.
        typed: Vec<Stroke>,
        /// The text; wipe it when it is read ([`super::ScanReader::read`]
        /// does).
        text: String,
    },
}

/// Holds keys back while they may be a scanner's, a few milliseconds each.
///
/// Times are spans since any fixed moment and are handed in. `feed` every key
/// and call `tick` at [`Burst::due`].
///
/// ```
/// use std::time::Duration;
/// use kiosk_typing::scan::{Burst, BurstTimes, Fed, Stroke};
///
/// let mut burst = Burst::new(BurstTimes::default());
/// let mut at = Duration::ZERO;
/// for c in "A0123456".chars() {
///     assert!(matches!(burst.feed(Stroke::Char(c), at), Fed::Held));
///     at += Duration::from_millis(5);
/// }
/// let Fed::Scanned { text, .. } = burst.feed(Stroke::Enter, at) else { panic!("no burst") };
/// assert_eq!(text, "A0123456");
/// ```
pub struct Burst {
    times: BurstTimes,
    held: VecDeque<(Stroke, Duration)>,
    /// Keys were left out: the text is too long to be read.
    cut: bool,
    /// A burst ended then; what follows may be its other half.
    ended: Option<Duration>,
}

impl Burst {
    /// Nothing held.
    pub fn new(times: BurstTimes) -> Self {
        Self { times, held: VecDeque::new(), cut: false, ended: None }
    }

    /// When `tick` is to be called, unless a key comes before.
    pub fn due(&self) -> Option<Duration> {
        let (_, last) = self.held.back()?;
        Some(*last + if self.is_burst() { self.times.silence } else { self.gap() })
    }

    /// Who has sent some keys so close together is no person: one key more that is
    /// late on its way, through a busy machine, must not tear the scan in two.
    fn gap(&self) -> Duration {
        if self.held.len() >= SURE { self.times.gap * 2 } else { self.times.gap }
    }

    /// Takes a key that arrived at `at`.
    pub fn feed(&mut self, stroke: Stroke, at: Duration) -> Fed {
        if let Some(ended) = self.ended
            && self.held.is_empty()
            && is_end(stroke)
            && at.saturating_sub(ended) < self.times.tail
        {
            return Fed::Typed(Vec::new());
        }
        self.ended = None;
        let near = self.held.back().is_some_and(|(_, last)| at.saturating_sub(*last) < self.gap());
        // Keys of a person that came before.
        let mut typed = Vec::new();
        if !near {
            if self.is_burst() && !self.held.is_empty() {
                // The burst before never ended; it is over all the same.
                let text = self.take();
                return match self.feed(stroke, at) {
                    Fed::Held => Fed::Scanned { typed, text },
                    Fed::Typed(keys) => self.after(text, keys, at),
                    again @ Fed::Scanned { .. } => again,
                };
            }
            typed = self.release();
        }
        match stroke {
            Stroke::Char(_) => {
                if self.held.len() < MOST {
                    self.held.push_back((stroke, at));
                } else {
                    self.cut = true;
                    if let Some(last) = self.held.back_mut() {
                        last.1 = at;
                    }
                }
                // A key that is held down: no code begins with so many of a kind.
                if self.held.len() == self.times.least && !self.is_burst() {
                    typed.extend(self.release());
                }
                if typed.is_empty() { Fed::Held } else { Fed::Typed(typed) }
            }
            Stroke::Enter | Stroke::Tab if self.is_burst() => {
                self.ended = Some(at);
                Fed::Scanned { typed, text: self.take() }
            }
            // Scanners send no such keys, and a person none within a burst.
            Stroke::Other(_) if self.is_burst() => Fed::Held,
            _ => {
                typed.extend(self.release());
                typed.push(stroke);
                Fed::Typed(typed)
            }
        }
    }

    /// Looks at the clock: gives back what was held long enough.
    pub fn tick(&mut self, at: Duration) -> Fed {
        match self.due() {
            Some(due) if due <= at => {
                if self.is_burst() {
                    Fed::Scanned { typed: Vec::new(), text: self.take() }
                } else {
                    Fed::Typed(self.release())
                }
            }
            _ => Fed::Held,
        }
    }

    /// Forgets what is held: the session was wiped.
    pub fn wipe(&mut self) {
        self.release();
        self.ended = None;
    }

    /// Held keys that no person typed. One key held down repeats as quickly,
    /// and is one person's.
    fn is_burst(&self) -> bool {
        self.held.len() >= self.times.least && self.held.iter().any(|(stroke, _)| Some(*stroke) != self.first())
    }

    fn first(&self) -> Option<Stroke> {
        self.held.front().map(|(stroke, _)| *stroke)
    }

    /// A burst without an end, and a key that is to be given on at once.
    fn after(&mut self, text: String, typed: Vec<Stroke>, at: Duration) -> Fed {
        // A lone Enter after a burst that had fallen silent would land in a
        // focused button: it is the scanner's own, late.
        if typed.iter().any(|stroke| is_end(*stroke)) {
            self.ended = Some(at);
        }
        let typed = typed.into_iter().filter(|stroke| !is_end(*stroke)).collect();
        Fed::Scanned { typed, text }
    }

    fn take(&mut self) -> String {
        let cut = self.cut;
        // Wide enough from the start: a text that grows leaves copies behind.
        let mut text = String::with_capacity(self.held.len() * 4);
        text.extend(
            self.held.iter().filter_map(|(stroke, _)| if let Stroke::Char(c) = stroke { Some(*c) } else { None }),
        );
        self.release();
        if cut {
            text.zeroize();
        }
        text
    }

    fn release(&mut self) -> Vec<Stroke> {
        let strokes = self.held.iter().map(|(stroke, _)| *stroke).collect();
        for held in &mut self.held {
            held.0 = Stroke::Other(0);
        }
        self.held.clear();
        self.cut = false;
        strokes
    }
}

fn is_end(stroke: Stroke) -> bool {
    matches!(stroke, Stroke::Enter | Stroke::Tab)
}

impl Drop for Burst {
    fn drop(&mut self) {
        self.release();
    }
}

/// Never the characters.
impl fmt::Debug for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Burst({} keys)", self.held.len())
    }
}

/// Never the character.
impl fmt::Debug for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Char(_) => "Char",
            Self::Enter => "Enter",
            Self::Tab => "Tab",
            Self::Other(_) => "Other",
        })
    }
}

/// Never the text.
impl fmt::Debug for Fed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("Held"),
            Self::Typed(keys) => write!(f, "Typed({} keys)", keys.len()),
            Self::Scanned { typed, text } => write!(f, "Scanned({} keys, {} bytes)", typed.len(), text.len()),
        }
    }
}

#[cfg(test)]
mod tests;
