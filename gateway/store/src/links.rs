//! Accounts and telephones that are linked by consent: hashes, and what is
//! shown of a phone, sealed.

use std::sync::Arc;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::Channel;
use gateway_core::ports::{
    HashKey, KeyedHash, Link, LinkProof, LinkTerms, LinkTried, Links, NewLinkCode, NewLinkOffer, Randomness, StoreError,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::{self, Bind, row};
use crate::contact::record_of;
use crate::failure::unreadable;
use crate::seal::Seal;
use crate::store::Store;
use crate::time::{from_micros, to_micros};

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 links, XChaCha20-Poly1305 of JSON";

/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// A code that is on its way holds on: only what is over is replaced.
const OFFER: &str = "INSERT INTO link_offers (account, phone, code, tries, channel, consent, until_at, key_id, sealed) \
     VALUES ($1, $2, $2, 0, $3, $4, $5, $6, $7) \
     ON CONFLICT (account) DO UPDATE \
        SET phone = excluded.phone, code = excluded.code, tries = excluded.tries, channel = excluded.channel, \
            consent = excluded.consent, until_at = excluded.until_at, key_id = excluded.key_id, \
            sealed = excluded.sealed \
        WHERE link_offers.until_at <= $8 OR length(link_offers.code) = 0";
/// Takes the account's row, which makes others of the same account wait until
/// this transaction ends.
const TAKE: &str = "INSERT INTO link_offers (account, phone, code, tries, channel, consent, until_at, key_id, sealed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (account) DO UPDATE \
        SET phone = excluded.phone, code = excluded.code, tries = excluded.tries, channel = excluded.channel, \
            consent = excluded.consent, until_at = excluded.until_at, key_id = excluded.key_id, \
            sealed = excluded.sealed";
/// Makes others of the same phone, for whatever account, wait until this
/// transaction ends; always after the account. SQLite writes one transaction at
/// a time.
const TAKE_PHONE: &str = "SELECT pg_advisory_xact_lock($1)";
const ISSUE: &str = "INSERT INTO link_issues (account, phone, at) SELECT $1, $2, $3 \
     WHERE (SELECT count(*) FROM link_issues WHERE account = $1 AND at > $4) < $5 \
       AND (SELECT count(*) FROM link_issues WHERE phone = $2 AND at > $4) < $6 \
       AND NOT EXISTS (SELECT 1 FROM link_issues WHERE account = $1 AND at > $7)";

/// Counted before it is compared, so that tries at once do not slip past.
const TRY: &str = "UPDATE link_offers SET tries = tries - 1 \
     WHERE account = $1 AND tries > 0 AND until_at > $2 AND length(code) > 0 \
     RETURNING phone, code, tries, channel, consent, key_id, sealed";
const SPEND: &str = "DELETE FROM link_offers WHERE account = $1 AND code = $2";
const SPEND_ANY: &str = "DELETE FROM link_offers WHERE account = $1 AND until_at > $2 \
     RETURNING phone, code, tries, channel, consent, key_id, sealed";
const OTHERS: &str = "SELECT count(*) FROM links WHERE phone = $1 AND account <> $2 AND until_at > $3";
const BEFORE: &str = "SELECT phone FROM links WHERE account = $1 AND until_at > $2";
const LINK: &str = "INSERT INTO links (account, phone, channel, proof, consent, since, until_at, key_id, sealed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (account) DO UPDATE \
        SET phone = excluded.phone, channel = excluded.channel, proof = excluded.proof, consent = excluded.consent, \
            since = excluded.since, until_at = excluded.until_at, key_id = excluded.key_id, sealed = excluded.sealed";

/// Each by its own index.
const OF: &str = "SELECT account, phone, channel, consent, since, until_at, key_id, sealed FROM links \
     WHERE account = $1 AND until_at > $2 \
     UNION SELECT account, phone, channel, consent, since, until_at, key_id, sealed FROM links \
     WHERE phone = $1 AND until_at > $2 ORDER BY since, account";
const KEEP_ACCOUNT: &str = "UPDATE links SET until_at = $3 WHERE account = $1 AND until_at > $2 AND until_at < $3";
const KEEP_PHONE: &str = "UPDATE links SET until_at = $3 WHERE phone = $1 AND until_at > $2 AND until_at < $3";

const FORGET: &str = "DELETE FROM link_offers WHERE account = $1";
const FORGET_PHONE: &str = "DELETE FROM link_offers WHERE phone = $1";
const UNLINK: &str = "DELETE FROM links WHERE account = $1";
const UNLINK_PHONE: &str = "DELETE FROM links WHERE phone = $1";
const UNLINK_ONE: &str = "DELETE FROM links WHERE account = $1 AND phone = $2";

row! {
    struct Offered {
        phone: Vec<u8>,
        code: Vec<u8>,
        tries: i64,
        channel: String,
        consent: String,
        key_id: String,
        sealed: Vec<u8>,
    }
}

row! {
    struct Row {
        account: Vec<u8>,
        phone: Vec<u8>,
        channel: String,
        consent: String,
        since: i64,
        until_at: i64,
        key_id: String,
        sealed: Vec<u8>,
    }
}

/// What is sealed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Private {
    /// The phone, masked.
    phone: CompactString,
    /// The record of the consent.
    words: String,
}

