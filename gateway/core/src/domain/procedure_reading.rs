//! Reading the published texts of times and fees: what may be said of them
//! without misleading. The traps are those of the national data base.

use jiff::civil::Date;

use super::{Fee, FeeReading, Money, ProcessingTime, TimeUnit};
use crate::text;

const NOT_PUBLISHED: &str = "khong co thong tin";

impl ProcessingTime {
    /// Reads `7 Ngày làm việc`, `1 Giờ`, `1`, `Không có thông tin`. A figure
    /// without a unit stays without one; other texts are kept as they are.
    pub fn read(published: &str) -> Self {
        let folded = text::fold(published);
        if folded.is_empty() || folded == NOT_PUBLISHED {
            return Self::NotPublished;
        }
        let trimmed = published.trim();
        let figure_ends =
            trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(trimmed.len());
        let (figure, unit) = trimmed.split_at(figure_ends);
        let Ok(amount) = figure.replace(',', ".").parse::<f64>() else {
            return Self::Text(trimmed.to_owned());
        };
        let unit = match text::fold(unit).as_str() {
            "" => return Self::UnitNotPublished { amount },
            "gio" => TimeUnit::Hours,
            "gio lam viec" => TimeUnit::WorkingHours,
            "ngay" => TimeUnit::Days,
            "ngay lam viec" => TimeUnit::WorkingDays,
            "thang" => TimeUnit::Months,
            "nam" => TimeUnit::Years,
            _ => return Self::Text(trimmed.to_owned()),
        };
        Self::Published { amount, unit }
    }
}

impl Fee {
    /// Reads a published fee together with its note, because the note may take
    /// back what the fee says.
    pub fn read(published: &str, note: Option<&str>) -> Self {
        let trimmed = published.trim();
        let note = Note::of(note.unwrap_or_default());
        let reading = match text::fold(trimmed).as_str() {
            "" | NOT_PUBLISHED => FeeReading::NotPublished,
            "mien phi" | "0" | "0 vnd" | "0 dong" | "0 viet nam dong" => {
                if note.tells_of_a_fee() {
                    FeeReading::SeeNote
                } else {
                    FeeReading::Free
                }
            }
            folded => match amount_in_dong(trimmed, folded) {
                Some(amount) => {
                    FeeReading::Amount { amount, conditional: note.changes(amount), until: note.last_day() }
                }
                None => FeeReading::Text(trimmed.to_owned()),
            },
        };
        Self { published: (!trimmed.is_empty()).then(|| trimmed.to_owned()), reading }
    }

    /// Whether the rate's period has ended on a day.
    pub fn ended_on(&self, day: Date) -> bool {
        matches!(self.reading, FeeReading::Amount { until: Some(until), .. } if until < day)
    }
}

/// `50,000 Việt Nam Đồng`, `50.000 VNĐ`, `50000 đồng`, `50000`; never another currency.
fn amount_in_dong(published: &str, folded: &str) -> Option<Money> {
    let unit = folded.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ','));
    matches!(unit, "" | "d" | "vnd" | "dong" | "viet nam dong").then(|| published.to_owned()).and_then(|text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<i64>().ok().and_then(|amount| Money::from_dong(amount).ok())
    })
}

/// A note, read once.
struct Note {
    folded: String,
    amounts: Vec<Money>,
    days: Vec<Date>,
}

impl Note {
    fn of(note: &str) -> Self {
        Self { folded: text::fold(note), amounts: Money::find_in(note), days: end_days(note) }
    }

    /// An amount, a fee decree, or a fee left to the provincial council.
    fn tells_of_a_fee(&self) -> bool {
        let names_fee = self.folded.contains("phi");
        !self.amounts.is_empty()
            || self.folded.contains("tt btc")
            || (names_fee
                && ["nd cp", "hoi dong nhan dan", "hdnd", "quy dinh cua dia phuong"]
                    .iter()
                    .any(|word| self.folded.contains(word)))
    }

    /// Other amounts, percentages, halvings or dates: the figure alone would mislead.
    fn changes(&self, amount: Money) -> bool {
        self.amounts.iter().any(|other| *other != amount)
            || !self.days.is_empty()
            || ["giam", "mien", "truong hop", "muc thu", "moi nguoi", "nhan khau", "50 "]
                .iter()
                .any(|word| self.folded.contains(word))
    }

