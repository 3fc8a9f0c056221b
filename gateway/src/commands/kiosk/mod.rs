//! `dakenh kiosk …`: terminals of the administration.

mod show;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use gateway_core::domain::{DeviceId, EnrolmentCode, TerminalName, local_datetime};
use gateway_core::ports::{
    Clock, Devices as _, HashKey, KeyedHash, NewEnrolment, NewOfficerAct, OfficerAudit as _, Randomness, acts,
};
use gateway_store::{DeviceRows, Store};

use super::{demo, out, settings};
use crate::cli::{DemoFolder, Global, Kiosk};
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::{Exit, WrongUse};

pub(super) async fn run(global: &Global, demo: &DemoFolder, verb: Kiosk) -> anyhow::Result<Exit> {
    let presumed = match &demo.data {
        Some(data) => demo::world::presumed_of(data)?,
        None => Overrides::default(),
    };
    let config = settings(global, presumed)?;
    let key = config.hash_key().map_err(WrongUse)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_existing_store(&config, &clock).await?;
    let devices = store.start_devices();
    let hall = Hall { config, key, clock, store, devices };
    let done = hall.act(verb).await;
    hall.store.close().await;
    done
}

/// What every verb needs.
struct Hall {
    config: Config,
    key: HashKey,
    clock: Arc<dyn Clock>,
    store: Store,
    devices: DeviceRows,
}

impl Hall {
    async fn act(&self, verb: Kiosk) -> anyhow::Result<Exit> {
        match verb {
            Kiosk::Enrol { site, name, valid_minutes } => self.enrol(&site, &name, valid_minutes).await,
            Kiosk::List { json } => {
                let silent_after = Duration::from_secs(u64::from(self.config.kiosk.silent_after_minutes) * 60);
                let all = self.devices.devices().await.context("terminals")?;
                show::list(&all, self.clock.now(), silent_after, json)
            }
            Kiosk::Revoke { device } => self.revoke(&device).await,
        }
    }

    async fn enrol(&self, site: &str, name: &str, valid_minutes: Option<u32>) -> anyhow::Result<Exit> {
        let site = self.read_site(site)?;
        let name = TerminalName::parse(name)
            .ok_or_else(|| WrongUse("--name: 1 to 80 characters, none of them invisible".into()))?;
        let all = self.devices.devices().await.context("terminals")?;
        if let Some((device, _)) =
            all.iter().find(|(device, _)| device.revoked_at.is_none() && device.site == site && device.name == name)
        {
            let of = device.id.as_str();
            return Err(WrongUse(format!("{site} has a terminal of this name: dakenh kiosk revoke {of} first")).into());
        }
        let minutes = valid_minutes.unwrap_or(self.config.kiosk.enrolment_minutes);
        let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
        let code = EnrolmentCode::new(randomness.as_ref());
        let at = self.clock.now();
        let until = at + Duration::from_secs(u64::from(minutes) * 60);
        let hash = code.hash(&self.key);
        self.record(acts::TERMINAL_OFFERED, hash).await?;
        let enrolment = NewEnrolment { code: hash, site: site.as_str().into(), name, at, until };
        self.devices.offer_enrolment(enrolment).await.context("terminals")?;
        // Alone on its line, for whoever reads it by a program.
        out(&code.shown());
        out(&format!(
            "type this code at the terminal; it is good once, until {}",
            local_datetime(until).strftime("%H:%M, %d/%m/%Y")
        ));
        Ok(Exit::Good)
    }

    async fn revoke(&self, device: &str) -> anyhow::Result<Exit> {
        let unknown = || WrongUse(format!("there is no terminal {device}: dakenh kiosk list"));
        let id = DeviceId::parse(device).ok_or_else(unknown)?;
        let found = self.devices.device(&id).await.context("terminals")?.ok_or_else(unknown)?;
        if found.revoked_at.is_some() {
            out("the terminal was revoked before");
            return Ok(Exit::Good);
        }
        // The act first: a change without a trace there is not.
        self.record(acts::TERMINAL_REVOKED, self.key.hash("terminal", id.as_str())).await?;
        self.devices.revoke(&id, self.clock.now()).await.context("terminals")?;
        out("the terminal is revoked; its next request is refused");
        Ok(Exit::Good)
    }

    async fn record(&self, act: &'static str, target: KeyedHash) -> anyhow::Result<()> {
        let act = NewOfficerAct {
            at: self.clock.now(),
            act,
            officer: None,
            account: None,
            target: Some(target),
            address: None,
            key_id: self.key.id().into(),
        };
        self.store.record_act(act).await.context("record of acts")
    }

    /// An agency of the configuration only: a mistyped code would stand nowhere.
    fn read_site(&self, site: &str) -> Result<String, WrongUse> {
        let known = &self.config.province.agencies;
        let found = known.iter().find(|agency| agency.code.eq_ignore_ascii_case(site.trim()));
        found.map(|agency| agency.code.clone()).ok_or_else(|| {
            let known: Vec<&str> = known.iter().map(|agency| agency.code.as_str()).collect();
            WrongUse(format!("--site {site}: known agencies are {}", known.join(", ")))
        })
    }
}
