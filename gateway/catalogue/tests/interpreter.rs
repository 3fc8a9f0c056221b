//! What people write, and what is made of it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use gateway_catalogue::{PlainInterpreter, ProcedureCatalogue, builtin};
use gateway_core::desk::{Action, Proof, QuestionKind};
use gateway_core::domain::{DossierNumberParser, Level, Procedure, ProcedureCode};
use gateway_core::ports::{Catalogue, Interpretation};
use jiff::civil::date;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

struct Story {
    catalogue: Arc<ProcedureCatalogue>,
    interpreter: PlainInterpreter,
}

impl Story {
    fn of(procedures: Vec<Procedure>) -> Self {
        let catalogue = Arc::new(ProcedureCatalogue::new(procedures, &HashMap::new()));
        let interpreter = PlainInterpreter::new(DossierNumberParser::default(), Arc::clone(&catalogue));
        Self { catalogue, interpreter }
    }

    fn builtin() -> &'static Self {
        static STORY: LazyLock<Story> = LazyLock::new(|| Story::of(builtin()));
        &STORY
    }

    fn read(&self, text: &str) -> Interpretation {
        self.interpreter.read(text, date(2026, 11, 23))
    }

    /// One line for what was understood: the procedure that the Desk will show,
    /// with what is asked of it.
    fn hears(&self, text: &str) -> String {
        match self.read(text) {
            Interpretation::Act(action) => self.act(&action),
            Interpretation::Ask(question) => {
                let choices: Vec<String> = question.choices.iter().map(|action| self.act(action)).collect();
                format!("ask {} [{}]", kind(&question.kind), choices.join(", "))
            }
            Interpretation::NotUnderstood => "not understood".to_owned(),
        }
    }

    fn act(&self, action: &Action) -> String {
        match action {
            Action::TrackDossier { number } => format!("track {}", number.as_str()),
            Action::DiscloseDossier { number, proof: Proof::IdLastFour(four) } => {
                format!("disclose {} {}", number.as_str(), four.digits())
            }
            Action::DiscloseDossier { number, proof: Proof::OneTimeCode(code) } => {
                format!("disclose {} by code {}", number.as_str(), code.digits())
            }
            Action::SendCode { number } => format!("send a code for {}", number.as_str()),
            Action::Subscribe { number, proof, words } => {
                let proof = match proof {
                    None => "nothing".to_owned(),
                    Some(Proof::IdLastFour(four)) => four.digits().to_owned(),
                    Some(Proof::OneTimeCode(code)) => format!("code {}", code.digits()),
                    Some(Proof::SenderPhone) => "phone".to_owned(),
                };
                assert!(!words.contains(&proof), "a proof is no part of the consent: {words}");
                format!("subscribe {} with {proof}", number.as_str())
            }
            Action::FindProcedures { query, .. } if query.text.is_empty() => "list".to_owned(),
            Action::FindProcedures { query, focus } => {
                let page = self.catalogue.find(query);
                let best = page.hits.first().map(|hit| hit.procedure.code.to_string()).unwrap_or_default();
                format!("{} {best} {}", if page.clear { "show" } else { "list" }, focus.key())
            }
            Action::ShowProcedure { code, focus, .. } => format!("show {code} {}", focus.key()),
            Action::ListAgencies => "agencies".to_owned(),
            Action::Help => "help".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

fn kind(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::WhichDossier => "which dossier",
        QuestionKind::WhichProcedure => "which procedure",
        QuestionKind::NumberUnclear(_) => "number unclear",
        QuestionKind::NumberMissing => "number missing",
        QuestionKind::NoneAtLevel(_) => "none at level",
        QuestionKind::ProcedureMissing => "procedure missing",
    }
}

fn tell(story: &Story, table: &[(&str, &str)]) {
    for (text, heard) in table {
        assert_eq!(&story.hears(text), heard, "{text}");
        let decomposed: String = text.nfd().collect();
        assert_eq!(&story.hears(&decomposed), heard, "NFD: {text}");
    }
}

#[test]
fn a_dossier_number_decides_wherever_it_stands() {
    tell(
        Story::builtin(),
        &[
            ("000.00.17.H09-210819-0012", "track 000.00.17.H09-210819-0012"),
            ("cho hỏi hồ sơ 000.00.17.H09-210819-0012 khai sinh tới đâu rồi", "track 000.00.17.H09-210819-0012"),
            ("HS000.00.17.h09-210819-0012", "track 000.00.17.H09-210819-0012"),
            ("where is my dossier 000.00.17.H09-210819-0012?", "track 000.00.17.H09-210819-0012"),
            ("000.00.17.H09-210819-0012 4 số cuối 1234", "disclose 000.00.17.H09-210819-0012 1234"),
            ("000.00.17.H09-210819-0012 cccd 1234", "disclose 000.00.17.H09-210819-0012 1234"),
            ("4 so cuoi cccd la 1234, hs 000.00.17.H09-210819-0012", "disclose 000.00.17.H09-210819-0012 1234"),
            ("000.00.17.H09-210819-0012 last four 1234", "disclose 000.00.17.H09-210819-0012 1234"),
            (
                "000.00.17.H09-210819-0012 và 000.00.17.H09-210819-0013",
                "ask which dossier [track 000.00.17.H09-210819-0012, track 000.00.17.H09-210819-0013]",
            ),
            ("000.00.17.H09-210231-0012", "ask number unclear []"),
            ("000.00.17.H09-991231-0012", "ask number unclear []"),
        ],
    );
}

#[test]
fn the_citizens_own_id_words_never_spoil_the_number() {
    let track = "track 000.00.17.H09-210819-0012";
    let disclose = "disclose 000.00.17.H09-210819-0012 1234";
    tell(
        Story::builtin(),
        &[
            ("hồ sơ căn cước tháng 11 2026 số 000.00.17.H09-210819-0012 ở đâu", track),
            ("hồ sơ cccd 000.00.17.H09-210819-0012 năm 2026 tới đâu rồi", track),
            ("ho so cccd 000.00.17.H09-210819-0012 nam 2026 toi dau roi", track),
            ("hồ sơ làm căn cước 2026 mã 000.00.17.H09-210819-0012", track),
            ("hồ sơ cccd 000.00.17.H09-210819-0012 4 số cuối 1234", disclose),
            ("000.00.17.H09-210819-0012 4 so cuoi la 1234", disclose),
            ("000.00.17.H09-210819-0012 last 4 digits of my ID 1234", disclose),
            ("cccd 1234 000.00.17.H09-210819-0012", disclose),
            ("cccd: 1234, 000.00.17.H09-210819-0012", disclose),
        ],
    );
}

#[test]
fn a_one_time_code_opens_a_dossier_and_is_never_a_part_of_its_number() {
    let by_code = "disclose 000.00.17.H09-210819-0012 by code 123456";
    let track = "track 000.00.17.H09-210819-0012";
    tell(
        Story::builtin(),
        &[
            ("000.00.17.H09-210819-0012 mã xác nhận 123456", by_code),
            ("000.00.17.H09-210819-0012 OTP 123456", by_code),
            ("ma xac thuc 123456, ho so 000 00 17 H09 210819 0012", by_code),
            ("otp 123456 000 00 17 H09 210819 0012", by_code),
            ("hs 000.00.17.H09-210819-0012 mã OTP: 123 456", by_code),
            ("one-time code 123456 for 000.00.17.H09-210819-0012", by_code),
            ("000.00.17.H09-210819-0012 code 123456", by_code),
            // The code is the stronger proof.
            ("000.00.17.H09-210819-0012 cccd 4378 otp 123456", by_code),
            ("mã hồ sơ 000.00.17.H09-210819-0012", track),
            ("mã hồ sơ 000 00 17 H09 210819 0012", track),
            ("000.00.17.H09-210819-0012 mã 123456", track),
            ("mã G01.899.909-260916-890028", "track G01.899.909-260916-890028"),
            ("otp G01.899.909-260916-890028", "track G01.899.909-260916-890028"),
            ("mã xác nhận 123456", "ask number missing []"),
        ],
    );
}

#[test]
fn a_code_and_a_notice_are_wished_for_in_free_words() {
    let code = "send a code for 000.00.17.H09-210819-0012";
    let subscribe = "subscribe 000.00.17.H09-210819-0012 with";
    let track = "track 000.00.17.H09-210819-0012";
    let nothing = format!("{subscribe} nothing");
    let (four, otp) = (format!("{subscribe} 4378"), format!("{subscribe} code 123456"));
    tell(
        Story::builtin(),
        &[
            ("gửi mã xác nhận hồ sơ 000.00.17.H09-210819-0012", code),
            ("gui ma xac nhan 000.00.17.H09-210819-0012", code),
            ("cho em xin mã OTP hồ sơ 000.00.17.H09-210819-0012 ạ", code),
            ("send me a code for dossier 000.00.17.H09-210819-0012", code),
            ("gửi mã xác nhận", "ask number missing []"),
            ("báo cho tôi khi hồ sơ 000.00.17.H09-210819-0012 thay đổi", &nothing),
            ("bao cho toi khi ho so 000.00.17.H09-210819-0012 xong", &nothing),
            ("tell me when dossier 000.00.17.H09-210819-0012 changes", &nothing),
            ("báo cho tôi khi 000.00.17.H09-210819-0012 xong, cccd 4378", &four),
            ("otp 123456 báo cho tôi khi 000.00.17.H09-210819-0012 xong", &otp),
            ("báo cho tôi khi hồ sơ xong", "ask number missing []"),
            ("tell me when my dossier is ready", "ask number missing []"),
            // Questions, and wishes that are taken back.
            ("báo tôi biết khi nào hồ sơ 000.00.17.H09-210819-0012 xong", track),
            ("bao giờ xong hồ sơ 000.00.17.H09-210819-0012", track),
            ("đừng báo cho tôi khi hồ sơ 000.00.17.H09-210819-0012 xong", track),
            ("tôi không xin mã xác nhận hồ sơ 000.00.17.H09-210819-0012", track),
            ("gửi mã hồ sơ 000.00.17.H09-210819-0012", track),
        ],
    );
}

#[test]
fn a_proof_alone_asks_for_the_number_and_is_never_searched_for() {
    for text in ["cccd 4378", "4 số cuối 4378", "4 so cuoi la 4378", "bốn số cuối cccd của tôi 4378", "last four 4378"]
    {
        assert_eq!(Story::builtin().hears(text), "ask number missing []", "{text}");
    }
    let Interpretation::Act(Action::FindProcedures { query, .. }) = Story::builtin().read("mất cccd 079203001234")
    else {
        panic!("a search")
    };
    assert_eq!(query.text, "mất cccd");
}

#[test]
fn what_the_answers_tell_people_to_send_is_understood() {
    tell(
        Story::builtin(),
        &[
            ("1.001193 giấy tờ", "show 1.001193 papers"),
            ("1.001193 giay to", "show 1.001193 papers"),
            ("1.001193 papers", "show 1.001193 papers"),
            ("1.001193 lệ phí", "show 1.001193 fee"),
            ("1.001193 le phi", "show 1.001193 fee"),
            ("1.001193 fees", "show 1.001193 fee"),
            ("1.001193 thời gian", "show 1.001193 time"),
            ("1.001193 thoi gian", "show 1.001193 time"),
            ("1.001193 time", "show 1.001193 time"),
            ("1.001193 nơi nộp", "show 1.001193 where"),
            ("1.001193 noi nop", "show 1.001193 where"),
            ("1.001193 nộp ở đâu", "show 1.001193 where"),
            ("1.001193 where to hand in", "show 1.001193 where"),
            ("first time id card", "show 1.014061 overview"),
            ("danh sách cơ quan", "agencies"),
            ("danh sach co quan", "agencies"),
            ("agencies", "agencies"),
            ("trợ giúp", "help"),
        ],
    );
}

#[test]
fn a_wish_without_a_matter_is_asked_back_with_the_most_common_ones() {
    for (texts, focus) in [
        (["lệ phí", "le phi", "fees"], "fee"),
        (["giấy tờ", "giay to", "papers"], "papers"),
        (["bao lâu", "thời gian", "time"], "time"),
        (["nơi nộp", "ở đâu", "where"], "where"),
    ] {
        let codes = ["1.001193", "1.004194", "1.004222", "1.014063", "1.014064"];
        let choices = codes.map(|code| format!("show {code} {focus}")).join(", ");
        for text in texts {
            assert_eq!(Story::builtin().hears(text), format!("ask which procedure [{choices}]"), "{text}");
        }
    }
}

#[test]
fn where_the_word_that_names_the_matter_is_unknown_the_rest_does_not_answer() {
    for text in ["gia han visa", "gia hạn visa", "renew visa", "xin visa", "đổi visa"] {
        assert_eq!(Story::builtin().hears(text), "not understood", "{text}");
    }
    // The rest names a procedure by itself.
    assert_eq!(Story::builtin().hears("làm passport gấp"), "show 1.001456 overview");
    assert_eq!(Story::builtin().hears("đăng ký kết hôn lan"), "show 1.000894 overview");
}

#[test]
fn a_dossier_without_its_number_is_asked_for_the_number() {
    tell(
        Story::builtin(),
        &[
            ("hồ sơ của tôi", "ask number missing []"),
            ("hồ sơ của tôi đến đâu rồi", "ask number missing []"),
            ("ho so cua toi toi dau roi", "ask number missing []"),
            ("hồ sơ khai sinh của em xong chưa", "ask number missing []"),
            ("tra cứu hồ sơ", "ask number missing []"),
            ("where is my dossier", "ask number missing []"),
            ("track my application please", "ask number missing []"),
        ],
    );
}

#[test]
fn a_code_is_shown() {
    tell(
        Story::builtin(),
        &[
            ("1.001193", "show 1.001193 overview"),
            ("thủ tục 1.001193 cần gì", "show 1.001193 papers"),
            ("mã 1.014064.000.00.00.H56 bao nhiêu tiền", "show 1.014064.000.00.00.H56 fee"),
            ("9.999999", "show 9.999999 overview"),
            ("1.001193 hay 1.004884", "ask which procedure [show 1.001193 overview, show 1.004884 overview]"),
        ],
    );
}

#[test]
fn words_find_the_procedure_and_what_is_asked_of_it() {
    tell(
        Story::builtin(),
        &[
            ("làm giấy khai sinh cần gì", "show 1.001193 papers"),
            ("lam giay khai sinh can gi", "show 1.001193 papers"),
            ("lam lai can cuoc bao nhieu tien", "show 1.014064 fee"),
            ("mất bằng lái mất bao lâu", "show 3.000348 time"),
            ("mat bang lai mat bao lau", "show 3.000348 time"),
            ("đăng ký tạm trú ở đâu", "show 1.004194 where"),
            ("hướng dẫn đăng ký kết hôn", "show 1.000894 overview"),
            ("hồ sơ đăng ký khai sinh gồm những gì", "show 1.001193 papers"),
            ("How much does a passport cost?", "show 1.001456 fee"),
            ("what do I need for a birth certificate", "show 1.001193 papers"),
            ("how long does it take to renew a driving licence", "show 3.000347 time"),
            ("where do I get a marriage certificate", "show 1.000894 where"),
            ("không hỏi khai sinh, hỏi khai tử", "show 1.000656 overview"),
            ("khong hoi khai sinh, hoi khai tu", "show 1.000656 overview"),
            ("hỏi khai tử chứ không phải khai sinh", "show 1.000656 overview"),
            ("doi bang a1", "show 3.000347 overview"),
            ("làm lại căn cước 50k k?", "show 1.014064 fee"),
            ("Ðăng ký kết hôn", "show 1.000894 overview"),
            ("ho chieu bi mat", "show 1.010386 overview"),
            ("đăng ký khai sinh tại ủy ban nhân dân xã", "show 1.001193 overview"),
            ("tố cáo công an xã", "show 1.004327 overview"),
            ("dk ket hon", "show 1.000894 overview"),
            ("thành lập công ty cần gì", "show 2.001583 papers"),
        ],
    );
}

#[test]
fn wishes_that_name_no_procedure() {
    tell(
        Story::builtin(),
        &[
            ("xin chào", "help"),
            ("hello", "help"),
            ("help", "help"),
            ("trợ giúp", "help"),
            ("hướng dẫn", "help"),
            ("menu", "help"),
            ("danh sách cơ quan", "agencies"),
            ("địa chỉ trung tâm hành chính công", "agencies"),
            ("địa chỉ", "agencies"),
            ("số điện thoại công an phường", "agencies"),
            ("địa chỉ ubnd phường thủ dầu một", "agencies"),
            ("bạn tên gì", "help"),
            ("which agencies are there", "agencies"),
            ("danh sách thủ tục", "list"),
            ("list procedures", "list"),
        ],
    );
}

#[test]
fn nonsense_is_not_understood() {
    let story = Story::builtin();
    for text in [
        "asdkjh qwe",
        "con mèo bay trên trời",
        "con meo bay tren troi",
        "1+1",
        "😀",
        "🇻🇳🇻🇳",
        "quan1 phuong5",
        "50k k?",
        "",
        "   ",
        "\0",
        "thời tiết hôm nay thế nào",
        "giá vàng hôm nay bao nhiêu",
        "dung roi",
        "tôi yêu em",
        "thuế",
        "nấu phở bò thế nào",
        "who is the president",
        "mua vé số ở đâu",
        "the quick brown fox",
        "lorem ipsum dolor sit amet",
        "?!?!",
    ] {
        assert_eq!(story.hears(text), "not understood", "{text:?}");
    }
}

#[test]
fn bare_thue_dat_is_asked_back() {
    assert!(Story::builtin().hears("thue dat").starts_with("ask which procedure ["));
    let named = |code: &str, name: &str| {
        let mut procedure = builtin().swap_remove(0);
        procedure.code = ProcedureCode::parse(code).unwrap();
        procedure.name = name.to_owned();
        procedure.short_name = name.to_owned();
        procedure.aliases.clear();
        procedure.english_name = None;
        procedure
    };
    let story =
        Story::of(vec![named("9.000001", "Khai tiền thuê đất"), named("9.000002", "Khai thuế đất phi nông nghiệp")]);
    assert_eq!(story.hears("thue dat"), "ask which procedure [show 9.000001 overview, show 9.000002 overview]");
    assert_eq!(story.hears("thuê đất"), "show 9.000001 overview");
    assert_eq!(story.hears("thuế đất"), "show 9.000002 overview");
}

#[test]
fn procedures_that_are_meant_equally_well_are_asked_back() {
    let mut twins = builtin();
    twins.truncate(1);
    let mut other = twins[0].clone();
    other.code = ProcedureCode::parse("9.000002").unwrap();
    other.name = "Đăng ký khai sinh".to_owned();
    other.aliases.clear();
    twins[0].name = "Khai sinh, đăng ký".to_owned();
    twins.push(other);
    let story = Story::of(twins);
    assert!(
        story.hears("đăng ký khai sinh").starts_with("ask which procedure ["),
        "{}",
        story.hears("đăng ký khai sinh")
    );
}

#[test]
fn a_level_without_such_a_procedure_is_told() {
    let story = Story::builtin();
    let Interpretation::Ask(question) = story.read("lý lịch tư pháp ở xã") else { panic!("a question") };
    assert_eq!(question.kind, QuestionKind::NoneAtLevel(Level::Commune));
    assert_eq!(story.act(&question.choices[0]), "show 3.000333 overview");
    let Interpretation::Ask(question) = story.read("đăng ký khai sinh ở huyện") else { panic!("a question") };
    assert_eq!(question.kind, QuestionKind::NoneAtLevel(Level::District), "no districts since 1/7/2025");
    assert_eq!(story.hears("đăng ký khai sinh ở xã"), "show 1.001193 overview");
}

#[test]
fn a_question_has_at_most_five_choices() {
    let numbers: Vec<String> = (1..=8).map(|serial| format!("000.00.17.H09-210819-{serial:04}")).collect();
    let Interpretation::Ask(question) = Story::builtin().read(&numbers.join(" và ")) else { panic!("a question") };
    assert!((2..=5).contains(&question.choices.len()));
}

#[test]
fn an_interpretation_never_shows_personal_data_in_a_log() {
    let heard = format!("{:?}", Story::builtin().read("000.00.17.H09-210819-0012 cccd 1234"));
    assert!(!heard.contains("210819") && !heard.contains("1234"), "{heard}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_has_an_interpretation(text in "\\PC{0,300}") {
        Story::builtin().read(&text);
    }
}

#[test]
fn ten_thousand_bytes_of_anything_have_an_interpretation() {
    let story = Story::builtin();
    for text in [
        "a".repeat(10_000),
        "4 số cuối ".repeat(900),
        "1.001193 ".repeat(1_100),
        "hồ sơ H09 ".repeat(900),
        "\u{301}".repeat(5_000),
    ] {
        story.read(&text);
    }
}
