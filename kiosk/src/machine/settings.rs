//! The operator's settings, as the logic has them.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::Locale;
use mobile_api_types::KioskSettings;

use crate::flow::{FieldOf, Place, Settings, Signs};

/// Below this nobody could read a screen, whatever came over the wire.
const LEAST_IDLE: u32 = 10;

/// What the gateway said. Whether there is a voice the screen knows by itself.
pub(super) fn of(
    said: &KioskSettings<'_>,
    in_english: Option<&KioskSettings<'_>>,
    device: &str,
    catalogue_date: String,
    fields: Arc<[FieldOf]>,
) -> Settings {
    let mut services: Vec<Place> = said.services.iter().filter_map(|key| place(key)).collect();
    // Without an address for phones a code would lead nowhere.
    if said.phone_base_url.is_some() {
        services.push(Place::Phone);
    }
    Settings {
        vietnamese: signs(said),
        english: in_english.map(signs),
        languages: languages(said),
        services,
        offers_call: said.services.iter().any(|key| key == "call"),
        open_now: said.open_now,
        idle: seconds(said.idle_seconds),
        idle_accessible: seconds(said.idle_seconds_accessible),
        service_pin_sha256: said.service_pin_sha256.clone().map(std::borrow::Cow::into_owned),
        catalogue_date,
        fields,
        device: device.to_owned(),
        can_speak: false,
        phone_base_url: said.phone_base_url.clone().map(std::borrow::Cow::into_owned).unwrap_or_default(),
    }
}

/// Those that the terminal speaks; the others are another terminal's.
fn languages(said: &KioskSettings<'_>) -> Vec<Locale> {
    let spoken = |tag: &str| [Locale::VI, Locale::EN].into_iter().find(|locale| locale.as_str() == tag);
    let languages: Vec<Locale> = said.languages.iter().filter_map(|tag| spoken(tag)).collect();
    if languages.is_empty() { vec![Locale::VI] } else { languages }
}

fn signs(said: &KioskSettings<'_>) -> Signs {
    Signs {
        site_name: said.site_name.clone().into_owned(),
        notices: said.notices.iter().map(|notice| notice.text.clone().into_owned()).collect(),
    }
}

fn place(key: &str) -> Option<Place> {
    match key {
        "look_up" => Some(Place::LookUp),
        "procedures" => Some(Place::Procedures),
        "ticket" => Some(Place::Ticket),
        "rate" => Some(Place::Rate),
        "ask" => Some(Place::Ask),
        // `call` has its button on every page; another one is new.
        _ => None,
    }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.max(LEAST_IDLE).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_what_the_operator_says() {
        let said: KioskSettings<'static> = serde_json::from_str(
            r#"{"settings_version":"00","site":"s","site_name":"Trung tâm","name":"n",
                "services":["ticket","fly","look_up","call"],"languages":["vi"],"opening":{"ranges":[]},
                "open_now":false,"idle_seconds":0,"idle_seconds_accessible":90,"notices":[{"text":"Nghỉ"}]}"#,
        )
        .unwrap();
        let english = KioskSettings { site_name: "Centre".into(), notices: vec![], ..said.clone() };
        let settings = of(&said, Some(&english), "k-01", "24/10/2026".into(), Arc::default());
        assert_eq!(settings.services, [Place::Ticket, Place::LookUp]);
        assert!(settings.offers_call && !settings.open_now && !settings.has_languages());
        let other = KioskSettings { languages: vec!["fr".into(), "en".into(), "vi".into()], ..said.clone() };
        let other = of(&other, None, "k-01", String::new(), Arc::default());
        assert_eq!(other.languages, [Locale::EN, Locale::VI]);
        assert_eq!((settings.idle, settings.idle_accessible), (Duration::from_secs(10), Duration::from_secs(90)));
        assert_eq!(settings.signs(Locale::VI).notices, ["Nghỉ"]);
        assert_eq!(settings.signs(Locale::EN), &Signs { site_name: "Centre".into(), notices: vec![] });
        let with_phones = KioskSettings { phone_base_url: Some("https://a.vn".into()), services: vec![], ..said };
        let settings = of(&with_phones, None, "k-01", String::new(), Arc::default());
        assert_eq!(settings.signs(Locale::EN).site_name, "Trung tâm", "better than nothing");
        assert_eq!(settings.services, [Place::Phone]);
        assert!(!settings.offers_call);
    }
}
