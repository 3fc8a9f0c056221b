//! `cargo xtask kiosk`: a terminal of the demo in a window, or the pictures of
//! the screens.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::run::{cargo, must, root, say, target_dir};

/// The demo's folder, in the workspace's, where `dakenh demo` makes it.
const DEMO: &str = "demo-data";
/// The demo's one centre with a queue.
const DEMO_SITE: &str = "001.21.31.H09";

pub(crate) fn run(rest: &[&str]) -> anyhow::Result<()> {
    match rest {
        ["sheet"] => sheet(),
        arguments => {
            let mut command = cargo(&["run", "--release", "--package", "kiosk", "--"]);
            if arguments.is_empty() {
                command.args(["--window", "1080x1920"]);
            }
            // Whoever names a gateway wants that one, and not the demo's.
            if !arguments.iter().any(|argument| argument.starts_with("--gateway")) {
                demo(&mut command)?;
            }
            must(command.args(arguments))
        }
    }
}

/// Makes the terminal one of the demo's, once: its key lies in the demo's
/// folder and goes with it.
fn demo(window: &mut Command) -> anyhow::Result<()> {
    let folder = root().join(DEMO);
    let url = address(&folder)
        .context("the terminal needs the demo: start `cargo run --release -- demo` in another window first")?;
    let data = folder.join("kiosk");
    window.env("DAKENH_KIOSK_GATEWAY", &url).env("DAKENH_KIOSK_DATA", &data);
    // What it prints are pictures there.
    let paper = folder.join("printed");
    std::fs::create_dir_all(&paper).with_context(|| paper.display().to_string())?;
    window.env("DAKENH_KIOSK_PRINTER", format!("picture:{}", paper.display()));
    if data.join("device.key").exists() {
        return Ok(());
    }
    let made = cargo(&["run", "--release", "--package", "gateway", "--bin", "dakenh", "--", "kiosk", "enrol"])
        .args(["--site", DEMO_SITE, "--name", "Sảnh 1", "--data"])
        .arg(&folder)
        .stderr(Stdio::inherit())
        .output()
        .context("dakenh kiosk enrol")?;
    if !made.status.success() {
        bail!("dakenh kiosk enrol failed: {}", made.status);
    }
    let code = String::from_utf8(made.stdout).context("the code")?;
    must(
        cargo(&["run", "--release", "--package", "kiosk", "--", "enrol"])
            .arg(code.lines().next().unwrap_or_default().trim())
            .env("DAKENH_KIOSK_GATEWAY", &url)
            .env("DAKENH_KIOSK_DATA", &data),
    )
}

/// Where the demo that runs, or last ran, listens.
fn address(folder: &Path) -> anyhow::Result<String> {
    let file = folder.join("demo.json");
    let text = std::fs::read(&file).with_context(|| file.display().to_string())?;
    let addresses: serde_json::Value = serde_json::from_slice(&text).context("demo.json")?;
    addresses["public"].as_str().map(str::to_owned).context("demo.json names no public address")
}

/// The pictures that stand in the docs: by which tests they are drawn.
const PICTURES: [(&str, &str, &[&str]); 2] = [
    ("screens", "contact_sheet", &["sheet.png", "landscape.png"]),
    ("printing", "with_its_code", &["printed-ticket.png", "printed-checklist.png"]),
];

/// Draws every screen and what is printed, and keeps the contact sheets and a
/// sheet of each kind in the docs.
fn sheet() -> anyhow::Result<()> {
    let shots = target_dir().join("kiosk-shots");
    let docs = root().join("gateway").join("docs").join("screenshots").join("kiosk");
    std::fs::create_dir_all(&docs)?;
    for (target, test, names) in PICTURES {
        must(cargo(&["test", "--package", "kiosk", "--test", target, "--", test]).env("DAKENH_KIOSK_SHOTS", &shots))?;
        for name in names {
            let made = shots.join(name);
            if !made.is_file() {
                bail!("{name} was not drawn");
            }
            std::fs::copy(&made, docs.join(name)).with_context(|| (*name).to_owned())?;
        }
    }
    say(&format!("the contact sheets and what is printed are in {}", docs.display()));
    Ok(())
}
