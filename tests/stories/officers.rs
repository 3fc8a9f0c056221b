//! Officers sign in: accounts by the command line, browsers over HTTP.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha1::Sha1;
use test_support::{Answer, Browser, Database, Demo, Ended, dakenh_fed, get, now};

const PASSWORD: &str = "bốn từ rời rạc";
const WRONG: &str = "không phải từ đó";

fn officer(demo: &Demo, arguments: &[&str], input: &str) -> Ended {
    let all: Vec<&str> = ["officer", "--data", demo.folder()].into_iter().chain(arguments.iter().copied()).collect();
    dakenh_fed(&all, &[], input)
}

fn add(demo: &Demo, login: &str, more: &[&str]) {
    let mut arguments = vec!["add", login, "--name", "Nguyễn Thị Bưởi"];
    arguments.extend(more);
    let added = officer(demo, &arguments, &format!("{PASSWORD}\n"));
    assert_eq!(added.code, Some(0), "{added:?}");
}

fn database(demo: &Demo) -> Database {
    Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"))
}

fn is_in(browser: &mut Browser) -> bool {
    browser.open("/officers").status == 200
}

fn leads_to(answer: &Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, to), "{answer:?}");
}

#[test]
fn an_officer_signs_in_with_an_account_of_the_command_line_and_out_again() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &["--site", "000.00.17.H09"]);
    let listed: Value = serde_json::from_str(&officer(&demo, &["list", "--json"], "").out).unwrap();
    let account = listed.as_array().unwrap().iter().find(|row| row["login"] == "binh.nguyen").unwrap();
    assert_eq!((&account["role"], &account["disabled"]), (&Value::from("officer"), &Value::from(false)), "{account}");
    assert_eq!(account["sites"], serde_json::json!(["000.00.17.H09"]));
    assert!(account.get("password").is_none());

    let mut browser = Browser::at(&demo.public);
    leads_to(&browser.open("/officers"), "/officers/sign-in?next=%2Fofficers");
    let form = browser.open("/officers/sign-in?next=%2Fofficers");
    assert_eq!(form.header("cache-control"), "private, no-store");
    assert!(form.text.contains("autocomplete=\"current-password\""), "{}", form.text);
    let before = browser.cookies.clone();

    let entered = browser.sign_in("Binh.Nguyen", PASSWORD);
    leads_to(&entered, "/officers");
    assert_eq!(entered.header("cache-control"), "private, no-store");
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("officer=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    let token = browser.cookies["officer"].clone();
    assert_eq!(token.len(), 64, "256 bits");
    assert!(!before.values().any(|earlier| *earlier == token), "a token of its own");
    let home = browser.open("/officers");
    assert!(home.status == 200 && home.text.contains("Nguyễn Thị Bưởi"), "{home:?}");
    assert_eq!(home.header("cache-control"), "private, no-store");
    browser.headers = vec![("accept-language", "vi")];
    assert!(browser.open("/officers").text.contains("Kính chào Nguyễn Thị Bưởi"));

    // Who is in already goes on.
    leads_to(&browser.open("/officers/sign-in"), "/officers");
}

#[test]
fn signing_out_ends_the_session_for_whoever_has_the_cookie() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let mut browser = Browser::at(&demo.public);
    leads_to(&browser.sign_in("binh.nguyen", PASSWORD), "/officers");
    let mut thief = Browser::at(&demo.public);
    thief.cookies = browser.cookies.clone();
    assert!(is_in(&mut thief));
    let csrf = test_support::csrf_of(&browser.open("/officers").text);
    leads_to(&browser.post("/officers/sign-out", &[("csrf", &csrf)]), "/officers/sign-in");
    assert!(!browser.cookies.contains_key("officer"));
    assert!(!is_in(&mut browser) && !is_in(&mut thief));
    // A new sign-in has a new token, and one that somebody planted is not taken over.
    let planted = "ab".repeat(32);
    browser.cookies.insert("officer".to_owned(), planted.clone());
    leads_to(&browser.sign_in("binh.nguyen", PASSWORD), "/officers");
    assert_ne!(browser.cookies["officer"], planted);
}

/// What a page says of a try, without what differs by itself.
fn said(answer: &Answer, login: &str) -> String {
    let csrf = test_support::csrf_of(&answer.text);
    answer.text.replace(&csrf, "CSRF").replace(login, "LOGIN")
}

