//! Citizens at Zalo, from the signed webhook to the answer at Zalo's side.

use serde_json::json;
use test_support::{ChatPeer, Heard, Texting, Zalo, ZaloEvent, ZaloFault, at_peer, binary, eventually, skipped};

use crate::privacy::{holds, on_disk};

const TOKEN: &str = "lam-moi-dau-tien";
const LAN: &str = "3141592653589793238";
const MAI: &str = "2718281828459045235";

/// A portal that is not waited for long and always asked again, and pauses of the
/// account that a story can wait for.
const QUICK: [&str; 7] = [
    "portal.stack.call_timeout_ms=400",
    "portal.stack.breaker.minimum_calls=1000",
    "portal.cache.failure_pause_ms=0",
    "zalo.refresh_pause_seconds=1",
    "zalo.rate_pause_seconds=1",
    "zalo.busy_pause_seconds=1",
    "zalo.quota_pause_seconds=1",
];

fn start(zalo: &Zalo) -> Texting {
    Texting::start_with(&zalo.account(), &QUICK)
}

fn deliver(texting: &Texting, event: &ZaloEvent) -> u16 {
    event.delivery().deliver(&texting.public()).status
}

/// Somebody writes; Zalo is told that it was taken.
fn write(texting: &Texting, user: &str, id: &str, words: &str) {
    assert_eq!(deliver(texting, &ZaloEvent::text(user, id, words, at_peer())), 200, "{words}");
}

fn heard_by(zalo: &Zalo, user: &str) -> Vec<Heard> {
    zalo.heard().into_iter().filter(|heard| heard.user == user).collect()
}

/// Waits until somebody was told so much, and gives the last of it.
fn told(zalo: &Zalo, user: &str, number: usize) -> Heard {
    eventually(&format!("message {number} to {user}"), || heard_by(zalo, user).get(number - 1).cloned())
}

/// Every message is settled; returns how many were left without an answer.
fn ignored(texting: &Texting) -> i64 {
    texting.settled();
    texting.database.number("SELECT count(*) AS x FROM inbox WHERE state = 3")
}

#[test]
fn hoi_tra_loi_va_bam_nut() {
    let zalo = Zalo::start(TOKEN);
    let texting = start(&zalo);
    assert_eq!(deliver(&texting, &ZaloEvent::follow("follow", LAN, at_peer())), 200);
    assert!(told(&zalo, LAN, 1).text.contains("Kính chào quý công dân"));
    let event = ZaloEvent::text(LAN, "m1", "làm giấy khai sinh cần gì", at_peer());
    for _ in 0..3 {
        assert_eq!(deliver(&texting, &event), 200, "a repetition is thanked for like the first");
    }
    let answer = told(&zalo, LAN, 2);
    assert!(answer.text.to_lowercase().contains("khai sinh"), "{answer:?}");
    // A button comes back as the words that it sends.
    let (title, words) = answer.buttons.first().cloned().unwrap_or_else(|| panic!("no button: {answer:?}"));
    write(&texting, LAN, "m2", &words);
    let pressed = told(&zalo, LAN, 3);
    assert!(pressed.text != answer.text && !pressed.text.contains("chưa hiểu"), "{title}: {pressed:?}");
    // What is no text is answered kindly.
    let picture = ZaloEvent::other("user_send_image", LAN, "m3", at_peer());
    assert_eq!(deliver(&texting, &picture), 200);
    let kindly = told(&zalo, LAN, 4);
    assert!(kindly.text.contains("chữ"), "{kindly:?}");
    // Whoever leaves is told nothing, and may come back.
    assert_eq!(deliver(&texting, &ZaloEvent::follow("unfollow", LAN, at_peer())), 200);
    assert_eq!(ignored(&texting), 1, "the leaving alone");
    write(&texting, LAN, "m4", "xin chào");
    told(&zalo, LAN, 5);
    texting.settled();
    assert_eq!(heard_by(&zalo, LAN).len(), 5, "{:?}", heard_by(&zalo, LAN));
    assert_eq!((zalo.refreshes(), zalo.is_locked()), (1, false));
}

