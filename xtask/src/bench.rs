//! `cargo xtask bench lookup`, `bench sms`, `bench chat`, `bench assistant` and
//! `bench queue`: build for release and measure.

use anyhow::bail;

use crate::run::{cargo, must, target_dir};

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let [bench @ ("lookup" | "sms" | "chat" | "assistant" | "queue"), rest @ ..] = arguments else {
        bail!("usage: cargo xtask bench lookup|sms|chat|assistant|queue [OPTIONS]")
    };
    must(&mut cargo(&["build", "--release", "--package", "gateway", "--package", "load"]))?;
    let release = target_dir().join("release");
    let mut load = std::process::Command::new(release.join("load"));
    load.current_dir(crate::run::root()).arg(bench).arg("--dakenh").arg(release.join("dakenh")).args(rest);
    must(&mut load)
}
