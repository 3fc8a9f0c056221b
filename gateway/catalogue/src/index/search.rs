use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::Procedure;

use super::contents::{Contents, at};
use super::question::{Question, Reading, Sought};
use super::titles::{Form, Kind, Place, TermId, Titles};

/// A level was named, and the procedure is handled at others.
const OTHER_LEVEL: f32 = 0.9;
/// Of a title that holds all the words, so much is for holding them, so much for
/// holding them in order, and so much for saying nothing else.
const WHOLE: f32 = 0.52;
const IN_ORDER: f32 = 0.22;
const NOTHING_ELSE: f32 = 0.26;
/// Hits below this fit are not shown at all.
const LEAST_FIT: f32 = 0.25;
/// Hits below this share of the best are not shown.
const LEAST_SHARE: f32 = 0.45;
/// A word found in another title of the same procedure counts so much.
const ELSEWHERE: f32 = 0.5;
/// A word found in a procedure's body counts so much.
const IN_BODY: f32 = 0.3;
/// A word that says little is weighed so.
const WEAK: f32 = 0.25;
/// A field of administration fits so much less than a name.
const FIELD: f32 = 0.6;
/// The marks differ from those the citizen wrote.
const OTHER_MARKS: f32 = 0.6;
/// A bare word among marked ones stands for a marked one.
const MARKS_LEFT_OUT: f32 = 0.88;
/// A mended word whose neighbour confirms it.
const MENDED: f32 = 0.92;
/// A word that is known by itself, but never beside its neighbours, mended.
const MENDED_KNOWN: f32 = 0.8;
/// A mended word that nothing confirms.
const GUESSED: f32 = 0.7;
/// More than what is lost in rounding.
const ROUNDED: f32 = 1.0001;
/// Guesses for one word.
const MOST_GUESSES: usize = 4;
/// The best hit is clear where the second has less than this share of it.
const CLEAR_SHARE: f32 = 0.93;
/// … and fits at least so well.
const CLEAR_FIT: f32 = 0.6;

/// … or so well where one word alone was asked.
const CLEAR_FIT_OF_ONE: f32 = 0.85;

/// What a search found.
#[derive(Debug, Default)]
pub struct Search {
    /// All that fit, best first.
    pub matches: Vec<Match>,
    /// Words were sought at all.
    pub sought: bool,
    /// In every reading a word that says something stands in no procedure, not
    /// even mended.
    pub unknown: bool,
}

/// One procedure that fits.
#[derive(Debug, Clone)]
pub struct Match {
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// For ranking: the fit, weighed by how common the question is.
    pub score: f32,
    /// How well it fits by itself: 1 is all that was asked, in order, and
    /// nothing else; below about 0.45 it may as well be chance.
    pub fit: f32,
    /// Share of the question's words, by weight, that its titles hold.
    pub covered: f32,
    /// The exact forms, in the title that fits best, of the citizen's bare words
    /// that have several meanings.
    pub(crate) forms: Vec<CompactString>,
    /// What its name and those of its twins have in common, hashed.
    core: u64,
    pub(super) place: u32,
}

impl Match {
    /// The same procedure at another level of agencies.
    pub fn is_twin_of(&self, other: &Self) -> bool {
        self.core == other.core
    }
}

/// Whether the best stands clear of the second. Its twins at other levels do
/// not count: the one nearest to the citizen is meant. One word alone must be
/// nearly all of a title.
pub(super) fn is_clear(matches: &[Match], question: &Question) -> bool {
    let Some((best, others)) = matches.split_first() else { return false };
    let second = others.iter().find(|other| !other.is_twin_of(best));
    let least = if question.strong_words() <= 1 { CLEAR_FIT_OF_ONE } else { CLEAR_FIT };
    best.fit >= least && second.is_none_or(|second| second.score < best.score * CLEAR_SHARE)
}

/// Room for one search, used again for the next.
#[derive(Default)]
pub(super) struct Room {
    best: Vec<Fit>,
    rows: Rows,
    support: Support,
}

