//! The words themselves: complete, spoken, the same in every language; and
//! the operator's own words over them.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may fail the test")]

use std::fs;
use std::path::Path;

use gateway_core::domain::{DossierNumberParser, Locale};
use gateway_locale::keys::{self, Key};
use gateway_locale::{Arg, LocaleError, Locales, check_resources, embedded_files};
use jiff::civil::date;

/// The files of this crate; other crates hold their own against their tables.
const OURS: [&str; 13] = [
    "assistant",
    "common",
    "dossier",
    "procedure",
    "errors",
    "help",
    "http",
    "links",
    "notices",
    "queue",
    "sms",
    "telegram",
    "terminal",
];

fn our_files() -> Vec<(Locale, &'static str, &'static str)> {
    embedded_files()
        .into_iter()
        .filter(|(_, file, _)| OURS.iter().any(|ours| file.ends_with(&format!("/{ours}.ftl"))))
        .collect()
}

#[test]
fn every_language_says_every_key_with_the_same_arguments() {
    let files = our_files();
    assert_eq!(files.len(), 2 * OURS.len());
    let findings = check_resources(&keys::all(), &files);
    assert!(findings.is_empty(), "{}", findings.iter().map(|f| format!("{f}\n")).collect::<String>());
}

#[test]
fn the_checker_finds_each_kind_of_mistake() {
    const KEYS: &[Key] = &[Key::new("hello", &["name"]), Key::new("bye", &[])];
    let problems = |vi: &str, en: &str| -> Vec<String> {
        let found = check_resources(KEYS, &[(Locale::VI, "vi/a.ftl", vi), (Locale::EN, "en/a.ftl", en)]);
        found.iter().map(ToString::to_string).collect()
    };
    let good = "hello = Chào { $name }\nbye = Tạm biệt\n";
    assert_eq!(problems(good, good), Vec::<String>::new());
    for (broken, expected) in [
        ("hello = Hello { $name }\n", "en:0: `bye` is missing"),
        ("hello = Hello { $name }\nbye = Bye\nyes = Yes\n", "en/a.ftl:3: `yes` is a key that nobody speaks"),
        ("hello = Hello\nbye = Bye\n", "en/a.ftl:1: `hello` leaves out $name"),
        ("hello = Hello { $nam }\nbye = Bye\n", "en/a.ftl:1: `hello` uses $nam, which it is not given"),
        ("bye = Bye\nhello = { UPPER($name) }\n", "en/a.ftl:2: `hello` calls UPPER(), which does not exist"),
        ("hello = { $name } { hi }\nbye = Bye\n", "en/a.ftl:1: `hello` refers to hi, which does not exist"),
        ("hello = { $name } { -hi }\nbye = Bye\n", "en/a.ftl:1: `hello` refers to -hi, which does not exist"),
        ("hello = { $name }\nbye = Bye\nbye = Bye\n", "en/a.ftl:2: `bye` stands twice in en"),
        ("hello = { $name }\nbye =\n    .sms = Bye\n", "en/a.ftl:2: `bye` has no text of its own"),
        ("hello = { $name }\nbye = Bye\n    .sms = B\n", "en/a.ftl:2: `bye` has .sms in only one of vi and en"),
        (
            "hello = { $name }\nbye = Bye\n    .sm = B\n",
            "en/a.ftl:2: `bye` has an attribute .sm; known are .sms and .speech",
        ),
        ("hello = { $name }\nbye = { $\n", "en/a.ftl:2: syntax: "),
    ] {
        let found = problems(good, broken);
        assert!(found.iter().any(|problem| problem.starts_with(expected)), "{broken}\n{found:#?}\n{expected}");
    }
    let select = "hello = { $name ->\n    [a] A\n   *[b] { $other }\n }\nbye = Bye\n";
    assert!(problems(good, select).iter().any(|problem| problem.contains("uses $other")));
}

