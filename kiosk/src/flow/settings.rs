//! How the operator and the citizen want the terminal.

use std::time::Duration;

use gateway_core::domain::Locale;

use super::Place;

/// How long nobody may touch a terminal before it warns.
pub const IDLE: Duration = Duration::from_secs(45);
/// The same for whoever reads large text or listens.
pub const IDLE_ACCESSIBLE: Duration = Duration::from_secs(120);

/// What the operator set, as the gateway says it for this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The hall's name.
    pub site_name: String,
    /// The views that the front page offers, in this order.
    pub services: Vec<Place>,
    /// Whether somebody can be called.
    pub offers_call: bool,
    /// Whether the counters are open now.
    pub open_now: bool,
    /// Announcements.
    pub notices: Vec<String>,
    /// Before a warning.
    pub idle: Duration,
    /// Before a warning, with large text or speech.
    pub idle_accessible: Duration,
    /// Of the service menu's PIN: SHA-256 in hexadecimal digits.
    pub service_pin_sha256: Option<String>,
    /// The catalogue's day, as it is written; empty where there is none.
    pub catalogue_date: String,
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
            site_name: String::new(),
            services: vec![Place::LookUp, Place::Procedures, Place::Ticket, Place::Ask, Place::Rate, Place::Phone],
            offers_call: true,
            open_now: true,
            notices: Vec::new(),
            idle: IDLE,
            idle_accessible: IDLE_ACCESSIBLE,
            service_pin_sha256: None,
            catalogue_date: String::new(),
            device: String::new(),
            can_speak: false,
            phone_base_url: String::new(),
        }
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
