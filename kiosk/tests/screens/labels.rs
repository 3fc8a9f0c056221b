//! What assistive technology finds: every screen has its names, in the language
//! that is chosen.

use gateway_core::domain::Locale;
use gateway_locale::{Locales, check_resources, embedded_files};
use kiosk::flow::{Event, Switch};
use kiosk_screens::KEYS;

use crate::rig::Rig;
use crate::scenes::{SCENES, way_to};

/// Of each screen, keys whose words must be found by name.
const NAMES: &[(&str, &[&str])] = &[
    (
        "home",
        &["home-greeting", "home-look-up", "home-procedures", "home-ticket", "home-ask", "home-rate", "home-phone"],
    ),
    ("home-closed", &["home-closed"]),
    ("home-unreachable", &["home-greeting", "home-unreachable-undated"]),
    ("look-up", &["look-up-heading", "look-up-number", "look-up-submit", "look-up-scan", "key-erase"]),
    ("look-up-typed", &["look-up-number", "look-up-submit"]),
    ("look-up-waiting", &["look-up-waiting"]),
    ("look-up-result", &["dossier-next", "dossier-when", "look-up-prove", "look-up-another", "look-up-rate", "finish"]),
    ("look-up-overdue", &["dossier-when", "dossier-procedure"]),
    ("look-up-proof", &["proof-heading", "proof-digits", "proof-privacy", "proof-submit"]),
    ("look-up-owner", &["owner-heading", "owner-name", "owner-reason", "owner-paper", "owner-wipe", "finish"]),
    ("look-up-not-found", &["trouble-not-found", "trouble-number-next", "look-up-again"]),
    ("look-up-unreachable", &["trouble-unreachable", "trouble-unreachable-next"]),
    ("look-up-not-disclosed", &["trouble-not-disclosed", "trouble-not-disclosed-next", "proof-again"]),
    ("look-up-elsewhere", &["elsewhere-heading", "finish"]),
    ("procedures", &["procedures-heading", "procedures-fields", "procedures-search", "event-birth", "event-death"]),
    ("procedures-search", &["procedures-search-name", "search-submit", "tone-acute", "key-space"]),
    ("procedures-letters", &["procedures-fields-heading", "procedures-letters-lead", "procedures-search"]),
    ("procedures-fields", &["procedures-fields-lead", "page-after"]),
    ("procedures-results", &["page-after", "procedures-search-other", "procedure-to-phone"]),
    ("procedures-results-offline", &["procedures-offline-undated", "page-after"]),
    (
        "procedure-papers",
        &[
            "procedure-papers",
            "procedure-cost",
            "procedure-steps",
            "procedure-case",
            "procedure-to-phone",
            "procedure-print",
            "finish",
        ],
    ),
    ("procedure-offline", &["procedure-papers", "procedure-print", "finish"]),
    ("procedure-cases", &["cases-heading", "cases-lead", "cases-common", "cases-all"]),
    ("procedure-case-printing", &["procedure-case-other", "printing-running"]),
    ("procedure-case-printed", &["printing-done", "procedure-case-other"]),
    ("procedure-no-paper", &["printing-failed", "print-paper-out"]),
    ("procedure-too-long", &["printing-failed", "print-too-long"]),
    ("procedure-cost", &["procedure-time", "procedure-fee", "procedure-note"]),
    ("procedure-steps", &["procedure-result"]),
    ("ticket-services", &["ticket-heading", "ticket-lead"]),
    ("ticket-services-own", &["ticket-heading", "ticket-lead"]),
    (
        "ticket-priority",
        &[
            "priority-none",
            "priority-elderly",
            "priority-disabled",
            "priority-pregnant",
            "priority-with-infant",
            "priority-merit",
        ],
    ),
    (
        "ticket-taken",
        &["ticket-printed", "ticket-called", "ticket-code-name", "ticket-print-again", "procedure-to-phone", "finish"],
    ),
    ("ticket-not-printed", &["ticket-not-printed", "print-paper-out", "ticket-print-again"]),
    ("ticket-printer-busy", &["ticket-not-printed", "print-busy", "ticket-print-again"]),
    ("rate", &["rate-1", "rate-2", "rate-3", "rate-4", "rate-5"]),
    ("rate-ticket", &["rate-lead-ticket", "rate-anonymous"]),
    ("rate-reasons", &["rate-why-bad", "reason-waiting", "rate-send"]),
    ("rate-thanks", &["rate-thanks", "rate-kept", "finish"]),
    ("ask", &["ask-heading", "ask-name", "ask-privacy", "ask-submit"]),
    ("ask-answer", &["ask-answer", "ask-another", "finish"]),
    ("call", &["call-heading", "call-help", "call-accessibility", "call-trouble"]),
    ("call-queued", &["call-heard", "call-stay", "finish"]),
    ("phone", &["phone-heading", "phone-code-name", "phone-private"]),
    ("phone-match", &["phone-match", "phone-match-name", "phone-match-submit", "phone-match-other", "phone-again"]),
    ("phone-wrong", &["phone-match-wrong", "phone-match-name", "phone-again"]),
    ("phone-open", &["phone-open", "finish"]),
    ("phone-over", &["phone-over", "phone-again", "finish"]),
    ("idle-warning", &["idle-heading", "idle-more", "idle-finish"]),
    ("unknown-scan", &["scan-unknown", "scan-unknown-next", "close"]),
    ("service-pin", &["service-heading", "service-unlock"]),
    ("service-menu", &["service-version", "service-printer", "service-print", "service-restart"]),
    ("service-no-proof", &["print-cover-open", "printing-failed", "printer-cover-open"]),
];

