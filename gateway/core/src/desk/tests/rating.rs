//! How a dossier was handled, from whoever may see it as its owner does.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use parking_lot::Mutex;

use super::stand_ins::world_with;
use super::*;
use crate::desk::GivenRating;
use crate::domain::{ClientNet, Rated, Score};
use crate::ports::{KeptRating, NewRating, RatingFate, RatingId, RatingToSend, Ratings, StoreError};

/// The applicant's phone in the stand-ins.
const REGISTERED: &str = "0912345678";

#[derive(Default)]
struct Kept {
    rows: Mutex<Vec<NewRating>>,
    away: Mutex<bool>,
}

#[async_trait]
impl Ratings for Kept {
    async fn keep_rating(&self, rating: NewRating) -> Result<KeptRating, StoreError> {
        if *self.away.lock() {
            return Err(StoreError("away".into()));
        }
        let mut rows = self.rows.lock();
        if rows.iter().any(|known| known.once == rating.once) {
            return Ok(KeptRating::Known);
        }
        rows.push(rating);
        Ok(KeptRating::New(RatingId(1)))
    }

    async fn begin_ratings(&self, _: Timestamp, _: Timestamp, _: u32) -> Result<Vec<RatingToSend>, StoreError> {
        Ok(Vec::new())
    }

    async fn settle_rating(&self, _: RatingId, _: u32, _: RatingFate, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn ratings_waiting(&self) -> Result<(u64, u64), StoreError> {
        Ok((0, 0))
    }
}

fn with_ratings() -> (World, DossierNumber, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let world = world_with(|parts| parts.ratings = Some(kept.clone()));
    let mine = number(MINE);
    world.portal.dossiers.lock().insert(mine.clone(), dossier(&mine, "4"));
    (world, mine, kept)
}

fn rate(number: &DossierNumber, score: Option<u8>, proof: Option<Proof>) -> Action {
    let given = score.map(|score| Box::new(GivenRating::of(Score::new(score).unwrap())));
    Action::RateDossier { number: number.clone(), given, proof }
}

fn digits(text: &str) -> Option<Proof> {
    Some(Proof::IdLastFour(LastFour::parse(text).unwrap()))
}

fn from(sender: Sender, assurance: SenderAssurance, action: Action) -> Request {
    Request { sender, assurance, ..request(Content::Action(action)) }
}

fn score(answered: &Answered) -> Option<u8> {
    let Ok(Reply::Rated { score, .. }) = &answered.outcome else { panic!("{answered:?}") };
    score.map(Score::number)
}

#[tokio::test]
async fn the_registered_phone_rates_once_and_its_first_word_counts() {
    let (world, mine, kept) = with_ratings();
    let phone = || Sender::Phone(Phone::parse(REGISTERED).unwrap());
    let rated = |points| from(phone(), SenderAssurance::Carrier, rate(&mine, Some(points), None));
    assert_eq!(score(&world.desk.handle(rated(5)).await), Some(5));
    assert_eq!(score(&world.desk.handle(rated(1)).await), None, "the portal knows no second word");
    let rows = kept.rows.lock();
    assert_eq!((rows.len(), &rows[0].of), (1, &Rated::Dossier(MINE.into())));
    assert_eq!((rows[0].rating.score.number(), rows[0].site.as_str()), (5, ""));
}

#[tokio::test]
async fn an_account_proves_it_once_and_is_asked_with_five_answers() {
    let (world, mine, kept) = with_ratings();
    let account = |name: &str, action| from(Sender::Account(name.into()), SenderAssurance::Claimed, action);
    for wish in [rate(&mine, None, None), rate(&mine, Some(5), None)] {
        assert_eq!(refusal(&world.desk.handle(account("a", wish)).await), &RefusalKind::RatingProofNeeded);
    }
    let asked = world.desk.handle(account("a", rate(&mine, None, digits("1234")))).await;
    assert!(matches!(&asked.outcome, Ok(Reply::RateAsk { number }) if *number == mine), "{asked:?}");
    assert_eq!(score(&world.desk.handle(account("a", rate(&mine, Some(4), None))).await), Some(4));
    // Another account of the same owner is another sender, with a proof of its own.
    assert_eq!(
        refusal(&world.desk.handle(account("b", rate(&mine, Some(5), None))).await),
        &RefusalKind::RatingProofNeeded
    );
    assert_eq!(score(&world.desk.handle(account("b", rate(&mine, Some(3), digits("1234")))).await), Some(3));
    assert_eq!(kept.rows.lock().len(), 2);
}

#[tokio::test]
async fn who_is_nobody_in_particular_proves_it_with_the_rating_and_counts_once_for_all() {
    let (world, mine, kept) = with_ratings();
    let at = |address: &str, action| {
        let net = ClientNet::of(address.parse().unwrap());
        from(Sender::Address(net), SenderAssurance::Claimed, action)
    };
    // A button would come from nobody again.
    let asked = world.desk.handle(at("192.0.2.7", rate(&mine, None, digits("1234")))).await;
    assert_eq!(refusal(&asked), &RefusalKind::RatingProofNeeded);
    assert_eq!(score(&world.desk.handle(at("192.0.2.7", rate(&mine, Some(2), digits("1234")))).await), Some(2));
    let next = world.desk.handle(at("192.0.2.7", rate(&mine, Some(2), None))).await;
    assert_eq!(refusal(&next), &RefusalKind::RatingProofNeeded, "an address is shared");
    assert_eq!(score(&world.desk.handle(at("198.51.100.9", rate(&mine, Some(5), digits("1234")))).await), None);
    assert_eq!(kept.rows.lock().len(), 1);
}

#[tokio::test]
async fn a_wrong_proof_and_no_dossier_rate_nothing_and_sound_alike() {
    let (world, mine, kept) = with_ratings();
    for asked in [mine, number("000.00.17.H09-261012-0099")] {
        let before = world.clock_now();
        let answered = world.desk.handle(request(Content::Action(rate(&asked, Some(1), digits("0000"))))).await;
        assert_eq!(refusal(&answered), &RefusalKind::NotDisclosed);
        assert_eq!(world.clock_now().duration_since(before), SignedDuration::from_millis(700));
    }
    assert!(kept.rows.lock().is_empty());
}

#[tokio::test]
async fn without_a_database_or_where_none_are_taken_nobody_is_thanked() {
    let (world, mine, kept) = with_ratings();
    *kept.away.lock() = true;
    let answered = world.desk.handle(request(Content::Action(rate(&mine, Some(5), digits("1234"))))).await;
    assert_eq!(refusal(&answered), &RefusalKind::Internal);
    let how = world.desk.handle(request(Content::Action(Action::Rate))).await;
    assert!(matches!(how.outcome, Ok(Reply::RateHow { officers: false })), "{how:?}");
    let (world, mine) = with_mine("4");
    let answered = world.desk.handle(request(Content::Action(rate(&mine, Some(5), digits("1234"))))).await;
    assert!(matches!(answered.outcome, Ok(Reply::NotYet(_))), "{answered:?}");
}
