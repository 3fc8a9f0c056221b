use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use assistant_nlu::normal::Normal;
use gateway_core::ports::{Lesson, Taught};

use super::likeness::Shape;

/// Nearly the same text, in thousandths of the letters in threes.
const NEARLY: usize = 850;
/// An alias of fewer words that name a matter means something only by itself.
const NAMES: usize = 2;

/// What officers have taught, as it is in effect now. Whoever reads it never
/// waits; a change is seen by the next sentence.
#[derive(Default)]
pub struct Learned(ArcSwap<Lessons>);

#[derive(Default)]
struct Lessons {
    version: i64,
    all: Vec<One>,
    by_text: HashMap<String, usize>,
}

struct One {
    folded: String,
    shape: Shape,
    lesson: Lesson,
}

/// A lesson that a sentence calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it leads to.
    pub lesson: Lesson,
    /// What else stands in the sentence, folded; empty where it is the whole.
    pub rest: String,
}

impl Learned {
    /// With these in effect.
    pub fn of(taught: &Taught) -> Self {
        Self(ArcSwap::from_pointee(Lessons::of(taught)))
    }

    /// Puts these into effect in place of what was.
    pub fn take(&self, taught: &Taught) {
        self.0.store(Arc::new(Lessons::of(taught)));
    }

    /// The version of what is in effect.
    pub fn version(&self) -> i64 {
        self.0.load().version
    }

    /// The lesson that a sentence (normalised, folded) calls for: the one of
    /// these very words, else the longest alias that stands in it, else one of
    /// nearly these words.
    pub fn find(&self, folded: &str) -> Option<Found> {
        self.0.load().find(folded)
    }
}

impl Lessons {
    fn of(taught: &Taught) -> Self {
        let one = |text: &str, lesson: &Lesson| {
            let folded = Normal::of(text).folded().to_owned();
            One { shape: Shape::of(&folded), folded, lesson: lesson.clone() }
        };
        let all: Vec<One> = taught.lessons.iter().map(|(_, text, lesson)| one(text, lesson)).collect();
        let mut by_text = HashMap::with_capacity(all.len());
        for (at, one) in all.iter().enumerate() {
            // Of two that fold alike the first holds.
            by_text.entry(one.folded.clone()).or_insert(at);
        }
        Self { version: taught.version, all, by_text }
    }

    fn find(&self, folded: &str) -> Option<Found> {
        if self.all.is_empty() || folded.is_empty() {
            return None;
        }
        let whole = |one: &One| Found { lesson: one.lesson.clone(), rest: String::new() };
        if let Some(one) = self.by_text.get(folded).and_then(|at| self.all.get(*at)) {
            return Some(whole(one));
        }
        self.within(folded).or_else(|| self.nearly(folded).map(whole))
    }

    fn within(&self, folded: &str) -> Option<Found> {
        let sentence = format!(" {folded} ");
        let stands = |one: &&One| {
            matches!(one.lesson, Lesson::Alias(_))
                && one.shape.content.len() >= NAMES
                && sentence.contains(&format!(" {} ", one.folded))
        };
        // The longest says most; of equals the first.
        let one = self.all.iter().rev().filter(stands).max_by_key(|one| one.folded.len())?;
        let rest = sentence.replacen(&format!(" {} ", one.folded), " ", 1).trim().to_owned();
        Some(Found { lesson: one.lesson.clone(), rest })
    }

    fn nearly(&self, folded: &str) -> Option<&One> {
        // Texts of quite another length cannot be near, and are not taken apart.
        let length = folded.len();
        let mut near = self.all.iter().filter(|one| one.folded.len().abs_diff(length) * 5 <= length).peekable();
        near.peek()?;
        let shape = Shape::of(folded);
        near.map(|one| (one.shape.likeness(&shape), one))
            .filter(|(likeness, one)| *likeness >= NEARLY && one.shape.same_but_for_a_slip(&shape))
            .reduce(|best, other| if other.0 > best.0 { other } else { best })
            .map(|(_, one)| one)
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::ProcedureCode;
    use gateway_core::ports::{ProposalId, TaughtAct};

    use super::*;

    fn alias(code: &str) -> Lesson {
        Lesson::Alias(ProcedureCode::parse(code).unwrap())
    }

    fn learned(lessons: &[(&str, Lesson)]) -> Learned {
        let lessons =
            (1_i64..).zip(lessons).map(|(id, (text, lesson))| (ProposalId(id), (*text).to_owned(), lesson.clone()));
        Learned::of(&Taught { version: 1, lessons: lessons.collect() })
    }

    fn found(learned: &Learned, text: &str) -> Option<(Lesson, String)> {
        learned.find(Normal::of(text).folded()).map(|found| (found.lesson, found.rest))
    }

    #[test]
    fn the_same_words_however_they_are_written() {
        let learned = learned(&[("giấy ra đời", alias("1.001193"))]);
        for text in ["giấy ra đời", "GIAY RA DOI?", "giấy  ra đời!"] {
            assert_eq!(found(&learned, text), Some((alias("1.001193"), String::new())), "{text}");
        }
        assert_eq!(found(&learned, ""), None);
        assert_eq!(found(&Learned::default(), "giấy ra đời"), None);
    }

    #[test]
    fn an_alias_that_names_something_is_found_in_a_sentence_and_the_longest_wins() {
        let learned = learned(&[
            ("chứng minh nguồn gốc", alias("1.001193")),
            ("chứng minh nguồn gốc gỗ rừng", alias("1.000894")),
            ("xuất xứ", Lesson::Utterance(TaughtAct::OpeningHours)),
            ("giấy ấy", alias("1.004194")),
        ]);
        let (lesson, rest) = found(&learned, "phí chứng minh nguồn gốc bao nhiêu").unwrap();
        assert_eq!((lesson, rest.as_str()), (alias("1.001193"), "phi bao nhieu"));
        let (lesson, _) = found(&learned, "chứng minh nguồn gốc gỗ rừng ở đâu").unwrap();
        assert_eq!(lesson, alias("1.000894"));
        assert_eq!(found(&learned, "chứng minh nguồn gốcx ở đâu cho tôi hỏi với"), None, "whole words");
        assert_eq!(found(&learned, "hỏi xuất xứ hàng hóa này"), None, "an utterance is a whole sentence");
        assert_eq!(found(&learned, "tôi cần giấy ấy gấp lắm rồi"), None, "it names nothing by itself");
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven_and_another_matter_is_none() {
        let learned =
            learned(&[("chứng minh nguồn gốc lô hàng thủy sản xuất khẩu", Lesson::Utterance(TaughtAct::Help))]);
        assert!(found(&learned, "chứng minh nguồn gốc lô hàng thủy sản xuất khẩuu").is_some());
        assert_eq!(found(&learned, "chứng minh nguồn gốc lô hàng nông sản xuất khẩu"), None);
    }

    #[test]
    fn what_is_taken_away_is_gone_at_once() {
        let learned = learned(&[("giấy ra đời", alias("1.001193"))]);
        learned.take(&Taught { version: 2, lessons: Vec::new() });
        assert_eq!((found(&learned, "giấy ra đời"), learned.version()), (None, 2));
    }
}