#[test]
fn only_what_zalo_signed_is_heard() {
    let zalo = Zalo::start(TOKEN);
    let texting = start(&zalo);
    let at = at_peer();
    let good = ZaloEvent::text(LAN, "m1", "xin chào", at);
    let with = |signature: String| ZaloEvent { signature, ..good.clone() };
    let stamp = at.to_string();
    let forged = good.body.replace("xin chào", "xin chao");
    let empty = ZaloEvent::text(LAN, "m1", "", at).body.len();
    let mut unsigned = good.delivery();
    unsigned.headers.retain(|(name, _)| *name != "x-zevent-signature");
    assert_eq!(unsigned.deliver(&texting.public()).status, 403, "no signature");
    for (what, event, status) in [
        ("an empty one", with(String::new()), 403),
        ("of another secret", with(ZaloEvent::sign(&good.body, &stamp, "khoa-khac")), 403),
        ("over other bytes", ZaloEvent { body: forged, ..good.clone() }, 403),
        ("without its prefix", with(good.signature.trim_start_matches("mac=").to_owned()), 403),
        ("of last week", ZaloEvent::text(LAN, "m1", "xin chào", at - 7 * 86_400_000), 403),
        ("of tomorrow", ZaloEvent::text(LAN, "m1", "xin chào", at + 86_400_000), 403),
        ("no JSON", ZaloEvent { body: "{\"event_name\":".into(), signature: ZaloEvent::sign("{", &stamp, "x") }, 400),
        ("no object", ZaloEvent { body: "[]".into(), signature: ZaloEvent::sign("[]", &stamp, "x") }, 400),
        ("nobody's", ZaloEvent::of(&json!({"event_name": "user_send_text", "timestamp": stamp})), 400),
        ("one byte too long", ZaloEvent::text(LAN, "m1", &"x".repeat(65_537 - empty), at), 413),
        ("far too long", ZaloEvent::text(LAN, "m1", &"x".repeat(200_000), at), 413),
        ("of no interest", ZaloEvent::of(&json!({"event_name": "user_seen_message", "timestamp": stamp})), 200),
    ] {
        let answer = event.delivery().deliver(&texting.public());
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        if status == 403 {
            assert_eq!(answer.text, "forbidden", "a stranger does not learn which key did not fit");
        }
    }
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM inbox"), 0, "nothing of it is kept");
    assert_eq!(deliver(&texting, &good), 200);
    told(&zalo, LAN, 1);
    for (result, count) in [("bad_signature", 5.0), ("stale", 2.0), ("too_long", 1.0), ("malformed", 3.0)] {
        let found = texting.metric("zalo_events_total", &format!("result=\"{result}\""));
        assert!((found - count).abs() < 0.5, "{result}: {found}");
    }
}

#[test]
fn theo_thu_tu_cua_nguoi_hoi() {
    let zalo = Zalo::start(TOKEN);
    let texting = start(&zalo);
    let numbers = ["status_1", "status_2", "status_4"].map(|what| texting.sample(what).number);
    let at = at_peer();
    for (place, number) in numbers.iter().enumerate().rev() {
        let sent = at - 1_000 + i64::try_from(place).unwrap() * 10;
        assert_eq!(deliver(&texting, &ZaloEvent::text(LAN, &format!("m{place}"), number, sent)), 200);
    }
    told(&zalo, LAN, 3);
    for (heard, number) in heard_by(&zalo, LAN).iter().zip(&numbers) {
        assert!(heard.text.contains(number), "{number}: {heard:?}");
    }
}

