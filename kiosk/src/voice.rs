//! The voice behind the logic's port.

use gateway_core::domain::Locale;
use kiosk_devices::voice::{SpokenLanguage, Utterance, VoiceEvent, VoiceSettings};

use crate::flow::ports;

/// espeak-ng, where it is installed. It speaks through the loudspeaker: the
/// screens hand over what anybody in the hall may hear, and nothing else.
pub struct Espeak {
    voice: kiosk_devices::voice::Voice,
}

impl Espeak {
    /// Starts its thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let told = Box::new(|event| {
            if let VoiceEvent::Present(there) = event {
                tracing::info!(there, "voice");
            }
        });
        Ok(Self { voice: kiosk_devices::voice::Voice::start(VoiceSettings::default(), told)? })
    }
}

impl ports::Voice for Espeak {
    fn speak(&mut self, text: &str, locale: Locale) {
        let language = if locale == Locale::VI { SpokenLanguage::Vi } else { SpokenLanguage::En };
        self.voice.stop();
        if let Err(problem) = self.voice.say(Utterance::public(text, language)) {
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
}
