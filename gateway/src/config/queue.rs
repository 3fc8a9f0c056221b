//! Queues of centres.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::Session;
use gateway_core::domain::queue::{
    CounterName, CounterRules, EstimateRules, Names, OrderRules, Prefix, QueueRules, ServiceKey, ServiceRules,
    SiteCode, SiteRules,
};
use gateway_core::text::fold;
use serde::Deserialize;

/// The section `[queue]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueSection {
    priority_run: u32,
    after_no_show: u32,
    most_returns: u32,
    estimate_over: u32,
    estimate_least: u32,
    counter_open_minutes: u64,
    /// Whether anybody may open the display of a hall.
    pub(crate) hall_public: bool,
    sites: Vec<SiteSection>,
}

/// A centre.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteSection {
    code: SiteCode,
    name: BTreeMap<String, String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    hours: Vec<Session>,
    #[serde(default)]
    open_on_days_off: bool,
    #[serde(default = "usual_cut_off")]
    lunch_cut_off_minutes: u64,
    #[serde(default = "usual_cut_off")]
    closing_cut_off_minutes: u64,
    #[serde(default = "usual_longest")]
    longest: u32,
    #[serde(default)]
    local: Option<(u32, u32)>,
    services: Vec<ServiceSection>,
    #[serde(default)]
    counters: Vec<CounterSection>,
}

/// What people wait for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceSection {
    key: ServiceKey,
    prefix: Prefix,
    name: BTreeMap<String, String>,
    #[serde(default)]
    hours: Vec<Session>,
    #[serde(default)]
    paused: bool,
}

/// Where they are served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterSection {
    name: CounterName,
    #[serde(default)]
    services: Vec<ServiceKey>,
}

/// In minutes, as the default file says.
const fn usual_cut_off() -> u64 {
    15
}

/// As the default file says.
const fn usual_longest() -> u32 {
    200
}

impl QueueSection {
    /// The rules; the message names the setting that cannot be.
    pub(crate) fn rules(&self) -> Result<QueueRules, String> {
        let ranges = [
            ("priority_run", u64::from(self.priority_run), 1, 20),
            ("after_no_show", u64::from(self.after_no_show), 0, 50),
            ("most_returns", u64::from(self.most_returns), 0, 10),
            ("estimate_over", u64::from(self.estimate_over), 1, 200),
            ("estimate_least", u64::from(self.estimate_least), 1, 200),
            ("counter_open_minutes", self.counter_open_minutes, 1, 480),
        ];
        for (key, value, least, most) in ranges {
            in_range(key, value, least, most)?;
        }
        // Else no wait would ever be told.
        if self.estimate_least > self.estimate_over {
            return Err("queue.estimate_least: must not be more than estimate_over".into());
        }
        let sites = self.sites.iter().map(SiteSection::rules).collect::<Result<_, _>>()?;
        let order = OrderRules {
            priority_run: self.priority_run,
            after_no_show: self.after_no_show,
            most_returns: self.most_returns,
        };
        let estimate = EstimateRules {
            over: self.estimate_over,
            least: self.estimate_least,
            counter_open_for: Duration::from_secs(self.counter_open_minutes * 60),
        };
        QueueRules::new(sites, order, estimate).map_err(|problem| format!("queue.{problem}"))
    }
}

impl SiteSection {
    fn rules(&self) -> Result<SiteRules, String> {
        let at = format!("sites.{}", self.code.as_str());
        in_range(&format!("{at}.lunch_cut_off_minutes"), self.lunch_cut_off_minutes, 0, 240)?;
        in_range(&format!("{at}.closing_cut_off_minutes"), self.closing_cut_off_minutes, 0, 240)?;
        in_range(&format!("{at}.longest"), u64::from(self.longest), 1, 5_000)?;
        if self.words.len() > 20 || self.words.iter().any(|word| word.chars().count() > 40) {
            return Err(format!("queue.{at}.words: at most 20 of 40 letters each"));
        }
        let service = |service: &ServiceSection| {
            let at = format!("{at}.services.{}", service.key.as_str());
            Ok(Arc::new(ServiceRules {
                key: service.key.clone(),
                prefix: service.prefix,
                name: names(&at, &service.name)?,
                hours: service.hours.clone(),
                paused: service.paused,
            }))
        };
        let counter =
            |counter: &CounterSection| CounterRules { name: counter.name.clone(), services: counter.services.clone() };
        Ok(SiteRules {
            code: self.code.clone(),
            name: names(&at, &self.name)?,
            words: self.words.iter().map(|word| fold(word)).filter(|word| !word.is_empty()).collect(),
            hours: self.hours.clone(),
            open_on_days_off: self.open_on_days_off,
            lunch_cut_off: Duration::from_secs(self.lunch_cut_off_minutes * 60),
            closing_cut_off: Duration::from_secs(self.closing_cut_off_minutes * 60),
            longest: self.longest,
            local: self.local,
            services: self.services.iter().map(service).collect::<Result<_, String>>()?,
            counters: self.counters.iter().map(counter).collect(),
        })
    }
}

fn names(at: &str, names: &BTreeMap<String, String>) -> Result<Names, String> {
    let of = names.iter().map(|(tag, name)| (tag.as_str(), name.as_str()));
    Names::new(of).ok_or_else(|| {
        format!("queue.{at}.name: by language (vi always), each 1 to {} characters of one line", Names::LONGEST)
    })
}

fn in_range(key: &str, value: u64, least: u64, most: u64) -> Result<(), String> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(format!("queue.{key}: {value} is not between {least} and {most}"))
}
