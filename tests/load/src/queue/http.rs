//! The same over HTTP: a gateway in a process of its own, enrolled terminals with
//! the client that a terminal has.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use gateway_core::domain::local_date;
use gateway_core::domain::queue::SiteCode;
use gateway_core::ports::Clock as _;
use gateway_store::{Store, StoreConfig};
use hdrhistogram::Histogram;
use kiosk_client::{ClientSettings, Gateway, KeyFile, SystemClock, SystemRandomness};
use mobile_api_types::TicketRequest;
use rand::Rng as _;
use tokio::sync::Barrier;

use super::{Options, RealTime, Round, SERVICES, gaps_and_doubles, on_disk};
use crate::gateway::{self, Simulated};
use crate::process::Server;
use crate::report::progress;

/// Each round has a centre of its own.
fn site(round: u32) -> String {
    format!("001.21.{round:02}.H09")
}

/// Every round's centre, open at every hour; limits as the default, but for the
/// one address that all terminals of a bench share.
fn settings(options: &Options) -> String {
    let services: Vec<String> = SERVICES
        .iter()
        .map(|(key, prefix)| {
            format!("{{ key = \"{key}\", prefix = \"{prefix}\", name = {{ vi = \"Việc {prefix}\" }} }}")
        })
        .collect();
    let mut text = String::from(
        "\n[http.address_limit]\nexempt = [\"127.0.0.0/8\"]\n\
         \n[limits.queue]\naddress = { per_minute = 1_000_000, burst = 1_000_000 }\n\
         \n[limits.any]\naddress = { per_minute = 1_000_000, burst = 1_000_000 }\n",
    );
    for round in 0..=options.rounds {
        text += &format!(
            "\n[[queue.sites]]\ncode = \"{}\"\nname = {{ vi = \"Trung tâm {round}\" }}\n\
             hours = [{{ from = \"00:00\", to = \"23:59:59\" }}]\nopen_on_days_off = true\n\
             lunch_cut_off_minutes = 0\nclosing_cut_off_minutes = 0\nlongest = 5_000\nservices = [{}]\n\
             counters = [{{ name = \"1\" }}]\n\
             \n[[province.agencies]]\ncode = \"{}\"\nname = \"Trung tâm {round}\"\n",
            site(round),
            services.join(", "),
            site(round),
        );
    }
    text
}

pub(super) fn measure(options: &Options, runtime: &tokio::runtime::Runtime) -> anyhow::Result<Vec<Round>> {
    let dakenh = options.dakenh.canonicalize().with_context(|| options.dakenh.display().to_string())?;
    let folder = tempfile::Builder::new().prefix("dakenh-queue-").tempdir().context("a folder for the database")?;
    let simulated = Simulated { dossiers: 10, latency_ms: 0, seed: 1 };
    let portal = gateway::portal(&dakenh, "portal", folder.path(), simulated)?;
    let url = format!("sqlite://{}/dakenh.db", folder.path().display());
    let file = folder.path().join("dakenh.toml");
    let text = gateway::settings(portal.address("portal")?, &url, Path::new("none")) + &settings(options);
    std::fs::write(&file, text).context("settings")?;
    let mut serve = Command::new(&dakenh);
    serve.arg("serve").arg("--config").arg(&file);
    let server = Server::start("gateway", serve, folder.path(), "ready")?;
    let base = format!("http://{}", server.address("public")?);
    let store = runtime.block_on(Store::connect(&StoreConfig { url, ..StoreConfig::default() }, Arc::new(RealTime)))?;
    let mut rounds = Vec::new();
    // The first one warms everything, and is not told.
    for number in 0..=options.rounds {
        progress(&format!("round {number}: {} terminals are enrolled", options.terminals));
        let terminals = enrolled(options, &dakenh, &file, &base, number, runtime)?;
        let round = runtime.block_on(one_round(options, &terminals, &store, number))?;
        if number > 0 || options.smoke {
            rounds.push(round);
        }
    }
    runtime.block_on(store.close());
    server.stop()?;
    Ok(rounds)
}

/// Terminals of a round's centre, each with a key and connections of its own.
fn enrolled(
    options: &Options,
    dakenh: &Path,
    settings: &Path,
    base: &str,
    round: u32,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<Vec<Gateway>> {
    let folder = settings.parent().context("the settings' folder")?;
    (0..options.terminals)
        .map(|terminal| {
            let name = format!("{round}-{terminal}");
            let code = gateway::enrolment_code(dakenh, settings, &site(round), &name)?;
            let client = Gateway::new(
                ClientSettings::new(base),
                KeyFile::new(folder.join(format!("{name}.key"))),
                Arc::new(SystemClock),
                Arc::new(SystemRandomness::default()),
            )?;
            runtime.block_on(client.enrol(&code, "bench"))?;
            Ok(client)
        })
        .collect()
}

async fn one_round(options: &Options, terminals: &[Gateway], store: &Store, number: u32) -> anyhow::Result<Round> {
    let start = Arc::new(Barrier::new(terminals.len()));
    let each = options.takes / options.terminals;
    let began = Instant::now();
    let takers: Vec<_> = terminals
        .iter()
        .zip(0_u32..)
        .map(|(client, terminal)| tokio::spawn(at_terminal(client.clone(), Arc::clone(&start), terminal, each)))
        .collect();
    let (mut waits, mut numbers) = (Histogram::<u64>::new(3)?, Vec::new());
    for taker in takers {
        for (waited, ticket) in taker.await.context("terminal")?? {
            waits.record(waited)?;
            numbers.push(ticket);
        }
    }
    let took = began.elapsed();
    let split = |ticket: &str| -> anyhow::Result<(String, u32)> {
        let (prefix, serial) = ticket.split_at_checked(1).with_context(|| format!("{ticket} is no number"))?;
        Ok((prefix.to_owned(), serial.parse().with_context(|| format!("{ticket} is no number"))?))
    };
    let told = numbers.iter().map(|ticket| split(ticket)).collect::<anyhow::Result<Vec<_>>>()?;
    let (gaps, doubles) = gaps_and_doubles(&told)?;
    let queues = store.start_queues();
    let site = SiteCode::parse(&site(number)).context("a centre")?;
    let kept = on_disk(&queues, &site, local_date(RealTime.now())).await?;
    queues.close().await;
    let kept: std::collections::BTreeSet<_> =
        kept.iter().map(|ticket| (ticket.number.prefix.to_string(), ticket.number.serial)).collect();
    let found = told.iter().filter(|number| kept.contains(*number)).count();
    Ok(Round { took, waits, given: u64::try_from(told.len())?, gaps, doubles, on_disk: u64::try_from(found)? })
}

/// One after the other, as fast as they are given: nanoseconds and number.
async fn at_terminal(
    client: Gateway,
    start: Arc<Barrier>,
    terminal: u32,
    takes: u32,
) -> anyhow::Result<Vec<(u64, String)>> {
    start.wait().await;
    let mut taken = Vec::new();
    for n in 0..takes {
        let service = SERVICES.into_iter().cycle().nth(usize::try_from(terminal + n)? % SERVICES.len());
        let (service, _) = service.context("a service")?;
        let priority = if n.is_multiple_of(7) { "elderly" } else { "none" };
        let key = format!("{:016x}{:016x}", rand::rng().random::<u64>(), rand::rng().random::<u64>());
        let request = TicketRequest { service: service.to_owned(), priority: priority.to_owned(), key };
        let asked = Instant::now();
        let answer = client.take_ticket(&request, "vi").await?;
        taken.push((u64::try_from(asked.elapsed().as_nanos())?, answer.ticket.into_owned()));
    }
    Ok(taken)
}
