use std::path::PathBuf;

use crate::check::Finding;

/// Why the words could not be loaded. The words in use stay as they were.
#[derive(Debug, thiserror::Error)]
pub enum LocaleError {
    /// A file or folder of the operator's cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder's name is not a language.
    #[error("{}: the folder's name is not a language tag such as vi, en or km", path.display())]
    NotALanguage {
        /// The folder.
        path: PathBuf,
    },
    /// A file is larger than any file of words.
    #[error("{}: {bytes} bytes are more than the {most} that a file of words may have", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// More files than languages can have.
    #[error("{}: more than {most} files", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The limit.
        most: usize,
    },
    /// Words that would reach citizens broken: a syntax error, an unknown key,
    /// argument or function, a missing key. Each finding names file and line.
    #[error("{}", Finding::list(.0))]
    Broken(Vec<Finding>),
}

impl LocaleError {
    /// A stable code for logs and exit messages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "locale_unreadable",
            Self::NotALanguage { .. } => "locale_not_a_language",
            Self::TooLarge { .. } => "locale_too_large",
            Self::TooMany { .. } => "locale_too_many_files",
            Self::Broken(_) => "locale_broken",
        }
    }
}
