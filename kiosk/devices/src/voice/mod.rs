//! The terminal's voice: espeak-ng as a process, one utterance after the other,
//! stopped at once.
//!
//! The text goes through a pipe and never stands on a command line, where every
//! process of the machine could read it.

mod process;

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use thiserror::Error;
use zeroize::Zeroizing;

use process::Speaker;

/// Utterances that wait at most: no screen has more.
const QUEUE: usize = 64;
/// Longest text of one utterance, in bytes; the rest is left out. A pipe takes
/// this much without anybody reading it.
const LONGEST: usize = 16_384;

/// What is spoken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpokenLanguage {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// How it sounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceSettings {
    /// The program: `espeak-ng`, looked for in the path, or a path.
    pub program: PathBuf,
    /// The voice for Vietnamese: `vi` (northern), `vi-vn-x-central` or
    /// `vi-vn-x-south`.
    pub vietnamese: String,
    /// The voice for English: `en`.
    pub english: String,
    /// Words a minute, 80–300.
    pub rate: u16,
    /// Amplitude, 0–200.
    pub volume: u8,
    /// The loudspeaker's audio device; the system's own where none is named.
    pub loudspeaker: Option<String>,
    /// The headphones' audio device; the same where none is named.
    pub headphones: Option<String>,
}

impl Default for VoiceSettings {
    /// `espeak-ng`, `vi` and `en`, 150 words a minute, volume 100.
    fn default() -> Self {
        Self {
            program: "espeak-ng".into(),
            vietnamese: "vi".to_owned(),
            english: "en".to_owned(),
            rate: 150,
            volume: 100,
            loudspeaker: None,
            headphones: None,
        }
    }
}

/// Something to be said. `Debug` does not show it.
pub struct Utterance {
    /// The words; overwritten when they are said.
    pub text: Zeroizing<String>,
    /// Their language.
    pub language: SpokenLanguage,
    /// About somebody: into headphones only.
    pub private: bool,
}

impl Utterance {
    /// What anybody in the hall may hear.
    pub fn public(text: impl Into<String>, language: SpokenLanguage) -> Self {
        Self { text: Zeroizing::new(text.into()), language, private: false }
    }

    /// What only the citizen may hear.
    pub fn private(text: impl Into<String>, language: SpokenLanguage) -> Self {
        Self { text: Zeroizing::new(text.into()), language, private: true }
    }
}

/// One utterance, numbered from 1 on since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Said(pub u64);

/// Why something is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsaid {
    /// There is no speech program on this machine.
    #[error("no speech program")]
    Absent,
    /// It is private, and no headphones are in.
    #[error("private, and no headphones")]
    NeedsHeadphones,
    /// Too much waits to be said.
    #[error("too much waits to be said")]
    TooMany,
}

/// What the voice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceEvent {
    /// Whether there is a speech program; once, soon after the start.
    Present(bool),
    /// It is being said.
    Started(Said),
    /// It is over.
    Ended(Said, HowEnded),
    /// Nothing is being said and nothing waits: the idle clock goes on.
    Silent,
}

/// How an utterance ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowEnded {
    /// It was said to its end.
    Finished,
    /// It was stopped, or its headphones were taken out.
    Stopped,
    /// The program failed or hung.
    Failed,
}

/// The handle of the voice's thread; cheap to clone. When the last one is
/// dropped it falls silent.
#[derive(Clone)]
pub struct Voice {
    shared: Arc<Shared>,
    _alive: Arc<Alive>,
}

impl Voice {
    /// Starts the thread. `on_event` is called on it and must be quick.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(settings: VoiceSettings, on_event: Box<dyn FnMut(VoiceEvent) + Send>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                settings,
                present: None,
                headphones: false,
                waiting: VecDeque::new(),
                speaking: None,
                stop: false,
                closed: false,
                next: 1,
            }),
            changed: Condvar::new(),
        });
        let speaker = Speaker::new(Arc::clone(&shared), on_event);
        std::thread::Builder::new().name("voice".to_owned()).spawn(move || speaker.run())?;
        Ok(Self { _alive: Arc::new(Alive(Arc::clone(&shared))), shared })
    }

    /// Puts something behind what is being said; returns at once.
    ///
    /// # Errors
    /// [`Unsaid`]; private words need headphones now and while they are said.
    pub fn say(&self, mut utterance: Utterance) -> Result<Said, Unsaid> {
        let mut state = self.shared.state.lock();
        if state.present == Some(false) {
            return Err(Unsaid::Absent);
        }
        if utterance.private && !state.headphones {
            return Err(Unsaid::NeedsHeadphones);
        }
        if state.waiting.len() >= QUEUE {
            return Err(Unsaid::TooMany);
        }
        let end = utterance.text.floor_char_boundary(LONGEST);
        utterance.text.truncate(end);
        let said = Said(state.next);
        state.next += 1;
        state.waiting.push_back((said, utterance));
        self.shared.changed.notify_all();
        Ok(said)
    }

    /// Falls silent at once and forgets what waits: a key was pressed, another
    /// screen came, the session was wiped.
    pub fn stop(&self) {
        let mut state = self.shared.state.lock();
        state.waiting.clear();
        state.stop = state.speaking.is_some();
        self.shared.changed.notify_all();
    }

    /// Headphones were put in or taken out. Taken out, private words end at
    /// once and those that wait are forgotten.
    pub fn set_headphones(&self, are_in: bool) {
        let mut state = self.shared.state.lock();
        state.headphones = are_in;
        if !are_in {
            state.waiting.retain(|(_, utterance)| !utterance.private);
        }
        self.shared.changed.notify_all();
    }

    /// From the next utterance on: amplitude, at most 200.
    pub fn set_volume(&self, volume: u8) {
        self.shared.state.lock().settings.volume = volume.min(200);
    }

    /// From the next utterance on: words a minute, 80–300.
    pub fn set_rate(&self, rate: u16) {
        self.shared.state.lock().settings.rate = rate.clamp(80, 300);
    }

    /// Whether something is being said or waits to be: the idle clock stands.
    pub fn is_speaking(&self) -> bool {
        let state = self.shared.state.lock();
        state.speaking.is_some() || !state.waiting.is_empty()
    }

    /// Whether there is a speech program; not known for the first moments.
    pub fn is_present(&self) -> Option<bool> {
        self.shared.state.lock().present
    }
}

/// Ends the thread when the last handle goes.
struct Alive(Arc<Shared>);

impl Drop for Alive {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.waiting.clear();
        state.stop = true;
        state.closed = true;
        self.0.changed.notify_all();
    }
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    settings: VoiceSettings,
    present: Option<bool>,
    headphones: bool,
    waiting: VecDeque<(Said, Utterance)>,
    /// What is being said, and whether it is private.
    speaking: Option<(Said, bool)>,
    /// What is being said is to end.
    stop: bool,
    closed: bool,
    next: u64,
}

/// Not the words.
impl fmt::Debug for Utterance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Utterance({:?}, {} bytes, private: {})", self.language, self.text.len(), self.private)
    }
}

#[cfg(test)]
mod tests;
