//! `dakenh kiosk list`.

use std::time::Duration;

use gateway_core::domain::{Device, Heartbeat, local_datetime};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::out;
use crate::exit::Exit;

pub(super) fn list(
    all: &[(Device, Option<Heartbeat>)],
    now: Timestamp,
    silent_after: Duration,
    as_json: bool,
) -> anyhow::Result<Exit> {
    if as_json {
        let rows: Vec<_> = all
            .iter()
            .map(|(device, beat)| {
                let beat = beat.as_ref();
                json!({
                    "device": device.id.as_str(),
                    "site": device.site,
                    "name": device.name.as_str(),
                    "state": state(device, beat, now, silent_after),
                    "enrolled_at": device.enrolled_at.to_string(),
                    "revoked_at": device.revoked_at.map(|at| at.to_string()),
                    "heard_at": beat.map(|beat| beat.at.to_string()),
                    "version": beat.map(|beat| beat.version.as_str()),
                    "printer": beat.map(|beat| beat.printer.key()),
                    "latency_ms": beat.and_then(|beat| beat.latency_ms),
                    "catalogue_at": beat.and_then(|beat| beat.catalogue_at).map(|at| at.to_string()),
                    "last_use": beat.and_then(|beat| beat.last_use).map(|at| at.to_string()),
                    "screens_failed": beat.map(|beat| beat.screens_failed),
                })
            })
            .collect();
        out(&serde_json::to_string_pretty(&rows)?);
        return Ok(Exit::Good);
    }
    if all.is_empty() {
        out("there is no terminal yet: dakenh kiosk enrol --site CODE --name NAME");
    }
    for (device, beat) in all {
        let state = state(device, beat.as_ref(), now, silent_after);
        let said = match beat {
            Some(beat) => format!(
                "version {}  printer {}  heard {}",
                beat.version,
                beat.printer.key(),
                local_datetime(beat.at).strftime("%d/%m/%Y %H:%M")
            ),
            None => "never heard".to_owned(),
        };
        out(&format!("{}  {state:<8} {:<16} {}  {said}", device.id.as_str(), device.site, device.name.as_str()));
    }
    Ok(Exit::Good)
}

/// How a terminal stands, in one word.
fn state(device: &Device, beat: Option<&Heartbeat>, now: Timestamp, silent_after: Duration) -> &'static str {
    let silent_after = SignedDuration::try_from(silent_after).unwrap_or(SignedDuration::MAX);
    let heard = beat.map_or(device.enrolled_at, |beat| beat.at);
    if device.revoked_at.is_some() {
        "REVOKED"
    } else if now.duration_since(heard) > silent_after {
        "SILENT"
    } else if beat.is_some_and(|beat| beat.printer.needs_somebody()) {
        "PRINTER"
    } else {
        "good"
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::{DeviceId, Printer, TerminalName};

    use super::*;

    #[test]
    fn the_word_that_matters_most_comes_first() {
        let now: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let mut device = Device {
            id: DeviceId::parse("k-0123456789abcdef").unwrap(),
            site: "000.00.17.H09".into(),
            name: TerminalName::parse("Sảnh 1").unwrap(),
            public_key: [0; 32],
            enrolled_at: now - minutes(4),
            revoked_at: None,
        };
        let mut beat = Heartbeat {
            at: now - minutes(6),
            version: "0.1.0".into(),
            printer: Printer::PaperOut,
            latency_ms: None,
            catalogue_at: None,
            last_use: None,
            screens_failed: 0,
        };
        assert_eq!(state(&device, None, now, minutes(5)), "good", "just enrolled");
        assert_eq!(state(&device, Some(&beat), now, minutes(5)), "SILENT");
        beat.at = now;
        assert_eq!(state(&device, Some(&beat), now, minutes(5)), "PRINTER");
        beat.printer = Printer::None;
        assert_eq!(state(&device, Some(&beat), now, minutes(5)), "good");
        device.revoked_at = Some(now);
        assert_eq!(state(&device, Some(&beat), now, minutes(5)), "REVOKED");
    }
}
