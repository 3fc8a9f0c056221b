//! An X server without a screen: what is drawn on it, and a finger.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel};
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, ImageFormat, MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::process::pause;

/// The longest that is waited for a screen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at what can only be looked at.
const LOOK: Duration = Duration::from_micros(200);
/// More colours than this in the middle, and something is drawn there: the ground
/// has one.
const COLOURS: usize = 8;

/// A process; it is ended when this is dropped.
pub(super) struct Ended(Child);

impl Ended {
    pub(super) fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        Ok(Self(command.spawn().with_context(|| format!("starting {:?}", command.get_program()))?))
    }

    pub(super) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) struct Screen {
    x: RustConnection,
    root: Window,
    damage: Damage,
    size: (u16, u16),
    name: String,
    _server: Ended,
}

impl Screen {
    pub(super) fn start(xvfb: &str, size: (u16, u16)) -> anyhow::Result<Self> {
        let mut command = Command::new(xvfb);
        let depth = format!("{}x{}x24", size.0, size.1);
        command.args(["-displayfd", "1", "-screen", "0", &depth, "-nolisten", "tcp", "-noreset"]);
        let mut server = Ended::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().context("its output")?).read_line(&mut number).context("its display")?;
        let name = format!(":{}", number.trim());
        let (x, at) = x11rb::connect(Some(&name)).with_context(|| format!("the display {name}"))?;
        let root = x.setup().roots.get(at).context("a screen")?.root;
        x.damage_query_version(1, 1)?.reply().context("what is drawn")?;
        x.xtest_get_version(2, 2)?.reply().context("a finger")?;
        let damage = x.generate_id()?;
        x.damage_create(damage, root, ReportLevel::NON_EMPTY)?.check()?;
        Ok(Self { x, root, damage, size, name, _server: server })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Waits until the terminal that ran before has gone from the screen.
    pub(super) fn clear(&self) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.colours()? > 1 {
            if Instant::now() > until {
                bail!("a terminal that has ended is still on the screen");
            }
            pause(LOOK);
        }
        Ok(())
    }

    /// Waits until something is drawn in the middle of the screen.
    pub(super) fn home(&self, began: Instant) -> anyhow::Result<Duration> {
        loop {
            if self.frame(PATIENCE)?.is_none() {
                bail!("the terminal shows nothing");
            }
            if self.colours()? >= COLOURS {
                return Ok(began.elapsed());
            }
        }
    }

    /// Waits until nothing has been drawn for so long.
    pub(super) fn still(&self, span: Duration) -> anyhow::Result<()> {
        while self.frame(span)?.is_some() {}
        Ok(())
    }

    /// A finger on the glass; how long the next frame took, if one came.
    pub(super) fn press(&self, place: (u16, u16), longest: Duration) -> anyhow::Result<Option<Duration>> {
        let (x, y) = (i16::try_from(place.0)?, i16::try_from(place.1)?);
        self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0)?.check()?;
        let began = Instant::now();
        self.x.xtest_fake_input(BUTTON_PRESS_EVENT, 1, 0, self.root, 0, 0, 0)?.check()?;
        self.frame_since(began, longest)
    }

    /// The finger leaves.
    pub(super) fn release(&self, longest: Duration) -> anyhow::Result<Option<Duration>> {
        let began = Instant::now();
        self.x.xtest_fake_input(BUTTON_RELEASE_EVENT, 1, 0, self.root, 0, 0, 0)?.check()?;
        self.frame_since(began, longest)
    }

    /// Waits for the next frame: how long it took.
    fn frame(&self, longest: Duration) -> anyhow::Result<Option<Duration>> {
        self.frame_since(Instant::now(), longest)
    }

    fn frame_since(&self, began: Instant, longest: Duration) -> anyhow::Result<Option<Duration>> {
        loop {
            while let Some(event) = self.x.poll_for_event()? {
                if matches!(event, Event::DamageNotify(_)) {
                    let took = began.elapsed();
                    // From now on the next one is told.
                    self.x.damage_subtract(self.damage, x11rb::NONE, x11rb::NONE)?.check()?;
                    return Ok(Some(took));
                }
            }
            if began.elapsed() > longest {
                return Ok(None);
            }
            pause(LOOK);
        }
    }

    /// How many colours the middle of the screen has, up to a few.
    fn colours(&self) -> anyhow::Result<usize> {
        let (width, height) = (self.size.0 / 2, self.size.1 / 2);
        let (x, y) = (i16::try_from(width / 2)?, i16::try_from(height / 2)?);
        let image = self.x.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, !0)?.reply()?;
        let mut seen: Vec<&[u8]> = Vec::new();
        for pixel in image.data.chunks_exact(4) {
            if !seen.contains(&pixel) {
                seen.push(pixel);
                if seen.len() > COLOURS {
                    break;
                }
            }
        }
        Ok(seen.len())
    }
}