/// Finds what fits a question. Bounded: at most 8 readings of at most 16 words.
pub(super) fn search(contents: &Contents, question: &Question, room: &mut Room, fits: impl Fn(u32) -> bool) -> Search {
    let unknown = fit_all(contents, question, room);
    let best = &room.best;
    let mut matches: Vec<Match> = best
        .iter()
        .zip(0_u32..)
        .filter(|(fit, place)| fit.fit >= LEAST_FIT && fits(*place))
        .filter_map(|(fit, place)| {
            let procedure = Arc::clone(contents.get(place)?);
            let score = fit.fit * factor(contents, question, place);
            let core = contents.told.cores.get(at(place)).copied().unwrap_or_default();
            let forms = Vec::new();
            Some(Match { procedure, score, fit: fit.fit, covered: fit.covered, forms, core, place })
        })
        .collect();
    matches.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.procedure.code.cmp(&b.procedure.code)));
    let least = matches.first().map_or(0.0, |first| first.score * LEAST_SHARE);
    matches.retain(|hit| hit.score >= least);
    for hit in matches.iter_mut().take(20) {
        if let Some(fit) = best.get(at(hit.place)) {
            hit.forms = forms_in(&contents.index.titles, question, fit.title);
        }
    }
    Search { matches, sought: !question.is_empty(), unknown }
}

/// How well each procedure fits that [`search`] would find, and 0 for all others.
pub(super) fn fits(contents: &Contents, question: &Question, room: &mut Room, fits: &mut Vec<f32>) {
    fit_all(contents, question, room);
    let found = || room.best.iter().zip(0_u32..).filter(|(fit, _)| fit.fit >= LEAST_FIT);
    let score = |fit: &Fit, place: u32| fit.fit * factor(contents, question, place);
    let least = LEAST_SHARE * found().map(|(fit, place)| score(fit, place)).fold(0.0, f32::max);
    fits.clear();
    fits.resize(room.best.len(), 0.0);
    for (fit, place) in found().filter(|(fit, place)| score(fit, *place) >= least) {
        if let Some(own) = fits.get_mut(at(place)) {
            *own = fit.fit;
        }
    }
}

/// What a procedure's fit is multiplied with for its score.
fn factor(contents: &Contents, question: &Question, place: u32) -> f32 {
    let factor = contents.told.factors.get(at(place)).copied().unwrap_or(1.0);
    let at_level = question.level.as_ref().is_none_or(|level| contents.is_at(place, level));
    if at_level { factor } else { factor * OTHER_LEVEL }
}

/// Fits every reading to every title; `true` where in each a word stands nowhere.
fn fit_all(contents: &Contents, question: &Question, room: &mut Room) -> bool {
    let Room { best, rows, support } = room;
    best.clear();
    best.resize(contents.procedures.len(), Fit::default());
    rows.for_titles(contents.index.titles.titles.len());
    let mut unknown = !question.is_empty();
    for reading in &question.readings {
        let pass = Pass::of(contents, reading, question.marked);
        unknown &= pass.has_unknown();
        pass.score(rows, support, best, reading.factor);
    }
    unknown
}

#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    fit: f32,
    covered: f32,
    title: u32,
}

/// One word of a reading with the terms that it may stand for.
struct Slot<'a> {
    sought: &'a Sought,
    terms: Vec<(TermId, f32)>,
    weight: f32,
}

/// How a slot is met in one title.
#[derive(Clone, Copy, Default)]
struct Cell {
    places: u64,
    quality: f32,
}

/// The cells of the titles that a reading touches, kept over its readings so
/// that their memory is taken once.
#[derive(Default)]
struct Rows {
    width: usize,
    /// One more than the row of each title; 0 for none.
    row_of: Vec<u32>,
    titles: Vec<u32>,
    cells: Vec<Cell>,
    /// Whether each procedure may still become better.
    hopes: Vec<bool>,
}

/// What speaks for each procedure as a whole, word by word.
#[derive(Default)]
struct Support {
    documents: usize,
    /// For each slot, for each procedure.
    columns: Vec<f32>,
    /// For each procedure: over all slots, by weight.
    credit: Vec<f32>,
    /// Titles that a word which says something has touched, as bits.
    touched: Vec<u64>,
}

impl Support {
    fn clear(&mut self, contents: &Contents, width: usize) {
        self.documents = contents.procedures.len();
        self.columns.clear();
        self.columns.resize(self.documents * width, 0.0);
        self.touched.clear();
        self.touched.resize(contents.index.titles.titles.len() / 64 + 1, 0);
    }

    fn raise(&mut self, column: usize, document: u32, to: f32) {
        if let Some(own) = self.columns.get_mut(column * self.documents + at(document)) {
            *own = own.max(to);
        }
    }

