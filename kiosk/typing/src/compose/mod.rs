//! From the keys of a word to what is seen of it.

mod reader;
mod render;
mod rime;

use unicode_normalization::UnicodeNormalization;

use crate::letters::{Letter, Method, Raw, Tone, combining, take_apart};
use reader::Reader;

/// More keys than any syllable has, with a mark and a tone on each letter and
/// some second thoughts: longer runs are no syllables, and cost no work.
const LONGEST: usize = 24;

/// Words of a counter that are no Vietnamese, though their keys are Telex. All
/// others that are no syllable stay by themselves.
const KEPT: [&str; 8] = ["visa", "photo", "pass", "passport", "password", "post", "yes", "express"];

/// Writes one run of letters (with VNI: letters and digits).
pub(crate) fn compose(keys: &[Raw], method: Method) -> String {
    if keys.len() > LONGEST || (method == Method::Telex && is_kept(keys)) {
        return literal(keys, &[]);
    }
    let mut reader = Reader::new(method);
    for (at, key) in keys.iter().enumerate() {
        reader.take(at, *key);
    }
    if let Some((at, before)) = reader.broken_after() {
        return before + &literal(keys.get(at..).unwrap_or_default(), &[]);
    }
    reader.written().unwrap_or_else(|| literal(keys, &reader.dropped(keys)))
}

/// Whether a labelled key would do something behind these.
pub(crate) fn applies(keys: &[Raw], next: Raw, method: Method) -> bool {
    if keys.len() >= LONGEST {
        return false;
    }
    let mut reader = Reader::new(method);
    for (at, key) in keys.iter().enumerate() {
        reader.take(at, *key);
    }
    reader.take(keys.len(), next)
}

/// What is seen, as keys that no method takes for its own: to go on after
/// something was taken away.
pub(crate) fn reopened(seen: &str) -> Vec<Raw> {
    let mut keys = Vec::with_capacity(seen.len() + 1);
    for c in seen.chars() {
        let (letter, tone) = take_apart(c);
        let Some(tone) = tone else {
            keys.push(Raw::Fixed(c));
            continue;
        };
        let marked = letter.marked();
        keys.push(Raw::Fixed(if letter.upper { marked.to_uppercase().next().unwrap_or(marked) } else { marked }));
        keys.push(Raw::Tone(tone));
    }
    keys
}

/// The keys as they were typed, but for those that a second one took back.
pub(crate) fn literal(keys: &[Raw], dropped: &[usize]) -> String {
    let mut text = String::with_capacity(keys.len() + 2);
    let mut toned = false;
    for (at, key) in keys.iter().enumerate() {
        match key {
            _ if dropped.contains(&at) => {}
            Raw::Typed(c) | Raw::Fixed(c) => text.push(*c),
            Raw::Tone(tone) => {
                text.push(combining(*tone));
                toned = true;
            }
            // A mark's key has no sign of its own.
            Raw::Mark(_) => {}
        }
    }
    if toned { text.nfc().collect() } else { text }
}

fn is_kept(keys: &[Raw]) -> bool {
    let typed = |key: &Raw| if let Raw::Typed(c) = key { c.to_ascii_lowercase() } else { '\0' };
    KEPT.iter().any(|word| word.chars().eq(keys.iter().map(typed)))
}

