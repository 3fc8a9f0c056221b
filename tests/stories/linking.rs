//! A phone and a messenger's account, linked by consent.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use serde_json::{Value, json};
use test_support::{Aggregator, BOT_NAME, BOT_TOKEN, BotApi, Texting, Zalo, ZaloEvent, client, eventually, now};

use super::sms_http::{KEY, brought_from, generic};

/// The citizen's phone as the road writes it, and as people do.
const WIRE: &str = "84912345678";
const PHONE: &str = "0912345678";
const LAN: &str = "8756287263669629130";
const MINH: &str = "8756287263669629131";

/// A gateway with a road to phones and an account at Zalo.
struct House {
    aggregator: Aggregator,
    zalo: Zalo,
    texting: Texting,
    serial: AtomicI64,
}

impl House {
    fn open(settings: &[&str]) -> Self {
        Self::with("", settings)
    }

    fn with(more: &str, settings: &[&str]) -> Self {
        let aggregator = Aggregator::start(json!({"code": "0", "messages": [{"id": "m-1"}]}));
        let zalo = Zalo::start("ma-lam-moi");
        let config = format!(
            "{}\n[zalo]\napp_id = \"{}\"\noa_id = \"{}\"\noa_secret = \"{}\"\napp_secret = \"{}\"\n\
             refresh_token = \"ma-lam-moi\"\napi_url = \"{}\"\noauth_url = \"{}\"\n{more}",
            generic(&aggregator),
            Zalo::APP_ID,
            Zalo::OA_ID,
            Zalo::OA_SECRET,
            Zalo::APP_SECRET,
            zalo.url,
            zalo.url,
        );
        // A story says much in a minute.
        let mut all = vec![
            "chat.order_ms=0",
            "log.filter=debug",
            "limits.free_text.sender.burst=60",
            "limits.disclose_dossier.sender.burst=30",
        ];
        all.extend(settings);
        let texting = Texting::start_with(&config, &all);
        Self { aggregator, zalo, texting, serial: AtomicI64::new(0) }
    }

    fn event(&self, user: &str, words: &str) -> ZaloEvent {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        ZaloEvent::text(user, &format!("msg-{serial}"), words, milliseconds())
    }

    fn bring(&self, event: &ZaloEvent) {
        bring_to(&self.texting.public(), event);
    }

    /// Says something at Zalo and waits for the answer.
    fn says(&self, user: &str, words: &str) -> String {
        let before = self.zalo.messages().len();
        self.bring(&self.event(user, words));
        let taken = self.zalo.wait_for(before + 1);
        let answer = &taken[before];
        assert_eq!(answer.user, user, "{taken:?}");
        answer.message["text"].as_str().unwrap().to_owned()
    }

    /// Texts something and waits for the answer.
    fn texts(&self, phone: &str, words: &str) -> String {
        let (before, serial) = (self.aggregator.heard().len(), self.serial.fetch_add(1, Ordering::Relaxed));
        let brought = brought_from(&self.texting, phone, &serial.to_string(), words, KEY);
        assert_eq!(brought.status, 200, "{brought:?}");
        let answer = self.aggregator.call(before + 1);
        sms(&answer).1
    }

    /// Asks for a code at Zalo; the phone gets it.
    fn code_for(&self, user: &str, phone: &str) -> String {
        let before = self.aggregator.heard().len();
        let said = self.says(user, &format!("liên kết số {phone}"));
        assert!(said.contains("mã 6 số") && said.contains("bỏ liên kết"), "{said}");
        assert!(!said.contains(phone), "the number is not repeated: {said}");
        let (to, text) = sms(&self.aggregator.call(before + 1));
        assert_eq!(to, format!("84{}", &phone[1..]));
        assert!(text.contains("Zalo") && text.contains("Khong dua ma cho ai"), "{text}");
        digits(&text)
    }

    fn links(&self) -> i64 {
        self.texting.database.number("SELECT count(*) AS x FROM links")
    }
}

