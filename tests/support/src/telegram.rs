use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

use crate::chat::Delivery;
use crate::patience::PATIENCE;

/// The token of the bot in all stories.
pub const BOT_TOKEN: &str = "123456:AA-story_token";
/// What its webhook is called with.
pub const BOT_SECRET: &str = "bi-mat_cua-cau-chuyen";
/// Its name.
pub const BOT_NAME: &str = "DaKenhBot";

const BOT_ID: i64 = 123_456;

/// Telegram's Bot API, as far as a bot of ours calls it: updates with their
/// offset, one poller at a time, webhooks, messages with their limits. It ends
/// with the story.
#[derive(Debug)]
pub struct BotApi {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

/// What goes wrong with one call.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429, with the seconds to wait.
    RetryAfter(u64),
    /// An error code and its description.
    Error(u16, &'static str),
    /// The group has another id now.
    Migrated(i64),
    /// The answer never comes.
    Silent,
    /// The connection breaks off in the middle of the answer.
    BreaksOff,
    /// The answer is this text.
    Says(&'static str),
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<Inner>,
    more_calls: Condvar,
    more_updates: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    calls: Vec<(String, Value)>,
    faults: HashMap<String, VecDeque<Fault>>,
    updates: BTreeMap<i64, Value>,
    last_update: i64,
    /// Which number an event of [`BotApi::said`] has.
    numbers: HashMap<String, i64>,
    webhook: Option<Value>,
    messages: Vec<Value>,
    /// Which poll is the latest; an older one is ended.
    poll: u64,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BotApi {
    /// Starts it.
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new().route("/{bot}/{method}", any(answer)).with_state(Arc::clone(&shared));
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

    /// Spoils the next calls of a method, one after the other.
    pub fn spoil(&self, method: &str, faults: impl IntoIterator<Item = Fault>) {
        self.shared.state().faults.entry(method.to_owned()).or_default().extend(faults);
    }

    /// Puts an update into the queue; it gets the next number, which comes back.
    pub fn happens(&self, mut update: Value) -> i64 {
        let mut state = self.shared.state();
        state.last_update += 1;
        let id = state.last_update;
        update["update_id"] = json!(id);
        state.updates.insert(id, update);
        drop(state);
        self.shared.more_updates.notify_waiters();
        id
    }

    /// The update of somebody's words in their own chat, for a webhook; `at` in
    /// milliseconds since the epoch. The same id is the same update.
    pub fn said(&self, user: &str, id: &str, words: &str, at: i64) -> Value {
        let user: i64 = user.parse().expect("Telegram's users are numbers");
        let commanded = words.split(' ').next().filter(|word| word.starts_with('/'));
        let entities: Vec<Value> = commanded
            .map(|word| json!({"type": "bot_command", "offset": 0, "length": word.len()}))
            .into_iter()
            .collect();
        let mut message = Self::of(user, at);
        message["text"] = json!(words);
        message["entities"] = json!(entities);
        self.numbered(&format!("{user} {id}"), json!({"message": message}))
    }

    /// A message of somebody's own chat, without anything in it yet.
    pub fn of(user: i64, at: i64) -> Value {
        json!({
            "message_id": 1,
            "date": at / 1_000,
            "chat": {"id": user, "type": "private"},
            "from": {"id": user, "is_bot": false, "first_name": "Lan", "language_code": "vi"},
        })
    }

    /// Gives an update its number; the same id has the same.
    pub fn numbered(&self, id: &str, mut update: Value) -> Value {
        let mut state = self.shared.state();
        let next = state.last_update + 1;
        let number = *state.numbers.entry(id.to_owned()).or_insert(next);
        state.last_update = state.last_update.max(number);
        update["update_id"] = json!(number);
        update
    }

    /// The call of the webhook that brings an update.
    pub fn delivery(update: &Value) -> Delivery {
        let headers = vec![
            ("x-telegram-bot-api-secret-token", BOT_SECRET.to_owned()),
            ("content-type", "application/json".to_owned()),
        ];
        Delivery { path: "/webhooks/telegram", headers, body: update.to_string() }
    }

    /// The updates that nobody has confirmed.
    pub fn unconfirmed(&self) -> Vec<i64> {
        self.shared.state().updates.keys().copied().collect()
    }

    /// The webhook that is set.
    pub fn webhook(&self) -> Option<Value> {
        self.shared.state().webhook.clone()
    }

    /// The bodies of the calls of a method so far.
    pub fn calls(&self, method: &str) -> Vec<Value> {
        self.shared.state().calls.iter().filter(|(name, _)| name == method).map(|(_, body)| body.clone()).collect()
    }

    /// Waits for the `number`-th call of a method; its body.
    pub fn call(&self, method: &str, number: usize) -> Value {
        let started = Instant::now();
        let mut state = self.shared.state();
        loop {
            let mut calls = state.calls.iter().filter(|(name, _)| name == method);
            if let Some((_, body)) = calls.nth(number - 1) {
                return body.clone();
            }
            let Some(left) = PATIENCE.checked_sub(started.elapsed()) else {
                drop(state);
                panic!("no call {number} of {method}");
            };
            (state, _) = self.shared.more_calls.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The messages that were taken, as citizens see them.
    pub fn messages(&self) -> Vec<Value> {
        self.shared.state().messages.clone()
    }

    /// The `callback_query` of a citizen who presses the button with this text
    /// on a message.
    pub fn press(message: &Value, text: &str) -> Value {
        let rows = message["reply_markup"]["inline_keyboard"].as_array().expect("inline buttons");
        let buttons = rows.iter().flat_map(|row| row.as_array().expect("a row"));
        let button = buttons.into_iter().find(|button| button["text"] == text).expect("the button");
        json!({"callback_query": {
            "id": format!("query-{text}"),
            "from": {"id": message["chat"]["id"], "is_bot": false, "first_name": "Lan"},
            "message": message,
            "chat_instance": "1",
            "data": button["callback_data"],
        }})
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    Path((bot, mut method)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    // Telegram does not mind the case of a method, and teloxide writes
    // `SendMessage`.
    if let Some(first) = method.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    if bot.strip_prefix("bot") != Some(BOT_TOKEN) {
        return failed(401, "Unauthorized", None);
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let fault = {
        let mut state = shared.state();
        state.calls.push((method.clone(), body.clone()));
        state.faults.get_mut(&method).and_then(VecDeque::pop_front)
    };
    shared.more_calls.notify_all();
    if let Some(fault) = fault {
        return spoilt(fault).await;
    }
    match method.as_str() {
        "getMe" => taken(&json!({"id": BOT_ID, "is_bot": true, "first_name": "Đa Kênh", "username": BOT_NAME})),
        "getUpdates" => updates(&shared, &body).await,
        "setWebhook" => {
            shared.state().webhook = Some(body);
            taken(&json!(true))
        }
        "getWebhookInfo" => {
            let state = shared.state();
            let url = state.webhook.as_ref().map_or(json!(""), |webhook| webhook["url"].clone());
            taken(&json!({
                "url": url, "has_custom_certificate": false, "pending_update_count": state.updates.len(),
                "last_error_date": 1_790_000_000, "last_error_message": "Read timeout expired",
            }))
        }
        "deleteWebhook" => {
            shared.state().webhook = None;
            taken(&json!(true))
        }
        "setMyCommands" | "answerCallbackQuery" => taken(&json!(true)),
        "sendMessage" => message(&mut shared.state(), &body),
        _ => failed(404, "Not Found", None),
    }
}

/// A poll: what is before the offset is forgotten, an older poll is ended.
async fn updates(shared: &Shared, body: &Value) -> Response {
    let offset = body["offset"].as_i64().unwrap_or(i64::MIN);
    let limit = usize::try_from(body["limit"].as_u64().unwrap_or(100)).unwrap_or(100);
    let timeout = Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
    let ours = {
        let mut state = shared.state();
        if state.webhook.is_some() {
            return failed(409, "Conflict: can't use getUpdates method while webhook is active", None);
        }
        state.updates = state.updates.split_off(&offset);
        state.poll += 1;
        state.poll
    };
    shared.more_updates.notify_waiters();
    let waited = tokio::time::timeout(timeout, async {
        loop {
            let more = shared.more_updates.notified();
            tokio::pin!(more);
            more.as_mut().enable();
            let (latest, batch) = {
                let state = shared.state();
                (state.poll, state.updates.values().take(limit).cloned().collect::<Vec<Value>>())
            };
            if latest != ours {
                return Err(());
            }
            if !batch.is_empty() {
                return Ok(batch);
            }
            more.await;
        }
    });
    match waited.await {
        Ok(Ok(batch)) => taken(&json!(batch)),
        Err(_) => taken(&json!([])),
        Ok(Err(())) => {
            let words =
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
            failed(409, words, None)
        }
    }
}

/// A message, with the limits that Telegram documents.
fn message(state: &mut Inner, body: &Value) -> Response {
    let text = body["text"].as_str().unwrap_or_default();
    if text.is_empty() {
        return failed(400, "Bad Request: message text is empty", None);
    }
    if text.encode_utf16().count() > 4_096 {
        return failed(400, "Bad Request: message is too long", None);
    }
    let rows = body["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let mut data = rows.iter().flat_map(|row| row.as_array().cloned().unwrap_or_default());
    if data.any(|button| !(1..=64).contains(&button["callback_data"].as_str().unwrap_or_default().len())) {
        return failed(400, "Bad Request: BUTTON_DATA_INVALID", None);
    }
    let id = state.messages.len() + 1;
    let chat = body["chat_id"].as_i64().unwrap_or_default();
    let chat = match chat {
        ..0 => json!({"id": chat, "type": "supergroup", "title": "Tổ dân phố"}),
        0.. => json!({"id": chat, "type": "private", "first_name": "Lan"}),
    };
    let mut message = json!({
        "message_id": id,
        "date": 1_790_000_000,
        "from": {"id": BOT_ID, "is_bot": true, "first_name": "Đa Kênh", "username": BOT_NAME},
        "chat": chat,
        "text": text,
    });
    if !rows.is_empty() {
        message["reply_markup"] = body["reply_markup"].clone();
    }
    state.messages.push(message.clone());
    taken(&message)
}

async fn spoilt(fault: Fault) -> Response {
    match fault {
        Fault::RetryAfter(seconds) => {
            let words = format!("Too Many Requests: retry after {seconds}");
            failed(429, &words, Some(json!({"retry_after": seconds})))
        }
        Fault::Error(code, words) => failed(code, words, None),
        Fault::Migrated(chat) => {
            let words = "Bad Request: group chat was upgraded to a supergroup chat";
            failed(400, words, Some(json!({"migrate_to_chat_id": chat})))
        }
        Fault::Silent => std::future::pending().await,
        Fault::BreaksOff => {
            let pieces = [Ok(Bytes::from_static(b"{\"ok\":tr")), Err(std::io::Error::other("broken off"))];
            Response::new(Body::from_stream(futures::stream::iter(pieces)))
        }
        Fault::Says(words) => words.into_response(),
    }
}

fn taken(result: &Value) -> Response {
    axum::Json(json!({"ok": true, "result": result})).into_response()
}

fn failed(code: u16, words: &str, parameters: Option<Value>) -> Response {
    let mut body = json!({"ok": false, "error_code": code, "description": words});
    if let Some(parameters) = parameters {
        body["parameters"] = parameters;
    }
    (StatusCode::from_u16(code).expect("a status"), axum::Json(body)).into_response()
}