#[test]
fn five_wrong_passwords_bring_a_pause_and_nothing_tells_whether_the_login_exists() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let (mut real, mut made_up) = (Browser::at(&demo.public), Browser::at(&demo.public));
    for _ in 0..5 {
        let (of_one, of_none) = (real.sign_in("binh.nguyen", WRONG), made_up.sign_in("nguyen.binh", WRONG));
        assert_eq!((of_one.status, of_none.status), (422, 422), "{of_one:?}");
        assert_eq!(said(&of_one, "binh.nguyen"), said(&of_none, "nguyen.binh"));
        assert!(of_one.text.contains("The login or the password is not right"), "{of_one:?}");
    }
    let (of_one, of_none) = (real.sign_in("binh.nguyen", PASSWORD), made_up.sign_in("nguyen.binh", PASSWORD));
    assert_eq!((of_one.status, of_none.status), (429, 429), "the right one is not looked at either");
    assert_eq!(said(&of_one, "binh.nguyen"), said(&of_none, "nguyen.binh"));
    assert!(of_one.header("retry-after").parse::<u64>().unwrap() <= 31, "{of_one:?}");

    // The pause is over: the next failure brings one twice as long.
    let database = database(&demo);
    database.run("UPDATE officer_tries SET locked_until = 0");
    assert_eq!(real.sign_in("binh.nguyen", WRONG).status, 422);
    let again = real.sign_in("binh.nguyen", WRONG);
    let wait: u64 = again.header("retry-after").parse().unwrap();
    assert!(again.status == 429 && (32..=61).contains(&wait), "{again:?}");
    database.run("UPDATE officer_tries SET locked_until = 0");
    leads_to(&real.sign_in("binh.nguyen", PASSWORD), "/officers");
    for _ in 0..4 {
        let again = Browser::at(&demo.public).sign_in("binh.nguyen", WRONG);
        assert_eq!(again.status, 422, "a right one has wiped the slate");
    }
    let acts =
        database.texts("SELECT act AS x FROM officer_acts WHERE act IN ('sign_in_failed', 'locked_out', 'signed_in')");
    let count = |act: &str| acts.iter().filter(|found| *found == act).count();
    assert_eq!((count("sign_in_failed"), count("locked_out"), count("signed_in")), (15, 3, 1), "{acts:?}");
}

#[test]
fn a_disabled_account_is_out_at_once_and_sounds_like_a_wrong_password() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let mut browser = Browser::at(&demo.public);
    browser.sign_in("binh.nguyen", PASSWORD);
    assert!(is_in(&mut browser));
    assert_eq!(officer(&demo, &["disable", "binh.nguyen"], "").code, Some(0));
    assert!(!is_in(&mut browser));
    let (disabled, wrong) = (browser.sign_in("binh.nguyen", PASSWORD), browser.sign_in("binh.nguyen", WRONG));
    assert_eq!((disabled.status, said(&disabled, "?")), (422, said(&wrong, "?")));
    assert_eq!(officer(&demo, &["enable", "binh.nguyen"], "").code, Some(0));
    assert!(!is_in(&mut browser), "the old session does not come back");
    leads_to(&browser.sign_in("binh.nguyen", PASSWORD), "/officers");
}

#[test]
fn a_form_that_no_page_of_ours_sent_does_nothing() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let mut browser = Browser::at(&demo.public);
    let fields = [("login", "binh.nguyen"), ("password", PASSWORD)];
    assert_eq!(browser.post("/officers/sign-in", &fields).status, 403, "no cookie, no token");
    browser.open("/officers/sign-in");
    assert_eq!(browser.post("/officers/sign-in", &fields).status, 403, "no token");
    browser.headers.push(("sec-fetch-site", "cross-site"));
    assert_eq!(browser.sign_in("binh.nguyen", PASSWORD).status, 403, "another site");
    browser.headers.pop();
    browser.headers.push(("origin", "https://evil.example"));
    assert_eq!(browser.sign_in("binh.nguyen", PASSWORD).status, 403, "another origin");
    browser.headers.pop();
    leads_to(&browser.sign_in("binh.nguyen", PASSWORD), "/officers");

    let mut other = Browser::at(&demo.public);
    other.sign_in("binh.nguyen", PASSWORD);
    let of_other = test_support::csrf_of(&other.open("/officers").text);
    let of_form = test_support::csrf_of(&Browser::at(&demo.public).open("/officers/sign-in").text);
    for csrf in ["", "0", &of_other, &of_form] {
        let refused = browser.post("/officers/sign-out", &[("csrf", csrf)]);
        assert_eq!(refused.status, 403, "{csrf}");
        assert!(refused.text.contains("<h1>"), "{refused:?}");
    }
    assert!(is_in(&mut browser), "it is still signed in");
    assert_eq!(browser.post("/officers/sign-out", &[("csrf", &"x".repeat(20_000))]).status, 413);
    browser.headers.push(("sec-fetch-mode", "cors"));
    browser.cookies.remove("officer");
    assert_eq!(browser.open("/officers").status, 401, "a script is told, and not led elsewhere");
}

