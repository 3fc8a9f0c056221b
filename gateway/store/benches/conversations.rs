//! What a citizen's request pays for its conversation, on SQLite with every
//! transaction synced. `cargo bench -p gateway-store --bench conversations`.
#![expect(clippy::unwrap_used, reason = "a bench that fails shall say so at once")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures::future::join_all;
use gateway_core::desk::{Choice, Conversation, Subject};
use gateway_core::ports::{Clock, Conversations, HashKey, KeyedHash, Randomness};
use gateway_store::{ConversationKeeper, Store, StoreConfig};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;

struct RealClock;

#[async_trait]
impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// Good enough for a bench, and for nothing else.
struct Counting;

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

/// A long one: four procedures were spoken of and eight are offered.
fn said() -> Conversation {
    let code = |n: usize| format!("1.00{n:04}.000.00.00.H09");
    Conversation {
        locale: Some("vi".into()),
        procedures: (0..4).map(|n| code(n).into()).collect(),
        focus: "fee".into(),
        dossier: Some("000.00.17.H09-260916-0012".into()),
        subject: Subject::Choice,
        choices: (0..8).map(|n| Choice::Procedure(code(n).into(), "fee".into())).collect(),
        turns: 5,
        ..Conversation::default()
    }
}

fn hash(n: u64) -> KeyedHash {
    KeyedHash(u128::from_be_bytes(*b"a keyed hash 000").wrapping_mul(u128::from(n) * 2 + 1).to_be_bytes())
}

fn turns(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keeper: Arc<ConversationKeeper> = runtime.block_on(async {
        let url = format!("sqlite://{}/conversations.db", folder.path().display());
        let store = Store::connect(&StoreConfig { url, ..StoreConfig::default() }, Arc::new(RealClock)).await.unwrap();
        store.migrate().await.unwrap();
        Arc::new(store.start_conversations(&HashKey::new("k1", "a key for a bench"), Arc::new(Counting)))
    });
    let (what, now) = (said(), RealClock.now());
    let until = now + SignedDuration::from_mins(30);

    let mut next = 0;
    criterion.bench_function("conversation: sealing and handing over a turn", |bench| {
        bench.iter(|| {
            next = (next + 1) % 5_000;
            runtime.block_on(keeper.remember(hash(next), &what, until)).unwrap();
        });
    });
    while !keeper.is_empty() {
        runtime.block_on(RealClock.sleep(Duration::from_millis(10)));
    }
    criterion.bench_function("conversation: recalling from the database", |bench| {
        bench.iter(|| {
            next = (next + 1) % 5_000;
            runtime.block_on(keeper.recall(hash(next), now)).unwrap().unwrap();
        });
    });

    let mut group = criterion.benchmark_group("conversation: chats at once, each recalls and remembers");
    group.throughput(Throughput::Elements(200));
    group.bench_function("200", |bench| {
        bench.iter_custom(|iterations| {
            let start = Instant::now();
            for _ in 0..iterations {
                let chats = (0..200).map(|n| {
                    let (keeper, what) = (Arc::clone(&keeper), what.clone());
                    runtime.spawn(async move {
                        let before = keeper.recall(hash(n), now).await.unwrap();
                        keeper.remember(hash(n), &before.unwrap_or(what), until).await.unwrap();
                    })
                });
                let chats: Vec<_> = chats.collect();
                for chat in runtime.block_on(join_all(chats)) {
                    chat.unwrap();
                }
            }
            start.elapsed()
        });
    });
    group.finish();
    runtime.block_on(keeper.close()).unwrap();
}

criterion_group!(benches, turns);
criterion_main!(benches);
