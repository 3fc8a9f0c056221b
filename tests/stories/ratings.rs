//! A citizen rates in a chat and from an app how their dossier was handled.

use serde_json::{Value, json};
use test_support::{
    Answer, BotApi, ChatPeer as _, Heard, Texting, Webchat, Zalo, ZaloEvent, at_peer, client, eventually, now, post,
};

use crate::privacy::{holds, on_disk};

/// So many ratings in a row are no flood here.
pub(crate) const PLENTY: [&str; 4] = [
    "limits.any.sender={per_minute=100000,burst=10000}",
    "limits.any.address={per_minute=100000,burst=10000}",
    "limits.disclose_dossier.sender={per_minute=100000,burst=10000}",
    "limits.disclose_dossier.address={per_minute=100000,burst=10000}",
];

/// A portal that is not waited for long, and always asked again.
pub(crate) const IMPATIENT: [&str; 3] =
    ["portal.stack.call_timeout_ms=400", "portal.stack.breaker.minimum_calls=1000", "portal.cache.failure_pause_ms=0"];

const NOWHERE: &str = "000.00.17.H09-260105-9998";

/// A rating as the portal has it.
pub(crate) fn given(number: &str, score: u8) -> Value {
    json!([number, score.to_string()])
}

/// How many ratings the house has taken.
pub(crate) fn kept(texting: &Texting) -> i64 {
    texting.database.number("SELECT count(*) AS x FROM ratings")
}

/// Those that have reached the portal, once nothing is on its way any more.
fn carried(texting: &Texting) -> Vec<Value> {
    let all = texting.carried_ratings();
    all.iter().map(|entry| json!([entry["MaHoSo"], entry["DiemDanhGia"]])).collect()
}

fn start(more: &[&str]) -> Texting {
    let settings: Vec<&str> = PLENTY.iter().chain(more).copied().collect();
    Texting::start_with("", &settings)
}

/// Digits that are not these.
fn wrong(last_four: &str) -> &'static str {
    if last_four == "0000" { "0001" } else { "0000" }
}

/// An answer without the code that is its own.
fn said(line: &Value) -> String {
    let text = line["text"].as_str().unwrap();
    text.split("\n\nMã trả lời:").next().unwrap().split("\n\nAnswer code:").next().unwrap().to_owned()
}

fn thanks(number: &str, score: u8) -> String {
    format!(
        "Cảm ơn ông/bà. Đánh giá {score} trên 5 về hồ sơ {number} đã được ghi nhận và sẽ được gửi đến Cổng Dịch vụ \
         công quốc gia."
    )
}

const KNOWN: &str = "rồi. Mỗi hồ sơ chỉ nhận một lần đánh giá.";

/// The five buttons of a question: what stands on each, and what it sends.
fn buttons(line: &Value) -> Vec<(String, String)> {
    serde_json::from_value(line["buttons"].clone()).unwrap_or_default()
}

#[test]
fn in_the_chat_of_the_web_page_five_buttons_rate_once() {
    let house = start(&[]);
    let (mine, theirs) = (house.sample("status_9"), house.sample("status_10"));
    let mut chat = Webchat::open(&house.public());
    let wanted = chat.ask(&format!("đánh giá {}", mine.number));
    assert!(said(&wanted).contains("kèm 4 số cuối căn cước"), "{wanted}");
    let asked = chat.ask(&format!("cccd {}", mine.last_four));
    assert!(said(&asked).contains("Xin chọn từ 1 (rất không hài lòng) đến 5 (rất hài lòng)"), "{asked}");
    let five = buttons(&asked);
    let on_them =
        ["1 – Rất không hài lòng", "2 – Không hài lòng", "3 – Bình thường", "4 – Hài lòng", "5 – Rất hài lòng"];
    assert_eq!(five.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>(), on_them);
    assert_eq!(kept(&house), 0);
    // Pressed, and sent again by a browser that did not hear that it was taken.
    let pressed = chat.say(&five[3].1);
    assert_eq!(said(&chat.answers(3)), thanks(&mine.number, 4));
    for _ in 0..3 {
        assert_eq!(chat.say_as(&pressed, &five[3].1).status, 202);
    }
    house.settled();
    assert_eq!(said(&chat.answers(3)), thanks(&mine.number, 4), "and not answered again");
    let again = chat.ask(&five[0].1);
    assert!(said(&again).ends_with(KNOWN), "{again}");

    // All in one message, in English; and the proof alone, for which a rating waits.
    let mut english = Webchat::open(&house.public());
    let whole = english.ask(&format!("rate 2 dossier {} id {}", theirs.number, theirs.last_four));
    assert_eq!(
        said(&whole),
        format!(
            "Thank you. Your rating of dossier {}, 2 out of 5, is kept and will be sent to the National Public Service \
             Portal.",
            theirs.number
        )
    );
    let third = house.sample("status_7");
    let wanted = english.ask(&format!("rate 5 dossier {}", third.number));
    assert!(said(&wanted).starts_with("To be sure that the dossier is yours"), "{wanted}");
    let late = english.ask(&format!("id {}", third.last_four));
    assert!(said(&late).contains("5 out of 5, is kept"), "{late}");

    let carried = carried(&house);
    let all = [given(&mine.number, 4), given(&theirs.number, 2), given(&third.number, 5)];
    assert!(carried.len() == 3 && all.iter().all(|one| carried.contains(one)), "{carried:?}");
    assert_eq!(kept(&house), 3);
}

