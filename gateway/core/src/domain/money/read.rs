use super::{Money, MoneyError};
use crate::text::{latin_base, nfc, strip_width};

/// A sentence is read no further than this, in bytes.
const LONGEST_TEXT: usize = 10_000;
const MOST_AMOUNTS: usize = 50;
/// More digits than any amount has.
const MOST_DIGITS: usize = 18;

/// Words after `đồng` that make it no currency: *đồng hồ*, *đồng thừa kế* …
const NOT_CURRENCY: [&str; 12] =
    ["ho", "thua", "chi", "chu", "y", "so", "nghiep", "phuc", "tac", "bao", "huong", "mon"];
/// Words after a bare `triệu`, `nghìn` … that leave it an amount.
const PHRASE_ENDS: [&str; 20] = [
    "a", "ah", "ha", "hay", "hoac", "k", "khong", "ko", "la", "moi", "mot", "nha", "nhe", "phai", "roi", "thi", "thoi",
    "va", "voi", "vay",
];

/// A decimal number as written: `int` and `frac / 10^frac_digits`.
struct Number {
    int: i64,
    frac: i64,
    frac_digits: u32,
    /// A comma with three digits behind it: thousands or a fraction. (A point
    /// groups thousands in Vietnamese.)
    could_be_fraction: bool,
}

/// What makes a number money, and the place behind it.
struct Unit {
    times: i64,
    kind: UnitKind,
    next: usize,
}

#[derive(PartialEq)]
enum UnitKind {
    Currency,
    /// `k`, `nghìn`, `triệu` …
    Multiplier,
}

/// The text is one amount.
pub(super) fn whole(text: &str) -> Result<Money, MoneyError> {
    let chars = chars_of(text);
    let start = skip_space(&chars, 0);
    if start == chars.len() {
        return Err(MoneyError::Empty);
    }
    if chars.get(start).is_some_and(|c| matches!(c, '-' | '−'))
        && chars.get(start + 1).is_some_and(char::is_ascii_digit)
    {
        return Err(MoneyError::OutOfRange);
    }
    let (amount, next, _) = amount_at(&chars, start)?.ok_or(MoneyError::NotAnAmount)?;
    let mut rest = skip_space(&chars, next);
    rest += usize::from(chars.get(rest) == Some(&'.'));
    if skip_space(&chars, rest) != chars.len() {
        return Err(MoneyError::NotAnAmount);
    }
    Ok(amount)
}

/// Every amount in a sentence.
pub(super) fn all(text: &str) -> Vec<Money> {
    let end = text.floor_char_boundary(LONGEST_TEXT);
    let chars = chars_of(text.get(..end).unwrap_or_default());
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() && found.len() < MOST_AMOUNTS {
        if !chars.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
            continue;
        }
        if begins_number(&chars, at)
            && let Ok(Some((amount, next, named))) = amount_at(&chars, at)
            && named
        {
            found.push(amount);
            at = next;
        } else {
            at = number_at(&chars, at).map_or(at, |(_, next)| next).max(at + 1);
            while chars.get(at).is_some_and(char::is_ascii_digit) {
                at += 1;
            }
        }
    }
    found
}

fn chars_of(text: &str) -> Vec<char> {
    nfc(text).chars().map(strip_width).collect()
}

