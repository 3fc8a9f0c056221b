//! The thread that runs the speech program.

use std::io::{self, ErrorKind, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{HowEnded, Said, Shared, SpokenLanguage, Utterance, VoiceEvent, VoiceSettings};

/// How often the program is looked at while it speaks; a stop does not wait
/// for it.
const LOOK: Duration = Duration::from_millis(20);
/// Beside this, a second for each four characters is enough at 80 words a
/// minute; what takes longer hangs.
const GRACE: Duration = Duration::from_secs(15);

pub(super) struct Speaker {
    shared: Arc<Shared>,
    on_event: Box<dyn FnMut(VoiceEvent) + Send>,
}

impl Speaker {
    pub(super) fn new(shared: Arc<Shared>, on_event: Box<dyn FnMut(VoiceEvent) + Send>) -> Self {
        Self { shared, on_event }
    }

    pub(super) fn run(mut self) {
        let program = self.shared.state.lock().settings.program.clone();
        let present = is_present(Command::new(program));
        self.set_present(present);
        while let Some((said, utterance, settings, headphones)) = self.next() {
            (self.on_event)(VoiceEvent::Started(said));
            let how = match start(&utterance, &settings, headphones) {
                Ok(child) => self.watch(child, &utterance),
                Err(error) => {
                    tracing::warn!(%error, "the speech program does not start");
                    if error.kind() == ErrorKind::NotFound {
                        self.set_present(false);
                    }
                    HowEnded::Failed
                }
            };
            drop(utterance);
            self.end(said, how);
        }
    }

    /// Waits for something to be said; nothing when the voice is closed.
    fn next(&mut self) -> Option<(Said, Utterance, VoiceSettings, bool)> {
        let mut state = self.shared.state.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some((said, utterance)) = state.waiting.pop_front() {
                state.stop = false;
                state.speaking = Some((said, utterance.private));
                return Some((said, utterance, state.settings.clone(), state.headphones));
            }
            self.shared.changed.wait(&mut state);
        }
    }

    /// Until the program ends, is to end, or hangs.
    fn watch(&self, mut child: Child, utterance: &Utterance) -> HowEnded {
        let length = u32::try_from(utterance.text.chars().count()).unwrap_or(u32::MAX);
        let end = Instant::now() + GRACE + Duration::from_millis(250) * length;
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return HowEnded::Finished,
                Ok(Some(_)) | Err(_) => return HowEnded::Failed,
                Ok(None) => {}
            }
            let mut state = self.shared.state.lock();
            let unheard = utterance.private && !state.headphones;
            if state.stop || state.closed || unheard {
                drop(state);
                kill(&mut child);
                return HowEnded::Stopped;
            }
            if Instant::now() >= end {
                drop(state);
                kill(&mut child);
                return HowEnded::Failed;
            }
            self.shared.changed.wait_for(&mut state, LOOK);
        }
    }

    fn end(&mut self, said: Said, how: HowEnded) {
        let silent = {
            let mut state = self.shared.state.lock();
            state.speaking = None;
            state.stop = false;
            state.waiting.is_empty()
        };
        (self.on_event)(VoiceEvent::Ended(said, how));
        if silent {
            (self.on_event)(VoiceEvent::Silent);
        }
    }

    fn set_present(&mut self, present: bool) {
        {
            let mut state = self.shared.state.lock();
            if state.present == Some(present) {
                return;
            }
            state.present = Some(present);
            if !present {
                state.waiting.clear();
            }
        }
        tracing::info!(present, "speech program");
        (self.on_event)(VoiceEvent::Present(present));
    }
}

/// Whether the program is there. It is not waited for: a program that hangs
/// even here will be found out when it is to speak.
fn is_present(mut command: Command) -> bool {
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            let _ = std::thread::Builder::new().name("voice-look".to_owned()).spawn(move || child.wait());
            true
        }
        Err(error) => {
            tracing::info!(%error, "no speech program");
            false
        }
    }
}

fn start(utterance: &Utterance, settings: &VoiceSettings, headphones: bool) -> io::Result<Child> {
    let voice = match utterance.language {
        SpokenLanguage::Vi => &settings.vietnamese,
        SpokenLanguage::En => &settings.english,
    };
    let device = if headphones { settings.headphones.as_ref() } else { settings.loudspeaker.as_ref() };
    let mut command = Command::new(&settings.program);
    // `-b 1`: the text is UTF-8.
    command.args(["-v", voice, "-b", "1", "-s", &settings.rate.to_string(), "-a", &settings.volume.to_string()]);
    if let Some(device) = device {
        command.args(["-d", device]);
    }
    command.arg("--stdin").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // A text is shorter than what a pipe holds: this never waits. A program
        // that is gone already shows when it is waited for.
        match pipe.write_all(utterance.text.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                kill(&mut child);
                return Err(error);
            }
            _ => {}
        }
    }
    Ok(child)
}

/// Silence at once, and no process left behind.
fn kill(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
