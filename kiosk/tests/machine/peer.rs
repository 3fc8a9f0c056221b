//! A gateway that answers each address by a script, and an enrolled terminal
//! before it.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use gateway_core::domain::Locale;
use kiosk::flow::Event;
use kiosk::flow::ports::{AskId, Gateway as _, Outcome, Question};
use kiosk::machine::{Pulse, Remote, client};
use kiosk_client::{Clock as _, SystemClock};
use mobile_api_types::signature::SigningKey;
use parking_lot::Mutex;

/// Longer than any answer of this machine takes.
const LONG: Duration = Duration::from_secs(30);

/// Status, headers, body.
type Said = (u16, String, String);

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) signed: bool,
    pub(crate) body: String,
}

#[derive(Default)]
struct Script {
    /// By the beginning of the request's line; the longest one counts.
    answers: Mutex<HashMap<String, Said>>,
    seen: Mutex<Vec<Seen>>,
}

/// HTTP/1.1 by hand, one request a connection.
pub(crate) struct Peer {
    address: SocketAddr,
    script: Arc<Script>,
}

impl Peer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Script::default());
        let weak = Arc::downgrade(&script);
        std::thread::spawn(move || {
            for road in listener.incoming().flatten() {
                // The test is over.
                let Some(script) = Weak::upgrade(&weak) else { return };
                // A client may open a road that it does not use.
                std::thread::spawn(move || converse(road, &script));
            }
        });
        let peer = Self { address, script };
        let key = SigningKey::from_seed(&[9; 32]).unwrap().public();
        peer.says(
            "POST /api/v1/devices/enrol",
            201,
            &format!(
                r#"{{"device":"k-0123456789abcdef","site":"001.21.31.H09","site_name":"Trung tâm","name":"Máy 1",
                "gateway_key":"{key}","at":"{}"}}"#,
                SystemClock.now()
            ),
        );
        peer
    }

    pub(crate) fn says(&self, line: &str, status: u16, body: &str) {
        self.says_with(line, status, "content-type: application/json", body);
    }

    pub(crate) fn says_with(&self, line: &str, status: u16, header: &str, body: &str) {
        let said = (status, format!("{header}\r\n"), body.to_owned());
        self.script.answers.lock().insert(line.to_owned(), said);
    }

    pub(crate) fn refuses(&self, line: &str, status: u16, code: &str) {
        let body = format!(
            r#"{{"type":"urn:dakenh:problem:{code}","title":"t","status":{status},"detail":"d","code":"{code}",
            "request_id":"r"}}"#
        );
        self.says_with(line, status, "content-type: application/problem+json", &body);
    }

    pub(crate) fn seen(&self, line: &str) -> Vec<Seen> {
        self.script.seen.lock().iter().filter(|seen| seen.line.starts_with(line)).cloned().collect()
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn converse(mut road: TcpStream, script: &Script) -> std::io::Result<()> {
    let mut reader = BufReader::new(road.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut length, mut signed) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        signed |= header.starts_with("signature:");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    script.seen.lock().push(Seen { line: line.trim().to_owned(), signed, body });
    let answers = script.answers.lock().clone();
    let found = answers.iter().filter(|(begin, _)| line.starts_with(*begin)).max_by_key(|(begin, _)| begin.len());
    let (status, headers, body) = match found {
        Some((_, said)) => said.clone(),
        None => (404, "content-type: text/html\r\n".to_owned(), "<html>".to_owned()),
    };
    write!(road, "HTTP/1.1 {status} x\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

/// A terminal with its thread.
pub(crate) struct Terminal {
    remote: Remote,
    events: Receiver<Event>,
    asked: u64,
    pub(crate) at_start: Option<kiosk::flow::Settings>,
}

impl Terminal {
    /// Enrolled at the peer, with its data in the folder.
    pub(crate) fn enrolled(peer: &Peer, data: &std::path::Path) -> Self {
        let gateway = client(&peer.base(), &data.join("device.key"), Arc::new(SystemClock)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        if gateway.identity().is_none() {
            runtime.block_on(gateway.enrol("7K3F", "0.1.0")).unwrap();
        }
        Self::at(&peer.base(), data)
    }

    /// At an address, with whatever key lies in the folder.
    pub(crate) fn at(url: &str, data: &std::path::Path) -> Self {
        let gateway = client(url, &data.join("device.key"), Arc::new(SystemClock)).unwrap();
        let (sender, events) = channel();
        let sender = Mutex::new(sender);
        let hear = Arc::new(move |event| {
            // A test that has ended hears nothing more.
            let _ = sender.lock().send(event);
        });
        let (remote, at_start) =
            Remote::start(gateway, data, Arc::new(Pulse::default()), Arc::new(SystemClock), hear).unwrap();
        Self { remote, events, asked: 0, at_start }
    }

    /// The next event of a kind; others are let by.
    pub(crate) fn hears<T>(&self, wanted: impl Fn(Event) -> Option<T>) -> T {
        for _ in 0..10 {
            if let Some(found) = wanted(self.events.recv_timeout(LONG).unwrap()) {
                return found;
            }
        }
        panic!("ten other events");
    }

    pub(crate) fn ask(&mut self, question: Question) -> (Outcome, bool) {
        let id = self.asks(question);
        let outcome = self.hears(|event| match event {
            Event::Answered(of, outcome) if of == id => Some(outcome),
            _ => None,
        });
        let there = self.hears(|event| match event {
            Event::Connected(there) => Some(there),
            _ => None,
        });
        (outcome, there)
    }

    pub(crate) fn asks(&mut self, question: Question) -> AskId {
        self.asked += 1;
        let id = AskId(self.asked);
        self.remote.ask(id, question, Locale::VI);
        id
    }

    pub(crate) fn forgets(&mut self) {
        self.remote.forget();
    }
}
