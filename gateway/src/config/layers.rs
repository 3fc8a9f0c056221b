use std::path::Path;

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Value};

use super::nearest::nearest;
use super::{Config, DEFAULT};
use crate::exit::WrongUse;

/// Variables of ours that are no settings: they belong to tests and CI.
const NOT_SETTINGS: [&str; 10] = [
    "bin",
    "bin_fault",
    "test_browser",
    "test_display",
    "test_postgres",
    "test_shots",
    "test_smsc_node",
    "test_smsc_python",
    "ci_cache",
    "procedures",
];

/// Settings that are texts whatever they look like: a password of digits is no
/// number.
const TEXTS: [&str; 11] = [
    "audit.key",
    "audit.key_id",
    "kiosk.service_pin_sha256",
    "portal.national.password",
    "portal.national.username",
    "store.url",
    "zalo.app_id",
    "zalo.oa_id",
    "zalo.oa_secret",
    "zalo.app_secret",
    "zalo.refresh_token",
];

/// Tables whose keys are data (codes), not settings.
const OPEN_TABLES: [&str; 1] = ["catalogue.short_names"];

/// The table of tables whose keys are languages.
const BY_LANGUAGE: &str = "sms.keywords";

/// Where a text `${NAME}` stands for an environment variable: a list has no
/// names of its own that the environment could set.
const WITH_VARIABLES: &str = "sms";

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
                let key = key.trim();
                let value = if TEXTS.contains(&key) {
                    Value::from(value)
                } else {
                    value.parse::<Value>().unwrap_or_else(|never| match never {})
                };
                Ok((key.to_owned(), value))
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
    // The terminal's own variables (DAKENH_KIOSK_GATEWAY) are no settings of the
    // gateway; the section's are (DAKENH_KIOSK__IDLE_SECONDS).
    let given = Env::prefixed("DAKENH_").ignore(&NOT_SETTINGS);
    all = all.merge(given.filter(|key| !key.starts_with("kiosk_") || key.starts_with("kiosk__")).split("__"));
    for key in TEXTS {
        let variable = format!("DAKENH_{}", key.to_uppercase().replace('.', "__"));
        if let Some(text) = std::env::var_os(variable).and_then(|value| value.into_string().ok()) {
            all = all.merge(Serialized::default(key, text));
        }
    }
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
    if let Some(Value::Dict(tag, mut sms)) = given.get(WITH_VARIABLES).cloned() {
        for (key, value) in &mut sms {
            with_variables(value, &join(WITH_VARIABLES, key))?;
        }
        all = all.merge(Serialized::default(WITH_VARIABLES, Value::Dict(tag, sms)));
    }
    let config: Config = all.extract().map_err(|problem| {
        let key = problem.path.join(".");
        // Never the value that was found: it may be a secret.
        let wanted = match problem.kind {
            Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => format!("{wanted} is wanted"),
            other => other.to_string(),
        };
        WrongUse(format!("setting {key}: {wanted}"))
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
            (Some(Value::Dict(..)), Value::Dict(..)) if OPEN_TABLES.contains(&full.as_str()) || path == BY_LANGUAGE => {
            }
            (Some(Value::Dict(_, known)), Value::Dict(_, given)) => compare(known, given, &full, unknown),
            _ => {}
        }
    }
}

