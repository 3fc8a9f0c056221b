//! One call: signed, sent, waited for within bounds, and its answer told apart.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mobile_api_types::ProblemAnswer;
use mobile_api_types::signature::{Nonce, PublicKey, SigningKey, Unsigned, sign};
use parking_lot::RwLock;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, DATE, HeaderMap, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Client, Method, Request, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::error::{ClientError, GoneKind, Refused};
use crate::files::{FileProblem, Unfinished};
use crate::identity::{Identity, KeyFile, KeyFileProblem};
use crate::world::{Clock, Randomness};

/// Longest answer that is read, in bytes; the bundle may be longer.
pub(crate) const MOST_ANSWER: usize = 2 * 1_024 * 1_024;
/// Longest Retry-After that is waited for within a call.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Where the gateway is and how long it is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// Scheme, host and port: `https://dakenh.example.vn`. Without a path,
    /// which would not be the one that is signed.
    pub base_url: String,
    /// A connection stands within this, 100 ms–30 s.
    pub connect: Duration,
    /// One try has its answer within this, 500 ms–60 s.
    pub one_try: Duration,
    /// All tries of a call together take at most so long.
    pub patience: Duration,
    /// Tries of a call that may be repeated, 1–5; all others have one.
    pub tries: u32,
}

impl ClientSettings {
    /// 2 s, 6 s, 10 s and 3 tries.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            connect: Duration::from_secs(2),
            one_try: Duration::from_secs(6),
            patience: Duration::from_secs(10),
            tries: 3,
        }
    }
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// No TLS provider, no certificates of the system.
    #[error("HTTP client: {0}")]
    Build(#[from] reqwest::Error),
    /// Not an address of a gateway.
    #[error("not scheme, host and port of a gateway: {0}")]
    BaseUrl(String),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyFileProblem),
}

/// The gateway, as an enrolled terminal speaks to it. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    http: Client,
    base: Url,
    settings: ClientSettings,
    key_file: KeyFile,
    identity: RwLock<Option<Arc<Identity>>>,
    revoked: AtomicBool,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    /// Seconds by which the gateway's clock is ahead of ours.
    skew: AtomicI64,
    /// How long the last answer took, in milliseconds; the highest value where
    /// there was none.
    latency: AtomicU32,
}

/// A call before it is signed.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Percent-encoded, with `/api/v1`.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) body: Vec<u8>,
    /// `vi` or `en`.
    pub(crate) language: &'a str,
    /// The same call twice does no more than once.
    pub(crate) repeatable: bool,
    pub(crate) signed: bool,
    /// Sent though the terminal is revoked: a gateway that was set up again from
    /// a copy may know it once more.
    pub(crate) asks_again: bool,
    pub(crate) etag: Option<&'a str>,
    pub(crate) most: usize,
    /// Where the body of a 200 goes, instead of memory: beside this file, which
    /// it does not replace by itself.
    pub(crate) beside: Option<&'a Path>,
    /// Instead of the usual patience, for each try and for all.
    pub(crate) patience: Option<Duration>,
}

/// An answer that is no problem.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The body, where the call wanted it on disk: `body` is empty then.
    pub(crate) file: Option<Result<Unfinished, FileProblem>>,
}

