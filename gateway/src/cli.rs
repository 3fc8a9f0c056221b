//! The command line: what can be typed, nothing of what it does.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Đa Kênh: the citizen access gateway of a province.
#[derive(Debug, Parser)]
#[command(name = "dakenh", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where settings come from: `dakenh.default.toml` (compiled in), then the
/// file, then the environment (`DAKENH_PORTAL__STACK__CALL_TIMEOUT_MS=…`), then `--set`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// One setting, such as `--set portal.stack.call_timeout_ms=2000`; may be repeated.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A whole small world to try: a portal, the gateway and a database.
    Demo(Demo),
    /// Run the gateway.
    Serve,
    /// Ask a question, as a citizen would.
    Ask(Ask),
    /// A portal to run against.
    PortalSim(PortalSim),
    /// The catalogue of procedures.
    #[command(subcommand)]
    Catalogue(Catalogue),
    /// Bring the database's tables up to date.
    Migrate,
    /// Check every setting and every peer, a line each.
    Check,
    /// What an answer code stood for.
    Answer(Answer),
    /// Announcements that go with every answer.
    Notice {
        #[command(flatten)]
        demo: DemoFolder,
        #[command(subcommand)]
        verb: Notice,
    },
    /// Text messages.
    Sms {
        #[command(flatten)]
        demo: DemoFolder,
        #[command(subcommand)]
        verb: Sms,
    },
    /// Accounts of officers.
    Officer {
        #[command(flatten)]
        demo: DemoFolder,
        #[command(subcommand)]
        verb: Officer,
    },
    /// Terminals of the administration (kiosks).
    Kiosk {
        #[command(flatten)]
        demo: DemoFolder,
        #[command(subcommand)]
        verb: Kiosk,
    },
    /// The Official Account at Zalo.
    Zalo {
        #[command(flatten)]
        demo: DemoFolder,
        #[command(subcommand)]
        verb: Zalo,
    },
    /// What the assistant understands, and how well.
    #[command(subcommand)]
    Assistant(Assistant),
    /// Print the OpenAPI description of the mobile API.
    Openapi,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Demo {
    #[command(subcommand)]
    pub(crate) verb: Option<DemoVerb>,
    /// Folder for the demo's database and for `demo.json`.
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Address of the public listener; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) public: SocketAddr,
    /// Address of the internal listener (health, metrics).
    #[arg(long, default_value = "127.0.0.1:8081", value_name = "ADDR")]
    pub(crate) internal: SocketAddr,
    /// Address of the simulated portal.
    #[arg(long, default_value = "127.0.0.1:8082", value_name = "ADDR")]
    pub(crate) portal: SocketAddr,
    /// Address of the simulated SMSC: text messages over SMPP.
    #[arg(long, default_value = "127.0.0.1:2775", value_name = "ADDR")]
    pub(crate) smsc: SocketAddr,
    /// Procedures from a file (`.jsonl` or `.jsonl.gz`) in place of the small catalogue.
    #[arg(long, value_name = "FILE")]
    pub(crate) procedures: Option<PathBuf>,
    /// Seed of the dossiers.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DemoVerb {
    /// Text the demo's short code and show the exchange as a phone would.
    Sms(DemoSms),
}