/// [`Links`] on the store's database.
pub struct SealedLinks {
    store: Store,
    seal: Seal,
}

impl Store {
    /// Links of accounts and phones. Only who has the same `key` can read what
    /// is shown of them; `randomness` must be fit for nonces.
    pub fn links(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> SealedLinks {
        SealedLinks { store: self.clone(), seal: Seal::new(key, CONTEXT, randomness) }
    }
}

/// What a right proof has spent.
struct Right {
    offered: Offered,
    phone: KeyedHash,
    private: Private,
    proof: &'static str,
}

impl SealedLinks {
    fn sealed(&self, place: &[u8], private: &Private) -> Result<Vec<u8>, StoreError> {
        let plain = serde_json::to_vec(private).map_err(|_| StoreError("a link cannot be written".into()))?;
        self.seal.seal(place, &plain)
    }

    /// What was sealed under another key, or for another row, says nothing.
    fn opened(&self, place: &[u8], key_id: &str, sealed: &[u8]) -> Private {
        let plain = self.seal.open(place, key_id, sealed).ok();
        plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default()
    }

    fn link(&self, row: Row) -> Result<Link, StoreError> {
        let (account, phone) = (hash(&row.account)?, hash(&row.phone)?);
        Ok(Link {
            account,
            phone,
            channel: Channel::from_key(&row.channel).ok_or_else(|| unreadable("a link's channel"))?,
            masked: self.opened(&of_link(account, phone), &row.key_id, &row.sealed).phone,
            consent: row.consent.into(),
            since: from_micros(row.since)?,
            until: from_micros(row.until_at)?,
        })
    }

