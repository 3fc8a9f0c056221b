//! A citizen rates by text message how their dossier was handled (`DANHGIA`).

use serde_json::json;
use test_support::{NO_QUIET_HOURS, Sample, Smsc, Texting, eventually, road};

use crate::ratings::{IMPATIENT, PLENTY, given, kept};

const STRANGER: &str = "84907777777";

/// No dossier of the portal's.
const NOWHERE: &str = "000.00.17.H09-260105-9998";

/// `how` is what the operator says of the road; a private one vouches for the phone.
fn start(smsc: &Smsc, how: &str, more: &[&str]) -> Texting {
    let answers = "[sms.answers]\ndeadline_ms = 2000\n";
    let settings: Vec<&str> = PLENTY.iter().chain(more).copied().collect();
    Texting::start_with(&format!("{}{answers}{NO_QUIET_HOURS}", road("vnpt", smsc, how, "")), &settings)
}

const PRIVATE: &str = "private_line = true";

/// Texts, and hears the answer in one segment and without its code.
fn ask(smsc: &Smsc, phone: &str, text: &str) -> String {
    let before = smsc.submits(phone).len();
    let answer = smsc.ask(phone, text);
    assert_eq!(smsc.submits(phone).len(), before + 1, "{text}: more than one segment: {answer}");
    let at = answer.rfind(" Ma ").or_else(|| answer.rfind(" Code ")).unwrap_or(answer.len());
    answer[..at].to_owned()
}

fn thanks(dossier: &Sample, score: u8) -> String {
    format!("Cam on ong/ba. Danh gia {score} tren 5 ve ho so {} da duoc ghi nhan.", dossier.number)
}

#[test]
fn danh_gia_den_cong_mot_lan_bang_tieng_cua_nguoi_gui() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, PRIVATE, &[]);
    let (mine, theirs) = (texting.sample("status_9"), texting.sample("status_10"));
    let rated = format!("DANHGIA {} 5", mine.number);
    assert_eq!(ask(&smsc, &mine.phone, &rated), thanks(&mine, 5));
    // The SMSC hands the same message over once more: it is no other one.
    smsc.text(&mine.phone, &rated);
    texting.settled();
    assert_eq!(smsc.texts(&mine.phone).len(), 1, "{:?}", smsc.texts(&mine.phone));
    // The citizen sends it again, and thinks better of it: the first word counts.
    texting.database.run("UPDATE seen_messages SET at = at - 60000000");
    let known = format!("Ong/ba da danh gia ho so {} roi. Moi ho so chi nhan mot lan danh gia.", mine.number);
    assert_eq!(ask(&smsc, &mine.phone, &rated), known);
    assert_eq!(ask(&smsc, &mine.phone, &format!("Đánh giá {} 1", mine.number)), known);
    // In English, where the word is English; a score that is asked for comes alone.
    let asked = ask(&smsc, &theirs.phone, &format!("RATE {}", theirs.number));
    assert_eq!(
        asked,
        format!(
            "How was the dossier handled? Send RATE {} and a score from 1 (very bad) to 5 (very good).",
            theirs.number
        )
    );
    let thanked = ask(&smsc, &theirs.phone, &format!("RATE {} 2", theirs.number));
    assert_eq!(thanked, format!("Thank you. Your rating of dossier {}, 2 out of 5, is kept.", theirs.number));
    let again = ask(&smsc, &theirs.phone, &format!("RATE 5 {}", theirs.number));
    assert_eq!(again, format!("You have already rated dossier {}. Each dossier takes one rating.", theirs.number));

    let all = [given(&mine.number, 5), given(&theirs.number, 2)];
    eventually("both are at the portal", || (texting.ratings().len() == 2).then_some(()));
    for entry in texting.carried_ratings() {
        assert!(all.contains(&json!([entry["MaHoSo"], entry["DiemDanhGia"]])), "{entry}");
        assert!(entry.get("NoiDung").is_none() && entry.get("LyDo").is_none(), "a text has a score alone: {entry}");
    }
    assert_eq!(kept(&texting), 2);
}

