//! Files that are whole or not there, whenever the power goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file of the terminal cannot be read or written.
#[derive(Debug, Error)]
pub enum FileProblem {
    /// The system says no: full, read-only, broken.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// It is there and does not hold what it should.
    #[error("{} cannot be read as what it should be", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
    },
}

impl FileProblem {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Io { path: path.to_owned(), error }
    }

    pub(crate) fn unreadable(path: &Path) -> Self {
        Self::Unreadable { path: path.to_owned() }
    }
}

/// Puts a file in the place of another, or of none, so that after a power cut
/// one of the two is there in whole. Only its owner may read it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileProblem> {
    replace_with(path, &[bytes])
}

/// The same with several pieces, one behind the other.
pub(crate) fn replace_with(path: &Path, pieces: &[&[u8]]) -> Result<(), FileProblem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(FileProblem::io(folder))?;
    let unfinished = path.with_extension("new");
    let write = || -> io::Result<()> {
        // One that a power cut left is of no use, and may have another mode.
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        for piece in pieces {
            file.write_all(piece)?;
        }
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        // The name itself is on disk only when its folder is.
        File::open(folder)?.sync_all()
    };
    write().map_err(FileProblem::io(path))
}

/// What a file holds; nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, FileProblem> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileProblem::io(path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_replaced_in_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file.json");
        assert_eq!(read(&path).unwrap(), None);
        replace(&path, b"one").unwrap();
        // What a power cut left behind.
        fs::write(path.with_extension("new"), b"half").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        let folder_there = folder.path().join("deep");
        assert!(matches!(read(&folder_there), Err(FileProblem::Io { .. })));
    }
}
