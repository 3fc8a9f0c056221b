//! The readers never panic, whatever comes over the wire.

use proptest::prelude::*;
use serde_json::Value;

use crate::support::all_golden;
use gateway_portal::{fuzz_dossier_answer, fuzz_procedure_answer};

fn read(bytes: &[u8]) {
    fuzz_dossier_answer(bytes);
    fuzz_procedure_answer(bytes);
}

/// Any JSON, with texts that look like the wire's now and then.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[0-9]{0,15}".prop_map(Value::from),
        Just(Value::from("000.00.17.H09-261020-0012")),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[A-Za-z_]{1,8}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Paths of all values of a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| places(item, &format!("{at}/{n}"), found)),
        Value::Object(map) => map.iter().for_each(|(key, item)| places(item, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        read(&bytes);
    }

    #[test]
    fn any_document(document in any_json()) {
        read(&serde_json::to_vec(&document).unwrap());
        read(&serde_json::to_vec(&serde_json::json!({"error_code": 0, "result": document})).unwrap());
    }

    /// A golden answer with one value replaced by anything, or cut anywhere.
    #[test]
    fn a_golden_answer_gone_wrong(file in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(),
                                  with in any_json(), cut in any::<prop::sample::Index>()) {
        let golden = all_golden();
        let bodies: Vec<Value> = golden.into_iter().filter_map(|golden| golden.response.body).collect();
        let mut body = file.get(&bodies).clone();
        let mut found = Vec::new();
        places(&body, "", &mut found);
        if let Some(value) = body.pointer_mut(&found[place.index(found.len())]) {
            *value = with;
        }
        let bytes = serde_json::to_vec(&body).unwrap();
        read(&bytes);
        read(&bytes[..cut.index(bytes.len())]);
    }
}
