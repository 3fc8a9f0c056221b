//! `dakenh sms routes`, `drain` and `resume`: asked of the running gateway, on
//! its internal listener.

use std::time::Duration;

use anyhow::{Context as _, bail};
use gateway_core::ports::Clock as _;
use serde::Deserialize;

use crate::cli::{DemoFolder, Global};
use crate::clock::SystemClock;
use crate::commands::demo::Addresses;
use crate::commands::{of_demo, out, settings};
use crate::exit::{Exit, WrongUse};

/// How often a road that drains is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

#[derive(Deserialize)]
struct RouteView {
    road: String,
    from: String,
    policy: String,
    state: String,
    away: bool,
    drained: bool,
    foreign: bool,
    answers: bool,
    notices: bool,
    waiting: usize,
}

struct Gateway {
    client: reqwest::Client,
    address: String,
}

impl Gateway {
    fn of(global: &Global, demo: &DemoFolder) -> anyhow::Result<Self> {
        let config = settings(global, of_demo(demo))?;
        let of_demo = demo.data.as_deref().and_then(Addresses::read).map(|addresses| addresses.internal);
        let address = of_demo.unwrap_or_else(|| format!("http://{}", config.listen.internal));
        Ok(Self { client: gateway_portal::http_client(&config.portal.national)?, address })
    }

    async fn get(&self) -> anyhow::Result<String> {
        let url = format!("{}/sms/routes", self.address);
        let answer = self.client.get(&url).send().await.with_context(|| format!("{} does not answer", self.address))?;
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            bail!("the gateway at {} has no channel for text messages: no route is configured", self.address);
        }
        Ok(answer.error_for_status()?.text().await?)
    }

    async fn routes(&self) -> anyhow::Result<Vec<RouteView>> {
        Ok(serde_json::from_str(&self.get().await?)?)
    }

    async fn post(&self, road: &str, verb: &str) -> anyhow::Result<()> {
        if !road.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
            return Err(WrongUse(format!("{road}: no road has such a name")).into());
        }
        let url = format!("{}/sms/routes/{road}/{verb}", self.address);
        let answer =
            self.client.post(&url).send().await.with_context(|| format!("{} does not answer", self.address))?;
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            return Err(WrongUse(format!("{road}: no route has this road")).into());
        }
        answer.error_for_status()?;
        Ok(())
    }
}

pub(super) async fn list(global: &Global, demo: &DemoFolder, json: bool) -> anyhow::Result<Exit> {
    let gateway = Gateway::of(global, demo)?;
    if json {
        out(&gateway.get().await?);
        return Ok(Exit::Good);
    }
    let routes = gateway.routes().await?;
    out(&format!("{:<16} {:<12} {:<8} {:<26} {:<16} {:>7}", "ROAD", "FROM", "STATE", "LETTERS", "CARRIES", "WAITING"));
    for route in &routes {
        let state = if route.drained {
            "drained"
        } else if route.away {
            "away"
        } else {
            &route.state
        };
        let mut carries = Vec::new();
        if route.answers {
            carries.push("answers");
        }
        if route.notices {
            carries.push("notices");
        }
        if route.foreign {
            carries.push("(abroad)");
        }
        out(&format!(
            "{:<16} {:<12} {:<8} {:<26} {:<16} {:>7}",
            route.road,
            route.from,
            state,
            route.policy,
            carries.join(" "),
            route.waiting
        ));
    }
    let well = routes.iter().any(|route| route.state == "up");
    Ok(if well { Exit::Good } else { Exit::No })
}

pub(super) async fn drain(global: &Global, demo: &DemoFolder, road: &str, within: u64) -> anyhow::Result<Exit> {
    let gateway = Gateway::of(global, demo)?;
    gateway.post(road, "drain").await?;
    let clock = SystemClock;
    let until = clock.now() + Duration::from_secs(within);
    loop {
        let routes = gateway.routes().await?;
        let waiting = routes.iter().find(|route| route.road == road).map_or(0, |route| route.waiting);
        if waiting == 0 {
            out(&format!("{road} is drained: nothing waits for it, new messages take other roads"));
            return Ok(Exit::Good);
        }
        if clock.now() >= until {
            out(&format!("{road}: {waiting} messages still wait; it takes no new ones"));
            return Ok(Exit::No);
        }
        clock.sleep(LOOK_EVERY).await;
    }
}

pub(super) async fn resume(global: &Global, demo: &DemoFolder, road: &str) -> anyhow::Result<Exit> {
    Gateway::of(global, demo)?.post(road, "resume").await?;
    out(&format!("{road} is in service"));
    Ok(Exit::Good)
}
