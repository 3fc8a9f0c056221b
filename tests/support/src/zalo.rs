use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, oneshot};

use crate::patience::PATIENCE;

/// Zalo's side, as far as an Official Account sees it: it takes messages, checks
/// tokens, makes refresh tokens of one use and locks the account when one is used
/// twice. It was written from what is known of Zalo, and imports nothing of the
/// gateway. It ends with the story.
#[derive(Debug)]
pub struct Zalo {
    /// `http://127.0.0.1:PORT`, for `zalo.api_url` and `zalo.oauth_url`.
    pub url: String,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

/// What Zalo does with one call in place of the usual.
#[derive(Debug, Clone)]
pub enum ZaloFault {
    /// Answers with this code, and nothing was done.
    Error(i64),
    /// Answers with this status, and nothing was done.
    Status(u16),
    /// Does what it was asked for, and answers nothing before [`Zalo::release`].
    Held,
    /// Does what it was asked for, and answers with this status.
    DoneBut(u16),
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct ZaloMessage {
    /// To whom.
    pub user: String,
    /// The message itself.
    pub message: Value,
    /// With which access token.
    pub token: String,
    /// Under which id.
    pub id: String,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    more: Condvar,
    gate: Semaphore,
}

#[derive(Debug, Default)]
struct World {
    refresh: String,
    used: Vec<String>,
    access: Option<String>,
    locked: bool,
    serial: u64,
    life: u64,
    refreshes: usize,
    asked: usize,
    messages: Vec<ZaloMessage>,
    quota: Option<u64>,
    sends: VecDeque<ZaloFault>,
    tokens: VecDeque<ZaloFault>,
}

impl Zalo {
    /// The application's id.
    pub const APP_ID: &str = "360846524940903967";
    /// The account's id.
    pub const OA_ID: &str = "579745863508352884";
    /// With which events are signed.
    pub const OA_SECRET: &str = "khoa-cua-oa";
    /// With which tokens are asked for.
    pub const APP_SECRET: &str = "khoa-cua-ung-dung";

