//! A citizen's sentence, understood: what is wanted, of what, and how sure.

mod danger;
mod meaning;

use std::sync::Arc;

use gateway_catalogue::{PlainInterpreter, ProcedureCatalogue, RankWeights, Ranked};
use gateway_core::desk::Topic;
use gateway_core::domain::{DossierNumberParser, Locale, ProcedureCode};
use gateway_core::ports::{Heard, Interpretation, Interpreter, Understood};
use jiff::civil::Date;

use crate::intent::{Intent, IntentModel, LinearModel, Reranker};
use crate::models::Models;
use crate::normal::Normal;
use crate::slots::language::{language_of, language_wished};
use crate::slots::{SlotReader, Slots};

pub use meaning::Thresholds;

/// What the words of a sentence say before anything of the conversation is known.
#[derive(Debug, Clone)]
pub struct Understanding {
    /// The sentence, normalised.
    pub normal: Normal,
    /// What is named in it.
    pub slots: Slots,
    /// Every intent with its probability, likeliest first.
    pub intents: Vec<(Intent, f32)>,
    /// What it is about where it is out of scope.
    pub topic: Topic,
    /// Words of danger stand in it.
    pub danger: bool,
    /// The procedures that may be meant, best first.
    pub ranked: Vec<Ranked>,
    /// The language it is surely written in.
    pub language: Option<Locale>,
    /// The language that is asked for.
    pub wished: Option<Locale>,
    /// What the rules for dossier numbers, proofs and notices say of it.
    pub dossier: Option<Interpretation>,
    /// Words remain that name a matter.
    pub matter: bool,
}

impl Understanding {
    /// The probability of an intent.
    pub fn probability(&self, intent: Intent) -> f32 {
        self.intents.iter().find(|(other, _)| *other == intent).map_or(0.0, |(_, p)| *p)
    }

    /// The likeliest intent.
    pub fn likeliest(&self) -> (Intent, f32) {
        self.intents.first().copied().unwrap_or((Intent::Find, 0.0))
    }
}

/// Understands sentences. It holds no state and never waits.
pub struct Understander {
    catalogue: Arc<ProcedureCatalogue>,
    plain: PlainInterpreter,
    slots: SlotReader,
    intents: Arc<dyn IntentModel>,
    topics: Arc<LinearModel>,
    reranker: Option<Arc<dyn Reranker>>,
    weights: RankWeights,
    thresholds: Thresholds,
}

impl Understander {
    /// With these models, on that catalogue.
    pub fn new(numbers: DossierNumberParser, catalogue: Arc<ProcedureCatalogue>, models: Models) -> Self {
        Self {
            plain: PlainInterpreter::new(numbers.clone(), Arc::clone(&catalogue)),
            slots: SlotReader::new(numbers),
            catalogue,
            intents: models.intents,
            topics: models.topics,
            reranker: None,
            weights: RankWeights::default(),
            thresholds: Thresholds::default(),
        }
    }

    /// The same with another model of intents, by the operator's choice.
    #[must_use]
    pub fn with_intents(self, intents: Arc<dyn IntentModel>) -> Self {
        Self { intents, ..self }
    }

    /// The same with something that looks again at what the search found.
    #[must_use]
    pub fn with_reranker(self, reranker: Arc<dyn Reranker>) -> Self {
        Self { reranker: Some(reranker), ..self }
    }

    /// The same with other thresholds.
    #[must_use]
    pub fn with_thresholds(self, thresholds: Thresholds) -> Self {
        Self { thresholds, ..self }
    }

    /// The procedures.
    pub fn catalogue(&self) -> &ProcedureCatalogue {
        &self.catalogue
    }

    /// What a sentence says by itself.
    pub fn understand(&self, text: &str, today: Date) -> Understanding {
        let normal = Normal::of(text);
        let slots = self.slots.read(text, &normal, today);
        // No private figure is searched for or shown to a model.
        let clean = if slots.private.is_empty() { normal.clone() } else { Normal::of(&slots.without_private()) };
        let probabilities = self.intents.probabilities(clean.text());
        let mut intents: Vec<(Intent, f32)> = self
            .intents
            .labels()
            .iter()
            .zip(probabilities)
            .filter_map(|(label, p)| Some((Intent::from_label(label)?, p)))
            .collect();
        intents.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let mut ranked = self.catalogue.rank(clean.text(), &self.weights);
        self.look_again(clean.text(), &mut ranked);
        Understanding {
            topic: self.topics.best(clean.text()).and_then(Topic::from_key).unwrap_or(Topic::Other),
            danger: danger::stands_in(clean.folded()),
            language: language_of(text),
            wished: language_wished(text),
            dossier: self.plain.dossier(text, today),
            matter: self.catalogue.names_a_matter(clean.text()),
            intents,
            ranked,
            slots,
            normal: clean,
        }
    }

    /// Lets the reranker, where there is one, change the order of the first ten.
    fn look_again(&self, text: &str, ranked: &mut [Ranked]) {
        const LOOKED_AT: usize = 10;
        let Some(reranker) = &self.reranker else { return };
        let first = ranked.len().min(LOOKED_AT);
        let Some(head) = ranked.get_mut(..first) else { return };
        let names: Vec<&str> = head.iter().map(|hit| hit.procedure.name.as_str()).collect();
        let scores = reranker.scores(text, &names);
        for (hit, score) in head.iter_mut().zip(scores) {
            hit.score += 0.5 * score;
        }
        head.sort_by(|a, b| b.score.total_cmp(&a.score));
    }

    /// How many words of a sentence name a matter.
    pub fn matter_words(&self, said: &Understanding) -> usize {
        self.catalogue.matter_words(said.normal.text())
    }

    /// The given procedures by how well a sentence fits each, best first.
    pub fn among(&self, said: &Understanding, codes: &[ProcedureCode]) -> Vec<(ProcedureCode, f32)> {
        let mut scored = self.catalogue.rank_among(said.normal.text(), &self.weights, codes);
        scored.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        scored
    }

    /// A sentence together with the procedure that was spoken of before.
    pub fn together(&self, said: &Understanding, procedure: &ProcedureCode, today: Date) -> Option<Understanding> {
        use gateway_core::ports::Catalogue as _;
        let name = self.catalogue.procedure(procedure)?;
        Some(self.understand(&format!("{} {}", said.normal.text(), name.short_name), today))
    }

    /// A code that this catalogue knows.
    fn known(&self, code: &ProcedureCode) -> bool {
        use gateway_core::ports::Catalogue as _;
        self.catalogue.procedure(code).is_some()
    }
}

impl Interpreter for Understander {
    /// Each sentence by itself; the dialogue knows what was said before.
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        if heard.text.trim().is_empty() {
            return Interpretation::NotUnderstood.into();
        }
        let understanding = self.understand(heard.text, heard.today);
        let locale = understanding.wished.or(understanding.language).filter(|locale| *locale != heard.locale);
        Understood { meaning: self.meaning(&understanding), locale }
    }
}
