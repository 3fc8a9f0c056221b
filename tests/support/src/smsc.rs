use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::patience::{PATIENCE, skipped};

/// The short code that phones write to where a story does not say another.
pub const SHORT_CODE: &str = "8283";

/// An SMSC that is not ours, in a process of its own (`tests/peers/`). What it
/// saw is counted here, never what the gateway says of itself. It ends with
/// the story.
#[derive(Debug)]
pub struct Smsc {
    /// Where it listens on this machine.
    pub port: u16,
    process: Child,
    orders: Mutex<ChildStdin>,
    heard: Arc<Heard>,
    references: Mutex<u64>,
}

#[derive(Debug, Default)]
struct Heard {
    events: Mutex<Vec<Value>>,
    more: Condvar,
}

/// A message, or a part of one, that a phone hands to the SMSC.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who writes.
    pub from: String,
    /// To which short code.
    pub to: String,
    /// Its octets, with the user data header where there is one.
    pub octets: Vec<u8>,
    /// 0x40 where a user data header stands in front.
    pub esm_class: u8,
    /// 0 for the GSM alphabet, 8 for UTF-16.
    pub data_coding: u8,
    /// It travels as `message_payload`.
    pub payload: bool,
    /// Further fields by their names in `smpp`.
    pub tlvs: Value,
}

impl Letter {
    /// A text from a phone to the short code. Letters that the GSM alphabet
    /// and ASCII share travel as they are, all others as UTF-16.
    pub fn of(from: &str, text: &str) -> Self {
        let (octets, data_coding) = encoded(text);
        Self {
            from: from.to_owned(),
            to: SHORT_CODE.to_owned(),
            octets,
            esm_class: 0,
            data_coding,
            payload: false,
            tlvs: Value::Null,
        }
    }

    /// The same text as parts of at most `octets` octets each, with a header of
    /// the concatenation before each.
    pub fn parts(from: &str, text: &str, octets: usize, header: impl Fn(u8, u8) -> Vec<u8>) -> Vec<Self> {
        let whole = Self::of(from, text);
        let pieces: Vec<&[u8]> = whole.octets.chunks(octets).collect();
        let total = u8::try_from(pieces.len()).expect("few parts");
        let parts = pieces.into_iter().zip(1..=total).map(|(piece, sequence)| {
            let header = header(total, sequence);
            let esm_class = if header.is_empty() { 0 } else { 0x40 };
            Self { octets: [header.as_slice(), piece].concat(), esm_class, ..whole.clone() }
        });
        parts.collect()
    }
}

/// The octets of a text, and their data coding.
pub fn encoded(text: &str) -> (Vec<u8>, u8) {
    let shared = |c: char| c.is_ascii_alphanumeric() || " \n.,:;-+*/()!?\"'%&=<>#".contains(c);
    if text.chars().all(shared) {
        return (text.as_bytes().to_vec(), 0);
    }
    (text.encode_utf16().flat_map(u16::to_be_bytes).collect(), 8)
}

impl Smsc {
    /// The npm package `smpp`; `None` where it is not installed, and then the
    /// story says that it is skipped.
    pub fn node() -> Option<Self> {
        Self::of("DAKENH_TEST_SMSC_NODE")
    }

    /// Python's `smpp.twisted3`.
    pub fn python() -> Option<Self> {
        Self::of("DAKENH_TEST_SMSC_PYTHON")
    }

    fn of(variable: &str) -> Option<Self> {
        match std::env::var_os(variable).and_then(|command| command.into_string().ok()) {
            Some(command) if !command.trim().is_empty() => Some(Self::start(&command)),
            _ => {
                skipped(variable);
                None
            }
        }
    }