    /// Starts it, with the refresh token that an operator was given.
    pub fn start(refresh_token: &str) -> Self {
        let world = World { refresh: refresh_token.into(), life: 90_000, ..World::default() };
        let shared = Arc::new(Shared { world: Mutex::new(world), more: Condvar::new(), gate: Semaphore::new(0) });
        let router = Router::new()
            .route("/v3.0/oa/message/cs", post(message))
            .route("/v4/oa/access_token", post(tokens))
            .with_state(Arc::clone(&shared));
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

    /// What was taken so far.
    pub fn messages(&self) -> Vec<ZaloMessage> {
        self.shared.world().messages.clone()
    }

    /// Waits until so many messages were taken.
    pub fn wait_for(&self, number: usize) -> Vec<ZaloMessage> {
        self.until(&format!("{number} messages"), |world| world.messages.len() >= number);
        self.messages()
    }

    /// Waits until tokens were asked for so often, whatever the answer was.
    pub fn wait_for_asked(&self, number: usize) {
        self.until(&format!("{number} refreshes"), |world| world.asked >= number);
    }

    /// How often new tokens were made.
    pub fn refreshes(&self) -> usize {
        self.shared.world().refreshes
    }

    /// How often tokens were asked for.
    pub fn asked(&self) -> usize {
        self.shared.world().asked
    }

    /// Whether a refresh token was used twice.
    pub fn is_locked(&self) -> bool {
        self.shared.world().locked
    }

    /// The refresh token that is good now.
    pub fn refresh_token(&self) -> String {
        self.shared.world().refresh.clone()
    }

    /// The access token is good no more.
    pub fn expire(&self) {
        self.shared.world().access = None;
    }

    /// An operator authorises the application anew, and gets this token.
    pub fn authorised_anew(&self, refresh_token: &str) {
        let mut world = self.shared.world();
        (world.refresh, world.locked) = (refresh_token.into(), false);
    }

    /// From now on access tokens live so many seconds.
    pub fn life(&self, seconds: u64) {
        self.shared.world().life = seconds;
    }

    /// So many messages are left.
    pub fn quota(&self, left: u64) {
        self.shared.world().quota = Some(left);
    }

    /// What happens to the next message.
    pub fn next_message(&self, fault: ZaloFault) {
        self.shared.world().sends.push_back(fault);
    }

    /// What happens to the next refresh.
    pub fn next_refresh(&self, fault: ZaloFault) {
        self.shared.world().tokens.push_back(fault);
    }

    /// Lets one call go on that is held, or the next that will be.
    pub fn release(&self) {
        self.shared.gate.add_permits(1);
    }

    fn until(&self, what: &str, there: impl Fn(&World) -> bool) {
        let started = Instant::now();
        let mut world = self.shared.world();
        while !there(&world) {
            let left = PATIENCE.checked_sub(started.elapsed());
            let left = left.unwrap_or_else(|| panic!("never came: {what}; {} messages", world.messages.len()));
            (world, _) = self.shared.more.wait_timeout(world, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// An event of the webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZaloEvent {
    /// The bytes that are signed and sent.
    pub body: String,
    /// The header `X-ZEvent-Signature`.
    pub signature: String,
}

impl ZaloEvent {
    /// Words of a citizen; `at` in milliseconds since the epoch.
    pub fn text(user: &str, msg_id: &str, words: &str, at: i64) -> Self {
        Self::of(&json!({
            "app_id": Zalo::APP_ID,
            "user_id_by_app": "552177279717587730",
            "event_name": "user_send_text",
            "timestamp": at.to_string(),
            "sender": {"id": user},
            "recipient": {"id": Zalo::OA_ID},
            "message": {"msg_id": msg_id, "text": words},
        }))
    }

    /// Something besides words: `user_send_sticker` and its like.
    pub fn other(name: &str, user: &str, msg_id: &str, at: i64) -> Self {
        Self::of(&json!({
            "app_id": Zalo::APP_ID,
            "event_name": name,
            "timestamp": at.to_string(),
            "sender": {"id": user},
            "recipient": {"id": Zalo::OA_ID},
            "message": {"msg_id": msg_id, "attachments": [{"type": "sticker", "payload": {"id": "1"}}]},
        }))
    }

    /// `follow` or `unfollow`.
    pub fn follow(name: &str, user: &str, at: i64) -> Self {
        Self::of(&json!({
            "app_id": Zalo::APP_ID,
            "oa_id": Zalo::OA_ID,
            "event_name": name,
            "source": "oa_profile",
            "timestamp": at.to_string(),
            "follower": {"id": user},
        }))
    }

    /// Any event, signed as Zalo signs.
    pub fn of(event: &Value) -> Self {
        let timestamp = event["timestamp"].as_str().unwrap_or_default();
        let body = event.to_string();
        let signature = Self::sign(&body, timestamp, Zalo::OA_SECRET);
        Self { body, signature }
    }

    /// The header over a body, a time and a secret.
    pub fn sign(body: &str, timestamp: &str, secret: &str) -> String {
        let hash = Sha256::digest(format!("{}{body}{timestamp}{secret}", Zalo::APP_ID));
        hash.iter().fold("mac=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }

    /// The same events as a network brings them: some twice, none in its place.
    /// The same seed gives the same order.
    pub fn disturbed(events: &[Self], duplicates_per_hundred: u64, seed: u64) -> Vec<Self> {
        let mut dice = seed;
        // Xorshift: any order will do, as long as it is the same each time.
        let mut roll = move || {
            dice = dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice
        };
        let mut all = events.to_vec();
        for event in events {
            if roll() % 100 < duplicates_per_hundred {
                all.push(event.clone());
            }
        }
        for place in (1..all.len()).rev() {
            let other = usize::try_from(roll() % (place as u64 + 1)).unwrap_or(0);
            all.swap(place, other);
        }
        all
    }
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self) {
        if let Ok(permit) = self.gate.acquire().await {
            permit.forget();
        }
    }
}

async fn message(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let token = headers.get("access_token").and_then(|token| token.to_str().ok()).unwrap_or_default().to_owned();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let fault = shared.world().sends.pop_front();
    let done = match fault {
        Some(ZaloFault::Error(code)) => return error(code),
        Some(ZaloFault::Status(status)) => return of_status(status),
        _ => shared.world().take(&body, token),
    };
    shared.more.notify_all();
    answer(&shared, fault, done).await
}

async fn tokens(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8_lossy(&body).into_owned();
    let form: HashMap<&str, &str> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let field = |name: &str| form.get(name).copied().unwrap_or_default();
    let secret = headers.get("secret_key").and_then(|secret| secret.to_str().ok()).unwrap_or_default();
    let fault = {
        let mut world = shared.world();
        world.asked += 1;
        world.tokens.pop_front()
    };
    let done = match fault {
        Some(ZaloFault::Error(code)) => error(code),
        Some(ZaloFault::Status(status)) => of_status(status),
        _ if secret != Zalo::APP_SECRET || field("app_id") != Zalo::APP_ID => error(-14_002),
        _ if field("grant_type") != "refresh_token" => error(-14_003),
        _ => shared.world().renew(field("refresh_token")),
    };
    shared.more.notify_all();
    answer(&shared, fault, done).await
}

async fn answer(shared: &Shared, fault: Option<ZaloFault>, done: Response) -> Response {
    match fault {
        Some(ZaloFault::Held) => {
            shared.pass().await;
            done
        }
        Some(ZaloFault::DoneBut(status)) => of_status(status),
        _ => done,
    }
}

impl World {
    fn take(&mut self, body: &Value, token: String) -> Response {
        if self.access.as_deref() != Some(token.as_str()) {
            return error(-216);
        }
        let text = body["message"]["text"].as_str().unwrap_or_default();
        let buttons = body["message"]["attachment"]["payload"]["buttons"].as_array();
        let too_long = text.encode_utf16().count() > 2_000
            || buttons.is_some_and(|buttons| {
                buttons.len() > 5
                    || buttons.iter().any(|button| button["title"].as_str().unwrap_or_default().chars().count() > 100)
            });
        if too_long {
            return error(-210);
        }
        if text.is_empty() || body["recipient"]["user_id"].as_str().is_none_or(str::is_empty) {
            return error(-201);
        }
        match &mut self.quota {
            Some(0) => return error(-211),
            Some(left) => *left -= 1,
            None => {}
        }
        self.serial += 1;
        let (user, id) = (body["recipient"]["user_id"].as_str().unwrap_or_default(), format!("G{}", self.serial));
        self.messages.push(ZaloMessage { user: user.into(), message: body["message"].clone(), token, id: id.clone() });
        let quota = self.quota.map(|left| json!({"quota_type": "sub_quota", "remain": left.to_string()}));
        json_of(&json!({
            "error": 0, "message": "Success", "data": {"message_id": id, "user_id": user, "quota": quota},
        }))
    }

    fn renew(&mut self, refresh: &str) -> Response {
        if self.used.iter().any(|used| used == refresh) {
            self.locked = true;
            self.access = None;
        }
        if self.locked || refresh != self.refresh {
            return error(-14_014);
        }
        self.serial += 1;
        self.refreshes += 1;
        let next = format!("lam-moi-{}", self.serial);
        let access = format!("truy-cap-{}", self.serial);
        self.used.push(std::mem::replace(&mut self.refresh, next.clone()));
        self.access = Some(access.clone());
        // A text, as Zalo writes it.
        json_of(&json!({"access_token": access, "refresh_token": next, "expires_in": self.life.to_string()}))
    }
}

/// Zalo says no with status 200.
fn error(code: i64) -> Response {
    json_of(&json!({"error": code, "error_name": "no", "message": "no"}))
}

fn json_of(body: &Value) -> Response {
    axum::Json(body.clone()).into_response()
}

fn of_status(status: u16) -> Response {
    StatusCode::from_u16(status).expect("a status").into_response()
}