/// Not inside another number, a date or the number of a decree.
fn begins_number(chars: &[char], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|i| chars.get(i)).copied();
    match before(1) {
        Some(c) if c.is_ascii_digit() => false,
        Some('.' | ',' | '/') => !before(2).is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

/// An amount, the place behind it, and whether a unit named it as money.
/// `Err` where the number is money that is out of range or not whole.
fn amount_at(chars: &[char], at: usize) -> Result<Option<(Money, usize, bool)>, MoneyError> {
    let Some((number, next)) = number_at(chars, at) else { return Ok(None) };
    let Some(unit) = unit_at(chars, next, number.int) else {
        return dong(&number, 1).map(|amount| Some((amount, next, false)));
    };
    if unit.kind == UnitKind::Currency {
        return dong(&number, 1).map(|amount| Some((amount, unit.next, true)));
    }
    if number.could_be_fraction && unit.times >= 1_000_000 {
        // `1,250 triệu` may be 1.25 or 1,250 million: better unread than wrong.
        return Ok(None);
    }
    let mut total = dong(&number, unit.times)?;
    let mut next = unit.next;
    let mut times = unit.times;
    // `1tr5`, then `1 triệu 500 nghìn`
    if times == 1_000_000
        && let Some((tail, after)) = digits_at(chars, next, 3)
        && !chars.get(after).is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ','))
    {
        let scale = 1_000_000 / 10_i64.pow(u32::try_from(after - next).unwrap_or(0));
        total = add(total, Money::from_dong(tail * scale)?)?;
        next = after;
    }
    while let Some((part, after, smaller)) = smaller_part(chars, skip_space(chars, next), times) {
        total = add(total, part)?;
        next = after;
        times = smaller;
    }
    let named = match unit_at(chars, next, i64::MAX) {
        Some(currency) if currency.kind == UnitKind::Currency => {
            next = currency.next;
            true
        }
        _ => ends_phrase(chars, next),
    };
    Ok(Some((total, next, named)))
}

/// `500 nghìn` after `1 triệu`: a number with a smaller multiplier.
fn smaller_part(chars: &[char], at: usize, than: i64) -> Option<(Money, usize, i64)> {
    let (number, next) = number_at(chars, at)?;
    let unit = unit_at(chars, next, number.int)?;
    if unit.kind == UnitKind::Currency || unit.times >= than || number.int >= 1_000 {
        return None;
    }
    Some((dong(&number, unit.times).ok()?, unit.next, unit.times))
}

fn add(a: Money, b: Money) -> Result<Money, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::OutOfRange)
}

fn dong(number: &Number, times: i64) -> Result<Money, MoneyError> {
    let whole = number.int.checked_mul(times).ok_or(MoneyError::OutOfRange)?;
    let power = 10_i64.pow(number.frac_digits);
    let part = number.frac.checked_mul(times).ok_or(MoneyError::OutOfRange)?;
    if part % power != 0 {
        return Err(MoneyError::Fraction);
    }
    Money::from_dong(whole.checked_add(part / power).ok_or(MoneyError::OutOfRange)?)
}

/// At most `most` digits and the place behind them.
fn digits_at(chars: &[char], at: usize, most: usize) -> Option<(i64, usize)> {
    let mut value = 0_i64;
    let mut end = at;
    while let Some(digit) = chars.get(end).and_then(|c| c.to_digit(10)) {
        if end - at == most {
            return None;
        }
        value = value * 10 + i64::from(digit);
        end += 1;
    }
    (end > at).then_some((value, end))
}

/// `8000`, `8.000`, `8,000.50`, `15 000`: groups of digits with one separator
/// between them.
fn number_at(chars: &[char], at: usize) -> Option<(Number, usize)> {
    let (first, mut end) = digits_at(chars, at, MOST_DIGITS)?;
    let first_digits = end - at;
    let mut groups: Vec<(char, i64, usize)> = Vec::new();
    while let Some(separator) = chars.get(end).copied() {
        let spaced = matches!(separator, ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}');
        if !spaced && !matches!(separator, '.' | ',') {
            break;
        }
        let Some((value, next)) = digits_at(chars, end + 1, MOST_DIGITS) else { break };
        // A plain space joins only round thousands: `15 000 đồng`.
        if spaced && (next - end != 4 || first_digits > 3 || (separator == ' ' && value != 0)) {
            break;
        }
        if groups.len() == 6 {
            return None;
        }
        groups.push((if spaced { ' ' } else { separator }, value, next - end - 1));
        end = next;
    }
    interpret(first, first_digits, &groups).map(|number| (number, end))
}

