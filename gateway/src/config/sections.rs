//! One struct a section; the rooms bring their own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::assistant::AssistantSection;
use super::chat::ChatSection;
use super::http::HttpSection;
use super::learning::LearningSection;
use super::linking::LinkingSection;
use super::officers::OfficersSection;
use super::queue::QueueSection;
use super::sms::SmsSection;
use channel_assistant::telegram::TelegramConfig;
use channel_assistant::zalo::ZaloConfig;
use channel_mobile::KioskConfig;
use gateway_core::desk::{CodeRules, ConversationRules, DeskRules, SubscriptionRules};
use gateway_core::domain::calendar::CalendarConfig;
use gateway_core::domain::dossier_number::PatternConfig;
use gateway_core::domain::queue::{QueueRules, SiteCode};
use gateway_core::domain::{
    Agency, AgencyDirectory, DossierNumberParser, ProcedureCode, Province, StatusMap, StatusRule, WorkingCalendar,
};
use gateway_core::ports::HashKey;
use gateway_core::text;
use gateway_limits::LimitsConfig;
use gateway_portal::PortalConfig;
use gateway_store::StoreConfig;
use serde::Deserialize;

/// Every setting; see `dakenh.default.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) log: Log,
    pub(crate) listen: Listen,
    pub(crate) http: HttpSection,
    pub(crate) assistant: AssistantSection,
    pub(crate) chat: ChatSection,
    pub(crate) linking: LinkingSection,
    pub(crate) province: ProvinceSection,
    pub(crate) calendar: CalendarConfig,
    pub(crate) dossiers: Dossiers,
    pub(crate) desk: DeskSection,
    pub(crate) limits: LimitsConfig,
    pub(crate) portal: PortalConfig,
    pub(crate) catalogue: CatalogueSection,
    pub(crate) store: StoreConfig,
    pub(crate) audit: AuditSection,
    pub(crate) officers: OfficersSection,
    pub(crate) learning: LearningSection,
    pub(crate) locale: LocaleSection,
    pub(crate) pages: super::pages::PagesSection,
    pub(crate) queue: QueueSection,
    pub(crate) sms: SmsSection,
    pub(crate) zalo: ZaloConfig,
    pub(crate) telegram: TelegramConfig,
    pub(crate) kiosk: KioskConfig,
}

/// What is logged and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) filter: String,
    pub(crate) json: bool,
}

/// Where the gateway listens, and how long it takes to stop.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    pub(crate) public: SocketAddr,
    pub(crate) internal: SocketAddr,
    pub(crate) stop_within_ms: u64,
}

/// Provinces and agencies, with validity dates.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProvinceSection {
    pub(crate) served: Vec<String>,
    pub(crate) national_ask_at: String,
    pub(crate) hotline: String,
    pub(crate) provinces: Vec<Province>,
    pub(crate) agencies: Vec<Agency>,
}

/// How numbers look and what statuses mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dossiers {
    pub(crate) patterns: Vec<PatternConfig>,
    pub(crate) statuses: Vec<StatusRule>,
}

/// The Desk's rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeskSection {
    pub(crate) wrong_proofs_per_day: u32,
    pub(crate) failed_disclosure_takes_ms: u64,
    pub(crate) not_arrived_days: i64,
    pub(crate) sensitive_procedures: Vec<String>,
    pub(crate) sensitive_words: Vec<String>,
    pub(crate) private_on_foreign_processors: bool,
    pub(crate) portal_retry_after_ms: u64,
    pub(crate) audit_wait_ms: u64,
    pub(crate) codes: CodeSection,
    pub(crate) subscriptions: SubscriptionSection,
    pub(crate) conversations: ConversationSection,
}

/// What is remembered between two questions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversationSection {
    remembered_minutes: u64,
    person_after: u8,
}

/// One-time codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeSection {
    valid_minutes: u64,
    tries: u32,
    pause_ms: u64,
    most_a_day: u32,
    most_a_day_phone: u32,
    proven_for_ms: u64,
}

/// *Tell me when it moves.*
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriptionSection {
    most: u32,
    days: i64,
    look_every_minutes: u64,
    look_soon_every_minutes: u64,
    calls_per_minute: u32,
}

/// Where the procedures come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueSection {
    pub(crate) file: PathBuf,
    pub(crate) sync_parallel: usize,
    pub(crate) short_names: HashMap<String, String>,
}

/// The key of the hashes in the audit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditSection {
    pub(crate) key: Secret,
    pub(crate) key_id: String,
}

/// Languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocaleSection {
    pub(crate) overrides: PathBuf,
}

/// A text that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text, for the one place that needs it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(not set)" } else { "(set)" })
    }
}

