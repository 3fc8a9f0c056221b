#![doc = include_str!("../README.md")]

mod calls;
mod catalogue;
mod error;
mod files;
mod gateway;
mod identity;
mod last_known;
mod local_tickets;
mod round;
mod world;

pub use calls::Fresh;
pub use catalogue::{Catalogue, CatalogueShelf, Received, ShelfProblem};
pub use error::{ClientError, GoneKind, Refused};
pub use files::FileProblem;
pub use gateway::{ClientSettings, Gateway, HttpClientError};
pub use identity::{Identity, KeyFile, KeyFileProblem};
pub use last_known::LastKnown;
pub use local_tickets::{LocalTicket, LocalTicketBook, NoLocalTicket, NotInLine, Reconciled};
pub use round::{Round, Vitals};
pub use world::{Clock, Randomness, SystemClock, SystemRandomness};