#[test]
fn whatever_zalo_says_each_answer_goes_once() {
    let zalo = Zalo::start(TOKEN);
    let mut texting = start(&zalo);
    write(&texting, LAN, "m1", "xin chào");
    told(&zalo, LAN, 1);
    assert_eq!(zalo.refreshes(), 1);

    // −216: one refresh, and the same message once more.
    zalo.expire();
    write(&texting, LAN, "m2", "xin chào");
    told(&zalo, LAN, 2);
    assert_eq!((zalo.refreshes(), zalo.asked(), zalo.is_locked()), (2, 2, false));

    // The quota is used up: later.
    zalo.quota(0);
    write(&texting, LAN, "m3", "xin chào");
    write(&texting, MAI, "m4", "xin chào");
    texting.metric_reaches("chat_sent_total", "outcome=\"later\"", 1.0);
    assert_eq!(zalo.messages().len(), 2);
    zalo.quota(100);
    told(&zalo, LAN, 3);
    told(&zalo, MAI, 1);

    // The window is closed, says Zalo: refused for good. Too many at once: later.
    // No answer that can be read: nobody knows, and it is not repeated.
    texting.settled();
    zalo.next_message(ZaloFault::Error(-230));
    write(&texting, LAN, "m5", "xin chào");
    texting.metric_reaches("chat_sent_total", "outcome=\"refused\"", 1.0);
    zalo.next_message(ZaloFault::Error(-32));
    write(&texting, LAN, "m6", "xin chào");
    told(&zalo, LAN, 4);
    texting.settled();
    zalo.next_message(ZaloFault::DoneBut(502));
    write(&texting, LAN, "m7", "xin chào");
    texting.metric_reaches("chat_sent_total", "outcome=\"uncertain\"", 1.0);
    texting.settled();
    assert_eq!(heard_by(&zalo, LAN).len(), 5);

    // The window closes while an answer waits: it is not sent any more.
    zalo.quota(0);
    write(&texting, MAI, "m8", "xin chào");
    texting.metric_reaches("chat_sent_total", "outcome=\"later\"", 3.0);
    texting.gateway.kill();
    texting.database.run("UPDATE outbox SET valid_until = 1, not_before = 0 WHERE state < 2");
    zalo.quota(100);
    texting.restart();
    texting.settled();
    let of = |state: i64| texting.database.number(&format!("SELECT count(*) AS x FROM outbox WHERE state = {state}"));
    assert_eq!((of(2), of(3), of(5), of(6)), (5, 1, 1, 1), "accepted, uncertain, refused, too late");
    assert_eq!((heard_by(&zalo, LAN).len(), heard_by(&zalo, MAI).len()), (5, 1));
}

/// Two gateways on one database share the account: of a refresh token that is good
/// once each would lock the other out.
#[test]
fn of_two_gateways_one_refreshes() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else { return skipped("DAKENH_TEST_POSTGRES") };
    let database = crate::chat_crashes::Postgres::create(&server.into_string().unwrap(), "zalo");
    let zalo = Zalo::start(TOKEN);
    // The first is held, so that the other comes while it is under way.
    zalo.next_refresh(ZaloFault::Held);
    let settings: Vec<&str> = QUICK.iter().copied().chain(["zalo.refresh_before_minutes=1"]).collect();
    let nodes = [0, 1].map(|_| Texting::start_on(binary(), Some(&database.url), &zalo.account(), &settings));
    zalo.wait_for_asked(1);
    for (place, node) in nodes.iter().enumerate() {
        write(node, LAN, &format!("m{place}"), "xin chào");
    }
    zalo.release();
    told(&zalo, LAN, 2);
    assert_eq!((zalo.asked(), zalo.refreshes(), zalo.is_locked()), (1, 1, false));

    for round in 2..5 {
        zalo.expire();
        for (place, node) in nodes.iter().enumerate() {
            for user in [LAN, MAI] {
                write(node, user, &format!("r{round}-{place}"), "xin chào");
            }
        }
        told(&zalo, MAI, 2 * (round - 1));
        told(&zalo, LAN, 2 * round);
        nodes[0].settled();
        assert_eq!((zalo.asked(), zalo.refreshes(), zalo.is_locked()), (round, round, false));
    }
    assert_eq!((heard_by(&zalo, LAN).len(), heard_by(&zalo, MAI).len()), (8, 6), "each answered once");
}

