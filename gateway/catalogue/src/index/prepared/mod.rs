//! The catalogue as it lies beside its file, read and indexed already, so that a
//! start loads it instead of making it (`catalogue.jsonl.prepared`).
//!
//! It is never taken on trust. Its key is a hash of the catalogue's file, of the
//! operator's short names and of the very program that made it, for an index is
//! made of code and compiled-in words as much as of procedures; each block carries
//! a hash of the key, its number and its bytes. What is stale, cut off or damaged
//! is no failure: the catalogue is made from its own file again.
//!
//! ```text
//! magic 8 · key 32 · where the index begins 8
//! blocks: length 4 · hash 32 · bytes    first what is told of all procedures, then
//!                                       procedures, then titles, bodies, phrases
//! ```

mod pack;
mod procedure;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateway_core::domain::{Procedure, ProcedureCode};

use super::ProcedureCatalogue;
use super::contents::{Contents, Index, Told};
use crate::format::{self, FormatError, LineProblem};

pub(crate) use pack::{Bytes, Damaged, Packed, packed};

/// Raised where the layout changes; what is in the blocks is told by the key.
const MAGIC: &[u8; 8] = b"DKPREP\x00\x01";
const HEADER: u64 = 8 + 32 + 8;
/// Length and hash before a block.
const BEFORE: u64 = 4 + 32;
/// Procedures in one block.
const TOGETHER: usize = 128;
/// The number of the first block of the index.
const INDEX: u32 = 1 << 31;

/// A catalogue that was opened, and how it came about.
pub struct Opened {
    /// The catalogue.
    pub catalogue: ProcedureCatalogue,
    /// Lines of its file that are no procedures: their number, from 1, and what is
    /// wrong.
    pub rejected: Vec<(u64, LineProblem)>,
    /// What there was beside the file.
    pub found: Found,
    /// What can be put beside the file, where the catalogue had to be made.
    pub preparation: Option<Preparation>,
}

/// What lay beside the catalogue's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The catalogue, prepared; it was loaded.
    Prepared,
    /// One that is damaged, or of another catalogue, other short names or another
    /// program.
    Stale,
    /// Nothing.
    Nothing,
}

/// A catalogue that can be written beside its file.
pub struct Preparation {
    path: PathBuf,
    key: [u8; 32],
    contents: Arc<Contents>,
    rejected: Vec<(u64, LineProblem)>,
}

impl ProcedureCatalogue {
    /// The catalogue of a file (`.jsonl`, `.jsonl.gz`): loaded where it lies
    /// prepared beside it, otherwise read and indexed. `overrides` as in
    /// [`ProcedureCatalogue::new`].
    ///
    /// # Errors
    /// As [`crate::read_jsonl_lenient`]. Whatever is wrong with what was prepared is
    /// none.
    pub fn open(file: &Path, overrides: &HashMap<ProcedureCode, String>) -> Result<Opened, FormatError> {
        let prepared = beside(file);
        let found = match load(&prepared, file, overrides) {
            Ok((contents, rejected)) => {
                let catalogue = Self::of_contents(Arc::new(contents));
                return Ok(Opened { catalogue, rejected, found: Found::Prepared, preparation: None });
            }
            Err(Damaged) if prepared.exists() => Found::Stale,
            Err(Damaged) => Found::Nothing,
        };
        let mut read = Hashed { file: format::open(file)?, hasher: blake3::Hasher::new() };
        let loaded = format::read_lenient(&mut read)?;
        // The key is of what was read, whatever lies there by now.
        let whole = io::copy(&mut read, &mut io::sink());
        let key = whole.and_then(|_| Ok(key(program()?, read.hasher.finalize(), overrides)));
        let contents = Arc::new(Contents::of(loaded.procedures, overrides));
        let preparation = key.ok().map(|key| Preparation {
            path: prepared,
            key,
            contents: Arc::clone(&contents),
            rejected: loaded.rejected.clone(),
        });
        Ok(Opened { catalogue: Self::of_contents(contents), rejected: loaded.rejected, found, preparation })
    }
}

