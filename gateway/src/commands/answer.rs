//! `dakenh answer 7K3F`: what was said, when and on which channel.

use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::desk::{AnswerCode, Refusal, RefusalKind};
use gateway_core::domain::{Locale, local_datetime};
use gateway_core::ports::Clock;
use gateway_locale::Locales;

use super::{of_demo, out, settings};
use crate::cli::{Answer, Global};
use crate::clock::SystemClock;
use crate::compose;
use crate::exit::{Exit, WrongUse};

/// Codes come round again: the latest few are shown, with their times.
const MOST: u32 = 10;

pub(super) async fn run(global: &Global, arguments: &Answer) -> anyhow::Result<Exit> {
    let code = AnswerCode::parse(&arguments.code)
        .ok_or_else(|| WrongUse(format!("{}: an answer code has four letters and digits", arguments.code)))?;
    let config = settings(global, of_demo(&arguments.demo))?;
    let locales = compose::locales(&config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_existing_store(&config, &clock).await?;
    let answers = store.answers(code, MOST).await.context("audit")?;
    store.close().await;
    if answers.is_empty() {
        out(&format!("{code}: no such answer"));
        return Ok(Exit::No);
    }
    for answer in answers {
        let at = local_datetime(answer.at);
        out(&format!(
            "{code}  {}  {}/{}  {}  {}  ({})  {}",
            at.strftime("%d/%m/%Y %H:%M:%S"),
            answer.channel.key(),
            answer.provider,
            answer.action,
            answer.outcome.key(),
            answer.locale,
            answer.said,
        ));
        for meaning in meanings(&locales, &answer.said) {
            out(&format!("      {meaning}"));
        }
    }
    Ok(Exit::Good)
}

/// The audit's words (`dossier status=… next=…`, `refused code=…`) as the
/// citizen read them.
fn meanings(locales: &Locales, said: &str) -> Vec<String> {
    said.split_whitespace()
        .filter_map(|word| word.split_once('='))
        .filter_map(|(name, value)| {
            let family = match name {
                "status" => "phase",
                "next" => "next",
                "code" if said.starts_with("refused") => {
                    let refusal = Refusal::of(RefusalKind::from_code(value)?);
                    return Some(locales.refusal_detail(&refusal, Locale::VI));
                }
                _ => return None,
            };
            Some(locales.label(Locale::VI, &format!("{family}-{}", value.replace('_', "-"))))
        })
        .collect()
}
