use async_trait::async_trait;
use gateway_core::domain::OfficerId;
use gateway_core::ports::{
    Decided, Lesson, NewProposal, Proposal, ProposalId, ProposalState, Proposals, Proposed, Rates, StoreError, Taught,
    Verdict,
};
use gateway_core::text::fold;
use jiff::Timestamp;

use super::{LearningRows, after};
use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::time::{from_micros, to_micros};

row! {
    struct Row {
        id: i64,
        kind: String,
        target: String,
        text: Vec<u8>,
        key_id: String,
        state: i64,
        proposed_by: i64,
        proposed_at: i64,
        decided_by: Option<i64>,
        decided_at: Option<i64>,
        undone_by: Option<i64>,
        undone_at: Option<i64>,
        verdict: String,
    }
}

macro_rules! proposals {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, target, text, key_id, state, proposed_by, proposed_at, decided_by, decided_at, undone_by, \
                    undone_at, verdict FROM proposals ",
            $rest
        )
    };
}

/// Whoever decides is a supervisor at least, at that very moment.
macro_rules! by_supervisor {
    () => {
        "EXISTS (SELECT 1 FROM officers WHERE officers.id = $2 AND disabled = 0 \
            AND role IN ('supervisor', 'operator'))"
    };
}

const COUNT: &str = "SELECT count(*) FROM proposals WHERE state < 3";
const INSERT: &str = "INSERT INTO proposals (kind, target, text, key_id, text_hash, state, proposed_by, proposed_at) \
     VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (text_hash) WHERE state < 3 DO NOTHING RETURNING id";
const CONFIRM: &str = concat!(
    "UPDATE proposals SET state = 1, decided_by = $2, decided_at = $3 \
     WHERE id = $1 AND state = 0 AND proposed_by <> $2 AND ",
    by_supervisor!()
);
const REJECT: &str = concat!(
    "UPDATE proposals SET state = 3, decided_by = $2, decided_at = $3, until_at = $4 \
     WHERE id = $1 AND state = 0 AND (proposed_by = $2 OR ",
    by_supervisor!(),
    ")"
);
/// One that is being checked is stopped as well: it never goes live then.
const UNDO: &str = concat!(
    "UPDATE proposals SET state = 4, undone_by = $2, undone_at = $3, until_at = $4 \
     WHERE id = $1 AND state IN (1, 2) AND ",
    by_supervisor!()
);
const LIVE: &str = "UPDATE proposals SET state = 2, verdict = $2 WHERE id = $1 AND state = 1";
const FAILED: &str = "UPDATE proposals SET state = 3, verdict = $2, until_at = $3 WHERE id = $1 AND state = 1";
const NEXT: &str = "UPDATE taught SET version = version + 1 WHERE one = 1";
const NEXT_AFTER: &str = "UPDATE taught SET version = version + 1 WHERE one = 1 AND version = $1";
const VERSION: &str = "SELECT version FROM taught WHERE one = 1";

impl LearningRows {
    /// `None` where the text does not open: another key, or a row that was
    /// meddled with. Such a lesson has no effect.
    fn opened(&self, row: &Row) -> Result<Option<Proposal>, StoreError> {
        let Some(lesson) = Lesson::from_keys(&row.kind, &row.target) else { return Ok(None) };
        let place = place(&lesson, OfficerId(row.proposed_by), row.proposed_at);
        let Ok(text) = self.seal.open(&place, &row.key_id, &row.text) else { return Ok(None) };
        let by = |officer: Option<i64>, at: Option<i64>| {
            let both = officer.zip(at);
            both.map(|(officer, at)| Ok((OfficerId(officer), from_micros(at)?))).transpose()
        };
        Ok(Some(Proposal {
            id: ProposalId(row.id),
            new: NewProposal {
                lesson,
                text: String::from_utf8(text).map_err(|_| unreadable("a proposal"))?,
                by: OfficerId(row.proposed_by),
                at: from_micros(row.proposed_at)?,
            },
            state: ProposalState::from_number(row.state).ok_or_else(|| unreadable("a proposal's state"))?,
            decided: by(row.decided_by, row.decided_at)?,
            undone: by(row.undone_by, row.undone_at)?,
            verdict: read_verdict(&row.verdict),
        }))
    }

