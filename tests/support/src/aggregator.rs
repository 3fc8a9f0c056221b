use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::patience::PATIENCE;

/// The sending side of an aggregator: it takes every POST, remembers it, and
/// answers as a story wants. It ends with the story.
#[derive(Debug)]
pub struct Aggregator {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    heard: Mutex<Vec<Value>>,
    more: Condvar,
    reply: Value,
}

impl Aggregator {
    /// Starts it; every call is answered with this.
    pub fn start(reply: Value) -> Self {
        let shared = Arc::new(Shared { heard: Mutex::default(), more: Condvar::new(), reply });
        let router = Router::new().fallback(take).with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        listener.set_nonblocking(true).expect("not blocking");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    _ = async { axum::serve(listener, router).await } => {}
                    _ = stopped => {}
                }
            });
        });
        Self { url, shared, _stop: stop }
    }

    /// The bodies that came so far, each with its `path`.
    pub fn heard(&self) -> Vec<Value> {
        self.shared.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the `number`-th call.
    pub fn call(&self, number: usize) -> Value {
        let started = Instant::now();
        let mut heard = self.shared.heard.lock().unwrap_or_else(PoisonError::into_inner);
        while heard.len() < number {
            let left = PATIENCE.checked_sub(started.elapsed()).unwrap_or_else(|| panic!("no call {number}: {heard:?}"));
            (heard, _) = self.shared.more.wait_timeout(heard, left).unwrap_or_else(PoisonError::into_inner);
        }
        heard[number - 1].clone()
    }
}

async fn take(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> axum::response::Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    shared.heard.lock().unwrap_or_else(PoisonError::into_inner).push(json!({"path": uri.path(), "body": body}));
    shared.more.notify_all();
    axum::Json(shared.reply.clone()).into_response()
}
