//! `load kiosk`: the terminal on an X server without a screen, enrolled at a
//! gateway: how soon it shows its home, how soon it answers to a touch, and what
//! it takes while nobody stands before it.

mod screen;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, ensure};
use clap::Args;
use hdrhistogram::Histogram;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::gateway::{self, Simulated};
use crate::process::{Server, pause};
use crate::proof::Proof;
use crate::report::{Disturbance, Goal, finish, goals_and_proofs, median, ms, progress, say};
use crate::system;
use screen::{Ended, Screen};

/// The goals of the terminal's size.
const SIZE: (u16, u16) = (1_080, 1_920);
const SITE: &str = "001.21.31.H09";
/// A finger stays on the glass for so long.
const FINGER: Duration = Duration::from_millis(80);
/// Whoever gets no frame within this has touched nothing.
const LONGEST: Duration = Duration::from_millis(400);
/// Without a frame for so long, a screen has been drawn, and what was asked of the
/// gateway before has been answered: that frame is no answer to the next touch.
const STILL: Duration = Duration::from_millis(250);
/// The clock in the head turns at the minute, within a tick of it, and that frame
/// is no answer to a touch: none begins in the last second and a half before it,
/// which is longer than one is watched, nor in the first half second after it.
const MINUTE: Range<Duration> = Duration::from_millis(500)..Duration::from_millis(58_500);
const MINUTE_NANOS: u128 = 60 * 1_000_000_000;
/// So many of the slowest are named.
const SLOWEST: usize = 5;

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE", default_value = "target/release/dakenh")]
    dakenh: PathBuf,
    /// The terminal's binary, built for release.
    #[arg(long, value_name = "FILE", default_value = "target/release/kiosk")]
    kiosk: PathBuf,
    /// The procedures that the gateway has and the terminal keeps; where the file
    /// is not there, the gateway's own few.
    #[arg(long, value_name = "FILE", default_value = "procedures.jsonl.gz")]
    catalogue: PathBuf,
    /// The X server.
    #[arg(long, value_name = "PROGRAM", default_value = "Xvfb")]
    xvfb: String,
    /// Starts; the middle one is told, and the first, with a cold page cache,
    /// beside it.
    #[arg(long, default_value_t = 9, value_name = "N")]
    starts: u32,
    /// Touches at chance places.
    #[arg(long, default_value_t = 400, value_name = "N")]
    touches: u32,
    /// Seconds without a touch, in which its work is counted.
    #[arg(long, default_value_t = 60, value_name = "S")]
    idle: u64,
    /// Of the places.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One start and a few touches: shows that everything works, says nothing
    /// about speed.
    #[arg(long, alias = "quick")]
    smoke: bool,
}

/// What was measured.
struct Measured {
    /// With the binary and its libraries read from disk; nothing where the page
    /// cache cannot be emptied here.
    cold: Option<Duration>,
    /// With them in memory, sorted.
    warm: Vec<Duration>,
    /// From a finger on the glass to the next frame.
    pressed: Histogram<u64>,
    /// From the finger's leaving to the next frame: the next screen's.
    released: Histogram<u64>,
    /// The slowest of both, the worst first.
    slowest: Vec<Slow>,
    /// Bytes: at home with the catalogue kept, after the touches, and the most.
    resident: (u64, u64, u64),
    /// Bytes of the catalogue on the terminal's disk.
    kept: u64,
    /// Share of one core while idle.
    idle: f64,
    disturbed: Disturbance,
}

/// A touch whose frame was long in coming: with the seed, it can be done again.
struct Slow {
    waited: Duration,
    leaving: bool,
    touch: u32,
    place: (u16, u16),
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut options = options.clone();
    if options.smoke {
        (options.starts, options.touches, options.idle) = (1, 20, 2);
    }
    ensure!((1..=99).contains(&options.starts), "--starts: 1 to 99");
    ensure!((1..=100_000).contains(&options.touches), "--touches: 1 to 100,000");
    let load_before = system::load_average();
    let measured = measure(&options)?;
    report(&options, &measured, load_before)
}

