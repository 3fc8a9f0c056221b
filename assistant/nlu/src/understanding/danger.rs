//! Words of danger. They stand before every model: whoever is in danger is never
//! asked back.

use std::collections::HashMap;
use std::sync::LazyLock;

use gateway_core::text::fold;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    always: Vec<String>,
    marked: Vec<String>,
    unless_a_matter: Vec<String>,
}

/// How sure it is that somebody is in danger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// Whatever else is said.
    Surely,
    /// Unless a procedure is plainly asked for.
    UnlessAMatter,
}

type Phrases = HashMap<String, Vec<(Vec<String>, Danger)>>;

struct Table {
    folded: Phrases,
    marked: Phrases,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let read = toml::from_str::<File>(include_str!("../../data/emergencies.toml"));
    // The file is compiled in and a test reads it: this cannot fail.
    debug_assert!(read.is_ok(), "data/emergencies.toml does not parse");
    let mut table = Table { folded: HashMap::new(), marked: HashMap::new() };
    let Ok(file) = read else { return table };
    let mut add = |phrase: &str, danger, marked: bool| {
        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        let phrases = if marked { &mut table.marked } else { &mut table.folded };
        if let Some(first) = words.first() {
            phrases.entry(first.clone()).or_default().push((words, danger));
        }
    };
    file.always.iter().for_each(|phrase| add(&fold(phrase), Danger::Surely, false));
    file.unless_a_matter.iter().for_each(|phrase| add(&fold(phrase), Danger::UnlessAMatter, false));
    file.marked.iter().for_each(|phrase| add(phrase, Danger::Surely, true));
    table
});

/// Whether words of danger stand in a normalised sentence.
pub(super) fn in_words(text: &str) -> Option<Danger> {
    let folded = fold(text);
    let found = [find(&TABLE.folded, &folded), find(&TABLE.marked, text)];
    let all = found.into_iter().flatten();
    all.reduce(|one, other| if one == Danger::Surely { one } else { other })
}

fn find(phrases: &Phrases, text: &str) -> Option<Danger> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = None;
    for at in 0..words.len() {
        let here = words.get(at..).unwrap_or_default();
        for (phrase, danger) in here.first().and_then(|word| phrases.get(*word)).map_or(&[][..], Vec::as_slice) {
            if here.len() >= phrase.len() && here.iter().zip(phrase).all(|(a, b)| a == b) {
                if *danger == Danger::Surely {
                    return Some(Danger::Surely);
                }
                found = Some(*danger);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::Normal;

    fn of(text: &str) -> Option<Danger> {
        in_words(Normal::of(text).text())
    }

    #[test]
    fn danger_is_heard_with_and_without_marks() {
        for text in [
            "cháy nhà rồi cứu với",
            "em muốn tự tử",
            "em muon tu tu",
            "I want to die",
            "chồng tôi đánh tôi",
            "there is a fire in my house",
            "có trẻ đuối nước",
        ] {
            assert_eq!(of(text), Some(Danger::Surely), "{text}");
        }
        assert_eq!(of("cháy nhà"), Some(Danger::UnlessAMatter));
        for text in [
            "thẩm duyệt phòng cháy chữa cháy",
            "giấy báo tử",
            "bán thuốc trừ sâu",
            "đăng ký khai tử",
            "xe cứu thương",
            "cứ từ từ",
            "phương tiện dưới nước",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_and_no_phrase_of_a_procedure_is_surely_danger() {
        let names = gateway_catalogue::builtin().into_iter().map(|procedure| procedure.name);
        let said = gateway_catalogue::alias_lines().flat_map(|(_, _, phrases)| phrases.map(str::to_owned));
        let english = gateway_catalogue::english_lines().flat_map(|(_, phrases)| phrases.map(str::to_owned));
        let questions = gateway_catalogue::question_lines().flat_map(|(_, phrases)| phrases.map(str::to_owned));
        let wrong: Vec<String> = names
            .chain(said)
            .chain(english)
            .chain(questions)
            .filter(|phrase| of(phrase) == Some(Danger::Surely))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