impl Answer {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        // Never the error's words: they may hold some of the body.
        serde_json::from_slice(&self.body).map_err(|_| ClientError::Gone(GoneKind::Unreadable))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What one try brought.
enum Tried {
    Answer(Answer),
    /// The clock is wrong by so many seconds, if the answer told.
    Stale(Option<i64>),
    /// It may be tried again, if the call may be repeated.
    Again(ClientError, Option<Duration>),
    /// Nothing of it was sent: it may be tried again in any case.
    Unsent(ClientError),
    Over(ClientError),
}

impl Gateway {
    /// Builds the HTTP client and reads the key, if there is one. TLS is
    /// rustls with ring; no redirects, no proxy from the environment, no
    /// retries but those of [`ClientSettings::tries`].
    ///
    /// # Errors
    /// [`HttpClientError`]; a key file that others may read is refused.
    pub fn new(
        settings: ClientSettings,
        key_file: KeyFile,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
    ) -> Result<Self, HttpClientError> {
        let wrong = || HttpClientError::BaseUrl(settings.base_url.clone());
        let base = Url::parse(&settings.base_url).map_err(|_| wrong())?;
        let origin = matches!(base.scheme(), "http" | "https")
            && base.has_host()
            && base.path() == "/"
            && base.query().is_none()
            && base.username().is_empty();
        if !origin {
            return Err(wrong());
        }
        // An error says that a provider stands already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .user_agent(concat!("dakenh-kiosk/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(settings.connect)
            .pool_max_idle_per_host(2)
            .tcp_nodelay(true)
            .build()?;
        let identity = RwLock::new(key_file.load()?.map(Arc::new));
        let inner = Inner {
            http,
            base,
            settings,
            key_file,
            identity,
            revoked: AtomicBool::new(false),
            clock,
            random,
            skew: AtomicI64::new(0),
            latency: AtomicU32::new(u32::MAX),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Who the terminal is; nothing where it is not enrolled.
    pub fn identity(&self) -> Option<Arc<Identity>> {
        self.inner.identity.read().clone()
    }

    /// Whether the gateway has said that it knows the terminal no more. Only
    /// heartbeats are sent then, in case that it does again.
    pub fn is_revoked(&self) -> bool {
        self.inner.revoked.load(Ordering::Relaxed)
    }

    /// The gateway's time, as far as it is known: the terminal's clock, mended
    /// by what the gateway told.
    pub fn now(&self) -> Timestamp {
        let skew = self.inner.skew.load(Ordering::Relaxed);
        let now = self.inner.clock.now();
        now.checked_add(jiff::SignedDuration::from_secs(skew)).unwrap_or(now)
    }

    /// Seconds by which the gateway's clock is ahead of the terminal's.
    pub fn clock_skew(&self) -> i64 {
        self.inner.skew.load(Ordering::Relaxed)
    }

    /// How long the last answer took; nothing before the first one, and while
    /// the gateway is gone.
    pub fn latency(&self) -> Option<Duration> {
        let latency = self.inner.latency.load(Ordering::Relaxed);
        (latency != u32::MAX).then(|| Duration::from_millis(u64::from(latency)))
    }

    /// 128 random bits as 32 hexadecimal digits: the key of a call that may be
    /// repeated.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn fresh_key(&self) -> Result<String, ClientError> {
        let bytes = self.sixteen()?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn key_file(&self) -> &KeyFile {
        &self.inner.key_file
    }

    pub(crate) fn fresh_seed(&self) -> Result<[u8; 32], ClientError> {
        let mut seed = [0; 32];
        let (first, second) = seed.split_at_mut(16);
        first.copy_from_slice(&self.sixteen()?);
        second.copy_from_slice(&self.sixteen()?);
        Ok(seed)
    }

    pub(crate) fn become_enrolled(&self, identity: Identity, gateway_time: Timestamp) {
        self.learn_time(gateway_time);
        *self.inner.identity.write() = Some(Arc::new(identity));
        self.inner.revoked.store(false, Ordering::Relaxed);
    }

    /// The gateway's key, for its bundles.
    pub(crate) fn gateway_key(&self) -> Option<PublicKey> {
        self.identity().map(|identity| identity.gateway_key)
    }

    /// Takes the gateway's time, unless ours is close enough: the way of an
    /// answer is no error of the clock.
    pub(crate) fn learn_time(&self, gateway: Timestamp) {
        let skew = gateway.as_second().saturating_sub(self.inner.clock.now().as_second());
        let kept = if skew.abs() <= 10 { 0 } else { skew };
        let before = self.inner.skew.swap(kept, Ordering::Relaxed);
        if before.abs_diff(kept) > 10 {
            tracing::warn!(seconds = kept, "the terminal's clock is wrong");
        }
    }

    /// Sends a call and waits for its answer, through tries, a wrong clock and
    /// a nonce that was seen already.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Answer, ClientError> {
        if call.signed && self.is_revoked() && !call.asks_again {
            return Err(ClientError::Revoked);
        }
        let result = self.tries(&call).await;
        match &result {
            Err(ClientError::Gone(_)) => self.inner.latency.store(u32::MAX, Ordering::Relaxed),
            Err(ClientError::Revoked) => self.inner.revoked.store(true, Ordering::Relaxed),
            Ok(_) if call.signed => self.inner.revoked.store(false, Ordering::Relaxed),
            _ => {}
        }
        result
    }

    async fn tries(&self, call: &Call<'_>) -> Result<Answer, ClientError> {
        let settings = &self.inner.settings;
        let patience = call.patience.unwrap_or(settings.patience);
        let one_try_within = call.patience.unwrap_or(settings.one_try);
        let began = Instant::now();
        let mut corrected = false;
        let mut tried = 0;
        loop {
            let left = patience.saturating_sub(began.elapsed());
            let one_try = self.one_try(call);
            let outcome = match tokio::time::timeout(left.min(one_try_within), one_try).await {
                Ok(outcome) => outcome,
                Err(_) => Tried::Again(ClientError::Gone(GoneKind::TooLate), None),
            };
            tried += 1;
            let (error, wait) = match outcome {
                Tried::Answer(answer) => return Ok(answer),
                Tried::Over(error) => return Err(error),
                // A call with a wrong time was not carried out: it may be
                // signed anew, whatever it is, but only once.
                Tried::Stale(Some(skew)) if !corrected => {
                    corrected = true;
                    tracing::warn!(seconds = skew, "the terminal's clock is wrong");
                    self.inner.skew.store(skew, Ordering::Relaxed);
                    tried -= 1;
                    continue;
                }
                Tried::Stale(_) => return Err(ClientError::ClockWrong),
                Tried::Again(error, wait) if call.repeatable => (error, wait),
                Tried::Again(error, _) => return Err(error),
                Tried::Unsent(error) => (error, None),
            };
            let pause = wait.unwrap_or(Duration::from_millis(150) * 2_u32.saturating_pow(tried.min(6)));
            let enough = patience.saturating_sub(began.elapsed()) > pause;
            if tried >= settings.tries.clamp(1, 5) || !enough || pause > LONGEST_WAIT {
                return Err(error);
            }
            self.inner.clock.sleep(pause).await;
        }
    }

    async fn one_try(&self, call: &Call<'_>) -> Tried {
        let request = match self.request(call) {
            Ok(request) => request,
            Err(error) => return Tried::Over(error),
        };
        let began = Instant::now();
        let mut response = match self.inner.http.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                // Not the error itself: it names the address, and that a
                // dossier.
                tracing::debug!(connect = error.is_connect(), timeout = error.is_timeout(), "no answer");
                return if error.is_connect() {
                    Tried::Unsent(ClientError::Gone(GoneKind::Unreachable))
                } else if error.is_timeout() {
                    Tried::Again(ClientError::Gone(GoneKind::TooLate), None)
                } else {
                    Tried::Again(ClientError::Gone(GoneKind::Unreachable), None)
                };
            }
        };
        let mut body = Vec::new();
        let mut file = match call.beside {
            Some(path) if response.status() == StatusCode::OK => Some(Unfinished::begin(path)),
            _ => None,
        };
        let mut length = 0;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(_) => return Tried::Again(ClientError::Gone(GoneKind::Unreadable), None),
            };
            length += chunk.len();
            if length > call.most {
                return Tried::Over(ClientError::Gone(GoneKind::Unreadable));
            }
            match &mut file {
                None => body.extend_from_slice(&chunk),
                Some(Ok(unfinished)) => {
                    if let Err(problem) = unfinished.write(&chunk) {
                        file = Some(Err(problem));
                    }
                }
                // A disk that is full takes no more, and the gateway did answer.
                Some(Err(_)) => break,
            }
        }
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX - 1);
        let answer = Answer { status: response.status(), headers: response.headers().clone(), body, file };
        let outcome = self.judge(answer);
        if matches!(outcome, Tried::Answer(_)) {
            self.inner.latency.store(took.min(u32::MAX - 1), Ordering::Relaxed);
        }
        outcome
    }

    fn judge(&self, answer: Answer) -> Tried {
        if answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED {
            return Tried::Answer(answer);
        }
        let retry_after =
            answer.header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let problem = answer
            .header(CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("application/problem+json"))
            .then(|| answer.read::<ProblemAnswer>().ok())
            .flatten();
        let Some(problem) = problem else {
            let down = matches!(answer.status.as_u16(), 502..=504);
            let kind = if down { GoneKind::Down } else { GoneKind::Unreadable };
            return if answer.status.is_server_error() {
                Tried::Again(ClientError::Gone(kind), retry_after)
            } else {
                Tried::Over(ClientError::Gone(kind))
            };
        };
        match (answer.status, problem.code.as_str()) {
            (StatusCode::UNAUTHORIZED, "signature_stale") => Tried::Stale(self.skew_of(&answer)),
            (StatusCode::UNAUTHORIZED, "terminal_revoked" | "terminal_unknown") => Tried::Over(ClientError::Revoked),
            // Something on the way sent it twice, and the other one was heard.
            (StatusCode::UNAUTHORIZED, "signature_replayed") | (StatusCode::SERVICE_UNAVAILABLE, "overloaded") => {
                Tried::Again(ClientError::Refused(Box::new(Refused { problem, retry_after })), retry_after)
            }
            _ => Tried::Over(ClientError::Refused(Box::new(Refused { problem, retry_after }))),
        }
    }

    fn skew_of(&self, answer: &Answer) -> Option<i64> {
        let text = answer.header(DATE.as_str())?;
        let theirs = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(theirs.as_second().saturating_sub(self.inner.clock.now().as_second()))
    }

    fn request(&self, call: &Call<'_>) -> Result<Request, ClientError> {
        let own_fault = || ClientError::Gone(GoneKind::OwnFault);
        let mut url = self.inner.base.clone();
        url.set_path(&call.path);
        url.set_query(call.query.as_deref());
        let mut builder =
            self.inner.http.request(call.method.clone(), url.clone()).header(ACCEPT_LANGUAGE, call.language);
        if let Some(etag) = call.etag {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        if call.signed {
            let identity = self.identity().ok_or(ClientError::NotEnrolled)?;
            // What goes over the wire, and no other spelling of it.
            let unsigned =
                Unsigned { method: call.method.as_str(), path: url.path(), query: url.query(), body: &call.body };
            let headers = self.signature(&unsigned, &identity.device, &identity.key)?;
            for (name, value) in headers.pairs() {
                builder = builder.header(name, value);
            }
        }
        if !call.body.is_empty() {
            builder = builder.header(CONTENT_TYPE, "application/json").body(call.body.clone());
        }
        builder.build().map_err(|_| own_fault())
    }

    fn signature(
        &self,
        unsigned: &Unsigned<'_>,
        device: &str,
        key: &SigningKey,
    ) -> Result<mobile_api_types::signature::SignatureHeaders, ClientError> {
        let nonce = Nonce(self.sixteen()?);
        sign(unsigned, device, self.now().as_second(), nonce, key).map_err(|_| ClientError::Gone(GoneKind::OwnFault))
    }

    fn sixteen(&self) -> Result<[u8; 16], ClientError> {
        self.inner.random.sixteen().map_err(|_| ClientError::Gone(GoneKind::OwnFault))
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("identity", &self.identity()).finish_non_exhaustive()
    }
}
