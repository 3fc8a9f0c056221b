//! The portal is silent: the citizen hears that once, then the answer once.

use serde_json::json;
use test_support::{Smsc, Texting, eventually, road};

const PHONE: &str = "84901234567";

/// A portal that is not waited for long, and always asked again.
const IMPATIENT: [&str; 3] =
    ["portal.stack.call_timeout_ms=400", "portal.stack.breaker.minimum_calls=1000", "portal.cache.failure_pause_ms=0"];

fn start(smsc: &Smsc, more: &str) -> Texting {
    let answers = format!("[sms.answers]\ndeadline_ms = 2000\n{more}");
    Texting::start_with(&format!("{}{answers}", road("vnpt", smsc, "", "")), &IMPATIENT)
}

/// The next try is due.
fn again(texting: &Texting) {
    texting.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
}

fn tries(texting: &Texting, least: i64) {
    eventually("another try", || {
        let tried = "SELECT count(*) AS x FROM inbox WHERE state = 1 AND node IS NULL AND tries >= ";
        (texting.database.number(&format!("{tried}{least}")) > 0).then_some(())
    });
}

#[test]
fn da_nhan_roi_tra_loi_mot_lan_khi_cong_song_lai() {
    let Some(smsc) = Smsc::node() else { return };
    let mut texting = start(&smsc, "");
    for (phone, sample, fault) in
        [(PHONE, "status_4", json!({"stop": true})), ("84907777777", "status_2", json!({"silence_rate": 1.0}))]
    {
        let number = texting.sample(sample).number;
        texting.faults(fault);
        let wait = smsc.ask(phone, &format!("HS {number}"));
        assert!(wait.contains("Da nhan cau hoi"), "{wait}");
        tries(&texting, 1);
        again(&texting);
        tries(&texting, 2);
        assert_eq!(smsc.texts(phone).len(), 1, "told once to wait");
        // A crash forgets neither the question nor that it was told.
        texting.crash_and_restart();
        again(&texting);
        tries(&texting, 3);
        texting.faults(json!({}));
        again(&texting);
        let answer = smsc.reply(phone, 2);
        assert!(answer.starts_with(&format!("HS {number}:")), "{answer}");
        texting.settled();
        assert_eq!(smsc.texts(phone).len(), 2, "and answered once");
    }
    let first = texting.database.number("SELECT min(id) AS x FROM inbox");
    let trace = texting.trace(first);
    assert_eq!(trace["inbound"]["state"], "answered", "{trace}");
    assert_eq!(trace["inbound"]["acknowledged"], true, "{trace}");
    assert_eq!(trace["outbound"].as_array().unwrap().len(), 2, "the word to wait and the answer: {trace}");
}

#[test]
fn xin_loi_khi_cau_tra_loi_khong_con_dang_gia() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = start(&smsc, "worth_minutes = 1\n");
    let number = texting.sample("status_4").number;
    texting.faults(json!({"error_rate": 1.0}));
    assert!(smsc.ask(PHONE, &format!("HS {number}")).contains("Da nhan cau hoi"));
    tries(&texting, 1);
    // The minute is over.
    texting.database.run("UPDATE inbox SET answer_by = received_at WHERE state = 1");
    again(&texting);
    let sorry = smsc.reply(PHONE, 2);
    assert!(sorry.contains("Rat tiec"), "{sorry}");
    texting.faults(json!({}));
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 2, "that was its end");
}
