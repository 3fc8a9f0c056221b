//! Every tidy golden file: the question is asked, the shapes are compared.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::Portal;

/// The same keys at every level and the same kind of value under each.
/// Elements of a list are compared with the first golden one; an empty list
/// fits any list.
fn compare(golden: &Value, ours: &Value, at: &str) -> Result<(), String> {
    match (golden, ours) {
        (Value::Object(golden), Value::Object(ours)) => {
            let keys = |object: &serde_json::Map<String, Value>| {
                let mut keys: Vec<String> = object.keys().cloned().collect();
                keys.sort();
                keys
            };
            if keys(golden) != keys(ours) {
                return Err(format!("{at}: golden {:?}, ours {:?}", keys(golden), keys(ours)));
            }
            golden.iter().try_for_each(|(key, value)| compare(value, &ours[key], &format!("{at}.{key}")))
        }
        (Value::Array(golden), Value::Array(ours)) => {
            let Some(first) = golden.first() else { return Ok(()) };
            ours.iter().enumerate().try_for_each(|(place, item)| compare(first, item, &format!("{at}[{place}]")))
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => Ok(()),
        _ => Err(format!("{at}: golden {golden}, ours {ours}")),
    }
}

/// `error_code` may be number or text, and may stand beside `result` or `data`.
fn normal(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        if let Some(data) = body.remove("data") {
            body.insert("result".to_owned(), data);
        }
        if let Some(code) = body.get_mut("error_code") {
            *code = match code.as_str() {
                Some(text) => json!(text.parse::<i64>().unwrap()),
                None => code.take(),
            };
        }
    }
    body
}

#[tokio::test]
async fn every_tidy_golden_file_has_our_shape() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/portal");
    let portal = Portal::open().await;
    let samples = portal.simulator.samples();
    let number_of = |what: &str| samples.iter().find(|sample| sample.what == what).unwrap().number.clone();
    let mut compared = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        let golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        if golden["tidy"] != true {
            continue;
        }
        let name = golden["name"].as_str().unwrap();
        let mut body = golden["request"]["body"].clone();
        if body.get("session").is_some() {
            body["session"] = json!(portal.session);
        }
        // The files' numbers are samples: ours are asked for in their place.
        match name {
            "login" => body["password"] = json!("portal-sim"),
            "login_refused" | "procedure" | "procedure_list" | "procedure_not_found" | "not_found" => {}
            "session_expired" => body["session"] = json!("4f0c2f3a9d7b4e21"),
            "error_code" => body["madonvi"] = json!("000.00.99.H09"),
            "dossier_business" => body["mahoso"] = json!(number_of("business")),
            "dossier_in_progress" | "dossier_data_key" => body["mahoso"] = json!(number_of("status_4")),
            name => {
                let status: u8 = name.strip_prefix("dossier_status_").expect("a file of a new kind").parse().unwrap();
                body["mahoso"] = json!(number_of(&format!("status_{status}")));
            }
        }
        let ours = portal.post(golden["request"]["path"].as_str().unwrap(), &body).await;
        let wanted = &golden["response"]["body"];
        compare(&normal(wanted.clone()), &normal(ours.clone()), name).unwrap();
        if let (Some(wanted), Some(ours)) = (wanted["result"].get(0), ours["result"].get(0))
            && name.starts_with("dossier_status_")
        {
            same_story(name, wanted, ours);
        }
        compared += 1;
    }
    assert!(compared >= 20, "only {compared} golden files");
}

/// In one status the same dates and lists are filled and the same are empty.
fn same_story(name: &str, wanted: &Value, ours: &Value) {
    assert_eq!(wanted["TrangThaiHoSo"], ours["TrangThaiHoSo"]);
    for field in ["NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy"] {
        assert_eq!(wanted[field] == "", ours[field] == "", "{name}.{field}");
        let text = ours[field].as_str().unwrap();
        assert!(text.is_empty() || (text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())), "{text}");
    }
    for list in ["DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"] {
        let filled = |dossier: &Value| !dossier[list].as_array().unwrap().is_empty();
        // Papers and fees that were asked for before stay on the list.
        assert!(filled(ours) || !filled(wanted), "{name}.{list}");
    }
    let told = ours["ThongTinTra"] != "";
    let status = ours["TrangThaiHoSo"].as_str().unwrap();
    assert_eq!(told, matches!(status, "3" | "6" | "7" | "8" | "9" | "10"), "{name}");
}
