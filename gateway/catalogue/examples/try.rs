//! Asks questions of a file of procedures and prints what is found:
//! `cargo run -p gateway-catalogue --example try -- FILE.jsonl[.gz] ["question" …]`.
//! `builtin` for FILE is the project's own catalogue; without questions the
//! short names are printed.
#![expect(clippy::print_stdout, reason = "an example talks to its terminal")]

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gateway_catalogue::{PlainInterpreter, ProcedureCatalogue, builtin, read_jsonl_lenient};
use gateway_core::desk::Action;
use gateway_core::domain::DossierNumberParser;
use gateway_core::ports::{Catalogue, Interpretation, ProcedureQuery};
use jiff::civil::date;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let questions: Vec<String> = arguments.collect();
    let start = Instant::now();
    let procedures = if file == "builtin" {
        builtin()
    } else {
        let loaded = read_jsonl_lenient(Path::new(&file))?;
        for (line, problem) in &loaded.rejected {
            println!("line {line}: {problem}");
        }
        loaded.procedures
    };
    println!("{} procedures read in {:?}", procedures.len(), start.elapsed());
    let start = Instant::now();
    let catalogue = Arc::new(ProcedureCatalogue::new(procedures, &HashMap::new()));
    println!("indexed in {:?}; version {:016x}", start.elapsed(), catalogue.version());
    if questions.is_empty() {
        let all = catalogue.procedures();
        let distinct: HashSet<&str> = all.iter().map(|procedure| procedure.short_name.as_str()).collect();
        for procedure in &all {
            println!("{:<40} | {}", procedure.short_name, procedure.name);
        }
        println!("{} distinct of {}", distinct.len(), all.len());
    }
    let interpreter = PlainInterpreter::new(DossierNumberParser::default(), Arc::clone(&catalogue));
    for question in questions {
        let start = Instant::now();
        let page = catalogue.find(&ProcedureQuery { text: question.clone(), limit: 5, ..ProcedureQuery::default() });
        let took = start.elapsed();
        println!("\n{question}  [{took:?}, {} hits, clear {}]", page.total, page.clear);
        match interpreter.read(&question, date(2026, 11, 23)) {
            Interpretation::Ask(asked) => {
                let codes: Vec<String> = asked
                    .choices
                    .iter()
                    .map(|action| match action {
                        Action::ShowProcedure { code, .. } => code.to_string(),
                        other => format!("{other:?}"),
                    })
                    .collect();
                println!("  Ask {:?} {codes:?}", asked.kind);
            }
            other => println!("  {other:?}"),
        }
        for (hit, found) in page.hits.iter().zip(catalogue.search(&question).matches) {
            let name: String = hit.procedure.name.chars().take(70).collect();
            println!(
                "  {:.3} fit {:.3} covered {:.2} {} {name}",
                hit.score, found.fit, found.covered, hit.procedure.code
            );
        }
    }
    Ok(())
}