#[test]
fn a_session_ends_when_it_is_idle_and_after_a_working_day() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let database = database(&demo);
    let mut browser = Browser::at(&demo.public);
    browser.sign_in("binh.nguyen", PASSWORD);
    database.run("UPDATE officer_sessions SET seen_at = seen_at - 29 * 60000000");
    assert!(is_in(&mut browser), "29 minutes, and it is noted");
    database.run("UPDATE officer_sessions SET seen_at = seen_at - 29 * 60000000");
    assert!(is_in(&mut browser));
    database.run("UPDATE officer_sessions SET seen_at = seen_at - 31 * 60000000");
    assert!(!is_in(&mut browser), "31 minutes");
    browser.sign_in("binh.nguyen", PASSWORD);
    database.run("UPDATE officer_sessions SET until_at = until_at - 599 * 60000000");
    assert!(is_in(&mut browser));
    database.run("UPDATE officer_sessions SET until_at = until_at - 2 * 60000000");
    assert!(!is_in(&mut browser), "ten hours are over");
}

/// RFC 6238 by itself: what an authenticator app shows now.
fn code(secret: &str) -> String {
    let now = std::process::Command::new("date").arg("+%s").output().unwrap().stdout;
    let seconds: u64 = String::from_utf8(now).unwrap().trim().parse().unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap();
    mac.update(&(seconds / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[test]
fn a_supervisor_needs_a_second_factor_and_a_code_is_taken_once() {
    let demo = Demo::start(&["--set", "officers.second_factor_for=[\"supervisor\"]"]);
    add(&demo, "an.tran", &["--role", "supervisor"]);
    let mut browser = Browser::at(&demo.public);
    let without = browser.sign_in("an.tran", PASSWORD);
    assert!(without.status == 403 && without.text.contains("second factor"), "{without:?}");
    assert!(!is_in(&mut browser));

    let enrolled = officer(&demo, &["totp", "an.tran"], "");
    assert_eq!(enrolled.code, Some(0), "{enrolled:?}");
    assert!(enrolled.out.contains('█'), "a picture: {}", enrolled.out);
    let uri = enrolled.out.lines().find(|line| line.starts_with("otpauth://totp/")).unwrap();
    let secret = uri.split(['=', '&']).nth(1).unwrap().to_owned();

    leads_to(&browser.sign_in("an.tran", PASSWORD), "/officers/sign-in/code");
    assert!(!is_in(&mut browser), "half is not in");
    let half = browser.cookies["officer"].clone();
    let mut over_the_shoulder = Browser::at(&demo.public);
    leads_to(&over_the_shoulder.sign_in("an.tran", PASSWORD), "/officers/sign-in/code");
    let good = code(&secret);
    let bad = if good == "000000" { "000001" } else { "000000" };
    let refused = browser.fill_in("/officers/sign-in/code", &[("code", bad)]);
    assert!(refused.status == 422 && refused.text.contains("href=\"#code\""), "{refused:?}");
    let spaced = format!("{} {}", &good[..3], &good[3..]);
    leads_to(&browser.fill_in("/officers/sign-in/code", &[("code", &spaced)]), "/officers");
    assert_ne!(browser.cookies["officer"], half, "a new token");
    assert!(is_in(&mut browser));
    assert_eq!(over_the_shoulder.fill_in("/officers/sign-in/code", &[("code", &good)]).status, 422, "used before");
    assert!(!is_in(&mut over_the_shoulder));

    // Codes are guessed no faster than passwords.
    for _ in 0..3 {
        over_the_shoulder.fill_in("/officers/sign-in/code", &[("code", bad)]);
    }
    let locked = over_the_shoulder.fill_in("/officers/sign-in/code", &[("code", bad)]);
    assert!([422, 429].contains(&locked.status), "{locked:?}");
    assert_eq!(over_the_shoulder.fill_in("/officers/sign-in/code", &[("code", bad)]).status, 429);
    assert_eq!(officer(&demo, &["totp", "an.tran", "--clear"], "").code, Some(0));
    assert!(!is_in(&mut browser), "with new keys one signs in anew");
}

#[test]
fn a_role_opens_what_is_its_own_from_the_next_request_on() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let mut browser = Browser::at(&demo.public);
    browser.sign_in("binh.nguyen", PASSWORD);
    let refused = browser.open("/officers/acts");
    assert!(refused.status == 403 && refused.text.contains("Not for your role"), "{refused:?}");
    assert_eq!(officer(&demo, &["role", "binh.nguyen", "supervisor"], "").code, Some(0));
    let acts = browser.open("/officers/acts");
    assert_eq!(acts.status, 200, "{acts:?}");
    for act in ["Signed in", "Role changed", "Account made", "Record of acts read"] {
        assert!(acts.text.contains(act), "{act}: {}", acts.text);
    }
    assert_eq!(officer(&demo, &["role", "binh.nguyen", "officer"], "").code, Some(0));
    assert_eq!(browser.open("/officers/acts").status, 403);
    let read = database(&demo).number("SELECT count(*) AS x FROM officer_acts WHERE act = 'acts_read'");
    assert_eq!(read, 1, "who was refused has read nothing");
}

#[test]
fn one_comes_back_to_where_one_was_going_and_never_elsewhere() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &["--role", "supervisor"]);
    let mut browser = Browser::at(&demo.public);
    let sent = browser.open("/officers/acts?before=900");
    leads_to(&sent, "/officers/sign-in?next=%2Fofficers%2Facts%3Fbefore%3D900");
    for (next, to) in [
        ("/officers/acts?before=900", "/officers/acts?before=900"),
        ("https://evil.example/officers", "/officers"),
        ("//evil.example", "/officers"),
        ("/officers\\@evil.example", "/officers"),
    ] {
        let mut browser = Browser::at(&demo.public);
        let fields = [("login", "binh.nguyen"), ("password", PASSWORD), ("next", next)];
        leads_to(&browser.fill_in("/officers/sign-in", &fields), to);
    }
}

