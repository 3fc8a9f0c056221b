//! `dakenh officer list`.

use gateway_core::domain::{Officer, Sites, local_datetime};
use serde_json::json;

use super::out;
use crate::exit::Exit;

pub(super) fn list(officers: &[Officer], as_json: bool) -> anyhow::Result<Exit> {
    if as_json {
        let rows: Vec<_> = officers
            .iter()
            .map(|officer| {
                json!({
                    "id": officer.id.0,
                    "login": officer.login.as_str(),
                    "name": officer.name.as_str(),
                    "role": officer.role.key(),
                    "sites": officer.sites.codes(),
                    "second_factor": officer.second_factor,
                    "disabled": officer.disabled,
                    "created_at": officer.created_at.to_string(),
                })
            })
            .collect();
        out(&serde_json::to_string_pretty(&rows)?);
        return Ok(Exit::Good);
    }
    if officers.is_empty() {
        out("there is no account yet: dakenh officer add LOGIN --name NAME");
    }
    for officer in officers {
        let factor = if officer.second_factor { "second factor" } else { "password only" };
        let state = if officer.disabled { "DISABLED" } else { "enabled" };
        let since = local_datetime(officer.created_at).strftime("%d/%m/%Y");
        out(&format!(
            "{:<24} {:<10} {state:<8} {factor:<13} since {since}  {}  {}",
            officer.login.as_str(),
            officer.role.key(),
            sites(&officer.sites),
            officer.name.as_str()
        ));
    }
    Ok(Exit::Good)
}

/// Which agencies, in words.
pub(super) fn sites(sites: &Sites) -> String {
    if sites.codes().is_empty() { "all agencies".to_owned() } else { sites.codes().join(", ") }
}