/// All that a citizen may say of themselves, over a portal that is away for a while;
/// the private view opens with the second proof alone, and nothing of it stays.
#[test]
fn nothing_of_a_citizen_at_zalo_is_left_behind() {
    let zalo = Zalo::start(TOKEN);
    let noisy = QUICK.iter().copied().chain(["log.filter=trace,sqlx=debug,hyper=debug,h2=debug"]);
    let mut texting = Texting::start_with(&zalo.account(), &noisy.collect::<Vec<_>>());
    let (dossier, waiting) = (texting.sample("status_5"), texting.sample("status_2"));

    // The portal is silent: told once, answered when it is back.
    texting.faults(json!({"stop": true}));
    write(&texting, MAI, "m1", &waiting.number);
    assert!(told(&zalo, MAI, 1).text.contains("đã nhận câu hỏi"));
    eventually("it waits", || {
        (texting.database.number("SELECT count(*) AS x FROM inbox WHERE state = 1 AND node IS NULL") == 1).then_some(())
    });
    let stored = on_disk(&texting);
    assert!(holds(&stored, MAI) && holds(&stored, &waiting.number), "a waiting question is on disk");
    texting.faults(json!({}));
    texting.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    assert!(told(&zalo, MAI, 2).text.contains(&waiting.number));

    write(&texting, LAN, "m2", &format!("hồ sơ {} của tôi", dossier.number));
    let open = told(&zalo, LAN, 1);
    assert!(open.text.contains(&dossier.number) && !open.text.contains("Người nộp"), "{open:?}");
    write(&texting, LAN, "m3", "4 số cuối 0000");
    assert!(!told(&zalo, LAN, 2).text.contains("Người nộp"));
    write(&texting, LAN, "m4", &format!("{} 4 số cuối {}", dossier.number, dossier.last_four));
    let private = told(&zalo, LAN, 3);
    let owner = private.text.split_once("Người nộp: ").unwrap_or_else(|| panic!("{private:?}")).1;
    let owner = owner.split(['.', '\n']).next().unwrap().to_owned();
    assert!(owner.chars().count() > 5, "{private:?}");
    // Another citizen is not shown it, whatever the first has proved.
    write(&texting, MAI, "m5", &dossier.number);
    assert!(!told(&zalo, MAI, 3).text.contains(&owner));
    let words = "tôi tên là Trần Văn Khoai, số 0987654321, căn cước 079201009876, ngõ Lạc Long, khoai@nhatoi.vn";
    write(&texting, LAN, "m6", words);
    told(&zalo, LAN, 4);
    // Forged and unreadable words are not told to the log either.
    let forged = ZaloEvent { signature: "mac=00".into(), ..ZaloEvent::text(LAN, "m7", "Bưởi ơi", at_peer()) };
    assert_eq!(deliver(&texting, &forged), 403);
    assert_eq!(deliver(&texting, &ZaloEvent { body: format!("{{\"x\":\"Bưởi {LAN}\""), ..forged }), 400);
    texting.settled();

    let metrics = texting.metrics();
    assert!(metrics.contains("zalo_events_total") && metrics.contains("chat_sent_total"), "{metrics}");
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    let logs = texting.gateway.errors();
    assert!(logs.contains("TRACE") && logs.contains("DEBUG"), "the log is looked at");
    let stored = on_disk(&texting);
    assert!(holds(&stored, "disclose_dossier") && holds(&stored, "transcript_lines"), "the database is looked at");
    let mut secrets: Vec<String> = [
        LAN,
        MAI,
        "Khoai",
        "0987654321",
        "079201009876",
        "Lạc Long",
        "nhatoi",
        "Bưởi",
        TOKEN,
        Zalo::OA_SECRET,
        Zalo::APP_SECRET,
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.extend([dossier.number, waiting.number, owner, zalo.refresh_token()]);
    secrets.extend(zalo.messages().iter().map(|message| message.token.clone()));
    for secret in secrets {
        let line = logs.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(&secret), "{secret} in the metrics");
        assert!(!holds(&stored, &secret), "{secret} in the database");
    }
    let kept = texting.database.number(
        "SELECT (SELECT count(*) FROM inbox WHERE sender <> '' OR recipient <> '' OR text <> '') \
              + (SELECT count(*) FROM outbox WHERE recipient <> '' OR text <> '') AS x",
    );
    assert_eq!(kept, 0, "rows tell neither who nor what");
}