#[test]
fn in_a_chat_what_is_no_rating_or_not_theirs_is_told_and_goes_nowhere() {
    let house = start(&[]);
    let mine = house.sample("status_9");
    let (number, four) = (mine.number.as_str(), mine.last_four.as_str());
    let mut chat = Webchat::open(&house.public());
    // Who may not, and what is not there, sound alike.
    let refused = said(&chat.ask(&format!("đánh giá {number} 5 cccd {}", wrong(four))));
    assert!(refused.starts_with("Chưa mở được phần thông tin riêng."), "{refused}");
    assert_eq!(said(&chat.ask(&format!("đánh giá {NOWHERE} 5 cccd {}", wrong(four)))), refused);
    let english = said(&chat.ask(&format!("rate 5 dossier {NOWHERE} id 1234")));
    assert!(english.contains("could not be opened"), "{english}");
    // Another one's proof is none of this browser's.
    let mut owner = Webchat::open(&house.public());
    let asked = said(&owner.ask(&format!("đánh giá {number} cccd {four}")));
    assert!(asked.contains("Xin chọn từ 1"), "{asked}");
    let mut stranger = Webchat::open(&house.public());
    let stopped = said(&stranger.ask(&format!("đánh giá 5 hồ sơ {number}")));
    assert!(stopped.contains("kèm 4 số cuối căn cước"), "{stopped}");
    for score in ["0", "6", "10", "55", "năm mươi"] {
        let asked = owner.ask(&format!("đánh giá {number} {score}"));
        assert!(said(&asked).contains("Xin chọn từ 1") && buttons(&asked).len() == 5, "{score}: {asked}");
    }
    let how = said(&Webchat::open(&house.public()).ask("đánh giá"));
    assert!(how.starts_with("Muốn đánh giá việc giải quyết một hồ sơ"), "{how}");
    let mistyped = said(&owner.ask("đánh giá 5 000.00.17."));
    assert_eq!(mistyped, how, "it may be another dossier's");
    assert_eq!(kept(&house), 0);
    owner.ask(&format!("đánh giá {number} 3"));
    assert_eq!((carried(&house), kept(&house)), (vec![given(number, 3)], 1));
}

#[test]
fn in_a_chat_a_portal_that_is_away_loses_none() {
    let mut house = start(&[&IMPATIENT[..], &["chat.deadline_ms=2000"]].concat());
    let (mine, theirs) = (house.sample("status_9"), house.sample("status_10"));
    let (mut known, mut unknown) = (Webchat::open(&house.public()), Webchat::open(&house.public()));
    let asked = known.ask(&format!("đánh giá {} cccd {}", mine.number, mine.last_four));
    house.portal_leaves();
    assert_eq!(said(&known.ask(&buttons(&asked)[4].1)), thanks(&mine.number, 5));
    // Whose proof nobody can look at now is told to wait, and is thanked when it counts.
    let wait = unknown.ask(&format!("đánh giá {} 1 cccd {}", theirs.number, theirs.last_four));
    assert!(said(&wait).contains("đã nhận câu hỏi"), "{wait}");
    house.crash_and_restart();
    assert_eq!(kept(&house), 1);
    house.portal_returns();
    house.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    unknown.base = house.public();
    assert_eq!(said(&unknown.answers(2)), thanks(&theirs.number, 1));
    let carried = carried(&house);
    let all = [given(&mine.number, 5), given(&theirs.number, 1)];
    assert!(carried.len() == 2 && all.iter().all(|one| carried.contains(one)), "{carried:?}");
}

