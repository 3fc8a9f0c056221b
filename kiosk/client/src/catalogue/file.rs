//! A bundle as it lies on disk: the gateway's bytes, and on a last line who
//! signed them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, copy};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use mobile_api_types::signature::{BundleReading, PublicKey};
use serde::{Deserialize, Serialize};

use crate::files::{FileProblem, Unfinished};

/// Longest last line, in bytes: a signature and an ETag.
const LONGEST_LABEL: u64 = 4_096;
/// What is read at once.
const A_PIECE: usize = 64 * 1_024;

/// The last line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Label {
    /// The value of `Bundle-Signature`.
    pub(super) signature: String,
    /// By which the gateway is asked for another one.
    pub(super) etag: Option<String>,
}

/// A file whose bytes the gateway signed. It stays the one that was checked,
/// also while another takes its place.
#[derive(Debug)]
pub(super) struct BundleFile {
    file: File,
    path: PathBuf,
    /// Of the gateway's bytes, which begin the file.
    length: u64,
    pub(super) label: Label,
}

impl BundleFile {
    /// Opens a file and checks its signature; another file is as good as none.
    pub(super) fn open(path: &Path, key: &PublicKey) -> Result<Option<Self>, FileProblem> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FileProblem::io(path)(error)),
        };
        let Some((length, label)) = label_of(&file).map_err(FileProblem::io(path))? else { return Ok(None) };
        let bundle = Self { file, path: path.to_owned(), length, label };
        let mut gone_by = BundleReading::default();
        copy(&mut bundle.bytes()?, &mut gone_by).map_err(FileProblem::io(path))?;
        if gone_by.verify(&bundle.label.signature, key).is_err() {
            tracing::warn!("the catalogue on disk is not the gateway's, and is not used");
            return Ok(None);
        }
        Ok(Some(bundle))
    }

    /// The gateway's bytes from their beginning. One reader at a time: they share
    /// the file's place.
    pub(super) fn bytes(&self) -> Result<impl Read + '_, FileProblem> {
        from_the_beginning(&self.file).map(|bytes| bytes.take(self.length)).map_err(FileProblem::io(&self.path))
    }

    /// Some of them.
    pub(super) fn part(&self, place: &Range<u64>) -> Result<Vec<u8>, FileProblem> {
        let length = place.end.min(self.length).saturating_sub(place.start);
        let mut part = vec![0; usize::try_from(length).map_err(|_| FileProblem::unreadable(&self.path))?];
        self.file.read_exact_at(&mut part, place.start).map_err(FileProblem::io(&self.path))?;
        Ok(part)
    }

    pub(super) fn unreadable(&self) -> FileProblem {
        FileProblem::unreadable(&self.path)
    }
}

/// Whether the gateway of this key made what has arrived.
pub(super) fn arrived_whole(unfinished: &Unfinished, label: &Label, key: &PublicKey) -> io::Result<bool> {
    let mut gone_by = BundleReading::default();
    copy(&mut from_the_beginning(unfinished.file())?, &mut gone_by)?;
    Ok(gone_by.verify(&label.signature, key).is_ok())
}

/// The last line, for a file that has arrived.
pub(super) fn last_line(label: &Label) -> Option<Vec<u8>> {
    let mut line = vec![b'\n'];
    serde_json::to_writer(&mut line, label).ok()?;
    Some(line)
}

pub(super) fn from_the_beginning(mut file: &File) -> io::Result<impl Read + '_> {
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::with_capacity(A_PIECE, file))
}

/// Where the gateway's bytes end, and what the last line says.
fn label_of(file: &File) -> io::Result<Option<(u64, Label)>> {
    let whole = file.metadata()?.len();
    let from = whole.saturating_sub(LONGEST_LABEL);
    let mut end = vec![0; usize::try_from(whole - from).unwrap_or_default()];
    file.read_exact_at(&mut end, from)?;
    let found = || {
        let feed = end.iter().rposition(|byte| *byte == b'\n')?;
        let label = serde_json::from_slice(end.get(feed + 1..)?).ok()?;
        Some((from + u64::try_from(feed).ok()?, label))
    };
    Ok(found())
}