    /// Starts it and waits until it listens. The command is split at spaces.
    fn start(command: &str) -> Self {
        let mut words = command.split_whitespace();
        let mut process = Command::new(words.next().unwrap_or_default())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|problem| panic!("{command}: {problem}"));
        let orders = process.stdin.take().expect("standard input is piped");
        let out = process.stdout.take().expect("standard output is piped");
        let heard = Arc::new(Heard::default());
        let hearing = Arc::clone(&heard);
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_else(|_| json!({"event": "unreadable", "is": line}));
                hearing.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
                hearing.more.notify_all();
            }
        });
        let mut smsc = Self { port: 0, process, orders: Mutex::new(orders), heard, references: Mutex::new(0) };
        let listening = smsc.event("listening");
        smsc.port = listening["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
        smsc
    }

    /// Everything that it told, oldest first.
    fn events(&self) -> MutexGuard<'_, Vec<Value>> {
        self.heard.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something can be found in all that it told.
    pub fn until<T>(&self, what: &str, find: impl Fn(&[Value]) -> Option<T>) -> T {
        let started = Instant::now();
        let mut events = self.events();
        loop {
            if let Some(found) = find(&events) {
                return found;
            }
            let Some(left) = PATIENCE.checked_sub(started.elapsed()) else {
                let last: Vec<_> = events.iter().rev().take(12).rev().map(Value::to_string).collect();
                panic!("not seen by the SMSC: {what}; the last it saw:\n{}", last.join("\n"));
            };
            (events, _) = self.heard.more.wait_timeout(events, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The first event of a kind.
    pub fn event(&self, kind: &str) -> Value {
        self.until(kind, |events| events.iter().find(|event| event["event"] == kind).cloned())
    }

    /// How many events of a kind there were.
    pub fn count(&self, kind: &str) -> usize {
        self.events().iter().filter(|event| event["event"] == kind).count()
    }

    /// Waits until there were so many events of a kind.
    pub fn counted(&self, kind: &str, most: usize) {
        self.until(&format!("{most} times {kind}"), |events| {
            (events.iter().filter(|event| event["event"] == kind).count() >= most).then_some(())
        });
    }

    /// Gives an order, as the peer's own page describes them.
    #[expect(clippy::needless_pass_by_value, reason = "orders are written in place")]
    pub fn order(&self, order: Value) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(orders, "{order}").and_then(|()| orders.flush()).expect("the SMSC takes orders");
    }

    /// How the next submits are answered, one each.
    #[expect(clippy::needless_pass_by_value, reason = "answers are written in place")]
    pub fn answer(&self, with: Value) {
        self.order(json!({"do": "answer", "with": with}));
    }

    /// Hands a letter to the gateway; gives the reference under which its
    /// response is told.
    pub fn deliver(&self, letter: &Letter) -> u64 {
        let reference = {
            let mut references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
            *references += 1;
            *references
        };
        let hex: String = letter.octets.iter().map(|octet| format!("{octet:02x}")).collect();
        self.order(json!({
            "do": "deliver", "ref": reference, "from": letter.from, "to": letter.to, "octets": hex,
            "esm_class": letter.esm_class, "data_coding": letter.data_coding, "payload": letter.payload,
            "tlvs": if letter.tlvs.is_null() { json!({}) } else { letter.tlvs.clone() },
        }));
        reference
    }

    /// The status of the response to a delivery.
    pub fn acknowledged(&self, reference: u64) -> i64 {
        self.until(&format!("the response to delivery {reference}"), |events| {
            let response = events.iter().find(|event| event["event"] == "delivered" && event["ref"] == reference);
            response.map(|response| response["status"].as_i64().unwrap_or(-1))
        })
    }

    /// A phone texts the short code, and the gateway takes it.
    pub fn text(&self, from: &str, text: &str) {
        let reference = self.deliver(&Letter::of(from, text));
        assert_eq!(self.acknowledged(reference), 0, "{text}: not taken");
    }

    /// Texts, and waits for the reply.
    pub fn ask(&self, from: &str, text: &str) -> String {
        let before = self.texts(from).len();
        self.text(from, text);
        self.reply(from, before + 1)
    }

    /// Waits for the `number`-th text to a phone.
    pub fn reply(&self, to: &str, number: usize) -> String {
        self.until(&format!("text {number} to {to}"), |events| texts(events, to).get(number - 1).cloned())
    }

    /// The whole texts that reached a phone, each joined from its parts.
    pub fn texts(&self, to: &str) -> Vec<String> {
        texts(&self.events(), to)
    }

    /// What was submitted to a phone, part by part.
    pub fn submits(&self, to: &str) -> Vec<Value> {
        let events = self.events();
        events.iter().filter(|event| event["event"] == "submit" && same(event, to)).cloned().collect()
    }

    /// What was submitted to anybody.
    pub fn all_submits(&self) -> Vec<Value> {
        self.events().iter().filter(|event| event["event"] == "submit").cloned().collect()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Smsc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Numbers are compared without the plus.
fn same(submit: &Value, to: &str) -> bool {
    submit["to"].as_str().is_some_and(|digits| digits.trim_start_matches('+') == to.trim_start_matches('+'))
}

/// Joins as a handset does: by the reference and the count of the header, or by
/// the fields of `sar`; each part once.
fn texts(events: &[Value], to: &str) -> Vec<String> {
    let mut whole = Vec::new();
    let mut sets: BTreeMap<(u64, u64), BTreeMap<u64, String>> = BTreeMap::new();
    // What was refused, or dropped with the connection, reached nobody.
    let taken = |event: &&Value| event["event"] == "submit" && event["taken"] != false && same(event, to);
    for submit in events.iter().filter(taken) {
        let text = submit["text"].as_str().unwrap_or_default().to_owned();
        let Some((reference, total, sequence)) = place(submit) else {
            whole.push(text);
            continue;
        };
        let set = sets.entry((reference, total)).or_default();
        set.insert(sequence, text);
        if u64::try_from(set.len()).is_ok_and(|parts| parts == total) {
            whole.push(set.values().map(String::as_str).collect());
            sets.remove(&(reference, total));
        }
    }
    whole
}

/// Reference, total and sequence of a part; `None` for a whole message.
pub(crate) fn place(submit: &Value) -> Option<(u64, u64, u64)> {
    let three = |values: &Value| Some((values[0].as_u64()?, values[1].as_u64()?, values[2].as_u64()?));
    if let Some(place) = three(&submit["place"]).or_else(|| three(&submit["sar"])) {
        return Some(place);
    }
    let header = submit["udh"].as_str()?;
    let octet = |at: usize| u64::from_str_radix(header.get(2 * at..2 * at + 2)?, 16).ok();
    match header.get(..4)? {
        "0003" => Some((octet(2)?, octet(3)?, octet(4)?)),
        "0804" => Some((octet(2)? << 8 | octet(3)?, octet(4)?, octet(5)?)),
        _ => None,
    }
}
