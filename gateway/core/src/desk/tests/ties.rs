//! Links, and what was asked before, kept in memory.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::ports::{
    KeyedHash, Link, LinkProof, LinkTerms, LinkTried, Links, NewLinkCode, NewLinkOffer, PastRequest, Requests,
    StoreError,
};

struct Offer {
    offer: NewLinkOffer,
    code: Option<NewLinkCode>,
    tried: u32,
}

#[derive(Default)]
pub(in crate::desk) struct Ties {
    offers: Mutex<HashMap<KeyedHash, Offer>>,
    issued: Mutex<Vec<(KeyedHash, KeyedHash, Timestamp)>>,
    pub(in crate::desk) links: Mutex<Vec<Link>>,
    /// What each link's consent was written down with.
    pub(in crate::desk) words: Mutex<Vec<String>>,
    pub(in crate::desk) asked: Mutex<Vec<(KeyedHash, PastRequest)>>,
    /// The links were looked at so often.
    pub(in crate::desk) looks: Mutex<u32>,
    pub(in crate::desk) broken: Mutex<bool>,
}

impl Ties {
    fn works(&self) -> Result<(), StoreError> {
        if *self.broken.lock() { Err(StoreError("broken".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Links for Ties {
    async fn offer(&self, offer: NewLinkOffer) -> Result<(), StoreError> {
        self.works()?;
        let mut offers = self.offers.lock();
        let waits = offers.get(&offer.account).is_some_and(|old| old.offer.until > offer.at && old.code.is_some());
        if !waits {
            offers.insert(offer.account, Offer { offer, code: None, tried: 0 });
        }
        Ok(())
    }

    async fn issue(&self, offer: NewLinkOffer, code: NewLinkCode) -> Result<bool, StoreError> {
        self.works()?;
        let mut issued = self.issued.lock();
        let day = SignedDuration::from_hours(24);
        let today: Vec<_> = issued.iter().filter(|(_, _, at)| offer.at.duration_since(*at) < day).collect();
        let of_it = today.iter().filter(|(account, _, _)| *account == offer.account).count();
        let to_it = today.iter().filter(|(_, phone, _)| *phone == code.phone).count();
        let pause = SignedDuration::try_from(code.pause).unwrap();
        let soon =
            today.iter().any(|(account, _, at)| *account == offer.account && offer.at.duration_since(*at) < pause);
        let enough = |count: usize, most: u32| count >= usize::try_from(most).unwrap();
        if soon || enough(of_it, code.most_a_day) || enough(to_it, code.most_a_day_phone) {
            return Ok(false);
        }
        issued.push((offer.account, code.phone, offer.at));
        self.offers.lock().insert(offer.account, Offer { offer, code: Some(code), tried: 0 });
        Ok(true)
    }

    async fn confirm(
        &self,
        account: KeyedHash,
        proof: LinkProof<'_>,
        at: Timestamp,
        terms: LinkTerms,
    ) -> Result<LinkTried, StoreError> {
        self.works()?;
        let mut offers = self.offers.lock();
        let Some(offer) = offers.get_mut(&account).filter(|offer| offer.offer.until > at) else {
            return Ok(LinkTried::Nothing);
        };
        let (phone, masked, said) = match (proof, &offer.code) {
            (LinkProof::Contact { phone, masked }, _) => (phone, masked.into(), String::new()),
            (LinkProof::Code { code, words }, Some(kept)) if offer.tried < kept.tries => {
                offer.tried += 1;
                if code != kept.code {
                    return Ok(LinkTried::Wrong { left: kept.tries - offer.tried });
                }
                (kept.phone, kept.masked.clone(), words.to_owned())
            }
            _ => return Ok(LinkTried::Nothing),
        };
        let Some(Offer { offer, .. }) = offers.remove(&account) else { return Ok(LinkTried::Nothing) };
        let mut links = self.links.lock();
        let others = links.iter().filter(|link| link.phone == phone && link.account != account).count();
        if others >= usize::try_from(terms.most_accounts).unwrap() {
            return Ok(LinkTried::TooMany);
        }
        let replaced = links.iter().any(|link| link.account == account && link.phone != phone);
        links.retain(|link| link.account != account);
        self.words.lock().push(format!("{} / {said}", offer.words));
        links.push(Link {
            account,
            phone,
            channel: offer.channel,
            masked: masked.clone(),
            consent: offer.consent,
            since: at,
            until: terms.until,
        });
        Ok(LinkTried::Linked { masked, replaced })
    }

    async fn links_of(&self, sender: KeyedHash, at: Timestamp) -> Result<Vec<Link>, StoreError> {
        self.works()?;
        *self.looks.lock() += 1;
        let links = self.links.lock();
        let own = |link: &&Link| (link.account == sender || link.phone == sender) && link.until > at;
        Ok(links.iter().filter(own).cloned().collect())
    }

    async fn keep_links(&self, sender: KeyedHash, at: Timestamp, until: Timestamp) -> Result<(), StoreError> {
        self.works()?;
        for link in self.links.lock().iter_mut() {
            if (link.account == sender || link.phone == sender) && link.until > at {
                link.until = until;
            }
        }
        Ok(())
    }

    async fn unlink(&self, sender: KeyedHash, other: Option<KeyedHash>) -> Result<u32, StoreError> {
        self.works()?;
        let mut links = self.links.lock();
        let before = links.len();
        links.retain(|link| {
            let own = link.account == sender || link.phone == sender;
            !(own && other.is_none_or(|other| link.other_side(sender) == other))
        });
        if other.is_none() {
            self.offers.lock().remove(&sender);
        }
        Ok(u32::try_from(before - links.len()).unwrap())
    }
}

#[async_trait]
impl Requests for Ties {
    async fn of_senders(&self, senders: &[KeyedHash], limit: usize) -> Result<Vec<PastRequest>, StoreError> {
        self.works()?;
        let asked = self.asked.lock();
        let mut found: Vec<_> =
            asked.iter().filter(|(sender, _)| senders.contains(sender)).map(|(_, past)| past.clone()).collect();
        found.sort_by_key(|past| std::cmp::Reverse(past.at));
        found.truncate(limit);
        Ok(found)
    }
}
