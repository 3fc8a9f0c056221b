#![doc = include_str!("../README.md")]

mod agency_days;
mod cells;
mod config;
mod distinct;
mod limits;
mod moment;
mod subjects;

pub use config::{ActionRates, AgencyDayConfig, DossierConfig, LimitsConfig, LimitsConfigProblem, Rate};
pub use limits::{Limits, Load};
