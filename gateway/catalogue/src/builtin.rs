use std::collections::HashMap;
use std::io::Cursor;

use gateway_core::domain::Procedure;

use crate::aliases;
use crate::format::read_lenient;
use crate::short_name;

const BUILTIN: &str = include_str!("../data/procedures.jsonl");

/// The project's own small catalogue (`data/procedures.jsonl`): the procedures
/// that people ask for most, each with its source and date.
pub fn builtin() -> Vec<Procedure> {
    // The file is compiled in and a test reads it strictly: nothing is rejected.
    read_lenient(Cursor::new(BUILTIN.as_bytes())).map(|loaded| loaded.procedures).unwrap_or_default()
}

/// Gives imported procedures what this room knows of the same codes and the
/// import does not say: people's own words (`data/aliases`), and from the small
/// catalogue the English name, a short name written by hand, how common it is,
/// whether its name is sensitive. Facts (times, fees, papers) are never touched.
pub fn with_builtin_knowledge(mut procedures: Vec<Procedure>) -> Vec<Procedure> {
    let known: HashMap<String, Procedure> =
        builtin().into_iter().map(|procedure| (procedure.code.national().to_owned(), procedure)).collect();
    for procedure in &mut procedures {
        if let Some(words) = aliases::known(procedure.code.national()) {
            for phrase in words.phrases() {
                if !procedure.aliases.iter().any(|alias| alias == phrase) {
                    procedure.aliases.push(phrase.to_owned());
                }
            }
            if is_ordinary(procedure.prior) {
                procedure.prior = words.prior();
            }
        }
        let Some(known) = known.get(procedure.code.national()) else { continue };
        for alias in &known.aliases {
            if !procedure.aliases.contains(alias) {
                procedure.aliases.push(alias.clone());
            }
        }
        if procedure.english_name.is_none() {
            procedure.english_name.clone_from(&known.english_name);
        }
        if procedure.short_name == short_name(&procedure.name) {
            procedure.short_name.clone_from(&known.short_name);
        }
        if !is_ordinary(known.prior) {
            procedure.prior = known.prior;
        }
        procedure.sensitive |= known.sensitive;
    }
    procedures
}

/// Nobody has said how common it is.
fn is_ordinary(prior: f32) -> bool {
    prior.to_bits() == 1.0_f32.to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_catalogue_reads_without_a_fault() {
        let loaded = read_lenient(Cursor::new(BUILTIN.as_bytes())).unwrap();
        assert_eq!(loaded.rejected, []);
        assert!(loaded.procedures.len() >= 45, "{}", loaded.procedures.len());
        for procedure in &loaded.procedures {
            assert!(!procedure.aliases.is_empty(), "{}", procedure.code);
            assert!(procedure.english_name.is_some(), "{}", procedure.code);
            assert!(procedure.as_of.is_some(), "{}", procedure.code);
            assert!(!procedure.methods.is_empty(), "{}", procedure.code);
        }
    }

    #[test]
    fn an_import_learns_words_but_keeps_its_facts() {
        let mut imported = builtin().into_iter().find(|p| p.code.national() == "1.001193").unwrap();
        let own = imported.clone();
        imported.aliases.clear();
        imported.short_name = short_name(&imported.name);
        imported.prior = 1.0;
        imported.methods.clear();
        let taught = with_builtin_knowledge(vec![imported]);
        let [taught] = taught.as_slice() else { panic!("one") };
        assert_eq!(taught.short_name, own.short_name);
        assert!(own.aliases.iter().all(|alias| taught.aliases.contains(alias)), "{:?}", taught.aliases);
        assert!(taught.aliases.len() > own.aliases.len(), "and what `data/aliases` knows");
        assert!(taught.prior > 1.0);
        assert!(taught.methods.is_empty());
    }
}
