//! At the store's port, in our process: what the queue itself costs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gateway_core::domain::queue::{Prefix, Priority, ServiceKey, SiteCode, TicketCode, TicketKey};
use gateway_core::ports::{Clock as _, NewTicket, Queue as _, Randomness as _, Taken};
use gateway_store::{Queues, Store, StoreConfig};
use jiff::civil::{Date, date};
use tokio::sync::Barrier;

use super::{Number, Options, RealTime, Round, SystemRandomness, on_disk, wish};

const DAY: Date = date(2026, 11, 27);

pub(super) async fn measure(options: &Options) -> anyhow::Result<Vec<Round>> {
    let folder = tempfile::Builder::new().prefix("dakenh-queue-").tempdir().context("a folder for the database")?;
    let url = match &options.postgres {
        Some(url) => url.clone(),
        None => format!("sqlite://{}/dakenh.db", folder.path().display()),
    };
    let store = Store::connect(&StoreConfig { url, ..StoreConfig::default() }, Arc::new(RealTime)).await?;
    store.migrate().await?;
    let queues = Arc::new(store.start_queues());
    let mut rounds = Vec::new();
    // The first one warms statements and pages, and is not told.
    for number in 0..=options.rounds {
        let round = one_round(options, &queues, number).await?;
        if number > 0 {
            rounds.push(round);
        }
    }
    queues.close().await;
    store.close().await;
    Ok(rounds)
}

async fn one_round(options: &Options, queues: &Arc<Queues>, number: u32) -> anyhow::Result<Round> {
    // A centre of its own, also where the database had rounds before.
    let site = SiteCode::parse(&format!("{:08x}.{number:02}", SystemRandomness.next_u64() & 0xffff_ffff));
    let site = site.context("a centre")?;
    let start = Arc::new(Barrier::new(usize::try_from(options.terminals)?));
    let each = options.takes / options.terminals;
    let began = Instant::now();
    let terminals: Vec<_> = (0..options.terminals)
        .map(|terminal| tokio::spawn(at_terminal(Arc::clone(queues), Arc::clone(&start), site.clone(), terminal, each)))
        .collect();
    let mut taken = Vec::new();
    for terminal in terminals {
        taken.extend(terminal.await.context("terminal")??);
    }
    Round::of(began.elapsed(), &taken, &on_disk(queues, &site, DAY).await?)
}

/// One after the other, as fast as they are given.
async fn at_terminal(
    queues: Arc<Queues>,
    start: Arc<Barrier>,
    site: SiteCode,
    terminal: u32,
    takes: u32,
) -> anyhow::Result<Vec<(Duration, Number)>> {
    start.wait().await;
    let mut taken = Vec::new();
    for n in 0..takes {
        let (service, prefix, elderly) = wish(terminal, n)?;
        let bits = u128::from(SystemRandomness.next_u64()) << 64 | u128::from(SystemRandomness.next_u64());
        let wish = NewTicket {
            site: site.clone(),
            day: DAY,
            service: ServiceKey::parse(service).context("a service's key")?,
            prefix: Prefix::parse(prefix).context("a prefix")?,
            priority: if elderly { Priority::Elderly } else { Priority::None },
            key: TicketKey(bits.to_be_bytes()),
            code: TicketCode::new(&SystemRandomness),
            at: RealTime.now(),
            longest: 20_000,
            local: None,
        };
        let asked = Instant::now();
        match queues.take(wish).await? {
            Taken::New(ticket, _) => taken.push((asked.elapsed(), Number::of(&ticket))),
            other => anyhow::bail!("not a new number: {other:?}"),
        }
    }
    Ok(taken)
}
