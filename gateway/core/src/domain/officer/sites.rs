use compact_str::CompactString;

/// The agencies whose conversations and dossiers an officer may see, by their
/// identification codes (`000.00.17.H09`). None named: all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sites(Vec<CompactString>);

impl Sites {
    /// All agencies.
    pub const ALL: Self = Self(Vec::new());

    /// At most so many codes.
    pub const MOST: usize = 200;

    /// Reads codes of letters, digits and dots, each at most 40 long. Nothing
    /// where one of them is not of that form, or there are too many.
    pub fn parse<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut sites = Vec::new();
        for code in codes {
            let code = code.trim();
            let fits =
                (1..=40).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
            if !fits || sites.len() == Self::MOST {
                return None;
            }
            sites.push(CompactString::from(code.to_ascii_uppercase()));
        }
        sites.sort_unstable();
        sites.dedup();
        Some(Self(sites))
    }

    /// The codes, in order; none stands for all agencies.
    pub fn codes(&self) -> &[CompactString] {
        &self.0
    }

    /// Whether what belongs to this agency may be seen.
    pub fn may_see(&self, agency: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|code| code.eq_ignore_ascii_case(agency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_named_is_all_and_one_named_is_that_one() {
        assert!(Sites::ALL.may_see("000.00.17.H09"));
        let sites = Sites::parse(["000.00.17.h09", " 000.00.01.H09", "000.00.17.H09"]).unwrap();
        assert_eq!(sites.codes(), ["000.00.01.H09", "000.00.17.H09"]);
        assert!(sites.may_see("000.00.17.H09") && !sites.may_see("000.00.18.H09"));
        for wrong in ["", "a,b", "H09'"] {
            assert_eq!(Sites::parse([wrong]), None, "{wrong:?}");
        }
    }
}
