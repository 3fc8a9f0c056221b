use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes};
use gateway_core::desk::Reply;
use gateway_core::domain::{CallReason, CallStage, DeviceId, Printer, Rated, RatingReason};
use gateway_core::ports::{Devices as _, acts};
use http::{Method, StatusCode};
use mobile_api_types::signature::{PublicKey, SigningKey, content_digest, verify_bundle};
use mobile_api_types::{CatalogueBundle, KioskSettings};
use serde_json::{Value, json};

use crate::support::{Api, Told, api_that_says, asking, now};
use crate::terminals::{SITE, hash_key};

const SETTINGS: &str = "/api/v1/kiosk/settings";
const HEARTBEAT: &str = "/api/v1/kiosk/heartbeat";
const CATALOGUE: &str = "/api/v1/kiosk/catalogue";
const ENROL: &str = "/api/v1/devices/enrol";

fn api() -> Api {
    api_that_says(Ok(Reply::Help))
}

fn beat() -> Value {
    json!({ "version": "0.1.0", "printer": { "state": "paper_out" }, "network": { "latency_ms": 12 }, "screens_failed": 1 })
}

fn is(told: &Told, status: u16, code: &str) {
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code), "{}", told.text);
}

fn enrolment(code: &str) -> Value {
    let key = SigningKey::from_seed(&[7; 32]).unwrap().public().to_string();
    json!({ "code": code, "public_key": key, "version": "0.1.0" })
}

// Enrolment.

#[tokio::test]
async fn a_terminal_shows_its_code_once_and_is_heard_from_then_on() {
    let api = api();
    let code = api.hall.offer().await;
    let told = api.post(ENROL, enrolment(&code.shown().to_lowercase()).to_string()).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (201, "private, no-store"), "{}", told.text);
    let body = told.json();
    let device = body["device"].as_str().unwrap();
    assert!(device.starts_with("k-") && device.len() == 34, "{device}");
    assert_eq!(
        (&body["site"], &body["site_name"], &body["name"]),
        (&json!(SITE), &json!("UBND phường Phú Cường"), &json!("Sảnh 1"))
    );
    assert!(PublicKey::parse(body["gateway_key"].as_str().unwrap()).is_ok());
    {
        let acts = api.hall.rows.acts.lock().unwrap();
        assert_eq!((acts.len(), acts[0].act), (1, acts::TERMINAL_ENROLLED));
        assert_eq!(acts[0].target, Some(hash_key().hash("terminal", device)));
    }
    // A lost answer comes again; another key gets nothing.
    let again = api.post(ENROL, enrolment(&code.shown()).to_string()).await;
    assert_eq!((again.status.as_u16(), &again.json()["device"]), (201, &json!(device)));
    let mut other = enrolment(&code.shown());
    other["public_key"] = SigningKey::from_seed(&[8; 32]).unwrap().public().to_string().into();
    is(&api.post(ENROL, other.to_string()).await, 403, "enrolment_refused");
}

#[tokio::test]
async fn only_a_code_that_enrols_is_not_counted_as_a_try() {
    let api = api();
    let code = api.hall.offer().await;
    let left = || api.hall.limiter.0.load(Ordering::Relaxed);
    api.hall.limiter.0.store(3, Ordering::Relaxed);
    assert_eq!(api.post(ENROL, enrolment(&code.shown()).to_string()).await.status, 201);
    assert_eq!(left(), 3);
    assert_eq!(api.post(ENROL, enrolment(&code.shown()).to_string()).await.status, 201);
    assert_eq!(left(), 2, "the same answer once more is one");
    is(&api.post(ENROL, enrolment("0000-0000-0000-0000").to_string()).await, 403, "enrolment_refused");
    assert_eq!(left(), 1);
    *api.hall.rows.away.lock().unwrap() = true;
    is(&api.post(ENROL, enrolment(&code.shown()).to_string()).await, 503, "gave_up");
    assert_eq!(left(), 0);
    is(&api.post(ENROL, enrolment(&code.shown()).to_string()).await, 429, "too_many_requests");
}

