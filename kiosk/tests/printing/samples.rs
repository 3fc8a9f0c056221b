//! What is printed in the stories.

use jiff::Timestamp;
use kiosk::flow::ports::{Checklist, Letterhead};
use kiosk::flow::queue::{Priority, Taken};
use serde_json::json;

use crate::procedure::birth;

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
    let answer = birth([
        json!({"case": "Trẻ bị bỏ rơi", "items": [
            {"name": "Biên bản về việc trẻ bị bỏ rơi", "originals": 1, "copies": 1},
        ]}),
        json!({"case": "Trẻ sinh do mang thai hộ", "items": [
            {"name": "Giấy xác nhận của cơ sở y tế đã làm kỹ thuật mang thai hộ", "copies": 2},
            {"name": "Xuất trình giấy tờ tùy thân của người đi đăng ký", "is_note": true},
        ]}),
    ]);
    Checklist { answer, case }
}
