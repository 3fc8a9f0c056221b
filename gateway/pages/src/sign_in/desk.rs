//! Who may come in: passwords, codes, pauses, sessions, and the record of it.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{
    ClientNet, LockOut, Login, Officer, OfficerId, OfficerRole, Sender, SessionToken, SignedIn,
};
use gateway_core::ports::{
    Clock, HashKey, KeyedHash, LimitKeys, LimitedAction, Limiter, NewOfficerAct, NewSession, OfficerAudit,
    OfficerChange, Officers, Randomness, Stage, StoreError, Tried, Trying, acts,
};
use jiff::{SignedDuration, Timestamp};

use super::passwords::{Password, PasswordCost, PasswordProblem, Passwords, Unfit};
use super::second_factor::TotpSecret;

/// The rules of signing in, from the section `[officers]`.
#[derive(Debug, Clone)]
pub struct SignInRules {
    /// A session ends after so long without a request.
    pub idle: Duration,
    /// And after so long in any case.
    pub session: Duration,
    /// Sessions of one officer at one time.
    pub sessions_each: u32,
    /// How failures of one login make the next try wait.
    pub account: LockOut,
    /// The same for one network, which a whole office may share.
    pub network: LockOut,
    /// Roles that sign in with a second factor or not at all.
    pub second_factor_for: Vec<OfficerRole>,
    /// HTTPS stands in front: the cookie has the prefix `__Host-` and is
    /// `Secure`.
    pub https: bool,
    /// What a password's hash costs.
    pub cost: PasswordCost,
}

/// How long the code may take after the password.
const CODE_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What signing in needs from the composition root.
pub struct SignInNeeds {
    /// The accounts and sessions.
    pub officers: Arc<dyn Officers>,
    /// The record.
    pub audit: Arc<dyn OfficerAudit>,
    /// Rates by network.
    pub limiter: Arc<dyn Limiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness of the operating system: tokens come of it.
    pub randomness: Arc<dyn Randomness>,
    /// The key of the hashes.
    pub hash_key: HashKey,
    /// The rules.
    pub rules: SignInRules,
}

/// Lets officers in and out.
pub struct SignInDesk {
    needs: SignInNeeds,
    passwords: Passwords,
}

/// A browser that got on.
#[derive(Debug)]
pub(crate) enum Entered {
    /// The password was right; the code is awaited under this token.
    AwaitsCode(SessionToken),
    /// Signed in under this token.
    SignedIn(SessionToken),
}

