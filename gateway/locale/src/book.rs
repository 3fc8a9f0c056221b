//! The words of one language.

use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentError, FluentResource};
use gateway_core::domain::Locale;
use unic_langid::LanguageIdentifier;

use crate::check::Finding;
use crate::figures::{ConventionTexts, Conventions};
use crate::keys::{self, Key};

/// One file of words.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Whose language.
    pub(crate) locale: Locale,
    /// The file's name for messages: `vi/dossier.ftl`.
    pub(crate) file: String,
    /// The parsed file.
    pub(crate) resource: Arc<FluentResource>,
}

impl Source {
    /// Parses a file. Every mistake of syntax is a finding with its line.
    pub(crate) fn parse(locale: Locale, file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        // A byte order mark of a Windows editor is no part of the first key.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match FluentResource::try_new(text.to_owned()) {
            Ok(resource) => Ok(Self { locale, file: file.to_owned(), resource: Arc::new(resource) }),
            Err((resource, errors)) => Err(errors
                .iter()
                .map(|error| Finding::at(file, resource.source(), error.pos.start, format!("syntax: {error}")))
                .collect()),
        }
    }
}

/// The words of one language, ready to be spoken.
pub(crate) struct Book {
    pub(crate) locale: Locale,
    pub(crate) bundle: FluentBundle<Arc<FluentResource>>,
    pub(crate) conventions: Conventions,
}

impl Book {
    /// Binds a language's files; a later file's words win over an earlier's
    /// where `overrides` says so.
    pub(crate) fn bind(locale: Locale, base: &[&Source], overrides: &[&Source]) -> Result<Self, Vec<Finding>> {
        let language: LanguageIdentifier = locale.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The marks that keep texts of two writing directions apart are noise
        // on SMS, printers and terminals.
        bundle.set_use_isolating(false);
        let mut findings = Vec::new();
        for source in base {
            if let Err(errors) = bundle.add_resource(Arc::clone(&source.resource)) {
                findings.extend(errors.iter().map(|error| match error {
                    FluentError::Overriding { id, .. } => {
                        Finding::of_key(source, id, format!("`{id}` stands twice in {locale}"))
                    }
                    other => Finding::of_key(source, "", other.to_string()),
                }));
            }
        }
        for source in overrides {
            bundle.add_resource_overriding(Arc::clone(&source.resource));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let first_file = base.first().or(overrides.first()).map_or("", |source| source.file.as_str());
        let conventions = conventions(&bundle).map_err(|(key, problem)| {
            vec![Finding { file: first_file.to_owned(), line: 1, problem: format!("`{key}` {problem}") }]
        })?;
        conventions.teach(&mut bundle);
        Ok(Self { locale, bundle, conventions })
    }
}

fn conventions(bundle: &FluentBundle<Arc<FluentResource>>) -> Result<Conventions, (&'static str, &'static str)> {
    let text = |key: Key, attribute: Option<&str>| -> Result<String, (&'static str, &'static str)> {
        let message = bundle.get_message(key.id).ok_or((key.id, "is missing"))?;
        let pattern = attribute
            .and_then(|name| message.get_attribute(name))
            .map(|attribute| attribute.value())
            .or_else(|| message.value())
            .ok_or((key.id, "has no text"))?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
        if errors.is_empty() { Ok(text) } else { Err((key.id, "must be plain text")) }
    };
    Conventions::read(&ConventionTexts {
        date: &text(keys::CONVENTION_DATE, None)?,
        clock: &text(keys::CONVENTION_CLOCK, None)?,
        time: &text(keys::CONVENTION_TIME, None)?,
        time_whole: &text(keys::CONVENTION_TIME_WHOLE, None)?,
        money: &text(keys::CONVENTION_MONEY, None)?,
        money_dense: &text(keys::CONVENTION_MONEY, Some("sms"))?,
        group: &text(keys::CONVENTION_GROUP, None)?,
        decimal: &text(keys::CONVENTION_DECIMAL, None)?,
        shorthand: &text(keys::CONVENTION_SHORTHAND, None)?,
    })
}