impl Config {
    /// Checks what types alone cannot; the message names the setting.
    pub(crate) fn validate(&self) -> Result<(), String> {
        self.http.validate()?;
        self.limits.validate().map_err(|problem| format!("limits.{problem}"))?;
        self.portal.validate().map_err(|problem| problem.to_string())?;
        self.chat.validate()?;
        self.linking.validate()?;
        self.store.validate().map_err(|problem| format!("store.{problem}"))?;
        self.officers.validate()?;
        self.learning.validate()?;
        self.sms.validate().map_err(|problem| format!("sms.{problem}"))?;
        self.zalo.validate().map_err(|problem| format!("zalo.{problem}"))?;
        self.telegram.validate().map_err(|problem| format!("telegram.{problem}"))?;
        self.kiosk.validate().map_err(|problem| format!("kiosk.{problem}"))?;
        for site in &self.kiosk.sites {
            if !self.province.agencies.iter().any(|agency| agency.code.eq_ignore_ascii_case(&site.site)) {
                return Err(format!("kiosk.sites: {} is no agency of province.agencies", site.site));
            }
        }
        self.calendar()?;
        self.number_parser()?;
        self.desk_rules()?;
        self.short_names()?;
        self.pages.shelf()?;
        self.queue_rules()?;
        if self.province.served.is_empty() {
            return Err("province.served: at least one province code is wanted".into());
        }
        if !(100..=60_000).contains(&self.listen.stop_within_ms) {
            return Err("listen.stop_within_ms: 100 to 60,000".into());
        }
        if !(1..=32).contains(&self.catalogue.sync_parallel) {
            return Err("catalogue.sync_parallel: 1 to 32".into());
        }
        if !(self.audit.key.reveal().is_empty() || self.audit.key.reveal().len() >= 32) {
            return Err("audit.key: at least 32 characters".into());
        }
        Ok(())
    }

    /// The working calendar.
    pub(crate) fn calendar(&self) -> Result<WorkingCalendar, String> {
        WorkingCalendar::new(self.calendar.clone()).map_err(|problem| format!("calendar.{problem}"))
    }

    /// What reads dossier numbers.
    pub(crate) fn number_parser(&self) -> Result<DossierNumberParser, String> {
        DossierNumberParser::new(&self.dossiers.patterns).map_err(|problem| format!("dossiers.patterns: {problem}"))
    }

    /// What statuses mean.
    pub(crate) fn statuses(&self) -> StatusMap {
        StatusMap::new(self.dossiers.statuses.clone())
    }

    /// Provinces and agencies.
    pub(crate) fn agencies(&self) -> AgencyDirectory {
        AgencyDirectory::new(
            self.province.provinces.clone(),
            self.province.agencies.clone(),
            self.province.served.clone(),
            Some(self.province.national_ask_at.clone()).filter(|text| !text.is_empty()),
        )
    }

