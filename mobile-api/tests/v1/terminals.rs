//! A hall with one terminal: what stands in for the store, and a terminal that
//! signs.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use channel_mobile::{KioskConfig, KioskNeeds, signing_key};
use gateway_core::desk::{ContinuationDesk, NoticeBoard};
use gateway_core::domain::calendar::CalendarConfig;
use gateway_core::domain::queue::{HeldRanges, RangeWish, Reservation};
use gateway_core::domain::{
    AgencyDirectory, CallId, CallStage, Channel, Device, DeviceId, DossierNumber, EnrolmentCode, Heartbeat, KioskCall,
    Locale, Notice, NoticeId, OfficerId, Sites, TerminalName, WorkingCalendar,
};
use gateway_core::ports::{
    Admission, Called, Calls, Devices, HashKey, KeptRating, KeyedHash, LimitKeys, LimitedAction, Limiter, LocalRanges,
    NewCall, NewDevice, NewEnrolment, NewOfficerAct, NewRating, OfficerAct, OfficerActCursor, OfficerAudit, Randomness,
    RatingFate, RatingId, RatingToSend, Ratings, StoreError, TooMany,
};
use http::{Method, Request};
use jiff::Timestamp;
use mobile_api_types::signature::{Nonce, SigningKey, Unsigned, sign};

use crate::continuations::OnPhone;
use crate::support::{Api, Counting, FixedClock, Told, asking, now, ward};

pub(crate) const SITE: &str = "000.00.17.H09";

/// The rows of a store, in memory; all of them may be away.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) devices: Mutex<HashMap<String, (Device, Option<Heartbeat>)>>,
    enrolments: Mutex<HashMap<KeyedHash, (NewEnrolment, Option<String>)>>,
    pub(crate) nonces: Mutex<HashSet<(String, [u8; 16])>>,
    pub(crate) acts: Mutex<Vec<NewOfficerAct>>,
    pub(crate) calls: Mutex<Vec<(NewCall, CallStage)>>,
    pub(crate) ratings: Mutex<Vec<NewRating>>,
    pub(crate) ranges: Mutex<Vec<Reservation>>,
    pub(crate) continuations: Mutex<Vec<OnPhone>>,
    pub(crate) away: Mutex<bool>,
}

