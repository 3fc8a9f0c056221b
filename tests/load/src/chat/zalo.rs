//! Zalo's side, as far as a bench needs it: it signs, gives tokens and takes
//! messages. `tests/support` has the one that also says no.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::book::Book;

const APP_ID: &str = "360846524940903967";
const OA_ID: &str = "579745863508352884";
const SECRET: &str = "of-a-bench";

/// A provider that runs until the process ends.
pub(super) struct Zalo {
    at: SocketAddr,
}

impl Zalo {
    /// Starts it on a thread of its own; what citizens are told enters the book.
    pub(super) fn start(book: Book) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").context("the provider's door")?;
        listener.set_nonblocking(true)?;
        let at = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let router = Router::new()
            .route("/v3.0/oa/message/cs", post(message))
            .route("/v4/oa/access_token", post(token))
            .with_state(book);
        std::thread::spawn(move || {
            runtime.block_on(async {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    let _ = axum::serve(listener, router).await;
                }
            });
        });
        Ok(Self { at })
    }

    /// The settings that bring the gateway here.
    pub(super) fn settings(&self) -> String {
        let at = self.at;
        format!(
            r#"
[http.address_limit]
# One address brings every citizen's message.
exempt = ["127.0.0.0/8"]

[zalo]
app_id = "{APP_ID}"
oa_id = "{OA_ID}"
oa_secret = "{SECRET}"
app_secret = "{SECRET}"
refresh_token = "first"
api_url = "http://{at}"
oauth_url = "http://{at}"
"#
        )
    }
}

/// A whole HTTP request with an event; `at` in milliseconds since the epoch.
pub(super) fn webhook(user: &str, id: &str, words: &str, at: i64) -> Vec<u8> {
    let at = at.to_string();
    let body = json!({
        "app_id": APP_ID,
        "user_id_by_app": "552177279717587730",
        "event_name": "user_send_text",
        "timestamp": at,
        "sender": {"id": user},
        "recipient": {"id": OA_ID},
        "message": {"msg_id": id, "text": words},
    })
    .to_string();
    let hash = Sha256::new().chain_update(APP_ID).chain_update(&body).chain_update(&at).chain_update(SECRET);
    let mac = hash.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!(
        "POST /webhooks/zalo HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
         x-zevent-signature: mac={mac}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn message(State(book): State<Book>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let user = body["recipient"]["user_id"].as_str().unwrap_or_default();
    book.told(user, body["message"]["text"].as_str().unwrap_or_default());
    json_of(&json!({"error": 0, "message": "Success", "data": {"message_id": "G1", "user_id": user}}))
}

async fn token() -> Response {
    json_of(&json!({"access_token": "access", "refresh_token": "next", "expires_in": "90000"}))
}

fn json_of(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