#[tokio::test]
async fn what_is_no_enrolment_is_refused() {
    let api = api();
    api.hall.offer().await;
    for (body, status, code) in [
        ("{".to_owned(), 400, "malformed_json"),
        ("[]".to_owned(), 422, "invalid_fields"),
        (json!({ "code": "x" }).to_string(), 422, "invalid_fields"),
        (enrolment("not a code").to_string(), 403, "enrolment_refused"),
        (enrolment("0000-0000-0000-0000").to_string(), 403, "enrolment_refused"),
        (enrolment("0").to_string().replace("0.1.0", "0 1 0"), 422, "invalid_fields"),
        (json!({ "code": "0", "public_key": "AAAA", "version": "0" }).to_string(), 422, "invalid_fields"),
        ("x".repeat(17_000), 413, "body_too_large"),
    ] {
        is(&api.post(ENROL, body.clone()).await, status, code);
    }
    let plain = asking(ENROL).method("POST").header("content-type", "text/plain").body(Body::from("x")).unwrap();
    is(&api.send(plain).await, 415, "unsupported_media_type");
    assert!(api.hall.rows.devices.lock().unwrap().is_empty());
}

#[tokio::test]
async fn codes_are_tried_seldom_and_not_while_the_database_is_away() {
    let api = api();
    let code = api.hall.offer().await;
    *api.hall.rows.away.lock().unwrap() = true;
    let away = api.post(ENROL, enrolment(&code.shown()).to_string()).await;
    is(&away, 503, "gave_up");
    assert_eq!(away.header("retry-after"), "5");
    api.hall.limiter.0.store(0, Ordering::Relaxed);
    let many = api.post(ENROL, enrolment(&code.shown()).to_string()).await;
    is(&many, 429, "too_many_requests");
    assert_eq!(many.header("retry-after"), "7");
}

// The door of all the rest.

#[tokio::test]
async fn whoever_does_not_sign_is_told_so_by_each_resource() {
    let api = api();
    api.hall.terminal();
    for path in [SETTINGS, CATALOGUE] {
        is(&api.get(path).await, 401, "signature_missing");
    }
    is(&api.post(HEARTBEAT, beat().to_string()).await, 401, "signature_missing");
    assert!(api.hall.rows.nonces.lock().unwrap().is_empty(), "nothing is written for a stranger");
}

#[tokio::test]
async fn a_request_is_heard_once_in_time_and_as_it_was_signed() {
    let api = api();
    let terminal = api.hall.terminal();
    let nonce = terminal.nonce();
    let request = || terminal.signed(&Method::GET, SETTINGS, "", nonce).body(Body::empty()).unwrap();
    assert_eq!(api.send(request()).await.status, 200);
    is(&api.send(request()).await, 401, "signature_replayed");

    for off in [-121, 121] {
        let mut slow = api.hall.terminal();
        slow.created += off;
        is(&slow.get(&api, SETTINGS).await, 401, "signature_stale");
    }
    let mut late = api.hall.terminal();
    late.created -= 120;
    let nonce = mobile_api_types::signature::Nonce([9; 16]);
    let in_time = late.signed(&Method::GET, SETTINGS, "", nonce).body(Body::empty()).unwrap();
    assert_eq!(api.send(in_time).await.status, 200);

    let body = beat().to_string();
    let other_body = terminal.signed(&Method::POST, HEARTBEAT, &body, terminal.nonce());
    is(&api.send(other_body.body(Body::from(body.replace("0.1.0", "6.6.6"))).unwrap()).await, 401, "digest_mismatch");
    let added = terminal.signed(&Method::GET, SETTINGS, "", terminal.nonce()).body(Body::from("x")).unwrap();
    is(&api.send(added).await, 401, "digest_mismatch");
    let other_path = terminal.signed(&Method::GET, SETTINGS, "", terminal.nonce()).uri(CATALOGUE);
    is(&api.send(other_path.body(Body::empty()).unwrap()).await, 401, "signature_invalid");
    let other_query = terminal.signed(&Method::GET, SETTINGS, "", terminal.nonce()).uri(format!("{SETTINGS}?a=1"));
    is(&api.send(other_query.body(Body::empty()).unwrap()).await, 401, "signature_invalid");
    let twice = terminal.signed(&Method::GET, SETTINGS, "", terminal.nonce()).header("signature", "sig=:AAAA:");
    is(&api.send(twice.body(Body::empty()).unwrap()).await, 401, "signature_malformed");
    let strange = terminal.getting(SETTINGS);
    let (mut parts, body) = strange.into_parts();
    parts.headers.insert("signature-input", "sig=(\"@method\");created=1".parse().unwrap());
    is(&api.send(http::Request::from_parts(parts, body)).await, 401, "signature_malformed");
    assert_eq!(api.hall.rows.nonces.lock().unwrap().len(), 2, "what does not hold writes nothing");
}

