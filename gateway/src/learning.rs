//! Learning from misses: what the Desk writes down, what officers teach, and
//! the understanding that both belong to.

use std::sync::Arc;

use anyhow::Context as _;
use channel_assistant::Dialogue;
use channel_assistant::learning::{Learned, School, SchoolNeeds};
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::domain::DossierNumberParser;
use gateway_core::ports::{Clock, Misses, Randomness};
use gateway_store::{LearningRows, Store};

use crate::compose;
use crate::config::Config;

/// What is learnt, and where.
pub(crate) struct Lessons {
    /// What was missed and proposed.
    pub(crate) rows: Arc<LearningRows>,
    /// Where officers teach.
    pub(crate) school: Arc<School>,
}

impl Lessons {
    /// Where the Desk writes misses down; nowhere, where the operator wants none.
    pub(crate) fn misses(&self, config: &Config) -> Option<Arc<dyn Misses>> {
        config.learning.misses.then(|| Arc::clone(&self.rows) as Arc<dyn Misses>)
    }
}

/// The dialogue, with what is taught in effect from its first sentence on.
pub(crate) async fn open(
    config: &Config,
    numbers: &DossierNumberParser,
    catalogue: &Arc<ProcedureCatalogue>,
    store: &Store,
    rows: Arc<LearningRows>,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<dyn Randomness>,
) -> anyhow::Result<(Dialogue, Lessons)> {
    let learned = Arc::new(Learned::default());
    let understander = compose::understander(config, numbers, catalogue)?;
    let school = School::new(SchoolNeeds {
        misses: Arc::clone(&rows) as Arc<_>,
        proposals: Arc::clone(&rows) as Arc<_>,
        leases: Arc::new(store.clone()),
        learned: Arc::clone(&learned),
        understander: Arc::clone(&understander),
        numbers: numbers.clone(),
        clock: Arc::clone(clock),
        node: format!("{:016x}", randomness.next_u64()),
        may_cost: config.learning.may_cost(),
    });
    let school = Arc::new(school.context("questions of the exam")?);
    school.refresh().await.context("what officers teach")?;
    let dialogue = Dialogue::new(understander, numbers.clone()).with_learned(learned);
    Ok((dialogue, Lessons { rows, school }))
}
