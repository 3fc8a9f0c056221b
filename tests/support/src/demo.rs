use serde_json::Value;
use tempfile::TempDir;

use crate::process::Process;

/// `dakenh demo` on free ports, in a folder of its own.
#[derive(Debug)]
pub struct Demo {
    /// The process.
    pub process: Process,
    /// Address of the public listener, `http://…`.
    pub public: String,
    /// Address of the internal listener.
    pub internal: String,
    /// Address of the simulated portal.
    pub portal: String,
    data: TempDir,
}

impl Demo {
    /// Starts it with further arguments (`--set …`).
    pub fn start(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self::start_in(data, arguments)
    }

    /// The same in a folder that is there already.
    pub fn start_in(data: TempDir, arguments: &[&str]) -> Self {
        Self::start_at(data, "127.0.0.1:0", arguments)
    }

    /// The same at an address, for whoever knows it from before.
    pub fn start_at(data: TempDir, public: &str, arguments: &[&str]) -> Self {
        let folder = data.path().to_str().expect("a readable path").to_owned();
        let any = "127.0.0.1:0";
        let mut all =
            vec!["demo", "--data", &folder, "--public", public, "--internal", any, "--portal", any, "--smsc", any];
        all.extend(arguments);
        let process = Process::start(&all, &[]);
        let addresses = std::fs::read(data.path().join("demo.json")).expect("demo.json");
        let addresses: Value = serde_json::from_slice(&addresses).expect("demo.json is JSON");
        let address = |name: &str| addresses[name].as_str().expect("an address").to_owned();
        Self { public: address("public"), internal: address("internal"), portal: address("portal"), process, data }
    }

    /// Its folder, as `--data` takes it.
    pub fn folder(&self) -> &str {
        self.data.path().to_str().unwrap_or_default()
    }

    /// The password that it printed for one of its officers.
    pub fn password(&self, login: &str) -> &str {
        let line = self.process.printed.iter().find(|line| line.split_whitespace().next() == Some(login));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("no officer {login}"))
    }

    /// The number that the demo names for something (`status_4`, `overdue`).
    pub fn number(&self, what: &str) -> String {
        self.sample(what).0
    }

    /// The number and the second proof that the demo names for something.
    pub fn sample(&self, what: &str) -> (String, Option<String>) {
        let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
        let mut lines = self.process.printed.iter().skip_while(|line| line.split_whitespace().next() != Some(what));
        let number = lines.next().and_then(|line| quoted(line)).unwrap_or_else(|| panic!("the demo names no {what}"));
        let proof = lines
            .next()
            .filter(|line| line.contains("as its owner"))
            .and_then(|line| quoted(line))
            .and_then(|asked| asked.split_whitespace().last().map(str::to_owned));
        (number, proof)
    }

    /// Stops the process as a power cut would and gives the folder back.
    pub fn into_folder(mut self) -> TempDir {
        self.process.kill();
        self.data
    }
}
