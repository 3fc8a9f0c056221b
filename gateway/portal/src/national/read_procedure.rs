//! From a procedure on the wire to the domain's.

use gateway_core::domain::{
    Fee, Level, Method, PaperCase, PaperItem, Procedure, ProcedureCode, ProcedureResult, ProcessingTime,
    SubmissionChannel,
};
use gateway_core::ports::PortalError;
use gateway_core::text;
use jiff::civil::Date;

use super::service;
use super::wire::envelope::unreadable;
use super::wire::lenient::Leaf;
use super::wire::procedure::{WireCase, WireListed, WirePaper, WireProcedure, WireTime, WireWay};
use super::words;
use crate::config::NationalConfig;

/// The longest `short_name`, in characters.
const SHORT_NAME: usize = 40;

/// Words of `COQUANTHUCHIEN` that name a level; the wire has no field for it.
const LEVELS: [(&str, Level); 4] = [
    ("cap bo", Level::Ministry),
    ("cap tinh", Level::Province),
    ("cap huyen", Level::District),
    ("cap xa", Level::Commune),
];

/// What is needed to read a procedure, prepared once.
pub(super) struct ProcedureReader {
    sensitive: Vec<String>,
    source: String,
}

impl ProcedureReader {
    pub(super) fn new(config: &NationalConfig) -> Self {
        Self {
            sensitive: config
                .sensitive_words
                .iter()
                .map(|word| text::fold(word))
                .filter(|word| !word.is_empty())
                .collect(),
            source: config.source_name.clone(),
        }
    }

    /// Codes and names; a line without a readable code is left out.
    pub(super) fn listed(lines: &[WireListed]) -> Vec<(ProcedureCode, String)> {
        lines
            .iter()
            .filter_map(|line| {
                let code = ProcedureCode::parse(&code_text(&line.code)?).ok()?;
                Some((code, words::title(&line.name).unwrap_or_default()))
            })
            .collect()
    }

    /// One procedure. `code` is the one that was asked for: the answer need
    /// not repeat it. `today` is the day of the facts.
    ///
    /// # Errors
    /// Where it has no name.
    pub(super) fn read(
        &self,
        wire: &WireProcedure,
        code: &ProcedureCode,
        today: Date,
    ) -> Result<Procedure, PortalError> {
        let name = words::title(&wire.name).ok_or_else(|| unreadable(service::PROCEDURE, "TENTTHC", "missing"))?;
        let fields: Vec<String> = wire.fields.items.iter().filter_map(|field| words::name(&field.name)).collect();
        let field = fields.join(", ");
        let folded = text::fold(&format!("{name} | {field}"));
        Ok(Procedure {
            code: code.clone(),
            short_name: text::truncate_graphemes(&name, SHORT_NAME).into_owned(),
            english_name: None,
            aliases: Vec::new(),
            levels: levels(&wire.agency),
            applicants: Vec::new(),
            decision: None,
            methods: wire.ways.items.iter().flat_map(methods).collect(),
            papers: wire.papers.items.iter().map(case).filter(|case| !case.items.is_empty()).collect(),
            steps: words::lines(&wire.steps),
            conditions: None,
            results: wire
                .results
                .items
                .iter()
                .filter_map(|result| {
                    Some(ProcedureResult { name: words::text(&result.name)?, code: words::name(&result.code) })
                })
                .collect(),
            legal: wire.legal.items.iter().filter_map(|text| words::name(&text.number)).collect(),
            url: None,
            source: self.source.clone(),
            as_of: Some(today),
            sensitive: self.sensitive.iter().any(|word| folded.contains(word.as_str())),
            prior: 1.0,
            name,
            field,
        })
    }
}

fn code_text(leaf: &Leaf) -> Option<String> {
    match leaf {
        Leaf::Fraction(number) => Some(format!("{number:.6}")),
        _ => leaf.owned(),
    }
}

fn levels(agency: &Leaf) -> Vec<Level> {
    let folded = agency.text().map(|agency| text::fold(&agency)).unwrap_or_default();
    LEVELS.iter().filter(|(words, _)| folded.contains(words)).map(|(_, level)| level.clone()).collect()
}

/// One way to hand in may have several times and each several fees: every
/// combination stands by itself, so that no condition is hidden.
fn methods(way: &WireWay) -> Vec<Method> {
    let channel = match way.channel.text().as_deref() {
        Some("1") => SubmissionChannel::InPerson,
        Some("2") => SubmissionChannel::Online,
        Some("3") => SubmissionChannel::Post,
        Some(other) => channel_by_name(other),
        None => SubmissionChannel::Other(String::new()),
    };
    if way.times.items.is_empty() {
        let time = ProcessingTime::NotPublished;
        return vec![Method { channel, time, fee: Fee::read("", None), note: None }];
    }
    way.times.items.iter().flat_map(|time| methods_of_time(&channel, time)).collect()
}

fn channel_by_name(name: &str) -> SubmissionChannel {
    match text::fold(name).as_str() {
        "truc tiep" => SubmissionChannel::InPerson,
        "truc tuyen" => SubmissionChannel::Online,
        "dich vu buu chinh" | "buu chinh" => SubmissionChannel::Post,
        _ => SubmissionChannel::Other(text::clean(name, words::LONGEST_NAME).into_owned()),
    }
}

fn methods_of_time(channel: &SubmissionChannel, wire: &WireTime) -> Vec<Method> {
    let time = ProcessingTime::read(&joined(&wire.amount, &wire.unit));
    let method = |published: &str, note: Option<String>| Method {
        channel: channel.clone(),
        time: time.clone(),
        fee: Fee::read(published, note.as_deref()),
        note,
    };
    if wire.fees.items.is_empty() {
        return vec![method("", words::lines(&wire.note))];
    }
    wire.fees.items.iter().map(|fee| method(&joined(&fee.amount, &fee.unit), note_of(&wire.note, &fee.note))).collect()
}

/// A figure and its unit as one published text; a unit alone is none.
fn joined(amount: &Leaf, unit: &Leaf) -> String {
    match (words::name(amount), words::name(unit)) {
        (Some(amount), Some(unit)) => format!("{amount} {unit}"),
        (Some(amount), None) => amount,
        (None, _) => String::new(),
    }
}

fn note_of(time: &Leaf, fee: &Leaf) -> Option<String> {
    match (words::lines(time), words::lines(fee)) {
        (Some(time), Some(fee)) if time == fee => Some(time),
        (Some(time), Some(fee)) => Some(format!("{time}\n{fee}")),
        (time, fee) => time.or(fee),
    }
}

fn case(wire: &WireCase) -> PaperCase {
    PaperCase {
        case: words::text(&wire.case).unwrap_or_default(),
        items: wire.items.items.iter().filter_map(paper).collect(),
    }
}

fn paper(wire: &WirePaper) -> Option<PaperItem> {
    let name = words::text(&wire.name)?;
    let count = |leaf: &Leaf| leaf.text().and_then(|text| text.parse::<u32>().ok());
    let (originals, copies) = match (count(&wire.originals), count(&wire.copies)) {
        // Quantities that are not published: a paper, since only a quantity of
        // 0 makes it a note.
        (None, None) => (1, 0),
        (originals, copies) => (originals.unwrap_or(0), copies.unwrap_or(0)),
    };
    Some(PaperItem { name, originals, copies })
}
