//! What the citizens' pages offer first.

use std::collections::BTreeMap;

use gateway_core::domain::ProcedureCode;
use gateway_pages::{LifeEvent, Shelf};
use serde::Deserialize;

/// So many links a page offers at most: more help nobody.
const MOST: usize = 24;

/// The front page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagesSection {
    most_asked: Vec<String>,
    events: BTreeMap<String, Vec<String>>,
}

impl PagesSection {
    /// The procedures that are offered without a search.
    pub(crate) fn shelf(&self) -> Result<Shelf, String> {
        let mut events = Vec::new();
        for event in LifeEvent::ALL {
            let name = event.key();
            if let Some(listed) = self.events.get(name) {
                events.push((event, codes(&format!("pages.events.{name}"), listed)?));
            }
        }
        if let Some(name) = self.events.keys().find(|name| LifeEvent::from_key(name).is_none()) {
            let known: Vec<&str> = LifeEvent::ALL.iter().map(|event| event.key()).collect();
            return Err(format!("pages.events.{name}: known are {}", known.join(", ")));
        }
        Ok(Shelf { most_asked: codes("pages.most_asked", &self.most_asked)?, events })
    }
}

fn codes(setting: &str, listed: &[String]) -> Result<Vec<ProcedureCode>, String> {
    if listed.len() > MOST {
        return Err(format!("{setting}: at most {MOST}"));
    }
    let parse =
        |code: &String| ProcedureCode::parse(code).map_err(|_| format!("{setting}: {code} is no procedure's code"));
    listed.iter().map(parse).collect()
}

#[cfg(test)]
mod tests {
    use figment::Figment;
    use figment::providers::{Format as _, Toml};

    use super::*;

    fn shelf(toml: &str) -> Result<Shelf, String> {
        Figment::from(Toml::string(toml)).extract::<PagesSection>().unwrap().shelf()
    }

    #[test]
    fn what_is_offered_is_known_and_not_too_much() {
        let good = shelf("most_asked = [\"1.001193\"]\n[events]\nchild = [\"1.001193\", \"1.001022\"]").unwrap();
        assert_eq!((good.most_asked.len(), good.events.len()), (1, 1));
        assert!(
            shelf("most_asked = [\"khai sinh\"]\n[events]").unwrap_err().starts_with("pages.most_asked: khai sinh")
        );
        assert!(
            shelf("most_asked = []\n[events]\nchidl = []").unwrap_err().starts_with("pages.events.chidl: known are")
        );
        let many = format!("most_asked = [{}]\n[events]", "\"1.001193\",".repeat(25));
        assert_eq!(shelf(&many).unwrap_err(), "pages.most_asked: at most 24");
    }
}
