//! `cargo xtask openapi`: the committed description, made anew.

use anyhow::{Context as _, bail};

use crate::run::{cargo, root, say};

pub(crate) fn write() -> anyhow::Result<()> {
    let out = cargo(&["run", "--quiet", "--package", "gateway", "--", "openapi"]).output().context("cargo run")?;
    if !out.status.success() {
        bail!("dakenh openapi failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    let file = root().join("mobile-api/openapi.json");
    std::fs::write(&file, &out.stdout).with_context(|| file.display().to_string())?;
    say("mobile-api/openapi.json is fresh");
    Ok(())
}
