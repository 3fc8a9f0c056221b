//! SMSCs, a browser and a display that are not ours, for the tests: installed into the target
//! folder or by the system, named to the tests by the command that starts them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::run::{install, must, root, say, target_dir, variable};

/// A peer and the variable that names its command to the tests.
pub(crate) struct Peer {
    pub(crate) variable: &'static str,
    pub(crate) command: anyhow::Result<String>,
}

/// Every peer, found by its variable or installed.
pub(crate) fn find_or_install() -> [Peer; 4] {
    let peer = |variable, install: fn() -> anyhow::Result<String>| Peer {
        variable,
        command: self::variable(variable).map_or_else(install, Ok),
    };
    [
        peer("DAKENH_TEST_SMSC_NODE", node),
        peer("DAKENH_TEST_SMSC_PYTHON", python),
        peer("DAKENH_TEST_BROWSER", browser),
        peer("DAKENH_TEST_DISPLAY", display),
    ]
}

/// `cargo xtask peers`: installs them and says how the tests are told.
pub(crate) fn show() -> anyhow::Result<()> {
    for peer in find_or_install() {
        let command = peer.command.context(peer.variable)?;
        writeln!(std::io::stdout(), "export {}='{command}'", peer.variable)?;
    }
    Ok(())
}

/// The npm package `smpp`, by its lock file.
fn node() -> anyhow::Result<String> {
    let server = npm("smsc_node", "server.js")?;
    command("node", &server)
}

/// The npm packages `playwright-core` and `axe-core`, by their lock file, and
/// Debian's Chromium with a font that knows Vietnamese.
fn browser() -> anyhow::Result<String> {
    const CHROMIUM: &str = "/usr/bin/chromium";
    if !Path::new(CHROMIUM).is_file() {
        install("chromium")?;
    }
    if !Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").is_file() {
        install("fonts-dejavu-core")?;
    }
    // The chat's own driver lies beside it.
    npm("browser", "chat.js")?;
    let driver = npm("browser", "browser.js")?;
    Ok(format!("{} {CHROMIUM}", command("node", &driver)?))
}

/// What a display for the terminal is made of, in the order that its stories know: an
/// X server without a screen, a window manager, the buses of assistive technology, hands,
/// and a reader of codes.
fn display() -> anyhow::Result<String> {
    const PROGRAMS: [(&str, &str); 6] = [
        ("/usr/bin/Xvfb", "xvfb"),
        ("/usr/bin/matchbox-window-manager", "matchbox-window-manager"),
        ("/usr/bin/dbus-daemon", "dbus-daemon"),
        ("/usr/libexec/at-spi-bus-launcher", "at-spi2-core"),
        ("/usr/bin/xdotool", "xdotool"),
        ("/usr/bin/zbarimg", "zbar-tools"),
    ];
    // What the terminal's window loads when it opens, whatever else brings it along.
    const LIBRARIES: [(&str, &str); 5] = [
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libXcursor.so.1", "libxcursor1"),
        ("libXi.so.6", "libxi6"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libfontconfig.so.1", "libfontconfig1"),
    ];
    for (program, package) in PROGRAMS {
        if !Path::new(program).is_file() {
            install(package)?;
        }
    }
    let known = Command::new("/sbin/ldconfig").arg("-p").output().context("ldconfig")?;
    let known = String::from_utf8_lossy(&known.stdout);
    for (library, package) in LIBRARIES {
        if !known.contains(library) {
            install(package)?;
        }
    }
    Ok(PROGRAMS.map(|(program, _)| program).join(" "))
}

/// A folder of `tests/peers` with its packages, installed by its lock file; gives
/// back its program, beside what it requires.
fn npm(name: &str, program: &str) -> anyhow::Result<PathBuf> {
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if !is_there(program) {
            install(package)?;
        }
    }
    let (from, to) = folders(name)?;
    let lock = from.join("package-lock.json");
    if !is_installed(&lock, &to.join("installed")) {
        for file in ["package.json", "package-lock.json"] {
            copy(&from.join(file), &to.join(file))?;
        }
        must(Command::new("npm").args(["ci", "--prefix"]).arg(&to).args([
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ]))?;
        copy(&lock, &to.join("installed"))?;
    }
    let placed = to.join(program);
    copy(&from.join(program), &placed)?;
    Ok(placed)
}

/// Python's `smpp.twisted3`, in an environment of its own.
fn python() -> anyhow::Result<String> {
    if !is_there("python3") {
        install("python3")?;
    }
    // Debian's python3 has no venv of its own.
    if !succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
        install("python3-venv")?;
    }
    let (from, to) = folders("smsc_python")?;
    let requirements = from.join("requirements.txt");
    let python = to.join("venv").join("bin").join("python");
    if !is_installed(&requirements, &to.join("installed")) || !python.is_file() {
        must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(to.join("venv")))?;
        must(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(&requirements),
        )?;
        copy(&requirements, &to.join("installed"))?;
    }
    let python = python.to_str().context("the target folder's name is no text")?;
    command(python, &from.join("server.py"))
}

/// Where a peer's files are, and where it is installed.
fn folders(name: &str) -> anyhow::Result<(PathBuf, PathBuf)> {
    let to = target_dir().join("peers").join(name);
    std::fs::create_dir_all(&to).with_context(|| to.display().to_string())?;
    Ok((root().join("tests").join("peers").join(name), to))
}

/// Whether exactly this list of packages was installed to the end.
fn is_installed(list: &Path, installed: &Path) -> bool {
    match (std::fs::read(list), std::fs::read(installed)) {
        (Ok(list), Ok(installed)) => list == installed,
        _ => false,
    }
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    Ok(())
}

/// The tests split the command at spaces.
fn command(program: &str, file: &Path) -> anyhow::Result<String> {
    let file = file.to_str().context("a folder's name is no text")?;
    if [program, file].iter().any(|path| path.contains(char::is_whitespace)) {
        bail!("{program} {file}: a folder's name has a space");
    }
    Ok(format!("{program} {file}"))
}

fn is_there(program: &str) -> bool {
    succeeds(Command::new(program).arg("--version"))
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Tells what is missing.
pub(crate) fn tell(peer: &Peer) {
    if let Err(problem) = &peer.command {
        say(&format!("{}: {problem:#}; the stories with it are skipped", peer.variable));
    }
}
