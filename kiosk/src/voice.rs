//! The voice behind the logic's port.

use gateway_core::domain::Locale;
use kiosk_devices::voice::{SpokenLanguage, Utterance, VoiceEvent, VoiceSettings};

use crate::flow::ports;

/// One step of the volume, of 200.
const STEP: u8 = 25;
/// The softest that is still heard.
const SOFTEST: u8 = 25;

/// espeak-ng, where it is installed. Into the hall it says what anybody there
/// may hear; with headphones in, everything goes to them.
pub struct Espeak {
    voice: kiosk_devices::voice::Voice,
    volume: u8,
}

impl Espeak {
    /// Starts its thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(settings: VoiceSettings) -> std::io::Result<Self> {
        let told = Box::new(|event| {
            if let VoiceEvent::Present(there) = event {
                tracing::info!(there, "voice");
            }
        });
        let volume = settings.volume;
        Ok(Self { voice: kiosk_devices::voice::Voice::start(settings, told)?, volume })
    }
}

impl ports::Voice for Espeak {
    fn speak(&mut self, text: &str, locale: Locale, private: bool) {
        let language = if locale == Locale::VI { SpokenLanguage::Vi } else { SpokenLanguage::En };
        self.voice.stop();
        let utterance = if private { Utterance::private(text, language) } else { Utterance::public(text, language) };
        if let Err(problem) = self.voice.say(utterance) {
            tracing::info!(%problem, "not said");
        }
    }

    fn stop(&mut self) {
        self.voice.stop();
    }

    fn is_there(&self) -> bool {
        self.voice.is_present() == Some(true)
    }

    fn is_speaking(&self) -> bool {
        self.voice.is_speaking()
    }

    fn set_headphones(&mut self, are_in: bool) {
        self.voice.set_headphones(are_in);
    }

    fn change_volume(&mut self, louder: bool) {
        self.volume = if louder {
            self.volume.saturating_add(STEP).min(200)
        } else {
            self.volume.saturating_sub(STEP).max(SOFTEST)
        };
        self.voice.set_volume(self.volume);
    }
}
