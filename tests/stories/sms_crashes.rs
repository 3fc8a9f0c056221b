//! `kill -9` under load: what the SMSC was told was taken is answered once,
//! counted by the SMSC. The same check catches a gateway that tells it too
//! early.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{Smsc, Texting, binary, eventually, road, skipped};

/// The phones of a flood begin here.
const FIRST: u64 = 84_901_000_000;

/// A flood of citizens, and power cuts in it.
struct Storm {
    /// Messages in all: enough for all lives.
    count: u64,
    /// Messages a second.
    rate: u64,
    /// Power cuts.
    crashes: u32,
    /// From a start to its end, at least and at most, in milliseconds.
    lives: (u64, u64),
    /// The operator stops it and starts it again, in place of the power cut.
    stopped: bool,
}

/// What became of it.
#[derive(Debug)]
struct Outcome {
    acknowledged: u64,
    redelivered: u64,
    /// Acknowledged, never answered, and no row says that the answer may have
    /// been sent.
    lost: Vec<String>,
    /// Answers whose submit the SMSC never confirmed: sent or not, never
    /// repeated.
    uncertain: usize,
    /// Answered more than once.
    doubled: Vec<String>,
}

/// xorshift64*: a story's instants can be told again from its seed.
struct Dice(u64);

impl Dice {
    #[expect(clippy::print_stdout, reason = "the harness shows it where the story fails")]
    fn new() -> Self {
        use std::hash::{BuildHasher as _, Hasher as _, RandomState};
        let seed = std::env::var_os("STORY_SEED").and_then(|seed| seed.into_string().ok()?.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish()) | 1;
        println!("STORY_SEED={seed}");
        Self(seed)
    }

    fn between(&mut self, (least, most): (u64, u64)) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        least + (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % (most - least + 1)
    }
}

fn report(smsc: &Smsc) -> Value {
    let before = smsc.count("report");
    smsc.order(json!({"do": "report"}));
    smsc.until("a report", |events| events.iter().filter(|event| event["event"] == "report").nth(before).cloned())
}

fn phones(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|phone| phone.as_str().unwrap().to_owned()).collect()
}

#[expect(clippy::print_stdout, reason = "the harness shows it where the story fails")]
fn weather(program: &Path, postgres: Option<&str>, smsc: &Smsc, storm: &Storm) -> Outcome {
    let mut dice = Dice::new();
    let roads =
        road("vnpt", smsc, "window = 200\nrate_per_second = 5000", "") + "[sms.answers]\nrepetition_seconds = 3600\n";
    let settings = ["store.mailbox.dead_after_ms=2000", "store.mailbox.heartbeat_ms=500", "log.filter=error"];
    let mut texting = Texting::start_on(program, postgres, &roads, &settings);
    smsc.counted("bound", 1);
    let texts: Vec<String> = ["status_1", "status_2", "status_4", "status_9"]
        .iter()
        .map(|what| format!("HS {}", texting.sample(what).number))
        .collect();
    smsc.order(json!({
        "do": "flood", "count": storm.count, "rate": storm.rate, "window": 100,
        "first": FIRST, "to": "8283", "texts": texts,
    }));
    for crash in 1..=storm.crashes {
        let end = Instant::now() + Duration::from_millis(dice.between(storm.lives));
        // A random instant of its life; nothing can tell when that is come.
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            std::thread::park_timeout(left);
        }
        if storm.stopped {
            texting.gateway.signal("TERM");
            assert_eq!(texting.gateway.wait(), Some(0), "{}", texting.gateway.errors());
            texting.restart();
        } else {
            texting.crash_and_restart();
        }
        smsc.counted("bound", usize::try_from(crash).unwrap() + 1);
    }
    let last = eventually("every phone's text is taken", || {
        let report = report(smsc);
        (report["acknowledged"] == storm.count).then_some(report)
    });
    texting.settled();
    // Submits that left with the last settled row have been read by now: the
    // SMSC answered them.
    let told = report(smsc);
    assert_eq!(last["acknowledged"], told["acknowledged"]);
    let uncertain = texting.database.texts("SELECT recipient AS x FROM outbox WHERE state = 3");
    let digits = |phone: &String| phone.trim_start_matches('+').to_owned();
    let maybe: std::collections::HashSet<String> = uncertain.iter().map(digits).collect();
    let outcome = Outcome {
        acknowledged: told["acknowledged"].as_u64().unwrap(),
        redelivered: told["redelivered"].as_u64().unwrap(),
        lost: phones(&told["unanswered"]).into_iter().filter(|phone| !maybe.contains(phone)).collect(),
        uncertain: maybe.len(),
        doubled: phones(&told["doubled"]),
    };
    println!("{outcome:?}");
    outcome
}

