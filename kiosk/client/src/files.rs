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
    let mut unfinished = Unfinished::begin(path)?;
    unfinished.write(bytes)?;
    unfinished.finish()
}

/// A file that will take the place of another one when it is whole. One that is
/// dropped before leaves what was there.
#[derive(Debug)]
pub(crate) struct Unfinished {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    whole: bool,
}

impl Unfinished {
    /// An empty one.
    pub(crate) fn begin(path: &Path) -> Result<Self, FileProblem> {
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(FileProblem::io(folder))?;
        let beside = path.with_extension("new");
        let open = || -> io::Result<File> {
            // One that a power cut left is of no use, and may have another mode.
            match fs::remove_file(&beside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&beside)
        };
        let file = open().map_err(FileProblem::io(path))?;
        Ok(Self { path: path.to_owned(), beside, file, whole: false })
    }

    /// The next piece.
    pub(crate) fn write(&mut self, piece: &[u8]) -> Result<(), FileProblem> {
        self.file.write_all(piece).map_err(FileProblem::io(&self.path))
    }

    /// What was written, to be read from any place of it.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// It is whole: it takes its place.
    pub(crate) fn finish(mut self) -> Result<(), FileProblem> {
        let mut finish = || -> io::Result<()> {
            self.file.sync_all()?;
            fs::rename(&self.beside, &self.path)?;
            self.whole = true;
            // The name itself is on disk only when its folder is.
            File::open(folder_of(&self.path))?.sync_all()
        };
        finish().map_err(FileProblem::io(&self.path))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.whole {
            // A disk that is full needs the room; else the next one removes it.
            let _ = fs::remove_file(&self.beside);
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
        // Whoever gives up half way has changed nothing.
        Unfinished::begin(&path).unwrap().write(b"thr").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        let folder_there = folder.path().join("deep");
        assert!(matches!(read(&folder_there), Err(FileProblem::Io { .. })));
    }
}
