//! Scanners that type like a keyboard: their bursts told from people, and what
//! they read.

mod burst;
mod layout;
mod read;

pub use burst::{Burst, BurstTimes, Fed, Stroke};
pub use read::{ScanReader, Scanned, TicketCode, ticket_payload};
