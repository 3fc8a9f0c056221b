//! The national adapter over real HTTP, on the loopback.
//!
//! `cfg(test)` is always on here; it tells clippy that helpers are tests too.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod prop;
#[cfg(test)]
mod ratings;
#[cfg(test)]
mod session;
#[cfg(test)]
mod support;