impl Preparation {
    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it. A reader sees the old one or the new one, never a half.
    ///
    /// # Errors
    /// The file or its folder cannot be written.
    pub fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        let mut to = Written { file: BufWriter::new(beside.as_file_mut()), key: self.key, at: HEADER };
        to.file.write_all(&[0; HEADER as usize])?;
        let procedures = self.contents.procedures.chunks(TOGETHER);
        let mut number = 0;
        to.block(number, |block| {
            procedures.len().pack(block);
            self.rejected.pack(block);
            self.contents.told.pack(block);
        })?;
        for some in procedures {
            number += 1;
            to.block(number, |block| some.iter().for_each(|procedure| procedure.pack(block)))?;
        }
        let index_at = to.at;
        let Index { titles, bodies, phrases } = &self.contents.index;
        to.block(INDEX, |block| titles.pack(block))?;
        to.block(INDEX + 1, |block| bodies.pack(block))?;
        to.block(INDEX + 2, |block| phrases.pack(block))?;
        to.file.seek(SeekFrom::Start(0))?;
        to.file.write_all(&[MAGIC.as_slice(), &self.key, &index_at.to_le_bytes()].concat())?;
        to.file.flush()?;
        drop(to);
        beside.as_file().sync_all()?;
        beside.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Where the prepared catalogue of a file lies.
fn beside(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".prepared");
    path.into()
}

/// A hash of all that an index is made of.
fn key(program: blake3::Hash, file: blake3::Hash, overrides: &HashMap<ProcedureCode, String>) -> [u8; 32] {
    let mut short_names: Vec<(&ProcedureCode, &String)> = overrides.iter().collect();
    short_names.sort_unstable();
    let mut said = Vec::new();
    for (code, name) in short_names {
        code.pack(&mut said);
        name.pack(&mut said);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(MAGIC).update(program.as_bytes()).update(file.as_bytes()).update(&said);
    hasher.finalize().into()
}

/// A hash of the program that runs; on Linux even where another was put in its
/// place meanwhile.
fn program() -> io::Result<blake3::Hash> {
    let own = if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
    hash_of(&own)
}

fn hash_of(file: &Path) -> io::Result<blake3::Hash> {
    Ok(blake3::Hasher::new().update_reader(File::open(file)?)?.finalize())
}

/// A file that is hashed as it is read.
struct Hashed {
    file: File,
    hasher: blake3::Hasher,
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.hasher.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// The hash of one block: no block can stand for another, nor one of another file.
fn seal(key: &[u8; 32], number: u32, bytes: &[u8]) -> [u8; 32] {
    blake3::Hasher::new_keyed(key).update(&number.to_le_bytes()).update(bytes).finalize().into()
}

struct Written<'a> {
    file: BufWriter<&'a mut File>,
    key: [u8; 32],
    at: u64,
}

impl Written<'_> {
    fn block(&mut self, number: u32, fill: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut bytes = Vec::new();
        fill(&mut bytes);
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(&seal(&self.key, number, &bytes))?;
        self.file.write_all(&bytes)?;
        self.at += BEFORE + u64::from(length);
        Ok(())
    }
}

/// The blocks of one part of the file, each checked before anything is read of it.
struct Blocks {
    file: File,
    key: [u8; 32],
    number: u32,
    left: u64,
    room: Vec<u8>,
}

impl Blocks {
    /// The blocks from `at` to `end`.
    fn between(path: &Path, key: [u8; 32], number: u32, at: u64, end: u64) -> Result<Self, Damaged> {
        let mut file = File::open(path).map_err(|_| Damaged)?;
        file.seek(SeekFrom::Start(at)).map_err(|_| Damaged)?;
        Ok(Self { file, key, number, left: end.checked_sub(at).ok_or(Damaged)?, room: Vec::new() })
    }