    /// The Desk's rules.
    pub(crate) fn desk_rules(&self) -> Result<DeskRules, String> {
        let desk = &self.desk;
        if !(1..=100).contains(&desk.wrong_proofs_per_day) {
            return Err("desk.wrong_proofs_per_day: 1 to 100".into());
        }
        if !(0..=30).contains(&desk.not_arrived_days) {
            return Err("desk.not_arrived_days: 0 to 30".into());
        }
        let times = [
            ("failed_disclosure_takes_ms", desk.failed_disclosure_takes_ms, 100, 5_000),
            ("portal_retry_after_ms", desk.portal_retry_after_ms, 1_000, 3_600_000),
            ("audit_wait_ms", desk.audit_wait_ms, 10, 5_000),
        ];
        for (key, value, least, most) in times {
            if !(least..=most).contains(&value) {
                return Err(format!("desk.{key}: {least} to {most}"));
            }
        }
        let (codes, subscriptions, conversations) = (&desk.codes, &desk.subscriptions, &desk.conversations);
        let counts = [
            ("codes.valid_minutes", codes.valid_minutes, 1, 60),
            ("codes.tries", u64::from(codes.tries), 1, 10),
            ("codes.pause_ms", codes.pause_ms, 1_000, 3_600_000),
            ("codes.most_a_day", u64::from(codes.most_a_day), 1, 100),
            ("codes.most_a_day_phone", u64::from(codes.most_a_day_phone), 1, 100),
            ("codes.proven_for_ms", codes.proven_for_ms, 1_000, 86_400_000),
            ("subscriptions.most", u64::from(subscriptions.most), 1, 1_000),
            ("subscriptions.days", u64::try_from(subscriptions.days).unwrap_or_default(), 1, 730),
            ("subscriptions.look_every_minutes", subscriptions.look_every_minutes, 5, 1_440),
            ("subscriptions.look_soon_every_minutes", subscriptions.look_soon_every_minutes, 5, 1_440),
            ("subscriptions.calls_per_minute", u64::from(subscriptions.calls_per_minute), 1, 6_000),
            ("conversations.remembered_minutes", conversations.remembered_minutes, 1, 1_440),
            ("conversations.person_after", u64::from(conversations.person_after), 1, 10),
        ];
        for (key, value, least, most) in counts {
            if !(least..=most).contains(&value) {
                return Err(format!("desk.{key}: {least} to {most}"));
            }
        }
        let sensitive_procedures = desk
            .sensitive_procedures
            .iter()
            .map(|code| ProcedureCode::parse(code).map_err(|problem| format!("desk.sensitive_procedures: {problem}")))
            .collect::<Result<_, _>>()?;
        Ok(DeskRules {
            wrong_proofs_per_day: desk.wrong_proofs_per_day,
            failed_disclosure_takes: Duration::from_millis(desk.failed_disclosure_takes_ms),
            not_arrived_days: desk.not_arrived_days,
            sensitive_procedures,
            sensitive_words: desk.sensitive_words.iter().map(|word| text::fold(word)).collect(),
            private_on_foreign_processors: desk.private_on_foreign_processors,
            portal_retry_after: Duration::from_millis(desk.portal_retry_after_ms),
            audit_wait: Duration::from_millis(desk.audit_wait_ms),
            codes: CodeRules {
                valid: Duration::from_secs(codes.valid_minutes * 60),
                tries: codes.tries,
                pause: Duration::from_millis(codes.pause_ms),
                most_a_day: codes.most_a_day,
                most_a_day_phone: codes.most_a_day_phone,
                proven_for: Duration::from_millis(codes.proven_for_ms),
            },
            subscriptions: SubscriptionRules {
                most: subscriptions.most,
                days: subscriptions.days,
                look_every: Duration::from_secs(subscriptions.look_every_minutes * 60),
                look_soon_every: Duration::from_secs(subscriptions.look_soon_every_minutes * 60),
                calls_per_minute: subscriptions.calls_per_minute,
            },
            linking: self.linking.rules(),
            conversations: ConversationRules {
                remembered_for: Duration::from_secs(conversations.remembered_minutes * 60),
                person_after: conversations.person_after,
            },
            officers: self.chat.officers,
            hotline: Some(self.province.hotline.trim()).filter(|phone| !phone.is_empty()).map(Arc::from),
        })
    }

    /// The rules of queues, as they go with the agencies and the terminals.
    pub(crate) fn queue_rules(&self) -> Result<QueueRules, String> {
        let rules = self.queue.rules()?;
        for site in rules.sites() {
            let code = site.code.as_str();
            if !self.province.agencies.iter().any(|agency| agency.code.eq_ignore_ascii_case(code)) {
                return Err(format!("queue.sites: {code} is no agency of province.agencies"));
            }
        }
        // Else the gateway would give a number that a terminal gives too.
        for site in &self.kiosk.sites {
            let local = SiteCode::parse(&site.site).and_then(|code| rules.site(&code)?.local);
            for range in &site.local_tickets {
                if !local.is_some_and(|(from, to)| from <= range.from && range.to <= to) {
                    return Err(format!(
                        "kiosk.sites.{}.local_tickets: {}–{} does not lie within `local` of that site in queue.sites",
                        site.site, range.from, range.to
                    ));
                }
            }
        }
        Ok(rules)
    }

    /// Short names that the operator wrote over the derived ones.
    pub(crate) fn short_names(&self) -> Result<HashMap<ProcedureCode, String>, String> {
        self.catalogue
            .short_names
            .iter()
            .map(|(code, name)| {
                let code =
                    ProcedureCode::parse(code).map_err(|problem| format!("catalogue.short_names.{code}: {problem}"))?;
                if name.trim().is_empty() || name.chars().count() > 40 {
                    return Err(format!("catalogue.short_names.{code}: 1 to 40 characters"));
                }
                Ok((code, name.clone()))
            })
            .collect()
    }

    /// The key of the hashes in audit, proofs and limits.
    ///
    /// # Errors
    /// Where none is set.
    pub(crate) fn hash_key(&self) -> Result<HashKey, String> {
        if self.audit.key.reveal().is_empty() {
            return Err("audit.key is not set: give 32 random characters or more, the same on every node, \
                        for example DAKENH_AUDIT__KEY=\"$(openssl rand -hex 32)\""
                .into());
        }
        Ok(HashKey::new(&self.audit.key_id, self.audit.key.reveal()))
    }
}
