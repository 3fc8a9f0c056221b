//! A phone texts the short code, in every way that citizens were seen to write.

use test_support::{NO_QUIET_HOURS, Smsc, Texting, road};

const PHONE: &str = "84901234567";

/// One private line to the peer, prefix BD.
fn start(smsc: &Smsc, more: &str) -> Texting {
    let keywords = "[sms.keywords]\nprefixes = [\"BD\", \"HCC BD\"]\n";
    Texting::start(&format!("{}{keywords}{NO_QUIET_HOURS}{more}", road("vnpt", smsc, "private_line = true", "")))
}

/// Without what differs from answer to answer: its code and its minute.
fn plain(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    while let Some(at) = words.iter().position(|word| *word == "Ma" || *word == "Code") {
        words.drain(at..(at + 2).min(words.len()));
    }
    words.join(" ")
}

#[test]
fn ho_so_den_dau_roi() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, "");
    let dossier = texting.sample("status_4");
    let number = &dossier.number;
    let first = smsc.ask(PHONE, &format!("HS {number}"));
    assert!(first.starts_with(&format!("HS {number}:")) && first.contains("Dang xu ly"), "{first}");
    for typed in [
        format!("hs {}", number.to_lowercase()),
        format!("BD HS {number}"),
        format!("hcc bd hs {number}"),
        format!("Hồ sơ {number}"),
        format!("ho so: {number}"),
        format!("Tra cứu {number}"),
        format!("HS{number}"),
        number.clone(),
        format!("HS {}", number.replace('.', " ")),
    ] {
        assert_eq!(plain(&smsc.ask(PHONE, &typed)), plain(&first), "{typed}");
    }
    let english = smsc.ask(PHONE, &format!("STATUS {number}"));
    assert!(english.contains(number.as_str()) && english != first, "in English: {english}");
    assert!(!english.contains("Dang xu ly"), "{english}");
    // One answer each, from the short code that was asked.
    assert_eq!(smsc.texts(PHONE).len(), 11);
    assert!(smsc.submits(PHONE).iter().all(|submit| submit["from"] == "8283"), "{:?}", smsc.submits(PHONE));
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 11);
}

#[test]
fn chi_chu_ho_so_xem_duoc_phan_rieng() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, "");
    let dossier = texting.sample("status_5");
    let (number, proof) = (&dossier.number, &dossier.last_four);
    let public = smsc.ask(PHONE, &format!("HS {number}"));
    assert!(!public.contains("Nguoi nop"), "{public}");
    let owners = smsc.ask(PHONE, &format!("HS {number} {proof}"));
    assert!(owners.contains("Nguoi nop: "), "four digits: {owners}");
    let refused = smsc.ask("84907777777", &format!("CHI TIET {number}"));
    assert!(refused.contains("Chua mo duoc"), "another phone proves nothing: {refused}");
    let registered = smsc.ask(&dossier.phone, &format!("Chi tiết {number}"));
    assert!(registered.contains("Nguoi nop: "), "the registered phone on a private line: {registered}");
    let wrong = if proof == "0000" { "0001" } else { "0000" };
    let guessed = smsc.ask("84907777777", &format!("HS {number} {wrong}"));
    assert_eq!(plain(&guessed), plain(&refused), "failures sound the same");
}

#[test]
fn so_dien_thoai_dang_ky_khong_chung_to_gi_tren_duong_mo() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let dossier = texting.sample("status_5");
    let refused = smsc.ask(&dossier.phone, &format!("CHI TIET {}", dossier.number));
    assert!(refused.contains("Chua mo duoc"), "no TLS, no private line: {refused}");
    let asked = smsc.ask(&dossier.phone, &format!("BAO {}", dossier.number));
    assert!(asked.contains("4 so cuoi"), "a proof is wanted: {asked}");
}

#[test]
fn thu_tuc_tro_giup_va_loi_thuong() {
    let Some(smsc) = Smsc::node() else { return };
    let _texting = start(&smsc, "[sms.answers]\ntariff = \"Cuoc 1.000d/tin.\"\n");
    let by_keyword = smsc.ask(PHONE, "TTHC dang ky khai sinh");
    assert!(by_keyword.contains("khai sinh"), "{by_keyword}");
    assert_eq!(plain(&smsc.ask(PHONE, "BD TTHC Đăng ký khai sinh")), plain(&by_keyword));
    let by_words = smsc.ask(PHONE, "làm lại căn cước bao nhiêu tiền");
    assert!(by_words.contains("70.000"), "{by_words}");
    let help = smsc.ask(PHONE, "TRO GIUP");
    assert!(help.contains("Soan: BD HS") && help.contains("Cuoc 1.000d/tin."), "{help}");
    for same in ["Trợ giúp", "tg", "BD", "BD trợ giúp!"] {
        assert_eq!(plain(&smsc.ask(PHONE, same)), plain(&help), "{same}");
    }
    let english = smsc.ask(PHONE, "HELP");
    assert!(english.starts_with("Text BD STATUS "), "in English, with English words: {english}");
    let lost = smsc.ask(PHONE, "asdkjh qwe");
    assert!(lost.contains("chua hieu"), "help on what nobody understands: {lost}");
}