fn measure(options: &Options) -> anyhow::Result<Measured> {
    let program = |file: &Path| file.canonicalize().with_context(|| file.display().to_string());
    let (dakenh, kiosk) = (program(&options.dakenh)?, program(&options.kiosk)?);
    let catalogue = options.catalogue.canonicalize().unwrap_or_else(|_| options.catalogue.clone());
    let folder = tempfile::Builder::new().prefix("dakenh-kiosk-").tempdir().context("a folder")?;
    let simulated = Simulated { dossiers: 10, latency_ms: 0, seed: 1 };
    let portal = gateway::portal(&dakenh, "portal", folder.path(), simulated)?;
    let url = format!("sqlite://{}/dakenh.db", folder.path().display());
    let file = folder.path().join("dakenh.toml");
    std::fs::write(&file, gateway::settings(portal.address("portal")?, &url, &catalogue)).context("settings")?;
    let mut serve = Command::new(&dakenh);
    serve.arg("serve").arg("--config").arg(&file);
    let server = Server::start("gateway", serve, folder.path(), "ready")?;
    let base = format!("http://{}", server.address("public")?);
    let data = folder.path().join("terminal");
    let screen = Screen::start(&options.xvfb, SIZE)?;
    let at = |screen: &Screen| {
        let mut command = Command::new(&kiosk);
        command.args(["--gateway", &base, "--data"]).arg(&data).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).env("DISPLAY", screen.name());
        command
    };
    let code = gateway::enrolment_code(&dakenh, &file, SITE, "Sảnh 1")?;
    let enrolled = at(&screen).args(["enrol", &code]).status().context("kiosk enrol")?;
    ensure!(enrolled.success(), "kiosk enrol: {enrolled}");

    // Once, for what it keeps on disk: every later start is one after a power cut.
    progress("the terminal takes its settings and the catalogue");
    let kept = {
        let _terminal = Ended::spawn(at(&screen).args(["--window", "1080x1920"]))?;
        screen.home(Instant::now())?;
        catalogue_kept(&data)?
    };
    let before = (system::busy()?, Instant::now());
    let cold = if options.smoke || !forget_files() {
        None
    } else {
        Some(start(&screen, at(&screen).args(["--window", "1080x1920"]))?.0)
    };
    let mut warm = Vec::new();
    for number in 1..=options.starts {
        progress(&format!("start {number} of {}", options.starts));
        warm.push(start(&screen, at(&screen).args(["--window", "1080x1920"]))?.0);
    }
    warm.sort();
    let (_, terminal) = start(&screen, at(&screen).args(["--window", "1080x1920"]))?;
    // Its first round with the gateway, and everything that a start leaves behind.
    pause(Duration::from_secs(if options.smoke { 1 } else { 5 }));
    progress(&format!("nobody touches it for {} s", options.idle));
    let (worked, since) = (system::cpu_of(&[terminal.pid()])?, Instant::now());
    pause(Duration::from_secs(options.idle));
    let idle = (system::cpu_of(&[terminal.pid()])? - worked).as_secs_f64() / since.elapsed().as_secs_f64();
    let (at_home, _) = system::resident(terminal.pid())?;
    progress(&format!("{} touches", options.touches));
    let (mut pressed, mut released) = (Histogram::<u64>::new(3)?, Histogram::<u64>::new(3)?);
    let mut chance = StdRng::seed_from_u64(options.seed);
    let mut slowest = Vec::new();
    for touch in 1..=options.touches {
        let place = (chance.random_range(0..SIZE.0), chance.random_range(0..SIZE.1));
        while !MINUTE.contains(&into_the_minute()) {
            pause(STILL);
        }
        screen.still(STILL)?;
        if let Some(waited) = screen.press(place, LONGEST)? {
            pressed.record(u64::try_from(waited.as_nanos())?)?;
            slowest.push(Slow { waited, leaving: false, touch, place });
        }
        pause(FINGER);
        screen.still(STILL)?;
        if let Some(waited) = screen.release(LONGEST)? {
            released.record(u64::try_from(waited.as_nanos())?)?;
            slowest.push(Slow { waited, leaving: true, touch, place });
        }
    }
    slowest.sort_by_key(|slow| std::cmp::Reverse(slow.waited));
    slowest.truncate(SLOWEST);
    let (after, most) = system::resident(terminal.pid())?;
    let ours = system::cpu_of_family(std::process::id()).unwrap_or_default();
    let disturbed = Disturbance::between(before.0, system::busy()?, before.1.elapsed(), ours);
    drop(terminal);
    drop(screen);
    server.stop()?;
    Ok(Measured { cold, warm, pressed, released, slowest, resident: (at_home, after, most), kept, idle, disturbed })
}

/// How far the clock on the wall is into its minute.
#[expect(clippy::disallowed_methods, reason = "the terminal that is watched shows this very clock")]
fn into_the_minute() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Duration::from_nanos(u64::try_from(since.as_nanos() % MINUTE_NANOS).unwrap_or_default())
}

/// A start, up to the first frame of the home screen.
fn start(screen: &Screen, command: &mut Command) -> anyhow::Result<(Duration, Ended)> {
    screen.clear()?;
    let began = Instant::now();
    let terminal = Ended::spawn(command)?;
    let took = screen.home(began)?;
    Ok((took, terminal))
}

/// The size of the catalogue once it is whole on disk.
fn catalogue_kept(data: &Path) -> anyhow::Result<u64> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let sizes: Vec<u64> = ["vi", "en"]
            .iter()
            .filter_map(|language| {
                Some(std::fs::metadata(data.join(format!("catalogue-{language}.bundle"))).ok()?.len())
            })
            .collect();
        if sizes.len() == 2 {
            return Ok(sizes.iter().sum());
        }
        ensure!(Instant::now() < until, "no catalogue in {}", data.display());
        pause(Duration::from_millis(50));
    }
}

