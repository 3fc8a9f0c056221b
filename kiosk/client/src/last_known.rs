//! What the gateway last said, for a start without it.

use std::path::{Path, PathBuf};

use mobile_api_types::{KioskSettings, QueueAnswer};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files::{self, FileProblem};

/// The last settings and services of the queue, by language, in files: after a
/// power cut a terminal knows where it stands and what it offers though the
/// gateway is gone. Nothing of any citizen.
#[derive(Debug, Clone)]
pub struct LastKnown {
    folder: PathBuf,
}

impl LastKnown {
    /// In a folder that need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The last settings; nothing where there are none, or none that can be
    /// read (another version wrote them).
    pub fn settings(&self, language: &str) -> Option<KioskSettings<'static>> {
        load(&self.path("settings", language))
    }

    /// Keeps settings.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn keep_settings(&self, language: &str, settings: &KioskSettings<'_>) -> Result<(), FileProblem> {
        keep(&self.path("settings", language), settings)
    }

    /// The last standing of the queue: its services, prefixes and names hold,
    /// its figures do not.
    pub fn queue(&self, language: &str) -> Option<QueueAnswer<'static>> {
        load(&self.path("queue", language))
    }

    /// Keeps a standing of the queue.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn keep_queue(&self, language: &str, queue: &QueueAnswer<'_>) -> Result<(), FileProblem> {
        keep(&self.path("queue", language), queue)
    }

    fn path(&self, what: &str, language: &str) -> PathBuf {
        // A language is a word of our own or of the gateway's settings.
        let language: String = language.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        self.folder.join(format!("{what}-{language}.json"))
    }
}

fn load<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = files::read(path).ok()??;
    serde_json::from_slice(&bytes).ok()
}

fn keep<T: Serialize>(path: &Path, value: &T) -> Result<(), FileProblem> {
    let bytes = serde_json::to_vec(value).map_err(|_| FileProblem::unreadable(path))?;
    // Nothing is worn out by writing the same again and again.
    if files::read(path)?.as_deref() == Some(&bytes) {
        return Ok(());
    }
    files::replace(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_known_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let known = LastKnown::new(folder.path());
        assert!(known.settings("vi").is_none());
        let settings: KioskSettings<'static> = serde_json::from_str(
            r#"{"settings_version":"00","site":"s","site_name":"S","name":"n","services":["ticket"],
                "languages":["vi"],"opening":{"ranges":[]},"open_now":true,"idle_seconds":45,
                "idle_seconds_accessible":90}"#,
        )
        .unwrap();
        known.keep_settings("vi", &settings).unwrap();
        assert_eq!(LastKnown::new(folder.path()).settings("vi"), Some(settings));
        assert!(known.settings("../vi").is_some(), "no way out of the folder");
        std::fs::write(folder.path().join("settings-vi.json"), b"{").unwrap();
        assert!(known.settings("vi").is_none());
    }
}
