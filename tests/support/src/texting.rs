use serde_json::{Value, json};
use tempfile::TempDir;

use crate::database::Database;
use crate::patience::eventually;
use crate::process::{Ended, Process, binary, dakenh_at};
use crate::smsc::Smsc;
use crate::web::{Answer, get, now, post, put};

const KEY: (&str, &str) = ("DAKENH_AUDIT__KEY", "0123456789abcdef0123456789abcdef");
const PASSWORD: (&str, &str) = ("DAKENH_PORTAL__NATIONAL__PASSWORD", "90125551234");

/// What the peers of `tests/peers/` take as account.
const ACCOUNT: &str = "hcc";
const ACCOUNT_PASSWORD: &str = "matkhau1";

/// `dakenh serve` with roads for text messages, and a simulated portal behind
/// it. Both end with the story.
#[derive(Debug)]
pub struct Texting {
    /// The gateway.
    pub gateway: Process,
    /// Its database.
    pub database: Database,
    /// Address of the simulated portal.
    pub portal: String,
    portal_process: Process,
    folder: TempDir,
    program: std::path::PathBuf,
    settings: Vec<String>,
}

/// A dossier to ask about.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its number.
    pub number: String,
    /// The last four digits of its owner's ID.
    pub last_four: String,
    /// Its registered phone as an SMSC writes it (`84…`).
    pub phone: String,
}

/// A road over SMPP to a peer and its route, as they stand in the
/// configuration. `road` and `route` are further lines of each.
pub fn road(name: &str, smsc: &Smsc, road: &str, route: &str) -> String {
    road_at(name, smsc.port, ACCOUNT_PASSWORD, road, route)
}

/// The same, to any port and with any password.
pub fn road_at(name: &str, port: u16, password: &str, road: &str, route: &str) -> String {
    format!(
        "[[sms.smpp]]\nname = \"{name}\"\nhosts = [\"127.0.0.1\"]\nport = {port}\nsystem_id = \"{ACCOUNT}\"\n\
         password = \"{password}\"\nreconnect_to_seconds = 1\n{road}\n\
         [[sms.routes]]\nroad = \"{name}\"\nfrom = \"8283\"\n{route}\n"
    )
}

/// No quiet hours: a story is told at any time of the day.
pub const NO_QUIET_HOURS: &str = "[sms.notices]\nquiet_from = \"00:00:00\"\nquiet_until = \"00:00:00\"\n";

impl Texting {
    /// Starts everything; `roads` is the configuration of text messages.
    pub fn start(roads: &str) -> Self {
        Self::start_with(roads, &[])
    }

    /// The same with further settings (`key=value`).
    pub fn start_with(roads: &str, settings: &[&str]) -> Self {
        Self::start_on(binary(), None, roads, settings)
    }

    /// The same with another binary, and on a database that is there already.
    pub fn start_on(program: &std::path::Path, postgres: Option<&str>, roads: &str, settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let portal_process = portal_at("127.0.0.1:0");
        let portal = portal_process.address("portal");
        let file = folder.path().join("gate.db");
        let (database, store) = match postgres {
            Some(url) => (Database::Postgres(url.to_owned()), url.to_owned()),
            None => (Database::Sqlite(file.clone()), format!("sqlite://{}", file.display())),
        };
        let config = format!(
            "[listen]\npublic = \"127.0.0.1:0\"\ninternal = \"127.0.0.1:0\"\n\
             [store]\nurl = \"{store}\"\n\
             [portal.national]\nbase_url = \"{portal}\"\n\
             [catalogue]\nfile = \"{}\"\n{roads}",
            folder.path().join("catalogue.jsonl").display()
        );
        std::fs::write(folder.path().join("dakenh.toml"), config).expect("a configuration");
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let gateway = serve(program, &folder, &settings);
        Self { gateway, database, portal, portal_process, folder, program: program.into(), settings }
    }

    /// Ends the gateway as a power cut would, and starts it again on its
    /// database.
    pub fn crash_and_restart(&mut self) {
        self.gateway.kill();
        self.restart();
    }

    /// Starts a gateway that has ended.
    pub fn restart(&mut self) {
        self.gateway = serve(&self.program, &self.folder, &self.settings);
    }

    /// Address of the public listener.
    pub fn public(&self) -> String {
        self.gateway.address("public")
    }

    /// Address of the internal listener.
    pub fn internal(&self) -> String {
        self.gateway.address("internal")
    }

    /// The folder with configuration and database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The number that the portal names for something (`status_4`).
    pub fn sample(&self, what: &str) -> Sample {
        let samples = now(get(&format!("{}/internal/samples", self.portal), &[])).json();
        let samples = samples.as_array().expect("samples");
        let sample = samples.iter().find(|sample| sample["what"] == what).unwrap_or_else(|| panic!("no {what}"));
        let text = |key: &str| sample[key].as_str().unwrap_or_default().to_owned();
        let digits = text("phone").chars().filter(char::is_ascii_digit).collect::<String>();
        let phone = digits.strip_prefix('0').map_or_else(|| digits.clone(), |national| format!("84{national}"));
        Sample { number: text("number"), last_four: text("last_four"), phone }
    }

    /// Moves a dossier, as its officer would.
    pub fn move_dossier(&self, number: &str, status: &str) {
        let url = format!("{}/internal/dossiers/{number}/status", self.portal);
        let moved = now(post(&url, &json!({"status": status}), &[]));
        assert_eq!(moved.status, 200, "{moved:?}");
    }

