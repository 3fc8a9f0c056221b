//! Who the terminal is: its key file.

use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mobile_api_types::EnrolAnswer;
use mobile_api_types::signature::{PublicKey, SigningKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::files::{self, FileProblem};

/// The terminal's name, place and keys, as the gateway gave them.
pub struct Identity {
    /// Its id: the `keyid` of its signatures.
    pub device: String,
    /// Where it stands: an agency's code.
    pub site: String,
    /// The same in words.
    pub site_name: String,
    /// Its own name.
    pub name: String,
    /// Signs the catalogue bundle.
    pub gateway_key: PublicKey,
    pub(crate) key: SigningKey,
}

/// Why a key file is not used.
#[derive(Debug, Error)]
pub enum KeyFileProblem {
    /// Others than its owner may read or write it: it must be of mode 600.
    #[error("{} may be read by others (mode {mode:o}, must be 600)", path.display())]
    TooOpen {
        /// Which file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It cannot be read, written or understood.
    #[error(transparent)]
    File(#[from] FileProblem),
}

/// Where the key lies. Beside it, while the terminal is being enrolled, lies the
/// key that the gateway has not confirmed yet: a lost answer is asked for again
/// with the same key.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

/// As it stands in the file.
#[derive(Serialize, Deserialize)]
struct Written {
    device: String,
    site: String,
    site_name: String,
    name: String,
    gateway_key: String,
    /// Base64url.
    seed: String,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}

impl KeyFile {
    /// A file that need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Who the terminal is; nothing where it is not enrolled.
    ///
    /// # Errors
    /// [`KeyFileProblem`]; a file that others may read is refused, since its
    /// key may be known by now.
    pub fn load(&self) -> Result<Option<Identity>, KeyFileProblem> {
        let Some(bytes) = read_private(&self.path)? else { return Ok(None) };
        let unreadable = || FileProblem::unreadable(&self.path);
        let written: Written = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        let seed = seed_of(&written.seed).ok_or_else(unreadable)?;
        Ok(Some(Identity {
            device: written.device.clone(),
            site: written.site.clone(),
            site_name: written.site_name.clone(),
            name: written.name.clone(),
            gateway_key: PublicKey::parse(&written.gateway_key).map_err(|_| unreadable())?,
            key: SigningKey::from_seed(&seed).map_err(|_| unreadable())?,
        }))
    }

    /// The seed to enrol with: the one of an enrolment that was not confirmed,
    /// else `fresh`, which is on disk when this returns.
    pub(crate) fn pending(&self, fresh: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeyFileProblem> {
        let path = self.pending_path();
        if let Some(bytes) = read_private(&path)?
            && let Some(seed) = std::str::from_utf8(&bytes).ok().and_then(seed_of)
        {
            return Ok(seed);
        }
        files::replace(&path, Zeroizing::new(URL_SAFE_NO_PAD.encode(fresh)).as_bytes())?;
        Ok(Zeroizing::new(*fresh))
    }

    /// Keeps what the gateway said, with the seed that it said it of.
    pub(crate) fn confirm(&self, answer: &EnrolAnswer<'_>, seed: &[u8; 32]) -> Result<(), KeyFileProblem> {
        let written = Written {
            device: answer.device.clone().into_owned(),
            site: answer.site.clone().into_owned(),
            site_name: answer.site_name.clone().into_owned(),
            name: answer.name.clone().into_owned(),
            gateway_key: answer.gateway_key.clone().into_owned(),
            seed: URL_SAFE_NO_PAD.encode(seed),
        };
        let bytes = Zeroizing::new(serde_json::to_vec(&written).map_err(|_| FileProblem::unreadable(&self.path))?);
        files::replace(&self.path, &bytes)?;
        // Without it the next enrolment only draws a new key.
        let _ = std::fs::remove_file(self.pending_path());
        Ok(())
    }

    fn pending_path(&self) -> PathBuf {
        self.path.with_extension("pending")
    }
}

fn read_private(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, KeyFileProblem> {
    let Some(bytes) = files::read(path)?.map(Zeroizing::new) else { return Ok(None) };
    let mode = std::fs::metadata(path).map_err(FileProblem::io(path))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileProblem::TooOpen { path: path.to_owned(), mode });
    }
    Ok(Some(bytes))
}

fn seed_of(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

/// Not the key.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("device", &self.device).field("site", &self.site).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::Timestamp;

    use super::*;

    fn answer() -> EnrolAnswer<'static> {
        EnrolAnswer {
            device: "k-0123456789".into(),
            site: "000.00.17.H09".into(),
            site_name: "Trung tâm".into(),
            name: "Máy 1".into(),
            gateway_key: SigningKey::from_seed(&[9; 32]).unwrap().public().to_string().into(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_key_is_kept_and_read_back_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("device.key"));
        assert!(file.load().unwrap().is_none());
        let seed = file.pending(&[7; 32]).unwrap();
        assert_eq!(*file.pending(&[8; 32]).unwrap(), *seed, "a lost answer is asked for with the same key");
        file.confirm(&answer(), &seed).unwrap();
        let identity = file.load().unwrap().unwrap();
        assert_eq!(identity.key.public(), SigningKey::from_seed(&[7; 32]).unwrap().public());
        assert_eq!(*file.pending(&[8; 32]).unwrap(), [8; 32], "the next enrolment has a key of its own");
        assert!(!format!("{identity:?}").contains("BwcHBw"));

        let path = folder.path().join("device.key");
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(file.load(), Err(KeyFileProblem::TooOpen { .. })), "{mode:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(file.load().unwrap().is_some());
    }

    #[test]
    fn half_a_file_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.key");
        files::replace(&path, b"{\"device\":\"k-01").unwrap();
        assert!(matches!(KeyFile::new(path).load(), Err(KeyFileProblem::File(FileProblem::Unreadable { .. }))));
    }
}
