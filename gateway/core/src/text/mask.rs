//! Figures that say who somebody is, taken out of what is kept or shown.

use crate::domain::ProcedureCode;

/// Stands for each sign that was taken out.
const MASK: char = '•';

/// Figures together count from so many digits on: shorter ones (*3 người*, *16
/// tuổi*) say nothing of anybody.
const TELLING: usize = 4;

/// So many digits in a row are no part of a dossier's number.
const NO_DOSSIERS: usize = 9;

/// A text without the digits that may be an ID, a telephone, a proof, a code or
/// a birthday, and without e-mail addresses. Figures that stand beside one
/// another (`0912 345 678`) are one. A dossier's number and a procedure's code
/// are kept: they are no secrets.
///
/// Masking twice changes nothing.
///
/// ```
/// use gateway_core::text::mask_figures;
/// assert_eq!(mask_figures("gọi 0912 345 678 nhé"), "gọi •••• ••• ••• nhé");
/// ```
pub fn mask_figures(text: &str) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.contains('@') && word.trim().len() > 1 {
            masked.extend(word.chars().map(|sign| if sign.is_alphanumeric() { MASK } else { sign }));
            at += 1;
            continue;
        }
        // Words of nothing but figures go with their neighbours of the kind.
        let figures = words.iter().skip(at).take_while(|word| is_figure(word)).count();
        let group = words.get(at..at + figures.max(1)).unwrap_or_default();
        let digits: usize = group.iter().map(|word| digits(word)).sum();
        for word in group {
            if digits >= TELLING && !is_named(word) {
                masked.extend(word.chars().map(|sign| if is_digit(sign) { MASK } else { sign }));
            } else {
                masked.push_str(word);
            }
        }
        at += group.len().max(1);
    }
    masked
}

/// Full-width digits and those of other scripts count as ASCII's do.
fn is_digit(sign: char) -> bool {
    sign.is_numeric()
}

fn digits(word: &str) -> usize {
    word.chars().filter(|sign| is_digit(*sign)).count()
}

/// `0912`, `079-085`, `(+84)`: figures and what stands between them.
fn is_figure(word: &str) -> bool {
    digits(word) > 0 && !is_named(word) && word.trim().chars().all(|sign| is_digit(sign) || !sign.is_alphanumeric())
}

/// `000.00.17.H09-260916-0012`, `H57.36-250916-0012`, `1.001193`.
fn is_named(word: &str) -> bool {
    let bare = word.trim_matches(|sign: char| !sign.is_ascii_alphanumeric());
    if ProcedureCode::parse(bare).is_ok() && bare.contains('.') {
        return true;
    }
    let parts: Vec<&str> = bare.split(['.', '-']).collect();
    let plain = parts.iter().all(|part| {
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        // `H09`: an agency's letter stands before its digits, and alone.
        part.bytes().all(|sign| sign.is_ascii_alphanumeric())
            && part.len() < NO_DOSSIERS
            && letters <= 1
            && letters < part.len()
    });
    parts.len() >= 3 && plain && bare.bytes().any(|sign| sign.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_phones_and_proofs_are_not_kept_and_numbers_of_dossiers_are() {
        for (text, masked) in [
            ("CCCD của tôi 074085001234 nhé", "CCCD của tôi •••••••••••• nhé"),
            ("4 số cuối 1234", "4 số cuối ••••"),
            ("gọi 0912.345.678", "gọi ••••.•••.•••"),
            ("gọi 0912-345-678", "gọi ••••-•••-•••"),
            ("gọi 0912 345 678", "gọi •••• ••• •••"),
            ("079 085 001 234", "••• ••• ••• •••"),
            ("sdt-0912345678", "sdt-••••••••••"),
            ("số.0912.345.678", "số.••••.•••.•••"),
            ("０９１２３４５６７８", "••••••••••"),
            ("000.00.17.H09-260916-0012 tới đâu", "000.00.17.H09-260916-0012 tới đâu"),
            ("H57.36-250916-0012?", "H57.36-250916-0012?"),
            ("1.001193 phí bao nhiêu", "1.001193 phí bao nhiêu"),
            ("sinh ngày 1/2/1960", "sinh ngày •/•/••••"),
            ("an.nguyen@vidu.vn gửi", "••.••••••@••••.•• gửi"),
            ("3 người, 16 tuổi", "3 người, 16 tuổi"),
            ("", ""),
        ] {
            assert_eq!(mask_figures(text), masked, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_masked_stays_so_and_keeps_its_length(text in "[a-zđ@ .\\-0-9]{0,60}") {
            let masked = mask_figures(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            prop_assert_eq!(&mask_figures(&masked), &masked);
            let longest = masked.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.is_none_or(|longest| longest < NO_DOSSIERS), "{}", masked);
        }
    }
}
