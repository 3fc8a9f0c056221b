//! Which language an answer is written in: RFC 4647 §3.4 (lookup), with the
//! weights of RFC 9110 §12.5.4.

use gateway_core::domain::Locale;

/// No honest header is longer.
const MOST_BYTES: usize = 1_000;
/// No honest browser asks for more languages.
const MOST_RANGES: usize = 32;

/// The language of `available` that fits an `Accept-Language` header best,
/// else `default`.
///
/// - Ranges are tried by weight, equal weights in the order of the header.
/// - A range is shortened from its end until a language fits (`en-GB-oxendict`
///   → `en`). Languages here are primary subtags, so its first subtag decides.
/// - `*` stands for the default, and `q=0` rules a language out.
/// - A hostile header is bounded: the first 1,000 bytes and 32 ranges are
///   read, what is malformed is skipped, nothing fails.
///
/// ```
/// use gateway_core::domain::Locale;
/// use gateway_locale::negotiate;
/// let ours = [Locale::VI, Locale::EN];
/// assert_eq!(negotiate("fr-CH, en-GB;q=0.8, vi;q=0.5", &ours, Locale::VI), Locale::EN);
/// assert_eq!(negotiate("", &ours, Locale::VI), Locale::VI);
/// ```
pub fn negotiate(accept_language: &str, available: &[Locale], default: Locale) -> Locale {
    let mut wishes: Vec<Wish> = Vec::new();
    let mut refused: Vec<Locale> = Vec::new();
    for part in within(accept_language, MOST_BYTES).split(',').take(MOST_RANGES) {
        let Some((range, weight)) = read_range(part) else { continue };
        if weight == 0 {
            // `en-GB;q=0` says nothing of other English.
            if let Range::Language(locale) = range
                && !part.contains('-')
            {
                refused.push(locale);
            }
        } else {
            wishes.push(Wish { range, weight });
        }
    }
    wishes.sort_by_key(|wish| std::cmp::Reverse(wish.weight));
    let allowed = |locale: &Locale| available.contains(locale) && !refused.contains(locale);
    wishes
        .iter()
        .find_map(|wish| match wish.range {
            Range::Language(locale) => allowed(&locale).then_some(locale),
            Range::Any if allowed(&default) => Some(default),
            Range::Any => available.iter().copied().find(|locale| allowed(locale)),
        })
        .unwrap_or(default)
}

struct Wish {
    range: Range,
    /// In thousandths.
    weight: u16,
}

#[derive(Clone, Copy)]
enum Range {
    Language(Locale),
    Any,
}

fn read_range(part: &str) -> Option<(Range, u16)> {
    let (tag, parameters) = match part.split_once(';') {
        Some((tag, rest)) => (tag.trim(), Some(rest)),
        None => (part.trim(), None),
    };
    let weight = match parameters {
        None => 1_000,
        Some(rest) => read_weight(rest)?,
    };
    if tag == "*" {
        return Some((Range::Any, weight));
    }
    let well_formed = !tag.is_empty()
        && tag.split('-').all(|sub| (1..=8).contains(&sub.len()) && sub.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !well_formed {
        return None;
    }
    Locale::parse(tag).map(|locale| (Range::Language(locale), weight))
}

/// `q=0.5` in thousandths; at most three decimals, at most 1 (RFC 9110 §12.4.2).
fn read_weight(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim();
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = decimals.bytes().zip([100u16, 10, 1]).map(|(digit, place)| u16::from(digit - b'0') * place).sum();
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

/// The longest beginning of at most so many bytes that ends at a character.
fn within(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OURS: [Locale; 2] = [Locale::VI, Locale::EN];

    fn pick(header: &str) -> Locale {
        negotiate(header, &OURS, Locale::VI)
    }

    #[test]
    fn a_browser_set_to_english_gets_english() {
        assert_eq!(pick("en-US,en;q=0.9"), Locale::EN);
        assert_eq!(pick("EN"), Locale::EN);
        assert_eq!(pick("vi-VN,vi;q=0.9,fr-FR;q=0.8,en;q=0.7"), Locale::VI);
    }

    #[test]
    fn the_heavier_wish_wins_and_equal_ones_keep_their_order() {
        assert_eq!(pick("vi;q=0.2, en;q=0.3"), Locale::EN);
        assert_eq!(pick("en;q=0.3, vi;q=0.3"), Locale::EN);
        assert_eq!(pick("vi; q=0.999, en ; Q=1.000"), Locale::EN);
    }

    #[test]
    fn a_language_that_nobody_translated_falls_back() {
        assert_eq!(pick("zh-Hant-TW, ko"), Locale::VI);
        assert_eq!(pick("zh-Hant-TW, en;q=0.1"), Locale::EN);
        assert_eq!(pick("*"), Locale::VI);
        assert_eq!(pick("fr, *;q=0.5"), Locale::VI);
    }

    #[test]
    fn what_is_ruled_out_is_not_given() {
        assert_eq!(pick("vi;q=0, *"), Locale::EN);
        assert_eq!(pick("en;q=0"), Locale::VI);
        assert_eq!(pick("en-GB;q=0, en"), Locale::EN);
    }

    #[test]
    fn a_hostile_header_is_read_in_part_and_never_fails() {
        assert_eq!(pick("en;q=9"), Locale::VI);
        assert_eq!(pick("en;q=0.1234"), Locale::VI);
        assert_eq!(pick("en;level=1"), Locale::VI);
        assert_eq!(pick("../../etc/passwd, en"), Locale::EN);
        assert_eq!(pick(&format!("{}en", "x,".repeat(32))), Locale::VI);
        assert_eq!(pick(&format!("en,{}", "ữ".repeat(100_000))), Locale::EN);
    }

    proptest! {
        #[test]
        fn any_header_gives_a_language_that_there_is(header in ".{0,2000}") {
            prop_assert!(OURS.contains(&pick(&header)));
        }

        #[test]
        fn any_near_header_gives_a_language_that_there_is(header in "[a-z*;q=.0-9, -]{0,200}") {
            prop_assert!(OURS.contains(&pick(&header)));
        }
    }
}
