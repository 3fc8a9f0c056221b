//! Two roads: one goes away, the other carries on.

use serde_json::{Value, json};
use test_support::{NO_QUIET_HOURS, Smsc, Texting, eventually, road};

const PHONE: &str = "84901234567";

const QUICK: &str = "[sms.failover]\naway_after_seconds = 1\nback_after_seconds = 1\n";

fn start(first: &Smsc, second: &Smsc) -> Texting {
    let roads = road("viettel", first, "", "") + &road("vinaphone", second, "", "").replace("\"8283\"", "\"8088\"");
    let settings = ["portal.stack.breaker.minimum_calls=1000", "portal.cache.failure_pause_ms=0"];
    let texting = Texting::start_with(&format!("{roads}{QUICK}{NO_QUIET_HOURS}"), &settings);
    first.counted("bound", 1);
    second.counted("bound", 1);
    texting
}

fn route(texting: &Texting, road: &str) -> Value {
    let routes = texting.run(&["sms", "routes", "--json"]);
    let routes: Value = serde_json::from_str(&routes.out).unwrap_or_else(|_| panic!("{routes:?}"));
    routes.as_array().unwrap().iter().find(|route| route["road"] == road).cloned().unwrap()
}

fn until_away(texting: &Texting, road: &str, away: bool) {
    eventually(&format!("{road} away: {away}"), || (route(texting, road)["away"] == away).then_some(()));
}

#[test]
fn answers_and_notices_take_the_other_road_and_come_back() {
    let (Some(first), Some(second)) = (Smsc::node(), Smsc::node()) else { return };
    let texting = start(&first, &second);
    let number = texting.sample("status_4").number;
    // A question that cannot be answered at once, over a road that then goes.
    texting.faults(json!({"error_rate": 1.0}));
    assert!(first.ask(PHONE, &format!("HS {number}")).contains("Da nhan cau hoi"));
    first.order(json!({"do": "away"}));
    // Written for the road that is down: moved when it is given up.
    assert_eq!(texting.run(&["sms", "send", "--to", "0907777777", "Chiều nay nghỉ"]).code, Some(0));
    assert!(second.reply("84907777777", 1).contains("Chieu nay nghi"));
    until_away(&texting, "viettel", true);
    let table = texting.run(&["sms", "routes"]);
    assert_eq!(table.code, Some(0), "one road is up: {table:?}");
    let line = table.out.lines().find(|line| line.starts_with("viettel")).unwrap();
    assert!(line.contains(" away "), "{line}");
    texting.faults(json!({}));
    texting.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    let answer = second.reply(PHONE, 1);
    assert!(answer.starts_with(&format!("HS {number}:")), "{answer}");
    assert_eq!(second.submits(PHONE)[0]["from"], "8088", "the other road's own short code");
    assert_eq!(first.texts(PHONE).len(), 1);
    // It comes back, and is taken again after a while.
    first.order(json!({"do": "back"}));
    first.counted("bound", 2);
    until_away(&texting, "viettel", false);
    assert!(first.ask("84901000001", "TRO GIUP").contains("Soan"));
    texting.settled();
    assert_eq!((first.texts(PHONE).len(), second.texts(PHONE).len()), (1, 1), "nothing twice");
}

#[test]
fn a_drained_road_takes_nothing_new_until_it_is_resumed() {
    let (Some(first), Some(second)) = (Smsc::node(), Smsc::node()) else { return };
    let texting = start(&first, &second);
    let drained = texting.run(&["sms", "drain", "viettel"]);
    assert_eq!(drained.code, Some(0), "{drained:?}");
    assert!(drained.out.contains("nothing waits"), "{}", drained.out);
    assert_eq!(route(&texting, "viettel")["drained"], true);
    first.text(PHONE, "TRO GIUP");
    assert!(second.reply(PHONE, 1).contains("Soan"), "asked here, answered there");
    assert!(first.texts(PHONE).is_empty());
    let resumed = texting.run(&["sms", "resume", "viettel"]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert!(first.ask("84901000001", "TRO GIUP").contains("Soan"));
    assert_eq!(texting.run(&["sms", "drain", "mobifone"]).code, Some(2), "no such road");
    // A queue that does not empty says so: the SMSC takes nothing.
    let throttled: Vec<Value> = (0..50).map(|_| json!({"status": "ESME_RTHROTTLED"})).collect();
    first.answer(json!(throttled));
    first.text("84901000002", "TRO GIUP");
    eventually("a submit that is put back", || (!first.submits("84901000002").is_empty()).then_some(()));
    eventually("it waits in the queue", || {
        let full = texting.run(&["sms", "drain", "viettel", "--within", "0"]);
        (full.code == Some(1) && full.out.contains("still wait")).then_some(())
    });
}
