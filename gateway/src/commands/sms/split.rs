//! `dakenh sms split "…"`: how a text would travel.

use channel_sms::codec::{Alphabet, ReferenceBits, octets};
use channel_sms::segment::{Options, segment};
use channel_sms::{PolicyName, RouteConfig};
use serde::Serialize;

use crate::cli::{DemoFolder, Global, SmsSplit};
use crate::commands::{of_demo, out, settings};
use crate::exit::{Exit, WrongUse};

#[derive(Serialize)]
struct Split {
    alphabet: &'static str,
    policy: &'static str,
    parts: Vec<PartView>,
    /// What the parts cost the administration, in đồng, where a route says so.
    cost: Option<u64>,
    /// What would be kept for TIEP.
    rest: Option<String>,
}

#[derive(Serialize)]
struct PartView {
    text: String,
    units: usize,
    of: usize,
    /// The octets of the text, hexadecimal, without the header of joined parts.
    octets: String,
}

pub(super) fn run(global: &Global, demo: &DemoFolder, arguments: &SmsSplit) -> anyhow::Result<Exit> {
    let config = settings(global, of_demo(demo))?;
    let routes = config.sms.channel().routes;
    let route: Option<&RouteConfig> = match &arguments.road {
        Some(road) => Some(
            routes
                .iter()
                .find(|route| route.road == *road)
                .ok_or_else(|| WrongUse(format!("--road {road}: no route has this road")))?,
        ),
        None => routes.first(),
    };
    let policy = match &arguments.policy {
        Some(name) => PolicyName::parse(name).ok_or_else(|| {
            WrongUse(format!("--policy {name}: folded, accented or accented-if-no-more-parts is wanted"))
        })?,
        None => route.map(|route| route.policy).unwrap_or_default(),
    };
    let reference = if arguments.wide_reference { ReferenceBits::Sixteen } else { ReferenceBits::Eight };
    let max_parts = arguments.max_parts.unwrap_or(u8::MAX);
    let text = arguments.text.join(" ");
    let cut = segment(&text, &Options { policy: policy.policy(), max_parts, reference, more: None });
    let of = if cut.parts.len() == 1 { cut.alphabet.single() } else { cut.alphabet.joined(reference) };
    let count = u64::try_from(cut.parts.len()).unwrap_or(u64::MAX);
    let split = Split {
        alphabet: alphabet(cut.alphabet),
        policy: policy.key(),
        cost: route.filter(|route| route.part_cost > 0).map(|route| u64::from(route.part_cost) * count),
        parts: cut
            .parts
            .into_iter()
            .map(|text| PartView {
                units: cut.alphabet.units(&text),
                of,
                octets: hex(&octets(&text, cut.alphabet)),
                text,
            })
            .collect(),
        rest: cut.rest,
    };
    if arguments.json {
        out(&serde_json::to_string_pretty(&split)?);
        return Ok(Exit::Good);
    }
    let unit = if cut.alphabet == Alphabet::Gsm7 { "septets" } else { "UTF-16 units" };
    let cost = split.cost.map(|cost| format!(", {cost} đồng")).unwrap_or_default();
    out(&format!("{} ({}), parts: {}{cost}", split.alphabet, split.policy, split.parts.len()));
    for (part, number) in split.parts.iter().zip(1..) {
        out(&format!("{number}. {} of {} {unit}", part.units, part.of));
        out(&format!("   {}", part.text));
        out(&format!("   {}", part.octets));
    }
    if let Some(rest) = &split.rest {
        out(&format!("kept for TIEP: {rest}"));
    }
    Ok(Exit::Good)
}

const fn alphabet(alphabet: Alphabet) -> &'static str {
    match alphabet {
        Alphabet::Gsm7 => "GSM 03.38",
        Alphabet::Ucs2 => "UCS-2",
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
