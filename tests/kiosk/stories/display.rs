//! A display of its own for a story: an X server without a screen, a window
//! manager (without one no window has the keyboard), and the two buses of
//! assistive technology. All of them end with the story.

use std::cell::Cell;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use test_support::{Process, eventually, skipped};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// A private session bus: nobody but the story is on it, and it starts nothing.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

/// Letters of the stories' card that stand on no American keyboard. A scanner that
/// is set to Unicode sends them as keys of their own; each has one here from the
/// start, before any program has read the keys.
const LETTERS: &str = "ễăáốđườúợủầộ";

/// The programs that a story needs beside the binaries.
pub(crate) struct Programs {
    xvfb: String,
    manager: String,
    bus: String,
    accessibility: String,
    xdotool: String,
    zbarimg: String,
    /// The terminal under test.
    pub(crate) kiosk: PathBuf,
}

impl Programs {
    /// All of them; `None` where they are not installed, and then the story says
    /// that it is skipped.
    pub(crate) fn find() -> Option<Self> {
        const DISPLAY: &str = "DAKENH_TEST_DISPLAY";
        const KIOSK: &str = "DAKENH_KIOSK_BIN";
        let told = |name: &str| {
            std::env::var_os(name).and_then(|value| value.into_string().ok()).filter(|value| !value.trim().is_empty())
        };
        let Some(programs) = told(DISPLAY) else {
            skipped(DISPLAY);
            return None;
        };
        let Some(kiosk) = told(KIOSK) else {
            skipped(KIOSK);
            return None;
        };
        let words: Vec<String> = programs.split_whitespace().map(str::to_owned).collect();
        let Ok([xvfb, manager, bus, accessibility, xdotool, zbarimg]) = <[String; 6]>::try_from(words) else {
            panic!("{DISPLAY} names six programs: {programs}");
        };
        Some(Self { xvfb, manager, bus, accessibility, xdotool, zbarimg, kiosk: kiosk.into() })
    }
}

/// The display.
pub(crate) struct Display {
    pub(crate) programs: Programs,
    x: RustConnection,
    root: Window,
    size: (u16, u16),
    name: String,
    bus_address: String,
    pings: Cell<u32>,
    // Ended in this order.
    accessibility: Process,
    _manager: Process,
    _bus: Process,
    _server: Process,
    folder: TempDir,
}