/// Empties the page cache, where this process may: what is on disk must be read
/// again, as after a power cut.
fn forget_files() -> bool {
    Command::new("sync").status().is_ok_and(|done| done.success())
        && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn report(options: &Options, measured: &Measured, load_before: f64) -> anyhow::Result<()> {
    let Measured { cold, warm, pressed, released, slowest, resident, kept, idle, disturbed } = measured;
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let start = median(warm);
    let start_at_most = cold.unwrap_or(start);
    let (at_home, after, most) = *resident;
    let goals = [
        Goal::new(start_at_most < Duration::from_secs(1), "from its start to home below 1 s", millis(start_at_most)),
        Goal::new(
            ms(pressed, 0.99) < 50.0,
            "from a touch to the next frame below 50 ms (p99)",
            format!("{:.1} ms", ms(pressed, 0.99)),
        ),
        Goal::new(
            ms(released, 0.99) < 50.0,
            "from the finger's leaving to the next screen below 50 ms (p99)",
            format!("{:.1} ms", ms(released, 0.99)),
        ),
        Goal::new(
            mib(at_home.max(after)) < 60.0,
            "resident below 60 MB",
            format!("{:.1} MiB", mib(at_home.max(after))),
        ),
        Goal::new(*idle < 0.01, "work while idle below 1 % of a core", format!("{:.2} %", idle * 100.0)),
    ];
    let proofs = [
        Proof::new(
            pressed.len() > u64::from(options.touches) / 10,
            format!("touches that a frame followed: {}", pressed.len()),
        ),
        Proof::new(!released.is_empty(), format!("fingers whose leaving a frame followed: {}", released.len())),
        Proof::new(*kept > 0, format!("bytes of the catalogue on the terminal's disk: {kept}")),
    ];
    let mut lines = vec![
        format!(
            "the terminal at {} × {}, software renderer, Xvfb, against a gateway on the same machine",
            SIZE.0, SIZE.1
        ),
        system::machine(),
        format!("catalogue on its disk {:.1} MB in two languages", *kept as f64 / 1e6),
        String::new(),
        format!(
            "start to home   {} warm (median of {}; {} to {})   {} with an empty page cache",
            millis(start),
            warm.len(),
            millis(warm.first().copied().unwrap_or_default()),
            millis(warm.last().copied().unwrap_or_default()),
            cold.map_or_else(|| "not measured:".to_owned() + " it could not be emptied", millis),
        ),
        format!(
            "touch to frame  p50 {:.1} ms   p99 {:.1} ms   most {:.1} ms   of {}",
            ms(pressed, 0.5),
            ms(pressed, 0.99),
            ms(pressed, 1.0),
            pressed.len()
        ),
        format!(
            "leaving to next p50 {:.1} ms   p99 {:.1} ms   most {:.1} ms   of {}",
            ms(released, 0.5),
            ms(released, 0.99),
            ms(released, 1.0),
            released.len()
        ),
        format!(
            "resident        {:.1} MiB at home   {:.1} MiB after {} touches   {:.1} MiB at most",
            mib(at_home),
            mib(after),
            options.touches,
            mib(most)
        ),
        format!("idle            {:.2} % of a core over {} s", idle * 100.0, options.idle),
        String::new(),
    ];
    lines.extend(slowest.iter().map(|slow| {
        let what = if slow.leaving { "leaving" } else { "touching" };
        format!(
            "slow            {} after {what} ({}, {}), touch {}",
            millis(slow.waited),
            slow.place.0,
            slow.place.1,
            slow.touch
        )
    }));
    lines.push(String::new());
    lines.extend(disturbed.lines(load_before, system::load_average()));
    lines.push(String::new());
    lines.extend(goals_and_proofs(&goals, &proofs));
    let figures = json!({
        "size": [SIZE.0, SIZE.1], "catalogue_bytes": kept,
        "start_warm_ms": warm.iter().map(Duration::as_millis).collect::<Vec<_>>(),
        "start_cold_ms": cold.map(|cold| cold.as_millis()),
        "pressed_ms": { "p50": ms(pressed, 0.5), "p99": ms(pressed, 0.99), "most": ms(pressed, 1.0), "count": pressed.len() },
        "released_ms": { "p50": ms(released, 0.5), "p99": ms(released, 0.99), "most": ms(released, 1.0), "count": released.len() },
        "resident_bytes": { "home": at_home, "after": after, "most": most },
        "idle_share": idle, "goals": Goal::json(&goals),
    });
    if options.smoke {
        say("a smoke run says nothing about speed");
    }
    finish(&lines, options.json.as_deref(), &figures, &proofs)
}

fn millis(span: Duration) -> String {
    format!("{} ms", span.as_millis())
}
