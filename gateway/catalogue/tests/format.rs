//! The storage format, as files on a disk.

#![expect(clippy::unwrap_used, reason = "a test's helper fails loudly")]

use std::io::Write;
use std::path::PathBuf;

use gateway_catalogue::format::{LONGEST_LINE, MOST_REJECTED};
use gateway_catalogue::{FormatError, builtin, read_jsonl, read_jsonl_lenient, write_jsonl};
use gateway_core::domain::{FeeReading, Level, Procedure, ProcessingTime, SubmissionChannel, TimeUnit};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

fn file(content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("procedures.jsonl");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

fn birth() -> Value {
    json!({
        "code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "ministry": "bo-tu-phap", "field": "Hộ tịch",
        "level": ["Cấp xã", "Cơ quan khác"], "kind": "", "applicants": ["Tổ chức (không bao gồm doanh nghiệp", "HTX)", "Công dân Việt Nam"],
        "decision": "1/QĐ", "methods": [
            {"channel": "Trực tiếp", "time": "1", "fee": "Miễn phí", "note": "Lệ phí 8.000 đồng nếu quá hạn"},
            {"channel": "Trực tuyến", "time": "3 Ngày làm việc", "fee": "", "note": ""}
        ],
        "papers": [{"case": "", "items": [{"name": "Giấy chứng sinh", "original": 1, "copy": 0}, {"name": "Lưu ý", "original": 0, "copy": 0}]}],
        "steps": "", "conditions": "", "results": [{"name": "Giấy khai sinh", "code": "KQ.1"}], "legal": ["60/2014/QH13"], "url": ""
    })
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

#[test]
fn a_line_of_the_national_data_set_becomes_a_procedure() {
    let (_folder, path) = file(&lines(&[birth()]));
    let read = read_jsonl(&path).unwrap();
    let [one] = read.as_slice() else { panic!("one procedure") };
    assert_eq!(one.short_name, "Đăng ký khai sinh");
    assert_eq!(one.levels, [Level::Commune, Level::Other("Cơ quan khác".into())]);
    assert_eq!(one.applicants, ["Tổ chức (không bao gồm doanh nghiệp, HTX)", "Công dân Việt Nam"]);
    assert_eq!(one.methods[0].channel, SubmissionChannel::InPerson);
    assert_eq!(one.methods[0].time, ProcessingTime::UnitNotPublished { amount: 1.0 });
    assert_eq!(one.methods[0].fee.reading, FeeReading::SeeNote, "the note takes the word *free* back");
    assert_eq!(one.methods[1].time, ProcessingTime::Published { amount: 3.0, unit: TimeUnit::WorkingDays });
    assert_eq!(one.methods[1].fee.reading, FeeReading::NotPublished);
    assert_eq!(one.paper_count(), 1, "an item of quantity 0 is a note");
    assert_eq!((one.steps.as_ref(), one.url.as_ref(), one.prior), (None, None, 1.0));
    assert!(!one.sensitive);
}

#[test]
fn gzip_is_known_by_its_first_bytes_and_not_by_its_name() {
    let (_folder, path) = file(&packed(&lines(&[birth()])));
    assert_eq!(read_jsonl(&path).unwrap().len(), 1);
}

#[test]
fn what_is_written_reads_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["all.jsonl", "all.jsonl.gz"] {
        let path = folder.path().join(name);
        let all = builtin();
        write_jsonl(&path, &all).unwrap();
        assert_eq!(read_jsonl(&path).unwrap(), all, "{name}");
        let first = std::fs::read(&path).unwrap();
        write_jsonl(&path, &read_jsonl(&path).unwrap()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), first, "{name}: the same bytes again");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "no half-written file stays behind");
}

#[test]
fn a_bad_line_is_named_with_its_field() {
    let mut bad = birth();
    bad["methods"][1]["fee"] = json!(20_000);
    let (_folder, path) = file(&lines(&[birth(), bad]));
    let error = read_jsonl(&path).unwrap_err();
    let FormatError::Line { line: 2, problem } = &error else { panic!("{error}") };
    assert_eq!(problem.field, "methods[1].fee");
    assert!(error.to_string().starts_with("line 2: field `methods[1].fee`: invalid type"), "{error}");
}