#[test]
fn at_zalo_five_buttons_rate_once() {
    const LAN: &str = "3141592653589793238";
    let zalo = Zalo::start("lam-moi-dau-tien");
    let house = Texting::start_with(&zalo.account(), &PLENTY);
    let mine = house.sample("status_9");
    let write = |id: &str, words: &str| {
        let event = ZaloEvent::text(LAN, id, words, at_peer());
        assert_eq!(event.delivery().deliver(&house.public()).status, 200, "{words}");
    };
    let told =
        |number: usize| -> Heard { eventually(&format!("message {number}"), || zalo.heard().get(number - 1).cloned()) };
    write("m1", &format!("đánh giá {} cccd {}", mine.number, wrong(&mine.last_four)));
    assert!(told(1).text.contains("Chưa mở được"), "{:?}", told(1));
    write("m2", &format!("đánh giá {} cccd {}", mine.number, mine.last_four));
    let asked = told(2);
    assert_eq!(asked.buttons.len(), 5, "{asked:?}");
    // Delivered three times, as Zalo does where it did not hear the thanks.
    for _ in 0..3 {
        write("m3", &asked.buttons[4].1);
    }
    assert!(told(3).text.contains("Đánh giá 5 trên 5"), "{:?}", told(3));
    write("m4", &asked.buttons[0].1);
    assert!(told(4).text.contains(KNOWN), "{:?}", told(4));
    house.settled();
    assert_eq!(zalo.heard().len(), 4);
    assert_eq!((carried(&house), kept(&house)), (vec![given(&mine.number, 5)], 1));
}

/// Telegram reads what is written there: a proof is not looked at unless the house says so.
#[test]
fn at_telegram_a_rating_goes_where_the_house_lets_proofs_go() {
    const LAN: &str = "4242";
    let bot = BotApi::start();
    let told =
        |number: usize| -> Heard { eventually(&format!("message {number}"), || bot.heard().get(number - 1).cloned()) };
    let mut heard = 0;
    for (lets, setting) in
        [(false, "desk.private_on_foreign_processors=false"), (true, "desk.private_on_foreign_processors=true")]
    {
        let settings: Vec<&str> = PLENTY.iter().copied().chain([setting]).collect();
        let house = Texting::start_with(&bot.account(), &settings);
        let mine = house.sample("status_9");
        let write = |id: &str, words: &str| {
            let update = bot.said(LAN, id, words, at_peer());
            assert_eq!(BotApi::delivery(&update).deliver(&house.public()).status, 200, "{words}");
        };
        write(&format!("{lets}-1"), &format!("đánh giá {} cccd {}", mine.number, mine.last_four));
        heard += 1;
        let asked = told(heard);
        if !lets {
            assert!(asked.text.contains("Chưa mở được") && asked.buttons.is_empty(), "{asked:?}");
            assert_eq!(kept(&house), 0);
            continue;
        }
        assert_eq!(asked.buttons.len(), 5, "{asked:?}");
        let message = bot.messages().pop().unwrap();
        let pressed = bot.numbered("press", BotApi::press(&message, &asked.buttons[1].0));
        for _ in 0..3 {
            assert_eq!(BotApi::delivery(&pressed).deliver(&house.public()).status, 200);
        }
        heard += 1;
        assert!(told(heard).text.contains("Đánh giá 2 trên 5"), "{:?}", told(heard));
        house.settled();
        assert_eq!(bot.heard().len(), heard);
        assert_eq!((carried(&house), kept(&house)), (vec![given(&mine.number, 2)], 1));
    }
}

fn rate(house: &Texting, number: &str, body: &Value, language: &str) -> Answer {
    rate_at(&house.public(), number, body, language)
}

fn rate_at(public: &str, number: &str, body: &Value, language: &str) -> Answer {
    let url = format!("{public}/api/v1/dossiers/{number}/rating");
    now(post(&url, body, &[("accept-language", language)]))
}

