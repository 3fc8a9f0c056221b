//! What operators type about the account at Zalo.

use test_support::{Ended, Zalo, dakenh_fed, dakenh_with};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "ma-lam-moi-cua-nguoi-van-hanh";

#[test]
fn a_refresh_token_is_given_kept_sealed_and_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gate.db");
    let store = format!("sqlite://{}", file.display());
    let variables = [
        ("DAKENH_AUDIT__KEY", KEY),
        ("DAKENH_STORE__URL", store.as_str()),
        ("DAKENH_ZALO__APP_ID", Zalo::APP_ID),
        ("DAKENH_ZALO__OA_ID", Zalo::OA_ID),
        ("DAKENH_ZALO__OA_SECRET", Zalo::OA_SECRET),
        ("DAKENH_ZALO__APP_SECRET", Zalo::APP_SECRET),
    ];
    let has_line = |ended: &Ended, word: &str, what: &str| {
        ended.out.lines().any(|line| line.starts_with(word) && line.contains("zalo") && line.contains(what))
    };
    let early = dakenh_fed(&["zalo", "authorise"], &variables, TOKEN);
    assert_eq!(early.code, Some(3), "there is no database yet: {early:?}");
    assert_eq!(dakenh_with(&["migrate"], &variables).code, Some(0));
    let none = dakenh_with(&["zalo", "status"], &variables);
    assert_eq!((none.code, none.out.contains("no token")), (Some(1), true), "{none:?}");
    assert!(has_line(&dakenh_with(&["check"], &variables), "FAIL", "no token"));
    assert_eq!(dakenh_fed(&["zalo", "authorise"], &variables, "hai từ\n").code, Some(2));
    assert_eq!(dakenh_with(&["zalo", "authorise", "--again"], &variables).code, Some(1), "there is none to try");

    let given = dakenh_fed(&["zalo", "authorise"], &variables, &format!("{TOKEN}\n"));
    assert_eq!(given.code, Some(0), "{given:?}");
    let there = dakenh_with(&["zalo", "status"], &variables);
    assert_eq!((there.code, there.out.contains("not used yet")), (Some(0), true), "{there:?}");
    let checked = dakenh_with(&["check"], &variables);
    assert!(has_line(&checked, "ok", "not used yet"), "{checked:?}");
    for ended in [&given, &there, &checked] {
        for secret in [TOKEN, Zalo::OA_SECRET, Zalo::APP_SECRET] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{ended:?}");
        }
    }
    for path in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(path.unwrap().path()).unwrap();
        assert!(!bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()), "sealed");
    }

    // Under another key it does not open, and may be given anew.
    let mut other = variables;
    other[0].1 = "ffffffffffffffffffffffffffffffff";
    assert_eq!(dakenh_with(&["zalo", "status"], &other).code, Some(1));
    assert_eq!(dakenh_fed(&["zalo", "authorise"], &other, TOKEN).code, Some(0));
    assert_eq!(dakenh_with(&["zalo", "status"], &other).code, Some(0));
}

#[test]
fn without_an_account_there_is_nothing_to_authorise() {
    let ended = dakenh_fed(&["zalo", "authorise"], &[("DAKENH_AUDIT__KEY", KEY)], TOKEN);
    assert_eq!((ended.code, ended.err.contains("zalo.app_id")), (Some(2), true), "{ended:?}");
}
