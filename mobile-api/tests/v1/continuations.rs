//! Pages that go on on a phone, as the terminal asks for them.

use async_trait::async_trait;
use axum::body::Body;
use gateway_core::desk::{ContinuationDesk, PhoneSees, Reply};
use gateway_core::domain::queue::TicketCode;
use gateway_core::domain::{
    ContinuationId, ContinuationToken, ContinuedPage, DeviceId, PhoneContinuation, PhoneSecret,
};
use gateway_core::ports::{Continuations, Devices as _, KeyedHash, Matched, NewContinuation, StoreError};
use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Api, Told, api_that_says, now};
use crate::terminals::{Rows, Terminal};

const MAKE: &str = "/api/v1/kiosk/continuations";

/// One in memory, and the digits that its phone shows.
pub(crate) struct OnPhone {
    pub(crate) new: NewContinuation,
    row: PhoneContinuation,
    code: Option<KeyedHash>,
    tries: u32,
}

#[async_trait]
impl Continuations for Rows {
    async fn begin_continuation(&self, new: NewContinuation) -> Result<ContinuationId, StoreError> {
        self.here()?;
        let mut all = self.continuations.lock().unwrap();
        for earlier in all.iter_mut() {
            earlier.row.replaced |= earlier.new.device == new.device;
        }
        let id = ContinuationId(i64::try_from(all.len()).unwrap() + 1);
        let row = PhoneContinuation {
            id,
            device: new.device.clone(),
            until: new.until,
            phone: None,
            confirmed: false,
            gone: false,
            mistyped: false,
            replaced: false,
        };
        all.push(OnPhone { tries: new.tries, new, row, code: None });
        Ok(id)
    }

    async fn continuation(&self, token: KeyedHash) -> Result<Option<PhoneContinuation>, StoreError> {
        self.here()?;
        let all = self.continuations.lock().unwrap();
        Ok(all.iter().find(|one| one.new.token == token).map(|one| one.row.clone()))
    }

    async fn continuation_of(
        &self,
        device: &DeviceId,
        id: ContinuationId,
    ) -> Result<Option<PhoneContinuation>, StoreError> {
        self.here()?;
        let all = self.continuations.lock().unwrap();
        Ok(all.iter().map(|one| &one.row).find(|row| row.id == id && row.device == *device).cloned())
    }

    async fn bind_phone(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        code: KeyedHash,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut all = self.continuations.lock().unwrap();
        let one = all.iter_mut().find(|one| one.row.id == id).unwrap();
        (one.row.phone, one.code) = (Some(phone), Some(code));
        Ok(true)
    }

    async fn match_code(
        &self,
        device: &DeviceId,
        id: ContinuationId,
        code: KeyedHash,
        _: Timestamp,
    ) -> Result<Matched, StoreError> {
        self.here()?;
        let mut all = self.continuations.lock().unwrap();
        let Some(one) = all.iter_mut().find(|one| one.row.id == id && one.row.device == *device) else {
            return Ok(Matched::NotAsked);
        };
        let Some(kept) = one.code.filter(|_| !one.row.mistyped && !one.row.replaced) else {
            return Ok(Matched::NotAsked);
        };
        one.row.confirmed |= kept == code;
        if kept == code {
            return Ok(Matched::Right);
        }
        one.tries -= 1;
        one.row.mistyped = one.tries == 0;
        Ok(Matched::Wrong(one.tries))
    }

    async fn go_on(&self, _: ContinuationId, _: KeyedHash, _: Timestamp) -> Result<Option<ContinuedPage>, StoreError> {
        unreachable!("no terminal's business")
    }
}

fn api() -> Api {
    let mut api = api_that_says(Ok(Reply::Help));
    "https://dakenh.example.vn".clone_into(&mut api.hall.config.phone_base_url);
    api
}

fn is(told: &Told, status: u16, code: &str) {
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code), "{}", told.text);
}

fn home() -> Value {
    json!({ "page": { "kind": "home" } })
}

async fn made(api: &Api, terminal: &Terminal) -> (String, ContinuationToken) {
    let told = terminal.post(api, MAKE, home()).await;
    assert_eq!(told.status.as_u16(), 201, "{}", told.text);
    let body = told.json();
    let url = body["url"].as_str().unwrap();
    let token = url.strip_prefix("https://dakenh.example.vn/k/").unwrap().strip_suffix("?lang=vi").unwrap();
    (format!("{MAKE}/{}", body["id"].as_str().unwrap()), ContinuationToken::parse(token).unwrap())
}

