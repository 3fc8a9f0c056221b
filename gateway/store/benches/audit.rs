//! What a citizen's request pays for its audit row, and what the row costs in
//! all. `cargo bench -p gateway-store`.
#![expect(clippy::unwrap_used, reason = "a bench that fails shall say so at once")]

#[path = "../tests/support/rows.rs"]
mod rows;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gateway_core::ports::{Audit, AuditRow, Clock};
use gateway_store::{AuditConfig, AuditSink, AuditWriter, InsertFailure, Store, StoreConfig};
use rows::row;
use tokio::runtime::Runtime;

struct RealClock;

#[async_trait]
impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

struct Nowhere;

#[async_trait]
impl AuditSink for Nowhere {
    async fn insert(&self, _first_id: i64, _rows: &[AuditRow]) -> Result<(), InsertFailure> {
        Ok(())
    }
}

fn handing_over(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let writer = runtime.block_on(async {
        let config = AuditConfig { queue_rows: 1_000_000, ..AuditConfig::default() };
        AuditWriter::start(Arc::new(Nowhere), 1, config, Arc::new(RealClock))
    });
    let template = row(1);
    // The clone stands for building the row: it is measured apart, to be subtracted.
    criterion.bench_function("audit: building a row", |bench| bench.iter(|| template.clone()));
    criterion.bench_function("audit: building and handing over a row", |bench| {
        bench.iter(|| {
            while writer.try_record(template.clone()).is_err() {
                std::hint::spin_loop();
            }
        });
    });
}

fn writing(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(async {
        let url = format!("sqlite://{}/audit.db", folder.path().display());
        let store = Store::connect(&StoreConfig { url, ..StoreConfig::default() }, Arc::new(RealClock)).await.unwrap();
        store.migrate().await.unwrap();
        store
    });
    let mut group = criterion.benchmark_group("audit: rows in one insert, synced");
    let mut next_id = 1_i64 << 40;
    for size in [1_usize, 20, 500] {
        let rows: Vec<AuditRow> = (0..size).map(|n| row(u64::try_from(n).unwrap())).collect();
        group.throughput(Throughput::Elements(u64::try_from(size).unwrap()));
        group.bench_function(size.to_string(), |bench| {
            bench.iter_custom(|iterations| {
                let start = Instant::now();
                runtime.block_on(async {
                    for _ in 0..iterations {
                        store.insert(next_id, &rows).await.unwrap();
                        next_id += i64::try_from(size).unwrap();
                    }
                });
                start.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, handing_over, writing);
criterion_main!(benches);
