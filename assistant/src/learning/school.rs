use std::sync::Arc;
use std::time::Duration;

use assistant_nlu::Understander;
use assistant_nlu::normal::Normal;
use async_trait::async_trait;
use gateway_core::domain::{DossierNumberParser, OfficerId, local_date};
use gateway_core::ports::{
    Catalogue as _, Clock, Cluster, Decided, Learning, Leases, Lesson, MissKind, Misses, NewProposal, Proposal,
    ProposalId, Proposals, Proposed, Rates, StoreError, Verdict,
};
use gateway_core::text::{clean, mask_figures};
use jiff::SignedDuration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Exam, Learned, clusters};
use crate::evaluation::cases::CaseError;

/// What another node did is seen after so long at most.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// One node examines at a time; it has so long, then another one may.
const EXAM_WITHIN: SignedDuration = SignedDuration::from_mins(5);
const EXAM: &str = "learning.exam";
/// What is in effect may change during an exam: then it is held again.
const AGAIN: usize = 3;

/// Misses that are put into clusters: the newest.
const LOOKED_AT: usize = 500;
/// Proposals that are shown.
const SHOWN: usize = 200;
/// A lesson's text.
const LONGEST: usize = 200;
const MOST_WORDS: usize = 30;

/// What a school needs.
pub struct SchoolNeeds {
    /// What was missed.
    pub misses: Arc<dyn Misses>,
    /// What was proposed.
    pub proposals: Arc<dyn Proposals>,
    /// Which node examines.
    pub leases: Arc<dyn Leases>,
    /// What the dialogue consults.
    pub learned: Arc<Learned>,
    /// What the exam is held with.
    pub understander: Arc<Understander>,
    /// Likewise.
    pub numbers: DossierNumberParser,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// This node's name among all.
    pub node: String,
    /// No rate may fall by more, in hundredths of a percent.
    pub may_cost: u32,
}

/// Where officers teach: proposals, the exam of each, and their effect.
pub struct School {
    needs: SchoolNeeds,
    exam: Arc<Exam>,
    bell: Notify,
}

impl School {
    /// A school; nothing is taught until [`School::run`] or
    /// [`School::refresh`] has looked.
    ///
    /// # Errors
    /// The exam's questions are damaged; a test reads them.
    pub fn new(needs: SchoolNeeds) -> Result<Self, CaseError> {
        let exam = Exam::compiled_in(Arc::clone(&needs.understander), needs.numbers.clone(), needs.may_cost)?;
        Ok(Self { needs, exam: Arc::new(exam), bell: Notify::new() })
    }