impl Display {
    /// Starts one of this many pixels, if everything is there for it.
    pub(crate) fn start(width: u16, height: u16) -> Option<Self> {
        let programs = Programs::find()?;
        let folder = tempfile::tempdir().unwrap();
        let screen = format!("{width}x{height}x24");
        let server = Process::beside(device(&programs.xvfb).args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &screen,
            "-nolisten",
            "tcp",
            "-noreset",
        ]));
        let name = format!(":{}", server.line().unwrap_or_else(|| panic!("no display: {}", server.errors())));
        let (x, at) = x11rb::connect(Some(&name)).unwrap();
        let root = x.setup().roots[at].root;
        // What windows answer to a ping goes to the root.
        let heard = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        x.change_window_attributes(root, &heard).unwrap().check().unwrap();
        put_letters_on_keys(&x);

        let manager = Process::beside(
            Command::new(&programs.manager).args(["-use_titlebar", "no", "-use_cursor", "no"]).env("DISPLAY", &name),
        );
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, BUS.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
        let bus = Process::beside(
            Command::new(&programs.bus).args(["--nofork", "--print-address=1", "--config-file"]).arg(config),
        );
        let bus_address = bus.line().unwrap_or_else(|| panic!("no bus: {}", bus.errors()));
        let accessibility = Process::beside(
            Command::new(&programs.accessibility)
                .arg("--launch-immediately")
                .envs([("DISPLAY", name.as_str()), ("DBUS_SESSION_BUS_ADDRESS", &bus_address)])
                .env("XDG_RUNTIME_DIR", folder.path())
                // What is set here is remembered by nobody.
                .env("GSETTINGS_BACKEND", "memory"),
        );
        let display = Self {
            programs,
            x,
            root,
            size: (width, height),
            name,
            bus_address,
            pings: Cell::new(0),
            accessibility,
            _manager: manager,
            _bus: bus,
            _server: server,
            folder,
        };
        let check = display.atom("_NET_SUPPORTING_WM_CHECK");
        eventually("the window manager", || display.property(root, check).first().copied());
        Some(display)
    }

    /// What a program needs to find this display.
    pub(crate) fn surroundings(&self) -> [(&'static str, String); 3] {
        [
            ("DISPLAY", self.name.clone()),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus_address.clone()),
            ("XDG_RUNTIME_DIR", self.folder.path().to_str().unwrap().to_owned()),
        ]
    }

    /// The session bus.
    pub(crate) fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// A finger and a keyboard: commands of xdotool, ended when it returns.
    pub(crate) fn does(&self, commands: &[&str]) {
        let done = device(&self.programs.xdotool)
            .args(commands)
            // Whoever types Vietnamese says so.
            .envs([("DISPLAY", self.name.as_str()), ("LC_ALL", "C.UTF-8")])
            .output()
            .unwrap();
        assert!(done.status.success(), "{commands:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Touches so many places, one after another, as quickly as the server takes
    /// them.
    pub(crate) fn touches(&self, places: &[(u16, u16)]) {
        let script = self.folder.path().join("touches");
        let lines: String = places.iter().map(|(x, y)| format!("mousemove {x} {y} mousedown 1 mouseup 1\n")).collect();
        std::fs::write(&script, lines).unwrap();
        self.does(&[script.to_str().unwrap()]);
    }

    /// The window of a process that is shown, if it has one.
    pub(crate) fn window_of(&self, process: u32) -> Option<Window> {
        let owner = self.atom("_NET_WM_PID");
        let list = self.atom("_NET_CLIENT_LIST");
        self.property(self.root, list)
            .into_iter()
            .find(|window| self.property(*window, owner).first() == Some(&process))
    }

    /// Waits until a window has handled all that came before: it answers a ping of
    /// window managers, which stands behind everything else in its queue. `false`
    /// where the window has gone meanwhile.
    pub(crate) fn settles(&self, window: Window) -> bool {
        let (protocols, ping) = (self.atom("WM_PROTOCOLS"), self.atom("_NET_WM_PING"));
        let number = self.pings.get() + 1;
        self.pings.set(number);
        let message = ClientMessageEvent::new(32, window, protocols, [ping, number, window, 0, 0]);
        if self.x.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().is_err() {
            return false;
        }
        let mut there = true;
        eventually("a window's answer", || {
            while let Some(event) = self.x.poll_for_event().unwrap() {
                match event {
                    Event::ClientMessage(answer) if answer.data.as_data32()[..2] == [ping, number] => return Some(()),
                    Event::DestroyNotify(gone) if gone.window == window => there = false,
                    _ => {}
                }
            }
            // Asked of the server, for an end that was heard before.
            there = there && self.x.get_window_attributes(window).unwrap().reply().is_ok();
            (!there).then_some(())
        });
        there
    }

    /// What the screen shows, as it is: red, green and blue for each pixel.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let (width, height) = self.size;
        let shown =
            self.x.get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0).unwrap().reply().unwrap();
        // 24 bits of colour in four bytes, the lowest first: blue, green, red.
        shown.data.as_chunks::<4>().0.iter().flat_map(|[blue, green, red, _]| [*red, *green, *blue]).collect()
    }

    /// Keeps a picture of half the size, where somebody named a folder for them.
    pub(crate) fn shot(&self, name: &str) {
        let Some(folder) = std::env::var_os("DAKENH_TEST_SHOTS") else { return };
        let folder = Path::new(&folder).join("kiosk");
        std::fs::create_dir_all(&folder).unwrap();
        let (width, height) = (usize::from(self.size.0), usize::from(self.size.1));
        let whole = self.picture();
        let pixel = |x: usize, y: usize, colour: usize| u16::from(whole[(y * width + x) * 3 + colour]);
        let mut half = Vec::with_capacity(whole.len() / 4);
        for y in (0..height - 1).step_by(2) {
            for x in (0..width - 1).step_by(2) {
                for colour in 0..3 {
                    let sum = pixel(x, y, colour)
                        + pixel(x + 1, y, colour)
                        + pixel(x, y + 1, colour)
                        + pixel(x + 1, y + 1, colour);
                    half.push(u8::try_from(sum / 4).unwrap());
                }
            }
        }
        let file = BufWriter::new(File::create(folder.join(format!("walk-{name}.png"))).unwrap());
        let mut png = png::Encoder::new(file, u32::from(self.size.0) / 2, u32::from(self.size.1) / 2);
        png.set_color(png::ColorType::Rgb);
        png.set_compression(png::Compression::High);
        png.write_header().unwrap().write_image_data(&half).unwrap();
    }

    /// What an independent decoder reads in the codes that the screen shows.
    pub(crate) fn codes_on_screen(&self) -> Vec<String> {
        let file = self.folder.path().join("screen.ppm");
        let (width, height) = self.size;
        let mut picture = format!("P6 {width} {height} 255\n").into_bytes();
        picture.extend(self.picture());
        std::fs::write(&file, picture).unwrap();
        self.codes_in(&file)
    }

    /// The same in a picture's.
    pub(crate) fn codes_in(&self, picture: &Path) -> Vec<String> {
        let read = Command::new(&self.programs.zbarimg).args(["--quiet", "--raw"]).arg(picture).output().unwrap();
        String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn atom(&self, name: &str) -> u32 {
        self.x.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    fn property(&self, window: Window, name: u32) -> Vec<u32> {
        let asked = self.x.get_property(false, window, name, AtomEnum::ANY, 0, 1_024).unwrap();
        // A window may go while it is asked.
        asked.reply().ok().and_then(|reply| reply.value32().map(Iterator::collect)).unwrap_or_default()
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It has a bus of its own, which it ends when it is asked to.
        self.accessibility.signal("TERM");
        self.accessibility.wait();
    }
}

/// A program that plays a device. A scanner does not wait for this machine's other
/// work: its keys come when they come, as far as this user may have that.
fn device(program: &str) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "-15", program]);
    command
}

/// Each letter gets a key that has none. Before any program has read the keys.
fn put_letters_on_keys(x: &RustConnection) {
    let (first, last) = (x.setup().min_keycode, x.setup().max_keycode);
    let keys = x.get_keyboard_mapping(first, last - first + 1).unwrap().reply().unwrap();
    let per_key = usize::from(keys.keysyms_per_keycode);
    let free =
        (first..=last).zip(keys.keysyms.chunks(per_key)).filter(|(_, signs)| signs.iter().all(|sign| *sign == 0));
    let mut free = free.map(|(key, _)| key);
    for letter in LETTERS.chars() {
        let key = free.next().expect("a free key for every letter");
        // Unicode's letters have their own block of signs, but Latin-1 has not moved.
        let sign = if u32::from(letter) < 0x100 { u32::from(letter) } else { 0x0100_0000 + u32::from(letter) };
        x.change_keyboard_mapping(1, key, 1, &[sign]).unwrap().check().unwrap();
    }
    x.sync().unwrap();
}
