//! The demo's officers: one to talk, one to supervise.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use gateway_core::domain::{Login, OfficerName, OfficerRole, Sites};
use gateway_core::ports::{NewOfficer, OfficerChange, Officers as _};
use gateway_pages::{Password, Passwords};
use serde::Serialize;

use super::world::DEMO_SITE;
use crate::commands::officer::made_up;
use crate::compose::Gateway;

/// Login, name and role of each.
const DEMO: [(&str, &str, OfficerRole); 2] =
    [("canbo", "Cán bộ Dùng Thử", OfficerRole::Officer), ("phutrach", "Phụ trách Dùng Thử", OfficerRole::Supervisor)];

/// One of them, with the password of this run.
#[derive(Debug, Serialize)]
pub(super) struct DemoOfficer {
    login: &'static str,
    role: &'static str,
    password: String,
}

/// Makes the accounts, or gives those of an earlier run new passwords.
pub(super) async fn make(gateway: &Gateway) -> anyhow::Result<Vec<DemoOfficer>> {
    let randomness = &*gateway.randomness;
    let passwords = Passwords::new(&gateway.config.officers.cost(), randomness)?;
    let accounts = gateway.officers();
    let mut made = Vec::new();
    for (login, name, role) in DEMO {
        let password = made_up(randomness);
        let hash = passwords.hash(&Password::new(&password), randomness).await?;
        let (parsed, at) = (Login::parse(login).context("login")?, gateway.clock.now());
        let id = match accounts.find(&parsed).await? {
            Some(account) => {
                accounts.change(account.id, OfficerChange::Password(&hash), at).await?;
                account.id
            }
            None => {
                let name = OfficerName::parse(name).context("name")?;
                let new = NewOfficer { login: parsed, name, role, sites: Sites::ALL, password_hash: hash, at };
                accounts.add(new).await?.context("the demo's account was made by another process")?
            }
        };
        accounts.change(id, OfficerChange::Enable, at).await?;
        made.push(DemoOfficer { login, role: role.key(), password });
    }
    Ok(made)
}

/// `DIR/officers.json`, for this user's eyes: what was printed, for scripts.
pub(super) fn write(officers: &[DemoOfficer], data: &Path) -> anyhow::Result<()> {
    let file = data.join("officers.json");
    let mut options = std::fs::OpenOptions::new();
    let mut written = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&file)
        .with_context(|| file.display().to_string())?;
    writeln!(written, "{}", serde_json::to_string_pretty(officers)?)?;
    Ok(())
}

/// What is printed of them.
pub(super) fn lines(officers: &[DemoOfficer], public: &str) -> Vec<String> {
    let mut lines = vec![format!("As an officer, in a browser (cán bộ đăng nhập): {public}/officers")];
    for DemoOfficer { login, role, password } in officers {
        lines.push(format!("  {login:<16} {password}  # {role}"));
    }
    lines.push(format!("At a counter (quầy gọi số): {public}/officers/counter"));
    lines.push(format!("In the hall (màn hình ở sảnh): {public}/hall/{DEMO_SITE}?lang=vi"));
    lines.push(String::new());
    lines
}
