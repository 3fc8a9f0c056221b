//! The one-time code: asked for over HTTP, sent to the registered phone.

use serde_json::{Value, json};
use test_support::{Answer, Smsc, Texting, road};

fn code_url(number: &str) -> String {
    format!("/api/v1/dossiers/{number}/code")
}

/// The body without what is different each time.
fn said(answer: &Answer) -> Value {
    let mut body = answer.json();
    for unique in ["answer_code", "request_id", "instance"] {
        body.as_object_mut().unwrap().remove(unique);
    }
    body
}

/// The six digits of a text.
fn digits(text: &str) -> String {
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap_or_else(|| panic!("no six digits: {text}")).to_owned()
}

#[test]
fn six_digits_to_the_registered_phone_open_the_dossier() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    smsc.counted("bound", 1);
    let dossier = texting.sample("status_5");
    let asked = texting.post(&code_url(&dossier.number), json!({}));
    assert_eq!(asked.status, 202, "{asked:?}");
    let text = smsc.reply(&dossier.phone, 1);
    let code = digits(&text);
    assert!(text.contains("Khong dua ma nay cho ai"), "{text}");
    assert!(!text.contains(&dossier.number), "a code says nothing of the dossier: {text}");

    // The same words where there is no such dossier, and nothing is sent.
    let nobody = texting.post(&code_url("000.00.17.H09-260105-9998"), json!({}));
    assert_eq!((nobody.status, said(&nobody)), (asked.status, said(&asked)));
    // Nor a second one a moment later.
    let again = texting.post(&code_url(&dossier.number), json!({}));
    assert_eq!((again.status, said(&again)), (asked.status, said(&asked)));

    let disclosure = format!("/api/v1/dossiers/{}/disclosure", dossier.number);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = texting.post(&disclosure, json!({"one_time_code": wrong}));
    assert_eq!(refused.status, 403, "{refused:?}");
    let opened = texting.post(&disclosure, json!({"one_time_code": code}));
    assert_eq!(opened.status, 200, "{opened:?}");
    assert!(opened.json()["dossier"]["owner"]["masked_name"].is_string(), "{}", opened.text);
    let twice = texting.post(&disclosure, json!({"one_time_code": code}));
    assert_eq!(twice.status, 403, "good once: {twice:?}");
    texting.settled();
    assert_eq!(smsc.all_submits().len(), 1, "one code, to one phone");
    let stored = texting.database.texts("SELECT text AS x FROM outbox");
    assert_eq!(stored, [""], "wiped when it was taken");
}

#[test]
fn a_code_asked_for_by_sms_proves_a_dossier_by_sms() {
    let Some(smsc) = Smsc::node() else { return };
    let _texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let dossier = _texting.sample("status_5");
    let (asker, owner) = ("84907777777", dossier.phone.as_str());
    let asked = smsc.ask(asker, &format!("OTP {}", dossier.number));
    assert!(asked.contains("ma xac nhan"), "{asked}");
    let code = digits(&smsc.reply(owner, 1));
    let opened = smsc.ask(asker, &format!("HS {} {code}", dossier.number));
    assert!(opened.contains("Nguoi nop: "), "{opened}");
    assert!(!smsc.texts(asker).iter().take(1).any(|text| text.contains(&code)), "the asker was not sent the code");
}

#[test]
fn five_wrong_tries_spend_a_code() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let dossier = texting.sample("status_5");
    assert_eq!(texting.post(&code_url(&dossier.number), json!({})).status, 202);
    let code = digits(&smsc.reply(&dossier.phone, 1));
    let disclosure = format!("/api/v1/dossiers/{}/disclosure", dossier.number);
    for wrong in
        ["000001", "000002", "000003", "000004", "000005", "000006"].iter().filter(|wrong| **wrong != code).take(5)
    {
        assert_eq!(texting.post(&disclosure, json!({"one_time_code": wrong})).status, 403);
    }
    let spent = texting.post(&disclosure, json!({"one_time_code": code}));
    assert_eq!(spent.status, 403, "{spent:?}");
}