/// A phone scans the code; its digits.
async fn scans(api: &Api, token: &ContinuationToken) -> String {
    let desk: std::sync::Arc<ContinuationDesk> = api.hall.needs().continuations;
    let phone = PhoneSecret::parse(&"5".repeat(32)).unwrap();
    match desk.press(token, &phone).await.unwrap().unwrap() {
        PhoneSees::Matching(code) => code.digits().to_owned(),
        other => unreachable!("{other:?}"),
    }
}

fn other_than(code: &str) -> Value {
    json!({ "code": if code == "0000" { "0001" } else { "0000" } })
}

#[tokio::test]
async fn a_page_goes_on_once_its_phone_s_digits_are_typed() {
    let api = api();
    let terminal = api.hall.terminal();
    let told = terminal.post(&api, MAKE, home()).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (201, "private, no-store"));
    assert_eq!(told.json()["expires_at"], (now() + std::time::Duration::from_secs(600)).to_string());
    let (id, token) = made(&api, &terminal).await;
    assert_eq!(terminal.get(&api, &id).await.json(), json!({ "state": "waiting" }));
    let confirm = format!("{id}/confirm");
    is(&terminal.post(&api, &confirm, json!({ "code": "1234" })).await, 409, "no_phone_yet");
    let code = scans(&api, &token).await;
    assert_eq!(terminal.get(&api, &id).await.json(), json!({ "state": "scanned" }));
    is(&terminal.post(&api, &confirm, other_than(&code)).await, 409, "matching_code_wrong");
    for _ in 0..2 {
        let right = terminal.post(&api, &confirm, json!({ "code": code })).await;
        assert_eq!((right.status.as_u16(), right.json()), (200, json!({ "state": "open" })));
    }
    assert_eq!(terminal.get(&api, &id).await.json(), json!({ "state": "open" }));
    assert!(api.was_not_asked(), "the Desk has no part in it");
}

#[tokio::test]
async fn three_wrong_ones_and_a_new_code_end_it() {
    let api = api();
    let terminal = api.hall.terminal();
    let (id, token) = made(&api, &terminal).await;
    let (code, confirm) = (scans(&api, &token).await, format!("{id}/confirm"));
    for (status, problem) in [(409, "matching_code_wrong"), (409, "matching_code_wrong"), (410, "continuation_over")] {
        is(&terminal.post(&api, &confirm, other_than(&code)).await, status, problem);
    }
    is(&terminal.post(&api, &confirm, json!({ "code": code })).await, 410, "continuation_over");
    assert_eq!(terminal.get(&api, &id).await.json(), json!({ "state": "over" }));
    let (first, _) = made(&api, &terminal).await;
    let (second, _) = made(&api, &terminal).await;
    assert_eq!(terminal.get(&api, &first).await.json(), json!({ "state": "over" }));
    assert_eq!(terminal.get(&api, &second).await.json(), json!({ "state": "waiting" }));
}

