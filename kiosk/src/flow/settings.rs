//! How the operator and the citizen want the terminal.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::Locale;

use super::Place;

/// How long nobody may touch a terminal before it warns.
pub const IDLE: Duration = Duration::from_secs(45);
/// The same for whoever reads large text or listens.
pub const IDLE_ACCESSIBLE: Duration = Duration::from_secs(120);

/// What is written in the citizen's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signs {
    /// The hall's name.
    pub site_name: String,
    /// Announcements.
    pub notices: Vec<String>,
}

/// A field of administration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOf {
    /// Its official name.
    pub name: String,
    /// How many procedures it has.
    pub procedures: u32,
}

/// What the operator set, as the gateway says it for this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// In Vietnamese.
    pub vietnamese: Signs,
    /// In English; nothing until the gateway has said it.
    pub english: Option<Signs>,
    /// Those that may be switched to, the first one at the start; at least one.
    pub languages: Vec<Locale>,
    /// The views that the front page offers, in this order.
    pub services: Vec<Place>,
    /// Whether somebody can be called.
    pub offers_call: bool,
    /// Whether the counters are open now.
    pub open_now: bool,
    /// Before a warning.
    pub idle: Duration,
    /// Before a warning, with large text or speech.
    pub idle_accessible: Duration,
    /// Of the service menu's PIN: SHA-256 in hexadecimal digits.
    pub service_pin_sha256: Option<String>,
    /// The catalogue's day, as it is written; empty where there is none.
    pub catalogue_date: String,
    /// The catalogue's fields, in Vietnamese order; empty where there is none.
    pub fields: Arc<[FieldOf]>,
    /// What the gateway calls this terminal; empty before it is enrolled.
    pub device: String,
    /// Whether there is a voice.
    pub can_speak: bool,
    /// Scheme and host of the gateway's pages as a phone reaches them; empty
    /// where there are none.
    pub phone_base_url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vietnamese: Signs::default(),
            english: None,
            languages: vec![Locale::VI, Locale::EN],
            services: vec![Place::LookUp, Place::Procedures, Place::Ticket, Place::Ask, Place::Rate, Place::Phone],
            offers_call: true,
            open_now: true,
            idle: IDLE,
            idle_accessible: IDLE_ACCESSIBLE,
            service_pin_sha256: None,
            catalogue_date: String::new(),
            fields: Arc::default(),
            device: String::new(),
            can_speak: false,
            phone_base_url: String::new(),
        }
    }
}

impl Settings {
    /// How the next citizen finds the screens.
    pub fn usual(&self) -> Comfort {
        Comfort { locale: self.languages.first().copied().unwrap_or(Locale::VI), ..Comfort::default() }
    }

    /// Whether there is a language to switch to.
    pub fn has_languages(&self) -> bool {
        self.languages.len() > 1
    }

    /// What is written, in a language; in Vietnamese where it is not known in
    /// that one.
    pub fn signs(&self, locale: Locale) -> &Signs {
        self.english.as_ref().filter(|_| locale != Locale::VI).unwrap_or(&self.vietnamese)
    }
}

/// How the citizen wants the screens. The next one finds them as they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comfort {
    /// Of all words.
    pub locale: Locale,
    /// Large text.
    pub large: bool,
    /// High contrast.
    pub contrast: bool,
    /// All controls in the lowest 60 %.
    pub reach: bool,
    /// Screens are read aloud.
    pub speech: bool,
}

impl Default for Comfort {
    fn default() -> Self {
        Self { locale: Locale::VI, large: false, contrast: false, reach: false, speech: false }
    }
}
