//! `cargo xtask bench lookup`: builds for release and runs the comparison.

use anyhow::bail;

use crate::run::{cargo, must, target_dir};

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let ["lookup", rest @ ..] = arguments else { bail!("usage: cargo xtask bench lookup [OPTIONS]") };
    must(&mut cargo(&["build", "--release", "--package", "gateway", "--package", "load"]))?;
    let release = target_dir().join("release");
    let mut load = std::process::Command::new(release.join("load"));
    load.current_dir(crate::run::root()).arg("lookup").arg("--dakenh").arg(release.join("dakenh")).args(rest);
    must(&mut load)
}