/// Puts in what `${NAME}` stands for, however deep it stands.
fn with_variables(value: &mut Value, path: &str) -> Result<(), WrongUse> {
    match value {
        Value::String(_, text) => {
            let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return Ok(()) };
            let found = std::env::var_os(name).and_then(|value| value.into_string().ok());
            *text = found.ok_or_else(|| WrongUse(format!("setting {path}: the environment has no {name}")))?;
            Ok(())
        }
        Value::Array(_, values) => values.iter_mut().try_for_each(|value| with_variables(value, path)),
        Value::Dict(_, values) => {
            values.iter_mut().try_for_each(|(key, value)| with_variables(value, &join(path, key)))
        }
        _ => Ok(()),
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
        with(&["audit.key=0123456789abcdef0123456789abcdef"]).unwrap();
    }

    #[test]
    fn the_file_says_what_the_rooms_default_to() {
        let config = with(&["audit.key=0123456789abcdef0123456789abcdef"]).unwrap();
        assert_eq!(config.limits, gateway_limits::LimitsConfig::default());
        assert_eq!(config.store, gateway_store::StoreConfig::default());
        let mut portal = gateway_portal::PortalConfig::default();
        // The demo's agency: a real one is always set.
        portal.national.agency_code.clone_from(&config.portal.national.agency_code);
        assert_eq!(format!("{:#?}", config.portal), format!("{portal:#?}"));
        let calendar = gateway_core::domain::calendar::CalendarConfig::default();
        assert_eq!(format!("{:#?}", config.calendar), format!("{calendar:#?}"));
        assert_eq!(config.dossiers.patterns, gateway_core::domain::dossier_number::default_patterns());
        assert_eq!(config.sms.channel(), channel_sms::SmsConfig::default());
        let zalo = channel_assistant::zalo::ZaloConfig::default();
        assert_eq!(format!("{:#?}", config.zalo), format!("{zalo:#?}"));
        let (rules, own) = (config.desk_rules().unwrap(), gateway_core::desk::DeskRules::default());
        assert_eq!(format!("{:?}", rules.codes), format!("{:?}", own.codes));
        assert_eq!(format!("{:?}", rules.subscriptions), format!("{:?}", own.subscriptions));
        assert_eq!(rules.failed_disclosure_takes, own.failed_disclosure_takes);
        assert_eq!(rules.wrong_proofs_per_day, own.wrong_proofs_per_day);
    }

    /// One centre, as it stands in a file, with something changed.
    fn centre(from: &str, to: &str) -> Result<Config, WrongUse> {
        let sites = r#"queue.sites=[{code="001.21.31.H09",name={vi="Trung tâm"},local=[900,949],services=[{key="a",prefix="A",name={vi="Việc A"}}],counters=[{name="1"}]}]"#;
        assert!(sites.contains(from), "{from}");
        let kiosk = r#"kiosk.sites=[{site="001.21.31.H09",local_tickets=[{terminal="Sảnh 1",from=900,to=949}]}]"#;
        with(&["audit.key=0123456789abcdef0123456789abcdef", &sites.replace(from, to), kiosk])
    }

    #[test]
    fn a_centre_holds_together_with_its_agency_and_its_terminals() {
        let rules = centre("local", "local").unwrap().queue_rules().unwrap();
        assert_eq!((rules.sites().len(), rules.sites()[0].longest, rules.sites()[0].local), (1, 200, Some((900, 949))));
        for (from, to, said) in [
            ("001.21.31.H09", "000.00.99.H09", "no agency of province.agencies"),
            ("949", "948", "does not lie within `local`"),
            (r#"prefix="A""#, r#"prefix="a""#, "one or two capital letters"),
            (r#"{vi="Việc A"}"#, r#"{en="A"}"#, "by language (vi always)"),
            ("local=", "longest=0,local=", "longest: 0 is not between 1 and 5000"),
            (r#"name="1""#, r#"name="1",services=["b"]"#, "b is no service of this site"),
        ] {
            let problem = centre(from, to).unwrap_err().to_string();
            assert!(problem.contains(said), "{from} → {to}: {problem}");
        }
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_nearest_name() {
        let problem = with(&["listen.pubic=\"127.0.0.1:1\""]).unwrap_err().to_string();
        assert!(problem.contains("listen.pubic"), "{problem}");
        assert!(problem.contains("listen.public"), "{problem}");
    }

    #[test]
    fn a_wrong_type_names_its_key() {
        let problem = with(&["store.connections=many"]).unwrap_err().to_string();
        assert!(problem.contains("store.connections"), "{problem}");
    }

    #[test]
    fn a_secret_of_digits_is_a_text_and_a_wrong_value_is_not_printed() {
        let config = with(&["portal.national.password=9876543210"]).unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&config.portal.national.password), "9876543210");
        let problem = with(&["listen.public=9876543210"]).unwrap_err().to_string();
        assert!(problem.contains("listen.public") && !problem.contains("9876543210"), "{problem}");
    }

    #[test]
    fn the_examples_of_the_help_are_settings() {
        with(&["portal.stack.call_timeout_ms=2000"]).unwrap();
        let help = include_str!("../cli.rs");
        assert!(help.contains("--set portal.stack.call_timeout_ms=2000"));
        assert!(help.contains("DAKENH_PORTAL__STACK__CALL_TIMEOUT_MS"));
    }

    #[test]
    fn the_account_at_zalo_is_whole_or_not_there() {
        assert!(!with(&[]).unwrap().zalo.is_there());
        // Ids and secrets of digits are texts.
        let whole = ["zalo.app_id=36", "zalo.oa_id=57", "zalo.oa_secret=123", "zalo.app_secret=456"];
        assert_eq!(with(&whole).unwrap().zalo.oa_id, "57");
        let problem = with(&whole[..3]).unwrap_err().to_string();
        assert!(problem.contains("zalo.app_secret"), "{problem}");
    }

    fn with_file(text: &str) -> Result<Config, WrongUse> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        load(Some(file.path()), &Overrides::default())
    }

    const ROAD: &str = r#"
        [[sms.smpp]]
        name = "viettel"
        hosts = ["127.0.0.1"]
        system_id = "dakenh"
        password = "${CARGO_PKG_NAME}"

        [[sms.routes]]
        road = "viettel"
        from = "8283"
    "#;

    #[test]
    fn a_secret_in_a_list_comes_from_the_environment() {
        let config = with_file(ROAD).unwrap();
        let roads = config.sms.roads();
        let password = secrecy::ExposeSecret::expose_secret(&roads.smpp[0].password);
        assert_eq!(password, "gateway", "cargo sets the variable for tests");
    }

    #[test]
    fn a_variable_that_is_not_there_is_named_and_so_is_a_road_without_a_route() {
        let missing = ROAD.replace("${CARGO_PKG_NAME}", "${NOT_IN_ANY_ENVIRONMENT}");
        let problem = with_file(&missing).unwrap_err().to_string();
        assert!(problem.contains("sms.smpp.password") && problem.contains("NOT_IN_ANY_ENVIRONMENT"), "{problem}");
        let (road, _) = ROAD.split_once("[[sms.routes]]").unwrap();
        let problem = with_file(&road.replace("${CARGO_PKG_NAME}", "secret")).unwrap_err().to_string();
        assert!(problem.contains("sms.viettel") && problem.contains("routes"), "{problem}");
    }

    /// The blocks of a page that configure text messages.
    fn examples(page: &'static str) -> impl Iterator<Item = String> {
        let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        blocks.filter(|block| block.contains("[[sms.")).map(|block| {
            // Any secret stands for each variable of theirs.
            let mut text = String::new();
            for (place, piece) in block.split("${").enumerate() {
                let rest = if place == 0 { piece } else { piece.split_once('}').map_or("", |(_, rest)| rest) };
                text.push_str(if place == 0 { "" } else { "a secret!" });
                text.push_str(rest);
            }
            text
        })
    }

    #[test]
    fn the_examples_of_the_pages_are_settings() {
        let pages = [include_str!("../../../README.md"), include_str!("../../docs/sms.md")];
        let mut seen = 0;
        for example in pages.into_iter().flat_map(examples) {
            let config = with_file(&example).unwrap_or_else(|problem| panic!("{problem}:\n{example}"));
            assert!(config.sms.is_there());
            seen += 1;
        }
        assert_eq!(seen, 6, "SMPP twice and four providers");
    }

    #[test]
    fn words_of_another_language_may_be_added() {
        let config = with_file("[sms.keywords.help]\nkm = [\"JUMNUOY\"]\n").unwrap();
        assert_eq!(config.sms.channel().keywords.help["km"], ["JUMNUOY"]);
        assert_eq!(config.sms.channel().keywords.help["en"], ["HELP"]);
    }

    #[test]
    fn a_missing_file_is_wrong_use() {
        let problem = load(Some(Path::new("/nowhere/dakenh.toml")), &Overrides::default()).unwrap_err();
        assert!(problem.to_string().contains("is not there"));
    }
}
