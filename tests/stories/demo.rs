//! A person with a fresh machine types one command and asks real questions.

use serde_json::Value;
use test_support::{Demo, dakenh, post};

fn ask(demo: &Demo, question: &str) -> (Option<i32>, Value) {
    let ended = dakenh(&["ask", "--json", "--data", demo.folder(), question]);
    let answer = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{question}: {ended:?}"));
    (ended.code, answer)
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["codes"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

#[test]
fn nguoi_dan_hoi_thu_tuc_bang_loi_cua_minh() {
    let demo = Demo::start(&[]);
    let (code, answer) = ask(&demo, "làm giấy khai sinh cần gì");
    assert_eq!(code, Some(0));
    assert_eq!(codes(&answer).first(), Some(&"1.001193"));
    let text = answer["text"].as_str().unwrap();
    assert!(text.contains("Giấy chứng sinh"), "{text}");

    let (code, answer) = ask(&demo, "lam lai can cuoc bao nhieu tien");
    assert_eq!(code, Some(0));
    assert_eq!(codes(&answer).first(), Some(&"1.014064"));
    let text = answer["text"].as_str().unwrap();
    assert!(text.contains("70.000") && text.contains("31/12/2026"), "the amount with its conditions and dates: {text}");

    for (question, code) in
        [("dang ky khai sinh", "1.001193"), ("giấy phép lái xe hết hạn", "3.000347"), ("birth certificate", "1.001193")]
    {
        let (exit, answer) = ask(&demo, question);
        assert_eq!((exit, codes(&answer).first()), (Some(0), Some(&code)), "{question}: {answer}");
    }
}

#[test]
fn so_ho_so_dinh_trong_cau_van_ra() {
    let demo = Demo::start(&[]);
    let number = demo.number("status_4");
    let glued = format!("cho tôi hỏi hs{} tới đâu rồi ạ", number.to_lowercase().replace('.', " "));
    let (code, answer) = ask(&demo, &glued);
    assert_eq!(code, Some(0), "{answer}");
    assert_eq!(answer["number"], Value::String(number));
    assert_eq!(answer["action"], "track_dossier");
}

#[test]
fn moi_trang_thai_co_mot_so_de_thu() {
    let demo = Demo::start(&[]);
    let mut texts = std::collections::HashSet::new();
    for status in 1..=10 {
        let number = demo.number(&format!("status_{status}"));
        let (code, answer) = ask(&demo, &number);
        assert_eq!(code, Some(0), "{number}: {answer}");
        assert_eq!(answer["number"], Value::String(number));
        texts.insert(answer["text"].as_str().unwrap().lines().nth(1).map(str::to_owned));
    }
    assert!(texts.len() >= 6, "each status has its own words: {texts:?}");
    for what in ["overdue", "finished_late", "by_post", "sensitive", "unknown_status"] {
        let (code, answer) = ask(&demo, &demo.number(what));
        assert_eq!(code, Some(0), "{what}: {answer}");
    }
    for what in ["other_province", "ministry"] {
        let (code, answer) = ask(&demo, &demo.number(what));
        assert_eq!((code, &answer["refusal"]), (Some(0), &Value::Null), "{what}: {answer}");
    }
}

#[test]
fn tu_choi_nao_cung_tu_te_va_co_ma() {
    let demo = Demo::start(&[]);
    let wrong = format!("{} 4 so cuoi 0000", demo.number("status_5"));
    for (question, refusal) in [
        ("asdkjh qwe", "not_understood"),
        ("9.999999", "procedure_not_found"),
        (demo.number("just_filed").as_str(), "dossier_too_new"),
        ("000.00.17.H09-260105-9999", "dossier_not_found"),
        (wrong.as_str(), "not_disclosed"),
    ] {
        let (code, answer) = ask(&demo, question);
        assert_eq!((code, answer["refusal"].as_str()), (Some(1), Some(refusal)), "{question}: {answer}");
        assert!(answer["text"].as_str().unwrap().chars().count() > 20, "kind words: {answer}");
    }
}

#[test]
fn chu_ho_so_xem_them_bang_bon_so_cuoi() {
    let demo = Demo::start(&[]);
    let (number, proof) = demo.sample("status_5");
    let proof = proof.expect("a second proof");
    let (_, public) = ask(&demo, &number);
    let (code, private) = ask(&demo, &format!("{number} 4 số cuối {proof}"));
    assert_eq!(code, Some(0), "{private}");
    assert_eq!(private["action"], "disclose_dossier");
    for more in ["Người nộp: ", "Giấy tờ cần bổ sung"] {
        assert!(private["text"].as_str().unwrap().contains(more), "{private}");
        assert!(!public["text"].as_str().unwrap().contains(more), "{public}");
    }
}

#[test]
fn khong_co_cong_nao_chay_thi_ask_tu_mo_mot_cong() {
    let nowhere = tempfile::tempdir().unwrap();
    std::fs::write(
        nowhere.path().join("demo.json"),
        r#"{"public":"http://127.0.0.1:1","internal":"http://127.0.0.1:1","portal":"http://127.0.0.1:1"}"#,
    )
    .unwrap();
    let data = nowhere.path().to_str().unwrap();
    let ended = dakenh(&["ask", "--json", "--data", data, "hộ chiếu bao lâu"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(codes(&answer).first(), Some(&"1.001456"));
    assert!(ended.err.is_empty(), "{}", ended.err);
}

#[tokio::test]
async fn english_neighbours_are_answered_in_english() {
    let demo = Demo::start(&[]);
    let question = serde_json::json!({"text": "what do I need for a birth certificate"});
    let answer = post(&format!("{}/api/v1/ask", demo.public), &question, &[("accept-language", "en-GB")]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    assert_eq!(json["codes"][0], "1.001193");
    assert!(json["text"].as_str().unwrap().contains("Papers"), "{json}");
}