    /// Counts the try; what it has spent where it is right.
    async fn spend(
        &self,
        link: &mut bulk::Link<'_>,
        account: KeyedHash,
        proof: LinkProof<'_>,
        at: Timestamp,
    ) -> Result<Result<Right, LinkTried>, sqlx::Error> {
        let values = [Bind::Bytes(&account.0), Bind::Int(to_micros(at))];
        let spent: Vec<Offered> = match proof {
            LinkProof::Code { .. } => link.rows(TRY, &values).await?,
            LinkProof::Contact { .. } => link.rows(SPEND_ANY, &values).await?,
        };
        let Some(offered) = spent.into_iter().next() else { return Ok(Err(LinkTried::Nothing)) };
        let kept = self.opened(&of_offer(account), &offered.key_id, &offered.sealed);
        match proof {
            LinkProof::Code { code, words } => {
                // Both are hashes under the house's key: how many of their bytes
                // agree tells nothing that could be tried out.
                let (true, Ok(phone)) = (offered.code == code.0, hash(&offered.phone)) else {
                    return Ok(Err(LinkTried::Wrong { left: u32::try_from(offered.tries).unwrap_or(0) }));
                };
                // Once: whoever comes second finds no row.
                if link.run(SPEND, &[Bind::Bytes(&account.0), Bind::Bytes(&code.0)]).await? != 1 {
                    return Ok(Err(LinkTried::Nothing));
                }
                let words = format!("{} / {}", kept.words, record_of(words));
                Ok(Ok(Right { offered, phone, private: Private { phone: kept.phone, words }, proof: "code" }))
            }
            LinkProof::Contact { phone, masked } => {
                let private = Private { phone: masked.into(), words: kept.words };
                Ok(Ok(Right { offered, phone, private, proof: "contact" }))
            }
        }
    }
}

#[async_trait]
impl Links for SealedLinks {
    async fn offer(&self, offer: NewLinkOffer) -> Result<(), StoreError> {
        let private = Private { phone: CompactString::default(), words: record_of(&offer.words) };
        let sealed = self.sealed(&of_offer(offer.account), &private)?;
        let row = [
            Bind::Bytes(&offer.account.0),
            Bind::Bytes(&[]),
            Bind::Text(offer.channel.key()),
            Bind::Text(&offer.consent),
            Bind::Int(to_micros(offer.until)),
            Bind::Text(self.seal.key_id()),
            Bind::Bytes(&sealed),
            Bind::Int(to_micros(offer.at)),
        ];
        self.store
            .within(async {
                let mut link = bulk::Link::begin(&self.store).await?;
                link.run(OFFER, &row).await?;
                link.commit().await
            })
            .await
    }

    async fn issue(&self, offer: NewLinkOffer, code: NewLinkCode) -> Result<bool, StoreError> {
        let private = Private { phone: code.masked.clone(), words: record_of(&offer.words) };
        let sealed = self.sealed(&of_offer(offer.account), &private)?;
        let at = to_micros(offer.at);
        let pause = i64::try_from(code.pause.as_micros()).unwrap_or(i64::MAX);
        let row = [
            Bind::Bytes(&offer.account.0),
            Bind::Bytes(&code.phone.0),
            Bind::Bytes(&code.code.0),
            Bind::Int(i64::from(code.tries)),
            Bind::Text(offer.channel.key()),
            Bind::Text(&offer.consent),
            Bind::Int(to_micros(offer.until)),
            Bind::Text(self.seal.key_id()),
            Bind::Bytes(&sealed),
        ];
        let limits = [
            Bind::Bytes(&offer.account.0),
            Bind::Bytes(&code.phone.0),
            Bind::Int(at),
            Bind::Int(at.saturating_sub(DAY)),
            Bind::Int(i64::from(code.most_a_day)),
            Bind::Int(i64::from(code.most_a_day_phone)),
            Bind::Int(at.saturating_sub(pause)),
        ];
        self.store
            .within(async {
                let mut link = bulk::Link::begin(&self.store).await?;
                link.run(TAKE, &row).await?;
                take_phone(&mut link, code.phone).await?;
                let issued = link.run(ISSUE, &limits).await? == 1;
                if issued {
                    link.commit().await?;
                } else {
                    // The earlier offer comes back.
                    link.rollback().await?;
                }
                Ok(issued)
            })
            .await
    }

