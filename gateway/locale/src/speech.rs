//! What is read out by a machine: no symbols, no abbreviations, codes sign by
//! sign.

use jiff::civil::Date;

/// A code to be read out sign by sign, with a pause between its groups:
/// `000.00.17.H09` becomes `0 0 0, 0 0, 1 7, H 0 9`.
pub(crate) fn spell(code: &str) -> String {
    let mut out = String::with_capacity(code.len() * 2 + 8);
    let mut pause = false;
    for c in code.chars() {
        if !c.is_alphanumeric() {
            pause = !out.is_empty();
            continue;
        }
        if pause {
            out.push(',');
        }
        pause = false;
        if !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A text with its telephone numbers and codes spelled: words of at least
/// three digits, with or without capitals, points and hyphens.
pub(crate) fn spell_numbers(text: &str) -> String {
    let spelled = |word: &str| -> String {
        let code = word.trim_end_matches([':', ',', '.', ';']);
        let sign = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b"+-.,()".contains(&b);
        if code.bytes().filter(u8::is_ascii_digit).count() < 3 || !code.bytes().all(sign) {
            return word.to_owned();
        }
        format!("{}{}", spell(code), word.get(code.len()..).unwrap_or_default())
    };
    text.split(' ').map(spelled).collect::<Vec<_>>().join(" ")
}

/// Abbreviations and what they stand for, as the words of a language give them
/// (`UBND = Ủy ban nhân dân | TP. = thành phố`).
#[derive(Debug, Clone, Default)]
pub(crate) struct Shorthand {
    /// Longest abbreviation first: `TP.HCM` before `TP.`.
    pairs: Vec<(String, String)>,
    /// Abbreviations of at least three capitals, known to everybody, with
    /// their phrases in lower case, longest phrase first.
    official: Vec<(String, String)>,
}

impl Shorthand {
    /// Reads the list; what has no `=` is skipped.
    pub(crate) fn read(list: &str) -> Self {
        let mut pairs: Vec<(String, String)> = list
            .split('|')
            .filter_map(|pair| pair.split_once('='))
            .map(|(short, long)| (short.trim().to_owned(), long.trim().to_owned()))
            .filter(|(short, _)| !short.is_empty())
            .collect();
        pairs.sort_by_key(|(short, _)| std::cmp::Reverse(short.len()));
        let mut official: Vec<(String, String)> = pairs
            .iter()
            .filter(|(short, long)| short.chars().filter(|c| c.is_uppercase()).count() >= 3 && !long.is_empty())
            .map(|(short, long)| (short.clone(), long.to_lowercase()))
            .collect();
        official.sort_by_key(|(_, long)| std::cmp::Reverse(long.len()));
        Self { pairs, official }
    }

    /// A text with long official phrases abbreviated (`Ủy ban nhân dân` to
    /// `UBND`), for where every sign counts.
    pub(crate) fn shorten(&self, text: &str) -> String {
        let mut out = text.to_owned();
        let mut lower = out.to_lowercase();
        for (short, long) in &self.official {
            // Vietnamese letters keep their length in either case; where one
            // does not, places in the two texts would differ.
            if lower.len() != out.len() {
                break;
            }
            let Some(at) = lower.find(long.as_str()) else { continue };
            let (Some(before), Some(after)) = (out.get(..at), out.get(at + long.len()..)) else { continue };
            out = format!("{before}{short}{after}");
            lower = out.to_lowercase();
        }
        out
    }

    /// The words for the abbreviation with which `rest` begins. One that ends
    /// in a letter must end there.
    fn at<'a>(&'a self, rest: &str) -> Option<(usize, &'a str)> {
        self.pairs.iter().find_map(|(short, long)| {
            let after = rest.strip_prefix(short.as_str())?;
            let open = short.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
            (!open).then_some((short.len(), long.as_str()))
        })
    }
}

/// A text that holds only letters, digits, spaces, the signs `. , ? ! :` and
/// apostrophes inside words; abbreviations and dates in words.
pub(crate) fn smooth(text: &str, shorthand: &Shorthand, date: impl Fn(Date) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let starts_word = !before.is_alphanumeric();
        // `50%` and `20.000đ` are written together.
        if starts_word || before.is_ascii_digit() {
            if let Some((used, long)) = shorthand.at(rest) {
                if !starts_word {
                    out.push(' ');
                }
                out.push_str(long);
                before = 'x';
                rest = rest.get(used..).unwrap_or_default();
                if rest.starts_with(char::is_alphanumeric) {
                    out.push(' ');
                }
                continue;
            }
            if c.is_ascii_digit()
                && starts_word
                && let Some((used, day)) = date_at(rest)
            {
                push_date(&mut out, &date(day));
                before = '0';
                rest = rest.get(used..).unwrap_or_default();
                continue;
            }
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        let after = rest.chars().next().unwrap_or(' ');
        push_spoken(&mut out, c, before, after);
        before = c;
    }
    tidy(&out)
}

/// `ngày 01/7/2025` is one day, not *ngày ngày 1*.
fn push_date(out: &mut String, words: &str) {
    let first = words.split(' ').next().unwrap_or_default();
    let before = out.trim_end();
    let said = before.to_lowercase().ends_with(first)
        && before.len() > first.len()
        && !before.chars().rev().nth(first.chars().count()).is_some_and(char::is_alphanumeric);
    let words = if said && !first.is_empty() && first.chars().all(char::is_alphabetic) {
        words.get(first.len()..).unwrap_or_default().trim_start()
    } else {
        words
    };
    out.push_str(words);
}

fn push_spoken(out: &mut String, c: char, before: char, after: char) {
    let inside = before.is_alphanumeric() && after.is_alphanumeric();
    match c {
        c if c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '?' | '!' | ':') => out.push(c),
        // `e-mail`, `A1-B2`
        '-' | '_' if inside => out.push(' '),
        // `agency's`
        '\'' | '’' if inside => out.push('\''),
        '/' | '-' | '–' | '—' | '(' | ')' | ';' | '…' | '•' | '|' => out.push(','),
        // Marks of other scripts belong to their letters.
        c if before.is_alphabetic() && !c.is_ascii() && is_mark(c) => {}
        _ => out.push(' '),
    }
}

