//! The operator's settings, as the logic has them.

use std::time::Duration;

use mobile_api_types::KioskSettings;

use crate::flow::{Place, Settings};

/// Below this nobody could read a screen, whatever came over the wire.
const LEAST_IDLE: u32 = 10;

/// What the gateway said. Whether there is a voice the screen knows by itself.
pub(super) fn of(said: &KioskSettings<'_>, device: &str, catalogue_date: String) -> Settings {
    let mut services: Vec<Place> = said.services.iter().filter_map(|key| place(key)).collect();
    // Without an address for phones a code would lead nowhere.
    if said.phone_base_url.is_some() {
        services.push(Place::Phone);
    }
    Settings {
        site_name: said.site_name.clone().into_owned(),
        services,
        offers_call: said.services.iter().any(|key| key == "call"),
        open_now: said.open_now,
        notices: said.notices.iter().map(|notice| notice.text.clone().into_owned()).collect(),
        idle: seconds(said.idle_seconds),
        idle_accessible: seconds(said.idle_seconds_accessible),
        service_pin_sha256: said.service_pin_sha256.clone().map(std::borrow::Cow::into_owned),
        catalogue_date,
        device: device.to_owned(),
        can_speak: false,
        phone_base_url: said.phone_base_url.clone().map(std::borrow::Cow::into_owned).unwrap_or_default(),
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
        let settings = of(&said, "k-01", "24/10/2026".into());
        assert_eq!(settings.services, [Place::Ticket, Place::LookUp]);
        assert!(settings.offers_call && !settings.open_now);
        assert_eq!((settings.idle, settings.idle_accessible), (Duration::from_secs(10), Duration::from_secs(90)));
        assert_eq!(settings.notices, ["Nghỉ"]);
        let with_phones = KioskSettings { phone_base_url: Some("https://a.vn".into()), services: vec![], ..said };
        let settings = of(&with_phones, "k-01", String::new());
        assert_eq!(settings.services, [Place::Phone]);
        assert!(!settings.offers_call);
    }
}