fn nothing_lost_nothing_doubled(outcome: &Outcome, storm: &Storm) {
    assert!(outcome.doubled.is_empty(), "answered twice: {outcome:?}");
    assert!(outcome.lost.is_empty(), "acknowledged and lost: {outcome:?}");
    // What is uncertain was in the window at a crash.
    assert!(outcome.uncertain <= 200 * usize::try_from(storm.crashes).unwrap(), "{outcome:?}");
    assert!(outcome.acknowledged >= 1_000, "{outcome:?}");
}

const TEN: Storm = Storm { count: 7_000, rate: 500, crashes: 10, lives: (400, 2_500), stopped: false };

#[test]
fn ten_power_cuts_at_500_messages_a_second() {
    let Some(smsc) = Smsc::node() else { return };
    let outcome = weather(binary(), None, &smsc, &TEN);
    nothing_lost_nothing_doubled(&outcome, &TEN);
    assert!(outcome.redelivered > 0, "the cuts came under load: {outcome:?}");
}

#[test]
fn stops_under_load_leave_nothing_in_doubt() {
    let Some(smsc) = Smsc::node() else { return };
    let storm = Storm { count: 2_000, rate: 400, crashes: 3, lives: (500, 1_500), stopped: true };
    let outcome = weather(binary(), None, &smsc, &storm);
    nothing_lost_nothing_doubled(&outcome, &storm);
    assert_eq!(outcome.uncertain, 0, "a stop waits for what is under way: {outcome:?}");
}

#[test]
fn power_cuts_on_postgresql() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else { return skipped("DAKENH_TEST_POSTGRES") };
    let Some(smsc) = Smsc::node() else { return };
    let server = server.into_string().unwrap();
    let name = format!("storm_{}", std::process::id());
    let psql = |sql: &str| {
        let done = std::process::Command::new("psql").args([&server, "-q", "-c", sql]).status();
        assert!(done.is_ok_and(|status| status.success()), "{sql}");
    };
    psql(&format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').unwrap();
    let storm = Storm { count: 2_000, rate: 400, crashes: 4, lives: (400, 2_000), stopped: false };
    let outcome = weather(binary(), Some(&format!("{base}/{name}")), &smsc, &storm);
    psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
    nothing_lost_nothing_doubled(&outcome, &storm);
}

/// The binary of a test build that tells the SMSC before the commit.
#[test]
fn acknowledging_before_the_commit_is_caught() {
    let Some(faulty) = std::env::var_os("DAKENH_BIN_FAULT").map(PathBuf::from) else {
        return skipped("DAKENH_BIN_FAULT");
    };
    // More than the disk can take at once: some are always on their way there.
    let storm = Storm { count: 4_000, rate: 4_000, crashes: 3, lives: (200, 700), stopped: false };
    let Some(smsc) = Smsc::node() else { return };
    nothing_lost_nothing_doubled(&weather(binary(), None, &smsc, &storm), &storm);
    let Some(smsc) = Smsc::node() else { return };
    let outcome = weather(&faulty, None, &smsc, &storm);
    assert!(!outcome.lost.is_empty(), "the check sees nothing: {outcome:?}");
}
