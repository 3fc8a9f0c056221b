use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Value};

use super::nearest::nearest;
use super::{Config, DEFAULT};
use crate::exit::WrongUse;

/// Tables whose keys are data (codes), not settings.
const OPEN_TABLES: [&str; 1] = ["catalogue.short_names"];

/// Settings from the command line, `section.key` and a TOML value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrides(pub(crate) Vec<(String, Value)>);

impl Overrides {
    /// Reads `section.key=value`; the value is TOML where it reads as such,
    /// else a text.
    pub(crate) fn read(settings: &[String]) -> Result<Self, WrongUse> {
        settings
            .iter()
            .map(|setting| {
                let (key, value) =
                    setting.split_once('=').ok_or_else(|| WrongUse(format!("--set {setting}: KEY=VALUE is wanted")))?;
                let value = value.parse::<Value>().unwrap_or_else(|never| match never {});
                Ok((key.trim().to_owned(), value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Adds one setting.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.push((key.to_owned(), value.into()));
    }
}

/// Loads and checks every setting.
///
/// # Errors
/// [`WrongUse`] for an unreadable file, an unknown key, a wrong type or a
/// value outside its range; the message names the key, never a secret's value.
pub(crate) fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Config, WrongUse> {
    let defaults = Figment::from(Toml::string(DEFAULT));
    let known = dict(&defaults)?;
    let mut all = defaults;
    if let Some(file) = file {
        if !file.is_file() {
            return Err(WrongUse(format!("configuration file {} is not there", file.display())));
        }
        all = all.merge(Toml::file_exact(file));
    }
    all = all.merge(Env::prefixed("DAKENH_").split("__").ignore(&["test"]).filter(|key| key.as_str().contains('.')));
    for (key, value) in &overrides.0 {
        all = all.merge(Serialized::default(key, value));
    }
    let given = dict(&all)?;
    let mut unknown = Vec::new();
    compare(&known, &given, "", &mut unknown);
    if let Some(key) = unknown.first() {
        let hint = nearest(key, &flatten(&known, "")).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(WrongUse(format!("unknown setting {key}{hint}")));
    }
    let config: Config = all.extract().map_err(|problem| {
        let key = problem.path.join(".");
        WrongUse(format!("setting {key}: {}", problem.kind))
    })?;
    config.validate().map_err(WrongUse)?;
    Ok(config)
}

fn dict(figment: &Figment) -> Result<Dict, WrongUse> {
    figment.extract().map_err(|problem| WrongUse(format!("configuration: {problem}")))
}

fn compare(known: &Dict, given: &Dict, path: &str, unknown: &mut Vec<String>) {
    for (key, value) in given {
        let full = join(path, key);
        match (known.get(key), value) {
            (None, _) => unknown.push(full),
            (Some(Value::Dict(..)), Value::Dict(..)) if OPEN_TABLES.contains(&full.as_str()) => {}
            (Some(Value::Dict(_, known)), Value::Dict(_, given)) => compare(known, given, &full, unknown),
            _ => {}
        }
    }
}

fn flatten(known: &Dict, path: &str) -> Vec<String> {
    known
        .iter()
        .flat_map(|(key, value)| {
            let full = join(path, key);
            match value {
                Value::Dict(_, inner) => flatten(inner, &full),
                _ => vec![full],
            }
        })
        .collect()
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(settings: &[&str]) -> Result<Config, WrongUse> {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(None, &Overrides::read(&settings)?)
    }

    #[test]
    fn the_built_in_settings_are_whole_and_valid() {
        with(&["audit.key=\"0123456789abcdef0123456789abcdef\""]).unwrap();
    }

    #[test]
    fn the_file_says_what_the_rooms_default_to() {
        let config = with(&["audit.key=\"0123456789abcdef0123456789abcdef\""]).unwrap();
        assert_eq!(config.limits, gateway_limits::LimitsConfig::default());
        assert_eq!(config.store, gateway_store::StoreConfig::default());
        let mut portal = gateway_portal::PortalConfig::default();
        // The demo's agency: a real one is always set.
        portal.national.agency_code.clone_from(&config.portal.national.agency_code);
        assert_eq!(format!("{:#?}", config.portal), format!("{portal:#?}"));
        let calendar = gateway_core::domain::calendar::CalendarConfig::default();
        assert_eq!(format!("{:#?}", config.calendar), format!("{calendar:#?}"));
        assert_eq!(config.dossiers.patterns, gateway_core::domain::dossier_number::default_patterns());
        let (rules, own) = (config.desk_rules().unwrap(), gateway_core::desk::DeskRules::default());
        assert_eq!(rules.failed_disclosure_takes, own.failed_disclosure_takes);
        assert_eq!(rules.wrong_proofs_per_day, own.wrong_proofs_per_day);
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_nearest_name() {
        let problem = with(&["listen.pubic=\"127.0.0.1:1\""]).unwrap_err().to_string();
        assert!(problem.contains("listen.pubic"), "{problem}");
        assert!(problem.contains("listen.public"), "{problem}");
    }

    #[test]
    fn a_wrong_type_names_its_key() {
        let problem = with(&["store.url=5"]).unwrap_err().to_string();
        assert!(problem.contains("store.url"), "{problem}");
    }

    #[test]
    fn a_missing_file_is_wrong_use() {
        let problem = load(Some(Path::new("/nowhere/dakenh.toml")), &Overrides::default()).unwrap_err();
        assert!(problem.to_string().contains("is not there"));
    }
}
