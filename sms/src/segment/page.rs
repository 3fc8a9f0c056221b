use super::LEAST_SAID;
use super::cut::{Joined, fitting, is_address, without_leading_blanks, word_around};
use crate::codec::{Alphabet, ReferenceBits};

/// As much of a text as one message may say.
pub(super) struct Page {
    pub(super) alphabet: Alphabet,
    pub(super) reference: ReferenceBits,
    /// How many parts, 1 or more.
    pub(super) most: usize,
}

impl Page {
    /// The parts of a text that takes no more than there may be.
    pub(super) fn whole(&self, text: &str, units: usize) -> Option<Vec<String>> {
        if units <= self.alphabet.single() {
            return Some(vec![text.to_owned()]);
        }
        let room = self.alphabet.joined(self.reference).saturating_mul(self.most);
        if self.most == 1 || units > room {
            return None;
        }
        let mut parts = Vec::with_capacity(self.most);
        for part in Joined::new(text, self.alphabet, self.reference) {
            if parts.len() == self.most {
                return None;
            }
            parts.push(part.to_owned());
        }
        Some(parts)
    }

    /// As many parts of a text as there may be, the last with the hint, and
    /// what they do not say.
    pub(super) fn fill(&self, text: &str, more: &str) -> (Vec<String>, Option<String>) {
        let text = without_leading_blanks(text);
        if let Some(parts) = self.whole(text, self.alphabet.units(text)) {
            return (parts, None);
        }
        let (single, joined) = (self.alphabet.single(), self.alphabet.joined(self.reference));
        let room = if self.most == 1 { single } else { joined };
        let tail = tail(more, self.alphabet, room);
        let (said, rest) = self.part_text(text, room, self.alphabet.units(&tail));
        let units = self.alphabet.units(said) + self.alphabet.units(&tail);
        let parts = if units <= single { vec![format!("{said}{tail}")] } else { self.join(said, &tail) };
        (parts, (!rest.is_empty()).then(|| rest.to_owned()))
    }

    /// What fits beside the hint, and the rest: cut between words.
    fn part_text<'t>(&self, text: &'t str, room: usize, tail: usize) -> (&'t str, &'t str) {
        let mut end = 0;
        for part in 1..=self.most {
            let room = if part == self.most { room.saturating_sub(tail) } else { room };
            end += text.get(end..).map_or(0, |rest| fitting(rest, self.alphabet, room));
        }
        if let Some((start, word)) = word_around(text, end)
            && start > 0
            && (self.alphabet.units(word) <= room || is_address(word))
        {
            end = start;
        }
        let (said, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        (said.trim_end(), without_leading_blanks(rest))
    }

    /// The parts of what is said, the hint whole in the last.
    fn join(&self, said: &str, tail: &str) -> Vec<String> {
        let joined = self.alphabet.joined(self.reference);
        let mut parts: Vec<String> = Joined::new(said, self.alphabet, self.reference).map(str::to_owned).collect();
        match parts.last_mut() {
            Some(last) if self.alphabet.units(last) + self.alphabet.units(tail) <= joined => last.push_str(tail),
            _ => parts.push(tail.to_owned()),
        }
        parts
    }
}

/// The hint after a space, or nothing where it leaves too little room.
fn tail(more: &str, alphabet: Alphabet, room: usize) -> String {
    if more.is_empty() || alphabet.units(more) + 1 + LEAST_SAID > room {
        return String::new();
    }
    format!(" {more}")
}