#[test]
fn an_officer_chooses_a_password_of_their_own() {
    const NEW: &str = "năm chiếc thuyền giấy";
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    let (mut browser, mut other) = (Browser::at(&demo.public), Browser::at(&demo.public));
    browser.sign_in("binh.nguyen", PASSWORD);
    other.sign_in("binh.nguyen", PASSWORD);
    let mut change = |old: &str, new: &str, again: &str| {
        browser.fill_in("/officers/password", &[("old", old), ("new", new), ("again", again)])
    };
    for (old, new, again, words) in [
        (WRONG, NEW, NEW, "present password is not right"),
        (PASSWORD, NEW, PASSWORD, "not the same"),
        (PASSWORD, "ngắn", "ngắn", "too short"),
        (PASSWORD, "dichvucong123", "dichvucong123", "among the first"),
    ] {
        let refused = change(old, new, again);
        assert!(refused.status == 422 && refused.text.contains(words), "{words}: {refused:?}");
    }
    leads_to(&change(PASSWORD, NEW, NEW), "/officers");
    assert!(is_in(&mut browser), "this browser goes on");
    assert!(!is_in(&mut other), "others do not");
    assert_eq!(other.sign_in("binh.nguyen", PASSWORD).status, 422);
    leads_to(&other.sign_in("binh.nguyen", NEW), "/officers");
}

#[test]
fn behind_https_the_cookie_is_for_this_host_alone() {
    let demo = Demo::start(&["--set", "officers.https=true"]);
    add(&demo, "binh.nguyen", &[]);
    let mut browser = Browser::at(&demo.public);
    let entered = browser.sign_in("binh.nguyen", PASSWORD);
    leads_to(&entered, "/officers");
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-officer="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
}