#[test]
fn khong_co_quyen_hoac_viet_sai_thi_duoc_noi_ro_va_khong_gi_den_cong() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, PRIVATE, &[]);
    let mine = texting.sample("status_9");
    let (number, wrong) = (&mine.number, if mine.last_four == "0000" { "0001" } else { "0000" });

    // Whoever may not, and a dossier that is not there, sound alike.
    for (says, texts) in [
        (
            "Chua mo duoc thong tin rieng. Xin xem lai ma ho so va 4 so cuoi can cuoc",
            [
                format!("DANHGIA {number} 5"),
                format!("DANHGIA {number} 1 {wrong}"),
                format!("DANHGIA {NOWHERE} 5"),
                format!("DANHGIA {NOWHERE} 3 {wrong}"),
            ],
        ),
        (
            "The private part could not be opened. Please check the number",
            [
                format!("RATE {number} 5"),
                format!("RATE {number} 1 {wrong}"),
                format!("RATE {NOWHERE} 5"),
                format!("RATE {NOWHERE} 3 {wrong}"),
            ],
        ),
    ] {
        let answers = texts.map(|text| ask(&smsc, STRANGER, &text));
        assert!(answers[0].starts_with(says), "{answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }

    // No score of ours: it is asked for, from 1 to 5.
    for score in ["0", "6", "10", "55", "nam", "5.5", ""] {
        let asked = ask(&smsc, &mine.phone, &format!("DANHGIA {number} {score}"));
        assert!(asked.starts_with("Ong/ba cham viec giai quyet ho so may diem?"), "{score}: {asked}");
        assert!(asked.contains(number.as_str()) && asked.contains("tu 1 (rat kem) den 5 (rat tot)"), "{asked}");
    }
    // No number, or none of ours; nor is it that of a dossier that was spoken of.
    let how = ask(&smsc, &mine.phone, "DANHGIA");
    assert!(how.starts_with("Danh gia mot ho so: soan DANH GIA <ma ho so> <diem tu 1 den 5>."), "{how}");
    assert_eq!(ask(&smsc, &mine.phone, &format!("DANHGIA 5 {}", &number[..11])), how);
    let unclear = ask(&smsc, &mine.phone, &format!("DANHGIA {} 5", &number[..number.len() - 1]));
    assert!(!unclear.contains("ghi nhan") && unclear.to_lowercase().contains("ma ho so"), "{unclear}");
    assert_eq!(kept(&texting), 0);

    // The first good one is the only one.
    assert_eq!(ask(&smsc, STRANGER, &format!("DANHGIA {number} 3 {}", mine.last_four)), thanks(&mine, 3));
    let carried = texting.carried_ratings();
    assert_eq!((carried.len(), &carried[0]["DiemDanhGia"], kept(&texting)), (1, &json!("3"), 1), "{carried:?}");
}

#[test]
fn duong_khong_bao_dam_so_thi_hoi_bang_chung_va_noi_dung_cach_gui() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, "", &[]);
    let (mine, theirs) = (texting.sample("status_9"), texting.sample("status_10"));
    let wanted = ask(&smsc, &mine.phone, &format!("DANHGIA {} 4", mine.number));
    assert_eq!(
        wanted,
        "Chua ghi danh gia. Xin gui lai kem 4 so cuoi can cuoc nguoi nop: DANH GIA <ma ho so> <diem 1-5> <4 so>."
    );
    let english = ask(&smsc, &theirs.phone, &format!("RATE {} 4", theirs.number));
    assert_eq!(
        english,
        "Not rated yet. Please send it again with the last 4 digits of the applicant's ID: RATE <number> <score 1-5> <4 digits>."
    );
    assert_eq!(kept(&texting), 0);
    // As it was told; or the proof alone, for which the rating waits.
    let whole = ask(&smsc, &theirs.phone, &format!("RATE {} 4 {}", theirs.number, theirs.last_four));
    assert!(whole.starts_with("Thank you. Your rating of dossier"), "{whole}");
    let late = ask(&smsc, &mine.phone, &format!("cccd {}", mine.last_four));
    assert_eq!(late, thanks(&mine, 4));
    let carried = texting.carried_ratings();
    let mut scores: Vec<_> = carried.iter().map(|entry| json!([entry["MaHoSo"], entry["DiemDanhGia"]])).collect();
    scores.sort_by_key(ToString::to_string);
    let mut all = [given(&mine.number, 4), given(&theirs.number, 4)];
    all.sort_by_key(ToString::to_string);
    assert_eq!((scores.as_slice(), kept(&texting)), (all.as_slice(), 2));
}

