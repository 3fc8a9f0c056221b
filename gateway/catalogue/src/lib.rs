#![doc = include_str!("../README.md")]

pub mod format;
pub mod index;
pub mod interpreter;

mod aliases;
mod builtin;
mod collation;
mod short_name;
mod words;

pub use aliases::{ALIAS_FILES, ENGLISH_FILES, alias_lines, english_lines, question_lines};
pub use builtin::{builtin, with_builtin_knowledge};
pub use format::{FormatError, Loaded, read_jsonl, read_jsonl_lenient, write_jsonl};
pub use index::{
    Asked, Found, Match, Opened, Preparation, ProcedureCatalogue, RankWeights, Ranked, Search, names_a_special_case,
    without_acts, without_circumstances,
};
pub use interpreter::PlainInterpreter;
pub use short_name::{SHORT_NAME_CHARS, short_name};
