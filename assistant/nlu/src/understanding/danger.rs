//! Words of danger. They stand before every model: whoever is in danger is never
//! asked back.

use std::collections::HashMap;
use std::sync::LazyLock;

use gateway_core::text::fold;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    phrases: Vec<String>,
}

static PHRASES: LazyLock<HashMap<String, Vec<Vec<String>>>> = LazyLock::new(|| {
    let read = toml::from_str::<File>(include_str!("../../data/emergencies.toml"));
    // The file is compiled in and a test reads it: this cannot fail.
    debug_assert!(read.is_ok(), "data/emergencies.toml does not parse");
    let mut phrases: HashMap<String, Vec<Vec<String>>> = HashMap::new();
    for phrase in read.map(|file| file.phrases).unwrap_or_default() {
        let words: Vec<String> = fold(&phrase).split(' ').map(str::to_owned).collect();
        if let Some(first) = words.first() {
            phrases.entry(first.clone()).or_default().push(words);
        }
    }
    phrases
});

/// Whether words of danger stand in a folded sentence.
pub(super) fn stands_in(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (0..words.len()).any(|at| {
        let here = words.get(at..).unwrap_or_default();
        here.first().and_then(|word| PHRASES.get(*word)).is_some_and(|phrases| {
            phrases.iter().any(|phrase| here.len() >= phrase.len() && here.iter().zip(phrase).all(|(a, b)| a == b))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_is_heard_with_and_without_marks() {
        for text in [
            "cháy nhà rồi cứu với",
            "em muốn tự tử",
            "I want to die",
            "chồng tôi đánh tôi",
            "there is a fire in my house",
        ] {
            assert!(stands_in(&fold(text)), "{text}");
        }
        for text in
            ["thẩm duyệt phòng cháy chữa cháy", "giấy báo tử", "bán thuốc trừ sâu", "đăng ký khai tử", "xe cứu thương"]
        {
            assert!(!stands_in(&fold(text)), "{text}");
        }
    }

    #[test]
    fn no_name_and_no_phrase_of_a_procedure_sounds_like_danger() {
        let names = gateway_catalogue::builtin().into_iter().map(|procedure| procedure.name);
        let said = gateway_catalogue::alias_lines().flat_map(|(_, _, phrases)| phrases.map(str::to_owned));
        let english = gateway_catalogue::english_lines().flat_map(|(_, phrases)| phrases.map(str::to_owned));
        let wrong: Vec<String> = names.chain(said).chain(english).filter(|phrase| stands_in(&fold(phrase))).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
