//! The queue of a centre, on the real binary.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Barrier;

use mobile_api_types::signature::SigningKey;
use serde_json::json;
use test_support::{Database, Demo, Smsc, Texting, get, post, road};

use crate::counter;
use crate::terminals::{Terminal, shows_code};

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

/// More than the wrong codes that one address once had at once (12), and fewer than
/// it has now; each of their requests comes over a connection of its own.
const TERMINALS: u8 = 30;
/// Numbers that each takes.
const TAKES: usize = 4;
/// `kiosk.enrolment_tries_burst`, as it is by default.
const WRONG_CODES: usize = 60;

#[test]
fn thirty_terminals_behind_one_address_miss_no_number_and_share_none() {
    let demo = counter::start(&[]);
    let enrolled = at_once((1..=TERMINALS).map(|place| {
        let (public, folder) = (&demo.public, demo.folder());
        move || Terminal::enrol_with(public, folder, (SITE, &format!("Sảnh {place}")), &[place; 32])
    }));
    let start = Barrier::new(enrolled.len());
    let taken = at_once(enrolled.into_iter().zip(0..).map(|(terminal, place)| {
        let start = &start;
        move || {
            let services = ["ho-tich", "dat-dai", "can-cuoc"].into_iter().cycle().skip(place);
            let wishes: Vec<_> = services.zip(["none", "elderly"].into_iter().cycle()).take(TAKES).collect();
            start.wait();
            wishes.into_iter().map(|(service, priority)| terminal.take(service, priority)).collect::<Vec<_>>()
        }
    }));
    let mut taken: Vec<String> = taken.into_iter().flatten().collect();
    taken.sort_unstable();
    let mut serials: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for number in &taken {
        let (prefix, serial) = number.split_at(1);
        serials.entry(prefix).or_default().push(serial.parse().unwrap());
    }
    for (prefix, serials) in &serials {
        assert!(serials.iter().copied().eq((1..).take(serials.len())), "gaps or doubles of {prefix}: {serials:?}");
    }
    assert_eq!((taken.len(), serials.len()), (usize::from(TERMINALS) * TAKES, 3), "{taken:?}");
    let rows = Database::Sqlite(Path::new(demo.folder()).join("dakenh.db"));
    let kept = rows.texts("SELECT prefix || substr('00' || serial, -3) AS x FROM queue_tickets ORDER BY x");
    assert_eq!(kept, taken, "what is on disk is what was told");

    // A right code was no guess: strangers at the same address have all theirs, and no more.
    let key = SigningKey::from_seed(&[99; 32]).unwrap();
    let answers = |_| shows_code(&demo.public, "0000-0000-0000-0000", &key).status;
    let statuses: Vec<u16> = (0..2 * WRONG_CODES).map(answers).take_while(|status| *status != 429).collect();
    assert!((WRONG_CODES..2 * WRONG_CODES).contains(&statuses.len()), "{}", statuses.len());
    assert!(statuses.iter().all(|status| *status == 403), "{statuses:?}");
}

/// Each on a thread of its own; what they give, in their order.
fn at_once<T: Send>(all: impl Iterator<Item = impl FnOnce() -> T + Send>) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = all.map(|one| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
