//! Compiles the screens. Before that, every key of `kiosk.ftl` becomes a
//! property of the Slint global `Words` (or a function, where the sentence has
//! arguments), so that a key that is missing, misspelt or called with the wrong
//! arguments does not compile; and the Rust that fills that global.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The words of the terminal; the other languages are held against these by a
/// test.
const WORDS: &str = "../../locales/vi/kiosk.ftl";
/// What stands before each key in the files of words, which all languages'
/// rooms share.
const PREFIX: &str = "kiosk-";
/// Arguments that are numbers. Whatever has another name is a text.
const NUMBERS: &[&str] = &[
    "ahead",
    "copies",
    "count",
    "days",
    "minutes",
    "originals",
    "page",
    "pages",
    "position",
    "procedures",
    "seconds",
    "total",
];

/// One sentence.
struct Sentence {
    /// The key in the files.
    key: String,
    /// Its name in Slint: without the prefix.
    name: String,
    /// Its arguments, in the order in which Vietnamese uses them.
    args: Vec<String>,
    /// The Vietnamese words, for previews, as the inside of a Slint string.
    preview: String,
}

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder"));
    let words = manifest.join(WORDS);
    println!("cargo::rerun-if-changed={}", words.display());
    let sentences = read(&words);
    let slint = out.join("words.slint");
    fs::write(&slint, global(&sentences)).expect("the generated global is written");
    // Slint's compiler asks cargo to watch it as it watches the views. It is newer
    // than this run's beginning, and every build would find the crate changed.
    let made = fs::File::options().append(true).open(&slint).expect("it was just written");
    made.set_modified(UNIX_EPOCH).expect("a file of ours has the time that we say");
    fs::write(out.join("words.rs"), filling(&sentences)).expect("the generated filling is written");

    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".to_owned())
        .with_library_paths(HashMap::from([("words".to_owned(), slint)]))
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles)
        // Names of elements are kept for tests; they cost a few kilobytes.
        .with_debug_info(true);
    slint_build::compile_with_config(manifest.join("ui/kiosk.slint"), config).expect("the screens compile");
}

fn read(words: &Path) -> Vec<Sentence> {
    let text = fs::read_to_string(words).expect("the words are readable");
    let resource = fluent_syntax::parser::parse(text.as_str()).expect("the words are Fluent");
    resource
        .body
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        })
        .map(|message| {
            let key = message.id.name.to_owned();
            let name = key.strip_prefix(PREFIX).expect("every key of the terminal begins with its prefix").to_owned();
            let mut sentence = Sentence { key, name, args: Vec::new(), preview: String::new() };
            sentence.pattern(message.value.as_ref().expect("every key has words"));
            sentence
        })
        .collect()
}

impl Sentence {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => {
                    self.preview.push_str(&value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
                }
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                self.argument(id.name);
                let _ = write!(self.preview, "\\{{{}}}", id.name);
            }
            Expression::Select { selector, variants } => {
                if let InlineExpression::VariableReference { id } = selector {
                    self.argument(id.name);
                }
                let chosen = variants.iter().find(|variant| variant.default).expect("Fluent asks for a default");
                self.pattern(&chosen.value);
            }
            Expression::Inline(_) => panic!("{}: only arguments are known here", self.key),
        }
    }

    fn argument(&mut self, name: &str) {
        if !self.args.iter().any(|known| known == name) {
            self.args.push(name.to_owned());
        }
    }

    fn snake(&self) -> String {
        self.name.replace('-', "_")
    }
}

fn type_of(arg: &str) -> &'static str {
    if NUMBERS.contains(&arg) { "int" } else { "string" }
}

/// The Slint side. Functions read the language, so that a switch of language
/// says them anew.
fn global(sentences: &[Sentence]) -> String {
    let mut out = String::from("export global Words {\n    in property <string> language: \"vi\";\n");
    for Sentence { name, args, preview, .. } in sentences {
        if args.is_empty() {
            let _ = writeln!(out, "    in property <string> {name}: \"{preview}\";");
            continue;
        }
        let typed: Vec<String> = args.iter().map(|arg| format!("{arg}: {}", type_of(arg))).collect();
        let types: Vec<&str> = args.iter().map(|arg| type_of(arg)).collect();
        let (typed, types, names) = (typed.join(", "), types.join(", "), args.join(", "));
        let _ = writeln!(out, "    pure callback say-{name}(string, {types}) -> string;");
        let _ = writeln!(out, "    say-{name}(language, {names}) => {{ return \"{preview}\"; }}");
        let _ = writeln!(
            out,
            "    public pure function {name}({typed}) -> string {{ return root.say-{name}(root.language, {names}); }}"
        );
    }
    out.push_str("}\n");
    out
}

/// The Rust side: the table of keys, and what fills the global.
fn filling(sentences: &[Sentence]) -> String {
    let mut out =
        String::from("/// Every key that the screens speak, with its arguments.\npub const KEYS: &[Key] = &[\n");
    for Sentence { key, args, .. } in sentences {
        let _ = writeln!(out, "    Key::new({key:?}, &{args:?}),");
    }
    out.push_str("];\n\n/// Says all sentences without arguments in a language, and turns the others to it.\n");
    out.push_str("pub fn speak(words: &Words<'_>, locales: &Locales, locale: Locale) {\n");
    for sentence in sentences.iter().filter(|sentence| sentence.args.is_empty()) {
        let _ = writeln!(out, "    words.set_{}(locales.label(locale, {:?}).into());", sentence.snake(), sentence.key);
    }
    out.push_str("    words.set_language(locale.as_str().into());\n}\n\n");
    out.push_str("/// Lets sentences with arguments be said. Once for each window.\n");
    out.push_str("pub fn lend(words: &Words<'_>, locales: &Rc<Locales>) {\n");
    for sentence in sentences.iter().filter(|sentence| !sentence.args.is_empty()) {
        let given: Vec<String> = sentence
            .args
            .iter()
            .map(|arg| match type_of(arg) {
                "int" => format!("({arg:?}, number_of({arg}))"),
                _ => format!("({arg:?}, Arg::Text({arg}.as_str()))"),
            })
            .collect();
        let names = sentence.args.join(", ");
        let _ = writeln!(
            out,
            "    words.on_say_{}({{ let locales = Rc::clone(locales); move |language, {names}| locales.text(spoken(&language), {:?}, &[{}]).into() }});",
            sentence.snake(),
            sentence.key,
            given.join(", ")
        );
    }
    out.push_str("}\n");
    out
}
