//! Names that the catalogue and the directory know in more than one language.
//! Whoever does not read Vietnamese is given the English one, where somebody
//! wrote it; a Vietnamese name is better than none.

use gateway_core::desk::DossierReply;
use gateway_core::domain::{Agency, Locale, Procedure};

/// The English text where the language is not Vietnamese and there is one.
fn english(text: Option<&str>, locale: Locale) -> Option<&str> {
    text.filter(|text| locale != Locale::VI && !text.trim().is_empty())
}

/// A procedure's name for a button, a list or a small screen. It is not
/// cleaned: see [`shown`](crate::shown).
pub fn procedure_name(procedure: &Procedure, locale: Locale) -> &str {
    let short = if procedure.short_name.trim().is_empty() { &procedure.name } else { &procedure.short_name };
    english(procedure.english_name.as_deref(), locale).unwrap_or(short)
}

/// An agency's name. It is not cleaned: see [`shown`](crate::shown).
pub fn agency_name(agency: &Agency, locale: Locale) -> &str {
    english(agency.english.as_deref(), locale).unwrap_or(&agency.name)
}

/// The name of a dossier's procedure: the catalogue's, else the source's own;
/// `None` where it is not known, and where it is withheld.
pub fn procedure_of(reply: &DossierReply, locale: Locale) -> Option<&str> {
    if reply.name_withheld {
        return None;
    }
    match &reply.procedure {
        Some(procedure) => Some(procedure_name(procedure, locale)),
        None => reply.procedure_name(),
    }
}

/// Where a dossier lies: as the directory names it, else as the source does.
pub fn agency_of(reply: &DossierReply, locale: Locale) -> Option<&str> {
    match &reply.handled_by {
        Some(agency) => Some(agency_name(agency, locale)),
        None => reply.dossier.agency.as_deref(),
    }
}