    /// Whether a title was touched, or is now.
    fn touch(&mut self, title: u32, now: bool) -> bool {
        let Some(bits) = self.touched.get_mut(at(title / 64)) else { return false };
        *bits |= u64::from(now) << (title % 64);
        *bits >> (title % 64) & 1 == 1
    }

    fn sum(&mut self, slots: &[Slot<'_>]) {
        self.credit.clear();
        self.credit.resize(self.documents, 0.0);
        for (slot, column) in slots.iter().zip(self.columns.chunks_exact(self.documents.max(1))) {
            for (credit, support) in self.credit.iter_mut().zip(column) {
                *credit += support * slot.weight;
            }
        }
    }

    /// What supports one procedure, slot by slot.
    fn of(&self, document: u32) -> impl Iterator<Item = f32> {
        self.columns.iter().skip(at(document)).step_by(self.documents.max(1)).copied()
    }
}

impl Rows {
    /// Empty, for a catalogue with so many titles.
    fn for_titles(&mut self, titles: usize) {
        self.clear(1);
        self.row_of.resize(titles, 0);
    }

    fn clear(&mut self, width: usize) {
        for title in self.titles.drain(..) {
            if let Some(row) = self.row_of.get_mut(at(title)) {
                *row = 0;
            }
        }
        self.cells.clear();
        self.width = width;
    }

    fn cell(&mut self, title: u32, column: usize, touch: bool) -> Option<&mut Cell> {
        let row = self.row_of.get_mut(at(title))?;
        if *row == 0 {
            if !touch {
                return None;
            }
            self.titles.push(title);
            *row = u32::try_from(self.titles.len()).ok()?;
            self.cells.resize(self.titles.len() * self.width, Cell::default());
        }
        self.cells.get_mut(at(*row - 1) * self.width + column)
    }

    fn iter(&self) -> impl Iterator<Item = (u32, &[Cell])> {
        self.titles.iter().copied().zip(self.cells.chunks_exact(self.width))
    }
}

/// One reading against all titles.
struct Pass<'a> {
    contents: &'a Contents,
    slots: Vec<Slot<'a>>,
    marked: bool,
    weight: f32,
}

impl<'a> Pass<'a> {
    fn of(contents: &'a Contents, reading: &'a Reading, marked: bool) -> Self {
        let slots = slots(contents, reading);
        let weight = slots.iter().map(|slot| slot.weight).sum();
        Self { contents, slots, marked, weight }
    }

