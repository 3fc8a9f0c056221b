//! The basic set of GSM 03.38 (3GPP TS 23.038 §6.2.1): what one septet can say.

use gateway_core::text::fold_display;

/// Besides ASCII letters, digits and the ASCII signs below, the basic set has
/// these; a Vietnamese text folded to ASCII needs none of them.
const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/// Whether one septet can say it. The signs `^ { } [ ] ~ | \` and `€` need two
/// and count as not basic; so does the grave accent, which GSM lacks.
pub fn is_gsm_basic(c: char) -> bool {
    match c {
        '\n' | '\r' => true,
        '^' | '{' | '}' | '[' | ']' | '~' | '|' | '\\' | '`' => false,
        ' '..='~' => true,
        _ => BEYOND_ASCII.contains(c),
    }
}

/// How many septets a text takes; `None` where it holds a sign that is not in
/// the basic set.
pub fn septets(text: &str) -> Option<usize> {
    text.chars().try_fold(0, |count, c| is_gsm_basic(c).then_some(count + 1))
}

/// A text in ASCII signs of the basic set alone. Vietnamese loses its marks,
/// signs of two septets become their likes of one, and each run of signs that
/// have no like becomes one question mark.
pub(crate) fn fold_to_gsm(text: &str) -> String {
    let folded = fold_display(text);
    let mut out = String::with_capacity(folded.len());
    let mut lost = false;
    for c in folded.chars() {
        let plain = match c {
            '[' | '{' => '(',
            ']' | '}' => ')',
            '|' | '\\' => '/',
            '~' => '-',
            '`' => '\'',
            '^' => ' ',
            c if c.is_ascii() && is_gsm_basic(c) => c,
            c if c.is_ascii() => ' ',
            _ => {
                if !lost {
                    out.push('?');
                }
                lost = true;
                continue;
            }
        };
        lost = false;
        out.push(plain);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_folded_sentence_takes_a_septet_a_letter() {
        let folded = fold_to_gsm("Hồ sơ đang xử lý – hẹn trả 24/10/2026, phí 20.000 ₫ [a|b]");
        assert_eq!(folded, "Ho so dang xu ly - hen tra 24/10/2026, phi 20.000 d (a/b)");
        assert_eq!(septets(&folded), Some(folded.len()));
    }

    #[test]
    fn signs_of_two_septets_are_not_basic() {
        assert_eq!(septets("{}"), None);
        assert_eq!(septets("€"), None);
        assert_eq!(septets("ễ"), None);
        assert_eq!(septets("@£$"), Some(3));
    }

    #[test]
    fn what_has_no_like_is_one_question_mark() {
        assert_eq!(fold_to_gsm("xin chào 王小明 👋🏽!"), "xin chao ? ?!");
    }

    proptest! {
        #[test]
        fn whatever_comes_in_fits(text in ".{0,200}") {
            let folded = fold_to_gsm(&text);
            prop_assert!(folded.is_ascii());
            prop_assert!(septets(&folded).is_some());
        }
    }
}
