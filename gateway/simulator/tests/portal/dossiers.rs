use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use gateway_core::domain::DossierNumberParser;
use jiff::civil::date;
use serde_json::Value;

use crate::support::{DAY, HOUR, Portal};

fn text<'a>(dossier: &'a Value, field: &str) -> &'a str {
    dossier[field].as_str().unwrap()
}

#[tokio::test]
async fn a_million_numbers_are_all_different_and_all_found() {
    let portal = Portal::with(|config| config.dossiers = 1_000_000).await;
    let mut seen = HashSet::new();
    let indexes: BTreeSet<u64> = (0..1_000_000).step_by(997).chain(999_900..1_000_000).collect();
    for index in indexes {
        let number = portal.number(index);
        assert!(portal.dossier(&number).await.is_some(), "{number}");
        assert!(seen.insert(number));
    }
    assert_eq!(portal.simulator.dossier_by_index(1_000_000), None);
}

#[tokio::test]
async fn the_gateway_reads_every_number_as_it_is_written() {
    let portal = Portal::with(|config| config.dossiers = 1_000_000).await;
    let parser = DossierNumberParser::default();
    let today = date(2026, 11, 23);
    for index in (0..1_000_000).step_by(499) {
        let number = portal.number(index);
        let read = parser.parse_exact(&number, today).unwrap();
        assert_eq!(read.as_str(), number);
        assert_eq!(read.province(), Some("H09"));
    }
    for sample in portal.simulator.samples() {
        let read = parser.parse_exact(&sample.number, today).unwrap();
        assert_eq!(read.is_other_authority(), sample.what == "ministry");
        assert_eq!(read.province() == Some("H09"), !matches!(sample.what, "ministry" | "other_province"));
    }
}

#[tokio::test]
async fn a_number_outside_of_the_set_is_not_found() {
    let portal = Portal::open().await;
    let own = portal.number(0);
    let (agency_and_day, _) = own.rsplit_once('-').unwrap();
    let unknown = [
        format!("{agency_and_day}-9999"),
        format!("{agency_and_day}-0000"),
        format!("{agency_and_day}-00001"),
        format!("{agency_and_day}-1"),
        format!("{agency_and_day}-99999999999999999999999"),
        "000.00.17.H09-260231-0001".to_owned(),
        "000.00.17.H09-261122-0001".to_owned(),
        "000.00.99.H09-261120-0001".to_owned(),
        "38.98.H29-210519-0013".to_owned(),
        "G01.899.909-260916-890028".to_owned(),
        "00673810079".to_owned(),
        "٠٠٠.00.17.H09-261120-٠٠٠١".to_owned(),
        String::new(),
        "-".to_owned(),
        "--".to_owned(),
    ];
    for number in unknown {
        assert!(portal.dossier(&number).await.is_none(), "{number}");
    }
    assert!(portal.dossier(&format!(" {own} ")).await.is_some());
}

#[tokio::test]
async fn every_status_is_there_with_what_belongs_to_it() {
    let portal = Portal::open().await;
    let mut statuses: BTreeMap<String, u32> = BTreeMap::new();
    for index in 0..3_000 {
        let number = portal.number(index);
        let dossier = portal.dossier(&number).await.unwrap();
        let status = text(&dossier, "TrangThaiHoSo").to_owned();
        let (received, due) = (text(&dossier, "NgayTiepNhan"), text(&dossier, "NgayHenTra"));
        let (finished, returned) = (text(&dossier, "NgayKetThucXuLy"), text(&dossier, "NgayTra"));
        assert_eq!(text(&dossier, "MaHoSo"), number);

        assert_eq!(received.is_empty(), status == "1", "{dossier}");
        if !received.is_empty() {
            let (_, day) = number.rsplit_once('-').unwrap().0.rsplit_once('-').unwrap();
            assert_eq!(&received[2..8], day, "the number's date is the day of receipt");
            assert!(due.is_empty() || received <= due, "{dossier}");
            assert!(received < "20261123100000");
        }
        if matches!(status.as_str(), "1" | "3") {
            assert_eq!(due, "");
        }
        assert_eq!(!finished.is_empty(), matches!(status.as_str(), "9" | "10"), "{dossier}");
        assert_eq!(!returned.is_empty(), status == "10", "{dossier}");
        assert!(finished.is_empty() || (received <= finished && finished <= "20261123100000"));
        assert!(returned.is_empty() || finished <= returned);
        match status.as_str() {
            "3" | "7" | "8" => assert_ne!(text(&dossier, "ThongTinTra"), "", "a reason"),
            "5" => {
                let asked = &dossier["DanhSachHoSoBoSung"][0];
                let what = text(asked, "NoiDungBoSung");
                assert!(!what.contains('{') && !what.contains("Lưu ý"), "a paper, not a note: {what}");
                assert!(text(asked, "NgayBoSung") >= received);
            }
            "6" => assert!(text(&dossier["DanhSachLePhi"][0], "Gia").parse::<u64>().unwrap() > 0),
            _ => {}
        }
        *statuses.entry(status).or_default() += 1;
    }
    let seen: Vec<&str> = statuses.keys().map(String::as_str).collect();
    assert_eq!(seen, ["1", "10", "2", "21", "3", "4", "5", "6", "7", "8", "9"], "{statuses:?}");
}

#[tokio::test]
async fn the_same_seed_tells_the_same_and_another_tells_another() {
    let (one, same) = (Portal::open().await, Portal::open().await);
    let other = Portal::with(|config| config.seed = 2).await;
    let mut differs = 0;
    for index in 0..200 {
        let number = one.number(index);
        let dossier = one.dossier(&number).await;
        assert_eq!(dossier, same.dossier(&number).await);
        differs += u32::from(dossier != other.dossier(&number).await);
    }
    assert!(differs > 150);
}

