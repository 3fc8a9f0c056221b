//! Which language a citizen wrote in, where no keyword tells.

use gateway_core::domain::Locale;
use gateway_core::text::fold_words;

/// Words that only English has. Two of them, or one in a message of at most
/// three words, and no Vietnamese mark: it is English.
const ENGLISH: [&str; 36] = [
    "about",
    "and",
    "apply",
    "application",
    "are",
    "birth",
    "cost",
    "does",
    "dossier",
    "fee",
    "for",
    "get",
    "hello",
    "help",
    "how",
    "license",
    "marriage",
    "much",
    "need",
    "of",
    "office",
    "please",
    "ready",
    "register",
    "registration",
    "status",
    "take",
    "thank",
    "thanks",
    "what",
    "when",
    "where",
    "which",
    "why",
    "with",
    "you",
];

/// The language of the text; Vietnamese where it is not plainly another.
pub(crate) fn language_of(text: &str) -> Locale {
    // Latin letters with marks are Vietnamese before they are anything else.
    if text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
        return Locale::VI;
    }
    let words = fold_words(text);
    let plain: Vec<&String> = words.iter().filter(|word| word.chars().all(char::is_alphabetic)).collect();
    let english = plain.iter().filter(|word| ENGLISH.contains(&word.as_str())).count();
    let enough = if plain.len() <= 3 { 1 } else { 2 };
    if english >= enough && english * 3 >= plain.len() { Locale::EN } else { Locale::VI }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_told_from_vietnamese_without_marks() {
        for text in ["how long does a passport take", "where is my dossier", "birth registration fee", "thank you"] {
            assert_eq!(language_of(text), Locale::EN, "{text}");
        }
        for text in [
            "lam giay khai sinh can gi",
            "làm hộ chiếu",
            "ho chieu",
            "toi muon hoi ho so cua to khai is",
            "000.00.17.H09-210819-0012",
            "xin visa cho nguoi nuoc ngoai",
            "1.014064 giay to",
            "to khai",
            "gia han visa",
            "lam passport",
            "",
        ] {
            assert_eq!(language_of(text), Locale::VI, "{text}");
        }
    }
}