    async fn confirm(
        &self,
        account: KeyedHash,
        proof: LinkProof<'_>,
        at: Timestamp,
        terms: LinkTerms,
    ) -> Result<LinkTried, StoreError> {
        let now = to_micros(at);
        self.store
            .within(async {
                let mut link = bulk::Link::begin(&self.store).await?;
                let right = match self.spend(&mut link, account, proof, at).await? {
                    Ok(right) => right,
                    Err(tried) => {
                        // The try counts.
                        link.commit().await?;
                        return Ok(tried);
                    }
                };
                take_phone(&mut link, right.phone).await?;
                let (own, phone) = (Bind::Bytes(&account.0), Bind::Bytes(&right.phone.0));
                let others: Vec<(i64,)> = link.rows(OTHERS, &[phone, own, Bind::Int(now)]).await?;
                if others.first().is_none_or(|(count,)| *count >= i64::from(terms.most_accounts)) {
                    link.commit().await?;
                    return Ok(LinkTried::TooMany);
                }
                let before: Vec<(Vec<u8>,)> = link.rows(BEFORE, &[own, Bind::Int(now)]).await?;
                let sealed = self
                    .sealed(&of_link(account, right.phone), &right.private)
                    .map_err(|problem| sqlx::Error::Encode(Box::new(problem)))?;
                let row = [
                    own,
                    phone,
                    Bind::Text(&right.offered.channel),
                    Bind::Text(right.proof),
                    Bind::Text(&right.offered.consent),
                    Bind::Int(now),
                    Bind::Int(to_micros(terms.until)),
                    Bind::Text(self.seal.key_id()),
                    Bind::Bytes(&sealed),
                ];
                link.run(LINK, &row).await?;
                link.commit().await?;
                let replaced = before.first().is_some_and(|(other,)| other.as_slice() != &right.phone.0[..]);
                Ok(LinkTried::Linked { masked: right.private.phone, replaced })
            })
            .await
    }

    async fn links_of(&self, sender: KeyedHash, at: Timestamp) -> Result<Vec<Link>, StoreError> {
        let values = [Bind::Bytes(&sender.0), Bind::Int(to_micros(at))];
        let rows: Vec<Row> = self.store.read_rows(OF, &values).await?;
        rows.into_iter().map(|row| self.link(row)).collect()
    }

    async fn keep_links(&self, sender: KeyedHash, at: Timestamp, until: Timestamp) -> Result<(), StoreError> {
        let values = [Bind::Bytes(&sender.0), Bind::Int(to_micros(at)), Bind::Int(to_micros(until))];
        self.store
            .within(async {
                let mut link = bulk::Link::begin(&self.store).await?;
                link.run(KEEP_ACCOUNT, &values).await?;
                link.run(KEEP_PHONE, &values).await?;
                link.commit().await
            })
            .await
    }

    async fn unlink(&self, sender: KeyedHash, other: Option<KeyedHash>) -> Result<u32, StoreError> {
        let own = Bind::Bytes(&sender.0);
        let broken = self
            .store
            .within(async {
                let mut link = bulk::Link::begin(&self.store).await?;
                let broken = match &other {
                    // Whichever of the two is the account.
                    Some(other) => {
                        let other = Bind::Bytes(&other.0);
                        link.run(UNLINK_ONE, &[own, other]).await? + link.run(UNLINK_ONE, &[other, own]).await?
                    }
                    // Offers first, as a proof takes them.
                    None => {
                        link.run(FORGET, &[own]).await?;
                        link.run(FORGET_PHONE, &[own]).await?;
                        link.run(UNLINK, &[own]).await? + link.run(UNLINK_PHONE, &[own]).await?
                    }
                };
                link.commit().await?;
                Ok(broken)
            })
            .await?;
        Ok(u32::try_from(broken).unwrap_or(u32::MAX))
    }
}

async fn take_phone(link: &mut bulk::Link<'_>, phone: KeyedHash) -> Result<(), sqlx::Error> {
    if link.is_postgres() {
        let [a, b, c, d, e, f, g, h, ..] = phone.0;
        // Not the lock of the phone's codes: nobody waits for the other.
        let lock = i64::from_be_bytes([a, b, c, d, e, f, g, h]) ^ 0x6c69_6e6b;
        link.run(TAKE_PHONE, &[Bind::Int(lock)]).await?;
    }
    Ok(())
}

/// An offer opens in its account's row alone.
fn of_offer(account: KeyedHash) -> Vec<u8> {
    [b"offer".as_slice(), &account.0].concat()
}

/// Whoever can write to the database cannot give an account another's phone.
fn of_link(account: KeyedHash, phone: KeyedHash) -> Vec<u8> {
    [b"link".as_slice(), &account.0, &phone.0].concat()
}

fn hash(bytes: &[u8]) -> Result<KeyedHash, StoreError> {
    bytes.try_into().map(KeyedHash).map_err(|_| unreadable("a hash of a link"))
}