#[test]
fn the_table_of_keys_names_none_twice() {
    let mut ids: Vec<&str> = keys::all().iter().map(|key| key.id).collect();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn plurals_take_no_lock() {
    // Fluent asks its plural rules, behind a mutex, for every variant that is
    // named like a plural category.
    for (_, file, text) in our_files() {
        for category in ["zero", "one", "two", "few", "many", "other"] {
            assert!(!text.contains(&format!("[{category}]")), "{file}: [{category}]");
        }
    }
}

#[test]
fn the_numbers_that_are_shown_as_examples_can_be_read() {
    let parser = DossierNumberParser::default();
    for (_, file, text) in our_files() {
        for word in text.split([' ', ',', '“', '”', '\n']).filter(|word| word.contains(".H09-")) {
            let word = word.trim_end_matches(['.', ':']);
            assert!(parser.parse_exact(word, date(2026, 10, 24)).is_ok(), "{file}: {word}");
        }
    }
}

#[test]
fn an_unknown_language_is_answered_in_vietnamese_and_an_unknown_key_shows_itself() {
    let locales = Locales::embedded().unwrap();
    assert_eq!(locales.available(), [Locale::VI, Locale::EN]);
    let khmer = Locale::parse("km").unwrap();
    assert_eq!(locales.label(khmer, "phase-in-progress"), "Đang xử lý");
    assert_eq!(locales.label(Locale::EN, "no-such-key"), "no-such-key");
    assert_eq!(locales.negotiate("km, en;q=0.4"), Locale::EN);
}

#[test]
fn figures_are_written_as_the_language_writes_them() {
    let locales = Locales::embedded().unwrap();
    let money = gateway_core::domain::Money::from_dong(20_000).unwrap();
    let at = "2026-10-24T01:30:00Z".parse().unwrap();
    assert_eq!(locales.money(Locale::VI, money), "20.000 ₫");
    assert_eq!(locales.money(Locale::EN, money), "20,000 VND");
    assert_eq!(locales.date(Locale::VI, date(2026, 12, 31)), "31/12/2026");
    assert_eq!(locales.time(Locale::VI, at), "8 giờ 30");
    assert_eq!(locales.time(Locale::EN, at), "08:30");
    assert_eq!(locales.moment(Locale::VI, at), "08:30 24/10/2026");
    assert_eq!(locales.number(Locale::VI, 2_642), "2.642");
    assert_eq!(locales.text(Locale::EN, "procedures-all", &[("total", Arg::Count(2_642))]), "2,642 procedures:");
    assert_eq!(locales.text(Locale::EN, "procedures-all", &[("total", Arg::Count(1))]), "1 procedure:");
}

#[test]
fn what_is_handed_over_is_never_read_as_fluent() {
    let locales = Locales::embedded().unwrap();
    let hostile = "{ $agency } { phase-other } {\"x\"} \\u0041";
    assert_eq!(
        locales.text(Locale::EN, "dossier-agency", &[("agency", Arg::Text(hostile))]),
        format!("Agency: {hostile}")
    );
}

fn write(dir: &Path, file: &str, text: &str) {
    let path = dir.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn an_operator_changes_a_sentence_and_reloads() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "vi/ours.ftl", "phase-in-progress = Đang giải quyết\n");
    let locales = Locales::with_overrides(dir.path()).unwrap();
    assert_eq!(locales.label(Locale::VI, "phase-in-progress"), "Đang giải quyết");
    assert_eq!(locales.label(Locale::VI, "phase-accepted"), "Đã tiếp nhận");

    write(dir.path(), "vi/ours.ftl", "phase-in-progress = Đang làm\n");
    assert_eq!(locales.label(Locale::VI, "phase-in-progress"), "Đang giải quyết");
    locales.reload().unwrap();
    assert_eq!(locales.label(Locale::VI, "phase-in-progress"), "Đang làm");
}

#[test]
fn a_broken_file_is_refused_with_its_line_and_the_old_words_stay() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "vi/ours.ftl", "phase-in-progress = Đang giải quyết\n");
    let locales = Locales::with_overrides(dir.path()).unwrap();
    for (text, expected) in [
        ("\n\nphase-in-progress = { $\n", "ours.ftl:3: syntax"),
        ("# \n\nphase-in-progres = Sai\n", "ours.ftl:3: `phase-in-progres` is a key that nobody speaks"),
        ("dossier-agency = Ở { $agncy }\n", "ours.ftl:1: `dossier-agency` uses $agncy, which it is not given"),
        ("phase-accepted = { phase-refused }\nphase-refused = { phase-accepted }\n", "ours.ftl:1: `phase-accepted`: "),
        ("convention-date = MM/DD\n", "`convention-date` must hold DD, MM and YYYY"),
        ("wait-minutes = { NUMBER($count) } phút\n", "calls NUMBER(), which does not exist"),
    ] {
        write(dir.path(), "vi/ours.ftl", text);
        let error = locales.reload().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.code(), "locale_broken");
        assert_eq!(locales.label(Locale::VI, "phase-in-progress"), "Đang giải quyết");
    }
    assert!(matches!(Locales::with_overrides(dir.path()), Err(LocaleError::Broken(_))));
}

#[test]
fn a_language_of_the_operators_own_must_be_whole() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "km/part.ftl", "phase-in-progress = កំពុងដំណើរការ\n");
    let error = Locales::with_overrides(dir.path()).unwrap_err();
    assert!(
        error.to_string().contains("km:0: `phase-accepted` is missing") || error.to_string().contains("is missing")
    );

    for (_, file, text) in embedded_files().into_iter().filter(|(locale, ..)| *locale == Locale::VI) {
        write(dir.path(), &file.replace("vi/", "km/"), &text.replace("phase-in-progress = Đang xử lý", ""));
    }
    let locales = Locales::with_overrides(dir.path()).unwrap();
    let khmer = Locale::parse("km").unwrap();
    assert!(locales.available().contains(&khmer));
    assert_eq!(locales.label(khmer, "phase-in-progress"), "កំពុងដំណើរការ");
    assert_eq!(locales.negotiate("km-KH"), khmer);
}

#[test]
fn a_folder_that_is_no_language_and_a_huge_file_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "x/ours.ftl", "");
    assert!(matches!(Locales::with_overrides(dir.path()), Err(LocaleError::NotALanguage { .. })));

    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "vi/ours.ftl", &"# ".repeat(200_000));
    assert!(matches!(Locales::with_overrides(dir.path()), Err(LocaleError::TooLarge { .. })));

    assert!(matches!(Locales::with_overrides(dir.path().join("none")), Err(LocaleError::Unreadable { .. })));
}
