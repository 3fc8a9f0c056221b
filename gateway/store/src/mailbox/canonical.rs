//! Providers write one id in several ways: with leading zeros or without, in
//! hexadecimal when they take a message and in decimal in the receipt (SMPP
//! 3.4 leaves the form of `message_id` to them, §5.2.23).

/// Lower case, without leading zeros: what both ways of writing share.
pub(super) fn canonical(id: &str) -> String {
    let id = id.trim();
    let stripped = id.trim_start_matches('0');
    // Zeros alone are an id too.
    let stripped = if stripped.is_empty() && !id.is_empty() { "0" } else { stripped };
    stripped.to_ascii_lowercase()
}

/// The id read as decimal and written as hexadecimal, and the other way round:
/// canonical forms that the same number may have at its other occasion.
pub(super) fn other_bases(canonical: &str) -> impl Iterator<Item = String> {
    let to_hex = canonical.parse::<u128>().ok().map(|number| format!("{number:x}"));
    let to_decimal = u128::from_str_radix(canonical, 16).ok().map(|number| number.to_string());
    let same = canonical.to_owned();
    to_hex.into_iter().chain(to_decimal).filter(move |other| *other != same)
}

/// Whether two ways of writing a telephone number mean the same: digits only,
/// without leading zeros and without Vietnam's country code.
pub(super) fn same_phone(one: &str, other: &str) -> bool {
    let (one, other) = (national(one), national(other));
    !one.is_empty() && one == other
}

fn national(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    // A subscriber's number has 9 digits or 10: 84 before it is the country.
    let rest = digits.strip_prefix("84").filter(|rest| rest.trim_start_matches('0').len() >= 9);
    rest.unwrap_or(digits).trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_canonical_form() {
        assert_eq!(canonical("00AbC"), "abc");
        assert_eq!(canonical(" 0012 "), "12");
        assert_eq!(canonical("000"), "0");
        assert_eq!(canonical(""), "");
        assert_eq!(canonical("a-0b"), "a-0b");
    }

    #[test]
    fn a_number_is_found_in_the_other_base() {
        assert!(other_bases("255").any(|id| id == "ff"));
        assert!(other_bases("ff").any(|id| id == "255"));
        assert_eq!(other_bases("7").count(), 0, "the same in both");
        assert_eq!(other_bases("msg-1").count(), 0);
        assert_eq!(other_bases(&"9".repeat(80)).count(), 0, "no number of 128 bits");
    }

    #[test]
    fn a_phone_is_the_same_however_it_is_written() {
        for written in ["+84912345678", "84912345678", "0912345678", "912345678", "0084912345678", "84 0912 345 678"] {
            assert!(same_phone(written, "+84912345678"), "{written}");
        }
        assert!(!same_phone("+84912345679", "+84912345678"));
        assert!(!same_phone("", ""));
        assert!(same_phone("+12025550123", "0012025550123"));
        assert!(same_phone("841234567", "0841234567"), "84 can begin a subscriber's number");
    }
}
