use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dice::{Dice, Purpose};

/// No answer is delayed longer than this, whatever a distribution draws.
const LONGEST_LATENCY: Duration = Duration::from_secs(60);
/// z of the 99th percentile of the normal distribution.
const Z99: f64 = 2.326_347_874;

/// What is wrong with the portal. The default: nothing.
///
/// Rates are shares of calls, 0 to 1; the draws come from the seed and the
/// number of the call, so that the same calls in the same order meet the same
/// faults.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// How long each answer takes.
    pub latency: Latency,
    /// HTTP 500.
    pub error_rate: f64,
    /// The session is ended under the caller's feet (`/mapi/g` only).
    pub expired_session_rate: f64,
    /// HTTP 200 with a page instead of an answer.
    pub html_rate: f64,
    /// `Content-Length` promises the whole, half of it comes, then the connection closes.
    pub cut_rate: f64,
    /// Nothing comes, then the connection closes.
    pub silence_rate: f64,
    /// Answers as `domain/portal.md` has seen them: numbers as text and text as
    /// numbers, `null` for empty, `data` for `result`, extra fields.
    pub untidy: bool,
    /// Full stop: every connection is closed without a word.
    pub stop: bool,
}

/// How long an answer takes, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Latency {
    /// `{"fixed_ms": 20}`
    Fixed(FixedLatency),
    /// `{"median_ms": 20, "p99_ms": 200}`: log-normal.
    LogNormal(LogNormalLatency),
    /// `{"min_ms": 5, "max_ms": 50}`: uniform.
    Uniform(UniformLatency),
    /// `null`
    #[default]
    None,
}

/// The same for every call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedLatency {
    /// Milliseconds.
    pub fixed_ms: f64,
}

/// Log-normal, as the latencies of real services are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogNormalLatency {
    /// Half of the calls take at most so many milliseconds.
    pub median_ms: f64,
    /// 99 in a hundred calls take at most so many milliseconds.
    pub p99_ms: f64,
}

/// Uniform between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UniformLatency {
    /// Milliseconds.
    pub min_ms: f64,
    /// Milliseconds.
    pub max_ms: f64,
}

/// A fault that is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// A rate that is no share.
    #[error("{0} is not between 0 and 1")]
    Rate(&'static str),
    /// One call meets one fault.
    #[error("the rates add up to more than 1")]
    Sum,
    /// A latency below 0, above a minute, or with its figures in the wrong order.
    #[error("latency is not between 0 and 60,000 ms in ascending order")]
    Latency,
}

/// What meets one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Answered,
    Stopped,
    Silent,
    Error,
    Page,
    Cut,
    SessionEnds,
}

impl Faults {
    /// Checks every bound.
    ///
    /// # Errors
    /// [`FaultsError`] names the field.
    pub fn validate(&self) -> Result<(), FaultsError> {
        let rates = [
            ("error_rate", self.error_rate),
            ("expired_session_rate", self.expired_session_rate),
            ("html_rate", self.html_rate),
            ("cut_rate", self.cut_rate),
            ("silence_rate", self.silence_rate),
        ];
        if let Some((name, _)) = rates.into_iter().find(|(_, rate)| !(0.0..=1.0).contains(rate)) {
            return Err(FaultsError::Rate(name));
        }
        // A little more than 1 is what 0.1 and its kind add up to.
        if rates.iter().map(|(_, rate)| rate).sum::<f64>() > 1.0 + 1e-9 {
            return Err(FaultsError::Sum);
        }
        let bounds = match self.latency {
            Latency::None => return Ok(()),
            Latency::Fixed(FixedLatency { fixed_ms }) => (fixed_ms, fixed_ms),
            // A median of 0 has no logarithm.
            Latency::LogNormal(LogNormalLatency { median_ms, .. }) if median_ms <= 0.0 => {
                return Err(FaultsError::Latency);
            }
            Latency::LogNormal(LogNormalLatency { median_ms, p99_ms }) => (median_ms, p99_ms),
            Latency::Uniform(UniformLatency { min_ms, max_ms }) => (min_ms, max_ms),
        };
        let ordered = 0.0 <= bounds.0 && bounds.0 <= bounds.1 && bounds.1 <= 60_000.0;
        ordered.then_some(()).ok_or(FaultsError::Latency)
    }

    /// Draws how long a call takes and what becomes of it. Its place in the
    /// order of calls decides.
    pub(crate) fn draw(&self, seed: u64, call: u64) -> (Option<Duration>, Fate) {
        if self.stop {
            return (None, Fate::Stopped);
        }
        if *self == Self::default() {
            return (None, Fate::Answered);
        }
        let mut dice = Dice::of(seed, Purpose::Fault, call);
        let latency = self.latency.draw(&mut dice);
        // One draw for all rates: each keeps its share, whichever others are set.
        let mut draw = dice.unit();
        for (rate, fate) in [
            (self.silence_rate, Fate::Silent),
            (self.error_rate, Fate::Error),
            (self.html_rate, Fate::Page),
            (self.cut_rate, Fate::Cut),
            (self.expired_session_rate, Fate::SessionEnds),
        ] {
            if draw < rate {
                return (latency, fate);
            }
            draw -= rate;
        }
        (latency, Fate::Answered)
    }
}

