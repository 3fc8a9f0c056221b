//! `dakenh officer …`: accounts of officers.

mod password;
mod show;
mod totp;

use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::domain::{Login, OfficerId, OfficerName, OfficerRole, Sites};
use gateway_core::ports::{
    Clock, HashKey, NewOfficer, NewOfficerAct, OfficerAudit as _, OfficerChange, Officers as _, Randomness, acts,
};
use gateway_store::{OfficerAccounts, Store};

use super::{demo, out, settings};
use crate::cli::{DemoFolder, Global, Officer};
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::{Exit, WrongUse};

pub(super) use password::made_up;

pub(super) async fn run(global: &Global, demo: &DemoFolder, verb: Officer) -> anyhow::Result<Exit> {
    let presumed = match &demo.data {
        Some(data) => demo::world::presumed_of(data)?,
        None => Overrides::default(),
    };
    let config = settings(global, presumed)?;
    let key = config.hash_key().map_err(WrongUse)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let store = compose::open_existing_store(&config, &clock).await?;
    let accounts = store.officers(&key, Arc::clone(&randomness));
    let office = Office { config, key, clock, randomness, store, accounts };
    let done = office.act(verb).await;
    office.store.close().await;
    done
}

/// What every verb needs.
struct Office {
    config: Config,
    key: HashKey,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    store: Store,
    accounts: OfficerAccounts,
}

impl Office {
    async fn act(&self, verb: Officer) -> anyhow::Result<Exit> {
        match verb {
            Officer::Add { login, name, role, sites, generate } => {
                self.add(&login, &name, &role, &sites, generate).await
            }
            Officer::List { json } => show::list(&self.accounts.list().await?, json),
            Officer::Password { login, generate } => {
                let id = self.account(&login).await?;
                let hash = password::ask(self, &read_login(&login)?, generate).await?;
                self.change(id, OfficerChange::Password(&hash), acts::PASSWORD_SET).await?;
                out("the password is set; whoever was signed in with the account is signed out");
                Ok(Exit::Good)
            }
            Officer::Disable { login } => {
                self.change(self.account(&login).await?, OfficerChange::Disable, acts::ACCOUNT_DISABLED).await?;
                out("the account is disabled; every session of it has ended");
                Ok(Exit::Good)
            }
            Officer::Enable { login } => {
                self.change(self.account(&login).await?, OfficerChange::Enable, acts::ACCOUNT_ENABLED).await?;
                out("the account is enabled");
                Ok(Exit::Good)
            }
            Officer::Totp { login, clear } => totp::run(self, &login, clear).await,
            Officer::Role { login, role } => {
                let role = read_role(&role)?;
                self.change(self.account(&login).await?, OfficerChange::Role(role), acts::ROLE_SET).await?;
                out(&format!("the role is {} from the next request on", role.key()));
                self.mind_second_factor(&login, role).await?;
                Ok(Exit::Good)
            }
            Officer::Sites { login, codes } => {
                let sites = self.read_sites(&codes)?;
                self.change(self.account(&login).await?, OfficerChange::Sites(&sites), acts::SITES_SET).await?;
                out(&format!("the account sees {} from the next request on", show::sites(&sites)));
                Ok(Exit::Good)
            }
        }
    }

    async fn add(&self, login: &str, name: &str, role: &str, sites: &[String], generate: bool) -> anyhow::Result<Exit> {
        let (typed, role, sites) = (read_login(login)?, read_role(role)?, self.read_sites(sites)?);
        let name = OfficerName::parse(name)
            .ok_or_else(|| WrongUse("--name: 1 to 80 characters, none of them invisible".into()))?;
        if self.accounts.find(&typed).await?.is_some() {
            return Err(WrongUse(format!("the login {} is taken", typed.as_str())).into());
        }
        let password_hash = password::ask(self, &typed, generate).await?;
        let new = NewOfficer { login: typed.clone(), name, role, sites, password_hash, at: self.clock.now() };
        let id = self.accounts.add(new).await.context("officers")?;
        let id = id.ok_or_else(|| WrongUse(format!("the login {} is taken", typed.as_str())))?;
        self.record(id, acts::ACCOUNT_ADDED).await?;
        out(&format!("account {} ({}) is made", typed.as_str(), role.key()));
        self.mind_second_factor(login, role).await?;
        Ok(Exit::Good)
    }

    /// Says so where an account cannot sign in as it is.
    async fn mind_second_factor(&self, login: &str, role: OfficerRole) -> anyhow::Result<()> {
        let has = self.accounts.find(&read_login(login)?).await?.is_some_and(|officer| officer.second_factor);
        if !has && self.config.officers.second_factor_for.contains(&role) {
            out(&format!("mind: {} signs in with a second factor: dakenh officer totp {login}", role.key()));
        }
        Ok(())
    }

    async fn account(&self, login: &str) -> anyhow::Result<OfficerId> {
        let found = self.accounts.find(&read_login(login)?).await.context("officers")?;
        Ok(found.ok_or_else(|| WrongUse(format!("there is no account {login}")))?.id)
    }

    /// The act first, then the change: a change without a trace there is not.
    async fn change(&self, id: OfficerId, change: OfficerChange<'_>, act: &'static str) -> anyhow::Result<()> {
        self.record(id, act).await?;
        if !self.accounts.change(id, change, self.clock.now()).await.context("officers")? {
            anyhow::bail!("the account is gone");
        }
        Ok(())
    }

    async fn record(&self, account: OfficerId, act: &'static str) -> anyhow::Result<()> {
        let act = NewOfficerAct {
            at: self.clock.now(),
            act,
            officer: None,
            account: Some(account),
            target: None,
            address: None,
            key_id: self.key.id().into(),
        };
        self.store.record_act(act).await.context("record of acts")
    }

    /// Agencies of the configuration only: a mistyped code would show nothing.
    fn read_sites(&self, codes: &[String]) -> Result<Sites, WrongUse> {
        let known = &self.config.province.agencies;
        for code in codes {
            if !known.iter().any(|agency| agency.code.eq_ignore_ascii_case(code)) {
                let known: Vec<&str> = known.iter().map(|agency| agency.code.as_str()).collect();
                return Err(WrongUse(format!("agency {code}: known are {}", known.join(", "))));
            }
        }
        Sites::parse(codes.iter().map(String::as_str))
            .ok_or_else(|| WrongUse(format!("at most {} agencies can be named", Sites::MOST)))
    }
}

fn read_login(login: &str) -> Result<Login, WrongUse> {
    Login::parse(login).ok_or_else(|| {
        WrongUse(format!("login {login}: 3 to 40 of a–z, digits, dots, dashes and underscores, a letter first"))
    })
}

fn read_role(role: &str) -> Result<OfficerRole, WrongUse> {
    OfficerRole::from_key(role).ok_or_else(|| {
        let known = OfficerRole::ALL.map(OfficerRole::key).join(", ");
        WrongUse(format!("role {role}: known are {known}"))
    })
}
