//! People's words for the procedures of the national data base, by code
//! (`data/aliases/*.tsv`): our own writing. The names and facts come with the
//! import; how people ask for them is known here.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The files, by name.
pub const ALIAS_FILES: [(&str, &str); 4] = [
    ("agriculture-environment", include_str!("../data/aliases/agriculture-environment.tsv")),
    ("construction-transport-bank", include_str!("../data/aliases/construction-transport-bank.tsv")),
    ("finance", include_str!("../data/aliases/finance.tsv")),
    ("security-justice", include_str!("../data/aliases/security-justice.tsv")),
];

/// The same in English: code and phrases.
pub const ENGLISH_FILES: [(&str, &str); 2] = [
    ("english-1", include_str!("../data/aliases/english-1.tsv")),
    ("english-2", include_str!("../data/aliases/english-2.tsv")),
];

/// Whole questions of citizens, by what they ask for: code and questions. They
/// are searched, never shown.
pub(crate) const QUESTION_FILES: [(&str, &str); 3] = [
    ("questions-1", include_str!("../data/aliases/questions-1.tsv")),
    ("questions-2", include_str!("../data/aliases/questions-2.tsv")),
    ("questions-3", include_str!("../data/aliases/questions-3.tsv")),
];

/// Whole questions: code and questions.
pub fn question_lines() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = QUESTION_FILES.iter().flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| line.split_once('\t')).map(|(code, said)| (code.trim(), phrases(said)))
}

/// The questions for a code without its local suffix.
pub(crate) fn questions(national: &str) -> impl Iterator<Item = &'static str> {
    static QUESTIONS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        let lines = QUESTION_FILES.iter().flat_map(|(_, text)| text.lines());
        lines.filter_map(|line| line.split_once('\t')).map(|(code, said)| (code.trim(), said)).collect()
    });
    phrases(QUESTIONS.get(national).copied().unwrap_or_default())
}

/// What is known of one code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// How often people ask for it: 0 (agencies among themselves) to 5.
    asked: u8,
    phrases: &'static str,
    english: &'static str,
}

impl Known {
    /// For ranking: 1 is ordinary.
    pub(crate) fn prior(self) -> f32 {
        match self.asked {
            0 => 0.4,
            1 => 0.7,
            2 => 1.0,
            3 => 1.5,
            4 => 2.0,
            _ => 2.6,
        }
    }

    pub(crate) fn phrases(self) -> impl Iterator<Item = &'static str> {
        phrases(self.phrases).chain(phrases(self.english))
    }
}

fn phrases(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('|').map(str::trim).filter(|phrase| !phrase.is_empty())
}

/// Every line: code, how often it is asked for (0–5), phrases.
pub fn alias_lines() -> impl Iterator<Item = (&'static str, u8, impl Iterator<Item = &'static str>)> {
    ALIAS_FILES.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| {
        let mut columns = line.split('\t');
        let (code, asked, said) = (columns.next()?, columns.next()?, columns.next()?);
        Some((code.trim(), asked.trim().parse().ok()?, phrases(said)))
    })
}

/// English phrases: code and phrases.
pub fn english_lines() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = ENGLISH_FILES.iter().flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| line.split_once('\t')).map(|(code, said)| (code.trim(), phrases(said)))
}

/// What is known of a code without its local suffix.
pub(crate) fn known(national: &str) -> Option<Known> {
    static KNOWN: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
        let english: HashMap<&str, &'static str> = ENGLISH_FILES
            .iter()
            .flat_map(|(_, text)| text.lines())
            .filter_map(|line| line.split_once('\t'))
            .map(|(code, said)| (code.trim(), said))
            .collect();
        let lines = ALIAS_FILES.iter().flat_map(|(_, text)| text.lines());
        lines
            .filter_map(|line| {
                let mut columns = line.split('\t');
                let (code, asked, phrases) = (columns.next()?, columns.next()?, columns.next()?);
                let code = code.trim();
                let english = english.get(code).copied().unwrap_or_default();
                Some((code, Known { asked: asked.trim().parse().ok()?, phrases, english }))
            })
            .collect()
    });
    KNOWN.get(national).copied()
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::ProcedureCode;
    use gateway_core::text::nfc;

    use super::*;

    #[test]
    fn every_line_can_be_read_and_no_code_stands_twice() {
        let lines: Vec<&str> = ALIAS_FILES.iter().flat_map(|(_, text)| text.lines()).collect();
        assert_eq!(alias_lines().count(), lines.len());
        assert!(lines.len() > 2_600, "{}", lines.len());
        let mut seen = std::collections::HashSet::new();
        for (code, asked, phrases) in alias_lines() {
            assert!(seen.insert(code), "{code} stands twice");
            assert!(ProcedureCode::parse(code).is_ok_and(|read| read.as_str() == code), "{code}");
            assert!(asked <= 5, "{code}");
            let phrases: Vec<&str> = phrases.collect();
            assert!((1..=20).contains(&phrases.len()), "{code}: {}", phrases.len());
            for phrase in phrases {
                assert!(phrase.chars().count() <= 80 && nfc(phrase) == phrase, "{code}: {phrase}");
            }
        }
    }
}
