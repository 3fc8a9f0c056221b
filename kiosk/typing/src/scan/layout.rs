//! Undoes what a terminal's keyboard layout made of a scanner's keys.
//!
//! A scanner presses the keys of a US keyboard. Where the terminal is set to
//! another layout, other characters arrive. The terminal's image sets US; this
//! is for the day on which somebody changed it.

/// What may have been meant, likeliest first; the text itself is not among
/// them.
pub(super) fn readings(text: &str) -> impl Iterator<Item = String> {
    [vietnamese as fn(&str) -> String, azerty, qwertz]
        .into_iter()
        .map(move |undo| undo(text))
        .filter(move |reading| reading != text)
}

/// The row of digits of the Vietnamese layout (TCVN 5712, as Windows and X11
/// have it): `ă â ê ô`, five tones, `đ`.
fn vietnamese(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;

    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // The terminal may have set a tone on the letter before.
        let mut digits = String::new();
        let mut rest = String::new();
        for part in std::iter::once(c).nfd() {
            match part {
                '\u{300}' => digits.push('5'),
                '\u{309}' => digits.push('6'),
                '\u{303}' => digits.push('7'),
                '\u{301}' => digits.push('8'),
                '\u{323}' => digits.push('9'),
                part => rest.push(part),
            }
        }
        let letter: String = rest.nfc().collect();
        match letter.as_str() {
            "ă" | "Ă" => out.push('1'),
            "â" | "Â" => out.push('2'),
            "ê" | "Ê" => out.push('3'),
            "ô" | "Ô" => out.push('4'),
            "đ" | "Đ" => out.push('0'),
            "ư" | "Ư" => out.push('['),
            "ơ" | "Ơ" => out.push(']'),
            "₫" => out.push('='),
            letter => out.push_str(letter),
        }
        out.push_str(&digits);
    }
    out
}

fn azerty(text: &str) -> String {
    map(text, |c| match c {
        'à' => '0',
        '&' => '1',
        'é' => '2',
        '"' => '3',
        '\'' => '4',
        '(' => '5',
        '-' => '6',
        'è' => '7',
        '_' => '8',
        'ç' => '9',
        ')' => '-',
        ':' => '.',
        '!' => '/',
        'M' => ':',
        'µ' => '|',
        'a' => 'q',
        'q' => 'a',
        'A' => 'Q',
        'Q' => 'A',
        'w' => 'z',
        'z' => 'w',
        'W' => 'Z',
        'Z' => 'W',
        ',' => 'm',
        '?' => 'M',
        other => other,
    })
}

fn qwertz(text: &str) -> String {
    map(text, |c| match c {
        'ß' => '-',
        '-' => '/',
        'Ö' => ':',
        '\'' => '|',
        'z' => 'y',
        'y' => 'z',
        'Z' => 'Y',
        'Y' => 'Z',
        other => other,
    })
}

fn map(text: &str, undo: impl Fn(char) -> char) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(text.chars().map(undo));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_of_digits() {
        assert_eq!(vietnamese("đ\u{303}\u{323}đ\u{301}\u{300}đđăâêô"), "079085001234");
        assert_eq!(vietnamese("ố\u{309}"), "486");
        assert_eq!(azerty("àèçà_(àà&é\"'"), "079085001234");
        assert_eq!(qwertz("H09.17ß210819ß0012"), "H09.17-210819-0012");
    }
}