/// A peer's clock: the gateway looks at what it says.
#[expect(clippy::disallowed_methods, reason = "a peer has a clock of its own")]
fn milliseconds() -> i64 {
    i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn bring_to(public: &str, event: &ZaloEvent) {
    let call = client()
        .post(format!("{public}/webhooks/zalo"))
        .header("content-type", "application/json")
        .header("x-zevent-signature", event.signature.as_str())
        .body(event.body.clone());
    let status = now(async { call.send().await.unwrap().status() });
    assert_eq!(status, 200, "{}", event.body);
}

/// To whom, and what.
fn sms(call: &Value) -> (String, String) {
    let message = &call["body"]["messages"][0];
    let text = |key: &str| message[key].as_str().unwrap().to_owned();
    (text("to"), text("text"))
}

/// The six digits of a text.
fn digits(text: &str) -> String {
    let mut runs = text.split(|sign: char| !sign.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap_or_else(|| panic!("no six digits: {text}")).to_owned()
}

fn another(code: &str, n: u32) -> String {
    let wrong = format!("{n:06}");
    if wrong == code { "999999".to_owned() } else { wrong }
}

#[test]
fn a_phone_is_linked_seen_told_of_and_parted_with() {
    let house = House::open(&[]);
    let number = house.texting.sample("status_4").number;
    assert!(house.texts(WIRE, &format!("HS {number}")).contains(&number));
    let alone = house.says(LAN, "yêu cầu của tôi");
    assert!(alone.contains("chưa thấy yêu cầu nào") && alone.contains("liên kết số điện thoại"), "{alone}");

    let code = house.code_for(LAN, PHONE);
    let wrong = house.says(LAN, &another(&code, 1));
    assert!(wrong.contains("Mã chưa đúng") && wrong.contains("4 lần"), "{wrong}");
    assert_eq!(house.links(), 0);
    let linked = house.says(LAN, &code);
    assert!(linked.contains("Đã liên kết với 09xx xxx 678"), "{linked}");
    let again = house.says(LAN, &format!("mã liên kết {code}"));
    assert!(again.contains("không dùng được"), "good once: {again}");
    assert_eq!(house.links(), 1);
    let consent = house.texting.database.texts("SELECT consent AS x FROM links");
    assert_eq!(consent, ["2026-11"]);

    // Each side sees the other, and what was asked there: of a dossier nothing
    // but that it was one.
    let seen = house.says(LAN, "các liên kết của tôi");
    assert!(seen.contains("09xx xxx 678, từ "), "{seen}");
    let mine = house.says(LAN, "yêu cầu của tôi");
    assert!(mine.contains("tin nhắn: xem một hồ sơ") && mine.contains("Zalo: liên kết kênh"), "{mine}");
    assert!(!mine.contains(&number) && !mine.contains(PHONE), "{mine}");
    let by_sms = house.texts(WIRE, "YEU CAU CUA TOI");
    assert!(by_sms.contains("Zalo: lien ket kenh") && by_sms.contains("tin nhan: xem mot ho so"), "{by_sms}");

    // To part is a word, from either side; nothing is left.
    let parted = house.texts(WIRE, "BO LIEN KET");
    assert!(parted.contains("Da bo 1 lien ket"), "{parted}");
    assert_eq!(house.links(), 0);
    assert!(house.says(LAN, "các liên kết của tôi").contains("Chưa có liên kết nào"));
    assert!(!house.says(LAN, "yêu cầu của tôi").contains("tin nhắn: xem"));

    house.texting.settled();
    let log = house.texting.gateway.errors();
    assert!(!log.is_empty(), "the log is looked at, not its absence");
    let audit = house.texting.database.texts("SELECT action || ' ' || said AS x FROM audit").join("\n");
    assert!(audit.contains("confirm_link link outcome=linked"), "{audit}");
    for private in [PHONE, "912345678", code.as_str(), LAN] {
        // Six digits may stand in a time of the log by chance.
        assert!(private == code || !log.contains(private), "{private} in the log");
        assert!(!audit.contains(private), "{private} in the audit");
    }
}

#[test]
fn somebody_elses_phone_is_never_linked() {
    let house = House::open(&[]);
    let code = house.code_for(MINH, PHONE);
    // Who never saw the code has five tries, and then the code is worth nothing.
    for n in 1..=4 {
        assert!(house.says(MINH, &another(&code, n)).contains("Mã chưa đúng"));
    }
    assert!(house.says(MINH, &another(&code, 5)).contains("không dùng được"));
    assert!(house.says(MINH, &format!("mã liên kết {code}")).contains("không dùng được"));
    // Nor does the owner who was called and read it out to nobody: another
    // account does nothing with it.
    assert!(house.says(LAN, &format!("mã liên kết {code}")).contains("không dùng được"));
    assert_eq!(house.links(), 0);
    assert_eq!(house.aggregator.heard().len(), 1, "one message to the phone");
    // A second one a moment later sounds the same and sends nothing.
    assert!(house.says(MINH, &format!("liên kết số {PHONE}")).contains("mã 6 số"));
    house.texting.settled();
    assert_eq!(house.aggregator.heard().len(), 1);
}

#[test]
fn a_code_that_is_late_or_comes_again_links_nothing() {
    let house = House::open(&[]);
    let code = house.code_for(LAN, PHONE);
    assert_eq!(house.texting.database.run("UPDATE link_offers SET until_at = until_at - 600000000"), 1);
    assert!(house.says(LAN, &code).contains("không dùng được"));
    assert_eq!(house.links(), 0);

    // The messenger hands in the same event again: it is answered once, and what
    // was parted with meanwhile does not come back.
    let code = house.code_for(MINH, PHONE);
    let event = house.event(MINH, &code);
    let before = house.zalo.messages().len();
    house.bring(&event);
    assert!(house.zalo.wait_for(before + 1)[before].message["text"].as_str().unwrap().contains("Đã liên kết"));
    assert!(house.says(MINH, "bỏ liên kết").contains("Đã bỏ 1 liên kết"));
    house.bring(&event);
    assert!(house.says(MINH, "các liên kết của tôi").contains("Chưa có liên kết nào"));
    assert_eq!((house.links(), house.zalo.messages().len()), (0, before + 3));
}

#[test]
fn of_two_accounts_at_once_a_phone_takes_one() {
    let house = House::open(&["linking.most_accounts=1"]);
    let codes = [(LAN, house.code_for(LAN, PHONE)), (MINH, house.code_for(MINH, PHONE))];
    let before = house.zalo.messages().len();
    std::thread::scope(|threads| {
        for (user, code) in &codes {
            let event = house.event(user, code);
            let public = house.texting.public();
            threads.spawn(move || bring_to(&public, &event));
        }
    });
    let answers = house.zalo.wait_for(before + 2);
    let said = |words: &str| {
        answers[before..].iter().filter(|one| one.message["text"].as_str().unwrap().contains(words)).count()
    };
    assert_eq!((said("Đã liên kết"), said("không thêm được nữa"), house.links()), (1, 1, 1), "{answers:?}");
}

#[test]
fn a_link_shows_nobody_more_of_a_dossier() {
    let house = House::open(&[]);
    let dossier = house.texting.sample("status_5");
    let phone = format!("0{}", &dossier.phone[2..]);
    let public = |said: String| said.lines().filter(|line| !line.contains("Mã trả lời")).collect::<Vec<_>>().join("\n");
    let before = public(house.says(LAN, &dossier.number));
    let code = house.code_for(LAN, &phone);
    assert!(house.says(LAN, &code).contains("Đã liên kết"));
    let after = public(house.says(LAN, &dossier.number));
    assert_eq!(after, before, "the registered phone is linked, and the answer is the same");
    assert!(!after.contains("Người nộp"), "{after}");
}

#[test]
fn telegrams_own_button_links_and_a_group_is_refused() {
    let bot = BotApi::start();
    let telegram = format!("[telegram]\ntoken = \"{BOT_TOKEN}\"\napi = \"{}\"\nallow_plain_http = true\n", bot.url);
    let house = House::with(&telegram, &["telegram.poll_seconds=1"]);
    let happens = |chat: &Value, content: &Value| {
        let mut message = json!({
            "message_id": house.serial.fetch_add(1, Ordering::Relaxed) + 1,
            "date": milliseconds() / 1_000,
            "chat": chat,
            "from": {"id": 42, "is_bot": false, "first_name": "Lan", "language_code": "vi"},
        });
        for (key, value) in content.as_object().unwrap() {
            message[key] = value.clone();
        }
        let before = bot.messages().len();
        bot.happens(json!({"message": message}));
        eventually("an answer of the bot", || bot.messages().get(before).cloned())
    };
    let private = json!({"id": 42, "type": "private"});
    let contact = json!({"contact": {"phone_number": WIRE, "first_name": "Lan", "user_id": 42}});
    let offered = happens(&private, &json!({"text": "liên kết số điện thoại"}));
    let last = bot.calls("sendMessage").pop().unwrap();
    assert_eq!(last["reply_markup"]["keyboard"][0][0]["request_contact"], json!(true), "{last}");
    assert!(offered["text"].as_str().unwrap().contains("bỏ liên kết"), "{offered}");
    let linked = happens(&private, &contact);
    assert!(linked["text"].as_str().unwrap().contains("Đã liên kết với 09xx xxx 678"), "{linked}");
    assert_eq!(house.texting.database.texts("SELECT proof AS x FROM links"), ["contact"]);
    // Another's card is no contact of one's own.
    let others = json!({"contact": {"phone_number": "84987654321", "first_name": "Minh", "user_id": 43}});
    assert!(!happens(&private, &others)["text"].as_str().unwrap().contains("liên kết"));
    let group = json!({"id": -100_123, "type": "supergroup", "title": "Khu phố"});
    let name = format!("@{BOT_NAME}");
    let mention = json!({"type": "mention", "offset": 0, "length": name.len()});
    let asked = json!({"text": format!("{name} liên kết số {PHONE}"), "entities": [mention]});
    let refused = happens(&group, &asked);
    assert!(refused["text"].as_str().unwrap().contains("nhắn riêng"), "{refused}");
    assert_eq!((house.links(), house.aggregator.heard().len()), (1, 0), "no code goes out for a group");
}