#[tokio::test]
async fn each_kind_of_page_is_kept_and_nothing_of_anybody() {
    let api = api();
    let terminal = api.hall.terminal();
    let ticket = TicketCode::parse("7k3fq2m8w0zd").unwrap();
    let kept = || api.hall.rows.continuations.lock().unwrap().pop().map(|one| one.new.page);
    for page in [
        json!({ "kind": "home" }),
        json!({ "kind": "procedure", "code": "1.001193" }),
        json!({ "kind": "procedure", "code": "1.001193", "case": "" }),
        json!({ "kind": "procedures", "query": "giấy khai sinh" }),
        json!({ "kind": "queue", "ticket": "7K3FQ2M8WOZD" }),
    ] {
        let told = terminal.post(&api, MAKE, json!({ "page": page })).await;
        assert_eq!(told.status.as_u16(), 201, "{page}");
        let kept = kept().unwrap();
        match page["kind"].as_str().unwrap() {
            "home" => assert_eq!(kept, ContinuedPage::Home),
            "queue" => assert_eq!(kept, ContinuedPage::Ticket(ticket.clone())),
            "procedures" => {
                assert!(matches!(kept, ContinuedPage::Procedures(words) if words.as_str() == "giấy khai sinh"));
            }
            _ => assert!(matches!(kept, ContinuedPage::Procedure { code, .. } if code.as_str() == "1.001193")),
        }
    }
    for page in [
        json!({ "kind": "dossier", "number": "000.00.17.H09-210819-0012" }),
        json!({ "kind": "queue", "ticket": "7k3fq2m8w0zd", "name": "Nguyễn Văn A" }),
        json!({ "kind": "procedure", "code": "9.999999" }),
        json!({ "kind": "procedure", "code": "x" }),
        json!({ "kind": "procedure", "code": "1.001193", "case": "Nguyễn Văn A" }),
        json!({ "kind": "procedure", "code": "1.001193", "case_number": 0 }),
        json!({ "kind": "procedure", "code": "1.001193", "case_number": -1 }),
        json!({ "kind": "procedure", "code": "1.001193", "case_number": 99 }),
        json!({ "kind": "procedure", "code": "1.001193", "case_number": "1" }),
        json!({ "kind": "procedures", "query": " " }),
        json!({ "kind": "procedures", "query": "000.00.17.H09-210819-0012" }),
        json!({ "kind": "procedures", "query": "căn cước 079201009876" }),
        json!({ "kind": "procedures", "query": "a".repeat(201) }),
        json!({ "kind": "queue", "ticket": "A012" }),
    ] {
        is(&terminal.post(&api, MAKE, json!({ "page": page })).await, 422, "invalid_fields");
    }
    assert_eq!(kept(), None);
}

#[tokio::test]
async fn english_goes_with_it_and_without_an_address_there_is_none() {
    let mut api = api();
    let terminal = api.hall.terminal();
    let signed = terminal.signed(&Method::POST, MAKE, &home().to_string(), terminal.nonce());
    let english = signed.header("accept-language", "en").body(Body::from(home().to_string())).unwrap();
    let told = api.send(english).await;
    assert!(told.json()["url"].as_str().unwrap().ends_with("?lang=en"), "{}", told.text);
    api.hall.config.phone_base_url.clear();
    is(&terminal.post(&api, MAKE, home()).await, 409, "no_phones");
}

#[tokio::test]
async fn a_terminal_has_its_own_and_no_other() {
    let api = api();
    let terminal = api.hall.terminal();
    let (id, token) = made(&api, &terminal).await;
    let code = scans(&api, &token).await;
    let other = api.hall.another_terminal();
    is(&other.get(&api, &id).await, 404, "unknown_route");
    is(&other.post(&api, &format!("{id}/confirm"), json!({ "code": code })).await, 404, "unknown_route");
    for id in ["0", "x", "%FF", "99999999999999999999", "-1"] {
        is(&terminal.get(&api, &format!("{MAKE}/{id}")).await, 404, "unknown_route");
    }
    is(&api.get(&id).await, 401, "signature_missing");
    is(&api.post(MAKE, home().to_string()).await, 401, "signature_missing");
    assert!(api.hall.rows.revoke(&terminal.id, now()).await.unwrap());
    is(&terminal.post(&api, &format!("{id}/confirm"), json!({ "code": code })).await, 401, "terminal_revoked");
}

#[tokio::test]
async fn what_cannot_be_read_changes_nothing() {
    let api = api();
    let terminal = api.hall.terminal();
    let (id, token) = made(&api, &terminal).await;
    let (code, confirm) = (scans(&api, &token).await, format!("{id}/confirm"));
    for body in ["", "{", "[]"] {
        let told = terminal.post(&api, &confirm, body).await;
        assert!(matches!(told.status.as_u16(), 400 | 422), "{body}: {}", told.text);
    }
    for body in [json!({ "code": "12345" }), json!({ "code": "abcd" }), json!({ "code": 1234 }), json!({})] {
        is(&terminal.post(&api, &confirm, body).await, 422, "invalid_fields");
    }
    is(&terminal.post(&api, MAKE, "x".repeat(17_000)).await, 413, "body_too_large");
    *api.hall.rows.away.lock().unwrap() = true;
    is(&terminal.post(&api, &confirm, json!({ "code": code })).await, 503, "gave_up");
    *api.hall.rows.away.lock().unwrap() = false;
    assert_eq!(terminal.post(&api, &confirm, json!({ "code": code })).await.status.as_u16(), 200, "none was counted");
    api.hall.limiter.0.store(0, std::sync::atomic::Ordering::Relaxed);
    is(&terminal.post(&api, MAKE, home()).await, 429, "too_many_requests");
}
