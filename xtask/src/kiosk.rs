//! `cargo xtask kiosk`: the terminal in a window, or the pictures of its screens.

use anyhow::{Context as _, bail};

use crate::run::{cargo, must, root, say, target_dir};

pub(crate) fn run(rest: &[&str]) -> anyhow::Result<()> {
    match rest {
        ["sheet"] => sheet(),
        arguments => {
            let window = ["run", "--release", "--package", "kiosk", "--", "--window", "1080x1920"];
            let mut command = cargo(if arguments.is_empty() { &window } else { &window[..5] });
            must(command.args(arguments))
        }
    }
}

/// Draws every screen, and keeps the contact sheets in the docs.
fn sheet() -> anyhow::Result<()> {
    let shots = target_dir().join("kiosk-shots");
    must(
        cargo(&["test", "--package", "kiosk", "--test", "screens", "--", "contact_sheet"])
            .env("DAKENH_KIOSK_SHOTS", &shots),
    )?;
    let docs = root().join("gateway").join("docs").join("screenshots").join("kiosk");
    std::fs::create_dir_all(&docs)?;
    for name in ["sheet.png", "landscape.png"] {
        let made = shots.join(name);
        if !made.is_file() {
            bail!("{name} was not drawn");
        }
        std::fs::copy(&made, docs.join(name)).context("the contact sheet")?;
    }
    say(&format!("the contact sheets are in {}", docs.display()));
    Ok(())
}
