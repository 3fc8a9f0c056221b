//! Personal data: never in logs, metrics, URLs or audit.

use serde_json::{Value, json};
use test_support::{
    Aggregator, Demo, Letter, NO_QUIET_HOURS, Smsc, Texting, dakenh_fed, eventually, get, now, post, road,
};

#[tokio::test]
async fn nothing_private_is_written_anywhere() {
    let demo = Demo::start(&["--set", "log.filter=debug"]);
    let (number, proof) = demo.sample("status_5");
    let proof = proof.unwrap();
    get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
    let opened =
        post(&format!("{}/api/v1/dossiers/{number}/disclosure", demo.public), &json!({"id_last_four": proof}), &[])
            .await;
    assert_eq!(opened.status, 200, "{opened:?}");
    let words = "tôi là Nguyễn Thị Bưởi, số 0912345678, căn cước 074190001234, hỏi hồ sơ";
    post(&format!("{}/api/v1/ask", demo.public), &json!({"text": words}), &[]).await;
    post(&format!("{}/api/v1/ask", demo.public), &json!({"text": format!("{number} 4 so cuoi 0000")}), &[]).await;

    let owner = &opened.json()["dossier"]["owner"];
    let reason = owner["reason"].as_str().unwrap_or("(no reason)").to_owned();
    let private = ["Bưởi", "0912345678", "912345678", "074190001234", number.as_str(), reason.as_str()];
    let metrics = get(&format!("{}/metrics", demo.internal), &[]).await.text;
    let logs = demo.process.errors();
    assert!(!logs.is_empty(), "the log is looked at, not its absence");
    let folder = demo.into_folder();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dakenh.db")) {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    let stored = String::from_utf8_lossy(&stored);
    assert!(stored.contains("disclose_dossier"), "the audit is looked at, not its absence");
    for secret in private {
        assert!(!logs.contains(secret), "{secret} in the log:\n{logs}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!stored.contains(secret), "{secret} in the database");
    }
}

/// A chat that holds everything about somebody: it is answered, goes on, and
/// leaves nothing of it.
#[test]
fn nothing_of_a_chat_is_left_behind() {
    let mut texting = Texting::start_with("", &["log.filter=trace,sqlx=debug,hyper=debug,h2=debug"]);
    let dossier = texting.sample("status_5");
    let turns = [
        "tôi tên là Trần Văn Khoai, số 0987654321, căn cước 079201009876, muốn làm lại căn cước".to_owned(),
        "lệ phí bao nhiêu ạ, gọi lại cho cô Nguyễn Thị Bưởi 0912 345 678 nhé".to_owned(),
        format!("còn hồ sơ {} của tôi", dossier.number),
        format!("4 số cuối {}", dossier.last_four),
        "ngõ 15 đường Lạc Long, email khoai@nhatoi.vn".to_owned(),
        "asdkjh Khoai".to_owned(),
    ];
    let mut id = Value::Null;
    let mut opened = String::new();
    for turn in &turns {
        let answer = texting.post("/api/v1/ask", json!({"text": turn, "conversation_id": id}));
        assert_eq!(answer.status, 200, "{turn}: {answer:?}");
        id = answer.json()["conversation_id"].clone();
        opened.push_str(answer.json()["text"].as_str().unwrap());
    }
    assert!(opened.contains("Người nộp: "), "the dossier was opened in between: {opened}");
    let lines: String = turns.iter().map(|turn| format!("{turn}\n")).collect();
    assert_eq!(dakenh_fed(&["ask", "--json", "--server", &texting.public()], &[], &lines).code, Some(0));
    eventually("both conversations on disk", || {
        (texting.database.number("SELECT count(*) AS x FROM conversations") == 2).then_some(())
    });
    let metrics = texting.metrics();
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    let logs = texting.gateway.errors();
    assert!(logs.contains("TRACE") && logs.contains("DEBUG"), "the log is looked at");
    let stored = on_disk(&texting);
    assert!(holds(&stored, "track_dossier") && holds(&stored, "disclose_dossier"), "the database is looked at");
    let private =
        ["Khoai", "0987654321", "987654321", "079201009876", "Bưởi", "912 345 678", "912345678", "Lạc Long", "nhatoi"];
    let thread = id.as_str().unwrap();
    for secret in private.into_iter().chain([dossier.number.as_str(), thread]) {
        let line = logs.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!holds(&stored, secret), "{secret} in the database");
    }
}

