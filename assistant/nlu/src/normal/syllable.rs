//! Vietnamese syllables: which there are, and where the tone mark stands.
//!
//! A syllable is an onset, a rime and a tone; the list of rimes is that of the
//! school grammars (`Ngữ âm tiếng Việt`), with those of loan words that are
//! usual (*xoong*). Names of the highlands (`Đắk Lắk`) are no syllables here.
//!
//! One placement of the tone mark is taken for comparing: the traditional one,
//! as in most official names. In open *oa*, *oe*, *uy* the mark stands on the
//! first vowel (`hòa`, `khỏe`, `thúy`), elsewhere on the main vowel (`hoàn`,
//! `quý`, `được`).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ahash::RandomState;
use compact_str::CompactString;

/// Longest syllable: `nghiêng`, with one letter to spare.
const LONGEST: usize = 8;

/// Vowels with their tones: none, grave, acute, hook, tilde, dot.
const VOWELS: [[char; 6]; 12] = [
    ['a', 'à', 'á', 'ả', 'ã', 'ạ'],
    ['ă', 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ'],
    ['â', 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ'],
    ['e', 'è', 'é', 'ẻ', 'ẽ', 'ẹ'],
    ['ê', 'ề', 'ế', 'ể', 'ễ', 'ệ'],
    ['i', 'ì', 'í', 'ỉ', 'ĩ', 'ị'],
    ['o', 'ò', 'ó', 'ỏ', 'õ', 'ọ'],
    ['ô', 'ồ', 'ố', 'ổ', 'ỗ', 'ộ'],
    ['ơ', 'ờ', 'ớ', 'ở', 'ỡ', 'ợ'],
    ['u', 'ù', 'ú', 'ủ', 'ũ', 'ụ'],
    ['ư', 'ừ', 'ứ', 'ử', 'ữ', 'ự'],
    ['y', 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ'],
];

/// The tones a syllable may have that ends in *c*, *ch*, *p* or *t*.
const ACUTE: usize = 2;
const DOT: usize = 5;

const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
];

#[rustfmt::skip]
const RIMES: [&str; 163] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay",
    "e", "ec", "em", "en", "eng", "eo", "ep", "et",
    "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu",
    "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe", "oen",
    "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt",
    "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uy", "uya", "uych", "uyn", "uynh", "uyt", "uyu", "uyên",
    "uyêt", "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "uơ",
    "y", "ych", "yn", "ynh", "yt", "yêm", "yên", "yêng", "yêt", "yêu",
    "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây",
    "ê", "êch", "êm", "ên", "êng", "ênh", "êp", "êt", "êu",
    "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt",
    "ăc", "ăm", "ăn", "ăng", "ăp", "ăt",
    "ơ", "ơi", "ơm", "ơn", "ơp", "ơt",
    "ư", "ưa", "ưc", "ưi", "ưm", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu",
];

/// The vowel without its tone, and the tone; other letters as they are.
pub(super) fn split_tone(c: char) -> (char, usize) {
    if c.is_ascii() {
        return (c, 0);
    }
    for row in &VOWELS {
        if let Some(tone) = row.iter().position(|vowel| *vowel == c) {
            return (row.first().copied().unwrap_or(c), tone);
        }
    }
    (c, 0)
}

fn with_tone(vowel: char, tone: usize) -> char {
    let row = VOWELS.iter().find(|row| row.first() == Some(&vowel));
    row.and_then(|row| row.get(tone)).copied().unwrap_or(vowel)
}

/// What is to know of a toneless syllable.
#[derive(Clone, Copy)]
struct Shape {
    /// Which letter carries the tone.
    place: usize,
    /// It ends in *c*, *ch*, *p* or *t*, and has one of two tones.
    stopped: bool,
}

/// All syllables without tones, some 4,000: one look-up a word.
static SHAPES: LazyLock<HashMap<CompactString, Shape, RandomState>> = LazyLock::new(|| {
    let mut shapes = HashMap::with_capacity_and_hasher(5_000, RandomState::new());
    // From the shortest onset to the longest, which wins: *gi* and *qu* take
    // their vowel along (`già`), unless nothing would be left (`gì`).
    let mut onsets = ONSETS;
    onsets.sort_by_key(|onset| onset.len());
    for onset in onsets {
        for rime in RIMES.into_iter().filter(|rime| agrees(onset, rime)) {
            let shape = Shape {
                place: onset.chars().count() + main_vowel(rime),
                stopped: rime.ends_with(['c', 'p', 't']) || rime.ends_with("ch"),
            };
            shapes.insert([onset, rime].concat().into(), shape);
        }
    }
    shapes
});

/// All syllables without any mark; not the few in *oo*, which are Telex far more
/// often (`khoong`).
static BARE: LazyLock<HashSet<CompactString, RandomState>> = LazyLock::new(|| {
    let whole = SHAPES.keys().filter(|syllable| !syllable.contains("oo"));
    whole.map(|syllable| syllable.chars().map(base).collect()).collect()
});

/// A Vietnamese lower-case letter without any mark.
pub(super) fn base(c: char) -> char {
    match split_tone(c).0 {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        c => c,
    }
}

/// A lower-case word with its tone in the one place, if it is a Vietnamese
/// syllable; `None` if it is none. NFC in and out.
pub(super) fn canonical(word: &str) -> Option<CompactString> {
    let mut letters = ['\0'; LONGEST];
    let mut count = 0;
    let mut tone = 0;
    for c in word.chars() {
        let (plain, its_tone) = split_tone(c);
        if its_tone != 0 {
            if tone != 0 {
                return None;
            }
            tone = its_tone;
        }
        *letters.get_mut(count)? = plain;
        count += 1;
    }
    let letters = letters.get(..count)?;
    let toneless: CompactString = letters.iter().collect();
    let shape = SHAPES.get(&toneless)?;
    if shape.stopped && tone != ACUTE && tone != DOT {
        return None;
    }
    if tone == 0 {
        return Some(toneless);
    }
    let toned = |(at, c): (usize, &char)| if at == shape.place { with_tone(*c, tone) } else { *c };
    Some(letters.iter().enumerate().map(toned).collect())
}

/// Whether a word is a Vietnamese syllable with all its marks.
pub(super) fn is_syllable(word: &str) -> bool {
    canonical(word).is_some()
}

/// Whether an ASCII word may be a Vietnamese syllable whose marks were left out.
pub(super) fn is_bare_syllable(word: &str) -> bool {
    word.len() <= LONGEST && BARE.contains(word)
}

/// The rules of spelling: *k, gh, ngh* before *e, ê, i, y*, and *c, g, ng*
/// elsewhere; *qu* before an unrounded vowel; *gi* before all but *i*.
fn agrees(onset: &str, rime: &str) -> bool {
    let Some(first) = rime.chars().next() else { return false };
    let front = matches!(first, 'e' | 'ê' | 'i' | 'y');
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "ng" => !front,
        // `gì`, `gìn`, `giếng`, `giết`
        "g" => !front || matches!(rime, "i" | "in" | "iêng" | "iêt"),
        "gi" => !matches!(first, 'i' | 'y') && rime != "êng",
        "qu" => match first {
            'a' | 'ă' | 'â' | 'e' | 'ê' | 'ơ' | 'i' | 'y' => rime != "ia",
            _ => rime == "ôc",
        },
        _ => true,
    }
}