#[tokio::test]
async fn statuses_move_as_time_passes_and_only_forward() {
    let allowed = |from: &str, to: &str| match from {
        "1" => matches!(to, "2" | "3"),
        "2" => to == "4",
        "4" => matches!(to, "5" | "6" | "7" | "8" | "9" | "21"),
        "5" | "6" => to == "4",
        "9" => to == "10",
        _ => false,
    };
    let portal = Portal::with(|config| config.session_lifetime = Duration::from_secs(365 * 86_400)).await;
    let mut moves: BTreeMap<(String, String), u32> = BTreeMap::new();
    let numbers: Vec<String> = (0..500).map(|index| portal.number(index)).collect();
    let mut before = Vec::new();
    for number in &numbers {
        before.push(portal.status(number).await);
    }
    for _ in 0..(3 * 14) {
        portal.clock.pass(8 * HOUR);
        for (number, before) in numbers.iter().zip(&mut before) {
            let now = portal.status(number).await;
            if now != *before {
                *moves.entry((before.clone(), now.clone())).or_default() += 1;
                *before = now;
            }
        }
    }
    // Within eight hours a quick dossier may take two steps at once.
    let forward: u32 = moves.iter().filter(|((from, to), _)| allowed(from, to)).map(|(_, count)| count).sum();
    let all: u32 = moves.values().sum();
    assert!(all > 50, "{moves:?}");
    assert!(forward * 100 > all * 80, "{moves:?}");
    assert!(!moves.keys().any(|(from, _)| matches!(from.as_str(), "3" | "7" | "8" | "10" | "21")), "{moves:?}");
}

#[tokio::test]
async fn the_clock_before_the_receipt_knows_no_dossier() {
    let mut portal = Portal::open().await;
    let number = portal.number(0);
    portal.clock.pass(-200 * DAY);
    portal.log_in().await;
    assert!(portal.dossier(&number).await.is_none());
}

#[tokio::test]
async fn years_later_every_dossier_still_answers() {
    let mut portal = Portal::open().await;
    portal.clock.pass(20 * 365 * DAY);
    portal.log_in().await;
    for index in 0..500 {
        let dossier = portal.dossier(&portal.number(index)).await.unwrap();
        let waiting = matches!(text(&dossier, "TrangThaiHoSo"), "1" | "2" | "4" | "5" | "6" | "9");
        assert!(waiting || text(&dossier, "NgayTra") < "20301231000000", "{dossier}");
    }
}

#[tokio::test]
async fn the_samples_are_what_they_say() {
    let portal = Portal::open().await;
    let samples = portal.simulator.samples();
    let keys: Vec<&str> = samples.iter().map(|sample| sample.what).collect();
    let statuses: Vec<String> = (1..=10).map(|status| format!("status_{status}")).collect();
    for key in statuses.iter().map(String::as_str).chain([
        "overdue",
        "finished_late",
        "by_post",
        "business",
        "sensitive",
        "unknown_status",
        "just_filed",
        "other_province",
        "ministry",
    ]) {
        assert!(keys.contains(&key), "{key} of {keys:?}");
    }
    for sample in &samples {
        let dossier = portal.dossier(&sample.number).await;
        if matches!(sample.what, "just_filed" | "other_province" | "ministry") {
            assert!(dossier.is_none(), "{}", sample.what);
            continue;
        }
        let dossier = dossier.unwrap();
        assert_eq!(text(&dossier, "TrangThaiHoSo"), sample.status);
        assert_eq!(text(&dossier, "MaTTHC"), sample.procedure);
        if let Some(status) = sample.what.strip_prefix("status_") {
            assert_eq!(sample.status, status);
        }
        match (sample.what, &sample.last_four) {
            ("business", proof) => {
                assert!(proof.is_none());
                assert_eq!(text(&dossier, "LoaiDoiTuong"), "2");
            }
            (_, proof) => assert!(text(&dossier, "MaDoiTuong").ends_with(proof.as_deref().unwrap())),
        }
        let due = text(&dossier, "NgayHenTra");
        match sample.what {
            "overdue" => assert!(matches!(sample.status.as_str(), "2" | "4") && due < "20261123100000"),
            "finished_late" => assert!(text(&dossier, "NgayKetThucXuLy") > due),
            "by_post" => assert_eq!(text(&dossier, "HinhThuc"), "1"),
            "sensitive" => assert_eq!(sample.procedure, "2.001263"),
            "unknown_status" => assert_eq!(sample.status, "21"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_sample_is_still_true_the_next_morning() {
    let mut portal = Portal::open().await;
    let samples = portal.simulator.samples();
    portal.clock.pass(20 * HOUR);
    portal.log_in().await;
    for sample in samples.iter().filter(|sample| !sample.status.is_empty()) {
        assert_eq!(portal.status(&sample.number).await, sample.status, "{}", sample.what);
    }
}

#[tokio::test]
async fn owners_come_back_and_some_share_a_telephone() {
    let portal = Portal::open().await;
    let mut owners: BTreeMap<String, u32> = BTreeMap::new();
    let mut names_by_phone: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for index in 0..3_000 {
        let dossier = portal.dossier(&portal.number(index)).await.unwrap();
        *owners.entry(text(&dossier, "MaDoiTuong").to_owned()).or_default() += 1;
        names_by_phone
            .entry(text(&dossier, "SoDienThoai").to_owned())
            .or_default()
            .insert(text(&dossier, "ChuHoSo").to_owned());
    }
    assert!(owners.iter().any(|(id, dossiers)| !id.is_empty() && *dossiers > 1));
    assert!(owners.contains_key(""), "some hold no ID that the portal knows");
    assert!(names_by_phone.iter().any(|(phone, names)| !phone.is_empty() && names.len() > 1));
}
