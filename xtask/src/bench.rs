//! `cargo xtask bench lookup`, `bench sms`, `bench chat`, `bench assistant`,
//! `bench queue` and `bench kiosk`: build for release and measure.

use anyhow::bail;

use crate::run::{cargo, must, target_dir};

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let [bench @ ("lookup" | "sms" | "chat" | "assistant" | "queue" | "kiosk"), rest @ ..] = arguments else {
        bail!("usage: cargo xtask bench lookup|sms|chat|assistant|queue|kiosk [OPTIONS]")
    };
    must(&mut cargo(&["build", "--release", "--package", "gateway", "--package", "load"]))?;
    if *bench == "kiosk" {
        must(&mut cargo(&["build", "--release", "--package", "kiosk"]))?;
    }
    let release = target_dir().join("release");
    let mut load = std::process::Command::new(release.join("load"));
    load.current_dir(crate::run::root()).arg(bench).arg("--dakenh").arg(release.join("dakenh"));
    if *bench == "kiosk" {
        load.arg("--kiosk").arg(release.join("kiosk"));
    }
    load.args(rest);
    must(&mut load)
}
