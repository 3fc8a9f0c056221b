//! A provider that does as the script says, on a socket of the loopback.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the provider does with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Answers.
    Answer(u16, &'static str),
    /// Answers with one more header.
    AnswerWith(u16, &'static str, &'static str),
    /// Reads the request and hangs up.
    HangUp,
    /// Reads the request and says nothing.
    Silence,
    /// Begins an answer and hangs up within.
    BreakOff,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) struct ScriptedPeer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl ScriptedPeer {
    pub(crate) async fn new(script: &[Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let (seen, script) = (Arc::clone(&requests), script.to_vec());
        let task = tokio::spawn(async move {
            for act in script {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                seen.lock().push(request);
                play(&act, &mut stream).await;
            }
        });
        Self { address, requests, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn only(&self) -> Request {
        let requests = self.requests.lock();
        assert_eq!(requests.len(), 1);
        requests[0].clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().len()
    }
}

impl Drop for ScriptedPeer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn play(act: &Act, stream: &mut TcpStream) {
    let answer = |status: u16, more: &str, body: &str| {
        format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n{more}connection: close\r\n\r\n{body}", body.len())
    };
    let bytes = match act {
        Act::Answer(status, body) => answer(*status, "", body),
        Act::AnswerWith(status, header, body) => answer(*status, &format!("{header}\r\n"), body),
        Act::HangUp => return,
        Act::Silence => std::future::pending().await,
        Act::BreakOff => "HTTP/1.1 200 x\r\ncontent-length: 100\r\n\r\n{\"CodeResult\":\"100\"".to_owned(),
    };
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

async fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Request { head: head.to_owned(), body: body.to_owned() };
            }
        }
        let mut more = [0; 4096];
        let count = stream.read(&mut more).await.unwrap();
        assert!(count > 0, "the client hung up");
        bytes.extend_from_slice(&more[..count]);
    }
}