/// Everything in the database's files, as it lies on disk.
pub(crate) fn on_disk(texting: &Texting) -> Vec<u8> {
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(texting.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("gate.db")) {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    stored
}

/// Whether a text lies there, as UTF-8 or as the UTF-16 of a message.
pub(crate) fn holds(stored: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [text.as_bytes(), &wide].iter().any(|octets| stored.windows(octets.len()).any(|window| window == *octets))
}

/// A road whose calls bring the sender in the address.
fn aggregator_road(aggregator: &Aggregator) -> String {
    format!(
        "[[sms.http]]\nkind = \"generic\"\nname = \"vht\"\n\
         inbound = {{ method = \"GET\", format = \"query\", fields = {{ from = \"msisdn\", to = \"code\", \
         text = \"text\", id = \"id\" }}, auth = {{ kind = \"field\", name = \"key\", secret = \"khoa-cua-dai-ly\" }} }}\n\
         outbound = {{ url = \"{}/sms\", method = \"POST\", format = \"json\", fields = {{ to = \"{{to}}\", \
         text = \"{{text}}\" }}, success = {{}} }}\n\
         [[sms.routes]]\nroad = \"vht\"\nfrom = \"UBND\"\nnotices = false\n",
        aggregator.url
    )
}

#[test]
fn nothing_of_a_text_message_is_left_behind() {
    let Some(smsc) = Smsc::node() else { return };
    let aggregator = Aggregator::start(Value::Null);
    let roads =
        road("vnpt", &smsc, "private_line = true", "max_parts = 2") + &aggregator_road(&aggregator) + NO_QUIET_HOURS;
    let settings = [
        "log.filter=trace,sqlx=debug,hyper=debug,h2=debug",
        "portal.cache.fresh_ms=1",
        "portal.cache.revalidate_ms=0",
        "portal.stack.breaker.minimum_calls=1000",
        "portal.cache.failure_pause_ms=0",
    ];
    let mut texting = Texting::start_with(&roads, &settings);
    smsc.counted("bound", 1);
    let (dossier, waiting) = (texting.sample("status_5"), texting.sample("status_2"));
    let (number, owner, stranger, abroad) =
        (dossier.number.as_str(), dossier.phone.as_str(), "84903141592", "84903592653");

    // While a question waits, it is there: what is looked at below is not an
    // empty room.
    texting.faults(json!({"stop": true}));
    smsc.ask(stranger, &format!("HS {}", waiting.number));
    eventually("it waits", || {
        (texting.database.number("SELECT count(*) AS x FROM inbox WHERE state = 1") == 1).then_some(())
    });
    let stored = on_disk(&texting);
    assert!(holds(&stored, stranger) && holds(&stored, &waiting.number), "a waiting question is on disk");
    texting.faults(json!({}));
    texting.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    smsc.reply(stranger, 2);

    smsc.order(json!({"do": "always", "with": {"receipt": "after"}}));
    smsc.ask(stranger, &format!("HS {number}"));
    smsc.ask(stranger, &format!("HS {number} {}", dossier.last_four));
    smsc.ask(stranger, &format!("HS {number} 0001"));
    smsc.ask(stranger, "Tôi là Nguyễn Thị Bưởi, căn cước 074190001234, hỏi hồ sơ");
    let secret = smsc.ask(owner, &format!("CHI TIET {number}"));
    let (_, name) = secret.split_once("Nguoi nop: ").unwrap_or_else(|| panic!("{secret}"));
    let name = name.split('.').next().unwrap().to_owned();
    assert!(name.chars().count() > 5, "{secret}");
    for part in Letter::parts(
        stranger,
        &format!(
            "Cháu Lê Văn Khế hỏi giúp bà: hồ sơ {number} của bà cháu đã xong chưa ạ, bà cháu ở xã xa lắm, xin cảm ơn"
        ),
        133,
        |total, sequence| vec![5, 0, 3, 44, total, sequence],
    ) {
        assert_eq!(smsc.acknowledged(smsc.deliver(&part)), 0);
    }
    smsc.reply(stranger, 7);
    let asked = smsc.ask(stranger, &format!("OTP {number}"));
    assert!(asked.contains("ma xac nhan"), "{asked}");
    let sent = smsc.reply(owner, 2);
    let code = sent.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap().to_owned();
    smsc.ask(stranger, &format!("HS {number} {code}"));
    smsc.ask(owner, &format!("BAO {number}"));
    texting.move_dossier(number, "9");
    texting.database.run("UPDATE subscriptions SET look_at = 0");
    assert!(smsc.reply(owner, 4).contains("Da co ket qua"));
    assert!(holds(&on_disk(&texting), number), "a subscription is there while it is wanted");
    smsc.ask(owner, &format!("HUY BAO {number}"));
    smsc.ask(owner, "DUNG, goi 0901234999 di");
    smsc.ask(owner, "DUNG");
    smsc.text("191", &format!("Quang cao {number}"));
    assert_eq!(
        texting.run(&["sms", "send", "--to", stranger, "Chiều nay trung tâm nghỉ lễ Khánh Thành"]).code,
        Some(0)
    );
    // An answer that goes on, and the next one, which ends what was kept of it.
    smsc.ask(stranger, "TTHC dang ky khai sinh");
    smsc.ask(stranger, "TRO GIUP");
    // Over HTTP, where addresses hold numbers: well, forged, and unreadable.
    for (key, text) in [("khoa-cua-dai-ly", "HS"), ("khoa-cua-ke-khac", "HS"), ("khoa-cua-dai-ly", "%ZZ")] {
        let query = format!("msisdn={abroad}&code=8283&id=7{key}&key={key}&text={text}%20{number}");
        now(get(&format!("{}/sms/vht/inbound?{query}", texting.public()), &[]));
    }
    aggregator.call(1);
    texting.settled();
    // The road over HTTP has no receipts, and what left before they were asked
    // for has none: their time is over.
    texting.database.run("UPDATE outbox SET state = 7, recipient = '' WHERE state IN (2, 3) AND (route = 'vht' OR id IN (SELECT id FROM outbox ORDER BY id LIMIT 2))");
    texting.receipted();
    let metrics = texting.metrics();
    assert!(metrics.contains("sms_received_total") && metrics.contains("sms_bind_up"), "{metrics}");
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    let logs = texting.gateway.errors();
    assert!(
        logs.contains("the bind is up") && logs.contains("TRACE") && logs.contains("DEBUG"),
        "the log is looked at"
    );
    let stored = on_disk(&texting);
    for row in ["disclose_dossier", "subscribe", "send_code", "vnpt", "vht"] {
        assert!(holds(&stored, row), "{row}: the database is looked at");
    }
    let mut private: Vec<String> = [
        number,
        waiting.number.as_str(),
        code.as_str(),
        name.as_str(),
        "Bưởi",
        "074190001234",
        "Khế",
        "0901234999",
        "Khanh Thanh",
        "Khánh Thành",
        "Nguoi nop",
    ]
    .map(str::to_owned)
    .to_vec();
    for phone in [owner, stranger, abroad] {
        private.push(phone.trim_start_matches("84").to_owned());
    }
    for secret in private {
        let line = logs.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(&secret), "{secret} in the metrics");
        assert!(!holds(&stored, &secret), "{secret} in the database");
    }
}