impl Rows {
    pub(crate) fn here(&self) -> Result<(), StoreError> {
        if *self.away.lock().unwrap() { Err(StoreError("away".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Devices for Rows {
    async fn offer_enrolment(&self, enrolment: NewEnrolment) -> Result<(), StoreError> {
        self.here()?;
        self.enrolments.lock().unwrap().insert(enrolment.code, (enrolment, None));
        Ok(())
    }

    async fn enrol(&self, code: KeyedHash, new: NewDevice) -> Result<Option<Device>, StoreError> {
        self.here()?;
        let (mut enrolments, mut devices) = (self.enrolments.lock().unwrap(), self.devices.lock().unwrap());
        let Some((enrolment, used_by)) = enrolments.get_mut(&code).filter(|(offer, _)| new.at < offer.until) else {
            return Ok(None);
        };
        if let Some(id) = used_by {
            let device = devices.get(id).map(|(device, _)| device.clone());
            return Ok(device.filter(|device| device.public_key == new.public_key));
        }
        let device = Device {
            id: new.id.clone(),
            site: enrolment.site.clone(),
            name: enrolment.name.clone(),
            public_key: new.public_key,
            enrolled_at: new.at,
            revoked_at: None,
        };
        *used_by = Some(new.id.as_str().to_owned());
        devices.insert(new.id.as_str().to_owned(), (device.clone(), None));
        Ok(Some(device))
    }

    async fn device(&self, id: &DeviceId) -> Result<Option<Device>, StoreError> {
        self.here()?;
        Ok(self.devices.lock().unwrap().get(id.as_str()).map(|(device, _)| device.clone()))
    }

    async fn devices(&self) -> Result<Vec<(Device, Option<Heartbeat>)>, StoreError> {
        self.here()?;
        Ok(self.devices.lock().unwrap().values().cloned().collect())
    }

    async fn revoke(&self, id: &DeviceId, at: Timestamp) -> Result<bool, StoreError> {
        self.here()?;
        let mut devices = self.devices.lock().unwrap();
        Ok(devices.get_mut(id.as_str()).is_some_and(|(device, _)| device.revoked_at.replace(at).is_none()))
    }

    async fn take_nonce(&self, id: &DeviceId, nonce: [u8; 16], until: Timestamp) -> Result<bool, StoreError> {
        self.here()?;
        assert!(until > now() + Duration::from_secs(120), "it must outlive its window");
        Ok(self.nonces.lock().unwrap().insert((id.as_str().to_owned(), nonce)))
    }

    async fn heard(&self, id: &DeviceId, heartbeat: &Heartbeat) -> Result<bool, StoreError> {
        self.here()?;
        let mut devices = self.devices.lock().unwrap();
        Ok(devices.get_mut(id.as_str()).map(|(_, last)| *last = Some(heartbeat.clone())).is_some())
    }
}

#[async_trait]
impl LocalRanges for Rows {
    async fn hold(&self, wish: &RangeWish) -> Result<HeldRanges, StoreError> {
        self.here()?;
        let mut rows = self.ranges.lock().unwrap();
        let held = wish.among(&rows);
        for row in rows.iter_mut().filter(|row| row.device == wish.device && row.until.is_none()) {
            row.until = Some(wish.day);
        }
        rows.extend(held.now.map(|range| Reservation {
            device: wish.device.clone(),
            name: wish.name.clone(),
            range,
            until: None,
            revoked: None,
        }));
        Ok(held)
    }
}

#[async_trait]
impl OfficerAudit for Rows {
    async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError> {
        self.here()?;
        self.acts.lock().unwrap().push(act);
        Ok(())
    }

    async fn officer_acts(
        &self,
        _of: Option<OfficerId>,
        _before: Option<OfficerActCursor>,
        _limit: usize,
    ) -> Result<Vec<OfficerAct>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Calls for Rows {
    async fn call_officer(&self, call: NewCall) -> Result<Called, StoreError> {
        self.here()?;
        let mut calls = self.calls.lock().unwrap();
        calls.push((call, CallStage::Waiting));
        let place = calls.len();
        Ok(Called { id: CallId(i64::try_from(place).unwrap()), position: u32::try_from(place).ok() })
    }

    async fn call_of(&self, of: &DeviceId, id: CallId, _now: Timestamp) -> Result<Option<KioskCall>, StoreError> {
        self.here()?;
        let calls = self.calls.lock().unwrap();
        let place = usize::try_from(id.0).ok().and_then(|place| place.checked_sub(1));
        let Some((call, stage)) = place.and_then(|place| calls.get(place)).filter(|(call, _)| call.device == *of)
        else {
            return Ok(None);
        };
        Ok(Some(KioskCall {
            id,
            device: of.clone(),
            terminal: TerminalName::parse("Sảnh 1").unwrap(),
            site: SITE.into(),
            reason: call.reason,
            counter: call.counter.clone(),
            at: call.at,
            stage: *stage,
            officer: None,
        }))
    }

    async fn open_calls(&self, _: &Sites, _: Timestamp, _: usize) -> Result<Vec<KioskCall>, StoreError> {
        unreachable!("no terminal's business")
    }

    async fn answer_call(&self, _: CallId, _: OfficerId, _: &Sites, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("no terminal's business")
    }

    async fn finish_call(&self, _: CallId, _: OfficerId, _: &Sites, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("no terminal's business")
    }
}

#[async_trait]
impl Ratings for Rows {
    async fn keep_rating(&self, rating: NewRating) -> Result<KeptRating, StoreError> {
        self.here()?;
        let mut ratings = self.ratings.lock().unwrap();
        if rating.once.is_some() && ratings.iter().any(|known| known.once == rating.once) {
            return Ok(KeptRating::Known);
        }
        ratings.push(rating);
        Ok(KeptRating::New(RatingId(1)))
    }

    async fn begin_ratings(&self, _: Timestamp, _: Timestamp, _: u32) -> Result<Vec<RatingToSend>, StoreError> {
        unreachable!("no terminal's business")
    }

    async fn settle_rating(&self, _: RatingId, _: u32, _: RatingFate, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("no terminal's business")
    }

    async fn ratings_waiting(&self) -> Result<(u64, u64), StoreError> {
        unreachable!("no terminal's business")
    }
}

/// Admits so many of each action.
pub(crate) struct Few(pub(crate) AtomicU64);

impl Limiter for Few {
    fn admit(&self, _keys: LimitKeys<'_>, action: LimitedAction, _now: Timestamp) -> Result<Admission, TooMany> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        let refused = TooMany { retry_after: Duration::from_secs(7), action };
        left.map(|_| Admission::default()).map_err(|_| refused)
    }

    fn forgive(&self, _: LimitKeys<'_>, _: LimitedAction) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn admit_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber, _: Timestamp) -> Result<Admission, TooMany> {
        unreachable!("no terminal's business")
    }

    fn forgive_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber) {}
}

/// What terminals need.
pub(crate) struct Hall {
    pub(crate) rows: Arc<Rows>,
    pub(crate) limiter: Arc<Few>,
    pub(crate) notices: Arc<NoticeBoard>,
    pub(crate) config: KioskConfig,
    /// Goes on from request to request: no two tokens are the same.
    pub(crate) dice: Arc<Counting>,
}

impl Default for Hall {
    fn default() -> Self {
        Self {
            rows: Arc::default(),
            limiter: Arc::new(Few(AtomicU64::new(1_000))),
            notices: Arc::default(),
            config: KioskConfig {
                services: vec!["look_up".into(), "procedures".into()],
                languages: vec!["vi".into(), "en".into()],
                idle_seconds: 45,
                idle_seconds_accessible: 120,
                service_pin_sha256: String::new(),
                phone_base_url: String::new(),
                requests_per_minute: 120,
                requests_burst: 60,
                enrolment_minutes: 60,
                enrolment_tries_per_minute: 6,
                enrolment_tries_burst: 60,
                silent_after_minutes: 5,
                continuation_minutes: 10,
                continuation_tries: 3,
                call_late_minutes: 3,
                call_open_minutes: 30,
                sites: Vec::new(),
            },
            dice: Arc::default(),
        }
    }
}

pub(crate) fn hash_key() -> HashKey {
    HashKey::new("k1", "a key for tests")
}

impl Hall {
    pub(crate) fn needs(&self) -> KioskNeeds {
        let agencies = AgencyDirectory::new(Vec::new(), vec![ward()], vec!["H09".into()], None);
        KioskNeeds {
            devices: Arc::clone(&self.rows) as Arc<_>,
            ranges: Arc::clone(&self.rows) as Arc<_>,
            calls: Arc::clone(&self.rows) as Arc<_>,
            continuations: Arc::new(ContinuationDesk::new(
                Arc::clone(&self.rows) as Arc<_>,
                Arc::new(FixedClock),
                Arc::clone(&self.dice) as Arc<_>,
                hash_key(),
                self.config.continuations(),
            )),
            ratings: Arc::clone(&self.rows) as Arc<_>,
            acts: Arc::clone(&self.rows) as Arc<_>,
            limiter: Arc::clone(&self.limiter) as Arc<_>,
            config: Arc::new(self.config.clone()),
            agencies: Arc::new(agencies),
            calendar: Arc::new(WorkingCalendar::new(CalendarConfig::default()).unwrap()),
            notices: Arc::clone(&self.notices),
            hash_key: hash_key(),
            signing: Arc::new(signing_key(&hash_key()).unwrap()),
        }
    }

    /// A code that waits for its terminal.
    pub(crate) async fn offer(&self) -> EnrolmentCode {
        let dice = Counting::default();
        dice.next_u64();
        let code = EnrolmentCode::new(&dice);
        let enrolment = NewEnrolment {
            code: code.hash(&hash_key()),
            site: SITE.into(),
            name: TerminalName::parse("Sảnh 1").unwrap(),
            at: now(),
            until: now() + Duration::from_secs(3_600),
        };
        self.rows.offer_enrolment(enrolment).await.unwrap();
        code
    }

    /// A terminal that stands there.
    pub(crate) fn terminal(&self) -> Terminal {
        self.terminal_called("k-0123456789abcdef")
    }

    /// Another one.
    pub(crate) fn another_terminal(&self) -> Terminal {
        self.terminal_called("k-another-terminal")
    }

    fn terminal_called(&self, id: &str) -> Terminal {
        let key = SigningKey::from_seed(&[7; 32]).unwrap();
        let id = DeviceId::parse(id).unwrap();
        let device = Device {
            id: id.clone(),
            site: SITE.into(),
            name: TerminalName::parse("Sảnh 1").unwrap(),
            public_key: *key.public().as_bytes(),
            enrolled_at: now(),
            revoked_at: None,
        };
        self.rows.devices.lock().unwrap().insert(id.as_str().to_owned(), (device, None));
        Terminal { key, id, nonces: AtomicU64::new(1), created: now().as_second() }
    }

    pub(crate) fn announces(&self, vietnamese: &str, english: &str) {
        let notice = Notice {
            id: NoticeId(1),
            texts: [(Locale::VI, vietnamese.into()), (Locale::EN, english.into())].into(),
            channels: vec![Channel::Kiosk],
            from: now(),
            until: now() + Duration::from_secs(3_600),
        };
        self.notices.refresh(vec![notice]);
    }
}

/// A terminal that signs what it asks.
pub(crate) struct Terminal {
    pub(crate) key: SigningKey,
    pub(crate) id: DeviceId,
    nonces: AtomicU64,
    pub(crate) created: i64,
}

impl Terminal {
    pub(crate) fn nonce(&self) -> Nonce {
        let count = self.nonces.fetch_add(1, Ordering::Relaxed);
        Nonce(u128::from(count).to_be_bytes())
    }

    /// A signed request; what is sent may be another one.
    pub(crate) fn signed(&self, method: &Method, path: &str, body: &str, nonce: Nonce) -> http::request::Builder {
        let (before, query) = path.split_once('?').map_or((path, None), |(before, query)| (before, Some(query)));
        let unsigned = Unsigned { method: method.as_str(), path: before, query, body: body.as_bytes() };
        let headers = sign(&unsigned, self.id.as_str(), self.created, nonce, &self.key).unwrap();
        let request = asking(path).method(method).header("content-type", "application/json");
        headers.pairs().into_iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    pub(crate) fn getting(&self, path: &str) -> Request<Body> {
        self.signed(&Method::GET, path, "", self.nonce()).body(Body::empty()).unwrap()
    }

    pub(crate) async fn get(&self, api: &Api, path: &str) -> Told {
        api.send(self.getting(path)).await
    }

    pub(crate) async fn post(&self, api: &Api, path: &str, body: impl ToString) -> Told {
        let body = body.to_string();
        let request = self.signed(&Method::POST, path, &body, self.nonce());
        api.send(request.body(Body::from(body)).unwrap()).await
    }
}