#[test]
fn an_app_rates_once_with_reasons_and_words() {
    let house = start(&[]);
    let (mine, theirs) = (house.sample("status_9"), house.sample("status_10"));
    let whole = json!({
        "score": 2, "reasons": ["waiting", "attitude", "waiting"], "words": "Chờ lâu quá",
        "proof": {"id_last_four": mine.last_four},
    });
    let first = rate(&house, &mine.number, &whole, "vi");
    assert_eq!((first.status, first.header("cache-control")), (200, "private, no-store"), "{first:?}");
    let body = first.json();
    assert_eq!((&body["number"], &body["counted"]), (&json!(mine.number), &json!(true)));
    assert!(!body["answer_code"].as_str().unwrap().is_empty());
    // The phone did not hear it, and sends it again; another score comes too late.
    let better = json!({"score": 5, "proof": {"id_last_four": mine.last_four}});
    for again in [&whole, &whole, &better] {
        let told = rate(&house, &mine.number, again, "vi");
        assert_eq!((told.status, &told.json()["counted"]), (200, &json!(false)), "{told:?}");
    }
    // Some at once: one counts. (More than the wrong proofs of a day might look like guesses.)
    let body = json!({"score": 4, "proof": {"id_last_four": theirs.last_four}});
    let counted: Vec<bool> = std::thread::scope(|all| {
        let public = house.public();
        let (number, body) = (&theirs.number, &body);
        let one = move || rate_at(&public, number, body, "en").json()["counted"].as_bool().unwrap();
        let threads: Vec<_> = (0..4).map(|_| all.spawn(one.clone())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counted.iter().filter(|counted| **counted).count(), 1, "{counted:?}");

    let carried = house.carried_ratings();
    assert_eq!((carried.len(), kept(&house)), (2, 2), "{carried:?}");
    let entry = carried.iter().find(|entry| entry["MaHoSo"] == mine.number.as_str()).unwrap();
    assert_eq!(
        (&entry["DiemDanhGia"], &entry["LyDo"], &entry["NoiDung"]),
        (&json!("2"), &json!("waiting;attitude"), &json!("Chờ lâu quá"))
    );
}

#[test]
fn an_app_that_may_not_or_writes_nonsense_is_told_in_its_language() {
    let house = start(&[]);
    let mine = house.sample("status_9");
    let (number, four) = (mine.number.as_str(), mine.last_four.as_str());
    let proof = json!({"id_last_four": four});
    let with = |key: &str, value: Value| {
        let mut body = json!({"score": 3, "proof": {"id_last_four": four}});
        body[key] = value;
        body
    };
    let code = |answer: &Answer| answer.json()["code"].as_str().unwrap_or_default().to_owned();
    // Whoever may not, and what is not there, are told the same.
    let unproven = with("proof", json!({"id_last_four": wrong(four)}));
    for (language, words) in [("vi", "Chưa mở được phần thông tin riêng."), ("en", "could not be opened")] {
        let answers = [number, NOWHERE].map(|number| rate(&house, number, &unproven, language));
        let told = answers.each_ref().map(|answer| {
            let mut body = answer.json();
            let body = body.as_object_mut().unwrap();
            for own in ["request_id", "answer_code", "instance"] {
                body.remove(own);
            }
            (answer.status, serde_json::to_string(&body).unwrap())
        });
        assert_eq!((told[0].0, &told[0]), (403, &told[1]));
        assert_eq!(code(&answers[0]), "not_disclosed");
        assert!(told[0].1.contains(words), "{told:?}");
    }
    for (status, name, body) in [
        (422, "invalid_fields", with("score", json!(0))),
        (422, "invalid_fields", with("score", json!(6))),
        (422, "invalid_fields", with("score", json!(-1))),
        (422, "invalid_fields", with("score", json!(300))),
        (422, "invalid_fields", with("score", json!(4.5))),
        (422, "invalid_fields", with("score", json!("5"))),
        (422, "invalid_fields", with("score", Value::Null)),
        (422, "invalid_fields", with("reasons", json!(["weather"]))),
        (422, "invalid_fields", with("reasons", json!(vec!["waiting"; 9]))),
        (422, "invalid_fields", with("words", json!("ữ".repeat(501)))),
        (422, "invalid_fields", with("words", json!("a\u{202e}b"))),
        (422, "invalid_fields", with("proof", json!({}))),
        (422, "invalid_fields", with("proof", json!({"id_last_four": "12"}))),
        (422, "invalid_fields", json!({"score": 3})),
        (422, "invalid_fields", json!({"proof": proof})),
        (422, "invalid_fields", json!([])),
        (413, "body_too_large", with("words", json!("x".repeat(70_000)))),
    ] {
        let told = rate(&house, number, &body, "vi");
        assert_eq!((told.status, code(&told).as_str()), (status, name), "{}: {told:?}", &body.to_string()[..30]);
        assert!(!told.json()["detail"].as_str().unwrap_or_default().is_empty(), "{told:?}");
    }
    let unread = rate(&house, "xin-chao", &with("score", json!(3)), "vi");
    assert_eq!((unread.status, code(&unread).as_str()), (400, "not_a_number"));
    let url = format!("{}/api/v1/dossiers/{number}/rating", house.public());
    let raw = |kind: &str, body: &str| {
        let request = client().post(&url).header("content-type", kind.to_owned()).body(body.to_owned());
        now(request.send()).unwrap().status().as_u16()
    };
    assert_eq!((raw("application/json", "{\"score\":"), raw("text/plain", "5")), (400, 415));
    assert_eq!(kept(&house), 0);
    assert_eq!(rate(&house, number, &with("score", json!(1)), "vi").status, 200);
    assert_eq!((carried(&house), kept(&house)), (vec![given(number, 1)], 1));
}

#[test]
fn an_app_is_told_the_truth_while_the_portal_is_away() {
    let mut house = start(&IMPATIENT);
    let mine = house.sample("status_9");
    let body = json!({"score": 3, "proof": {"id_last_four": mine.last_four}});
    house.portal_leaves();
    for (language, words) in [("vi", "Cổng dịch vụ công đang tạm thời không trả lời"), ("en", "portal")]
    {
        let told = rate(&house, &mine.number, &body, language);
        assert_eq!((told.status, &told.json()["code"]), (503, &json!("portal_down")), "{told:?}");
        assert!(!told.header("retry-after").is_empty() && told.text.contains(words), "{told:?}");
    }
    assert_eq!(kept(&house), 0, "nobody was thanked, so nothing is sent behind their back");
    house.portal_returns();
    eventually("it counts", || {
        let told = rate(&house, &mine.number, &body, "vi");
        (told.status == 200).then(|| assert_eq!(told.json()["counted"], true))
    });
    assert_eq!((carried(&house), kept(&house)), (vec![given(&mine.number, 3)], 1));
}

/// Of number, phone, digits and words nothing is left: not while a rating waits, nor after.
#[test]
fn nothing_of_a_rating_is_left_behind() {
    let filter = "log.filter=trace,sqlx=debug,hyper=debug,h2=debug";
    let mut house = start(&[&IMPATIENT[..], &[filter]].concat());
    let (mine, theirs) = (house.sample("status_9"), house.sample("status_10"));
    let words = "Cán bộ Hoàng Thị Mận ở quầy 3 nhiệt tình";
    let body = json!({"score": 5, "words": words, "proof": {"id_last_four": mine.last_four}});
    let mut chat = Webchat::open(&house.public());
    chat.ask(&format!("đánh giá {} cccd {}", theirs.number, theirs.last_four));
    assert_eq!(rate(&house, &mine.number, &body, "vi").status, 200);
    house.portal_leaves();
    chat.ask(&format!("đánh giá {} 2", theirs.number));
    let waiting = on_disk(&house);
    house.portal_returns();
    // What the portal took before it left went with it; that is the simulator's, not ours.
    house.carried_ratings();
    house.settled();
    let metrics = house.metrics();
    house.gateway.signal("TERM");
    assert_eq!(house.gateway.wait(), Some(0));
    let logs = house.gateway.errors();
    assert!(
        logs.contains("TRACE") && metrics.contains("ratings_carried_total"),
        "they are looked at, not their absence"
    );
    let stored = on_disk(&house);
    assert!(holds(&waiting, "rate_dossier") && holds(&stored, "rate_dossier"), "and so is the database");
    let phones = [&mine.phone, &theirs.phone].map(|phone| phone.trim_start_matches("84").to_owned());
    let private = [mine.number.as_str(), theirs.number.as_str(), words, "Mận", "nhiệt tình", &phones[0], &phones[1]];
    for secret in private {
        let line = logs.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!holds(&stored, secret), "{secret} in the database");
    }
    // What an app sends is sealed from the first moment on; a chat's line waits for its answer.
    assert!([mine.number.as_str(), "Mận"].iter().all(|secret| !holds(&waiting, secret)), "it waits in the open");
    assert_eq!(house.database.number("SELECT count(*) AS x FROM ratings WHERE length(sealed) > 0"), 0, "wiped");
}
