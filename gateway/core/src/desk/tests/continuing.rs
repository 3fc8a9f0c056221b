//! From a terminal to a phone.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use parking_lot::Mutex;
use proptest::prelude::*;

use super::stand_ins::{Counting, HandClock};
use crate::desk::{Begun, Confirmed, ContinuationDesk, ContinuationRules, PhoneSees};
use crate::domain::{
    ContinuationId, ContinuationStage, ContinuationToken, ContinuedPage, DeviceId, MatchingCode, PhoneContinuation,
    PhoneSecret, WhyOver,
};
use crate::ports::{Clock, Continuations, HashKey, KeyedHash, Matched, NewContinuation, StoreError};

const LIFETIME: Duration = Duration::from_secs(600);

struct Row {
    token: KeyedHash,
    code: Option<KeyedHash>,
    tries: u32,
    page: Option<ContinuedPage>,
    row: PhoneContinuation,
}

/// Rows in a list; the store's own stories tell how they are on disk.
#[derive(Default)]
struct Rows {
    rows: Mutex<Vec<Row>>,
    broken: Mutex<bool>,
}

impl Rows {
    fn with<T>(&self, id: ContinuationId, act: impl FnOnce(&mut Row) -> T) -> Result<Option<T>, StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("away".into()));
        }
        Ok(self.rows.lock().iter_mut().find(|row| row.row.id == id).map(act))
    }
}

#[async_trait]
impl Continuations for Rows {
    async fn begin_continuation(&self, new: NewContinuation) -> Result<ContinuationId, StoreError> {
        let mut rows = self.rows.lock();
        for row in rows.iter_mut().filter(|row| row.row.device == new.device && !row.row.gone && !row.row.mistyped) {
            row.row.replaced = true;
        }
        let id = ContinuationId(i64::try_from(rows.len()).unwrap() + 1);
        let row = PhoneContinuation {
            id,
            device: new.device,
            until: new.until,
            phone: None,
            confirmed: false,
            gone: false,
            mistyped: false,
            replaced: false,
        };
        rows.push(Row { token: new.token, code: None, tries: new.tries, page: Some(new.page), row });
        Ok(id)
    }

    async fn continuation(&self, token: KeyedHash) -> Result<Option<PhoneContinuation>, StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("away".into()));
        }
        Ok(self.rows.lock().iter().find(|row| row.token == token).map(|row| row.row.clone()))
    }

    async fn continuation_of(
        &self,
        device: &DeviceId,
        id: ContinuationId,
    ) -> Result<Option<PhoneContinuation>, StoreError> {
        Ok(self.with(id, |row| row.row.clone())?.filter(|row| row.device == *device))
    }

    async fn bind_phone(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let bound = self.with(id, |row| {
            let free = row.row.stage(now) == ContinuationStage::Waiting;
            if free {
                (row.row.phone, row.code) = (Some(phone), Some(code));
            }
            free
        });
        Ok(bound?.unwrap_or_default())
    }

    async fn match_code(
        &self,
        device: &DeviceId,
        id: ContinuationId,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<Matched, StoreError> {
        let matched = self.with(id, |row| {
            let right = row.code == Some(code);
            match row.row.stage(now) {
                _ if row.row.device != *device => Matched::NotAsked,
                ContinuationStage::Scanned if right => {
                    row.row.confirmed = true;
                    Matched::Right
                }
                ContinuationStage::Scanned => {
                    row.tries -= 1;
                    row.row.mistyped = row.tries == 0;
                    Matched::Wrong(row.tries)
                }
                _ if right && row.row.confirmed => Matched::Right,
                _ => Matched::NotAsked,
            }
        });
        Ok(matched?.unwrap_or(Matched::NotAsked))
    }

    async fn go_on(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        now: Timestamp,
    ) -> Result<Option<ContinuedPage>, StoreError> {
        let page = self.with(id, |row| {
            let may = row.row.stage(now) == ContinuationStage::Open && row.row.is_of(phone);
            row.row.gone |= may;
            row.page.take_if(|_| may)
        });
        Ok(page?.flatten())
    }
}

struct Hall {
    desk: ContinuationDesk,
    rows: Arc<Rows>,
    clock: Arc<HandClock>,
    device: DeviceId,
}

fn hall() -> Hall {
    let (rows, clock) = (Arc::new(Rows::default()), Arc::new(HandClock::at("2026-11-27T02:00:00Z")));
    let desk = ContinuationDesk::new(
        Arc::clone(&rows) as Arc<_>,
        Arc::clone(&clock) as Arc<_>,
        Arc::new(Counting::default()),
        HashKey::new("k1", "a key for tests"),
        ContinuationRules { lifetime: LIFETIME, tries: 3 },
    );
    Hall { desk, rows, clock, device: DeviceId::parse("k-0123456789abcdef").unwrap() }
}

impl Hall {
    async fn begins(&self) -> Begun {
        self.desk.begin(&self.device, ContinuedPage::Home).await.unwrap()
    }