#[derive(Debug, Args)]
pub(crate) struct DemoSms {
    /// Folder of the demo that runs.
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// The phone that texts.
    #[arg(long, default_value = "0912345678", value_name = "NUMBER")]
    pub(crate) from: String,
    /// How long to wait for the answer, in seconds.
    #[arg(long, default_value_t = 20, value_name = "SECONDS")]
    pub(crate) wait: u64,
    /// The message.
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The running gateway; the demo's by default.
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Print one JSON object an answer; without a question, one for each line of
    /// the input.
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of the answer.
    #[arg(long, default_value = "vi", value_name = "TAG")]
    pub(crate) lang: String,
    /// Folder of the demo whose address is used.
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// The question; without one a conversation begins.
    #[arg(value_name = "QUESTION")]
    pub(crate) question: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PortalSim {
    /// Address to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8082", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
    /// Procedures from a file (`.jsonl` or `.jsonl.gz`).
    #[arg(long, value_name = "FILE")]
    pub(crate) procedures: Option<PathBuf>,
    /// How many dossiers there are, up to 1,000,000.
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub(crate) dossiers: u64,
    /// Seed of the dossiers.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    pub(crate) seed: u64,
    /// Faults from the start, as the JSON that the control endpoint takes.
    #[arg(long, value_name = "JSON")]
    pub(crate) faults: Option<String>,
    /// The same latency for every answer, in milliseconds (0–60000).
    #[arg(long, value_name = "MS", conflicts_with = "faults")]
    pub(crate) latency_ms: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Catalogue {
    /// Import the portal's procedures; goes on where it was interrupted.
    Sync {
        /// Forget what an interrupted import has fetched.
        #[arg(long)]
        fresh: bool,
    },
    /// Read and index the catalogue's file beforehand, so that starts are quick.
    Prepare,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Assistant {
    /// Train the models of intents from the project's own utterances.
    Train {
        /// Folder for `intents.bin` and `topics.bin`.
        #[arg(long, default_value = "assistant/nlu/model", value_name = "DIR")]
        out: PathBuf,
    },
    /// Measure the assistant on questions and dialogues (JSON lines).
    Eval(AssistantEval),
    /// Train and test the classifier alone on any corpus: one sentence a line in
    /// `seq.in`, its label in the same line of `label`.
    TrainEval {
        /// Folder of the sentences to learn.
        #[arg(long, value_name = "DIR")]
        train: PathBuf,
        /// Folder of the sentences to be asked.
        #[arg(long, value_name = "DIR")]
        test: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// What is understood of one sentence, and why.
    Explain {
        /// Procedures from a file in place of the configured ones.
        #[arg(long, value_name = "FILE")]
        procedures: Option<PathBuf>,
        /// The sentence.
        #[arg(required = true, value_name = "TEXT")]
        text: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AssistantEval {
    /// Questions and dialogues, one JSON object a line; may be repeated.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder for `report.md`, with every mistake.
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Procedures from a file (`.jsonl` or `.jsonl.gz`) in place of the configured ones.
    #[arg(long, value_name = "FILE")]
    pub(crate) procedures: Option<PathBuf>,
    /// Without the baselines (plain BM25, the plain interpreter).
    #[arg(long)]
    pub(crate) alone: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// The code, as the citizen reads it out: `7K3F`.
    pub(crate) code: String,
    #[command(flatten)]
    pub(crate) demo: DemoFolder,
}

/// The database of a demo, in place of the configured one.
#[derive(Debug, Args)]
pub(crate) struct DemoFolder {
    /// Folder of the demo whose database is used.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Notice {
    /// Put up an announcement.
    Add {
        /// Until when: `2026-11-24T17:00`, in Vietnam's time, or an RFC 3339 time.
        #[arg(long, value_name = "TIME")]
        until: String,
        /// From when on; now by default.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Only on this channel; may be repeated. Everywhere by default.
        #[arg(long = "channel", value_name = "CHANNEL")]
        channels: Vec<String>,
        /// The text in one language, such as `--text vi="…"`; may be repeated,
        /// and every language of the gateway is wanted.
        #[arg(long = "text", value_name = "LANG=TEXT", required = true)]
        texts: Vec<String>,
    },
    /// What hangs on the board.
    List,
    /// Take one down.
    End {
        /// Its number in the list.
        id: i64,
    },
}

/// Passwords are typed at a prompt, or read as the first line of standard input
/// where that is no terminal; never from an argument, which others can see.
#[derive(Debug, Subcommand)]
pub(crate) enum Officer {
    /// Make an account.
    Add {
        /// What is typed to sign in: 3 to 40 of a–z, digits, dots, dashes.
        login: String,
        /// The name that colleagues read.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// `officer`, `supervisor` or `operator`.
        #[arg(long, default_value = "officer", value_name = "ROLE")]
        role: String,
        /// Only what belongs to this agency (its code); may be repeated. All by default.
        #[arg(long = "site", value_name = "CODE")]
        sites: Vec<String>,
        /// Make up a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// Every account.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Set a password; whoever is signed in with the account is signed out.
    Password {
        /// Whose.
        login: String,
        /// Make up a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// Shut an account: it is signed out everywhere at once.
    Disable {
        /// Whose.
        login: String,
    },
    /// Open an account again.
    Enable {
        /// Whose.
        login: String,
    },
    /// Set up the second factor (TOTP): prints the secret for an authenticator app.
    Totp {
        /// Whose.
        login: String,
        /// Take the second factor away.
        #[arg(long)]
        clear: bool,
    },
    /// Give another role.
    Role {
        /// Whose.
        login: String,
        /// `officer`, `supervisor` or `operator`.
        role: String,
    },
    /// Say which agencies an account may see; none named: all.
    Sites {
        /// Whose.
        login: String,
        /// Codes of agencies.
        codes: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Kiosk {
    /// Make a code that turns a terminal into one of the house's, once.
    Enrol {
        /// Where it stands: the code of an agency.
        #[arg(long, value_name = "CODE")]
        site: String,
        /// Its name, such as "Sảnh tầng 1, máy 2".
        #[arg(long, value_name = "NAME")]
        name: String,
        /// So long the code is good, in minutes; `kiosk.enrolment_minutes` by default.
        #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=10_080))]
        valid_minutes: Option<u32>,
    },
    /// Every terminal: its version, its printer, when it was last heard.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hear a terminal no more, from its next request on.
    Revoke {
        /// Its id, as in the list.
        device: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Sms {
    /// Send a message of the administration.
    Send(SmsSend),
    /// The roads and how they are, asked of the running gateway.
    Routes {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// A message's whole life.
    Trace {
        /// Its id, such as `3-1a2b`.
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take a road out of service: what waits for it is sent, new messages take
    /// other roads.
    Drain {
        /// The road.
        road: String,
        /// Wait so long for its queue to be empty, in seconds.
        #[arg(long, default_value_t = 60, value_name = "SECONDS")]
        within: u64,
    },
    /// Put a road into service again.
    Resume {
        /// The road.
        road: String,
    },
    /// How a text travels: its alphabet, its parts as text and as octets, its cost.
    Split(SmsSplit),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Zalo {
    /// Take a refresh token, from the standard input; a gateway that runs uses it
    /// within half a minute.
    Authorise {
        /// In place of a new token, use the one that is kept once more, though
        /// Zalo refused it or nobody knows whether it was used.
        #[arg(long)]
        again: bool,
    },
    /// How the tokens stand.
    Status,
}

#[derive(Debug, Args)]
pub(crate) struct SmsSend {
    /// The phone.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) to: String,
    /// The language of what stands around the text.
    #[arg(long, default_value = "vi", value_name = "TAG")]
    pub(crate) lang: String,
    /// The text.
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SmsSplit {
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// `folded`, `accented` or `accented-if-no-more-parts`; the route's by default.
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// As on this road; the first route's by default.
    #[arg(long, value_name = "ROAD")]
    pub(crate) road: Option<String>,
    /// So many parts at most; the rest is kept for TIEP.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) max_parts: Option<u8>,
    /// Parts with a reference of 16 bits (152 septets, 66 units).
    #[arg(long)]
    pub(crate) wide_reference: bool,
    /// The text.
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
}
