//! Small texts for the fields of wires, in the voice of paragraphs.

use gateway_core::desk::{DeskHours, DisclosedReply, DossierReply, Refusal};
use gateway_core::domain::{Locale, Phase, Procedure};
use jiff::civil::Date;

use crate::clean::clean;
use crate::keys;
use crate::keywords::Keywords;
use crate::locales::Locales;
use crate::medium::Voice;
use crate::render::{
    DossierWords, MOST_OF_A_NAME, MOST_OF_A_TEXT, ProcedureWords, hours_sentences, owner_words, refusal_text,
};
use crate::teller::Teller;

/// A dossier's public view in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DossierTexts {
    /// The status in few words (`Đang xử lý`); the source's own text for a
    /// status that we do not know.
    pub status: String,
    /// Status, place and time in sentences.
    pub summary: String,
    /// What to do.
    pub next_step: String,
    /// Late, due, or what it waits for; also a part of the summary.
    pub lateness: Option<String>,
    /// The kind of reason, as a sentence.
    pub reason: Option<String>,
    /// How to reach a person: always where the next step is to ask one.
    pub contact: Option<String>,
    /// When the portal said so, and whether it answers now.
    pub age: String,
    /// How to see more.
    pub see_more: Option<String>,
    /// That the procedure's name is shown to the owner only.
    pub name_withheld: Option<String>,
}

/// What only the owner reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisclosedTexts {
    /// The masked name.
    pub name: Option<String>,
    /// The reason in full, or that none was given.
    pub reason: Option<String>,
    /// A line for each fee.
    pub fees: Vec<String>,
    /// That a payment is due but no amount is published.
    pub fees_missing: Option<String>,
    /// A line for each paper.
    pub papers: Vec<String>,
    /// That papers are asked for but not listed.
    pub papers_missing: Option<String>,
}

/// A procedure in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcedureTexts {
    /// Who handles it; `None` where no level is published.
    pub levels: Option<String>,
    /// The ways to hand in, one for each method, in the procedure's order.
    pub methods: Vec<MethodTexts>,
    /// The papers, one for each case.
    pub papers: Vec<PaperCaseTexts>,
    /// What the citizen gets.
    pub results: Option<String>,
    /// Who published it, and when it was taken: to be shown beside every fee.
    pub source: String,
}

/// A procedure as lists, for a page that shows all of it. A list is empty where
/// nothing is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcedureLists {
    /// Levels that handle it.
    pub levels: Vec<String>,
    /// The ways to hand in; ways that differ in nothing else stand together.
    pub ways: Vec<MethodTexts>,
    /// The papers by case, the one that holds always first.
    pub papers: Vec<PaperCaseTexts>,
    /// How it goes, line by line.
    pub steps: Vec<String>,
    /// On what conditions, line by line.
    pub conditions: Vec<String>,
    /// What the citizen gets.
    pub results: Vec<String>,
    /// Who may apply.
    pub applicants: Vec<String>,
    /// Who published it, and when it was taken: to be shown beside every fee.
    pub source: String,
}

/// One way to hand in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodTexts {
    /// In person, online, by post.
    pub channel: String,
    /// How long it takes, or what of it is not published.
    pub time: String,
    /// What may be said of the fee.
    pub fee: String,
    /// The source's note: to be shown beside the fee.
    pub note: Option<String>,
}

/// The papers of one case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperCaseTexts {
    /// The case in the source's words; `None` where there is just one.
    pub case: Option<String>,
    /// A line for each paper and note.
    pub items: Vec<String>,
    /// Its place in the procedure's own list, from 0.
    pub place: usize,
}

