//! An SMSC in a process of its own, told what to do by lines of JSON.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::support::soon;

/// It ends when it is dropped.
pub(crate) struct Peer {
    pub(crate) port: u16,
    _process: Child,
    orders: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    /// Starts it and waits until it listens. The command is split at spaces.
    pub(crate) async fn start(command: &str) -> Self {
        let mut words = command.split_whitespace();
        let mut process = Command::new(words.next().unwrap())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        let orders = process.stdin.take().unwrap();
        let events = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut peer = Self { port: 0, _process: process, orders, events };
        let listening = peer.event("listening").await;
        peer.port = u16::try_from(listening["port"].as_u64().unwrap()).unwrap();
        peer
    }

    /// The next event of that kind; others before it are passed over.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        soon(self.event_whenever(kind)).await
    }

    pub(crate) async fn event_whenever(&mut self, kind: &str) -> Value {
        loop {
            let line = self.events.next_line().await.unwrap();
            let event: Value = serde_json::from_str(&line.unwrap_or_else(|| panic!("it ended before {kind}"))).unwrap();
            if event["event"] == kind {
                return event;
            }
            assert_ne!(event["event"], "error", "{event}");
        }
    }

    pub(crate) async fn order(&mut self, order: Value) {
        let line = format!("{order}\n");
        self.orders.write_all(line.as_bytes()).await.unwrap();
        self.orders.flush().await.unwrap();
    }

    pub(crate) async fn answer(&mut self, answers: Value) {
        self.order(json!({"do": "answer", "with": answers})).await;
    }

    /// The whole of a citizen's message in the GSM alphabet or UTF-16.
    pub(crate) async fn deliver(&mut self, number: u32, octets: &[u8], esm_class: u8, data_coding: u8) {
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        self.order(json!({
            "do": "deliver", "ref": number, "from": "84901234567", "to": "8283",
            "octets": hex, "esm_class": esm_class, "data_coding": data_coding,
        }))
        .await;
    }
}
