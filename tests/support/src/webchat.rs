use std::time::Duration;

use serde_json::{Value, json};

use crate::patience::{PATIENCE, eventually};
use crate::web::{Answer, client, get, now, post};

const SESSION: &str = "x-chat-session";

/// A browser's side of the web chat: it keeps the token and the number of the last
/// line, and nothing else.
#[derive(Debug)]
pub struct Webchat {
    /// Address of the gateway; another one after a restart.
    pub base: String,
    /// Whose conversation it is.
    pub token: String,
    /// What was said, in its order, each line once.
    pub lines: Vec<Value>,
    /// Headers beside the token.
    pub headers: Vec<(String, String)>,
    said: u32,
}

/// A stream of what is said, as a browser holds it open.
#[derive(Debug)]
pub struct Listening {
    runtime: tokio::runtime::Runtime,
    response: reqwest::Response,
    unread: Vec<u8>,
}

impl Webchat {
    /// Opens the page, which brings a token.
    pub fn open(base: &str) -> Self {
        let page = now(get(&format!("{base}/chat"), &[]));
        assert_eq!(page.status, 200, "{page:?}");
        let token = page.text.split("data-token=\"").nth(1).and_then(|rest| rest.split('"').next());
        Self {
            base: base.to_owned(),
            token: token.expect("the page brings a token").to_owned(),
            lines: Vec::new(),
            headers: Vec::new(),
            said: 0,
        }
    }

    /// The same as a proxy hands it on for a client of that address.
    pub fn open_from(base: &str, address: &str) -> Self {
        let mut chat = Self::open(base);
        chat.headers.push(("x-forwarded-for".into(), address.into()));
        chat
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        own.chain([(SESSION, self.token.as_str())]).collect()
    }

    /// Says something under an id of the browser's own.
    pub fn say_as(&self, id: &str, text: &str) -> Answer {
        let body = json!({"id": id, "text": text, "lang": "vi"});
        now(post(&format!("{}/chat/messages", self.base), &body, &self.headers()))
    }

    /// Says something, which is taken; the id that it had.
    pub fn say(&mut self, text: &str) -> String {
        self.said += 1;
        let id = format!("m{}", self.said);
        let taken = self.say_as(&id, text);
        assert_eq!(taken.status, 202, "{taken:?}");
        id
    }

    /// Reads what was said since the last line.
    pub fn read(&mut self) {
        let after = self.last();
        let told = now(get(&format!("{}/chat/lines?after={after}", self.base), &self.headers()));
        assert_eq!(told.status, 200, "{told:?}");
        for line in told.json().as_array().expect("lines") {
            assert!(line["id"].as_i64() > Some(self.last()), "a line comes twice: {line}");
            self.lines.push(line.clone());
        }
    }

    /// The number of the last line.
    pub fn last(&self) -> i64 {
        self.lines.last().and_then(|line| line["id"].as_i64()).unwrap_or_default()
    }

    /// The texts of one speaker.
    pub fn texts(&self, who: &str) -> Vec<&str> {
        self.lines.iter().filter(|line| line["who"] == who).filter_map(|line| line["text"].as_str()).collect()
    }

    /// Waits for so many answers of the house; the last of them.
    pub fn answers(&mut self, count: usize) -> Value {
        eventually(&format!("{count} answers"), || {
            self.read();
            let answers: Vec<&Value> = self.lines.iter().filter(|line| line["who"] == "assistant").collect();
            assert!(answers.len() <= count, "more than {count}: {answers:?}");
            (answers.len() == count).then(|| answers.last().map(|line| (*line).clone()).unwrap_or_default())
        })
    }

    /// Says something and waits for the answer.
    pub fn ask(&mut self, text: &str) -> Value {
        let before = self.texts("assistant").len();
        self.say(text);
        self.answers(before + 1)
    }

    /// Opens the stream after a line.
    pub fn listen(&self, after: i64) -> Listening {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let url = format!("{}/chat/events", self.base);
        let mut request = client().get(&url).header("last-event-id", after.to_string());
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        let response = runtime.block_on(request.send()).expect("an answer");
        assert_eq!(response.status(), 200);
        Listening { runtime, response, unread: Vec::new() }
    }
}

impl Listening {
    /// The next event: its id, its kind, its data. `None` where the stream ended.
    pub fn heard(&mut self) -> Option<(i64, String, Value)> {
        loop {
            if let Some(at) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..at + 2).collect();
                let block = String::from_utf8(block).expect("the stream is UTF-8");
                let field =
                    |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
                if field("event:").is_empty() {
                    continue;
                }
                let data = serde_json::from_str(field("data:")).expect("data is JSON");
                return Some((field("id:").parse().unwrap_or_default(), field("event:").to_owned(), data));
            }
            let chunk = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.response.chunk()).await });
            match chunk.expect("something comes in time") {
                Ok(Some(bytes)) => self.unread.extend_from_slice(&bytes),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Until the stream says that it has told all there was; the lines.
    pub fn until_ready(&mut self) -> Vec<Value> {
        let mut lines = Vec::new();
        loop {
            match self.heard().expect("the stream goes on") {
                (_, kind, _) if kind == "ready" => return lines,
                (id, kind, data) => {
                    assert_eq!((kind.as_str(), data["id"].as_i64()), ("line", Some(id)));
                    lines.push(data);
                }
            }
        }
    }

    /// How long the stream still lives.
    pub fn ends_within(mut self) -> Duration {
        let started = std::time::Instant::now();
        while self.heard().is_some() {}
        started.elapsed()
    }
}
