//! Ready answers: `locales/<language>/canned.ftl`. To add one: a line here and
//! its sentence in each language.

use gateway_locale::keys::Key;
use maud::{Markup, html};

use super::keys;
use crate::house::Words;

/// Answers of one kind.
struct Kind {
    name: Key,
    /// The stable word of each, and the sentence.
    answers: &'static [(&'static str, Key)],
}

const KINDS: &[Kind] = &[
    Kind {
        name: Key::new("canned-kind-greeting", &[]),
        answers: &[
            ("hello", Key::new("canned-hello", &[])),
            ("moment", Key::new("canned-moment", &[])),
            ("still_there", Key::new("canned-still-there", &[])),
        ],
    },
    Kind {
        name: Key::new("canned-kind-dossier", &[]),
        answers: &[
            ("ask_number", Key::new("canned-ask-number", &[])),
            ("ask_proof", Key::new("canned-ask-proof", &[])),
            ("late", Key::new("canned-late", &[])),
            ("papers", Key::new("canned-papers", &[])),
        ],
    },
    Kind {
        name: Key::new("canned-kind-places", &[]),
        answers: &[
            ("come_in", Key::new("canned-come-in", &[])),
            ("other_office", Key::new("canned-other-office", &[])),
            ("no_promise", Key::new("canned-no-promise", &[])),
        ],
    },
    Kind {
        name: Key::new("canned-kind-ending", &[]),
        answers: &[
            ("anything_else", Key::new("canned-anything-else", &[])),
            ("goodbye", Key::new("canned-goodbye", &[])),
            ("polite", Key::new("canned-polite", &[])),
        ],
    },
];

/// The sentence of a stable word, in the citizen's language; empty where there
/// is none.
pub(super) fn text(citizen: Words<'_>, word: &str) -> String {
    let answers = KINDS.iter().flat_map(|kind| kind.answers);
    answers.into_iter().find(|(known, _)| *known == word).map_or_else(String::new, |(_, key)| citizen.say(*key))
}

/// What one chooses from: the kinds in the officer's language, the sentences in
/// the citizen's.
pub(super) fn picker(officer: Words<'_>, citizen: Words<'_>, language: &str) -> Markup {
    html! {
        label for="canned" { (officer.tell(keys::CANNED_LABEL, &[("language", language.into())])) }
        div .row {
            select #canned name="canned" {
                @for kind in KINDS {
                    optgroup label=(officer.say(kind.name)) {
                        @for (word, key) in kind.answers {
                            option value=(word) lang=(citizen.locale) { (citizen.say(*key)) }
                        }
                    }
                }
            }
            button { (officer.say(keys::CANNED_USE)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::KINDS;
    use crate::key_table::check;

    #[test]
    fn every_language_has_every_ready_answer_and_no_other() {
        let keys =
            KINDS.iter().flat_map(|kind| std::iter::once(kind.name).chain(kind.answers.iter().map(|(_, key)| *key)));
        check::every_language_says(keys, "canned.ftl");
        let words: BTreeSet<_> = KINDS.iter().flat_map(|kind| kind.answers).map(|(word, _)| word).collect();
        assert_eq!(words.len(), KINDS.iter().map(|kind| kind.answers.len()).sum::<usize>(), "each word once");
    }
}
