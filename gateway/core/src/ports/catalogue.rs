use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::{Level, Procedure, ProcedureCode, ProcedureSummary};

/// The procedures, in memory: every call is quick and never waits.
pub trait Catalogue: Send + Sync {
    /// One procedure; a code with a local suffix falls back to the national one.
    fn procedure(&self, code: &ProcedureCode) -> Option<Arc<Procedure>>;

    /// Procedures that fit a query, best first. An empty text lists all that
    /// fit the filters, in Vietnamese order of their names.
    fn find(&self, query: &ProcedureQuery) -> ProcedurePage;

    /// Fields of administration with their number of procedures.
    fn fields(&self) -> Vec<FieldCount>;

    /// How many procedures there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The day of the oldest facts in it.
    fn as_of(&self) -> Option<Date>;

    /// Changes whenever the content does; part of an ETag.
    fn version(&self) -> u64;
}

/// A search for procedures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcedureQuery {
    /// Words, with or without diacritics; at most 500 characters are read.
    pub text: String,
    /// Only this field of administration (folded comparison).
    pub field: Option<String>,
    /// Only procedures handled at this level.
    pub level: Option<Level>,
    /// How many on a page, 1–50.
    pub limit: usize,
    /// Where to go on.
    pub after: Option<Cursor>,
}

/// A place in a list of hits. It holds for one query and one version of the
/// catalogue; from another version it is refused at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// [`Catalogue::version`] when the page was made.
    pub version: u64,
    /// How many hits were shown.
    pub offset: usize,
}

/// One page of hits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProcedurePage {
    /// The hits, best first.
    pub hits: Vec<ProcedureSummary>,
    /// How many fit in all.
    pub total: usize,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// The best hit stands clear of the second, so that one may speak of
    /// *the* procedure.
    pub clear: bool,
}

/// A field of administration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldCount {
    /// Its name.
    pub name: String,
    /// How many procedures.
    pub count: usize,
}
