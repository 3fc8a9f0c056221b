//! The append-only record: rows wait in memory for companions
//! ([`AuditWriter`]) and go to disk in one insert.

mod insert;
mod queue;
mod writer;

/// The lower bits of an audit row's id count; the upper ones are the number of
/// the writer's start.
pub(crate) const WRITER_BITS: u32 = 40;

pub use writer::{AuditSink, AuditWriter, Unwritten};