#[tokio::test]
async fn a_stranger_a_thief_and_a_revoked_terminal_are_told_apart() {
    let api = api();
    let terminal = api.hall.terminal();
    let mut stranger = api.hall.terminal();
    stranger.id = DeviceId::parse("k-another-terminal").unwrap();
    is(&stranger.get(&api, SETTINGS).await, 401, "terminal_unknown");
    let mut thief = api.hall.terminal();
    thief.key = SigningKey::from_seed(&[8; 32]).unwrap();
    is(&thief.get(&api, SETTINGS).await, 401, "signature_invalid");
    assert_eq!(terminal.get(&api, SETTINGS).await.status, 200);
    assert!(api.hall.rows.revoke(&terminal.id, now()).await.unwrap());
    is(&terminal.get(&api, SETTINGS).await, 401, "terminal_revoked");
    is(&thief.get(&api, SETTINGS).await, 401, "signature_invalid");
}

#[tokio::test]
async fn a_terminal_has_a_limit_of_its_own_and_needs_the_database() {
    let api = api();
    let terminal = api.hall.terminal();
    api.hall.limiter.0.store(1, Ordering::Relaxed);
    assert_eq!(terminal.get(&api, SETTINGS).await.status, 200);
    let many = terminal.get(&api, SETTINGS).await;
    is(&many, 429, "too_many_requests");
    assert_eq!(many.header("retry-after"), "7");
    api.hall.limiter.0.store(100, Ordering::Relaxed);
    *api.hall.rows.away.lock().unwrap() = true;
    for path in [SETTINGS, CATALOGUE] {
        is(&terminal.get(&api, path).await, 503, "gave_up");
    }
    is(&terminal.post(&api, HEARTBEAT, beat()).await, 503, "gave_up");
}

#[tokio::test]
async fn a_body_is_bounded_before_it_is_hashed() {
    let api = api();
    let terminal = api.hall.terminal();
    let long = "x".repeat(17_000);
    is(&terminal.post(&api, HEARTBEAT, &long).await, 413, "body_too_large");
    assert!(api.hall.rows.nonces.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_too_slowly_is_not_waited_for() {
    let api = api();
    let terminal = api.hall.terminal();
    let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    let request = terminal.signed(&Method::POST, HEARTBEAT, "{}", terminal.nonce()).body(endless).unwrap();
    is(&api.send(request).await, 408, "request_timeout");
}

// Settings.

#[tokio::test]
async fn settings_are_the_site_s_and_are_asked_for_again_cheaply() {
    let mut api = api();
    api.hall.config.service_pin_sha256 = "0".repeat(64);
    api.hall.config.phone_base_url = "https://dakenh.example.vn".into();
    api.hall.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
    let terminal = api.hall.terminal();
    let told = terminal.get(&api, SETTINGS).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "private, no-cache"), "{}", told.text);
    let body: KioskSettings<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!(
        (body.site.as_ref(), body.site_name.as_ref(), body.name.as_ref()),
        (SITE, "UBND phường Phú Cường", "Sảnh 1")
    );
    assert_eq!(
        (body.services.as_slice(), body.languages.len()),
        (["look_up".into(), "procedures".into()].as_slice(), 2)
    );
    assert_eq!((body.idle_seconds, body.idle_seconds_accessible, body.local_tickets), (45, 120, None));
    assert_eq!(body.phone_base_url.as_deref(), Some("https://dakenh.example.vn"));
    assert!(body.open_now, "a Monday at eight");
    assert_eq!(body.notices[0].text, "Trung tâm nghỉ chiều nay");
    let monday: Vec<_> = body.opening.ranges.iter().filter(|range| range.weekday == 1).collect();
    assert_eq!((monday.len(), monday[0].from.as_ref(), monday[1].until.as_ref()), (2, "07:00", "17:00"));
    assert!(body.opening.ranges.iter().all(|range| range.weekday <= 5));

    let mut again = terminal.getting(SETTINGS);
    again.headers_mut().insert("if-none-match", told.header("etag").parse().unwrap());
    assert_eq!(api.send(again).await.status, 304);
    let mut english = terminal.getting(SETTINGS);
    english.headers_mut().insert("accept-language", "en".parse().unwrap());
    let english = api.send(english).await.json();
    assert_eq!(english["site_name"], "People's Committee of Phú Cường ward");
    assert_eq!(english["notices"][0]["text"], "Closed this afternoon");
    assert_eq!(english["settings_version"], body.settings_version.as_ref(), "one version for both languages");
}

