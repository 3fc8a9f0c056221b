//! What the administration says first: changes of dossiers and announcements.

use std::time::SystemTime;

use gateway_core::text::fold;
use test_support::{NO_QUIET_HOURS, Smsc, Texting, eventually, road};

const PHONE: &str = "84901234567";

/// A cache that forgets at once: each look reaches the portal.
const FORGETFUL: [&str; 2] = ["portal.cache.fresh_ms=1", "portal.cache.revalidate_ms=0"];

fn start(smsc: &Smsc, notices: &str) -> Texting {
    Texting::start_with(&format!("{}{notices}", road("vnpt", smsc, "private_line = true", "")), &FORGETFUL)
}

/// Makes the watcher look at every dossier now, and waits until it has.
fn look(texting: &Texting) {
    texting.database.run("UPDATE subscriptions SET look_at = 0");
    eventually("a look at every dossier", || {
        (texting.database.number("SELECT count(*) AS x FROM subscriptions WHERE look_at = 0") == 0).then_some(())
    });
    texting.settled();
}

fn subscriptions(texting: &Texting) -> i64 {
    texting.database.number("SELECT count(*) AS x FROM subscriptions")
}

#[test]
fn bao_mot_lan_cho_moi_thay_doi_va_tu_het() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, NO_QUIET_HOURS);
    let dossier = texting.sample("status_4");
    let (number, phone) = (&dossier.number, dossier.phone.as_str());
    let wished = smsc.ask(phone, &format!("BAO {number}"));
    assert!(wished.contains(&format!("Se bao khi HS {number}")), "{wished}");
    let consent = texting.database.texts("SELECT words AS x FROM subscriptions");
    assert!(consent[0].starts_with("BAO "), "the consent is recorded: {consent:?}");
    look(&texting);
    assert_eq!(smsc.texts(phone).len(), 1, "nothing has moved");

    texting.move_dossier(number, "9");
    look(&texting);
    let notice = smsc.reply(phone, 2);
    assert!(notice.contains(number.as_str()) && notice.contains("Da co ket qua"), "{notice}");
    assert!(notice.contains("Thoi nhan"), "how to be left alone: {notice}");
    let held = texting.portal_knows(number);
    let owner = held["dossier"]["ChuHoSo"].as_str().unwrap().to_owned();
    assert!(owner.len() > 3, "the owner is looked at: {held}");
    assert!(!fold(&notice).contains(&fold(&owner)) && !notice.contains("Nguoi nop"), "no private facts: {notice}");
    look(&texting);
    assert_eq!(smsc.texts(phone).len(), 2, "told once");

    texting.move_dossier(number, "10");
    eventually("the subscription ends by itself", || {
        texting.database.run("UPDATE subscriptions SET look_at = 0");
        (subscriptions(&texting) == 0).then_some(())
    });
    let last = smsc.reply(phone, 3);
    assert!(last.contains("Da tra ket qua"), "{last}");
    texting.settled();
    assert_eq!(smsc.texts(phone).len(), 3);
    let trace = texting.trace_of_newest();
    assert_eq!(trace["outbound"][0]["category"], "status", "{trace}");
}

#[test]
fn huy_bao_va_dung_thi_thoi() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, NO_QUIET_HOURS);
    let (one, two) = (texting.sample("status_4"), texting.sample("status_5"));
    let phone = one.phone.as_str();
    smsc.ask(phone, &format!("BAO {}", one.number));
    // Another's dossier, proved by four digits.
    let second = smsc.ask(phone, &format!("BAO {} {}", two.number, two.last_four));
    assert!(second.contains("Se bao khi HS"), "{second}");
    assert_eq!(subscriptions(&texting), 2);
    let ended = smsc.ask(phone, &format!("HUY BAO {}", one.number));
    assert!(ended.contains("Da thoi theo doi 1 ho so"), "{ended}");
    assert_eq!(subscriptions(&texting), 1);
    // The wish to be left alone ends the rest.
    smsc.ask(phone, "DUNG");
    assert_eq!(subscriptions(&texting), 0);
    for dossier in [&one, &two] {
        texting.move_dossier(&dossier.number, "9");
    }
    let refused = texting.run(&["sms", "send", "--to", phone, "Chiều nay trung tâm nghỉ"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.out.contains("not sent"), "{}", refused.out);
    let texts = smsc.texts(phone).len();
    smsc.ask(PHONE, "TRO GIUP");
    texting.settled();
    assert_eq!(smsc.texts(phone).len(), texts, "opted out: nothing");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the gateway's clock is the machine's")]
fn gio_yen_tinh_va_so_tin_moi_ngay() {
    let Some(smsc) = Smsc::node() else { return };
    // The hours around now are quiet, whenever the story is told.
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (utc, hour) = (seconds / 3_600 % 24, (seconds / 3_600 + 7) % 24);
    let (until, until_utc) = ((hour + 3) % 24, (utc + 3) % 24);
    let notices = format!(
        "[sms.notices]\nquiet_from = \"{hour:02}:00:00\"\nquiet_until = \"{until:02}:00:00\"\nmost_a_day = 2\n"
    );
    let texting = start(&smsc, &notices);
    let send = |words: &str| texting.run(&["sms", "send", "--to", "0901234567", words]);
    let sent = send("Chiều nay trung tâm nghỉ");
    assert_eq!(sent.code, Some(0), "{sent:?}");
    assert!(sent.out.contains(&format!("leaves {until:02}:00 ")), "{}", sent.out);
    let trace = texting.trace_of_newest();
    let notice = &trace["outbound"][0];
    assert_eq!((notice["state"].as_str(), notice["category"].as_str()), (Some("queued"), Some("announcement")));
    let not_before = notice["not_before"].as_str().unwrap();
    assert!(not_before.contains(&format!("T{until_utc:02}:00:00")), "not before the morning: {trace}");
    // Who asks is answered at any hour; the notice still waits.
    smsc.ask(PHONE, "TRO GIUP");
    assert_eq!(smsc.texts(PHONE).len(), 1);
    assert_eq!(send("Sáng mai mở cửa lại").code, Some(0));
    let enough = send("Tin thứ ba");
    assert_eq!(enough.code, Some(1), "two a day: {enough:?}");
    // Morning comes.
    texting.database.run("UPDATE outbox SET not_before = 0 WHERE state = 0");
    let morning = [smsc.reply(PHONE, 2), smsc.reply(PHONE, 3)].concat();
    assert!(morning.contains("Chieu nay") && morning.contains("Sang mai"), "{morning}");
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 3);
}

#[test]
fn mot_thay_doi_qua_so_tin_moi_ngay_thi_bao_ngay_mai() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, &format!("{NO_QUIET_HOURS}most_a_day = 1\n"));
    let dossier = texting.sample("status_4");
    let phone = dossier.phone.as_str();
    smsc.ask(phone, &format!("BAO {}", dossier.number));
    texting.move_dossier(&dossier.number, "5");
    look(&texting);
    assert!(smsc.reply(phone, 2).contains("Cho bo sung giay to"));
    texting.move_dossier(&dossier.number, "9");
    look(&texting);
    assert_eq!(smsc.texts(phone).len(), 2, "enough for today");
    // The next day it is told as it stands then.
    texting.database.run("UPDATE notice_counts SET day = 20200101");
    look(&texting);
    assert!(smsc.reply(phone, 3).contains("Da co ket qua"));
}