fn interpret(first: i64, first_digits: usize, groups: &[(char, i64, usize)]) -> Option<Number> {
    let join = |groups: &[(char, i64, usize)]| -> Option<i64> {
        groups.iter().try_fold(first, |sum, (_, value, _)| sum.checked_mul(1_000)?.checked_add(*value))
    };
    let thousands = |groups: &[(char, i64, usize)]| {
        (1..=3).contains(&first_digits)
            && groups.first().is_some_and(|(separator, ..)| groups.iter().all(|(s, _, n)| s == separator && *n == 3))
    };
    let number = |int, frac, digits: usize, could_be_fraction| {
        let frac_digits = u32::try_from(digits).ok().filter(|n| *n <= 6)?;
        Some(Number { int, frac, frac_digits, could_be_fraction })
    };
    match groups {
        [] => number(first, 0, 0, false),
        [(separator, ..)] if thousands(groups) && first > 0 => number(join(groups)?, 0, 0, *separator == ','),
        // `3000.000` may be three million with a point lost: better unread.
        [(_, value, digits)] => {
            if *digits <= 2 || first == 0 {
                number(first, *value, *digits, false)
            } else {
                None
            }
        }
        _ if thousands(groups) => number(join(groups)?, 0, 0, false),
        [before @ .., (separator, value, digits)] => {
            let fraction = thousands(before)
                && before.iter().all(|(s, ..)| s != separator)
                && *separator != ' '
                && (*digits != 3 || before.len() > 1);
            if fraction { number(join(before)?, *value, *digits, false) } else { None }
        }
    }
}

/// The unit behind a number. `value` is the number before it: small counts
/// are not trusted with every unit.
fn unit_at(chars: &[char], at: usize, value: i64) -> Option<Unit> {
    let start = skip_space(chars, at);
    let glued = start == at;
    let currency = |next| Some(Unit { times: 1, kind: UnitKind::Currency, next });
    if chars.get(start) == Some(&'₫') {
        return currency(start + 1);
    }
    let (word, next) = word_at(chars, start)?;
    let stroke = chars.get(start).is_some_and(|c| matches!(c, 'đ' | 'Đ'));
    let times = match word.as_str() {
        "vnd" => return currency(next),
        "d" if stroke || (glued && value >= 500) => return currency(next),
        "dong" => {
            let counted = value < 1_000
                && word_at(chars, skip_space(chars, next)).is_some_and(|(w, _)| NOT_CURRENCY.contains(&w.as_str()));
            return if counted { None } else { currency(next) };
        }
        "viet" => return vietnamese_dong(chars, next).and_then(currency),
        "k" if glued => 1_000,
        "nghin" | "ngan" => 1_000,
        "tr" | "trieu" => 1_000_000,
        "ty" | "ti" => 1_000_000_000,
        _ => return None,
    };
    Some(Unit { times, kind: UnitKind::Multiplier, next })
}

/// `Nam Đồng` after `Việt`.
fn vietnamese_dong(chars: &[char], at: usize) -> Option<usize> {
    let (nam, next) = word_at(chars, skip_space(chars, at))?;
    let (dong, next) = word_at(chars, skip_space(chars, next))?;
    (nam == "nam" && dong == "dong").then_some(next)
}

/// Letters of one word, folded, and the place behind it. No unit is longer
/// than eight letters.
fn word_at(chars: &[char], at: usize) -> Option<(String, usize)> {
    let mut word = String::new();
    let mut end = at;
    while let Some(c) = chars.get(end).copied().filter(|c| c.is_alphabetic()) {
        if word.len() >= 8 {
            return None;
        }
        word.push(latin_base(c).unwrap_or(c).to_ascii_lowercase());
        end += 1;
    }
    (end > at).then_some((word, end))
}

/// Nothing that is counted follows: the end, punctuation, or a word that asks.
fn ends_phrase(chars: &[char], at: usize) -> bool {
    let next = skip_space(chars, at);
    match chars.get(next) {
        None => true,
        Some(c) if c.is_alphabetic() => {
            word_at(chars, next).is_some_and(|(word, _)| PHRASE_ENDS.contains(&word.as_str()))
        }
        Some('%') => false,
        // `2 triệu-dân`
        Some('-') => next != at,
        Some(c) => !c.is_alphanumeric(),
    }
}

fn skip_space(chars: &[char], at: usize) -> usize {
    chars.iter().skip(at).take_while(|c| c.is_whitespace()).count() + at
}
