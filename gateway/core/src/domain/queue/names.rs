use std::collections::BTreeMap;

use crate::domain::Locale;

/// A name in several languages, from the settings; Vietnamese always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    vietnamese: Box<str>,
    others: BTreeMap<Locale, Box<str>>,
}

impl Names {
    /// The longest that fits a printed ticket.
    pub const LONGEST: usize = 80;

    /// Names by language tag. `None` where the Vietnamese one is missing, a tag
    /// is none, or a name is empty, too long or not of one line.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let (mut vietnamese, mut others) = (None, BTreeMap::new());
        for (tag, name) in names {
            let (locale, name) = (Locale::parse(tag)?, name.trim());
            if !(1..=Self::LONGEST).contains(&name.chars().count()) || name.chars().any(char::is_control) {
                return None;
            }
            if locale == Locale::VI {
                vietnamese = Some(name.into());
            } else {
                others.insert(locale, name.into());
            }
        }
        Some(Self { vietnamese: vietnamese?, others })
    }

    /// The name in a language, or in Vietnamese.
    pub fn of(&self, locale: Locale) -> &str {
        self.others.get(&locale).unwrap_or(&self.vietnamese)
    }

    /// Every name.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.vietnamese).chain(self.others.values()).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_without_a_name_has_the_vietnamese_one() {
        let names = Names::new([("vi", "Hộ tịch"), ("en", "Civil status")]).unwrap();
        assert_eq!(names.of(Locale::EN), "Civil status");
        assert_eq!(names.of(Locale::parse("fr").unwrap()), "Hộ tịch");
        assert_eq!(Names::new([("en", "Civil status")]), None);
        assert_eq!(Names::new([("vi", " ")]), None);
        assert_eq!(Names::new([("vi", "Hộ\ntịch")]), None);
    }
}