#[tokio::test]
async fn a_site_has_what_it_has_otherwise() {
    let mut api = api();
    let site = json!({
        "site": SITE.to_lowercase(), "services": ["ticket"], "languages": ["en"], "idle_seconds": 60,
        "hours": [{ "from": "08:30:00", "to": "11:00:00" }],
        "notices": [{ "vi": "Quầy 3 tạm nghỉ." }],
        "local_tickets": [
            { "terminal": "Sảnh 1", "from": 900, "to": 949 }, { "terminal": "Sảnh 2", "from": 950, "to": 999 },
        ],
    });
    api.hall.config.sites = vec![serde_json::from_value(site).unwrap()];
    assert_eq!(api.hall.config.validate(), Ok(()));
    let body = api.hall.terminal().get(&api, SETTINGS).await.json();
    assert_eq!(
        (&body["services"], &body["languages"], &body["idle_seconds"]),
        (&json!(["ticket"]), &json!(["en"]), &json!(60))
    );
    assert_eq!(body["local_tickets"], json!({ "allowed": true, "from": 900, "to": 949 }));
    assert_eq!(
        (&body["notices"][0]["text"], &body["open_now"]),
        (&json!("Quầy 3 tạm nghỉ."), &json!(false)),
        "eight o'clock"
    );
    assert_eq!(body["opening"]["ranges"][0], json!({ "weekday": 1, "from": "08:30", "until": "11:00" }));
    assert_eq!(body["opening"]["ranges"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_range_that_another_terminal_had_today_is_withheld_until_it_is_free() {
    let mut api = api();
    let site = json!({ "site": SITE, "local_tickets": [{ "terminal": "Sảnh 1", "from": 900, "to": 949 }] });
    api.hall.config.sites = vec![serde_json::from_value(site).unwrap()];
    let (first, second) = (api.hall.terminal(), api.hall.another_terminal());
    let given = first.get(&api, SETTINGS).await.json();
    assert_eq!(given["local_tickets"], json!({ "allowed": true, "from": 900, "to": 949 }));
    // Of the same name: it was enrolled anew, or stands beside the other one.
    let withheld = second.get(&api, SETTINGS).await.json();
    assert_eq!(withheld["local_tickets"], Value::Null);
    let mut knows = beat();
    knows["settings_version"] = withheld["settings_version"].clone();
    assert_eq!(second.post(&api, HEARTBEAT, &knows).await.json()["settings_changed"], false);
    // The first one's day is over.
    api.hall.rows.ranges.lock().unwrap().clear();
    assert_eq!(second.post(&api, HEARTBEAT, &knows).await.json()["settings_changed"], true);
    let free = second.get(&api, SETTINGS).await.json();
    assert_eq!(free["local_tickets"], given["local_tickets"]);
}

// Heartbeats.

#[tokio::test]
async fn a_heartbeat_is_kept_and_says_whether_settings_changed() {
    let api = api();
    let terminal = api.hall.terminal();
    let told = terminal.post(&api, HEARTBEAT, beat()).await;
    assert_eq!((told.status.as_u16(), &told.json()["settings_changed"]), (200, &json!(true)), "{}", told.text);
    let version = terminal.get(&api, SETTINGS).await.json()["settings_version"].clone();
    let mut knows = beat();
    knows["settings_version"] = version;
    assert_eq!(terminal.post(&api, HEARTBEAT, &knows).await.json()["settings_changed"], false);
    api.hall.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
    assert_eq!(terminal.post(&api, HEARTBEAT, &knows).await.json()["settings_changed"], true);
    let kept = api.hall.rows.devices.lock().unwrap().values().next().unwrap().1.clone().unwrap();
    assert_eq!((kept.version.as_str(), kept.printer, kept.screens_failed), ("0.1.0", Printer::PaperOut, 1));
    assert_eq!((kept.at, kept.latency_ms), (now(), Some(12)));
}

#[tokio::test]
async fn what_is_no_heartbeat_is_refused() {
    let api = api();
    let terminal = api.hall.terminal();
    for (body, status, code) in [
        ("{".to_owned(), 400, "malformed_json"),
        ("[]".to_owned(), 422, "invalid_fields"),
        (beat().to_string().replace("paper_out", "on_fire"), 422, "invalid_fields"),
        (beat().to_string().replace("0.1.0", "phiên bản một"), 422, "invalid_fields"),
        (beat().to_string().replace("\"version\"", "\"citizen\":\"A\",\"version\""), 422, "invalid_fields"),
    ] {
        is(&terminal.post(&api, HEARTBEAT, body).await, status, code);
    }
    assert!(api.hall.rows.devices.lock().unwrap().values().all(|(_, beat)| beat.is_none()));
}

// The catalogue.

#[tokio::test]
async fn the_bundle_is_signed_by_the_gateway_and_asked_for_again_cheaply() {
    let api = api();
    let terminal = api.hall.terminal();
    let told = terminal.get(&api, CATALOGUE).await;
    assert_eq!((told.status, told.header("content-type")), (StatusCode::OK, "application/vnd.dakenh.catalogue+json"));
    let gateway = channel_mobile::signing_key(&hash_key()).unwrap().public();
    assert_eq!(verify_bundle(told.text.as_bytes(), told.header("bundle-signature"), &gateway), Ok(()));
    assert_eq!(told.header("content-digest"), content_digest(told.text.as_bytes()));
    let bundle: CatalogueBundle<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!((bundle.procedures.len(), bundle.procedures[0].code.as_ref(), bundle.made_at), (1, "1.001193", now()));
    assert_eq!(
        (bundle.fields[0].name.as_ref(), bundle.fields[0].procedures, bundle.language.as_ref()),
        ("Hộ tịch", 1, "vi")
    );
    let mut zipped = terminal.getting(CATALOGUE);
    zipped.headers_mut().insert("accept-encoding", "gzip".parse().unwrap());
    assert_eq!(api.send(zipped).await.header("content-encoding"), "", "its digest is of these bytes");
    let mut again = terminal.getting(CATALOGUE);
    again.headers_mut().insert("if-none-match", told.header("etag").parse().unwrap());
    let again = api.send(again).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let mut english = terminal.getting(CATALOGUE);
    english.headers_mut().insert("accept-language", "en".parse().unwrap());
    let english = api.send(english).await;
    assert_ne!(english.header("etag"), told.header("etag"));
    assert!(english.text.contains("\"language\":\"en\"") && english.text.contains("commune level"), "{}", english.text);
}

// Calls.

const CALLS: &str = "/api/v1/kiosk/calls";

#[tokio::test]
async fn a_call_is_kept_and_its_terminal_sees_who_comes() {
    let api = api();
    let terminal = api.hall.terminal();
    let told = terminal.post(&api, CALLS, json!({ "reason": "accessibility", "counter_hint": " Quầy 3 " })).await;
    assert_eq!((told.status.as_u16(), told.json()), (202, json!({ "call": "1", "position": 1 })), "{}", told.text);
    {
        let calls = api.hall.rows.calls.lock().unwrap();
        assert_eq!((calls[0].0.reason, calls[0].0.counter.as_deref()), (CallReason::Accessibility, Some("Quầy 3")));
        assert_eq!(calls[0].0.until, now() + Duration::from_secs(1_800));
    }
    let path = format!("{CALLS}/1");
    for (stage, word) in [
        (CallStage::Waiting, "waiting"),
        (CallStage::Coming, "coming"),
        (CallStage::Done, "done"),
        (CallStage::Missed, "missed"),
    ] {
        api.hall.rows.calls.lock().unwrap()[0].1 = stage;
        assert_eq!(terminal.get(&api, &path).await.json(), json!({ "state": word }));
    }
    for wrong in ["0", "2", "-1", "x", "1%2F2"] {
        is(&terminal.get(&api, &format!("{CALLS}/{wrong}")).await, 404, "unknown_route");
    }
}

#[tokio::test]
async fn a_call_ends_at_closing_and_never_at_once() {
    // It is 8:00; the second session stands for the afternoon.
    for (hours, minutes) in [
        (json!([{ "from": "07:00:00", "to": "08:10:00" }]), 10),
        (json!([{ "from": "07:00:00", "to": "08:02:00" }]), 5),
        (json!([{ "from": "07:00:00", "to": "07:30:00" }, { "from": "08:20:00", "to": "08:25:00" }]), 25),
        (json!([{ "from": "07:00:00", "to": "11:30:00" }]), 30),
        // Who calls while it is closed waits as long as ever: somebody may be there.
        (json!([{ "from": "09:00:00", "to": "11:30:00" }]), 30),
    ] {
        let mut api = api();
        let site = json!({ "site": SITE, "hours": hours });
        api.hall.config.sites = vec![serde_json::from_value(site).unwrap()];
        let terminal = api.hall.terminal();
        assert_eq!(terminal.post(&api, CALLS, json!({ "reason": "help" })).await.status, 202);
        let until = api.hall.rows.calls.lock().unwrap()[0].0.until;
        assert_eq!(until, now() + Duration::from_secs(60 * minutes), "{hours}");
    }
}

#[tokio::test]
async fn what_is_no_call_is_refused() {
    let api = api();
    let terminal = api.hall.terminal();
    is(&api.post(CALLS, json!({ "reason": "help" }).to_string()).await, 401, "signature_missing");
    is(&api.get(&format!("{CALLS}/1")).await, 401, "signature_missing");
    for (body, status, code) in [
        ("{".to_owned(), 400, "malformed_json"),
        (json!({ "reason": "fire" }).to_string(), 422, "invalid_fields"),
        (json!({ "reason": "help", "name": "A" }).to_string(), 422, "invalid_fields"),
        (json!({ "reason": "help", "counter_hint": "x".repeat(41) }).to_string(), 422, "invalid_fields"),
        (json!({ "reason": "help", "counter_hint": "a\nb" }).to_string(), 422, "invalid_fields"),
    ] {
        is(&terminal.post(&api, CALLS, body).await, status, code);
    }
    assert!(api.hall.rows.calls.lock().unwrap().is_empty());
    *api.hall.rows.away.lock().unwrap() = true;
    is(&terminal.post(&api, CALLS, json!({ "reason": "help" })).await, 503, "gave_up");
    is(&terminal.get(&api, &format!("{CALLS}/1")).await, 503, "gave_up");
}

// Ratings.

const RATINGS: &str = "/api/v1/ratings";

#[tokio::test]
async fn a_rating_is_kept_before_the_citizen_is_thanked() {
    let api = api();
    let terminal = api.hall.terminal();
    let of_dossier = json!({
        "score": 2, "reasons": ["waiting", "attitude", "waiting"], "words": " Chờ lâu\nquá ",
        "of": { "dossier": "000.00.17.H09-210819-12" },
    });
    let told = terminal.post(&api, RATINGS, of_dossier).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (202, "private, no-store"), "{}", told.text);
    for of in [json!({ "counter": "Quầy 3" }), json!({ "ticket": "c0de" }), json!({ "site": SITE })] {
        assert_eq!(terminal.post(&api, RATINGS, json!({ "score": 5, "of": of })).await.status, 202);
    }
    let kept = api.hall.rows.ratings.lock().unwrap();
    assert_eq!(kept[0].of, Rated::Dossier("000.00.17.H09-210819-0012".into()), "read as on every channel");
    assert_eq!((kept[0].rating.score.number(), kept[0].site.as_str(), kept[0].rating.at), (2, SITE, now()));
    assert_eq!(kept[0].rating.reasons, [RatingReason::Waiting, RatingReason::Attitude]);
    assert_eq!(kept[0].rating.words.as_ref().unwrap().as_str(), "Chờ lâu quá");
    let others: Vec<_> = kept.iter().skip(1).map(|rating| rating.of.clone()).collect();
    assert_eq!(others, [Rated::Counter("Quầy 3".into()), Rated::Ticket("c0de".into()), Rated::Site]);
}

#[tokio::test]
async fn a_rating_that_comes_again_counts_once_and_only_by_its_own_terminal() {
    let api = api();
    let (one, two) = (api.hall.terminal(), api.hall.another_terminal());
    let rating = |key: &str| json!({ "score": 2, "reasons": ["terminal"], "of": { "site": SITE }, "key": key });
    let key = "0123456789abcdef".repeat(2);
    for _ in 0..3 {
        assert_eq!(one.post(&api, RATINGS, rating(&key)).await.status, 202);
    }
    assert_eq!(one.post(&api, RATINGS, rating(&key.to_uppercase())).await.status, 202);
    assert_eq!(two.post(&api, RATINGS, rating(&key)).await.status, 202);
    assert_eq!(one.post(&api, RATINGS, rating(&"f".repeat(32))).await.status, 202);
    let kept = api.hall.rows.ratings.lock().unwrap();
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[0].rating.reasons, [RatingReason::Terminal]);
}

#[tokio::test]
async fn what_is_no_rating_is_refused() {
    let api = api();
    let terminal = api.hall.terminal();
    let site = || json!({ "site": SITE });
    is(&api.post(RATINGS, json!({ "score": 5, "of": site() }).to_string()).await, 401, "signature_missing");
    for (body, status, code) in [
        ("{".to_owned(), 400, "malformed_json"),
        (json!({ "score": 0, "of": site() }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 6, "of": site() }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5 }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": { "person": "A" } }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": site(), "reasons": ["weather"] }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": site(), "reasons": vec!["place"; 9] }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": site(), "words": "ữ".repeat(501) }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": site(), "name": "A" }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": { "site": "000.00.01.H09" } }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": { "counter": " " } }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": site(), "key": "0123" }).to_string(), 422, "invalid_fields"),
        (json!({ "score": 5, "of": { "dossier": "khai sinh" } }).to_string(), 400, "not_a_number"),
    ] {
        is(&terminal.post(&api, RATINGS, body.clone()).await, status, code);
    }
    assert!(api.hall.rows.ratings.lock().unwrap().is_empty());
    *api.hall.rows.away.lock().unwrap() = true;
    is(&terminal.post(&api, RATINGS, json!({ "score": 5, "of": site() })).await, 503, "gave_up");
}

