//! From a clean text to words: lower case, without signs, each with a flag that a
//! break stands before it.
//!
//! Numbers, dates and codes stay whole (`1.001193`, `24/10/2026`, `13-hsb`,
//! `000.00.17.h09-210819-0012`); words that are only joined by a sign are parted
//! (`khai-sinh`, `cmnd/cccd`).

use compact_str::CompactString;
use gateway_core::text::nfc;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::Word;
use super::syllable::is_bare_syllable;

/// Lower case, NFC, plain forms of letters and digits, no mark that composes
/// with nothing.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in nfc(text).chars() {
        match c {
            '₫' => out.push('đ'),
            // Full-width, raised and lowered, circled, in mathematical alphabets.
            '\u{B2}'
            | '\u{B3}'
            | '\u{B9}'
            | '\u{BC}'..='\u{BE}'
            | '\u{2070}'..='\u{209C}'
            | '\u{2150}'..='\u{2189}'
            | '\u{2460}'..='\u{24FF}'
            | '\u{FB00}'..='\u{FB06}'
            | '\u{FF00}'..='\u{FFEF}'
            | '\u{1D400}'..='\u{1D7FF}' => decompose_compatible(c, |part| out.extend(part.to_lowercase())),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    if out.is_ascii() {
        return out;
    }
    // A compatible form may be an eth or a mark of its own.
    let mut out = nfc(&out).into_owned();
    if out.chars().any(is_loose_mark) {
        out.retain(|c| !is_loose_mark(c));
        if !is_nfc(&out) {
            out = out.nfc().collect();
        }
    }
    out
}

/// The marks over and under Latin letters: after NFC, those that compose with
/// nothing.
fn is_loose_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// The words of a [`clean`] text.
pub(super) fn words(clean: &str) -> Vec<Word> {
    let chars: Vec<char> = clean.chars().collect();
    let mut words = Vec::with_capacity(chars.len() / 4 + 1);
    let mut after_break = false;
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if !is_letter(*c) {
            after_break |= is_break(&chars, at);
            at += 1;
            continue;
        }
        let (word, end) = word(&chars, at);
        if !is_smiley(&chars, at, &word) {
            words.push(Word { text: word, after_break: after_break && !words.is_empty() });
            after_break = false;
        }
        at = end;
    }
    words
}

/// A letter or digit, or a mark that other scripts write with their letters.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)) && !matches!(c, 'ª' | 'º' | 'µ'))
}

/// Reads one word; gives it and where it ends.
fn word(chars: &[char], from: usize) -> (CompactString, usize) {
    let mut word = CompactString::default();
    let mut at = from;
    loop {
        let run = run(chars, at);
        word.extend(run);
        at += run.len();
        let Some(sign) = chars.get(at) else { break };
        let next = self::run(chars, at + 1);
        if next.is_empty() {
            break;
        }
        if !join(*sign, &word, run, next) {
            break;
        }
        word.push(*sign);
        at += 1;
    }
    (word, at)
}

