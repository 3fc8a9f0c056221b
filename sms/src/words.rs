//! Sentences for phones, which name the words that are understood: those of
//! the configuration, in the citizen's language.

use std::borrow::Cow;

use gateway_core::domain::Locale;
use gateway_core::text::fold_display;
use gateway_locale::{Keywords, Renderer};

use crate::keywords::{KeywordConfig, Synonyms};

/// A renderer for each language that has keywords.
#[derive(Clone)]
pub struct Words {
    by_locale: Vec<(Locale, Renderer)>,
    default: Renderer,
}

impl Words {
    /// The sentences of a renderer with these keywords.
    pub fn new(renderer: &Renderer, config: &KeywordConfig) -> Self {
        let vietnamese = keywords(config, "vi", &Keywords::default());
        let by_locale = config
            .track
            .keys()
            .filter_map(|language| {
                let keywords = keywords(config, language, &vietnamese);
                Some((Locale::parse(language)?, renderer.clone().with_keywords(keywords)))
            })
            .collect();
        Self { by_locale, default: renderer.clone().with_keywords(vietnamese) }
    }

    /// The renderer of a language.
    pub fn of(&self, locale: Locale) -> &Renderer {
        self.by_locale.iter().find(|(known, _)| *known == locale).map_or(&self.default, |(_, renderer)| renderer)
    }
}

/// The first word of each in one language, without marks: people type it on a
/// keypad.
fn keywords(config: &KeywordConfig, language: &str, others: &Keywords) -> Keywords {
    let prefix = config.prefixes.first().map(|prefix| format!("{} ", fold_display(prefix))).unwrap_or_default();
    let word =
        |synonyms: &Synonyms, other: &Cow<'static, str>| match synonyms.get(language).and_then(|words| words.first()) {
            Some(word) => Cow::Owned(format!("{prefix}{}", fold_display(word))),
            None => other.clone(),
        };
    Keywords {
        status: word(&config.track, &others.status),
        procedure: word(&config.procedure, &others.procedure),
        notify: word(&config.subscribe, &others.notify),
        unsubscribe: word(&config.unsubscribe, &others.unsubscribe),
        stop: word(&config.opt_out, &others.stop),
        start: word(&config.opt_in, &others.start),
        rate: word(&config.rate, &others.rate),
        more: word(&config.more, &others.more),
        help: word(&config.help, &others.help),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_words_of_its_language_with_the_prefix() {
        let config = KeywordConfig { prefixes: vec!["BĐ".into()], ..KeywordConfig::default() };
        let vietnamese = keywords(&config, "vi", &Keywords::default());
        assert_eq!((vietnamese.status.as_ref(), vietnamese.unsubscribe.as_ref()), ("BD HS", "BD HUY BAO"));
        let english = keywords(&config, "en", &vietnamese);
        assert_eq!((english.status.as_ref(), english.stop.as_ref()), ("BD STATUS", "BD STOP"));
        let khmer = keywords(&config, "km", &vietnamese);
        assert_eq!(khmer, vietnamese, "a language without words of its own uses the Vietnamese ones");
    }
}
