use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};

use crate::patience::PATIENCE;

/// The binary under test: `DAKENH_BIN`, else built once from this workspace.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("DAKENH_BIN") {
        Some(path) => PathBuf::from(path),
        None => build(),
    })
}

fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let built =
        Command::new("cargo").current_dir(&root).args(["build", "--package", "gateway", "--bin", "dakenh"]).status();
    assert!(built.is_ok_and(|status| status.success()), "the binary does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug/dakenh")
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it said.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

/// Runs a command to its end, in an empty environment of settings.
pub fn dakenh(arguments: &[&str]) -> Ended {
    dakenh_with(arguments, &[])
}

/// The same with environment variables.
pub fn dakenh_with(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    dakenh_at(binary(), arguments, variables)
}

/// The same with something on its standard input, which then ends.
pub fn dakenh_fed(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Ended {
    let mut child = command(binary(), arguments, variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_owned();
    // Beside the reading of the answers: neither waits for the other. A command
    // that ends early reads no more, which is its choice.
    let feeder = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("the command ends");
    let _ = feeder.join();
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The same with another binary.
pub(crate) fn dakenh_at(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let output = command(program, arguments, variables).output().expect("the binary starts");
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn command(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DAKENH_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null());
    command
}

/// A command that runs beside the story; it is ended with the story.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    /// What it printed before `ready`.
    pub printed: Vec<String>,
    errors: std::sync::Arc<std::sync::Mutex<String>>,
}

impl Process {
    /// Starts it and waits for the line `ready`.
    pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_at(binary(), arguments, variables)
    }

    /// The same with another binary.
    pub(crate) fn start_at(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = Self::beside(&mut command(program, arguments, variables));
        loop {
            match process.line() {
                Some(line) if line == "ready" => return process,
                Some(line) => process.printed.push(line),
                None => panic!("not ready; it printed {:?} and {:?}", process.printed, process.errors()),
            }
        }
    }

    /// Any program, which says by itself when it can be used.
    pub fn beside(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let (send, lines) = channel();
        let out = child.stdout.take().expect("standard output is piped");
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let errors = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let heard = std::sync::Arc::clone(&errors);
        let err = child.stderr.take().expect("standard error is piped");
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                if let Ok(mut heard) = heard.lock() {
                    heard.push_str(&line);
                    heard.push('\n');
                }
            }
        });
        Self { child, lines, printed: Vec::new(), errors }
    }

    /// The next line of its standard output; `None` where it ends or says nothing
    /// for too long.
    pub fn line(&self) -> Option<String> {
        self.lines.recv_timeout(PATIENCE).ok()
    }

    /// What it has said since on its standard output.
    pub fn said(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The address that was printed after this word (`public   http://…`).
    pub fn address(&self, word: &str) -> String {
        let line = self.printed.iter().find(|line| line.split_whitespace().next() == Some(word));
        let address = line.and_then(|line| line.split_whitespace().nth(1));
        address.unwrap_or_else(|| panic!("no address of {word} in {:?}", self.printed)).to_owned()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error so far: its log.
    pub fn errors(&self) -> String {
        self.errors.lock().map(|errors| errors.clone()).unwrap_or_default()
    }

    /// Sends a signal by its name (`TERM`, `HUP`).
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("the process ends").code()
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
