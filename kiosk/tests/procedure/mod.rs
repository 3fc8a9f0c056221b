//! A procedure as the wire says it, for screens and paper.

use mobile_api_types::ProcedureAnswer;
use serde_json::{Value, json};

/// With one common case, and these behind it.
pub(crate) fn birth(cases: [Value; 2]) -> ProcedureAnswer<'static> {
    let way = |key: &str, label: &str, fee: &str, note: Option<&str>| {
        json!({
            "channel": {"key": key, "label": label},
            "time": {"label": "1 ngày làm việc", "amount": 1.0, "unit": "working_days"},
            "fee": {"key": "amount", "label": fee, "until": "2026-12-31"},
            "note": note,
        })
    };
    let [second, third] = cases;
    serde_json::from_value(json!({
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
                second,
                third,
            ],
            "steps": "Người đi đăng ký nộp hồ sơ tại UBND cấp xã. Cán bộ kiểm tra, ghi sổ và cấp giấy khai sinh trong ngày; nếu nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo.",
            "results": [{"name": "Giấy khai sinh"}],
            "source": "Cổng Dịch vụ công quốc gia",
            "as_of": "2026-10-24",
        },
        "answer_code": "7K3F",
    }))
    .unwrap()
}
