//! How much two folded texts resemble one another.

use assistant_nlu::understanding::content_words;

/// A folded text, taken apart for comparisons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its characters in threes, each once, sorted.
    threes: Vec<u64>,
    /// Its words that name a matter, in their order.
    pub(super) content: Vec<String>,
}

impl Shape {
    pub(super) fn of(folded: &str) -> Self {
        let letters: Vec<char> = std::iter::once('_').chain(folded.chars()).chain(['_']).collect();
        let mut threes: Vec<u64> = letters
            .windows(3)
            .map(|three| three.iter().fold(0, |packed, letter| (packed << 21) | u64::from(u32::from(*letter))))
            .collect();
        threes.sort_unstable();
        threes.dedup();
        Self { threes, content: content_words(folded).map(str::to_owned).collect() }
    }

    /// The share of threes that both have, of those that either has (Jaccard),
    /// in thousandths.
    pub(super) fn likeness(&self, other: &Self) -> usize {
        let both = common(&self.threes, &other.threes);
        let either = self.threes.len() + other.threes.len() - both;
        both * 1_000 / either.max(1)
    }

    /// How many words that name a matter stand in both.
    pub(super) fn shared_words(&self, other: &Self) -> usize {
        self.content.iter().filter(|word| other.content.contains(word)).count()
    }

    /// They name the same matter: word by word the same, but for one slip of
    /// the finger at most. (*cấp lại* and *cấp đổi* in a long sentence resemble
    /// one another, and are two matters.)
    pub(super) fn same_but_for_a_slip(&self, other: &Self) -> bool {
        let mut differing = self.content.iter().zip(&other.content).filter(|(one, other)| one != other);
        self.content.len() == other.content.len()
            && differing.next().is_none_or(|(one, other)| is_a_slip(one, other))
            && differing.next().is_none()
    }
}

fn common(one: &[u64], other: &[u64]) -> usize {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut both = 0;
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => {
                both += 1;
                one.next();
                other.next();
            }
        }
    }
    both
}

/// One letter more, less or another, or two swapped, in a word of four letters
/// or more: shorter ones are other words then.
fn is_a_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().min(other.len()) < 4 {
        return false;
    }
    let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (a, b) = (one.get(before..).unwrap_or_default(), other.get(before..).unwrap_or_default());
    let swapped = |a: &[char], b: &[char]| match (a, b) {
        ([a1, a2, a_rest @ ..], [b1, b2, b_rest @ ..]) => a1 == b2 && a2 == b1 && a_rest == b_rest,
        _ => false,
    };
    let rest = |text: &[char]| text.get(1..).unwrap_or_default().to_vec();
    rest(a) == rest(b) || a == rest(b) || rest(a) == b || swapped(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter_and_another_word_is_none() {
        for (one, other) in [("sinh", "snih"), ("sinh", "sin"), ("khai", "khaii"), ("phep", "phet")] {
            assert_eq!(is_a_slip(one, other), one.len().min(other.len()) >= 4, "{one} {other}");
        }
        for (one, other) in [("khai", "sinh"), ("lai", "loi"), ("cap", "doi"), ("truong", "thuong e")] {
            assert!(!is_a_slip(one, other), "{one} {other}");
        }
    }

    #[test]
    fn likeness_is_that_of_the_letters_in_threes() {
        let shape = Shape::of("khai sinh cho be");
        assert_eq!(shape.likeness(&shape), 1_000);
        assert_eq!(shape.likeness(&Shape::of("zzz")), 0);
        assert_eq!(Shape::of("").likeness(&Shape::of("")), 0, "nothing resembles nothing");
    }
}
