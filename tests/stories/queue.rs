//! The queue of a centre, on the real binary.

use serde_json::json;
use test_support::{Demo, Smsc, Texting, get, post, road};

const SITE: &str = "001.21.31.H09";

/// A centre that is open at every hour of every day.
pub(crate) const CENTRE: &str = r#"
[[queue.sites]]
code = "001.21.31.H09"
name = { vi = "Trung tâm hành chính công Thủ Dầu Một", en = "Thủ Dầu Một service centre" }
words = ["TDM"]
hours = [{ from = "00:00", to = "23:59" }]
open_on_days_off = true
lunch_cut_off_minutes = 0
closing_cut_off_minutes = 0
services = [
    { key = "ho-tich", prefix = "A", name = { vi = "Hộ tịch", en = "Civil status" } },
    { key = "dat-dai", prefix = "B", name = { vi = "Đất đai", en = "Land" } },
]
counters = [{ name = "1" }]
"#;

#[tokio::test]
async fn the_demo_has_a_centre_with_three_services() {
    let demo = Demo::start(&[]);
    let told = get(&format!("{}/api/v1/queue?site={SITE}", demo.public), &[]).await;
    assert_eq!(told.status, 200, "{told:?}");
    let body = told.json();
    let services = body["services"].as_array().unwrap();
    let prefixes: Vec<&str> = services.iter().map(|service| service["prefix"].as_str().unwrap()).collect();
    assert_eq!((prefixes.as_slice(), &body["site"]), (["A", "B", "C"].as_slice(), &json!(SITE)));
    assert!(services.iter().all(|service| service["waiting"] == 0 && service.get("estimated_minutes").is_none()));
    // One centre need not be named; English names are the centre's own.
    let english = get(&format!("{}/api/v1/queue", demo.public), &[("accept-language", "en")]).await;
    assert_eq!(english.json()["services"][0]["name"], "Civil status");
    let unknown = get(&format!("{}/api/v1/queue?site=000.00.99.H09", demo.public), &[]).await;
    assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!("queue_unknown")));
    let nobody = get(&format!("{}/api/v1/queue/tickets/0123456789ab", demo.public), &[]).await;
    assert_eq!((nobody.status, &nobody.json()["code"]), (404, &json!("queue_unknown")));
    // Nothing but an enrolled terminal's signed request takes a number.
    let wish = json!({ "service": "ho-tich", "priority": "none", "key": "0123456789abcdef0123456789abcdef" });
    let taken = post(&format!("{}/api/v1/queue/tickets", demo.public), &wish, &[]).await;
    assert_eq!((taken.status, &taken.json()["code"]), (401, &json!("signature_missing")));
    let still = get(&format!("{}/api/v1/queue", demo.public), &[]).await;
    assert!(still.json()["services"].as_array().unwrap().iter().all(|service| service["waiting"] == 0));
}

#[test]
fn bao_nhieu_nguoi_dang_cho_hoi_bang_tin_nhan() {
    let Some(smsc) = Smsc::node() else { return };
    let _texting = Texting::start(&format!("{}{CENTRE}", road("vnpt", &smsc, "private_line = true", "")));
    for (text, words) in [
        ("XNC STTXC", "Thu Dau Mot"),
        ("sttxc TDM", "Thu Dau Mot"),
        ("QUEUE", "service centre"),
        ("gio co bao nhieu nguoi dang cho", "Thu Dau Mot"),
        ("lay so thu tu", "may o sanh"),
    ] {
        let answer = smsc.ask("84901234567", text);
        assert!(answer.contains(words), "{text}: {answer}");
    }
}
