//! The real terminal on a display, and whoever stands before it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use test_support::{Demo, HALL, Process, dakenh, eventually, eventually_or};
use x11rb::protocol::xproto::Window;

use crate::display::Display;
use crate::names::{Named, Reader};

/// The terminal of the stories, by the name that has its own numbers.
pub(crate) const NAME: &str = "Sảnh 1";

/// What the front page says.
pub(crate) const HOME: &str = "Kính chào quý công dân";

/// A terminal that is enrolled and runs.
pub(crate) struct Terminal<'a> {
    pub(crate) display: &'a Display,
    pub(crate) reader: Reader,
    pub(crate) process: Process,
    data: TempDir,
}

impl<'a> Terminal<'a> {
    /// Enrolled at a gateway by its code, started in full screen, and at home.
    pub(crate) fn start(display: &'a Display, demo: &Demo) -> Self {
        Self::start_with(display, demo, &[])
    }

    /// The same with further arguments.
    pub(crate) fn start_with(display: &'a Display, demo: &Demo, more: &[&str]) -> Self {
        let offered = dakenh(&["kiosk", "--data", demo.folder(), "enrol", "--site", HALL, "--name", NAME]);
        assert_eq!(offered.code, Some(0), "{offered:?}");
        let code = offered.out.lines().next().unwrap().trim().to_owned();
        let data = tempfile::tempdir().unwrap();
        let enrolled = program(display, &demo.public, data.path()).args(["enrol", &code]).output().unwrap();
        assert!(enrolled.status.success(), "{}", String::from_utf8_lossy(&enrolled.stderr));
        let reader = Reader::join(display.bus_address());
        let process = Process::beside(program(display, &demo.public, data.path()).args(more));
        let terminal = Self { display, reader, process, data };
        terminal.sees(HOME);
        // The first round with its gateway: from then on it offers what the operator
        // wants, and nothing on the screen moves by itself.
        eventually("the catalogue", || terminal.data.path().join("catalogue-en.bundle").is_file().then_some(()));
        eventually("the operator's order", || {
            let names = terminal.reader.names();
            let place = |wanted: &str| names.iter().position(|name| name == wanted);
            // Of its own accord it offers questions before ratings.
            place("Hỏi đáp").is_none_or(|ask| place("Đánh giá").is_some_and(|rate| rate < ask)).then_some(())
        });
        terminal
    }

    /// Waits until something of this name is on the screen.
    pub(crate) fn sees(&self, name: &str) -> Named {
        self.finds(name, |found| found.name == name)
    }

    /// The same where only a part of the name is known.
    pub(crate) fn sees_part(&self, part: &str) -> Named {
        self.finds(part, |found| found.name.contains(part))
    }

    /// Waits for a control of this name that can be pressed.
    pub(crate) fn control(&self, name: &str) -> Named {
        self.finds(name, |found| found.name == name && found.is_control() && found.is_enabled())
    }

    /// The same where only the beginning of the name is known.
    pub(crate) fn control_like(&self, beginning: &str) -> Named {
        self.finds(beginning, |found| found.name.starts_with(beginning) && found.is_control() && found.is_enabled())
    }

    /// Waits until nothing of this name is on the screen.
    pub(crate) fn misses(&self, name: &str) {
        eventually(name, || (!self.has(name)).then_some(()));
    }