/// On every screen.
const ALWAYS: &[&str] = &["bar-call", "bar-other-language", "bar-large", "bar-contrast", "bar-reach", "bar-speech"];

#[test]
fn every_screen_has_its_names_in_the_language_that_is_switched_to() {
    let words = Locales::embedded().unwrap();
    let named: Vec<&str> = NAMES.iter().map(|(scene, _)| *scene).collect();
    assert_eq!(named, SCENES.iter().map(|scene| scene.name).collect::<Vec<_>>(), "no screen is left out");
    for (scene, keys) in NAMES {
        let mut rig = Rig::new(1080, 1920);
        way_to(scene)(&mut rig);
        for locale in [Locale::VI, Locale::EN] {
            let names = rig.names();
            for key in keys.iter().chain(ALWAYS) {
                let name = words.label(locale, &format!("kiosk-{key}"));
                assert!(names.contains(&name), "{scene} in {}: nothing is called {name:?}: {names:?}", locale.as_str());
            }
            // What the gateway says is asked anew; the words are there at once.
            let asks = ["look-up-result", "look-up-overdue", "look-up-owner", "look-up-elsewhere"];
            if asks.contains(scene)
                || scene.starts_with("procedure")
                || scene.starts_with("ticket-")
                || *scene == "ask-answer"
            {
                break;
            }
            // Whoever is warned says first that they are there.
            if *scene == "idle-warning" {
                break;
            }
            rig.does(Event::Switch(Switch::Language));
        }
    }
}

#[test]
fn every_language_says_every_key_with_the_same_arguments() {
    let files: Vec<_> = embedded_files().into_iter().filter(|(_, file, _)| file.ends_with("/kiosk.ftl")).collect();
    assert_eq!(files.len(), 2);
    let findings = check_resources(KEYS, &files);
    assert!(findings.is_empty(), "{}", findings.iter().map(|found| format!("{found}\n")).collect::<String>());
}

/// A key that no screen speaks is one that nobody keeps right.
#[test]
fn every_key_is_spoken_by_a_screen() {
    fn read(folder: &std::path::Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { read(&path) } else { std::fs::read_to_string(path).unwrap() }).collect()
    }
    let screens = read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("screens/ui"));
    for key in KEYS {
        let name = key.id.strip_prefix("kiosk-").unwrap();
        let spoken = screens.match_indices(&format!("Words.{name}")).any(|(at, found)| {
            let next = screens[at + found.len()..].chars().next();
            !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '-')
        });
        assert!(spoken, "no screen speaks {}", key.id);
    }
}

/// No sentence stands in the screens themselves: between quotation marks there
/// are only signs, icons, previews' data and single keys.
#[test]
fn no_view_says_a_sentence_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("screens/ui");
    for room in ["views", "widgets"] {
        for entry in std::fs::read_dir(folder.join(room)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for (number, line) in text.lines().enumerate() {
                let said = line.contains("text: \"") || line.contains("hint: \"") || line.contains("name: \"");
                let key = line.contains("ToneKey") || line.contains("text: \"0\"");
                assert!(!said || key, "{}:{}: {line}", path.display(), number + 1);
            }
        }
    }
}