#[test]
fn every_kind_of_bad_line_is_told_and_the_good_ones_are_kept() {
    let with = |field: &str, value: Value| {
        let mut line = birth();
        line[field] = value;
        line
    };
    let mut content = lines(&[
        birth(),
        birth(),
        with("code", json!("abc")),
        with("name", json!("  ")),
        with("name", json!("x".repeat(2_001))),
        with("prior", json!(0)),
        json!({"code": "1.000001"}),
        json!([]),
    ]);
    content.extend_from_slice(b"{\"code\": \"1.0\n\n\xff\xfe\n{} trailing\n");
    content.extend_from_slice(&lines(&[with("code", json!("1.000002"))]));
    let (_folder, path) = file(&content);
    let loaded = read_jsonl_lenient(&path).unwrap();
    assert_eq!(loaded.procedures.len(), 2);
    let told: Vec<(u64, &str)> =
        loaded.rejected.iter().map(|(line, problem)| (*line, problem.field.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "code"),
            (3, "code"),
            (4, "name"),
            (5, "name"),
            (6, "prior"),
            (7, "."),
            (8, "."),
            (9, "code"),
            (11, "."),
            (12, ".")
        ]
    );
}

#[test]
fn nothing_is_without_a_limit() {
    let (_folder, path) = file(&vec![b' '; usize::try_from(LONGEST_LINE).unwrap() + 10]);
    assert!(matches!(read_jsonl(&path), Err(FormatError::TooLarge { line: 1, .. })));

    let (_folder, path) = file(&b"{}\n".repeat(MOST_REJECTED + 2));
    assert!(matches!(read_jsonl_lenient(&path), Err(FormatError::TooLarge { of: "bad lines", .. })));

    let mut many = birth();
    many["legal"] = json!(vec!["a"; 2_001]);
    let (_folder, path) = file(&lines(&[many]));
    assert!(matches!(read_jsonl(&path), Err(FormatError::Line { line: 1, problem }) if problem.field == "legal"));
}

#[test]
fn a_file_that_is_cut_or_missing_is_an_error() {
    let mut content = packed(&lines(&[birth()]));
    content.truncate(content.len() / 2);
    let (_folder, path) = file(&content);
    assert!(matches!(read_jsonl(&path), Err(FormatError::Stream { .. })));
    assert!(matches!(read_jsonl(&path.join("missing")), Err(FormatError::Io { .. })));
    let (_folder, path) = file(b"");
    assert_eq!(read_jsonl(&path).unwrap(), []);
    assert!(matches!(write_jsonl(&path.join("no").join("folder"), &builtin()), Err(FormatError::Io { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_record_reads_back_the_same(
        texts in proptest::collection::vec("\\PC{0,40}", 12),
        figure in "[0-9]{1,4}", unit in "( Ngày| Giờ làm việc| Tháng|)",
        copies in any::<u32>(), prior in 0.01_f32..100.0, sensitive in any::<bool>(),
    ) {
        let mut line = birth();
        line["name"] = json!(format!("Tên {}", texts[0]));
        for (place, field) in (1..).zip(["field", "decision", "steps", "conditions", "url"]) {
            line[field] = json!(texts[place]);
        }
        line["applicants"] = json!([texts[6], texts[7], "công chức"]);
        line["methods"] = json!([
            {"channel": texts[8], "time": format!("{figure}{unit}"), "fee": texts[9], "note": texts[10]},
            {"channel": "", "time": texts[11], "fee": format!("{figure}.000 đồng"), "note": texts[9]},
        ]);
        line["papers"][0]["items"][0]["copy"] = json!(copies);
        line["prior"] = json!(prior);
        line["sensitive"] = json!(sensitive);
        let (folder, path) = file(&lines(&[line]));
        let read: Vec<Procedure> = read_jsonl(&path).unwrap();
        let again = folder.path().join("again.jsonl");
        write_jsonl(&again, &read).unwrap();
        prop_assert_eq!(read_jsonl(&again).unwrap(), read);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (_folder, path) = file(&bytes);
        let _ = read_jsonl_lenient(&path);
    }
}
