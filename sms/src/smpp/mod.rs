//! SMPP 3.4 to an operator's SMSC, as its client (ESME).
//!
//! | module | what |
//! | --- | --- |
//! | [`config`] | what a road is told |
//! | [`pdu`] | the protocol's octets (why our own: ADR 6) |
//! | [`receipt`] | delivery receipts, by TLV and by text |
//! | [`incoming`] | a delivery as what the intake takes |
//! | [`smsc`] | the other side, for tests, load and the demo |
//!
//! A road has one or more *binds*, each a connection that is kept up: bound,
//! asked whether anybody is there, bound anew after a pause. A bind that may
//! submit has a window and a rate of its own. A delivery is acknowledged when
//! the intake has it on disk, however many are on their way.
//!
//! What is sent and not answered in time, or on a connection that broke, is
//! [`Uncertain`](crate::road::Submitted::Uncertain); what surely never left the
//! house may be sent again.

pub mod config;
pub mod incoming;
pub mod pdu;
pub mod receipt;
pub mod smsc;

mod connect;
mod keep;
mod lane;
mod link;
mod meters;
mod outgoing;
mod rate;
mod road;
mod session;

pub use config::{SmppConfigProblem, SmppRoadConfig, SmppTlsConfig};
pub use connect::TlsProblem;
pub use road::{SmppRoad, StartProblem, start};
