//! The catalogue on the terminal's own disk, for the time without a gateway. A
//! whole one has some 20 MB in each language, and nowhere here is it in memory:
//! it is received, checked, looked through and searched piece by piece.

mod file;
mod index;
mod reading;
mod shelf;

pub use index::Catalogue;
pub use shelf::{CatalogueShelf, Received, ShelfProblem};
