//! Old encodings that were shown as Latin-1, and UTF-8 that was.
//!
//! The tables are written from the public standards: TCVN 5712:1993 (VN3, the code
//! page of the `.Vn…` fonts), the VNI-Windows code page (a vowel, then a sign for its
//! marks), and UTF-8 (RFC 3629) seen through Windows-1252.
//!
//! A text is converted only where it shows by itself that it must be: it holds no
//! Vietnamese letter beyond Latin-1, some of its words are no syllables as they stand
//! and are after the conversion, and hardly a word is none then. So clean text is
//! never touched.

use std::borrow::Cow;

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;

use super::syllable;
use super::vocabulary;

/// How often a text can have been read wrongly, one time over the other. Each time
/// makes it about twice as long, so this is far more than any message holds.
const MOST_LAYERS: usize = 12;

/// Octets of a syllable in an old encoding, at most.
const LONGEST_WORD: usize = 32;

/// The text as it was meant, in NFC.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut text: Cow<'_, str> =
        if unicode_normalization::is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    for _ in 0..MOST_LAYERS {
        if !may_be_old(std::iter::once(&*text)) {
            break;
        }
        let Some(better) = from_utf8(&text).or_else(|| from_old(&text)) else { break };
        text = Cow::Owned(better);
    }
    text
}

/// Whether words may hold an old encoding: letters of Latin-1, and none beyond it.
pub(super) fn may_be_old<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut latin = false;
    for word in words.filter(|word| !word.is_ascii()) {
        for c in word.chars() {
            if is_beyond_latin(c) {
                return false;
            }
            latin |= matches!(c, '\u{80}'..='\u{FF}');
        }
    }
    latin
}

/// Vietnamese letters that no old encoding shows.
fn is_beyond_latin(c: char) -> bool {
    matches!(c, 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}')
}

// ------------------------------------------------------------ UTF-8 as Latin-1

/// The byte that Windows-1252 (or Latin-1, for its holes) shows as a letter.
fn byte(c: char) -> Option<u8> {
    Some(match c {
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        c => return u8::try_from(u32::from(c)).ok(),
    })
}

/// Reads UTF-8 that was shown as Windows-1252, if that gives Vietnamese.
fn from_utf8(text: &str) -> Option<String> {
    if !text.contains(['Ã', 'Ä', 'Æ', 'á', 'Ê', 'Â', 'â', 'Å']) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut read = 0;
    let mut sure = 0;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if let Some((letter, len)) = sequence(chars.get(at..).unwrap_or_default()) {
            out.push(letter);
            read += 1;
            // `ĐÃ”` is a capital before a quotation mark.
            let second = chars.get(at + 1).copied().unwrap_or(' ');
            sure += usize::from(len > 2 || !matches!(second, '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•'));
            at += len;
        } else if c == 'Ã' && chars.get(at + 1).is_none_or(|next| *next == ' ') {
            // `à` ends in a no-break space, which many programs make a space.
            out.push('à');
            at += 1;
        } else {
            out.push(c);
            at += 1;
        }
    }
    match sure > 0 && read > 0 {
        true if is_mostly_vietnamese(&out) => Some(out),
        // Read wrongly twice: the text gets shorter each time.
        true => from_utf8(&out),
        false => None,
    }
}

/// A letter of two or three bytes at the head of some characters, and how many.
fn sequence(chars: &[char]) -> Option<(char, usize)> {
    let first = byte(*chars.first()?)?;
    let len = match first {
        0xC2..=0xDF => 2,
        0xE1..=0xE2 => 3,
        _ => return None,
    };
    let mut bytes = [0; 3];
    for (slot, c) in bytes.iter_mut().zip(chars.get(..len)?) {
        *slot = byte(*c)?;
    }
    let read = std::str::from_utf8(bytes.get(..len)?).ok()?;
    read.chars().next().map(|letter| (letter, len))
}

/// Whether nearly all words with marks are syllables, and at least one is.
fn is_mostly_vietnamese(text: &str) -> bool {
    let mut good = 0;
    let mut bad = 0;
    let lower: String = text.nfc().collect::<String>().to_lowercase();
    for word in words(&lower).filter(|word| !word.is_ascii()) {
        if syllable::is_syllable(word) { good += 1 } else { bad += 1 }
    }
    good > 0 && bad * 3 <= good
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

// ------------------------------------------------------- TCVN3 and VNI-Windows

/// A way to convert one word.
type Convert = fn(&str) -> CompactString;

/// Converts the whole text from the encoding that explains it best.
fn from_old(text: &str) -> Option<String> {
    let mut best: Option<(usize, Convert)> = None;
    for convert in [tcvn3 as Convert, vni] {
        if let Some(score) = evidence(text, convert)
            && best.is_none_or(|(most, _)| score > most)
        {
            best = Some((score, convert));
        }
    }
    let (_, convert) = best?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_outside).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(&convert(word));
        let signs = after.find(|c| !is_outside(c)).unwrap_or(after.len());
        let (signs, after) = after.split_at(signs);
        out.push_str(signs);
        rest = after;
    }
    // A text that would show no more than before is left alone.
    out.chars().any(is_beyond_latin).then_some(out)
}

