//! A citizen's sentence, understood: what is wanted, of what, and how sure.

mod age;
mod danger;
mod meaning;
mod small_words;

use std::sync::Arc;

use gateway_catalogue::{Asked, PlainInterpreter, ProcedureCatalogue, RankWeights, Ranked};
use gateway_core::desk::{Focuses, Topic};
use gateway_core::domain::{DossierNumberParser, Level, Locale, ProcedureCode};
use gateway_core::ports::{Heard, Interpretation, Interpreter, Understood};
use gateway_core::text::fold;
use jiff::civil::Date;

use crate::intent::{Intent, IntentModel, LinearModel, Reranker};
use crate::models::Models;
use crate::normal::Normal;
use crate::slots::language::{language_of, language_wished};
use crate::slots::{SlotReader, Slots};

pub use danger::Danger;
use meaning::Thresholds;
pub use meaning::act_of;

/// Beside a word of danger a procedure is plainly asked for where it fits so well.
const PLAINLY_ASKED: f32 = 2.5;
/// Small words alone name a matter where a procedure fits so well.
const NAMED_IN_SMALL_WORDS: f32 = 3.2;

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
    pub danger: Option<Danger>,
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
    /// Parts of a procedure that are asked for in so many words (*lệ phí*, *ở
    /// đâu*).
    pub parts_in_words: Focuses,
    /// The level of agencies that is named.
    pub level: Option<Level>,
    /// No word of it is known at all: a cat on the keys.
    pub gibberish: bool,
    /// What was searched for: what is meant, without places and what is private.
    pub sought: String,
}

impl Understanding {
    /// The probability of an intent.
    pub fn probability(&self, intent: Intent) -> f32 {
        self.intents.iter().find(|(other, _)| *other == intent).map_or(0.0, |(_, p)| *p)
    }

    /// Somebody is in danger.
    pub fn is_danger(&self) -> bool {
        match self.danger {
            Some(Danger::Surely) => true,
            Some(Danger::UnlessAMatter) => !(self.matter && self.best_score() >= PLAINLY_ASKED),
            None => false,
        }
    }