    /// All that the portal knows of a dossier.
    pub fn portal_knows(&self, number: &str) -> Value {
        now(get(&format!("{}/internal/dossiers/{number}", self.portal), &[])).json()
    }

    /// Makes the portal fail; `{}` mends it.
    #[expect(clippy::needless_pass_by_value, reason = "faults are written in place")]
    pub fn faults(&self, faults: Value) {
        let set = now(put(&format!("{}/internal/faults", self.portal), &faults));
        assert_eq!(set.status / 100, 2, "{set:?}");
    }

    /// The portal is gone: nobody listens at its address.
    pub fn portal_leaves(&mut self) {
        self.portal_process.kill();
    }

    /// It is back at its address. It knows no session any more, and nothing that was
    /// written to it.
    pub fn portal_returns(&mut self) {
        self.portal_process = portal_at(self.portal.trim_start_matches("http://"));
    }

    /// The ratings that have reached the portal, oldest first.
    pub fn ratings(&self) -> Vec<Value> {
        let written = now(get(&format!("{}/internal/writes", self.portal), &[])).json();
        let mut ratings = written["last_ratings"].as_array().cloned().expect("ratings");
        assert_eq!(written["ratings"], ratings.len(), "more than are shown");
        ratings.reverse();
        ratings
    }

    /// Waits until no rating is on its way to the portal any more; those that have
    /// reached it, oldest first.
    pub fn carried_ratings(&self) -> Vec<Value> {
        eventually("no rating waits", || {
            self.database.run("UPDATE ratings SET next_at = 0 WHERE state = 0 AND next_at > 0");
            (self.database.number("SELECT count(*) AS x FROM ratings WHERE state < 2") == 0).then_some(())
        });
        self.ratings()
    }

    /// The page of the metrics.
    pub fn metrics(&self) -> String {
        now(get(&format!("{}/metrics", self.internal()), &[])).text
    }

    /// The sum of a metric over the series whose labels hold this text.
    pub fn metric(&self, name: &str, labels: &str) -> f64 {
        let page = self.metrics();
        let series = page.lines().filter(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])) && line.contains(labels)
        });
        series.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// Waits until a metric is at least so much.
    pub fn metric_reaches(&self, name: &str, labels: &str, least: f64) {
        eventually(&format!("{name}{{{labels}}} is {least}"), || (self.metric(name, labels) >= least).then_some(()));
    }

    /// Waits until so many messages have been left without an answer.
    pub fn ignored(&self, least: i64) {
        eventually("a message that is left alone", || {
            (self.database.number("SELECT count(*) AS x FROM inbox WHERE state = 3") >= least).then_some(())
        });
    }

    /// Waits until nothing waits: every message is settled, and everything that
    /// goes out has left.
    pub fn settled(&self) {
        eventually("nothing waits in the inbox and in the outbox", || {
            let waits = "SELECT (SELECT count(*) FROM inbox WHERE state < 2) \
                              + (SELECT count(*) FROM outbox WHERE state < 2) AS x";
            (self.database.number(waits) == 0).then_some(())
        });
    }

    /// Waits until everything that left has a receipt.
    pub fn receipted(&self) {
        eventually("every message has its end", || {
            let open = "SELECT count(*) AS x FROM outbox WHERE state < 4";
            (self.database.number(open) == 0).then_some(())
        });
    }

    /// The life of the newest message that went out, as `dakenh sms trace
    /// --json` tells it.
    pub fn trace_of_newest(&self) -> Value {
        self.trace(self.database.number("SELECT max(id) AS x FROM outbox"))
    }

    /// The id of the newest message that went out, as operators type it.
    pub fn id_of_newest(&self) -> String {
        printed(self.database.number("SELECT max(id) AS x FROM outbox"))
    }

    /// The life of a message by the number of its row.
    pub fn trace(&self, row: i64) -> Value {
        let traced = self.run(&["sms", "trace", &printed(row), "--json"]);
        assert_eq!(traced.code, Some(0), "{traced:?}");
        serde_json::from_str(&traced.out).expect("JSON")
    }

    /// Runs a command beside the gateway, with its configuration.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let config = self.folder.path().join("dakenh.toml");
        let config = config.to_str().expect("a readable path");
        let internal = format!("listen.internal={}", self.internal().trim_start_matches("http://"));
        let mut all = vec!["--config", config, "--set", &internal];
        for setting in &self.settings {
            all.extend(["--set", setting]);
        }
        all.extend(arguments);
        dakenh_at(&self.program, &all, &[KEY, PASSWORD])
    }

    /// POST of JSON to the public listener.
    #[expect(clippy::needless_pass_by_value, reason = "bodies are written in place")]
    pub fn post(&self, path: &str, body: Value) -> Answer {
        now(post(&format!("{}{path}", self.public()), &body, &[]))
    }
}

/// The number of a row, as `dakenh sms` prints it.
fn printed(row: i64) -> String {
    format!("{:x}-{:x}", row >> 40, row & ((1 << 40) - 1))
}

fn portal_at(address: &str) -> Process {
    Process::start(&["portal-sim", "--listen", address], &[PASSWORD])
}

fn serve(program: &std::path::Path, folder: &TempDir, settings: &Vec<String>) -> Process {
    let config = folder.path().join("dakenh.toml");
    let mut all = vec!["serve", "--config", config.to_str().expect("a readable path")];
    for setting in settings {
        all.extend(["--set", setting]);
    }
    Process::start_at(program, &all, &[KEY, PASSWORD])
}
