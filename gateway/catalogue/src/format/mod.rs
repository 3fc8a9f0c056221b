//! The storage format: one procedure a line, as JSON, in the shape of the
//! national data set with our own optional fields
//! (`short_name english aliases source as_of sensitive prior`).

mod wire;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use gateway_core::domain::{Procedure, ProcedureCode};
use serde::Deserialize;

use wire::Record;

/// Bytes of one line at most (the longest seen has 146,421).
pub const LONGEST_LINE: u64 = 4 * 1024 * 1024;
/// Bytes of a whole file at most, unpacked: a small packed file must not
/// unfold into all memory.
pub const LARGEST_FILE: u64 = 512 * 1024 * 1024;
/// Procedures in a file at most.
pub const MOST_PROCEDURES: usize = 50_000;
/// Rejected lines that are remembered; after so many the file is refused.
pub const MOST_REJECTED: usize = 1_000;

/// Bytes of lines that are read before they are parsed together.
const BATCH: usize = 4 * 1024 * 1024;
/// Threads that parse one batch, at most.
const MOST_THREADS: usize = 4;
/// Lines for which no thread is worth its while.
const FEW: usize = 32;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file of procedures could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file itself.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// The stream broke off or is no gzip.
    #[error("line {line}: {source}")]
    Stream {
        /// The line that was being read, from 1.
        line: u64,
        /// What happened.
        source: io::Error,
    },
    /// One line is not a procedure.
    #[error("line {line}: {problem}")]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong with it.
        problem: LineProblem,
    },
    /// A limit of the format was passed.
    #[error("line {line}: more than {limit} {of}")]
    TooLarge {
        /// From 1.
        line: u64,
        /// The limit.
        limit: u64,
        /// What there is too much of.
        of: &'static str,
    },
}

/// What is wrong with a line: the field and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}`: {reason}")]
pub struct LineProblem {
    /// The path of the field (`methods[0].fee`), `.` for the line as a whole.
    pub field: String,
    /// Why.
    pub reason: String,
}

/// A file that was read as far as it could be.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The procedures, in the file's order.
    pub procedures: Vec<Procedure>,
    /// Lines that are none: their number, from 1, and what is wrong.
    pub rejected: Vec<(u64, LineProblem)>,
}

/// Reads a `.jsonl` or `.jsonl.gz` (told by its first bytes, not by its name).
///
/// # Errors
/// The first line that is not a procedure, with its field; a code that comes
/// twice; a passed limit; a file that cannot be read.
pub fn read_jsonl(path: &Path) -> Result<Vec<Procedure>, FormatError> {
    let mut first_problem = None;
    let procedures = read_lines(open(path)?, |line, problem| {
        first_problem = Some((line, problem));
        Go::Stop
    })?;
    match first_problem {
        Some((line, problem)) => Err(FormatError::Line { line, problem }),
        None => Ok(procedures),
    }
}

/// Like [`read_jsonl`], but keeps the good lines of a file that has bad ones.
///
/// # Errors
/// A passed limit (more than 1,000 bad lines is one); a file that cannot be read.
pub fn read_jsonl_lenient(path: &Path) -> Result<Loaded, FormatError> {
    read_lenient(open(path)?)
}