    /// Looks again and again until the stop: at once where somebody here
    /// confirmed something, else every ten seconds.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut failing = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                done = self.round() => match done {
                    Ok(()) => failing = false,
                    // Once for an outage. What is in effect stays so.
                    Err(problem) if !failing => {
                        failing = true;
                        tracing::warn!(%problem, "what officers teach cannot be looked at");
                    }
                    Err(_) => {}
                },
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.bell.notified() => {}
                () = self.needs.clock.sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Puts into effect what is taught, where that has changed.
    ///
    /// # Errors
    /// The database did not answer; what is in effect stays so.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        if self.needs.proposals.taught_version().await? == self.needs.learned.version() {
            return Ok(());
        }
        let taught = self.needs.proposals.taught().await?;
        metrics::gauge!("taught_lessons").set(f64::from(u32::try_from(taught.lessons.len()).unwrap_or(u32::MAX)));
        tracing::info!(version = taught.version, lessons = taught.lessons.len(), "what officers teach has changed");
        self.needs.learned.take(&taught);
        Ok(())
    }

    async fn round(&self) -> Result<(), StoreError> {
        self.refresh().await?;
        if self.needs.proposals.to_check().await?.is_empty() {
            return Ok(());
        }
        let now = self.needs.clock.now();
        let until = now.checked_add(EXAM_WITHIN).unwrap_or(now);
        if !self.needs.leases.take_lease(EXAM, &self.needs.node, now, until).await? {
            return Ok(());
        }
        let examined = self.examine_all().await;
        self.needs.leases.end_lease(EXAM, &self.needs.node).await?;
        examined?;
        self.refresh().await
    }

    async fn examine_all(&self) -> Result<(), StoreError> {
        for proposal in self.needs.proposals.to_check().await? {
            for _ in 0..AGAIN {
                if self.examine(&proposal).await? != Decided::Stale {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn examine(&self, proposal: &Proposal) -> Result<Decided, StoreError> {
        let taught = self.needs.proposals.taught().await?;
        let version = taught.version;
        let (exam, examined) = (Arc::clone(&self.exam), proposal.clone());
        let today = local_date(self.needs.clock.now());
        let held = tokio::task::spawn_blocking(move || exam.verdict(&taught, &examined, today)).await;
        let verdict = held.unwrap_or_else(|problem| {
            // Whatever brings the exam down does not go live, nor is tried for ever.
            tracing::error!(%problem, proposal = proposal.id.0, "an exam broke off");
            Verdict { before: Rates::default(), after: Rates::default(), changed: 0, passed: false }
        });
        let outcome = if verdict.passed { "passed" } else { "failed" };
        metrics::counter!("lessons_examined_total", "outcome" => outcome).increment(1);
        self.needs.proposals.settle(proposal.id, verdict, version, self.needs.clock.now()).await
    }
}

#[async_trait]
impl Learning for School {
    async fn clusters(&self, kinds: &[MissKind]) -> Result<Vec<Cluster>, StoreError> {
        let misses = self.needs.misses.newest_misses(kinds, LOOKED_AT, self.needs.clock.now()).await?;
        let found = tokio::task::spawn_blocking(move || clusters(&misses)).await;
        found.map_err(|problem| StoreError(format!("misses are not in clusters: {problem}").into()))
    }

    async fn forget(&self, ids: &[i64]) -> Result<u64, StoreError> {
        self.needs.misses.forget_misses(ids.get(..LOOKED_AT.min(ids.len())).unwrap_or_default()).await
    }

    async fn propose(&self, text: &str, lesson: Lesson, by: OfficerId) -> Result<Proposed, StoreError> {
        let Some(text) = fit(text) else { return Ok(Proposed::Unfit) };
        if let Lesson::Alias(code) = &lesson
            && self.needs.understander.catalogue().procedure(code).is_none()
        {
            return Ok(Proposed::NoSuchProcedure);
        }
        self.needs.proposals.propose(NewProposal { lesson, text, by, at: self.needs.clock.now() }).await
    }

    async fn proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        self.needs.proposals.proposals(SHOWN).await
    }

    async fn confirm(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError> {
        let decided = self.needs.proposals.confirm(id, by, self.needs.clock.now()).await?;
        self.bell.notify_one();
        Ok(decided)
    }

    async fn reject(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError> {
        self.needs.proposals.reject(id, by, self.needs.clock.now()).await
    }

    async fn undo(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError> {
        let decided = self.needs.proposals.undo(id, by, self.needs.clock.now()).await?;
        self.refresh().await?;
        Ok(decided)
    }
}

/// A text that can be taught, clean: a few words with letters in them, and no
/// figure that may be somebody's.
fn fit(text: &str) -> Option<String> {
    if text.trim().chars().count() > LONGEST {
        return None;
    }
    let text = clean(text, LONGEST).into_owned();
    let normal = Normal::of(&text);
    let words = normal.folded().split(' ').filter(|word| !word.is_empty()).count();
    let named = normal.folded().split(' ').any(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 2);
    let private = text.contains('•') || mask_figures(&text) != text;
    (named && !private && words <= MOST_WORDS).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn a_few_words_can_be_taught_and_figures_cannot() {
        assert_eq!(fit("  giấy\u{202e} ra\nđời "), Some("giấy ra đời".to_owned()));
        let long = "dài ".repeat(60);
        for text in ["", " ", "?!", "12", "a", "gọi 0912345678", "CCCD ••••••••••••", &long] {
            assert_eq!(fit(text), None, "{text}");
        }
    }
}