    async fn stage(&self, begun: &Begun) -> ContinuationStage {
        self.desk.stage(&self.device, begun.id).await.unwrap().unwrap()
    }

    async fn press(&self, begun: &Begun, phone: &PhoneSecret) -> PhoneSees {
        self.desk.press(&begun.token, phone).await.unwrap().unwrap()
    }

    /// The digits that a phone shows.
    async fn digits(&self, begun: &Begun, phone: &PhoneSecret) -> MatchingCode {
        match self.press(begun, phone).await {
            PhoneSees::Matching(code) => code,
            other => panic!("{other:?}"),
        }
    }

    async fn types(&self, begun: &Begun, code: &MatchingCode) -> Confirmed {
        self.desk.confirm(&self.device, begun.id, code).await.unwrap().unwrap()
    }
}

/// Other digits than these.
fn other_than(code: &MatchingCode) -> MatchingCode {
    MatchingCode::parse(if code.digits() == "0000" { "0001" } else { "0000" }).unwrap()
}

#[tokio::test]
async fn a_phone_goes_on_once_after_its_digits_were_typed() {
    let hall = hall();
    let begun = hall.begins().await;
    let phone = hall.desk.new_phone();
    assert_eq!(hall.stage(&begun).await, ContinuationStage::Waiting);
    assert_eq!(hall.types(&begun, &MatchingCode::parse("0000").unwrap()).await, Confirmed::NoPhone, "not counted");
    // A preview looks, and nothing changes by it.
    assert_eq!(hall.desk.look(&begun.token, None).await.unwrap(), Some(PhoneSees::Free));
    assert_eq!(hall.stage(&begun).await, ContinuationStage::Waiting);
    let code = hall.digits(&begun, &phone).await;
    assert_eq!(hall.digits(&begun, &phone).await, code, "the same phone, the same digits");
    assert_eq!(hall.stage(&begun).await, ContinuationStage::Scanned);
    assert_eq!(hall.types(&begun, &other_than(&code)).await, Confirmed::Wrong(2));
    assert_eq!(hall.types(&begun, &code).await, Confirmed::Right);
    assert_eq!(hall.types(&begun, &code).await, Confirmed::Right, "its first answer was lost");
    assert_eq!(hall.desk.look(&begun.token, Some(&phone)).await.unwrap(), Some(PhoneSees::Open));
    assert_eq!(hall.press(&begun, &phone).await, PhoneSees::GoesOn(ContinuedPage::Home));
    assert_eq!(hall.press(&begun, &phone).await, PhoneSees::Over(WhyOver::Used), "once");
    assert_eq!(hall.types(&begun, &code).await, Confirmed::Right);
}

#[tokio::test]
async fn a_bystander_who_was_first_gets_nothing() {
    let hall = hall();
    let begun = hall.begins().await;
    let (bystander, citizen) = (hall.desk.new_phone(), hall.desk.new_phone());
    let theirs = hall.digits(&begun, &bystander).await;
    assert_eq!(hall.press(&begun, &citizen).await, PhoneSees::Taken);
    assert_eq!(hall.desk.look(&begun.token, None).await.unwrap(), Some(PhoneSees::Taken));
    // The citizen asks for a new code: the bystander's is over, digits and all.
    let again = hall.begins().await;
    assert_eq!(hall.press(&begun, &bystander).await, PhoneSees::Over(WhyOver::Replaced));
    assert_eq!(hall.types(&begun, &theirs).await, Confirmed::Over(WhyOver::Replaced));
    let code = hall.digits(&again, &citizen).await;
    assert_eq!(hall.types(&again, &code).await, Confirmed::Right);
    assert_eq!(hall.press(&again, &bystander).await, PhoneSees::Taken, "nor at the last moment");
    assert_eq!(hall.press(&again, &citizen).await, PhoneSees::GoesOn(ContinuedPage::Home));
}

#[tokio::test]
async fn wrong_digits_end_it() {
    let hall = hall();
    let begun = hall.begins().await;
    let phone = hall.desk.new_phone();
    let code = hall.digits(&begun, &phone).await;
    let wrong = other_than(&code);
    assert_eq!(hall.types(&begun, &wrong).await, Confirmed::Wrong(2));
    assert_eq!(hall.types(&begun, &wrong).await, Confirmed::Wrong(1));
    assert_eq!(hall.types(&begun, &wrong).await, Confirmed::Over(WhyOver::Mistyped));
    assert_eq!(hall.types(&begun, &code).await, Confirmed::Over(WhyOver::Mistyped), "the right ones come too late");
    assert_eq!(hall.press(&begun, &phone).await, PhoneSees::Over(WhyOver::Mistyped));
    assert_eq!(hall.stage(&begun).await, ContinuationStage::Over(WhyOver::Mistyped));
}

