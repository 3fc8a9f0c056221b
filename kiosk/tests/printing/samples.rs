//! What is printed in the stories.

use jiff::Timestamp;
use kiosk::flow::ports::{Checklist, Letterhead};
use kiosk::flow::queue::{Priority, Taken};
use mobile_api_types::ProcedureAnswer;
use serde_json::json;

pub(crate) const CODE: &str = "7h2k9d3mpx0a";

pub(crate) fn now() -> Timestamp {
    "2026-11-27T08:31:00+07:00".parse().unwrap()
}

pub(crate) fn head() -> Letterhead {
    Letterhead {
        site_name: "Trung tâm Phục vụ hành chính công tỉnh Bình Dương".to_owned(),
        phone_base_url: "https://dakenh.binhduong.gov.vn/".to_owned(),
    }
}

pub(crate) fn taken() -> Taken {
    Taken {
        number: "A012".to_owned(),
        service: "Hộ tịch – Chứng thực".to_owned(),
        priority: Priority::Elderly,
        ahead: Some(4),
        minutes: Some(20),
        at: Some(now()),
        code: CODE.to_owned(),
        says: String::new(),
    }
}

/// Of a case, by its place; all of them without one.
pub(crate) fn checklist(case: Option<usize>) -> Checklist {
    let way = |key: &str, label: &str, fee: &str, note: Option<&str>| {
        json!({
            "channel": {"key": key, "label": label},
            "time": {"label": "1 ngày làm việc", "amount": 1.0, "unit": "working_days"},
            "fee": {"key": "amount", "label": fee, "until": "2026-12-31"},
            "note": note,
        })
    };
    let answer: ProcedureAnswer<'static> = serde_json::from_value(json!({
        "procedure": {
            "code": "1.001193",
            "name": "Thủ tục đăng ký khai sinh",
            "short_name": "Đăng ký khai sinh",
            "english_name": "Register a birth",
            "field": "Hộ tịch",
            "methods": [
                way("in_person", "Nộp trực tiếp", "10.000 ₫", Some("Miễn lệ phí cho đăng ký đúng hạn, gia đình có công, hộ nghèo, người khuyết tật.")),
                way("online", "Nộp trực tuyến", "5.000 ₫", None),
            ],
            "papers": [
                {"case": "", "items": [
                    {"name": "Tờ khai đăng ký khai sinh theo mẫu", "originals": 1},
                    {"name": "Giấy chứng sinh; nếu không có thì văn bản của người làm chứng", "originals": 1},
                ]},
                {"case": "Trẻ bị bỏ rơi", "items": [
                    {"name": "Biên bản về việc trẻ bị bỏ rơi", "originals": 1, "copies": 1},
                ]},
                {"case": "Trẻ sinh do mang thai hộ", "items": [
                    {"name": "Giấy xác nhận của cơ sở y tế đã làm kỹ thuật mang thai hộ", "copies": 2},
                    {"name": "Xuất trình giấy tờ tùy thân của người đi đăng ký", "is_note": true},
                ]},
            ],
            "source": "Cổng Dịch vụ công quốc gia",
            "as_of": "2026-10-24",
        },
        "answer_code": "7K3F",
    }))
    .unwrap();
    Checklist { answer, case }
}
