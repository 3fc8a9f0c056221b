//! The same over signed HTTP: a gateway in a process of its own, and enrolled
//! terminals, each with its key, its connection and the client that a terminal has.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gateway_core::domain::local_date;
use gateway_core::domain::queue::SiteCode;
use gateway_core::ports::Clock as _;
use gateway_store::{Store, StoreConfig};
use kiosk_client::{ClientSettings, Gateway, KeyFile, SystemClock, SystemRandomness};
use mobile_api_types::TicketRequest;
use tokio::runtime::Runtime;
use tokio::sync::Barrier;

use super::{Number, Options, RealTime, Round, SERVICES, on_disk, wish};
use crate::gateway::{self, Simulated};
use crate::process::Server;
use crate::proof::metric;
use crate::report::progress;

/// What the rounds showed, and how often a limit refused a terminal (which then
/// waited and asked again).
pub(super) fn measure(options: &Options, runtime: &Runtime) -> anyhow::Result<(Vec<Round>, u64)> {
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
        if number > 0 {
            rounds.push(round);
        }
    }
    let refused = metric(&gateway::metrics(&server)?, "limits_refused_total", "");
    runtime.block_on(store.close());
    server.stop()?;
    portal.stop()?;
    Ok((rounds, refused))
}

/// Each round has a centre of its own.
fn site(round: u32) -> String {
    format!("001.21.{round:02}.H09")
}

/// Every round's centre, open at every hour. Limits are the defaults as long as
/// the terminals are those of a hall: the outer wall is open for their network, as
/// `docs/kiosk.md` wants it, and no terminal takes more at once than it may.
fn settings(options: &Options) -> String {
    let each = options.takes / options.terminals;
    let at_once = |usually: u32| each.max(usually);
    let connections = (2 * options.terminals).max(256);
    let (any, queue, signed) = (at_once(30), at_once(20), at_once(60));
    let services: Vec<String> = SERVICES
        .iter()
        .map(|(key, prefix)| {
            format!("{{ key = \"{key}\", prefix = \"{prefix}\", name = {{ vi = \"Việc {prefix}\" }} }}")
        })
        .collect();
    let services = services.join(", ");
    // The network's own numbers hold for some twenty takes of fifty terminals in a
    // minute; this is five rounds of them.
    let network = "{ per_minute = 1_000_000, burst = 1_000_000 }";
    let mut text = format!(
        r#"
[http]
max_connections_per_network = {connections}

[http.address_limit]
exempt = ["127.0.0.0/8"]

[limits.any]
sender = {{ per_minute = 60, burst = {any} }}
device = {{ per_minute = 60, burst = {any} }}
address = {network}

[limits.queue]
sender = {{ per_minute = 30, burst = {queue} }}
device = {{ per_minute = 30, burst = {queue} }}
address = {network}

[kiosk]
requests_burst = {signed}
"#
    );
    for round in 0..=options.rounds {
        let site = site(round);
        text += &format!(
            r#"
[[queue.sites]]
code = "{site}"
name = {{ vi = "Trung tâm {round}" }}
hours = [{{ from = "00:00", to = "23:59:59" }}]
open_on_days_off = true
lunch_cut_off_minutes = 0
closing_cut_off_minutes = 0
longest = 5_000
services = [{services}]
counters = [{{ name = "1" }}]

[[province.agencies]]
code = "{site}"
name = "Trung tâm {round}"
"#
        );
    }
    text
}

/// Terminals of a round's centre, each with a key and a connection of its own.
fn enrolled(
    options: &Options,
    dakenh: &Path,
    settings: &Path,
    base: &str,
    round: u32,
    runtime: &Runtime,
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
            let enrolled = runtime.block_on(client.enrol(&code, "bench"));
            enrolled.with_context(|| format!("terminal {name} is not enrolled"))?;
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
    let mut taken = Vec::new();
    for taker in takers {
        taken.extend(taker.await.context("terminal")??);
    }
    let took = began.elapsed();
    let queues = store.start_queues();
    let site = SiteCode::parse(&site(number)).context("a centre")?;
    let kept = on_disk(&queues, &site, local_date(RealTime.now())).await?;
    queues.close().await;
    Round::of(took, &taken, &kept)
}

/// One after the other, as fast as they are given.
async fn at_terminal(
    client: Gateway,
    start: Arc<Barrier>,
    terminal: u32,
    takes: u32,
) -> anyhow::Result<Vec<(Duration, Number)>> {
    start.wait().await;
    let mut taken = Vec::new();
    for n in 0..takes {
        let (service, prefix, elderly) = wish(terminal, n)?;
        let priority = if elderly { "elderly" } else { "none" };
        let key = client.fresh_key()?;
        let request = TicketRequest { service: service.to_owned(), priority: priority.to_owned(), key };
        let asked = Instant::now();
        let answer = client.take_ticket(&request, "vi").await?;
        let waited = asked.elapsed();
        let serial = answer.ticket.strip_prefix(prefix).and_then(|serial| serial.parse().ok());
        ensure!(answer.service == service, "a number of {} instead of {service}", answer.service);
        taken.push((
            waited,
            Number {
                id: answer.id,
                prefix: prefix.to_owned(),
                serial: serial.with_context(|| format!("{} is no number of {service}", answer.ticket))?,
                code: answer.code.into_owned(),
            },
        ));
    }
    Ok(taken)
}