    fn last_day(&self) -> Option<Date> {
        self.days.iter().max().copied()
    }
}

/// Days (`31/12/2026`) that the note names as an end: the words *đến*, *hết*
/// or *trước* stand shortly before them.
fn end_days(note: &str) -> Vec<Date> {
    let words: Vec<&str> = note.split_whitespace().collect();
    let mut days = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let Some(day) = day_of(word) else { continue };
        let before = words.get(place.saturating_sub(4)..place).unwrap_or_default();
        if before.iter().any(|word| matches!(text::fold(word).as_str(), "den" | "het" | "truoc")) {
            days.push(day);
        }
    }
    days
}

fn day_of(word: &str) -> Option<Date> {
    let word = word.trim_matches(|c: char| !c.is_ascii_digit());
    let mut parts = word.split(['/', '-', '.']);
    let day = parts.next()?.parse::<i8>().ok()?;
    let month = parts.next()?.parse::<i8>().ok()?;
    let year = parts.next()?.parse::<i16>().ok()?;
    if parts.next().is_some() || !(1990..=2100).contains(&year) {
        return None;
    }
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_without_a_unit_stays_without_one() {
        assert_eq!(ProcessingTime::read("1"), ProcessingTime::UnitNotPublished { amount: 1.0 });
        assert_eq!(
            ProcessingTime::read("7 Ngày làm việc"),
            ProcessingTime::Published { amount: 7.0, unit: TimeUnit::WorkingDays }
        );
        assert_eq!(ProcessingTime::read("1,5 ngày"), ProcessingTime::Published { amount: 1.5, unit: TimeUnit::Days });
        assert_eq!(ProcessingTime::read("Không có thông tin"), ProcessingTime::NotPublished);
        assert_eq!(ProcessingTime::read("Trong ngày"), ProcessingTime::Text("Trong ngày".into()));
    }

    #[test]
    fn free_is_said_only_where_the_note_agrees() {
        assert_eq!(Fee::read("Miễn phí", None).reading, FeeReading::Free);
        assert_eq!(Fee::read("Miễn phí", Some("Nộp tại trụ sở.")).reading, FeeReading::Free);
        let named = Fee::read("Miễn phí", Some("Lệ phí cấp: 135.000 đồng/lần."));
        assert_eq!(named.reading, FeeReading::SeeNote);
        let decree = Fee::read("Miễn phí", Some("Phí theo Thông tư số 63/2023/TT-BTC"));
        assert_eq!(decree.reading, FeeReading::SeeNote);
        let council = Fee::read("Miễn phí", Some("Mức thu lệ phí do Hội đồng nhân dân cấp tỉnh quyết định"));
        assert_eq!(council.reading, FeeReading::SeeNote);
    }

    #[test]
    fn not_published_is_never_free() {
        assert_eq!(Fee::read("Không có thông tin", Some("…")).reading, FeeReading::NotPublished);
        assert_eq!(Fee::read("", None).reading, FeeReading::NotPublished);
    }

    #[test]
    fn an_amount_carries_its_conditions_and_its_end() {
        let fee = Fee::read("50,000 VNĐ", Some("Giảm 50% mức lệ phí đến hết ngày 31/12/2026."));
        let FeeReading::Amount { amount, conditional, until } = fee.reading.clone() else { panic!("{fee:?}") };
        assert_eq!(amount.amount(), 50_000);
        assert!(conditional);
        assert_eq!(until, Some(date(2026, 12, 31)));
        assert!(!fee.ended_on(date(2026, 12, 31)));
        assert!(fee.ended_on(date(2027, 1, 1)));
    }

    #[test]
    fn another_currency_stays_text() {
        assert_eq!(Fee::read("10 USD", None).reading, FeeReading::Text("10 USD".into()));
    }

    proptest! {
        #[test]
        fn never_panics(published in ".{0,60}", note in ".{0,200}") {
            let _ = ProcessingTime::read(&published);
            let _ = Fee::read(&published, Some(&note));
        }
    }
}
