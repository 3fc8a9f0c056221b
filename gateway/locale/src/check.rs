//! Holds files of words against the table of keys. Tests run it on the
//! project's own files, and every operator's file goes through it before it
//! reaches a citizen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::FluentArgs;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use gateway_core::domain::Locale;

use crate::book::{Book, Source};
use crate::keys::Key;

/// The attributes that have a meaning: the same in fewer words, and in spoken
/// words.
const ATTRIBUTES: [&str; 2] = ["sms", "speech"];

/// One mistake in a file of words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file (`vi/dossier.ftl`), or the operator's path.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, for the operator.
    pub problem: String,
}

impl Finding {
    pub(crate) fn at(file: &str, text: &str, offset: usize, problem: String) -> Self {
        let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Self { file: file.to_owned(), line, problem }
    }

    pub(crate) fn of_key(source: &Source, key: &str, problem: String) -> Self {
        let line = line_of(source.resource.source(), key);
        Self { file: source.file.clone(), line, problem }
    }

    pub(crate) fn list(findings: &[Self]) -> String {
        /// A log line is not the place for all of them.
        const SHOWN: usize = 20;
        let mut lines: Vec<String> = findings.iter().take(SHOWN).map(Self::to_string).collect();
        if findings.len() > SHOWN {
            lines.push(format!("and {} more", findings.len() - SHOWN));
        }
        lines.join("\n")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// Holds the files of several languages (`language`, file name, text) against
/// a table of keys. Found are: mistakes of syntax, keys that stand twice, that
/// a language lacks or that nobody speaks, arguments that the table does not
/// hand over or that a language leaves out, unknown functions, references and
/// attributes, and sentences that refer to themselves.
///
/// A crate with files of its own calls this in a test with its own table.
pub fn check_resources(known: &[Key], files: &[(Locale, &str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut sources = Vec::new();
    for (locale, file, text) in files {
        match Source::parse(*locale, file, text) {
            Ok(source) => sources.push(source),
            Err(mistakes) => findings.extend(mistakes),
        }
    }
    let known =
        known.iter().map(|key| (key.id.to_owned(), key.args.iter().map(|&arg| arg.to_owned()).collect())).collect();
    let locales: BTreeSet<Locale> = files.iter().map(|(locale, ..)| *locale).collect();
    for locale in locales {
        let of_locale: Vec<&Source> = sources.iter().filter(|source| source.locale == locale).collect();
        findings.extend(complete(&known, locale, &of_locale));
        findings.extend(left_out(&known, &of_locale));
    }
    findings.extend(same_attributes(&sources));
    findings.sort();
    findings.dedup();
    findings
}

/// What a sentence may be called with: each key with its arguments.
pub(crate) type Known = BTreeMap<String, BTreeSet<String>>;

/// The keys of a language's own files with the arguments that they use: what
/// another language's or an operator's files are held against.
pub(crate) fn known_of(sources: &[&Source]) -> Known {
    sources.iter().flat_map(|source| inventory(source)).map(|(id, item)| (id, item.all_arguments())).collect()
}

/// Arguments that a language does not use. The project's own languages use
/// all of them; an operator may have reason to leave one out.
fn left_out(known: &Known, sources: &[&Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (id, item) in inventory(source) {
            let Some(wanted) = known.get(&id) else { continue };
            for argument in wanted.difference(&item.all_arguments()) {
                findings.push(Finding::of_key(source, &id, format!("`{id}` leaves out ${argument}")));
            }
        }
    }
    findings
}

/// A language's files as a whole: each is sound, nothing is missing and
/// nothing stands twice.
pub(crate) fn complete(known: &Known, locale: Locale, sources: &[&Source]) -> Vec<Finding> {
    let mut findings = sound(known, sources, sources);
    let mut said: BTreeSet<String> = BTreeSet::new();
    for source in sources {
        for (id, _) in inventory(source) {
            if !said.insert(id.clone()) {
                findings.push(Finding::of_key(source, &id, format!("`{id}` stands twice in {locale}")));
            }
        }
    }
    for id in known.keys().filter(|id| !said.contains(*id)) {
        findings.push(Finding { file: locale.to_string(), line: 0, problem: format!("`{id}` is missing") });
    }
    findings
}

/// Each file by itself: nothing unknown, nothing that cannot be said. `whole`
/// are all files of the language, for references.
pub(crate) fn sound(known: &Known, sources: &[&Source], whole: &[&Source]) -> Vec<Finding> {
    let defined: BTreeSet<String> = whole.iter().flat_map(|source| names(source)).collect();
    let mut findings = Vec::new();
    for source in sources {
        for (id, item) in inventory(source) {
            let mut found = |problem: String| findings.push(Finding::of_key(source, &id, problem));
            match known.get(&id) {
                None => found(format!("`{id}` is a key that nobody speaks")),
                Some(wanted) => {
                    for strange in item.all_arguments().difference(wanted) {
                        found(format!("`{id}` uses ${strange}, which it is not given"));
                    }
                }
            }
            if !item.has_value {
                found(format!("`{id}` has no text of its own"));
            }
            for function in &item.functions {
                found(format!("`{id}` calls {function}(), which does not exist"));
            }
            for reference in item.references.difference(&defined) {
                found(format!("`{id}` refers to {reference}, which does not exist"));
            }
            for attribute in item.attributes.keys().filter(|name| !ATTRIBUTES.contains(&name.as_str())) {
                found(format!("`{id}` has an attribute .{attribute}; known are .sms and .speech"));
            }
        }
    }
    findings
}

/// Says every sentence of a bound language once, so that one which refers to
/// itself or grows without end is found before it is spoken.
pub(crate) fn rehearse(book: &Book, sources: &[&Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (id, item) in inventory(source) {
            let mut args = FluentArgs::new();
            for name in item.all_arguments() {
                args.set(name, 2);
            }
            let Some(message) = book.bundle.get_message(&id) else { continue };
            let attributes = message.attributes().map(|attribute| attribute.value());
            for pattern in message.value().into_iter().chain(attributes) {
                let mut errors = Vec::new();
                book.bundle.format_pattern(pattern, Some(&args), &mut errors);
                findings.extend(errors.iter().map(|error| Finding::of_key(source, &id, format!("`{id}`: {error}"))));
            }
        }
    }
    findings
}

/// A key has the same attributes in every language: where one needs shorter
/// words for SMS, or other words for the voice, so may the other, and somebody
/// forgot them.
fn same_attributes(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<String, (Locale, BTreeSet<String>)> = BTreeMap::new();
    for source in sources {
        for (id, item) in inventory(source) {
            let attributes: BTreeSet<String> = item.attributes.into_keys().collect();
            match seen.get(&id) {
                None => {
                    seen.insert(id, (source.locale, attributes));
                }
                Some((locale, others)) => {
                    for attribute in others.symmetric_difference(&attributes) {
                        let problem = format!("`{id}` has .{attribute} in only one of {locale} and {}", source.locale);
                        findings.push(Finding::of_key(source, &id, problem));
                    }
                }
            }
        }
    }
    findings
}

/// What one message uses.
#[derive(Debug, Default)]
struct Item {
    has_value: bool,
    arguments: BTreeSet<String>,
    attributes: BTreeMap<String, BTreeSet<String>>,
    functions: BTreeSet<String>,
    references: BTreeSet<String>,
}

impl Item {
    fn all_arguments(&self) -> BTreeSet<String> {
        self.arguments.iter().chain(self.attributes.values().flatten()).cloned().collect()
    }
}

fn inventory(source: &Source) -> Vec<(String, Item)> {
    source
        .resource
        .entries()
        .filter_map(|entry| match entry {
            Entry::Message(message) => {
                let mut item = Item { has_value: message.value.is_some(), ..Item::default() };
                if let Some(value) = &message.value {
                    item.arguments = arguments_of(value, &mut item.functions, &mut item.references);
                }
                for attribute in &message.attributes {
                    let arguments = arguments_of(&attribute.value, &mut item.functions, &mut item.references);
                    item.attributes.insert(attribute.id.name.to_owned(), arguments);
                }
                Some((message.id.name.to_owned(), item))
            }
            _ => None,
        })
        .collect()
}

/// What a reference may name: messages, terms and their attributes.
fn names(source: &Source) -> Vec<String> {
    let mut names = Vec::new();
    for entry in source.resource.entries() {
        let (name, attributes) = match entry {
            Entry::Message(message) => (message.id.name.to_owned(), &message.attributes),
            Entry::Term(term) => (format!("-{}", term.id.name), &term.attributes),
            _ => continue,
        };
        names.extend(attributes.iter().map(|attribute| format!("{name}.{}", attribute.id.name)));
        names.push(name);
    }
    names
}

fn arguments_of(
    pattern: &Pattern<&str>,
    functions: &mut BTreeSet<String>,
    references: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    let mut walk = Walk { arguments: BTreeSet::new(), functions, references };
    walk.pattern(pattern);
    walk.arguments
}

struct Walk<'a> {
    arguments: BTreeSet<String>,
    functions: &'a mut BTreeSet<String>,
    references: &'a mut BTreeSet<String>,
}

impl Walk<'_> {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { id, arguments } => {
                self.functions.insert(id.name.to_owned());
                self.call(arguments);
            }
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map_or(String::new(), |attribute| format!(".{}", attribute.name));
                self.references.insert(format!("{}{attribute}", id.name));
            }
            InlineExpression::TermReference { id, attribute, arguments } => {
                let attribute = attribute.as_ref().map_or(String::new(), |attribute| format!(".{}", attribute.name));
                self.references.insert(format!("-{}{attribute}", id.name));
                if let Some(arguments) = arguments {
                    self.call(arguments);
                }
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn call(&mut self, arguments: &CallArguments<&str>) {
        for positional in &arguments.positional {
            self.inline(positional);
        }
        for named in &arguments.named {
            self.inline(&named.value);
        }
    }
}

/// The line on which a key is defined; 1 where it cannot be found.
fn line_of(text: &str, key: &str) -> usize {
    let defines = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(defines).map_or(1, |place| place + 1)
}
