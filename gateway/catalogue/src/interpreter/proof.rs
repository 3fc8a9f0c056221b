use gateway_core::desk::Proof;
use gateway_core::domain::{CitizenId, LastFour};
use gateway_core::text::fold;

/// Words between what announces the digits and the digits themselves, at most.
const FAR: usize = 4;

/// What announces the last digits of an ID, folded; longest first.
const ANNOUNCED: [&str; 14] = [
    "4 so cuoi",
    "bon so cuoi",
    "4 chu so cuoi",
    "so cuoi",
    "cuoi",
    "last four digits",
    "last 4 digits",
    "last four",
    "last 4",
    "can cuoc",
    "cccd",
    "cmnd",
    "cmt",
    "id",
];

/// A second proof in a text (`… 4 số cuối 1234`, `cccd 1234`, a whole ID
/// number), and the text without it, so that its digits are not taken for a
/// part of the dossier number.
pub(super) fn taken_from(text: &str) -> (String, Option<Proof>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    for at in 0..words.len() {
        let Some(len) = announced(folded.get(at..).unwrap_or_default()) else { continue };
        let from = at + len;
        for place in from..words.len().min(from + FAR) {
            let Some(proof) = words.get(place).and_then(|word| digits_of(word)) else { continue };
            let kept =
                words.iter().enumerate().filter(|(other, _)| !(at..=place).contains(other)).map(|(_, word)| *word);
            return (kept.collect::<Vec<_>>().join(" "), Some(Proof::IdLastFour(proof)));
        }
    }
    (text.to_owned(), None)
}

fn announced(words: &[String]) -> Option<usize> {
    ANNOUNCED.iter().find_map(|phrase| {
        let len = phrase.split(' ').count();
        let said = words.get(..len)?;
        said.iter().map(String::as_str).eq(phrase.split(' ')).then_some(len)
    })
}

fn digits_of(word: &str) -> Option<LastFour> {
    let digits = word.trim_matches(|c: char| !c.is_alphanumeric());
    match digits.len() {
        4 => LastFour::parse(digits).ok(),
        12 => CitizenId::parse(digits).ok().map(|id| id.last4()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(text: &str) -> Option<String> {
        match taken_from(text).1 {
            Some(Proof::IdLastFour(four)) => Some(four.digits().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn reads_the_last_four_digits_as_people_announce_them() {
        for text in [
            "H09.17-210819-0012 4 số cuối 1234",
            "H09.17-210819-0012 bốn số cuối căn cước là 1234.",
            "H09.17-210819-0012 CCCD: 1234",
            "cccd 1234 H09.17-210819-0012",
            "H09.17-210819-0012, last four digits 1234",
            "H09.17-210819-0012 cccd 079203001234",
        ] {
            assert_eq!(four(text).as_deref(), Some("1234"), "{text}");
            assert!(taken_from(text).0.contains("H09.17-210819-0012"), "{text}");
            assert!(!taken_from(text).0.contains("1234"), "{text}");
        }
    }

    #[test]
    fn other_digits_are_no_proof() {
        for text in ["H09.17-210819-0012", "làm cccd năm 14 tuổi", "cccd 12345", "1234"] {
            assert_eq!(four(text), None, "{text}");
        }
    }
}