impl Locales {
    /// A dossier's public view in words. The hot path: no lock, no plural
    /// rules, a handful of messages.
    pub fn dossier_texts(&self, reply: &DossierReply, locale: Locale) -> DossierTexts {
        let mut texts = DossierTexts::default();
        self.with(locale, |book| {
            let words = DossierWords::new(Teller::new(book, Voice::Paragraphs), reply);
            let mut lateness = String::with_capacity(160);
            words.put_lateness(&mut lateness);
            let place = reply.contact.as_deref().map(|text| clean(text, MOST_OF_A_NAME));
            texts = DossierTexts {
                status: words.status(),
                summary: words.summary_with(&lateness),
                next_step: words.next_step(),
                lateness: (!lateness.is_empty()).then_some(lateness),
                reason: words.reason(),
                contact: words.contact(place.as_deref()),
                age: words.age(),
                see_more: words.see_more(),
                name_withheld: words.name_withheld(),
            };
        });
        texts
    }

    /// What the citizen does next, as it fits the kind of reason: one of
    /// [`Locales::dossier_texts`], for answers that need no more.
    pub fn next_step(&self, reply: &DossierReply, locale: Locale) -> String {
        let mut text = String::new();
        self.with(locale, |book| text = DossierWords::new(Teller::new(book, Voice::Paragraphs), reply).next_step());
        text
    }

    /// The owner's part in words. The public part is [`Locales::dossier_texts`]
    /// of [`DisclosedReply::public`].
    pub fn disclosed_texts(&self, private: &DisclosedReply, locale: Locale) -> DisclosedTexts {
        let mut texts = DisclosedTexts::default();
        self.with(locale, |book| {
            let words = owner_words(Teller::new(book, Voice::Paragraphs), private);
            texts = DisclosedTexts {
                name: words.name,
                reason: words.reason,
                fees: words.fees,
                fees_missing: words.fees_missing,
                papers: words.papers,
                papers_missing: words.papers_missing,
            };
        });
        texts
    }

    /// A procedure in words, as of a day (rates end on dates).
    pub fn procedure_texts(&self, procedure: &Procedure, today: Date, locale: Locale) -> ProcedureTexts {
        let mut texts = ProcedureTexts::default();
        self.with(locale, |book| {
            let words = ProcedureWords { teller: Teller::new(book, Voice::Paragraphs), procedure, today };
            texts = ProcedureTexts {
                levels: words.levels(),
                methods: procedure
                    .methods
                    .iter()
                    .map(|method| MethodTexts {
                        channel: words.channel(&method.channel),
                        time: words.time(&method.time),
                        fee: words.fee(method),
                        note: words.note(method).map(|note| note.into_owned()),
                    })
                    .collect(),
                papers: procedure
                    .papers
                    .iter()
                    .enumerate()
                    .map(|(place, case)| PaperCaseTexts {
                        case: Some(clean(&case.case, MOST_OF_A_NAME).into_owned()).filter(|text| !text.is_empty()),
                        items: case.items.iter().map(|item| words.paper(item, MOST_OF_A_TEXT)).collect(),
                        place,
                    })
                    .collect(),
                results: words.results(),
                source: words.source(),
            };
        });
        texts
    }

    /// All of a procedure in lists, as of a day.
    pub fn procedure_lists(&self, procedure: &Procedure, today: Date, locale: Locale) -> ProcedureLists {
        let mut lists = ProcedureLists::default();
        self.with(locale, |book| {
            lists = ProcedureWords { teller: Teller::new(book, Voice::Paragraphs), procedure, today }.lists();
        });
        lists
    }

    /// When the desks are open, in sentences: on which days and at what times
    /// (where there are any), and whether that is now.
    pub fn hours_texts(&self, hours: &DeskHours, locale: Locale) -> Vec<String> {
        let mut texts = Vec::new();
        self.with(locale, |book| texts = hours_sentences(Teller::new(book, Voice::Paragraphs), hours));
        texts
    }

    /// A refusal in the citizen's words: why, and what to do.
    pub fn refusal_detail(&self, refusal: &Refusal, locale: Locale) -> String {
        self.tell(locale, Voice::Paragraphs, |teller| refusal_text(teller, refusal, &Keywords::DEFAULT))
    }

    /// A status in few words.
    pub fn phase_label(&self, phase: Phase, locale: Locale) -> String {
        self.tell(locale, Voice::Paragraphs, |teller| teller.say(keys::phase(&phase), &[]))
    }
}