    async fn find(&self, sql: &'static str, values: &[Bind<'_>]) -> Result<Vec<Proposal>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(sql, values).await?;
        rows.iter().filter_map(|row| self.opened(row).transpose()).collect()
    }

    /// Runs one change, and with it that of the version where what is live
    /// changes; tells whether it was made.
    async fn change(&self, sql: &'static str, values: &[Bind<'_>], effect: Effect) -> Result<Changed, StoreError> {
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let current = match effect {
                    Effect::None => 1,
                    Effect::Always => link.run(NEXT, &[]).await?,
                    Effect::After(version) => link.run(NEXT_AFTER, &[Bind::Int(version)]).await?,
                };
                if current == 0 {
                    link.rollback().await?;
                    return Ok(Changed::Stale);
                }
                if link.run(sql, values).await? == 0 {
                    link.rollback().await?;
                    return Ok(Changed::Nothing);
                }
                link.commit().await?;
                Ok(Changed::Done)
            })
            .await
    }

    /// Why nothing was changed.
    async fn decided(&self, changed: Changed, id: ProposalId, by: OfficerId, own: bool) -> Result<Decided, StoreError> {
        Ok(match changed {
            Changed::Done => Decided::Done,
            Changed::Stale => Decided::Stale,
            Changed::Nothing => match self.proposal(id).await? {
                Some(proposal) if own && proposal.state == ProposalState::Proposed && proposal.new.by == by => {
                    Decided::Own
                }
                Some(proposal) if proposal.state == ProposalState::Proposed => Decided::NotAllowed,
                Some(proposal) if !own && !proposal.state.is_over() => Decided::NotAllowed,
                _ => Decided::Elsewhere,
            },
        })
    }
}

#[derive(Clone, Copy)]
enum Effect {
    None,
    Always,
    /// Only where this is the version still.
    After(i64),
}

enum Changed {
    Done,
    Nothing,
    Stale,
}