/// Why a browser did not get on. Nothing of it tells whether a login exists.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The login or the password is wrong, or the account is disabled.
    #[error("wrong")]
    Wrong,
    /// The code is wrong or was used before.
    #[error("wrong code")]
    WrongCode,
    /// The password was right, but the role asks for a second factor that the
    /// account does not have.
    #[error("second factor missing")]
    SecondFactorMissing,
    /// Too many failures: not before then.
    #[error("locked")]
    Locked {
        /// How long still.
        wait: Duration,
    },
    /// Too many tries of this network.
    #[error("too many")]
    TooMany {
        /// How long still.
        wait: Duration,
    },
    /// The new password is not good enough.
    #[error("{0}")]
    Unfit(Unfit),
    /// The session that awaited the code is over.
    #[error("expired")]
    Expired,
    /// More passwords at once than the house can look at.
    #[error("busy")]
    Busy,
    /// The machine's or the database's failure.
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<PasswordProblem> for Refused {
    fn from(problem: PasswordProblem) -> Self {
        match problem {
            PasswordProblem::Busy => Self::Busy,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl SignInDesk {
    /// Ready to let officers in.
    ///
    /// # Errors
    /// The cost of passwords is out of range.
    pub fn new(needs: SignInNeeds) -> Result<Self, PasswordProblem> {
        let passwords = Passwords::new(&needs.rules.cost, &*needs.randomness)?;
        Ok(Self { needs, passwords })
    }

    pub(crate) const fn https(&self) -> bool {
        self.needs.rules.https
    }

    pub(crate) fn new_token(&self) -> SessionToken {
        SessionToken::new(&*self.needs.randomness)
    }

    pub(crate) const fn hash_key(&self) -> &HashKey {
        &self.needs.hash_key
    }

    /// Who is signed in under a token now.
    pub(crate) async fn who(&self, token: &SessionToken) -> Result<Option<SignedIn>, StoreError> {
        self.at_stage(token, Stage::SignedIn).await
    }

    /// Whether a token's session awaits a code.
    pub(crate) async fn awaits_code(&self, token: &SessionToken) -> Result<bool, StoreError> {
        Ok(self.at_stage(token, Stage::AwaitsCode).await?.is_some())
    }

    async fn at_stage(&self, token: &SessionToken, stage: Stage) -> Result<Option<SignedIn>, StoreError> {
        self.needs.officers.session(token.hash(&self.needs.hash_key), stage, self.needs.clock.now()).await
    }

    /// The first step. `old` is the browser's earlier session, which ends.
    pub(crate) async fn password(
        &self,
        login: &str,
        password: &Password,
        net: ClientNet,
        old: Option<&SessionToken>,
    ) -> Result<Entered, Refused> {
        let try_of = self.begin(self.hash_of_login(login), net).await?;
        let login = Login::parse(login);
        let keys = match &login {
            Some(login) => self.needs.officers.keys(login).await?,
            None => None,
        };
        let right = match self.passwords.is(password, keys.as_ref().map(|keys| keys.password_hash.as_str())).await {
            Ok(right) => right,
            Err(problem) => {
                // Nobody looked at it: it is no failure.
                self.needs.officers.forgive_try(&try_of.of, try_of.at).await?;
                return Err(problem.into());
            }
        };
        let account = keys.as_ref().map(|keys| keys.officer.id);
        // A disabled account sounds and takes as a wrong password does.
        let Some(keys) = keys.filter(|keys| right && !keys.officer.disabled) else {
            return Err(self.failed(&try_of, account, Refused::Wrong).await?);
        };
        self.needs.officers.forgive_try(&try_of.of, try_of.at).await?;
        let officer = &keys.officer;
        if officer.second_factor {
            self.record(acts::PASSWORD_RIGHT, None, Some(officer.id), None, Some(try_of.net)).await?;
            let token = self.begin_session(officer.id, keys.epoch, Stage::AwaitsCode, old).await?;
            return Ok(Entered::AwaitsCode(token));
        }
        if self.needs.rules.second_factor_for.contains(&officer.role) {
            self.record(acts::SECOND_FACTOR_MISSING, None, Some(officer.id), None, Some(try_of.net)).await?;
            return Err(Refused::SecondFactorMissing);
        }
        self.enter(officer, keys.epoch, &try_of, old).await
    }

    /// The second step, under the token of the first.
    pub(crate) async fn code(&self, token: &SessionToken, code: &str, net: ClientNet) -> Result<Entered, Refused> {
        let awaiting = self.at_stage(token, Stage::AwaitsCode).await?.ok_or(Refused::Expired)?;
        let officer = awaiting.officer;
        let try_of = self.begin(self.hash_of_login(officer.login.as_str()), net).await?;
        let kept = self.needs.officers.second_factor(officer.id).await?.ok_or(Refused::Expired)?;
        let (epoch, secret) = (kept.epoch, TotpSecret::of(kept.secret));
        let right = match secret.step_of(code, self.needs.clock.now()) {
            // A code that somebody saw over a shoulder is not taken again.
            Some(step) => self.needs.officers.use_step(officer.id, step).await?,
            None => false,
        };
        if !right {
            return Err(self.failed(&try_of, Some(officer.id), Refused::WrongCode).await?);
        }
        self.needs.officers.forgive_try(&try_of.of, try_of.at).await?;
        self.enter(&officer, epoch, &try_of, Some(token)).await
    }

    /// A new password of the officer's own choice. The old one is asked for
    /// and counted as a sign-in is: who finds a browser open has not found the
    /// account. Every session ends; this browser goes on under a new token.
    pub(crate) async fn new_password(
        &self,
        signed_in: &SignedIn,
        old: &Password,
        new: &Password,
        net: ClientNet,
    ) -> Result<SessionToken, Refused> {
        let officer = &signed_in.officer;
        new.fit_for(&officer.login).map_err(Refused::Unfit)?;
        let try_of = self.begin(self.hash_of_login(officer.login.as_str()), net).await?;
        let keys = self.needs.officers.keys(&officer.login).await?.ok_or(Refused::Wrong)?;
        match self.passwords.is(old, Some(&keys.password_hash)).await {
            Ok(true) => {}
            Ok(false) => return Err(self.failed(&try_of, Some(officer.id), Refused::Wrong).await?),
            Err(problem) => {
                self.needs.officers.forgive_try(&try_of.of, try_of.at).await?;
                return Err(problem.into());
            }
        }
        self.needs.officers.forgive_try(&try_of.of, try_of.at).await?;
        let hash = self.passwords.hash(new, &*self.needs.randomness).await?;
        self.record(acts::PASSWORD_SET, Some(officer.id), Some(officer.id), None, Some(try_of.net)).await?;
        self.needs.officers.change(officer.id, OfficerChange::Password(&hash), self.needs.clock.now()).await?;
        let keys = self.needs.officers.keys(&officer.login).await?.ok_or(Refused::Wrong)?;
        // Between the two somebody may have set another one, or shut the account.
        if keys.password_hash != hash || keys.officer.disabled {
            return Err(Refused::Expired);
        }
        self.begin_session(officer.id, keys.epoch, Stage::SignedIn, None).await
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, signed_in: &SignedIn, net: ClientNet) -> Result<(), StoreError> {
        let officer = signed_in.officer.id;
        self.record(acts::SIGNED_OUT, Some(officer), Some(officer), None, Some(self.hash_of_net(net))).await?;
        self.needs.officers.end_session(signed_in.session).await
    }

    async fn enter(
        &self,
        officer: &Officer,
        epoch: i64,
        try_of: &TryOf,
        old: Option<&SessionToken>,
    ) -> Result<Entered, Refused> {
        self.needs.officers.forget_tries(try_of.who).await?;
        self.record(acts::SIGNED_IN, Some(officer.id), Some(officer.id), None, Some(try_of.net)).await?;
        Ok(Entered::SignedIn(self.begin_session(officer.id, epoch, Stage::SignedIn, old).await?))
    }

    /// Always under a new token: whoever knew the browser's old one has nothing.
    async fn begin_session(
        &self,
        officer: OfficerId,
        epoch: i64,
        stage: Stage,
        old: Option<&SessionToken>,
    ) -> Result<SessionToken, Refused> {
        let (token, rules, at) = (self.new_token(), &self.needs.rules, self.needs.clock.now());
        let lasts = match stage {
            Stage::AwaitsCode => CODE_WITHIN,
            Stage::SignedIn => SignedDuration::try_from(rules.session).unwrap_or(SignedDuration::MAX),
        };
        let session = NewSession {
            token: token.hash(&self.needs.hash_key),
            officer,
            epoch,
            stage,
            at,
            until: at.checked_add(lasts).unwrap_or(Timestamp::MAX),
            idle: rules.idle,
            replaces: old.map(|old| old.hash(&self.needs.hash_key)),
            most: rules.sessions_each,
        };
        // The account was disabled or its keys have changed in between.
        if self.needs.officers.begin_session(session).await? { Ok(token) } else { Err(Refused::Wrong) }
    }

    /// Counts a try before anything is looked at.
    async fn begin(&self, who: KeyedHash, net: ClientNet) -> Result<TryOf, Refused> {
        let (rules, at) = (&self.needs.rules, self.needs.clock.now());
        let keys = LimitKeys { sender: &Sender::Address(net), device: None, address: Some(net) };
        if let Err(too_many) = self.needs.limiter.admit(keys, LimitedAction::SignIn, at) {
            return Err(Refused::TooMany { wait: too_many.retry_after });
        }
        let net = self.hash_of_net(net);
        let of = [Trying { who, rule: rules.account }, Trying { who: net, rule: rules.network }];
        match self.needs.officers.begin_try(&of, at).await? {
            Tried::Counted => Ok(TryOf { who, net, of, at }),
            Tried::Locked { until } => {
                self.record(acts::LOCKED_OUT, None, None, Some(who), Some(net)).await?;
                let wait = until.duration_since(at).unsigned_abs();
                Err(Refused::Locked { wait })
            }
        }
    }

    async fn failed(
        &self,
        try_of: &TryOf,
        account: Option<OfficerId>,
        refused: Refused,
    ) -> Result<Refused, StoreError> {
        metrics::counter!("officers_sign_in_failed_total").increment(1);
        self.record(acts::SIGN_IN_FAILED, None, account, Some(try_of.who), Some(try_of.net)).await?;
        Ok(refused)
    }

    /// Writes down what an officer did, or what was done to an account.
    pub(crate) async fn record(
        &self,
        act: &'static str,
        officer: Option<OfficerId>,
        account: Option<OfficerId>,
        target: Option<KeyedHash>,
        address: Option<KeyedHash>,
    ) -> Result<(), StoreError> {
        let (at, key_id) = (self.needs.clock.now(), self.needs.hash_key.id().into());
        self.needs.audit.record_act(NewOfficerAct { at, act, officer, account, target, address, key_id }).await
    }

    pub(crate) fn audit(&self) -> &dyn OfficerAudit {
        &*self.needs.audit
    }

    pub(crate) fn officers(&self) -> &dyn Officers {
        &*self.needs.officers
    }

    /// Whatever is typed has a hash, so that logins that do not exist are
    /// counted as those that do.
    fn hash_of_login(&self, typed: &str) -> KeyedHash {
        let typed: String = typed.trim().chars().take(100).collect();
        self.needs.hash_key.hash("officer_login", &typed.to_ascii_lowercase())
    }

    pub(crate) fn hash_of_net(&self, net: ClientNet) -> KeyedHash {
        Sender::Address(net).hash(&self.needs.hash_key)
    }
}

/// A try that was counted.
struct TryOf {
    who: KeyedHash,
    net: KeyedHash,
    of: [Trying; 2],
    at: Timestamp,
}
