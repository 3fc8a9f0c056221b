use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::patience::skipped;

/// A headless browser: Debian's Chromium, driven by `tests/peers/browser`.
#[derive(Debug, Clone)]
pub struct Chromium {
    command: String,
}

/// What a browser found on its way.
#[derive(Debug)]
pub struct Walked {
    /// Everything that was wrong: what axe found, what was not said, what did
    /// not fit, what a script complained of.
    pub findings: Vec<Value>,
    /// What was read on the way, by name.
    pub seen: Value,
    /// How many pages and states were looked at.
    pub checks: u64,
}

impl Chromium {
    /// The browser; `None` where it is not installed, and then the story says
    /// that it is skipped.
    pub fn find() -> Option<Self> {
        const VARIABLE: &str = "DAKENH_TEST_BROWSER";
        match std::env::var_os(VARIABLE).and_then(|command| command.into_string().ok()) {
            Some(command) if !command.trim().is_empty() => Some(Self { command }),
            _ => {
                skipped(VARIABLE);
                None
            }
        }
    }

    /// Walks through pages of a gateway in every view: phone and desk, light and
    /// dark, zoomed, without scripts. The steps are described in
    /// `tests/peers/browser/browser.js`.
    pub fn walk(&self, base: &str, steps: &Value) -> Walked {
        self.run(&json!({"base": base, "steps": steps, "shots": shots()}))
    }

    /// The same in one view.
    pub fn view(&self, base: &str, steps: &Value, view: &str) -> Walked {
        self.run(&json!({"base": base, "steps": steps, "shots": shots(), "views": [view]}))
    }

    /// The same with the scenario's other members (`views`, `locale`).
    pub fn run(&self, scenario: &Value) -> Walked {
        let mut words = self.command.split_whitespace();
        let mut process = Command::new(words.next().unwrap_or_default())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|problem| panic!("{}: {problem}", self.command));
        let mut input = process.stdin.take().expect("standard input is piped");
        input.write_all(scenario.to_string().as_bytes()).expect("the browser takes its scenario");
        drop(input);
        let out = process.wait_with_output().expect("the browser ends").stdout;
        let text = String::from_utf8_lossy(&out);
        let told: Value = serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{problem}: {text}"));
        Walked {
            findings: told["findings"].as_array().cloned().unwrap_or_default(),
            seen: told["seen"].clone(),
            checks: told["checks"].as_u64().unwrap_or_default(),
        }
    }
}

impl Walked {
    /// Fails with everything that was found, one a line.
    pub fn is_clean(&self) {
        let lines: Vec<String> = self.findings.iter().map(Value::to_string).collect();
        assert!(lines.is_empty(), "{} findings:\n{}", lines.len(), lines.join("\n"));
        assert!(self.checks > 0, "nothing was looked at");
    }
}

/// Where pictures go: nowhere, unless somebody names a folder.
fn shots() -> Option<PathBuf> {
    let folder = std::env::var_os("DAKENH_TEST_SHOTS")?;
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    Some(Path::new(&folder).to_owned())
}