/// Which letter of a rime carries the tone.
fn main_vowel(rime: &str) -> usize {
    let mut vowels = 0;
    let mut shaped = None;
    for (at, c) in rime.chars().enumerate() {
        match c {
            'ă' | 'â' | 'ê' | 'ô' | 'ơ' | 'ư' => shaped = Some(at),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => {}
            _ => break,
        }
        vowels = at + 1;
    }
    let closed = vowels < rime.chars().count();
    match (shaped, vowels) {
        // `ươ` on ơ; `ưa`, `ưu` on ư.
        (Some(at), _) => at,
        (None, 3) => 1,
        (None, 2) if closed => 1,
        (None, _) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_for_the_tone() {
        for (written, canonical_form) in [
            ("hoà", "hòa"),
            ("hòa", "hòa"),
            ("khoẻ", "khỏe"),
            ("thuý", "thúy"),
            ("thủy", "thủy"),
            ("uỷ", "ủy"),
            ("tuỳ", "tùy"),
            ("quý", "quý"),
            ("qúy", "quý"),
            ("qùa", "quà"),
            ("giá", "giá"),
            ("gía", "giá"),
            ("gì", "gì"),
            ("giấy", "giấy"),
            ("gíây", "giấy"),
            ("giếng", "giếng"),
            ("đựơc", "được"),
            ("giừơng", "giường"),
            ("cuả", "của"),
            ("nghiã", "nghĩa"),
            ("tóan", "toán"),
            ("ngòai", "ngoài"),
            ("chiụ", "chịu"),
            ("khuỷu", "khuỷu"),
            ("mùa", "mùa"),
            ("mưà", "mừa"),
            ("thuở", "thuở"),
            ("huỳnh", "huỳnh"),
            ("qủan", "quản"),
            ("nghiêng", "nghiêng"),
            ("xe", "xe"),
            ("ý", "ý"),
            ("yếu", "yếu"),
            ("quốc", "quốc"),
        ] {
            assert_eq!(canonical(written).as_deref(), Some(canonical_form), "{written}");
        }
    }

    #[test]
    fn what_is_no_syllable() {
        for word in [
            "", "b", "passport", "visa", "bhxh", "giêy", "hồồ", "háà", "viet", "mật1", "cét", "kông", "phuọng", "lằ",
            "photo",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn bare_syllables() {
        for word in
            ["dung", "roi", "viet", "dat", "gia", "han", "quan", "phuong", "nghieng", "quoc", "giay", "gi", "xe"]
        {
            assert!(is_bare_syllable(word), "{word}");
        }
        for word in ["visa", "hoof", "sow", "kys", "ct", "d", "", "quxx", "giaays", "office"] {
            assert!(!is_bare_syllable(word), "{word}");
        }
    }

    #[test]
    fn the_rimes_are_each_there_once() {
        let all: std::collections::BTreeSet<&str> = RIMES.into_iter().collect();
        assert_eq!(all.len(), RIMES.len());
    }
}