#[test]
fn the_command_line_refuses_what_cannot_be() {
    let demo = Demo::start(&[]);
    add(&demo, "binh.nguyen", &[]);
    for (arguments, input, words) in [
        (&["add", "binh.nguyen", "--name", "B"][..], PASSWORD, "taken"),
        (&["add", "1x", "--name", "B"], PASSWORD, "a letter first"),
        (&["add", "an.tran", "--name", ""], PASSWORD, "1 to 80"),
        (&["add", "an.tran", "--name", "B"], "ngắn", "at least 12"),
        (&["add", "an.tran", "--name", "B"], "", "at least 12"),
        (&["add", "an.tran", "--name", "B"], "matkhau12345", "among the first"),
        (&["add", "an.tran", "--name", "B"], "an.tran mot hai ba", "holds the login"),
        (&["add", "an.tran", "--name", "B", "--role", "boss"], PASSWORD, "officer, supervisor, operator"),
        (&["add", "an.tran", "--name", "B", "--site", "000.00.99.X99"], PASSWORD, "known are"),
        (&["password", "nobody"], PASSWORD, "there is no account"),
        (&["totp", "nobody"], "", "there is no account"),
    ] {
        let refused = officer(&demo, arguments, input);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {refused:?}");
        assert!(refused.err.contains(words), "{arguments:?}: {refused:?}");
    }
    let made = officer(&demo, &["password", "binh.nguyen", "--generate"], "");
    let password = made.out.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();
    leads_to(&Browser::at(&demo.public).sign_in("binh.nguyen", password), "/officers");
    assert_eq!(officer(&demo, &["sites", "binh.nguyen", "000.00.17.H09"], "").code, Some(0));
    assert!(officer(&demo, &["list"], "").out.contains("000.00.17.H09"));
}

#[test]
fn the_demos_officers_come_in_by_what_it_prints() {
    let demo = Demo::start(&[]);
    for login in ["canbo", "phutrach"] {
        let line = demo.process.printed.iter().find(|line| line.split_whitespace().next() == Some(login)).unwrap();
        let password = line.split_whitespace().nth(1).unwrap();
        leads_to(&Browser::at(&demo.public).sign_in(login, password), "/officers");
    }
}

#[test]
fn no_password_secret_or_token_is_written_anywhere() {
    let demo = Demo::start(&["--set", "log.filter=trace,sqlx=debug,hyper=debug,h2=debug"]);
    add(&demo, "binh.nguyen", &[]);
    let enrolled = officer(&demo, &["totp", "binh.nguyen"], "");
    let uri = enrolled.out.lines().find(|line| line.starts_with("otpauth://totp/")).unwrap();
    let secret = uri.split(['=', '&']).nth(1).unwrap().to_owned();
    let mut browser = Browser::at(&demo.public);
    browser.sign_in("binh.nguyen", WRONG);
    browser.sign_in("ke.la.mat", WRONG);
    let entered = browser.sign_in("binh.nguyen", PASSWORD);
    assert_eq!(entered.status, 303, "{entered:?}");
    let half = browser.cookies["officer"].clone();
    let code = code(&secret);
    leads_to(&browser.fill_in("/officers/sign-in/code", &[("code", &code)]), "/officers");
    let (token, csrf) = (browser.cookies["officer"].clone(), test_support::csrf_of(&browser.open("/officers").text));

    let metrics = now(get(&format!("{}/metrics", demo.internal), &[])).text;
    let logs = demo.process.errors();
    assert!(logs.contains("route=\"/officers/sign-in/code\""), "the log is looked at, not its absence: {logs}");
    assert!(metrics.contains("officers_sign_in_failed_total"), "the metrics are looked at");
    let folder = demo.into_folder();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dakenh.db")) {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    let holds = |octets: &[u8]| stored.windows(octets.len()).any(|window| window == octets);
    assert!(holds(b"$argon2id$v=19$m=19456,t=2,p=1$") && holds(b"signed_in"), "the database is looked at");
    for secret in [PASSWORD, WRONG, "rời rạc", &secret, &half, &token, &csrf, "ke.la.mat"] {
        let line = logs.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!holds(secret.as_bytes()), "{secret} in the database");
    }
    assert!(!holds(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()), "the second factor is sealed");
    let of_officer = logs.lines().find(|line| line.contains("binh.nguyen") || line.contains("Bưởi"));
    assert!(of_officer.is_none(), "an officer in the log: {of_officer:?}");
}