/// Whether a page says how to go on.
fn goes_on(page: &str) -> bool {
    page.to_lowercase().ends_with("soan tiep de xem tiep")
}

#[test]
fn tiep_di_tiep_ca_khi_may_khoi_dong_lai() {
    let Some(smsc) = Smsc::node() else { return };
    let roads = road("vnpt", &smsc, "", "max_parts = 1");
    let mut texting = Texting::start(&roads);
    let first = smsc.ask(PHONE, "TTHC dang ky khai sinh");
    assert!(goes_on(&first) && first.chars().count() <= 160, "{first}");
    texting.crash_and_restart();
    smsc.counted("bound", 2);
    let second = smsc.ask(PHONE, "TIEP");
    assert!(second != first && second.chars().count() <= 160, "{second}");
    assert!(!second.contains("Cau tra loi truoc da het"), "{second}");
    // To its end, which says so.
    let mut pages = vec![first, second];
    while goes_on(pages.last().unwrap()) {
        assert!(pages.len() < 30, "it never ends: {pages:?}");
        // A few seconds to read it, then the same word again.
        texting.database.run("UPDATE seen_messages SET at = at - 5000000");
        pages.push(smsc.ask(PHONE, "TIEP"));
    }
    assert!(smsc.ask(PHONE, "xem tiep").contains("Cau tra loi truoc da het"));
    // Another phone has nothing to go on with.
    assert!(smsc.ask("84907777777", "TIEP").contains("Cau tra loi truoc da het"));
    // No word is cut, and the pages say what one page would.
    let whole_smsc = Smsc::node().unwrap();
    let _whole = Texting::start(&road("vnpt", &whole_smsc, "", "max_parts = 10"));
    let whole = whole_smsc.ask(PHONE, "TTHC dang ky khai sinh");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut paged = Vec::new();
    for page in &pages {
        // What comes behind the dots is the hint.
        let said = if goes_on(page) { page.rsplit_once(" ... ").map_or(page.as_str(), |(said, _)| said) } else { page };
        paged.extend(words(said));
    }
    let missing: Vec<String> =
        words(&whole).into_iter().filter(|word| !paged.contains(word) && !word.contains("TIEP")).collect();
    assert!(missing.len() <= 2, "only the answer's own code may differ: {missing:?}\n{pages:?}\n{whole}");
}

#[test]
fn dung_tu_choi_va_nhan_lai_duoc_ghi_lai() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, "");
    assert!(smsc.ask(PHONE, "DUNG TB").contains("ngung gui thong bao chung"));
    assert!(smsc.ask(PHONE, "Dừng").contains("ngung gui moi tin bao"));
    assert!(smsc.ask(PHONE, "TU CHOI HS").contains("ngung gui tin bao ve ho so"));
    let english = smsc.ask(PHONE, "STOP");
    assert!(english.contains("no more notices") && english.contains("BD START"), "{english}");
    let wishes = "SELECT category || '|' || refused || '|' || words AS x FROM contact_wishes ORDER BY id";
    let recorded = texting.database.texts(wishes);
    assert_eq!(&recorded[..3], ["announcement|1|DUNG TB", "|1|Dừng", "status|1|TU CHOI HS"]);
    // An announcement is not sent to who refuses it …
    let refused = texting.run(&["sms", "send", "--to", "0901234567", "Chiều nay trung tâm nghỉ"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    // … who says yes gets it again.
    assert!(smsc.ask(PHONE, "NHAN").contains("se lai nhan duoc tin bao"));
    let texts = smsc.texts(PHONE).len();
    let sent = texting.run(&["sms", "send", "--to", "0901234567", "Chiều nay trung tâm nghỉ"]);
    assert_eq!(sent.code, Some(0), "{sent:?}");
    let notice = smsc.reply(PHONE, texts + 1);
    assert!(notice.contains("Chieu nay trung tam nghi"), "{notice}");
}