/// What no old encoding uses for a letter.
fn is_outside(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphabetic()
}

/// How many words only make sense when converted, if hardly any stop making sense.
fn evidence(text: &str, convert: Convert) -> Option<usize> {
    let (mut proof, mut good, mut bad, mut frequent) = (0_usize, 0_usize, 0_usize, false);
    for word in text.split(is_outside).filter(|word| !word.is_empty() && !word.is_ascii()) {
        // A syllable, two signs a vowel, is shorter.
        if word.len() > LONGEST_WORD {
            bad += 1;
            continue;
        }
        let after = convert(word);
        if syllable::is_syllable(&after) {
            good += 1;
            if !syllable::is_syllable(&word.to_lowercase()) {
                proof += 1;
                frequent |= canonical_is_frequent(&after);
            }
        } else if word.chars().any(char::is_alphabetic) {
            bad += 1;
        }
    }
    (bad * 3 <= good && (proof >= 2 || (proof == 1 && frequent))).then_some(proof + good)
}

fn canonical_is_frequent(word: &str) -> bool {
    syllable::canonical(word).is_some_and(|word| vocabulary::is_frequent(&word))
}

/// TCVN 5712:1993, VN3. The fonts of capitals (`.VnTimeH`) use the same codes, so
/// what comes out is lower case.
const TCVN3: [(char, char); 74] = [
    ('¡', 'ă'),
    ('¢', 'â'),
    ('£', 'ê'),
    ('¤', 'ô'),
    ('¥', 'ơ'),
    ('¦', 'ư'),
    ('§', 'đ'),
    ('¨', 'ă'),
    ('©', 'â'),
    ('ª', 'ê'),
    ('«', 'ô'),
    ('¬', 'ơ'),
    ('\u{AD}', 'ư'),
    ('®', 'đ'),
    ('µ', 'à'),
    ('¶', 'ả'),
    ('·', 'ã'),
    ('¸', 'á'),
    ('¹', 'ạ'),
    ('»', 'ằ'),
    ('¼', 'ẳ'),
    ('½', 'ẵ'),
    ('¾', 'ắ'),
    ('Æ', 'ặ'),
    ('Ç', 'ầ'),
    ('È', 'ẩ'),
    ('É', 'ẫ'),
    ('Ê', 'ấ'),
    ('Ë', 'ậ'),
    ('Ì', 'è'),
    ('Î', 'ẻ'),
    ('Ï', 'ẽ'),
    ('Ð', 'é'),
    ('Ñ', 'ẹ'),
    ('Ò', 'ề'),
    ('Ó', 'ể'),
    ('Ô', 'ễ'),
    ('Õ', 'ế'),
    ('Ö', 'ệ'),
    ('×', 'ì'),
    ('Ø', 'ỉ'),
    ('Ü', 'ĩ'),
    ('Ý', 'í'),
    ('Þ', 'ị'),
    ('ß', 'ò'),
    ('á', 'ỏ'),
    ('â', 'õ'),
    ('ã', 'ó'),
    ('ä', 'ọ'),
    ('å', 'ồ'),
    ('æ', 'ổ'),
    ('ç', 'ỗ'),
    ('è', 'ố'),
    ('é', 'ộ'),
    ('ê', 'ờ'),
    ('ë', 'ở'),
    ('ì', 'ỡ'),
    ('í', 'ớ'),
    ('î', 'ợ'),
    ('ï', 'ù'),
    ('ñ', 'ủ'),
    ('ò', 'ũ'),
    ('ó', 'ú'),
    ('ô', 'ụ'),
    ('õ', 'ừ'),
    ('ö', 'ử'),
    ('÷', 'ữ'),
    ('ø', 'ứ'),
    ('ù', 'ự'),
    ('ú', 'ỳ'),
    ('û', 'ỷ'),
    ('ü', 'ỹ'),
    ('ý', 'ý'),
    ('þ', 'ỵ'),
];

fn tcvn3(word: &str) -> CompactString {
    let mut out = CompactString::default();
    for c in word.chars() {
        let meant = TCVN3.iter().find(|(shown, _)| *shown == c).map(|(_, meant)| *meant);
        match meant {
            Some(meant) => out.push(meant),
            None => out.extend(c.to_lowercase()),
        }
    }
    // The code of *ư* is the soft hyphen, which gets lost: *đợc* is *được*, and no
    // syllable ends so without it.
    for (place, c) in out.char_indices() {
        let (before, from) = out.split_at(place);
        let after = from.get(c.len_utf8()..).unwrap_or_default();
        if syllable::split_tone(c).0 == 'ơ' && matches!(after, "c" | "ng" | "u") && !before.ends_with('ư') {
            return compact_str::format_compact!("{before}ư{from}");
        }
    }
    out
}