/// Whether a tone stands on a syllable of which the vowel is still being typed:
/// seen as it comes.
fn is_growing(letters: &[Letter], tone: Option<Tone>) -> bool {
    tone.is_none() || letters.last().is_some_and(|letter| letter.is_vowel())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::Mark;

    fn typed(keys: &str, method: Method) -> String {
        let keys: Vec<Raw> = keys.chars().map(Raw::Typed).collect();
        compose(&keys, method)
    }

    #[test]
    fn telex_in_every_order() {
        for (keys, seen) in [
            ("vieetj", "việt"),
            ("vietej", "việt"),
            ("viejet", "việt"),
            ("vijeet", "việt"),
            ("ddaang", "đâng"),
            ("duwowngf", "dường"),
            ("duowngf", "dường"),
            ("duongwf", "dường"),
            ("duongdwf", "đường"),
            ("thuowr", "thuở"),
            ("quar", "quả"),
            ("quys", "quý"),
            ("huynhf", "huỳnh"),
            ("hoacwj", "hoặc"),
            ("hoaf", "hoà"),
            ("thuys", "thuý"),
            ("giif", "giif"),
            ("gif", "gì"),
            ("gieengs", "giếng"),
            ("khuyur", "khuỷu"),
            ("ngoeoj", "ngoẹo"),
            ("ngoaof", "ngoào"),
            ("w", "ư"),
            ("uwu", "ưu"),
            ("cuwus", "cứu"),
            ("cuuws", "cứu"),
            ("tuw", "tư"),
            ("tw", "tư"),
            ("muaw", "mưa"),
            ("tuaans", "tuấn"),
            ("ddawks", "đắk"),
            ("krong", "krong"),
            ("kroong", "krông"),
            ("asz", "a"),
            ("asf", "à"),
        ] {
            assert_eq!(typed(keys, Method::Telex), seen, "{keys}");
        }
    }

    #[test]
    fn telex_takes_back_what_is_typed_twice() {
        for (keys, seen) in [
            ("ass", "as"),
            ("aaa", "aa"),
            ("ddd", "dd"),
            ("ww", "w"),
            ("uww", "uw"),
            ("xooong", "xoong"),
            ("gooongf", "goòng"),
            ("tesst", "test"),
            ("office", "office"),
        ] {
            assert_eq!(typed(keys, Method::Telex), seen, "{keys}");
        }
    }

    #[test]
    fn english_and_codes_stay() {
        for word in ["email", "windows", "address", "passport", "visa", "task", "book", "soft", "left", "gmail", "wifi"]
        {
            assert_eq!(typed(word, Method::Telex), word, "{word}");
            assert_eq!(typed(word, Method::Vni), word, "{word}");
        }
        for word in ["phuong5", "so079123", "h09", "b2", "TT250", "so123", "covid19"] {
            assert_eq!(typed(word, Method::Vni), word, "{word}");
        }
    }

    #[test]
    fn vni_in_every_order() {
        for (keys, seen) in [
            ("viet65", "việt"),
            ("vie65t", "việt"),
            ("vie6t5", "việt"),
            ("duong972", "đường"),
            ("d9u7o7ng2", "đường"),
            ("duo7ng29", "đường"),
            ("phuong57", "phượng"),
            ("thuo73", "thuở"),
            ("a11", "a1"),
            ("a66", "a6"),
            ("so12", "sò"),
            ("toan10", "toan"),
        ] {
            assert_eq!(typed(keys, Method::Vni), seen, "{keys}");
        }
    }

    #[test]
    fn capitals_stay_where_they_were_typed() {
        assert_eq!(typed("NGUYEENX", Method::Telex), "NGUYỄN");
        assert_eq!(typed("Nguyeenx", Method::Telex), "Nguyễn");
        assert_eq!(typed("DDUWOWNGF", Method::Telex), "ĐƯỜNG");
        assert_eq!(typed("NGUYEN64", Method::Vni), "NGUYỄN");
        assert_eq!(typed("TW", Method::Telex), "TƯ");
    }

    #[test]
    fn labelled_keys() {
        let keys = [Raw::Typed('h'), Raw::Typed('o'), Raw::Typed('a'), Raw::Typed('n'), Raw::Tone(Tone::Acute)];
        assert_eq!(compose(&keys, Method::Labelled), "hoán");
        let keys = [Raw::Typed('đ'), Raw::Typed('ư'), Raw::Typed('ơ'), Raw::Tone(Tone::Grave), Raw::Typed('n')];
        assert_eq!(compose(&keys, Method::Labelled), "đườn");
        assert!(!applies(&[Raw::Typed('b')], Raw::Tone(Tone::Dot), Method::Labelled));
        assert!(!applies(&[Raw::Typed('b'), Raw::Typed('i')], Raw::Mark(Mark::Horn), Method::Labelled));
        let keys = [Raw::Typed('d'), Raw::Typed('o'), Raw::Mark(Mark::Bar), Raw::Mark(Mark::Hat), Raw::Typed('z')];
        assert_eq!(compose(&keys, Method::Labelled), "đôz");
    }

    #[test]
    fn what_is_seen_opens_again() {
        for word in ["Nguyễn", "ĐƯỜNG", "hoà", "ngườ", "xoong"] {
            assert_eq!(compose(&reopened(word), Method::Telex), word);
        }
    }
}
