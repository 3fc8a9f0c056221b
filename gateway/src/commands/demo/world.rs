//! The demo's parts, put together: also what `ask` starts for one question.

use std::path::Path;

use anyhow::Context as _;
use channel_sms::smpp::smsc::Smsc;
use figment::value::Value;
use gateway_core::ports::Randomness as _;
use portal_simulator::{Sample, Simulator};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Addresses, smsc};
use crate::cli::{Demo, Global};
use crate::clock::SystemRandomness;
use crate::commands::{portal_sim, settings};
use crate::compose::Gateway;
use crate::config::Overrides;
use crate::exit::WrongUse;
use crate::listeners::{self, Running};
use crate::telemetry;

/// The agency of the demo's centre.
pub(super) const DEMO_SITE: &str = "001.21.31.H09";
/// The terminal in its hall.
const DEMO_TERMINAL: &str = "Sảnh 1";

/// A portal and a gateway that asks it.
pub(in crate::commands) struct World {
    running: Running,
    simulator: Simulator,
    portal: std::net::SocketAddr,
    portal_task: JoinHandle<anyhow::Result<()>>,
    smsc: Smsc,
}

impl World {
    /// Starts everything; it answers when this returns.
    pub(in crate::commands) async fn start(
        global: &Global,
        arguments: &Demo,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let data = &arguments.data;
        std::fs::create_dir_all(data).with_context(|| data.display().to_string())?;
        let listener =
            TcpListener::bind(arguments.portal).await.with_context(|| format!("--portal {}", arguments.portal))?;
        let portal = listener.local_addr()?;

        let mut presumed = Overrides::default();
        presumed.set("listen.public", arguments.public.to_string());
        presumed.set("listen.internal", arguments.internal.to_string());
        presumed.set("store.url", super::store_url(data));
        presumed.set("audit.key", audit_key(data)?);
        presumed.set("portal.national.base_url", format!("http://{portal}"));
        presumed.set("portal.national.password", random_text());
        // Kept over the listener, so that the gateway's bind finds it.
        let smsc = smsc::start(arguments.smsc).await?;
        presume_sms(&mut presumed, smsc.address())?;
        presumed.set("queue.sites", Value::serialize(queue_site())?);
        presumed.set("queue.hall_public", true);
        presumed.set("kiosk.sites", Value::serialize(kiosk_site())?);
        // A free port is known only once it is taken.
        if arguments.public.port() != 0 {
            presumed.set("kiosk.phone_base_url", format!("http://{}", arguments.public));
        }
        presumed.set("log.filter", "warn");
        // The demo's supervisor comes in by the printed password alone.
        presumed.set("officers.second_factor_for", Vec::<String>::new());
        let catalogue = arguments.procedures.clone().unwrap_or_else(|| data.join("catalogue.jsonl"));
        presumed.set("catalogue.file", catalogue.display().to_string());
        let config = settings(global, presumed)?;
        telemetry::start_logs(&config)?;
        let metrics = telemetry::start_metrics()?;

        let mut simulated = portal_sim::config(&config, arguments.procedures.as_deref())?;
        simulated.seed = arguments.seed;
        let simulator = Simulator::new(simulated).map_err(|problem| WrongUse(problem.to_string()))?;
        let served = simulator.clone();
        let portal_stop = stop.clone();
        let portal_task = tokio::spawn(async move { portal_sim::serve(listener, &served, portal_stop).await });

        let gateway = Gateway::compose(config, &stop).await?;
        let running = listeners::start(gateway, metrics, stop).await?;
        Ok(Self { running, simulator, portal, portal_task, smsc })
    }

    /// Where everything listens.
    pub(in crate::commands) fn addresses(&self) -> Addresses {
        Addresses {
            public: format!("http://{}", self.running.public),
            internal: format!("http://{}", self.running.internal),
            portal: format!("http://{}", self.portal),
            smsc: self.smsc.address().to_string(),
        }
    }

    /// A number for each thing to try.
    pub(super) fn samples(&self) -> Vec<Sample> {
        self.simulator.samples()
    }

