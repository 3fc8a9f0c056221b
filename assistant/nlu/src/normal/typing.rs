//! What fingers leave behind: letters stretched for feeling, and keys of Telex and
//! VNI that no input method composed.

use compact_str::CompactString;

use super::Word;
use super::syllable::{base, canonical, is_bare_syllable, is_syllable, split_tone};
use super::vocabulary::{is_english, is_frequent};

/// Longest word that may be a typed syllable: `nghieengf`, with both marks doubled.
const LONGEST: usize = 10;

/// Nouns that are numbered: `to 5`, `so 7`, `quan 1`. A digit behind one alone is a
/// number, not a key.
const NUMBERED: [&str; 38] = [
    "quan", "phuong", "so", "to", "khu", "ap", "thon", "xa", "tang", "lau", "cap", "hang", "loai", "mau", "lop",
    "khoa", "lan", "dot", "thang", "ngay", "nam", "thu", "quy", "nhom", "muc", "dieu", "khoan", "phan", "bai", "doi",
    "duong", "ngo", "hem", "can", "lo", "nha", "xe", "ban",
];

/// Places that stay numbered even in a message full of VNI keys.
const PLACES: [&str; 2] = ["quan", "phuong"];

/// `đượccc` → `được`, `alooo` → `alo`; `None` where nothing is stretched. Roman
/// numerals and laughter (`iii`, `kkk`) stay.
pub(super) fn unstretched(word: &str) -> Option<CompactString> {
    if word.len() < 3 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    // `cccd`, `pccc`, `www` are short forms; letters are stretched where one can sing.
    if !word.chars().any(|c| matches!(base(c), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')) {
        return None;
    }
    let first = word.chars().next()?;
    if word.chars().all(|c| c == first) && first.is_ascii() || word.chars().all(|c| matches!(c, 'i' | 'v' | 'x')) {
        return None;
    }
    let mut out = CompactString::default();
    let mut run = 0;
    let mut last = '\0';
    for c in word.chars() {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        match run {
            // The third of a kind: the second goes as well.
            3 => {
                out.pop();
            }
            1 | 2 => out.push(c),
            _ => {}
        }
    }
    // `rồii`, `dạaa`, `ưmm`: the last letter once more, with or without its tone.
    if !out.is_ascii() && !is_syllable(&out) {
        let mut shorter = out.clone();
        let end = shorter.pop();
        let same = |a: char, b: char| split_tone(a).0 == split_tone(b).0;
        if shorter.chars().next_back().zip(end).is_some_and(|(a, b)| same(a, b)) && is_syllable(&shorter) {
            out = shorter;
        }
    }
    (out != word).then_some(out)
}

/// A word that may be keys, and what they compose to.
struct Keys {
    at: usize,
    meant: CompactString,
    /// It can hardly be anything else.
    strong: bool,
    frequent: bool,
}

/// Composes what is left of Telex and VNI keys in a message; says whether anything
/// was rewritten.
pub(super) fn compose(words: &mut [Word]) -> bool {
    let mut changed = false;
    let bare = words.iter().filter(|word| word.text.bytes().all(|b| b.is_ascii_alphanumeric())).count();
    for (method, read) in [(&vi::TELEX, telex as fn(&str) -> Option<bool>), (&vi::VNI, vni)] {
        let keys: Vec<Keys> =
            (0..).zip(words.iter()).filter_map(|(at, word)| keys(at, &word.text, method, read)).collect();
        let strong = keys.iter().filter(|keys| keys.strong && keys.frequent).count();
        // Most words of the message need it.
        let most = strong >= 2 && keys.len() * 2 >= bare;
        for keys in keys {
            let agrees = keys.frequent && (keys.strong || strong > 0);
            if let Some(word) = words.get_mut(keys.at)
                && (agrees || most)
            {
                word.text = keys.meant;
                changed = true;
            }
        }
    }
    changed
}

fn keys(at: usize, word: &str, method: &vi::Definition, read: fn(&str) -> Option<bool>) -> Option<Keys> {
    if word.len() < 2 || word.len() > LONGEST {
        return None;
    }
    let strong = read(word)?;
    let mut typed = String::new();
    vi::transform_buffer(method, word.chars(), &mut typed);
    // A key that was not used up is still there, and makes no syllable.
    let meant = canonical(&typed)?;
    if meant.is_ascii() {
        return None;
    }
    let frequent = is_frequent(&meant);
    Some(Keys { at, meant, strong, frequent })
}

/// Whether a word may be Telex, and whether that is sure: four letters or more that
/// make no word as they stand. (Three may be an acronym: *ARS*, *ANS*.)
fn telex(word: &str) -> Option<bool> {
    if !word.bytes().all(|b| b.is_ascii_lowercase()) || is_bare_syllable(word) || is_english(word) {
        return None;
    }
    // The letters that are keys, behind the first: a mark needs a letter before it.
    let key = |b: u8| matches!(b, b's' | b'f' | b'r' | b'x' | b'j' | b'w' | b'a' | b'e' | b'o' | b'd');
    word.bytes().skip(1).any(key).then_some(word.len() >= 4)
}

/// Whether a word may be VNI, and whether that is sure: a letter after a digit, or a
/// mark and a tone, behind a word that is not numbered.
fn vni(word: &str) -> Option<bool> {
    let letters = word.bytes().take_while(u8::is_ascii_lowercase).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = word.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'1'..=b'9'));
    // `a1` and `b2` are classes of licences.
    if !plain || letters == 0 || digits == 0 || digits > 4 || word.len() < 3 {
        return None;
    }
    let stem = word.get(..letters).unwrap_or_default();
    if PLACES.contains(&stem) {
        return None;
    }
    let behind = letters + digits == word.len();
    if !behind {
        return Some(true);
    }
    let two = matches!(word.as_bytes().get(letters..), Some([b'6'..=b'9', b'1'..=b'5']));
    Some(two && !NUMBERED.contains(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(text: &str) -> String {
        let mut words: Vec<Word> = text.split(' ').map(|word| Word { text: word.into(), after_break: false }).collect();
        compose(&mut words);
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn stretched_letters() {
        for (written, meant) in [
            ("đượccc", "được"),
            ("alooo", "alo"),
            ("khônggg", "không"),
            ("ơiiii", "ơi"),
            ("dạaaa", "dạ"),
            ("rồii", "rồi"),
            ("okkkk", "ok"),
            ("helloooo", "hello"),
            ("đâuuu", "đâu"),
            ("vậyyyy", "vậy"),
            ("ạạạ", "ạ"),
            ("trờiii", "trời"),
        ] {
            assert_eq!(unstretched(written).as_deref(), Some(meant), "{written}");
        }
        for word in [
            "iii", "xiii", "kkk", "fee", "office", "address", "xoong", "boong", "được", "too", "50kkk", "cccd", "pccc",
            "cccđ", "www.a.vn",
        ] {
            assert_eq!(unstretched(word), None, "{word}");
        }
    }

    #[test]
    fn telex_keys() {
        for (typed, meant) in [
            ("hoof sow", "hồ sơ"),
            ("ddawng kys khai sinh", "đăng ký khai sinh"),
            ("giaays", "giấy"),
            ("toi muoons lamf giaays khai sinh", "toi muốn làm giấy khai sinh"),
            ("ddooir bawngf lais xe owr quaanj", "đổi bằng lái xe ở quận"),
            ("dduwowcj khoong", "được không"),
        ] {
            assert_eq!(composed(typed), meant, "{typed}");
        }
    }

    #[test]
    fn vni_keys() {
        for (typed, meant) in [
            ("ho62 so7", "hồ sơ"),
            ("d9ang8 ky1 khai sinh", "đăng ký khai sinh"),
            ("giay61 khai sinh", "giấy khai sinh"),
            ("d9u7o7c5 kho6ng", "được không"),
        ] {
            assert_eq!(composed(typed), meant, "{typed}");
        }
    }

    #[test]
    fn what_must_stay() {
        for text in [
            "quan1 phuong5",
            "quan 1 phuong 5",
            "doi bang a1",
            "bang a2 b1 b2 c1 d2 e f",
            "gia han visa",
            "dung roi",
            "passport office address fee visa renew business",
            "ct01 tk1-ts c/o 50k",
            "to7 khu2",
            "so7",
            "cost of a taxi",
            "photo giay to",
            "bhxh bhyt cmnd",
            "thang1 ngay2",
            "hàng không ars",
            "theo chuẩn ans",
            "xin visa car his",
            "quan1",
            "lisa ios gas",
        ] {
            assert_eq!(composed(text), text);
        }
    }
}