    /// What the next block holds, to its last byte.
    fn next<T>(&mut self, read: impl FnOnce(&mut Bytes<'_>) -> Result<T, Damaged>) -> Result<T, Damaged> {
        let mut length = [0; 4];
        let mut hash = [0; 32];
        self.file.read_exact(&mut length).map_err(|_| Damaged)?;
        self.file.read_exact(&mut hash).map_err(|_| Damaged)?;
        let length = u32::from_le_bytes(length);
        self.left = self.left.checked_sub(BEFORE + u64::from(length)).ok_or(Damaged)?;
        self.room.resize(usize::try_from(length).map_err(|_| Damaged)?, 0);
        self.file.read_exact(&mut self.room).map_err(|_| Damaged)?;
        if seal(&self.key, self.number, &self.room) != hash {
            return Err(Damaged);
        }
        self.number += 1;
        let mut bytes = Bytes::new(&self.room);
        let value = read(&mut bytes)?;
        if bytes.is_empty() { Ok(value) } else { Err(Damaged) }
    }

    fn end(&self) -> Result<(), Damaged> {
        if self.left == 0 { Ok(()) } else { Err(Damaged) }
    }
}

type Loaded = (Contents, Vec<(u64, LineProblem)>);

fn load(prepared: &Path, file: &Path, overrides: &HashMap<ProcedureCode, String>) -> Result<Loaded, Damaged> {
    let mut head = File::open(prepared).map_err(|_| Damaged)?;
    let end = head.metadata().map_err(|_| Damaged)?.len();
    let mut bytes = [0; HEADER as usize];
    head.read_exact(&mut bytes).map_err(|_| Damaged)?;
    let rest = bytes.strip_prefix(MAGIC).ok_or(Damaged)?;
    let (own, index_at) = rest.split_first_chunk::<32>().ok_or(Damaged)?;
    let index_at = u64::from_le_bytes(*index_at.first_chunk().ok_or(Damaged)?);
    // Three things that know nothing of one another, about equally long.
    std::thread::scope(|scope| {
        let wanted = scope.spawn(|| Ok(key(program()?, hash_of(file)?, overrides)));
        let index = scope.spawn(|| load_index(Blocks::between(prepared, *own, INDEX, index_at, end)?));
        let procedures = load_procedures(Blocks::between(prepared, *own, 0, HEADER, index_at)?);
        let wanted: io::Result<[u8; 32]> = wanted.join().map_err(|_| Damaged)?;
        if wanted.map_err(|_| Damaged)? != *own {
            return Err(Damaged);
        }
        let (procedures, rejected, told) = procedures?;
        let index = index.join().map_err(|_| Damaged)??;
        Ok((Contents::put_together(procedures, told, index), rejected))
    })
}

type Procedures = (Vec<Arc<Procedure>>, Vec<(u64, LineProblem)>, Told);

fn load_procedures(mut blocks: Blocks) -> Result<Procedures, Damaged> {
    let (count, rejected, told): (usize, _, _) =
        blocks.next(|from| Ok((usize::unpack(from)?, Packed::unpack(from)?, Packed::unpack(from)?)))?;
    let mut procedures = Vec::new();
    for _ in 0..count {
        blocks.next(|from| {
            while !from.is_empty() {
                procedures.push(Packed::unpack(from)?);
            }
            Ok(())
        })?;
    }
    procedures.shrink_to_fit();
    blocks.end()?;
    Ok((procedures, rejected, told))
}

fn load_index(mut blocks: Blocks) -> Result<Index, Damaged> {
    let index = Index {
        titles: blocks.next(Packed::unpack)?,
        bodies: blocks.next(Packed::unpack)?,
        phrases: blocks.next(Packed::unpack)?,
    };
    blocks.end()?;
    Ok(index)
}