#[test]
fn cong_mat_roi_co_lai_thi_khong_mat_danh_gia_nao() {
    let Some(smsc) = Smsc::node() else { return };
    let mut texting = start(&smsc, PRIVATE, &IMPATIENT);
    let (mine, theirs) = (texting.sample("status_9"), texting.sample("status_10"));
    let asked = ask(&smsc, &mine.phone, &format!("DANHGIA {}", mine.number));
    assert!(asked.contains("may diem"), "the phone is the owner's, and that is known for a while: {asked}");
    texting.portal_leaves();
    // Who is known is thanked, and it waits; who is not is told to wait, once.
    assert_eq!(ask(&smsc, &mine.phone, &format!("DANHGIA {} 4", mine.number)), thanks(&mine, 4));
    let wait = smsc.ask(&theirs.phone, &format!("DANHGIA {} 1", theirs.number));
    assert!(wait.contains("Da nhan cau hoi"), "{wait}");
    let tried = |least: i64| {
        eventually("a try that came to nothing", || {
            let tries = "SELECT count(*) AS x FROM ratings WHERE state = 0 AND tries >= ";
            (texting.database.number(&format!("{tries}{least}")) == 1).then_some(())
        });
    };
    tried(1);
    texting.database.run("UPDATE ratings SET next_at = 0");
    tried(2);
    texting.metric_reaches("ratings_carried_total", "what=\"later\"", 2.0);
    // A crash meanwhile forgets neither.
    texting.crash_and_restart();
    assert_eq!((kept(&texting), smsc.texts(&theirs.phone).len()), (1, 1));
    texting.portal_returns();
    assert_eq!(texting.ratings().len(), 0);
    texting.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    let late = smsc.reply(&theirs.phone, 2);
    assert!(late.starts_with(&thanks(&theirs, 1)), "{late}");
    let carried = texting.carried_ratings();
    let mut scores: Vec<_> = carried.iter().map(|entry| json!([entry["MaHoSo"], entry["DiemDanhGia"]])).collect();
    scores.sort_by_key(ToString::to_string);
    let mut all = [given(&mine.number, 4), given(&theirs.number, 1)];
    all.sort_by_key(ToString::to_string);
    assert_eq!((scores.as_slice(), kept(&texting)), (all.as_slice(), 2), "each once");
}

/// The portal takes it, and its answer breaks off: nobody knows, so it is not said twice.
#[test]
fn cong_da_nhan_ma_tra_loi_dut_giua_chung_thi_khong_gui_lan_hai() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, PRIVATE, &IMPATIENT);
    let mine = texting.sample("status_9");
    ask(&smsc, &mine.phone, &format!("DANHGIA {}", mine.number));
    texting.faults(json!({"cut_rate": 1.0}));
    assert_eq!(ask(&smsc, &mine.phone, &format!("DANHGIA {} 2", mine.number)), thanks(&mine, 2));
    texting.metric_reaches("ratings_carried_total", "what=\"uncertain\"", 1.0);
    texting.faults(json!({}));
    let known = ask(&smsc, &mine.phone, &format!("DANHGIA {} 2", mine.number));
    assert!(known.starts_with("Ong/ba da danh gia"), "{known}");
    let carried = texting.carried_ratings();
    assert_eq!((carried.len(), kept(&texting)), (1, 1), "{carried:?}");
    assert_eq!(texting.database.number("SELECT state AS x FROM ratings"), 3, "marked for who looks after it");
}