#[tokio::test]
async fn after_ten_minutes_it_is_over_at_every_stage() {
    for stage in 0..3 {
        let hall = hall();
        let begun = hall.begins().await;
        assert_eq!(begun.until.duration_since(hall.clock.now()).as_secs(), 600);
        let phone = hall.desk.new_phone();
        if stage > 0 {
            let code = hall.digits(&begun, &phone).await;
            if stage > 1 {
                assert_eq!(hall.types(&begun, &code).await, Confirmed::Right);
            }
        }
        hall.clock.move_by(LIFETIME - Duration::from_micros(1));
        assert!(!matches!(hall.stage(&begun).await, ContinuationStage::Over(_)), "to the last moment");
        hall.clock.move_by(Duration::from_micros(1));
        assert_eq!(hall.stage(&begun).await, ContinuationStage::Over(WhyOver::Expired));
        assert_eq!(hall.press(&begun, &phone).await, PhoneSees::Over(WhyOver::Expired));
        let typed = hall.types(&begun, &MatchingCode::parse("1234").unwrap()).await;
        assert_eq!(typed, Confirmed::Over(WhyOver::Expired));
    }
}

#[tokio::test]
async fn another_terminal_has_no_part_in_it() {
    let hall = hall();
    let begun = hall.begins().await;
    let code = hall.digits(&begun, &hall.desk.new_phone()).await;
    let other = DeviceId::parse("k-another-terminal").unwrap();
    assert_eq!(hall.desk.stage(&other, begun.id).await.unwrap(), None);
    assert_eq!(hall.desk.confirm(&other, begun.id, &code).await.unwrap(), None);
    hall.desk.begin(&other, ContinuedPage::Home).await.unwrap();
    assert_eq!(hall.types(&begun, &code).await, Confirmed::Right, "nor does its own code end this one");
    let unknown = ContinuationToken::parse(&"0".repeat(32)).unwrap();
    assert_eq!(hall.desk.press(&unknown, &hall.desk.new_phone()).await.unwrap(), None);
    assert_eq!(hall.desk.look(&unknown, None).await.unwrap(), None);
    *hall.rows.broken.lock() = true;
    assert!(hall.desk.press(&begun.token, &hall.desk.new_phone()).await.is_err());
    assert!(hall.desk.look(&begun.token, None).await.is_err());
    assert!(hall.desk.confirm(&hall.device, begun.id, &code).await.is_err());
}

/// What may happen, in any order.
#[derive(Debug, Clone)]
enum Happens {
    Presses(usize),
    Types { right: bool },
    Again,
    Passes(u64),
}

fn happenings() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        4 => (0_usize..3).prop_map(Happens::Presses),
        3 => any::<bool>().prop_map(|right| Happens::Types { right }),
        1 => Just(Happens::Again),
        2 => (1_u64..300).prop_map(Happens::Passes),
    ];
    proptest::collection::vec(one, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever three phones and a terminal do: a page goes on only on the phone
    /// that was first with this code, only after its own digits were typed, within
    /// the time, and once.
    #[test]
    fn nobody_goes_on_but_the_one_phone(happenings in happenings()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let hall = hall();
            let phones = [hall.desk.new_phone(), hall.desk.new_phone(), hall.desk.new_phone()];
            let mut begun = hall.begins().await;
            let (mut first, mut typed, mut wrong, mut gone, mut age) = (None, false, 0, 0, 0);
            for happens in happenings {
                let alive = age < 600 && wrong < 3 && gone == 0;
                match happens {
                    Happens::Presses(phone) => {
                        let seen = hall.press(&begun, &phones[phone]).await;
                        let is_first = *first.get_or_insert(phone) == phone || !alive;
                        match seen {
                            PhoneSees::GoesOn(_) => {
                                assert!(alive && is_first && typed);
                                gone += 1;
                            }
                            PhoneSees::Matching(_) => assert!(alive && is_first && !typed),
                            PhoneSees::Taken => assert!(alive && !is_first),
                            PhoneSees::Over(_) => assert!(!alive),
                            PhoneSees::Free | PhoneSees::Open => panic!("a press is never without effect"),
                        }
                    }
                    Happens::Types { right } => {
                        let code = first.map(|phone| {
                            MatchingCode::of(&begun.token, &phones[phone], &HashKey::new("k1", "a key for tests"))
                        });
                        let code = code.unwrap_or_else(|| MatchingCode::parse("0000").unwrap());
                        let code = if right { code } else { other_than(&code) };
                        match hall.types(&begun, &code).await {
                            Confirmed::Right => {
                                assert!(first.is_some() && (right || typed));
                                typed = true;
                            }
                            Confirmed::Wrong(left) => {
                                wrong += 1;
                                assert!(alive && !right && left == 3 - wrong);
                            }
                            Confirmed::NoPhone => assert!(alive && first.is_none()),
                            Confirmed::Over(WhyOver::Mistyped) if alive => wrong += 1,
                            Confirmed::Over(_) => assert!(!alive),
                        }
                    }
                    Happens::Again => {
                        begun = hall.begins().await;
                        (first, typed, wrong, gone, age) = (None, false, 0, 0, 0);
                    }
                    Happens::Passes(seconds) => {
                        hall.clock.move_by(Duration::from_secs(seconds));
                        age += seconds;
                    }
                }
            }
        });
    }
}