fn run(chars: &[char], from: usize) -> &[char] {
    let rest = chars.get(from..).unwrap_or_default();
    let end = rest.iter().position(|c| !is_letter(*c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Whether a sign between two runs of letters and digits belongs to one word.
/// `word` is what has been read of it, `left` its last run.
fn join(sign: char, word: &str, left: &[char], right: &[char]) -> bool {
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let digits = |run: &[char]| run.iter().any(char::is_ascii_digit);
    let between_digits = digit(left.last()) && digit(right.first());
    match sign {
        '.' if between_digits => true,
        // `…17.h09-…` goes on, `5.toi` does not.
        '.' if digit(left.last()) => digits(right) && word.contains(['.', '-', '/']),
        '.' => !digits(left) && is_domain(word, right),
        ',' | ':' => between_digits,
        '-' if digits(left) => digits(right) || !is_syllable_run(right),
        '-' if right.iter().all(char::is_ascii_digit) => left.len() <= 2 || !is_syllable_run(left),
        '-' => digits(right) || word.contains(|c: char| c.is_ascii_digit()),
        // `24/10`, `123/ubnd`, but `50k/lần`, `2/tháng`.
        '/' if word.contains(|c: char| c.is_ascii_digit()) => digits(right) || !is_syllable_run(right),
        // `c/o`
        '/' => word.len() == 1 && right.len() == 1 && !digits(right),
        '_' | '@' => true,
        _ => false,
    }
}

fn is_domain(word: &str, right: &[char]) -> bool {
    const ENDS: [&str; 7] = ["vn", "gov", "com", "net", "org", "edu", "info"];
    let right: CompactString = right.iter().collect();
    word.contains('@') || word.starts_with("www") || ENDS.contains(&right.as_str())
}

fn is_syllable_run(run: &[char]) -> bool {
    let run: CompactString = run.iter().collect();
    if run.is_ascii() { run.len() > 1 && is_bare_syllable(&run) } else { super::syllable::is_syllable(&run) }
}

/// Whether a sentence or clause ends at a sign.
fn is_break(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied().unwrap_or(' ');
    match chars.get(at).copied().unwrap_or(' ') {
        '\n' => true,
        // `q.1`, `tp.hcm`: short for a word, no end.
        '.' => {
            let after = chars.get(at + 1).copied().unwrap_or(' ');
            let start =
                chars.get(..at).unwrap_or_default().iter().rposition(|c| !is_letter(*c)).map_or(0, |place| place + 1);
            let short = (1..=2).contains(&(at - start)) && is_letter(after) && !before.is_ascii_digit();
            !short
        }
        // A dash between words, not within one.
        '-' => before.is_whitespace(),
        '/' | '\'' | '’' | '‘' | 'ʼ' | '"' | '“' | '”' | '`' | '_' | '@' | '&' | '%' | '+' | '#' | '~' | '^' | '\\'
        | '$' => false,
        c => !c.is_whitespace(),
    }
}

/// `:d`, `:v`, `=p`, `<3`: a face, not a word.
fn is_smiley(chars: &[char], at: usize, word: &str) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| chars.get(place)).copied();
    let stands_alone = before(2).is_none_or(char::is_whitespace);
    match before(1) {
        Some(':' | '=') => stands_alone && matches!(word, "d" | "v" | "p" | "x" | "o"),
        Some('<') => stands_alone && word == "3",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut out = String::new();
        for word in words(&clean(text)) {
            if !out.is_empty() {
                out.push_str(if word.after_break { " | " } else { " " });
            }
            out.push_str(&word.text);
        }
        out
    }

    #[test]
    fn numbers_dates_and_codes_stay_whole() {
        for text in [
            "1.001193",
            "000.00.17.h09-210819-0012",
            "h09.17-260102-0045",
            "24/10/2026",
            "13-hsb",
            "tk1-ts",
            "ct01",
            "c/o",
            "50k",
            "2,5",
            "8:30",
            "123/2020/nđ-cp",
            "15/2013/tt-bca",
            "20.000đ",
            "covid-19",
            "na-17",
            "dichvucong.gov.vn",
            "ab@c.vn",
        ] {
            assert_eq!(read(text), text);
        }
        assert_eq!(read("số 000.00.17.H09-210819-0012."), "số 000.00.17.h09-210819-0012");
    }

    #[test]
    fn signs_part_words_and_breaks_are_kept() {
        for (text, expected) in [
            ("không hỏi khai sinh, hỏi khai tử", "không hỏi khai sinh | hỏi khai tử"),
            ("Đăng-ký KHAI SINH???", "đăng ký khai sinh"),
            ("cmnd/cccd", "cmnd cccd"),
            ("50k/lần", "50k lần"),
            ("2 lần/năm", "2 lần năm"),
            ("xong.Tôi hỏi", "xong | tôi hỏi"),
            ("5.toi", "5 | toi"),
            ("q.1 tp.hcm", "q 1 tp hcm"),
            ("khai sinh-2 ngày", "khai sinh 2 ngày"),
            ("hộ khẩu - tạm trú", "hộ khẩu | tạm trú"),
            ("a\nb", "a | b"),
            ("ok 😀 cảm ơn", "ok | cảm ơn"),
            ("vui :D quá <3 ạ :v", "vui | quá | ạ"),
            ("what’s the fee", "what s the fee"),
            ("５０m²", "50m2"),
            ("𝐤𝐡𝐚𝐢", "khai"),
            ("\u{202e}kh\u{200b}ai", "khai"),
            ("Ðăng", "đăng"),
            ("z̷a̴l̵g̶o", "zalgo"),
            ("ភាសាខ្មែរ", "ភាសាខ្មែរ"),
            ("!?", ""),
        ] {
            assert_eq!(read(text).replace(" |  | ", " | "), expected, "{text}");
        }
    }
}
