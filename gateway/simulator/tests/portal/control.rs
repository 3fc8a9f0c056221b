use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{HOUR, Portal};

#[tokio::test]
async fn a_dossier_is_moved_by_hand_to_every_status_and_released() {
    let mut portal = Portal::open().await;
    let number = portal.number(3);
    let path = format!("/internal/dossiers/{number}/status");
    let own = portal.dossier(&number).await.unwrap();
    for status in (1..=10).chain([21, 77]) {
        let (code, answer) = portal.json("POST", &path, &json!({ "status": status.to_string() })).await;
        assert_eq!(code, StatusCode::OK);
        assert_eq!(answer, json!({ "number": number, "status": status.to_string() }));
        let dossier = portal.dossier(&number).await.unwrap();
        assert_eq!(dossier["TrangThaiHoSo"], status.to_string());
        assert_eq!(dossier["NgayKetThucXuLy"] != "", matches!(status, 9 | 10));
        assert_eq!(dossier["NgayTra"] != "", status == 10);
        assert_eq!(dossier["NgayTiepNhan"] == "", status == 1);
        if status == 5 {
            assert_ne!(dossier["DanhSachHoSoBoSung"], json!([]));
        }
        if status == 6 {
            assert_ne!(dossier["DanhSachLePhi"], json!([]));
        }
    }
    portal.clock.pass(100 * 24 * HOUR);
    portal.log_in().await;
    assert_eq!(portal.status(&number).await, "77", "it stays until it is released");
    assert_eq!(portal.get("/internal/stats").await["moved_by_hand"], 1);
    assert_eq!(portal.json("DELETE", &path, &Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(portal.json("DELETE", &path, &Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.dossier(&number).await.unwrap()["ChuHoSo"], own["ChuHoSo"]);
    assert_ne!(portal.status(&number).await, "77");
}

#[tokio::test]
async fn moving_asks_for_a_known_number_and_a_status() {
    let portal = Portal::open().await;
    let number = portal.number(0);
    let path = format!("/internal/dossiers/{number}/status");
    assert_eq!(portal.json("POST", &path, &json!({ "status": 5 })).await.0, StatusCode::OK);
    for bad in [
        json!({}),
        json!({ "status": "0" }),
        json!({ "status": "100" }),
        json!({ "status": "x" }),
        json!({ "status": null }),
    ] {
        assert_eq!(portal.json("POST", &path, &bad).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    let unknown = "/internal/dossiers/000.00.17.H09-261120-9999/status";
    assert_eq!(portal.json("POST", unknown, &json!({ "status": "5" })).await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.json("GET", "/internal/dossiers/x", &Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn moves_by_hand_are_bounded() {
    let portal = Portal::with(|config| config.dossiers = 20_000).await;
    let ask = json!({ "status": "5" });
    for index in 0..10_000 {
        let path = format!("/internal/dossiers/{}/status", portal.number(index));
        assert_eq!(portal.json("POST", &path, &ask).await.0, StatusCode::OK);
    }
    let one_more = format!("/internal/dossiers/{}/status", portal.number(10_000));
    assert_eq!(portal.json("POST", &one_more, &ask).await.0, StatusCode::INSUFFICIENT_STORAGE);
    let known = format!("/internal/dossiers/{}/status", portal.number(0));
    assert_eq!(portal.json("POST", &known, &json!({ "status": "9" })).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_list_gives_numbers_by_status_page_by_page() {
    let portal = Portal::with(|config| config.dossiers = 2_500).await;
    let first = portal.get("/internal/dossiers").await;
    assert_eq!((&first["pages"], &first["total"]), (&json!(3), &json!(2_500)));
    assert_eq!(first["dossiers"].as_array().unwrap().len(), 1_000);
    let mut waiting = 0;
    for page in 0..3 {
        let page = portal.get(&format!("/internal/dossiers?status=5&page={page}")).await;
        for dossier in page["dossiers"].as_array().unwrap() {
            assert_eq!(portal.status(dossier["number"].as_str().unwrap()).await, "5");
            waiting += 1;
        }
    }
    assert!(waiting > 20);
    let beyond = portal.get(&format!("/internal/dossiers?page={}", u64::MAX)).await;
    assert_eq!(beyond["dossiers"], json!([]));
}

#[tokio::test]
async fn a_dossier_shows_its_progress_step_by_step() {
    let portal = Portal::open().await;
    let samples = portal.get("/internal/samples").await;
    let returned = samples.as_array().unwrap().iter().find(|sample| sample["what"] == "status_10").unwrap();
    let told = portal.get(&format!("/internal/dossiers/{}", returned["number"].as_str().unwrap())).await;
    assert_eq!(told["last_four"], returned["last_four"]);
    assert_eq!(told["dossier"]["TrangThaiHoSo"], "10");
    let progress = told["progress"].as_array().unwrap();
    let steps: Vec<&str> = progress.iter().map(|step| step["TrangThai"].as_str().unwrap()).collect();
    assert!(steps.starts_with(&["1", "2", "4"]) && steps.ends_with(&["9", "10"]), "{steps:?}");
    assert!(progress.is_sorted_by_key(|step| step["ThoiDiemXuLy"].as_str().unwrap()));
    for field in ["MaHoSo", "NguoiXuLy", "ChucDanh", "PhongBanXuLy", "NoiDungXuLy", "NgayBatDau"] {
        assert!(progress.iter().all(|step| !step[field].as_str().unwrap().is_empty()), "{field}");
    }
}

#[tokio::test]
async fn calls_are_counted_by_service() {
    let portal = Portal::open().await;
    portal.dossier(&portal.number(0)).await;
    portal.dossier(&portal.number(1)).await;
    portal.call("LayDanhSachTTHC", json!({})).await;
    let stats = portal.get("/internal/stats").await;
    assert_eq!(stats["calls"]["login"], 1);
    assert_eq!(stats["calls"]["TraCuuHoSo"], 2);
    assert_eq!(stats["calls"]["LayDanhSachTTHC"], 1);
    assert_eq!(stats["calls"]["LayThuTuc"], 0);
    assert_eq!(stats["dossiers"], 10_000);
    assert_eq!(stats["sessions"], 1);
}