/// VNI-Windows: the signs that stand after a vowel, and what both mean.
const VNI: [(char, &str, &str); 10] = [
    // vowel, the signs after it, what they make of it
    ('a', "ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    ('e', "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    ('o', "ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    ('ô', "ùøûõï", "ớờởỡợ"),
    ('u', "ùøûõï", "úùủũụ"),
    ('ö', "ùøûõï", "ứừửữự"),
    ('y', "ùøûõ", "ýỳỷỹ"),
    // These carry their marks themselves.
    ('i', "", ""),
    ('\0', "íìæóòîñ", "íìỉĩịỵđ"),
    ('\u{1}', "ôö", "ơư"),
];

fn vni(word: &str) -> CompactString {
    let lower: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let mut out = CompactString::default();
    let mut at = 0;
    while let Some(&c) = lower.get(at) {
        let pair = lower.get(at + 1).and_then(|sign| vni_letter(c, *sign));
        if let Some(letter) = pair {
            out.push(letter);
            at += 2;
            continue;
        }
        out.push(vni_letter('\0', c).or_else(|| vni_letter('\u{1}', c)).unwrap_or(c));
        at += 1;
    }
    out
}

fn vni_letter(vowel: char, sign: char) -> Option<char> {
    let (_, signs, letters) = VNI.iter().find(|(its, _, _)| *its == vowel)?;
    letters.chars().nth(signs.chars().position(|its| its == sign)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(text: &str) -> String {
        repaired(text).to_lowercase()
    }

    /// The text as UTF-8 that a program took for Windows-1252.
    fn misread(text: &str) -> String {
        let shown = |b: u8| {
            (0x100..0x2123_u32)
                .chain(0x80..0x100)
                .filter_map(char::from_u32)
                .find(|c| byte(*c) == Some(b))
                .unwrap_or(char::from(b))
        };
        text.bytes().map(|b| if b < 0x80 { char::from(b) } else { shown(b) }).collect()
    }

    #[test]
    fn tcvn3_shown_as_latin_1() {
        for (shown, meant) in [
            ("§¨ng ký", "đăng ký"),
            ("giÊy khai sinh", "giấy khai sinh"),
            ("tê khai ®¨ng ký kÕt h«n", "tờ khai đăng ký kết hôn"),
            ("thñ tôc cÊp hé chiÕu", "thủ tục cấp hộ chiếu"),
            ("GIÊY KHAI SINH", "giấy khai sinh"),
            ("THñ TôC §¡NG Ký", "thủ tục đăng ký"),
            ("t«i muèn lµm l¹i giÊy phÐp l¸i xe", "tôi muốn làm lại giấy phép lái xe"),
            ("kh«ng ®\u{AD}îc", "không được"),
            ("kh«ng ®îc", "không được"),
            ("ph\u{AD}êng", "phường"),
        ] {
            assert_eq!(lower(shown), meant, "{shown}");
        }
    }

    #[test]
    fn vni_windows_shown_as_latin_1() {
        for (shown, meant) in [
            ("ñaêng kyù", "đăng ký"),
            ("giaáy khai sinh", "giấy khai sinh"),
            ("ÑAÊNG KYÙ KEÁT HOÂN", "đăng ký kết hôn"),
            ("thuû tuïc caáp hoä chieáu", "thủ tục cấp hộ chiếu"),
            ("toâi muoán laøm laïi giaáy pheùp laùi xe", "tôi muốn làm lại giấy phép lái xe"),
            ("khoâng ñöôïc", "không được"),
            ("phöôøng", "phường"),
            ("UÛy ban nhaân daân", "ủy ban nhân dân"),
        ] {
            assert_eq!(lower(shown), meant, "{shown}");
        }
    }

    #[test]
    fn utf_8_shown_as_windows_1252() {
        assert_eq!(lower("Äƒng kÃ½"), "ăng ký");
        for meant in [
            "đăng ký khai sinh",
            "Giấy phép lái xe bị mất thì làm ở đâu",
            "là gì",
            "Hộ chiếu",
            "phí",
            "ĐỔI BẰNG LÁI XE",
        ] {
            assert_eq!(repaired(&misread(meant)), meant);
            assert_eq!(repaired(&misread(&misread(meant))), meant, "twice");
        }
        assert_eq!(lower(&misread("là gì").replace('\u{A0}', " ")), "là  gì", "no-break space lost");
    }

    #[test]
    fn clean_text_is_never_touched() {
        for text in [
            "đăng ký",
            "hoá đơn",
            "khoá hoà giải",
            "tôi có con",
            "ĐÃ”",
            "“LÃ”",
            "café",
            "Müller",
            "José García",
            "là",
            "cá nhân",
            "àá",
            "giêy",
            "m² và 20 °C",
            "«khai tử»",
            "tê tái",
            "số 5 · quán",
            "hoàn toàn",
            "nhà",
            "©2026 UBND",
            "§ 5",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