// The configuration.

#[test]
fn a_setting_that_cannot_be_is_named() {
    let config = api().hall.config;
    assert_eq!(config.validate(), Ok(()));
    let with = |change: &dyn Fn(&mut channel_mobile::KioskConfig)| {
        let mut config = config.clone();
        change(&mut config);
        config.validate().unwrap_err().key
    };
    assert_eq!(with(&|config| config.idle_seconds = 14), "idle_seconds");
    assert_eq!(with(&|config| config.idle_seconds_accessible = 44), "idle_seconds_accessible");
    assert_eq!(with(&|config| config.services.push("fly".into())), "services");
    assert_eq!(with(&|config| config.services.push("look_up".into())), "services");
    assert_eq!(with(&|config| config.languages.clear()), "languages");
    assert_eq!(with(&|config| config.service_pin_sha256 = "1234".into()), "service_pin_sha256");
    for url in ["ftp://a", "https://", "https://a/", "https://a b", "dakenh.vn"] {
        assert_eq!(with(&|config| config.phone_base_url = url.into()), "phone_base_url", "{url}");
    }
    for (site, key) in [
        (json!({ "site": "a", "hours": [] }), "sites.a.hours"),
        (json!({ "site": "a", "hours": [{ "from": "11:00:00", "to": "10:00:00" }] }), "sites.a.hours"),
        (json!({ "site": "a", "idle_seconds": 200 }), "sites.a.idle_seconds_accessible"),
        (json!({ "site": "a", "notices": [{ "vi": " " }] }), "sites.a.notices"),
        (json!({ "site": "a", "local_tickets": [{ "terminal": "1", "from": 0, "to": 5 }] }), "sites.a.local_tickets"),
        (
            json!({ "site": "a", "local_tickets": [
                { "terminal": "1", "from": 1, "to": 5 }, { "terminal": "2", "from": 5, "to": 9 }] }),
            "sites.a.local_tickets",
        ),
    ] {
        assert_eq!(with(&|config| config.sites = vec![serde_json::from_value(site.clone()).unwrap()]), key);
    }
    let twice = || serde_json::from_value(json!({ "site": "a" })).unwrap();
    assert_eq!(with(&|config| config.sites = vec![twice(), twice()]), "sites.a.site");
}
