//! *It was good*, *it was bad*: how a dossier was handled, from whoever may see it as
//! its owner does.

use std::time::Duration;

use super::disclosure::{Disclosure, after};
use super::{Desk, GivenRating, Proof, Refusal, RefusalKind, Reply, Request, Service};

use crate::domain::{DossierNumber, Rating, Sender, SenderAssurance, local_date};
use crate::ports::{KeptRating, KeyedHash, LimitKeys, NewRating};

/// The portal is tried for a week; then words and number are wiped.
pub const RATING_TRIED_FOR: Duration = Duration::from_secs(7 * 24 * 3_600);

/// What is rated, and how.
#[derive(Clone, Copy)]
pub(super) struct Rated<'a> {
    pub(super) number: &'a DossierNumber,
    pub(super) given: Option<&'a GivenRating>,
    pub(super) proof: Option<&'a Proof>,
}

impl Desk {
    /// Keeps a rating, after a proof: one that stands in the message, one that was
    /// given a little while ago, or the phone itself where the road vouches for it.
    /// Serials can be guessed, and the portal takes each rating as the owner's. One
    /// sender rates one dossier once: the portal knows no second word.
    pub(super) async fn rate(
        &self,
        request: &Request,
        keys: LimitKeys<'_>,
        rated: Rated<'_>,
    ) -> Result<Reply, Refusal> {
        let Some(ratings) = &self.parts.ratings else { return Ok(self.not_yet(request, Service::Rating)) };
        let number = rated.number;
        if let Some(elsewhere) = self.elsewhere(number, local_date(request.received_at)) {
            return Ok(elsewhere);
        }
        let delay = self.admit_dossier(keys, number, request)?;
        let (sender, dossier) = (request.sender.hash(&self.parts.hash_key), self.dossier_hash(number));
        // Who is nobody the next time cannot press a button of the answer.
        let is_somebody = matches!(request.sender, Sender::Phone(_) | Sender::Account(_));
        if rated.given.is_none() && !is_somebody {
            return Err(Refusal::of(RefusalKind::RatingProofNeeded));
        }
        let proven = rated.proof.is_none() && is_somebody && self.is_proven(request, sender, dossier).await?;
        if !proven {
            let own_phone = (request.assurance >= SenderAssurance::Carrier).then_some(&Proof::SenderPhone);
            // Said before anything is asked: it tells nothing of the dossier.
            let proof = rated.proof.or(own_phone).ok_or_else(|| Refusal::of(RefusalKind::RatingProofNeeded))?;
            Disclosure { desk: self, request, number, proof, delay }.run(keys).await?;
        }
        let Some(given) = rated.given else { return Ok(Reply::RateAsk { number: number.clone() }) };
        let at = request.received_at;
        let GivenRating { score, reasons, words } = given.clone();
        // Of those who are nobody in particular the proof says that they are its owner.
        let rater = if is_somebody { sender.to_hex() } else { "owner".to_owned() };
        let both = format!("{}/{rater}", dossier.to_hex());
        let new = NewRating {
            of: crate::domain::Rated::Dossier(number.as_str().into()),
            site: "".into(),
            rating: Rating { score, reasons, words, at },
            until: after(at, RATING_TRIED_FOR),
            once: Some(self.parts.hash_key.hash("rating", &both)),
        };
        let kept = ratings.keep_rating(new).await.map_err(|problem| self.not_stored(request, &problem))?;
        let score = matches!(kept, KeptRating::New(_)).then_some(score);
        Ok(Reply::Rated { number: number.clone(), score })
    }

    /// Whether this sender has proven a little while ago that a dossier is theirs.
    pub(super) async fn is_proven(
        &self,
        request: &Request,
        sender: KeyedHash,
        dossier: KeyedHash,
    ) -> Result<bool, Refusal> {
        let known = self.parts.proofs.is_proven(sender, dossier, request.received_at).await;
        known.map_err(|problem| self.not_stored(request, &problem))
    }
}
