use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;

use super::{DossierNumber, Locale};

/// A period of validity; an open end is `None`. Both ends are inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyPeriod {
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default)]
    pub until: Option<Date>,
}

impl AgencyPeriod {
    /// Whether the day lies within.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// An agency that receives dossiers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// The identification code (`000.00.17.H09`).
    pub code: String,
    /// The official name.
    pub name: String,
    /// English name, where there is one.
    #[serde(default)]
    pub english: Option<String>,
    /// Street address of its desk.
    #[serde(default)]
    pub address: Option<String>,
    /// The desk's public telephone, as printed.
    #[serde(default)]
    pub phone: Option<Arc<str>>,
    /// When it existed under this name.
    #[serde(default)]
    pub valid: AgencyPeriod,
    /// The code of the agency that carries on its work.
    #[serde(default)]
    pub succeeded_by: Option<String>,
}

/// A province and the code that ends its agencies' codes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// `H09`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When it existed.
    #[serde(default)]
    pub valid: AgencyPeriod,
    /// The province that it was merged into: its code, or its name where no
    /// code is known.
    #[serde(default)]
    pub merged_into: Option<String>,
    /// Where to ask about its dossiers (a hotline or portal, as text).
    #[serde(default)]
    pub ask_at: Option<String>,
}

/// Whose dossier a number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// An authority that this portal serves.
    Served,
    /// Another authority's: its name where it is known, and where to ask.
    Elsewhere {
        /// The authority's name, where the configuration knows it.
        authority: Option<Arc<str>>,
        /// Where to ask, where the configuration knows it.
        ask_at: Option<Arc<str>>,
    },
}

/// Provinces and agencies, with validity dates: configuration.
#[derive(Debug, Clone, Default)]
pub struct AgencyDirectory {
    provinces: Vec<Province>,
    agencies: Vec<Arc<Agency>>,
    /// Places in `agencies`: asked for with every dossier.
    by_code: HashMap<String, usize>,
    /// The same by official name: what `DonViXuLy` mostly holds.
    by_name: HashMap<String, usize>,
    served: Vec<String>,
    national_ask_at: Option<String>,
}

impl AgencyDirectory {
    /// A directory. `served` holds the province codes whose dossiers this
    /// portal holds; `national_ask_at` is where ministries' dossiers are asked for.
    pub fn new(
        provinces: Vec<Province>,
        agencies: Vec<Agency>,
        served: Vec<String>,
        national_ask_at: Option<String>,
    ) -> Self {
        let by_code = agencies.iter().enumerate().map(|(place, agency)| (agency.code.clone(), place)).collect();
        let by_name = agencies.iter().enumerate().map(|(place, agency)| (agency.name.clone(), place)).collect();
        let agencies = agencies.into_iter().map(Arc::new).collect();
        Self { provinces, agencies, by_code, by_name, served, national_ask_at }
    }

    /// Whose dossier this is. Numbers without a province part (older receipt
    /// forms) count as served: they were configured by this province.
    pub fn standing(&self, number: &DossierNumber, today: Date) -> Standing {
        if number.is_other_authority() {
            return Standing::Elsewhere {
                authority: number
                    .agency_code()
                    .and_then(|code| self.agency(code))
                    .map(|agency| agency.name.as_str().into()),
                ask_at: self.national_ask_at.as_deref().map(Into::into),
            };
        }
        let Some(code) = number.province() else { return Standing::Served };
        if self.served.iter().any(|served| served == code) {
            return Standing::Served;
        }
        let province = self.province(code);
        let heir = province.filter(|province| !province.valid.contains(today)).and_then(|province| {
            let merged_into = province.merged_into.as_deref()?;
            Some((merged_into, self.province(merged_into)))
        });
        let authority = match (province, heir) {
            (Some(province), Some((name, heir))) => {
                let name = heir.map_or(name, |heir| heir.name.as_str());
                Some(format!("{name} ({})", province.name).into())
            }
            (Some(province), None) => Some(province.name.as_str().into()),
            (None, _) => None,
        };
        let ask_at = heir
            .and_then(|(_, heir)| heir?.ask_at.as_deref())
            .or_else(|| province.and_then(|province| province.ask_at.as_deref()))
            .or(self.national_ask_at.as_deref())
            .map(Into::into);
        Standing::Elsewhere { authority, ask_at }
    }

    fn province(&self, code: &str) -> Option<&Province> {
        self.provinces.iter().find(|province| province.code == code)
    }

    /// The agency of a code, whatever the date.
    pub fn agency(&self, code: &str) -> Option<&Arc<Agency>> {
        self.by_code.get(code).and_then(|&place| self.agencies.get(place))
    }

    /// What an agency is called in a language; its code where nobody gave it a name.
    pub fn name_of<'a>(&'a self, code: &'a str, locale: Locale) -> &'a str {
        let Some(agency) = self.agency(code) else { return code };
        let english = agency.english.as_deref().filter(|_| locale == Locale::EN);
        english.unwrap_or(&agency.name)
    }

    /// The agency that a source names, by its official name or its code.
    pub fn agency_named(&self, text: &str) -> Option<&Arc<Agency>> {
        let text = text.trim();
        self.by_name.get(text).and_then(|&place| self.agencies.get(place)).or_else(|| self.agency(text))
    }

    /// The agency that does the work of this code's agency on a day: itself,
    /// or its successor (followed at most eight times).
    pub fn agency_on(&self, code: &str, day: Date) -> Option<&Arc<Agency>> {
        let mut agency = self.agency(code)?;
        for _ in 0..8 {
            match &agency.succeeded_by {
                Some(heir) if !agency.valid.contains(day) => agency = self.agency(heir)?,
                _ => break,
            }
        }
        Some(agency)
    }

    /// The agencies that exist on a day, in the order of the configuration.
    pub fn agencies_on(&self, day: Date) -> impl Iterator<Item = &Arc<Agency>> {
        self.agencies.iter().filter(move |agency| agency.valid.contains(day))
    }

    /// All agencies.
    pub fn agencies(&self) -> &[Arc<Agency>] {
        &self.agencies
    }

    /// The province codes that this portal serves.
    pub fn served(&self) -> &[String] {
        &self.served
    }
}