    /// Whether a word that says something stands in no title and no body.
    fn has_unknown(&self) -> bool {
        let stands_nowhere = |slot: &Slot<'_>| {
            slot.terms.is_empty() && self.contents.index.bodies.having(&slot.sought.token.folded).is_none()
        };
        self.slots.iter().any(|slot| !slot.sought.weak && stands_nowhere(slot))
    }

    fn score(&self, rows: &mut Rows, support: &mut Support, best: &mut [Fit], factor: f32) {
        if self.slots.is_empty() || self.weight <= 0.0 {
            return;
        }
        self.support(support);
        let hopes = |document: u32| {
            // No word counts for more than its support says twice.
            let most = support.credit.get(at(document)).map_or(0.0, |credit| credit * (ROUNDED / ELSEWHERE));
            let found = best.get(at(document)).map_or(0.0, |best| best.fit);
            factor * most / self.weight > found.max(LEAST_FIT)
        };
        rows.hopes.clear();
        rows.hopes.extend((0_u32..).take(best.len()).map(hopes));
        rows.clear(self.slots.len());
        self.each_place(|column, slot, quality, place| {
            if rows.hopes.get(at(place.document)) == Some(&true)
                && let Some(cell) = rows.cell(place.title, column, !slot.sought.weak)
            {
                cell.places |= place.bits;
                cell.quality = cell.quality.max(quality);
            }
        });
        for (title, cells) in rows.iter() {
            self.fit_title(title, cells, support, best, factor);
        }
        self.fit_bodies(support, best, factor);
    }

    /// Every place in a title of every word that a slot may stand for. Words that
    /// say little come last: they only support titles that others have touched
    /// (*cấp* alone would touch half the catalogue).
    fn each_place(&self, mut each: impl FnMut(usize, &Slot<'_>, f32, &Place)) {
        for weak in [false, true] {
            for (column, slot) in self.slots.iter().enumerate().filter(|(_, slot)| slot.sought.weak == weak) {
                for (term, certainty) in &slot.terms {
                    let forms = self.contents.index.titles.get(*term).map_or(&[][..], |term| term.forms.as_slice());
                    for form in forms {
                        let quality = certainty * self.agreement(slot, form, *certainty);
                        form.places.iter().for_each(|place| each(column, slot, quality, place));
                    }
                }
            }
        }
    }

    /// How far the marks that were written agree with a form.
    fn agreement(&self, slot: &Slot<'_>, form: &Form, certainty: f32) -> f32 {
        let token = &slot.sought.token;
        if token.exact == form.exact || certainty < 1.0 {
            return 1.0;
        }
        match (token.marked, form.marked) {
            (true, true) => OTHER_MARKS,
            (false, true) if self.marked => MARKS_LEFT_OUT,
            (true, false) => MARKS_LEFT_OUT,
            _ => 1.0,
        }
    }

    /// For each slot and procedure: the best quality in any of its titles, or
    /// the support of its body.
    fn support(&self, support: &mut Support) {
        support.clear(self.contents, self.slots.len());
        for (column, slot) in self.slots.iter().enumerate() {
            for &document in self.contents.index.bodies.having(&slot.sought.token.folded).unwrap_or_default() {
                support.raise(column, document, IN_BODY);
            }
        }
        self.each_place(|column, slot, quality, place| {
            if support.touch(place.title, !slot.sought.weak) {
                support.raise(column, place.document, quality * ELSEWHERE);
            }
        });
        support.sum(&self.slots);
    }

    fn fit_title(&self, title: u32, cells: &[Cell], support: &Support, best: &mut [Fit], factor: f32) {
        let Some(entry) = self.contents.index.titles.titles.get(at(title)) else { return };
        let mut held = 0.0;
        let mut credit = 0.0;
        let mut places = 0_u64;
        for ((slot, cell), support) in self.slots.iter().zip(cells).zip(support.of(entry.document)) {
            held += slot.weight * cell.quality;
            credit += slot.weight * cell.quality.max(support);
            places |= cell.places;
        }
        let covered = held / self.weight;
        let recall = credit / self.weight;
        let kind = if entry.kind == Kind::Field { FIELD } else { 1.0 };
        // Even whole and in order it would not do: most titles end here.
        let Some(best) = best.get_mut(at(entry.document)) else { return };
        if factor * kind * recall <= best.fit.max(LEAST_FIT) {
            return;
        }
        let mut told = 0.0;
        while places != 0 {
            told += entry.weights.get(at(places.trailing_zeros())).copied().unwrap_or_default();
            places &= places - 1;
        }
        let precision = told / entry.weight;
        let order = self.order(cells).unwrap_or(precision);
        let fit = factor * kind * recall * (WHOLE + IN_ORDER * order + NOTHING_ELSE * precision);
        if best.fit < fit {
            *best = Fit { fit, covered: covered * kind, title };
        }
    }

    /// The share of neighbours in the question that are neighbours in the title;
    /// `None` where the question has no neighbours.
    fn order(&self, cells: &[Cell]) -> Option<f32> {
        let mut all = 0.0;
        let mut kept = 0.0;
        for (slots, cells) in self.slots.windows(2).zip(cells.windows(2)) {
            if let ([one, two], [first, second]) = (slots, cells) {
                let weight = one.weight.min(two.weight);
                all += weight;
                if first.places << 1 & second.places != 0 {
                    kept += weight;
                } else if first.places << 2 & second.places != 0 {
                    kept += 0.6 * weight;
                }
            }
        }
        (all > 0.0).then(|| kept / all)
    }

    /// Procedures that only their bodies speak for.
    fn fit_bodies(&self, support: &Support, best: &mut [Fit], factor: f32) {
        for (credit, best) in support.credit.iter().zip(best) {
            let fit = factor * credit / self.weight;
            if fit > best.fit {
                *best = Fit { fit, covered: 0.0, title: u32::MAX };
            }
        }
    }
}

