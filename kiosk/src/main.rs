//! `kiosk`: the terminal in the hall.

use std::io::IsTerminal as _;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use kiosk::print::PrinterChoice;
use kiosk::run::{self, Ended, Options, Remoteness};
use kiosk_devices::voice::VoiceSettings;

/// Where a failed screen's process tells the one that follows it how many have
/// failed, for the heartbeat and the service menu.
const FAILED_SCREENS: &str = "DAKENH_KIOSK_FAILED_SCREENS";
/// More failures than this in one life and the service's own restart, with its
/// pause, is the better one.
const MOST_FAILURES: u32 = 50;

/// The terminal of a public administration centre (GPL-3.0-only).
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A window of this size instead of the full screen, to try it: 1080x1920.
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    window: Option<(u32, u32)>,
    /// The hall's name, until the gateway says it.
    #[arg(long, env = "DAKENH_KIOSK_SITE_NAME", default_value = "")]
    site_name: String,
    /// The gateway: scheme, host and port. Without one the terminal only shows
    /// its screens.
    #[arg(long, global = true, env = "DAKENH_KIOSK_GATEWAY", value_name = "URL")]
    gateway: Option<String>,
    /// Folder of what must outlive a power cut: the gateway's last settings and
    /// catalogue, numbers given without it. Nothing of any citizen.
    #[arg(long, global = true, env = "DAKENH_KIOSK_DATA", default_value = "kiosk-data", value_name = "DIR")]
    data: PathBuf,
    /// The terminal's key; `device.key` in the folder by default.
    #[arg(long, global = true, env = "DAKENH_KIOSK_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    /// espeak-ng's voice for Vietnamese: `vi` (northern), `vi-vn-x-central` or
    /// `vi-vn-x-south`.
    #[arg(long, env = "DAKENH_KIOSK_VOICE", default_value = "vi", value_name = "NAME")]
    voice: String,
    /// Words a minute.
    #[arg(long, env = "DAKENH_KIOSK_VOICE_RATE", default_value_t = 150, value_parser = clap::value_parser!(u16).range(80..=300), value_name = "80-300")]
    voice_rate: u16,
    /// Amplitude.
    #[arg(long, env = "DAKENH_KIOSK_VOICE_VOLUME", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=200), value_name = "0-200")]
    voice_volume: u8,
    /// The loudspeaker's audio device, as espeak-ng's `-d` names it.
    #[arg(long, env = "DAKENH_KIOSK_LOUDSPEAKER", value_name = "DEVICE")]
    loudspeaker: Option<String>,
    /// The headphones' audio device; the system's own where none is named.
    #[arg(long, env = "DAKENH_KIOSK_HEADPHONES", value_name = "DEVICE")]
    headphones: Option<String>,
    /// The printer of tickets and checklists: none, tcp:HOST:PORT (9100 by
    /// default), usb:/dev/usb/lp0, serial:/dev/ttyS0@19200, or picture:FOLDER,
    /// which writes ticket-0001.png and so on, to try it.
    #[arg(long, env = "DAKENH_KIOSK_PRINTER", value_name = "PRINTER", default_value = "none")]
    printer: PrinterChoice,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make this machine a terminal of the gateway, by the code that
    /// `dakenh kiosk enrol` gave, and end.
    Enrol {
        /// The code; good once.
        code: String,
    },
}

#[expect(clippy::disallowed_methods, reason = "what a process tells the one that follows it is no setting")]
fn failures_before() -> u32 {
    std::env::var(FAILED_SCREENS).ok().and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("DAKENH_KIOSK_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        // Else a line that nobody reads any more is complained of on the same
        // closed pipe, and that panics: a screen fails for a log.
        .log_internal_errors(false)
        // Colours are for a person at a console; a journal keeps them as rubbish.
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let arguments = Arguments::parse();
    let key = arguments.key.unwrap_or_else(|| arguments.data.join("device.key"));
    if let Some(Verb::Enrol { code }) = arguments.verb {
        return match enrol(arguments.gateway.as_deref(), &key, &code) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                tracing::error!(error = format!("{problem:#}"), "not enrolled");
                ExitCode::FAILURE
            }
        };
    }
    let failed_screens = failures_before();
    let options = Options {
        window: arguments.window,
        site_name: arguments.site_name,
        voice: VoiceSettings {
            vietnamese: arguments.voice,
            rate: arguments.voice_rate,
            volume: arguments.voice_volume,
            loudspeaker: arguments.loudspeaker,
            headphones: arguments.headphones,
            ..VoiceSettings::default()
        },
        failed_screens,
        gateway: arguments.gateway.map(|url| Remoteness { url, key, data: arguments.data }),
        printer: arguments.printer,
    };
    // A screen that fails must never leave a desktop behind: what failed is
    // logged without its message (which may hold what was on the screen), and
    // the terminal starts anew, at home.
    std::panic::set_hook(Box::new(|failure| {
        let place = failure.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a screen failed");
    }));
    match std::panic::catch_unwind(AssertUnwindSafe(|| run::run(&options))) {
        Ok(Ok(Ended::Closed)) => ExitCode::SUCCESS,
        Ok(Ok(Ended::Restart)) => restart(failed_screens),
        Ok(Err(problem)) => {
            tracing::error!(error = format!("{problem:#}"), "the terminal does not start");
            ExitCode::FAILURE
        }
        Err(_) if failed_screens < MOST_FAILURES => restart(failed_screens + 1),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Exchanges the code for a key, which is on disk when this returns.
fn enrol(gateway: Option<&str>, key: &Path, code: &str) -> anyhow::Result<()> {
    let url = gateway.context("which gateway? --gateway URL")?;
    let client = kiosk::machine::client(url, key, Arc::new(kiosk_client::SystemClock))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let enrolled = runtime.block_on(client.enrol(code, env!("CARGO_PKG_VERSION")));
    let enrolled = enrolled.map_err(|error| match error.detail() {
        Some(detail) => anyhow::anyhow!("{}: {detail}", error.code()),
        None => error.into(),
    })?;
    tracing::info!(
        device = %enrolled.device, site = %enrolled.site, name = %enrolled.name, key = %key.display(), "enrolled"
    );
    Ok(())
}

/// The same process anew, with nothing of its memory. Only where that cannot be
/// done does it end, for the service to start it again.
fn restart(failed_screens: u32) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let problem = match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(FAILED_SCREENS, failed_screens.to_string())
            .exec(),
        Err(problem) => problem,
    };
    tracing::error!(error = %problem, "the terminal could not start itself anew");
    ExitCode::FAILURE
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    match sides {
        Some((width @ 320..=7680, height @ 320..=7680)) => Ok((width, height)),
        _ => Err("a size is written 1080x1920".to_owned()),
    }
}
