#![doc = include_str!("../README.md")]

mod book;
mod check;
mod clean;
mod collation;
mod error;
mod figures;
mod gsm;
mod keywords;
mod locales;
mod medium;
mod names;
mod negotiate;
mod render;
mod speech;
mod teller;
mod texts;

pub mod keys;

pub use check::{Finding, check_resources};
pub use clean::shown;
pub use collation::collation_key;
pub use error::LocaleError;
pub use gsm::{is_gsm_basic, septets};
pub use keywords::Keywords;
pub use locales::{Arg, Locales, embedded_files};
pub use medium::{Alphabet, Budget, Medium, Voice};
pub use names::{agency_name, agency_of, procedure_name, procedure_of};
pub use negotiate::negotiate;
pub use render::{ChoiceLabel, Rendered, Renderer, SmsText};
pub use texts::{DisclosedTexts, DossierTexts, MethodTexts, PaperCaseTexts, ProcedureLists, ProcedureTexts};