    /// The language to answer in, where it is another than the road's.
    pub fn answer_in(&self, road: Locale) -> Option<Locale> {
        self.wished.or(self.language).filter(|locale| *locale != road)
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
    /// The words that any utterance holds.
    words: Arc<LinearModel>,
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
            words: Arc::clone(&models.intents),
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

    /// The procedures.
    pub fn catalogue(&self) -> &ProcedureCatalogue {
        &self.catalogue
    }

    /// Searches, and tells for which words. Who tells a story asks at its beginning
    /// or at its end, and whatever lies between names all sorts of things: the last
    /// sentence is what is asked where it asks for a part (*cần giấy tờ gì*), else the
    /// first where that does, else the one that names a procedure better.
    fn ask(&self, sought: String) -> (String, Asked) {
        let Some((head, tail)) = story(&sought) else {
            let asked = self.catalogue.ask(&sought, &self.weights);
            return (sought, asked);
        };
        let best = |asked: &Asked| asked.ranked.first().map_or(f32::MIN, |hit| hit.score);
        let (at_the_head, at_the_tail) =
            (self.catalogue.ask(head, &self.weights), self.catalogue.ask(tail, &self.weights));
        let asks_at_the_head = !at_the_head.parts.is_empty() || best(&at_the_head) > best(&at_the_tail);
        if at_the_tail.parts.is_empty() && asks_at_the_head {
            (head.to_owned(), at_the_head)
        } else {
            (tail.to_owned(), at_the_tail)
        }
    }

    /// What a sentence says by itself.
    pub fn understand(&self, text: &str, today: Date) -> Understanding {
        let normal = Normal::of(text);
        let slots = self.slots.read(text, &normal, today);
        // Only what is meant is looked at, and no private figure is searched for or
        // shown to a model.
        let untouched = slots.private.is_empty() && slots.statement.denied.is_empty() && !slots.statement.corrects;
        let clean = if untouched { normal } else { Normal::of(&slots.statement.affirmed) };
        let sought = without_places(clean.text(), &slots);
        let probabilities = self.intents.probabilities(clean.text());
        let mut intents: Vec<(Intent, f32)> = self
            .intents
            .labels()
            .iter()
            .zip(probabilities)
            .filter_map(|(label, p)| Some((Intent::from_label(label)?, p)))
            .collect();
        intents.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let (sought, asked) = self.ask(sought);
        // Read once more only where a place was cut out. (Of a story, the part that
        // asks is read.)
        let parts = if sought == clean.text() || story(clean.text()).is_some() {
            asked.parts
        } else {
            self.catalogue.parts_in(clean.text())
        };
        let mut ranked = asked.ranked;
        self.look_again(&sought, &mut ranked);
        if let Some(age) = slots.people.age {
            for hit in &mut ranked {
                hit.score += age::suits(&hit.procedure.name, age);
            }
            ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        }
        // Small words may still be a name by heart (*mất sổ*).
        let weak = ranked.first().is_none_or(|best| best.score < NAMED_IN_SMALL_WORDS);
        Understanding {
            topic: self.topics.best(clean.text()).and_then(Topic::from_key).unwrap_or(Topic::Other),
            danger: danger::in_words(clean.text()),
            language: language_of(text),
            wished: language_wished(text),
            dossier: self.plain.dossier(text, today),
            matter: asked.names_a_matter && !(small_words::only(&fold(&sought)) && weak),
            level: asked.level,
            parts_in_words: parts.into_iter().collect(),
            gibberish: self.words.known_words(clean.text()) == 0,
            sought,
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
    fn matter_words(&self, said: &Understanding) -> usize {
        small_words::without(&said.sought).split(' ').filter(|word| !word.is_empty()).count()
    }

    /// Whether all that a sentence names is what is to be done (*cấp lại*, *gia
    /// hạn*), and not of what.
    pub fn is_act_alone(&self, said: &Understanding) -> bool {
        let sought = small_words::without_takes(&fold(&said.sought));
        let rest = gateway_catalogue::without_acts(&sought);
        rest != sought && small_words::only_outcomes(&rest)
    }

    /// How many words are left that name a matter, without what is to be done and the
    /// circumstances.
    pub fn own_words(&self, said: &Understanding) -> usize {
        small_words::without(&gateway_catalogue::without_circumstances(&said.sought)).split_whitespace().count()
    }

    /// Whether all that a sentence names beside what is asked is what one gets in the
    /// end, or the road to it (*bao lâu có bằng mới*, *nộp qua bưu điện*): such a name
    /// stands for whatever was spoken of.
    pub fn is_outcome_alone(&self, said: &Understanding) -> bool {
        let sought = small_words::without_takes(&fold(&said.sought));
        small_words::only_outcomes(&gateway_catalogue::without_acts(&sought))
    }

    /// Whether a sentence names a circumstance of something, and not what of (*bé 5
    /// tuổi*, *người Mỹ*, *bị mất*).
    pub fn names_a_circumstance(&self, said: &Understanding) -> bool {
        said.slots.people.age.is_some() || self.names_a_special_case(said) || self.is_act_alone(said)
    }

    /// Whether a sentence names a special case (*quốc tịch Hàn Quốc*, *công ty*).
    pub fn names_a_special_case(&self, said: &Understanding) -> bool {
        gateway_catalogue::names_a_special_case(said.normal.text())
    }

    /// The procedures that may be meant after others were spoken of: by how well the
    /// sentence fits each, and by how near each is to those. The fewer words of its
    /// own the sentence has (*bị mất thì sao*), the more the nearness counts; `pull`
    /// makes it count more where the sentence surely hangs on what was said.
    pub fn after(&self, said: &Understanding, spoken_of: &[ProcedureCode], pull: f32) -> Vec<(ProcedureCode, f32)> {
        use gateway_core::ports::Catalogue as _;
        let mut near: Vec<(ProcedureCode, f32)> = Vec::new();
        let mut add = |code: &ProcedureCode, nearness: f32| match near.iter_mut().find(|(other, _)| other == code) {
            Some((_, known)) => *known = known.max(nearness),
            None => near.push((code.clone(), nearness)),
        };
        for code in spoken_of {
            add(code, 1.0);
        }
        if let Some(procedure) = spoken_of.first().and_then(|first| self.catalogue.procedure(first)) {
            let family = self.catalogue.rank(&procedure.short_name, &self.weights);
            let best = family.first().map_or(1.0, |best| best.score.max(f32::MIN_POSITIVE));
            for hit in &family {
                add(&hit.procedure.code, (hit.score / best).min(1.0));
            }
        }
        for hit in &said.ranked {
            add(&hit.procedure.code, 0.0);
        }
        let codes: Vec<ProcedureCode> = near.iter().map(|(code, _)| code.clone()).collect();
        let counts = match self.own_words(said) {
            0 => 1.6,
            1 => 0.9,
            2 => 0.45,
            3 => 0.2,
            _ => 0.1,
        };
        let fits = self.catalogue.rank_among(&said.sought, &self.weights, &codes);
        let mut after: Vec<(ProcedureCode, f32)> = fits
            .into_iter()
            .map(|(code, fit)| {
                let nearness = near.iter().find(|(other, _)| *other == code).map_or(0.0, |(_, nearness)| *nearness);
                let age = said.slots.people.age.zip(self.catalogue.procedure(&code));
                let age = age.map_or(0.0, |(age, procedure)| age::suits(&procedure.name, age));
                (code, fit + pull * counts * nearness + age)
            })
            .collect();
        after.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        after
    }

    /// A code that this catalogue knows.
    fn known(&self, code: &ProcedureCode) -> bool {
        use gateway_core::ports::Catalogue as _;
        self.catalogue.procedure(code).is_some()
    }
}

/// From so many characters on a text is a story …
const STORY: usize = 300;
/// … of whose two ends so much is searched for, …
const END: usize = 90;
/// … or one sentence of so many words at least.
const SENTENCE: usize = 5;

/// The two ends of a story: their outermost sentence, or so many characters between
/// words; `None` where it is none.
fn story(text: &str) -> Option<(&str, &str)> {
    let count = text.chars().count();
    if count <= STORY {
        return None;
    }
    let place = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    let (head, tail) = (text.get(..place(END))?, text.get(place(count - END)..)?);
    let long = |part: &&str| part.split_whitespace().count() >= SENTENCE;
    let ends = |text: &'_ str| -> Vec<usize> {
        text.match_indices(['.', '?', '!', '\n']).map(|(at, sign)| at + sign.len()).collect()
    };
    let first = ends(head).into_iter().filter_map(|at| head.get(..at)).find(long);
    let last = ends(tail).into_iter().rev().filter_map(|at| tail.get(at..)).find(long);
    let head = first.or_else(|| head.get(..head.rfind(char::is_whitespace)?)).unwrap_or(head);
    let tail = last.or_else(|| tail.get(tail.find(char::is_whitespace)?..)).unwrap_or(tail);
    Some((head.trim(), tail.trim()))
}

/// The words of a folded text that name a matter: all but how one asks, whom one
/// addresses, which part is wanted.
pub fn content_words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split_whitespace().filter(|word| !small_words::only(word))
}

/// A sentence without the places in it: they say where, never what for.
fn without_places(text: &str, slots: &Slots) -> String {
    let mut rest = text.to_owned();
    for place in &slots.places {
        let written = Normal::of(&place.written);
        let words: Vec<&str> = rest.split(' ').collect();
        let named: Vec<&str> = written.text().split(' ').filter(|word| !word.is_empty()).collect();
        let at = words.windows(named.len().max(1)).position(|window| window == named.as_slice());
        if let Some(at) = at.filter(|_| !named.is_empty()) {
            let kept = words.iter().take(at).chain(words.iter().skip(at + named.len()));
            rest = kept.copied().collect::<Vec<_>>().join(" ");
        }
    }
    // A place alone may be meant after all (*giấy thông hành Lào* is none).
    if rest.trim().is_empty() { text.to_owned() } else { rest }
}

impl Interpreter for Understander {
    /// Each sentence by itself; the dialogue knows what was said before.
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        if heard.text.trim().is_empty() {
            return Interpretation::NotUnderstood.into();
        }
        let said = self.understand(heard.text, heard.today);
        Understood { meaning: self.meaning(&said), locale: said.answer_in(heard.locale) }
    }
}
