use gateway_core::text::nfc;
use unicode_normalization::UnicodeNormalization;

/// A key that sorts names in Vietnamese order: letters first (a ă â b c d đ e ê
/// … o ô ơ … u ư …), then tones (level, falling, asking, broken, rising, heavy),
/// upper and lower case alike. A space sorts before every letter.
pub(crate) fn vietnamese_key(name: &str) -> (Vec<u16>, Vec<u8>) {
    let mut letters: Vec<u16> = Vec::with_capacity(name.len());
    let mut tones = Vec::new();
    for c in nfc(name).chars().flat_map(char::to_lowercase).nfd() {
        let tone = match c {
            '\u{300}' => 1,
            '\u{309}' => 2,
            '\u{303}' => 3,
            '\u{301}' => 4,
            '\u{323}' => 5,
            _ => 0,
        };
        if tone > 0 {
            if let Some(last) = tones.last_mut() {
                *last = tone;
            }
            continue;
        }
        // Marks of quality come after their letter: breve (ă), circumflex
        // (â ê ô), horn (ơ ư). Each letter has four places.
        if let (Some(quality), Some(last)) = (quality(c), letters.last_mut()) {
            *last |= quality;
            continue;
        }
        let Some(letter) = letter(c) else { continue };
        // Several signs in a row sort as one space.
        if letter == 0 && letters.last() == Some(&0) {
            continue;
        }
        letters.push(letter);
        tones.push(0);
    }
    (letters, tones)
}

fn quality(c: char) -> Option<u16> {
    match c {
        '\u{306}' => Some(1),
        '\u{302}' => Some(2),
        '\u{31B}' => Some(3),
        _ => None,
    }
}

fn letter(c: char) -> Option<u16> {
    match c {
        '0'..='9' => u16::try_from(u32::from(c) - u32::from('0')).ok().map(|digit| 4 + digit * 4),
        // `đ` takes the place of a `d` with a mark.
        'đ' => Some(64 + 3 * 4 + 1),
        'a'..='z' => u16::try_from(u32::from(c) - u32::from('a')).ok().map(|place| 64 + place * 4),
        c if c.is_alphabetic() => u16::try_from(u32::from(c)).ok().map(|code| code.saturating_add(1000)),
        c if c.is_alphanumeric() => None,
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_a_dictionary_does() {
        let mut names = vec![
            "Đăng ký",
            "Dân sự",
            "Ân xá",
            "An toàn",
            "Ăn uống",
            "Cấp lại",
            "Cấp đổi",
            "Cáp treo",
            "Ông",
            "Ơn",
            "Oan",
        ];
        names.sort_by_key(|name| vietnamese_key(name));
        assert_eq!(
            names,
            ["An toàn", "Ăn uống", "Ân xá", "Cáp treo", "Cấp đổi", "Cấp lại", "Dân sự", "Đăng ký", "Oan", "Ông", "Ơn"]
        );
    }

    #[test]
    fn tones_decide_last() {
        let mut names = vec!["má", "mạ", "ma", "mã", "mả", "mà", "mả b", "ma c"];
        names.sort_by_key(|name| vietnamese_key(name));
        assert_eq!(names, ["ma", "mà", "mả", "mã", "má", "mạ", "mả b", "ma c"]);
    }
}