/// The words of a reading with what they may stand for: themselves, two words
/// glued together, or words one typo away that their neighbours confirm.
fn slots<'a>(contents: &Contents, reading: &'a Reading) -> Vec<Slot<'a>> {
    let titles = &contents.index.titles;
    let known: Vec<Option<TermId>> = reading.words.iter().map(|word| titles.term(&word.token.folded)).collect();
    // A lone word may be guessed; among others a guess needs confirmation
    // unless the word stands nowhere.
    let mendable: Vec<Vec<TermId>> = reading
        .words
        .iter()
        .zip(&known)
        .enumerate()
        .map(|(place, (word, term))| {
            let mut meant =
                if stands(titles, &known, place, *term) { Vec::new() } else { titles.meant(&word.token.folded) };
            meant.retain(|meant| is_like(titles, word, *meant));
            meant
        })
        .collect();
    let mut slots = Vec::with_capacity(reading.words.len());
    for (place, (sought, term)) in reading.words.iter().zip(&known).enumerate() {
        let mut terms: Vec<(TermId, f32)> = term.map(|term| (term, 1.0)).into_iter().collect();
        let unglued = if term.is_none() { titles.unglued(&sought.token.folded) } else { None };
        if let Some((first, second)) = unglued {
            for term in [first, second] {
                slots.push(slot(titles, sought, vec![(term, MENDED)]));
            }
            continue;
        }
        let candidates = mendable.get(place).map_or(&[][..], Vec::as_slice);
        let confirmed: Vec<TermId> =
            candidates.iter().copied().filter(|term| is_confirmed(titles, &known, &mendable, place, *term)).collect();
        if !confirmed.is_empty() {
            let certainty = if term.is_some() { MENDED_KNOWN } else { MENDED };
            terms.extend(confirmed.into_iter().take(MOST_GUESSES).map(|term| (term, certainty)));
        } else if term.is_none() && contents.index.bodies.having(&sought.token.folded).is_none() {
            terms.extend(candidates.iter().take(MOST_GUESSES).map(|term| (*term, GUESSED)));
        }
        slots.push(slot(titles, sought, terms));
    }
    slots
}

fn slot<'a>(titles: &Titles, sought: &'a Sought, terms: Vec<(TermId, f32)>) -> Slot<'a> {
    let heaviest = terms.iter().filter_map(|(term, _)| titles.get(*term)).map(|term| term.weight).fold(0.0, f32::max);
    let weight = if terms.is_empty() { titles.unknown_weight } else { heaviest };
    Slot { sought, terms, weight: if sought.weak { weight * WEAK } else { weight } }
}

/// A word that stands beside one of its neighbours in some title is spelt as
/// it was meant; so is a lone word that is known.
fn stands(titles: &Titles, known: &[Option<TermId>], place: usize, term: Option<TermId>) -> bool {
    let Some(term) = term else { return false };
    let before = place.checked_sub(1).and_then(|place| known.get(place).copied().flatten());
    let after = known.get(place + 1).copied().flatten();
    (before.is_none() && after.is_none())
        || before.is_some_and(|before| titles.follow(before, term))
        || after.is_some_and(|after| titles.follow(term, after))
}

/// Marks that were written must fit what is guessed: *thuê* is no typo of *thửa*.
fn is_like(titles: &Titles, word: &Sought, meant: TermId) -> bool {
    let forms = titles.get(meant).map_or(&[][..], |term| term.forms.as_slice());
    !word.token.marked || forms.iter().any(|form| strsim::osa_distance(&word.token.exact, &form.exact) <= 2)
}

fn is_confirmed(
    titles: &Titles,
    known: &[Option<TermId>],
    mendable: &[Vec<TermId>],
    place: usize,
    term: TermId,
) -> bool {
    let around = |place: usize| {
        let own = known.get(place).copied().flatten();
        own.into_iter().chain(mendable.get(place).into_iter().flatten().copied())
    };
    place.checked_sub(1).is_some_and(|before| around(before).any(|before| titles.follow(before, term)))
        || around(place + 1).any(|after| titles.follow(term, after))
}

/// The exact forms, in one title, of bare words with several meanings: they
/// tell *thuê đất* from *thuế đất* where `thue dat` was asked.
fn forms_in(titles: &Titles, question: &Question, title: u32) -> Vec<CompactString> {
    question
        .homographs
        .iter()
        .filter_map(|word| {
            let term = titles.get(titles.term(word)?)?;
            let stands_in = |form: &&Form| form.places.binary_search_by_key(&title, |place| place.title).is_ok();
            Some(term.forms.iter().find(stands_in)?.exact.clone())
        })
        .collect()
}
