#![doc = include_str!("../README.md")]

mod config;
mod control;
mod days;
mod dice;
mod dossiers;
mod faults;
mod numbers;
mod people;
mod samples;
mod sessions;
mod simulator;
mod stats;
mod timeline;
mod wire;
mod words;
mod writes;

pub use config::{ConfigError, MOST_DOSSIERS, SimulatorConfig};
pub use faults::{Faults, FaultsError, FixedLatency, Latency, LogNormalLatency, UniformLatency};
pub use samples::Sample;
pub use simulator::Simulator;
