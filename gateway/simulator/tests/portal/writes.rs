use serde_json::{Value, json};

use crate::support::Portal;

fn new_dossier() -> Value {
    json!({
        "MaHoSo": "000.00.17.H09-261123-9001", "MaTTHC": "1.001193", "TenTTHC": "Đăng ký khai sinh",
        "ChuHoSo": "Trần Thị Mai", "LoaiDoiTuong": "1", "MaDoiTuong": "074190001234",
        "NgayTiepNhan": "20261123081500", "TrangThaiHoSo": "2",
    })
}

#[tokio::test]
async fn a_new_dossier_is_found_afterwards() {
    let portal = Portal::open().await;
    let done = portal.call("DongBoHoSoMC", json!({ "isUpdating": "False", "data": [new_dossier()] })).await;
    assert_eq!(done["error_code"], "00");
    assert_eq!(portal.dossier("000.00.17.H09-261123-9001").await, Some(new_dossier()));
    let again = portal.call("DongBoHoSoMC", json!({ "isUpdating": "False", "data": [new_dossier()] })).await;
    assert_eq!(again["error_code"], 422);
    assert!(again["message"].as_str().unwrap().contains("data[0].MaHoSo"));
    assert_eq!(portal.get("/internal/writes").await["dossiers"], 1);
}

#[tokio::test]
async fn an_update_changes_what_it_brings_and_nothing_else() {
    let portal = Portal::open().await;
    let number = portal.number(5);
    let before = portal.dossier(&number).await.unwrap();
    let change = json!({ "MaHoSo": number, "TrangThaiHoSo": "10", "NgayTra": "20261123090000" });
    let done = portal.call("DongBoHoSoMC", json!({ "isUpdating": "True", "data": [change] })).await;
    assert_eq!(done["error_code"], "00", "{done}");
    let after = portal.dossier(&number).await.unwrap();
    assert_eq!(after["TrangThaiHoSo"], "10");
    assert_eq!(after["NgayTra"], "20261123090000");
    assert_eq!(after["ChuHoSo"], before["ChuHoSo"]);
}

#[tokio::test]
async fn a_write_that_is_not_sound_changes_nothing() {
    let portal = Portal::open().await;
    let without = |field: &str| {
        let mut dossier = new_dossier();
        dossier.as_object_mut().unwrap().remove(field);
        dossier
    };
    let with = |field: &str, value: Value| {
        let mut dossier = new_dossier();
        dossier[field] = value;
        dossier
    };
    for (bad, named) in [
        (json!({ "isUpdating": "False" }), "data"),
        (json!({ "isUpdating": "False", "data": [] }), "data"),
        (json!({ "isUpdating": "False", "data": {} }), "data"),
        (json!({ "isUpdating": "False", "data": ["x"] }), "data"),
        (json!({ "isUpdating": "False", "data": vec![new_dossier(); 101] }), "data"),
        (json!({ "data": [new_dossier()] }), "isUpdating"),
        (json!({ "isUpdating": "maybe", "data": [new_dossier()] }), "isUpdating"),
        (json!({ "isUpdating": "True", "data": [new_dossier()] }), "data[0].MaHoSo"),
        (json!({ "isUpdating": "False", "data": [without("MaHoSo")] }), "data[0].MaHoSo"),
        (json!({ "isUpdating": "False", "data": [without("ChuHoSo")] }), "data[0].ChuHoSo"),
        (json!({ "isUpdating": "False", "data": [with("MaHoSo", json!("x".repeat(65)))] }), "data[0].MaHoSo"),
        (json!({ "isUpdating": "False", "data": [with("TrangThaiHoSo", json!("0"))] }), "data[0].TrangThaiHoSo"),
        (
            json!({ "isUpdating": "False", "data": [with("NgayTiepNhan", json!("20260231000000"))] }),
            "data[0].NgayTiepNhan",
        ),
        (json!({ "isUpdating": "False", "data": [new_dossier(), new_dossier()] }), "data[1].MaHoSo"),
    ] {
        let answer = portal.call("DongBoHoSoMC", bad.clone()).await;
        assert_eq!(answer["error_code"], 422, "{bad}");
        assert!(answer["message"].as_str().unwrap().starts_with(named), "{answer}");
    }
    assert_eq!(portal.get("/internal/writes").await["dossiers"], 0);
}

#[tokio::test]
async fn progress_is_kept_and_moves_the_dossier() {
    let portal = Portal::open().await;
    let number = portal.number(7);
    let entry = json!({
        "MaHoSo": number, "NguoiXuLy": "Lê Văn An", "ChucDanh": "Chuyên viên", "ThoiDiemXuLy": "20261123090000",
        "PhongBanXuLy": "Bộ phận Một cửa", "NoiDungXuLy": "Yêu cầu bổ sung", "TrangThai": "5",
        "NgayBatDau": "20261123090000", "NgayKetThucTheoQuyDinh": "",
    });
    let done = portal.call("CapNhatTienDoHoSoMC", json!({ "data": [entry] })).await;
    assert_eq!(done["error_code"], "00", "{done}");
    let dossier = portal.dossier(&number).await.unwrap();
    assert_eq!(dossier["TrangThaiHoSo"], "5");
    assert_ne!(dossier["DanhSachHoSoBoSung"], json!([]));
    let told = portal.get(&format!("/internal/dossiers/{number}")).await;
    assert_eq!(told["progress"].as_array().unwrap().last(), Some(&entry));

    let unknown = json!({ "data": [{ "MaHoSo": "000.00.17.H09-261123-9999" }] });
    assert_eq!(portal.call("CapNhatTienDoHoSoMC", unknown).await["error_code"], 422);
    let bad_date = json!({ "data": [{ "MaHoSo": number, "ThoiDiemXuLy": "hôm nay" }] });
    assert_eq!(portal.call("CapNhatTienDoHoSoMC", bad_date).await["error_code"], 422);
}

#[tokio::test]
async fn progress_of_a_written_dossier_moves_it_too() {
    let portal = Portal::open().await;
    portal.call("DongBoHoSoMC", json!({ "isUpdating": "False", "data": [new_dossier()] })).await;
    let entry = json!({ "MaHoSo": "000.00.17.H09-261123-9001", "TrangThai": 4 });
    assert_eq!(portal.call("CapNhatTienDoHoSoMC", json!({ "data": [entry] })).await["error_code"], "00");
    assert_eq!(portal.status("000.00.17.H09-261123-9001").await, "4");
}

#[tokio::test]
async fn a_rating_is_kept_for_a_dossier_that_exists() {
    let portal = Portal::open().await;
    let rating = json!({ "MaHoSo": portal.number(1), "DiemDanhGia": "5", "NoiDung": "Nhanh, tận tình" });
    assert_eq!(portal.call("DongBoDanhGia", json!({ "data": [rating] })).await["error_code"], "00");
    let unknown = json!({ "data": [{ "MaHoSo": "không có", "DiemDanhGia": "5" }] });
    assert_eq!(portal.call("DongBoDanhGia", unknown).await["error_code"], 422);
    let written = portal.get("/internal/writes").await;
    assert_eq!(written["ratings"], 1);
    assert_eq!(written["last_ratings"][0], rating);
}
