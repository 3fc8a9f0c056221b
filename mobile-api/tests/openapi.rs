//! The committed document is the one that the handlers make.

#![expect(clippy::disallowed_methods, reason = "a test that may rewrite its file")]

use channel_mobile::openapi_json;
use serde_json::Value;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_committed_document_is_fresh() {
    let made = openapi_json();
    if std::env::var("UPDATE_OPENAPI").is_ok() {
        std::fs::write(COMMITTED, &made).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(
        committed == made,
        "mobile-api/openapi.json is stale; refresh it with\n  UPDATE_OPENAPI=1 cargo test -p channel-mobile --test openapi"
    );
}

#[test]
fn it_is_openapi_3_1_with_our_own_title_and_every_operation() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["info"]["title"], "Đa Kênh for mobile apps");
    let operations: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(
        operations,
        [
            "list_agencies",
            "ask",
            "enrol_device",
            "show_dossier",
            "send_code",
            "disclose_dossier",
            "rate_dossier",
            "call_officer",
            "show_call",
            "kiosk_catalogue",
            "begin_continuation",
            "show_continuation",
            "confirm_continuation",
            "kiosk_heartbeat",
            "kiosk_settings",
            "find_procedures",
            "show_procedure",
            "queue_now",
            "take_ticket",
            "tell_local_tickets",
            "ticket_place",
            "rate"
        ]
    );
}

#[test]
fn every_operation_names_what_the_stack_around_it_may_answer() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let responses = operation["responses"].as_object().unwrap();
            for status in ["408", "429", "500", "503"] {
                let schema = &responses[status]["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/ProblemAnswer", "{path} {status}");
            }
            for (status, response) in responses {
                let limit = &response["headers"]["RateLimit"]["$ref"];
                assert_eq!(limit, "#/components/headers/RateLimit", "{path} {status}");
            }
            for status in ["429", "503"] {
                assert!(responses[status]["headers"]["Retry-After"].is_object(), "{path} {status}");
            }
        }
    }
}

#[test]
fn no_proof_stands_in_any_address() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                assert!(
                    !["four", "proof", "phone", "one_time"].iter().any(|word| name.contains(word)),
                    "{path}: {name}"
                );
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}
