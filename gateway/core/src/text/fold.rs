use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::normal::{is_latin_mark, is_zero_width, latin_base, nfc, stroke_d};

/// The form in which two texts are compared: without marks, *đ* as *d*, lower
/// case, every run of punctuation and white space as one space, trimmed.
///
/// Marks of other scripts (Khmer vowels, for instance) are kept: there they
/// are letters. Compatibility forms (full-width digits, `m²`) become their
/// plain twins. Folding a folded text changes nothing.
///
/// ```
/// use gateway_core::text::fold;
/// assert_eq!(fold("  Đăng ký KHAI-SINH?"), "dang ky khai sinh");
/// ```
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    if s.is_ascii() {
        for c in s.chars() {
            push_folded(&mut out, c.to_ascii_lowercase());
        }
    } else {
        for c in s.nfkd() {
            if is_latin_mark(c) || is_zero_width(c) {
                continue;
            }
            match stroke_d(c) {
                'Đ' | 'đ' => push_folded(&mut out, 'd'),
                c => {
                    for lower in c.to_lowercase().filter(|l| !is_latin_mark(*l)) {
                        push_folded(&mut out, lower);
                    }
                }
            }
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// The words of [`fold`]ed text, in order; none for a text without letters
/// and digits.
pub fn fold_words(s: &str) -> Vec<String> {
    fold(s).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Removes diacritics and keeps the rest: case, punctuation, line ends. For
/// SMS in the 7-bit alphabet and for old printers.
///
/// Typographic quotes, dashes, ellipses, bullets and spaces become ASCII, `₫`
/// becomes `d`. Any Vietnamese text becomes pure ASCII; letters of other
/// scripts and pictures are left for the channel to judge.
///
/// ```
/// use gateway_core::text::fold_display;
/// assert_eq!(fold_display("Lệ phí: 8.000 ₫ – “Đã trả”…"), "Le phi: 8.000 d - \"Da tra\"...");
/// ```
pub fn fold_display(s: &str) -> String {
    if s.is_ascii() {
        return s.to_owned();
    }
    let clean = nfc(s);
    let mut out = String::with_capacity(clean.len());
    for c in clean.chars() {
        if let Some(base) = latin_base(c) {
            out.push(base);
        } else if let Some(plain) = plain_punctuation(c) {
            out.push_str(plain);
        } else if is_latin_mark(c) && out.chars().next_back().is_none_or(|l| l.is_ascii()) {
            // a mark that composes with nothing (`x̉`, `0̉`)
        } else {
            push_compatible(&mut out, c);
        }
    }
    out
}

fn push_folded(out: &mut String, c: char) {
    if c.is_alphanumeric() || is_combining_mark(c) {
        out.push(c);
    } else if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// `ﬁ` → `fi`, `²` → `2`, `№` → `No`: where the plain form is ASCII.
fn push_compatible(out: &mut String, c: char) {
    let start = out.len();
    decompose_compatible(c, |part| out.push(part));
    if !out.get(start..).is_some_and(str::is_ascii) {
        out.truncate(start);
        out.push(c);
    }
}

fn plain_punctuation(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | 'ʼ' | 'ʹ' | '‹' | '›' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '〝' | '〞' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '－' => "-",
        '…' => "...",
        '•' | '·' | '∙' | '●' | '○' | '▪' | '■' | '□' | '◦' | '‣' | '⁃' | '➢' | '➤' => "-",
        '₫' => "d",
        '×' => "x",
        '÷' | '⁄' | '∕' => "/",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '±' => "+/-",
        '→' | '⇒' => "->",
        '←' | '⇐' => "<-",
        '✓' | '✔' => "v",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '°' | 'º' => "o",
        '€' => "EUR",
        '£' => "GBP",
        '§' => "S",
        '\u{2028}' | '\u{2029}' | '\u{0085}' => "\n",
        c if c.is_whitespace() => " ",
        _ => return None,
    })
}