/// Marks above and below that did not compose; a voice has no use for them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// One space between words, none before a sign, no two signs of pause in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' if out.is_empty() || out.ends_with(' ') => {}
            ',' | '.' | '?' | '!' | ':' => {
                out.truncate(out.trim_end_matches(' ').len());
                match out.chars().next_back() {
                    None => {}
                    // The stronger sign stays.
                    Some(',' | ':') if c != ',' => {
                        out.pop();
                        out.push(c);
                    }
                    Some(',' | '.' | '?' | '!' | ':') => {}
                    Some(_) => out.push(c),
                }
            }
            c => {
                if out.ends_with([',', '?', '!', ':']) && c != ' ' && !goes_on(&out, c) {
                    out.push(' ');
                }
                out.push(c);
            }
        }
    }
    out.truncate(out.trim_end_matches([' ', ',', ':']).len());
    out
}

/// Whether a sign stands inside a figure: `1,5`, `10:31`.
fn goes_on(text: &str, next: char) -> bool {
    let mut back = text.chars().rev();
    matches!(back.next(), Some(',' | ':')) && next.is_ascii_digit() && back.next().is_some_and(|c| c.is_ascii_digit())
}

/// `24/10/2026` at the beginning of a text: how long it is, and the day.
fn date_at(text: &str) -> Option<(usize, Date)> {
    let token: &str = text.split(|c: char| !(c.is_ascii_digit() || c == '/')).next()?;
    let mut parts = token.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || day.len() > 2 || month.len() > 2 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((token.len(), date))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn say(text: &str) -> String {
        let shorthand = Shorthand::read(
            "UBND = Ủy ban nhân dân | TP. = thành phố | TP.HCM = Thành phố Hồ Chí Minh | ông/bà = ông bà | % = phần trăm | đ = đồng",
        );
        smooth(text, &shorthand, |day| format!("ngày {} tháng {} năm {}", day.day(), day.month(), day.year()))
    }

    #[test]
    fn codes_are_spelled_in_groups() {
        assert_eq!(spell("000.00.17.H09-210819-0012"), "0 0 0, 0 0, 1 7, H 0 9, 2 1 0 8 1 9, 0 0 1 2");
        assert_eq!(spell("7K3F"), "7 K 3 F");
        assert_eq!(spell(".-"), "");
        assert_eq!(spell_numbers("Tổng đài 0274.1022"), "Tổng đài 0 2 7 4, 1 0 2 2");
        assert_eq!(spell_numbers("Thủ tục 1.014064: lệ phí"), "Thủ tục 1, 0 1 4 0 6 4: lệ phí");
    }

    #[test]
    fn long_official_phrases_are_abbreviated_for_sms() {
        let shorthand = Shorthand::read(
            "HCC = hành chính công | PVHCC = phục vụ hành chính công | UBND = Ủy ban nhân dân | đ = đồng",
        );
        assert_eq!(shorthand.shorten("Trung tâm Phục vụ hành chính công phường An"), "Trung tâm PVHCC phường An");
        assert_eq!(shorthand.shorten("ủy ban nhân dân xã Đồng Nai"), "UBND xã Đồng Nai");
        assert_eq!(shorthand.shorten("İ ủy ban nhân dân"), "İ ủy ban nhân dân");
    }

    #[test]
    fn abbreviations_and_dates_become_words() {
        assert_eq!(say("UBND TP.Thủ Dầu Một"), "Ủy ban nhân dân thành phố Thủ Dầu Một");
        assert_eq!(say("Ở TP.HCM, ông/bà chờ."), "Ở Thành phố Hồ Chí Minh, ông bà chờ.");
        assert_eq!(say("đến hết 31/12/2026."), "đến hết ngày 31 tháng 12 năm 2026.");
        assert_eq!(say("đến hết ngày 31/12/2026."), "đến hết ngày 31 tháng 12 năm 2026.");
        assert_eq!(say("thu 50% mức 20.000đ"), "thu 50 phần trăm mức 20.000 đồng");
        assert_eq!(say("31/02/2026, 1,5 ngày, lúc 10:31"), "31,02,2026, 1,5 ngày, lúc 10:31");
    }

    #[test]
    fn signs_become_pauses() {
        assert_eq!(say("Lệ phí (nếu có) – xem “ghi chú”; e-mail"), "Lệ phí, nếu có, xem ghi chú, e mail");
        assert_eq!(say("Xong (rồi)."), "Xong, rồi.");
    }

    proptest! {
        #[test]
        fn only_letters_digits_and_pauses_are_left(text in "\\PC{0,120}") {
            let spoken = say(&text);
            prop_assert!(
                spoken.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '?' | '!' | ':' | '\'')),
                "{spoken}"
            );
        }
    }
}