    /// Whether something of this name is on the screen now.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.reader.names().iter().any(|found| found == name)
    }

    /// Waits for what fits, wherever it is.
    pub(crate) fn finds(&self, what: &str, fits: impl Fn(&Named) -> bool) -> Named {
        eventually_or(
            || self.reader.all().into_iter().find(&fits),
            || format!("{what}; there are {:?}; the terminal says {}", self.reader.names(), self.process.errors()),
        )
    }

    /// Touches the middle of what has this name, as a finger does.
    pub(crate) fn touch(&self, name: &str) {
        let named = self.control(name);
        self.touch_it(&named);
    }

    /// The same of what was found.
    pub(crate) fn touch_it(&self, named: &Named) {
        let (left, top, width, height) = self.reader.place(named).unwrap_or_else(|| panic!("{named:?} has a place"));
        assert!(width >= 44 && height >= 44, "{named:?} is {width} by {height}: no finger hits that");
        let (x, y) = ((left + width / 2).to_string(), (top + height / 2).to_string());
        self.display.does(&["mousemove", &x, &y, "click", "1"]);
    }

    /// Presses what has this name as assistive technology does, with no place.
    pub(crate) fn press(&self, name: &str) {
        let named = self.control(name);
        self.reader.press(&named);
    }

    /// A person's key, by the name that X gives it.
    pub(crate) fn key(&self, name: &str) {
        self.display.does(&["key", name]);
    }

    /// A scanner types a text and Enter, with so many milliseconds between its keys.
    pub(crate) fn scans(&self, text: &str, apart: u32) {
        self.display.does(&["type", "--delay", &apart.to_string(), &format!("{text}\n")]);
    }

    /// Tab until what has this name has the keyboard.
    pub(crate) fn tabs_to(&self, name: &str) {
        let controls = self.reader.all().len();
        for _ in 0..=2 * controls {
            let before = self.focused();
            if before.as_deref() == Some(name) {
                return;
            }
            self.key("Tab");
            eventually_or(|| (self.focused() != before).then_some(()), || format!("Tab leads on from {before:?}"));
        }
        panic!("Tab never came to {name}; there are {:?}", self.reader.names());
    }

    /// The name of what has the keyboard.
    pub(crate) fn focused(&self) -> Option<String> {
        self.reader.all().into_iter().find(|found| found.is_focused()).map(|found| found.name)
    }

    /// Its window.
    pub(crate) fn window(&self) -> Window {
        eventually("a window", || self.display.window_of(self.process.id()))
    }

    /// Waits until it has handled all that came before.
    pub(crate) fn settles(&self) {
        assert!(self.display.settles(self.window()), "the terminal has gone: {}", self.process.errors());
    }

    /// What stands in a field.
    pub(crate) fn written_in(&self, field: &str) -> String {
        let field = self.finds(field, |found| found.name == field && found.is_field());
        self.reader.description(&field)
    }

    /// What the program that runs now is called on the bus: no other one ever has
    /// the same name.
    pub(crate) fn life(&self) -> String {
        self.sees("Đa Kênh").owner().to_owned()
    }

    /// Waits until the program has started itself anew after that life, and is at
    /// home. The process is the same, what runs in it is not.
    pub(crate) fn starts_anew_after(&self, life: &str) {
        self.finds("another life", |found| found.name == HOME && found.owner() != life);
        assert_eq!(self.failed_screens(), Some(0));
    }

    /// How many screens have failed before the program that runs now, as it was told by
    /// the one before; `None` where there was none before.
    pub(crate) fn failed_screens(&self) -> Option<u32> {
        let told = std::fs::read(format!("/proc/{}/environ", self.process.id())).unwrap();
        let told = String::from_utf8(told).unwrap();
        let failed = told.split('\0').find_map(|line| line.strip_prefix("DAKENH_KIOSK_FAILED_SCREENS="));
        failed.map(|count| count.parse().unwrap())
    }

    /// Resident memory in KiB.
    pub(crate) fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// How often each text stands in the program's memory that can be written to.
    pub(crate) fn in_memory(&self, texts: &[&str]) -> Vec<usize> {
        let maps = File::open(format!("/proc/{}/maps", self.process.id())).unwrap();
        let memory = File::open(format!("/proc/{}/mem", self.process.id())).unwrap();
        let mut counts = vec![0; texts.len()];
        for line in BufReader::new(maps).lines().map_while(Result::ok) {
            let mut fields = line.split_whitespace();
            let (Some(span), Some(rights)) = (fields.next(), fields.next()) else { continue };
            let Some((from, to)) = span.split_once('-') else { continue };
            let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // Some of what is mapped cannot be read, such as the kernel's own pages.
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                for (text, count) in texts.iter().zip(&mut counts) {
                    *count += bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
                }
            }
        }
        counts
    }

    /// Everything that it has written: its words and its folder.
    pub(crate) fn written(&self) -> Vec<u8> {
        let mut all = self.process.errors().into_bytes();
        all.extend(self.process.said().join("\n").into_bytes());
        read_all(self.data.path(), &mut all);
        all
    }
}

/// The terminal's program, in surroundings that name no setting but these.
fn program(display: &Display, gateway: &str, data: &Path) -> Command {
    let mut command = Command::new(&display.programs.kiosk);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DAKENH_") {
            command.env_remove(name);
        }
    }
    command.envs(display.surroundings()).args(["--gateway", gateway, "--data"]).arg(data);
    command
}

/// Every file below a folder.
pub(crate) fn read_all(folder: &Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap().map_while(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => read_all(&entry.path(), into),
            // A file may be replaced while it is looked for.
            _ => into.extend(std::fs::read(entry.path()).unwrap_or_default()),
        }
    }
}