/// Writes procedures, one a line. A reader sees the old file or the new one,
/// never a half: it is written beside, synced and renamed. A `.gz` at the end
/// of the name packs it.
///
/// # Errors
/// The file or its folder cannot be written.
pub fn write_jsonl<'a>(path: &Path, procedures: impl IntoIterator<Item = &'a Procedure>) -> Result<(), FormatError> {
    let fault = |source| FormatError::Io { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(fault)?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    {
        let plain = BufWriter::new(beside.as_file_mut());
        if packed {
            let mut packer = flate2::write::GzEncoder::new(plain, flate2::Compression::default());
            write_lines(&mut packer, procedures).map_err(fault)?;
            packer.finish().and_then(|mut inner| inner.flush()).map_err(fault)?;
        } else {
            let mut plain = plain;
            write_lines(&mut plain, procedures).and_then(|()| plain.flush()).map_err(fault)?;
        }
    }
    beside.as_file().sync_all().map_err(fault)?;
    beside.persist(path).map_err(|error| fault(error.error))?;
    Ok(())
}

/// Reads JSON lines, packed or not, from any reader; bad lines are set aside.
///
/// # Errors
/// A passed limit (more than 1,000 bad lines is one); a reader that fails.
pub fn read_lenient(reader: impl Read) -> Result<Loaded, FormatError> {
    let mut rejected = Vec::new();
    let procedures = read_lines(reader, |line, problem| {
        rejected.push((line, problem));
        if rejected.len() > MOST_REJECTED { Go::Refuse } else { Go::On }
    })?;
    Ok(Loaded { procedures, rejected })
}

/// The stored form of one procedure, without its line end.
pub(crate) fn write_line(to: &mut impl Write, procedure: &Procedure) -> io::Result<()> {
    serde_json::to_writer(to, &Record::of(procedure)).map_err(io::Error::from)
}

/// Adds one procedure to a file that is read line by line, as an import does
/// while it goes on.
///
/// # Errors
/// The file cannot be written.
pub fn append_line(to: &mut impl Write, procedure: &Procedure) -> io::Result<()> {
    let mut line = Vec::new();
    write_line(&mut line, procedure)?;
    line.push(b'\n');
    // One write, so that a crash leaves at most one line cut.
    to.write_all(&line)
}

impl LineProblem {
    fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

enum Go {
    On,
    Stop,
    Refuse,
}

pub(crate) fn open(path: &Path) -> Result<File, FormatError> {
    File::open(path).map_err(|source| FormatError::Io { path: path.to_owned(), source })
}

fn read_lines(reader: impl Read, mut bad: impl FnMut(u64, LineProblem) -> Go) -> Result<Vec<Procedure>, FormatError> {
    let mut reader = BufReader::new(reader);
    let head = reader.fill_buf().map_err(|source| FormatError::Stream { line: 1, source })?;
    let mut reader: Box<dyn BufRead + '_> =
        if head.starts_with(&GZIP) { Box::new(BufReader::new(MultiGzDecoder::new(reader))) } else { Box::new(reader) };
    let mut taken = Taken::default();
    let mut batch = Batch::default();
    let mut bytes = 0_u64;
    for line in 1_u64.. {
        let begin = batch.text.len();
        let read = (&mut *reader)
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut batch.text)
            .map_err(|source| FormatError::Stream { line, source });
        let length = match read {
            Ok(0) => break,
            Ok(read) => u64::try_from(read).unwrap_or(u64::MAX),
            Err(error) => return taken.unless_stopped(&batch, &mut bad, error),
        };
        bytes = bytes.saturating_add(length);
        let (limit, of) = if length > LONGEST_LINE {
            (LONGEST_LINE, "bytes in one line")
        } else if bytes > LARGEST_FILE {
            (LARGEST_FILE, "bytes in the file")
        } else {
            batch.lines.push((line, begin..batch.text.len()));
            if batch.text.len() >= BATCH {
                if !taken.all_of(&batch, &mut bad)? {
                    return Ok(taken.procedures);
                }
                batch.text.clear();
                batch.lines.clear();
            }
            continue;
        };
        return taken.unless_stopped(&batch, &mut bad, FormatError::TooLarge { line, limit, of });
    }
    taken.all_of(&batch, &mut bad)?;
    Ok(taken.procedures)
}

/// Lines that are read together.
#[derive(Default)]
struct Batch {
    text: Vec<u8>,
    /// Number and place of each.
    lines: Vec<(u64, Range<usize>)>,
}

impl Batch {
    /// What each line says, in their order; empty lines say nothing.
    fn parsed(&self, lines: &[(u64, Range<usize>)]) -> Vec<(u64, Result<Procedure, LineProblem>)> {
        let said = lines.iter().filter_map(|(line, place)| {
            let text = self.text.get(place.clone()).unwrap_or_default();
            let json = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| *line == 1).unwrap_or(text).trim_ascii();
            (!json.is_empty()).then(|| (*line, procedure_of(json)))
        });
        said.collect()
    }

    /// The same by several threads.
    fn all_parsed(&self) -> Vec<(u64, Result<Procedure, LineProblem>)> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        let share = self.lines.len().div_ceil(threads);
        if threads == 1 || share < FEW {
            return self.parsed(&self.lines);
        }
        std::thread::scope(|scope| {
            let shares: Vec<_> =
                self.lines.chunks(share).map(|lines| (lines, scope.spawn(move || self.parsed(lines)))).collect();
            // A thread that broke (it would be a fault of ours) is done again here.
            shares
                .into_iter()
                .flat_map(|(lines, thread)| thread.join().unwrap_or_else(|_| self.parsed(lines)))
                .collect()
        })
    }
}

/// What was read so far.
#[derive(Default)]
struct Taken {
    procedures: Vec<Procedure>,
    codes: HashSet<ProcedureCode>,
}

impl Taken {
    /// The error behind a batch, unless something in the batch ended it before.
    fn unless_stopped(
        mut self,
        batch: &Batch,
        bad: &mut impl FnMut(u64, LineProblem) -> Go,
        error: FormatError,
    ) -> Result<Vec<Procedure>, FormatError> {
        if self.all_of(batch, bad)? { Err(error) } else { Ok(self.procedures) }
    }

    /// Takes a batch in; `false` where no more is wanted.
    fn all_of(&mut self, batch: &Batch, bad: &mut impl FnMut(u64, LineProblem) -> Go) -> Result<bool, FormatError> {
        let too_large = |line, limit: usize, of| {
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            Err(FormatError::TooLarge { line, limit, of })
        };
        for (line, said) in batch.all_parsed() {
            let problem = match said {
                Ok(procedure) if self.codes.insert(procedure.code.clone()) => {
                    if self.procedures.len() >= MOST_PROCEDURES {
                        return too_large(line, MOST_PROCEDURES, "procedures");
                    }
                    self.procedures.push(procedure);
                    continue;
                }
                Ok(procedure) => LineProblem::new("code", format!("{} was there before", procedure.code)),
                Err(problem) => problem,
            };
            match bad(line, problem) {
                Go::On => {}
                Go::Stop => return Ok(false),
                Go::Refuse => return too_large(line, MOST_REJECTED, "bad lines"),
            }
        }
        Ok(true)
    }
}

fn procedure_of(json: &[u8]) -> Result<Procedure, LineProblem> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // To follow the path of every field takes time: only where something is wrong
    // is the line read once more with it.
    let record = match Record::deserialize(&mut deserializer) {
        Ok(record) => record,
        Err(_) => {
            deserializer = serde_json::Deserializer::from_slice(json);
            serde_path_to_error::deserialize(&mut deserializer)
                .map_err(|error| LineProblem::new(error.path().to_string(), error.inner().to_string()))?
        }
    };
    deserializer.end().map_err(|error| LineProblem::new(".", error.to_string()))?;
    record.into_procedure()
}

fn write_lines<'a>(to: &mut impl Write, procedures: impl IntoIterator<Item = &'a Procedure>) -> io::Result<()> {
    for procedure in procedures {
        write_line(to, procedure)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}
