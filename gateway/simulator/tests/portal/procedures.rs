use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Portal;

#[tokio::test]
async fn the_list_names_every_procedure_and_each_can_be_read() {
    let portal = Portal::open().await;
    let list = portal.call("LayDanhSachTTHC", json!({})).await;
    let list = list["result"].as_array().unwrap();
    assert_eq!(list.len(), 7);
    for line in list {
        let answer = portal.call("LayThuTuc", json!({ "maTTHC": line["MATTHC"] })).await;
        let procedure = &answer["result"][0];
        assert_eq!(procedure["TENTTHC"], line["TENTTHC"]);
        assert!(procedure["LINHVUCTHUCHIEN"][0]["MALINHVUC"].as_str().unwrap().starts_with("LV-"));
    }
}

#[tokio::test]
async fn a_procedure_keeps_every_condition_on_the_wire() {
    let portal = Portal::open().await;
    let answer = portal.call("LayThuTuc", json!({ "maTTHC": "1.004222" })).await;
    let methods = &answer["result"][0]["CACHTHUCTHUCHIEN"];
    assert_eq!(
        *methods,
        json!([
            { "KENH": "1", "THOIGIAN": [{
                "THOIGIANGIAIQUYET": "7", "DONVITINH": "Ngày làm việc", "MOTA": "",
                "PHILEPHI": [{ "SOTIEN": "20000", "DONVI": "Việt Nam Đồng", "MOTA": "Trường hợp nộp trực tiếp" }],
            }] },
            { "KENH": "2", "THOIGIAN": [{
                "THOIGIANGIAIQUYET": "7", "DONVITINH": "Ngày làm việc", "MOTA": "",
                "PHILEPHI": [{ "SOTIEN": "10000", "DONVI": "Việt Nam Đồng", "MOTA": "Trường hợp nộp trực tuyến" }],
            }] },
        ])
    );
    let birth = portal.call("LayThuTuc", json!({ "maTTHC": "1.001193" })).await;
    assert_eq!(birth["result"][0]["CACHTHUCTHUCHIEN"][1]["THOIGIAN"][0]["DONVITINH"], "", "no unit is published");
    let land = portal.call("LayThuTuc", json!({ "maTTHC": "1.013978" })).await;
    let time = &land["result"][0]["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0];
    assert_eq!(time["PHILEPHI"], json!([]), "not published is not free");
    assert_eq!(time["MOTA"], "Không bao gồm thời gian niêm yết");
    let licence = portal.call("LayThuTuc", json!({ "maTTHC": "3.000347" })).await;
    let fee = &licence["result"][0]["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0]["PHILEPHI"][0];
    assert_eq!(fee["SOTIEN"], "0");
    assert_eq!(fee["MOTA"], "Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.");
}

#[tokio::test]
async fn shared_catalogues_are_lists_of_codes_and_names() {
    let portal = Portal::open().await;
    for (service, code, least) in [
        ("LayDanhMucTinhThanh", "MATINHTHANH", 34),
        ("LayDanhMucPhuongXa", "MAPHUONGXA", 30),
        ("LayDanhMucCoQuan", "MACOQUAN", 12),
        ("LayDanhMucLinhVuc", "MALINHVUC", 6),
        ("LayDanhMucLePhi", "MALEPHI", 3),
        ("LayDanhSachHoiDapBoCoQuan", "CAUHOI", 4),
    ] {
        let answer = portal.call(service, json!({})).await;
        let rows = answer["result"].as_array().unwrap();
        assert!(rows.len() >= least, "{service}: {}", rows.len());
        let codes: BTreeSet<&str> = rows.iter().map(|row| row[code].as_str().unwrap()).collect();
        assert_eq!(codes.len(), rows.len(), "{service}: codes are unique");
        assert!(rows.iter().flat_map(|row| row.as_object().unwrap().values()).all(Value::is_string));
    }
}

#[tokio::test]
async fn the_products_own_catalogue_is_served_whole() {
    let own = gateway_catalogue::builtin();
    let count = own.len();
    let portal = Portal::with(|config| config.procedures = own).await;
    let list = portal.call("LayDanhSachTTHC", json!({})).await;
    let list = list["result"].as_array().unwrap();
    assert_eq!(list.len(), count);
    for line in list {
        let answer = portal.call("LayThuTuc", json!({ "maTTHC": line["MATTHC"] })).await;
        assert_eq!(answer["result"][0]["TENTTHC"], line["TENTTHC"]);
        assert!(!answer["result"][0]["CACHTHUCTHUCHIEN"].as_array().unwrap().is_empty(), "{line}");
    }
    assert!(portal.simulator.samples().iter().any(|sample| sample.what == "sensitive"));
}