    /// The gateway, for what the demo puts into it.
    pub(super) fn gateway(&self) -> &Gateway {
        self.running.gateway()
    }

    /// Waits for the stop.
    pub(in crate::commands) async fn until_stopped(self) -> anyhow::Result<()> {
        self.running.until_stopped().await?;
        self.portal_task.await.context("portal simulator")?
    }
}

/// What a command of operators presumes that was told the folder of a demo:
/// its database, key and road.
pub(in crate::commands) fn presumed_of(data: &Path) -> anyhow::Result<Overrides> {
    let mut presumed = Overrides::default();
    presumed.set("store.url", super::store_url(data));
    if let Some(addresses) = Addresses::read(data) {
        presumed.set("audit.key", audit_key(data)?);
        presume_sms(&mut presumed, addresses.smsc.parse().context("demo.json: the SMSC's address")?)?;
    }
    Ok(presumed)
}

/// One road to the demo's own message centre. The line is private: it never
/// leaves this machine.
fn presume_sms(presumed: &mut Overrides, smsc: std::net::SocketAddr) -> anyhow::Result<()> {
    let road = json!([{
        "name": "demo",
        "hosts": [smsc.ip().to_string()],
        "port": smsc.port(),
        "system_id": smsc::ACCOUNT,
        "password": "demo",
        "private_line": true,
    }]);
    let route = json!([{ "road": "demo", "from": smsc::SHORT_CODE }]);
    presumed.set("sms.smpp", Value::serialize(road)?);
    presumed.set("sms.routes", Value::serialize(route)?);
    Ok(())
}

/// The terminal of that centre that `cargo xtask kiosk` starts. Its service menu
/// opens with 1234.
fn kiosk_site() -> serde_json::Value {
    json!([{
        "site": DEMO_SITE,
        "hours": [{ "from": "00:00", "to": "23:59" }],
        "open_on_days_off": true,
        "service_pin_sha256": "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4",
        "local_tickets": [{ "terminal": DEMO_TERMINAL, "from": 900, "to": 949 }],
    }])
}

/// One centre with three services and four counters. It is open at every hour of
/// every day, so that a demo on a Sunday evening has a queue too.
fn queue_site() -> serde_json::Value {
    let service = |key: &str, prefix: &str, vi: &str, en: &str| json!({ "key": key, "prefix": prefix, "name": { "vi": vi, "en": en } });
    json!([{
        "code": DEMO_SITE,
        "name": {
            "vi": "Trung tâm Phục vụ hành chính công phường Thủ Dầu Một",
            "en": "Public service centre of Thủ Dầu Một ward",
        },
        "words": ["TDM", "Thủ Dầu Một"],
        "hours": [{ "from": "00:00", "to": "23:59" }],
        "open_on_days_off": true,
        "local": [900, 999],
        "services": [
            service("ho-tich", "A", "Hộ tịch", "Civil status"),
            service("dat-dai", "B", "Đất đai", "Land"),
            service("can-cuoc", "C", "Căn cước", "Citizen identity"),
        ],
        "counters": [
            { "name": "1", "services": ["ho-tich"] },
            { "name": "2", "services": ["ho-tich", "can-cuoc"] },
            { "name": "3", "services": ["dat-dai"] },
            { "name": "4" },
        ],
    }])
}

/// The demo's own audit key, made once for a folder so that hashes stay
/// comparable over restarts.
fn audit_key(data: &Path) -> anyhow::Result<String> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let file = data.join("audit.key");
    if let Ok(key) = std::fs::read_to_string(&file)
        && key.trim().len() >= 32
    {
        return Ok(key.trim().to_owned());
    }
    let key = random_text();
    let mut written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&file)
        .with_context(|| file.display().to_string())?;
    writeln!(written, "{key}")?;
    Ok(key)
}

/// 256 random bits as text.
fn random_text() -> String {
    (0..4).map(|_| format!("{:016x}", SystemRandomness.next_u64())).collect()
}