#[async_trait]
impl Proposals for LearningRows {
    async fn propose(&self, new: NewProposal) -> Result<Proposed, StoreError> {
        let (kind, target) = new.lesson.keys();
        let at = to_micros(new.at);
        let sealed = self.seal.seal(&place(&new.lesson, new.by, at), new.text.as_bytes())?;
        let hash = self.key.hash("taught_text", &fold(&new.text));
        let values = [
            Bind::Text(kind),
            Bind::Text(&target),
            Bind::Bytes(&sealed),
            Bind::Text(self.seal.key_id()),
            Bind::Bytes(&hash.0),
            Bind::Int(new.by.0),
            Bind::Int(at),
        ];
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let open: Vec<(i64,)> = link.rows(COUNT, &[]).await?;
                let most = i64::from(self.rules.most_proposals);
                if open.first().is_some_and(|(count,)| *count >= most) {
                    link.rollback().await?;
                    return Ok(Proposed::Full);
                }
                let made: Vec<(i64,)> = link.rows(INSERT, &values).await?;
                link.commit().await?;
                Ok(made.first().map_or(Proposed::Again, |(id,)| Proposed::New(ProposalId(*id))))
            })
            .await
    }

    async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        Ok(self.find(proposals!("WHERE id = $1"), &[Bind::Int(id.0)]).await?.pop())
    }

    async fn proposals(&self, limit: usize) -> Result<Vec<Proposal>, StoreError> {
        let sql = proposals!("ORDER BY CASE WHEN state < 2 THEN 0 WHEN state = 2 THEN 1 ELSE 2 END, id DESC LIMIT $1");
        self.find(sql, &[Bind::Int(i64::try_from(limit).unwrap_or(i64::MAX))]).await
    }

    async fn to_check(&self) -> Result<Vec<Proposal>, StoreError> {
        self.find(proposals!("WHERE state = 1 ORDER BY id"), &[]).await
    }

    async fn confirm(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError> {
        let values = [Bind::Int(id.0), Bind::Int(by.0), Bind::Int(to_micros(at))];
        let changed = self.change(CONFIRM, &values, Effect::None).await?;
        self.decided(changed, id, by, true).await
    }

    async fn reject(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError> {
        let until = to_micros(after(at, self.rules.decided_days));
        let values = [Bind::Int(id.0), Bind::Int(by.0), Bind::Int(to_micros(at)), Bind::Int(until)];
        let changed = self.change(REJECT, &values, Effect::None).await?;
        self.decided(changed, id, by, false).await
    }

    async fn undo(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError> {
        let until = to_micros(after(at, self.rules.decided_days));
        let values = [Bind::Int(id.0), Bind::Int(by.0), Bind::Int(to_micros(at)), Bind::Int(until)];
        let changed = self.change(UNDO, &values, Effect::Always).await?;
        self.decided(changed, id, by, false).await
    }

    async fn settle(
        &self,
        id: ProposalId,
        verdict: Verdict,
        version: i64,
        at: Timestamp,
    ) -> Result<Decided, StoreError> {
        let words = write_verdict(verdict);
        let changed = if verdict.passed {
            self.change(LIVE, &[Bind::Int(id.0), Bind::Text(&words)], Effect::After(version)).await?
        } else {
            let until = to_micros(after(at, self.rules.decided_days));
            self.change(FAILED, &[Bind::Int(id.0), Bind::Text(&words), Bind::Int(until)], Effect::None).await?
        };
        Ok(match changed {
            Changed::Done => Decided::Done,
            Changed::Stale => Decided::Stale,
            Changed::Nothing => Decided::Elsewhere,
        })
    }

    async fn taught_version(&self) -> Result<i64, StoreError> {
        let rows: Vec<(i64,)> = self.store.read_rows(VERSION, &[]).await?;
        rows.first().map(|(version,)| *version).ok_or_else(|| unreadable("the version of what is taught"))
    }

    async fn taught(&self) -> Result<Taught, StoreError> {
        // The version first: what changes in between is read once more.
        let version = self.taught_version().await?;
        let live = self.find(proposals!("WHERE state = 2 ORDER BY id"), &[]).await?;
        let lessons = live.into_iter().map(|proposal| (proposal.id, proposal.new.text, proposal.new.lesson));
        Ok(Taught { version, lessons: lessons.collect() })
    }
}

/// A text opens for its own lesson alone: whoever can write to the database
/// cannot have it lead elsewhere.
fn place(lesson: &Lesson, by: OfficerId, at: i64) -> Vec<u8> {
    let (kind, target) = lesson.keys();
    [b"proposal ".as_slice(), kind.as_bytes(), b" ", target.as_bytes(), &by.0.to_be_bytes(), &at.to_be_bytes()].concat()
}

fn write_verdict(verdict: Verdict) -> String {
    let rates = |rates: Rates| format!("{} {} {}", rates.hit_1, rates.out_of_scope, rates.follow_ups);
    format!("{} {} {} {}", rates(verdict.before), rates(verdict.after), verdict.changed, u8::from(verdict.passed))
}

fn read_verdict(words: &str) -> Option<Verdict> {
    let numbers: Vec<u32> = words.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [a, b, c, d, e, f, changed, passed] = *numbers.first_chunk::<8>()?;
    let rates = |hit_1, out_of_scope, follow_ups| Rates { hit_1, out_of_scope, follow_ups };
    Some(Verdict { before: rates(a, b, c), after: rates(d, e, f), changed, passed: passed == 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_read_as_it_was_written() {
        let before = Rates { hit_1: 9_123, out_of_scope: 10_000, follow_ups: 0 };
        let verdict = Verdict { before, after: Rates { hit_1: 9_122, ..before }, changed: 3, passed: true };
        assert_eq!(read_verdict(&write_verdict(verdict)), Some(verdict));
        for none in ["", "1 2 3", "a b c d e f g h"] {
            assert_eq!(read_verdict(none), None, "{none}");
        }
    }
}