impl Latency {
    fn draw(self, dice: &mut Dice) -> Option<Duration> {
        let millis = match self {
            Self::None => return None,
            Self::Fixed(FixedLatency { fixed_ms }) => fixed_ms,
            Self::Uniform(UniformLatency { min_ms, max_ms }) => min_ms + (max_ms - min_ms) * dice.unit(),
            Self::LogNormal(LogNormalLatency { median_ms, p99_ms }) => {
                let sigma = (p99_ms / median_ms).ln() / Z99;
                // Box–Muller; the first draw is kept away from 0.
                let radius = (-2.0 * (1.0 - dice.unit()).max(f64::MIN_POSITIVE).ln()).sqrt();
                let normal = radius * (std::f64::consts::TAU * dice.unit()).cos();
                median_ms * (sigma * normal).exp()
            }
        };
        Duration::try_from_secs_f64(millis / 1_000.0).ok().map(|latency| latency.min(LONGEST_LATENCY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_each_latency() {
        let read = |json: &str| serde_json::from_str::<Faults>(json);
        assert_eq!(read("{}").unwrap(), Faults::default());
        assert_eq!(read(r#"{"latency":null}"#).unwrap().latency, Latency::None);
        assert!(matches!(read(r#"{"latency":{"fixed_ms":20}}"#).unwrap().latency, Latency::Fixed(_)));
        assert!(matches!(read(r#"{"latency":{"median_ms":20,"p99_ms":200}}"#).unwrap().latency, Latency::LogNormal(_)));
        assert!(matches!(read(r#"{"latency":{"min_ms":1,"max_ms":2}}"#).unwrap().latency, Latency::Uniform(_)));
        assert!(read(r#"{"latency":{"mean":3}}"#).is_err());
        assert!(read(r#"{"eror_rate":1}"#).is_err());
        let there_and_back = serde_json::to_string(&Faults::default()).unwrap();
        assert_eq!(read(&there_and_back).unwrap(), Faults::default());
    }

    #[test]
    fn bounds_are_checked() {
        let rate = Faults { html_rate: 1.5, ..Faults::default() };
        assert_eq!(rate.validate(), Err(FaultsError::Rate("html_rate")));
        let sum = Faults { html_rate: 0.7, cut_rate: 0.7, ..Faults::default() };
        assert_eq!(sum.validate(), Err(FaultsError::Sum));
        let nan = Faults { cut_rate: f64::NAN, ..Faults::default() };
        assert!(nan.validate().is_err());
        for latency in [
            Latency::Fixed(FixedLatency { fixed_ms: -1.0 }),
            Latency::Uniform(UniformLatency { min_ms: 5.0, max_ms: 1.0 }),
            Latency::LogNormal(LogNormalLatency { median_ms: 0.0, p99_ms: 1.0 }),
            Latency::LogNormal(LogNormalLatency { median_ms: 10.0, p99_ms: f64::INFINITY }),
        ] {
            assert_eq!(Faults { latency, ..Faults::default() }.validate(), Err(FaultsError::Latency));
        }
    }

    #[test]
    fn rates_are_kept_and_repeatable() {
        let faults = Faults { error_rate: 0.2, cut_rate: 0.1, ..Faults::default() };
        let fates: Vec<Fate> = (0..10_000).map(|call| faults.draw(1, call).1).collect();
        assert_eq!(fates, (0..10_000).map(|call| faults.draw(1, call).1).collect::<Vec<_>>());
        let share = |fate| fates.iter().filter(|drawn| **drawn == fate).count();
        assert!((1_850..2_150).contains(&share(Fate::Error)), "{}", share(Fate::Error));
        assert!((880..1_120).contains(&share(Fate::Cut)), "{}", share(Fate::Cut));
        assert_eq!(share(Fate::Page), 0);
    }

    #[test]
    fn a_log_normal_latency_has_its_median_and_its_p99() {
        let latency = Latency::LogNormal(LogNormalLatency { median_ms: 20.0, p99_ms: 200.0 });
        let faults = Faults { latency, ..Faults::default() };
        let mut drawn: Vec<Duration> = (0..20_000).filter_map(|call| faults.draw(1, call).0).collect();
        drawn.sort();
        assert!((18..=22).contains(&drawn[10_000].as_millis()), "{:?}", drawn[10_000]);
        assert!((170..=240).contains(&drawn[19_800].as_millis()), "{:?}", drawn[19_800]);
    }
}
