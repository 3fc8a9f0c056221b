use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Channel, Locale, OfficerId, Provider};
use gateway_core::ports::{
    Callback, Claimed, DeskLoad, Handover, HandoverId, HandoverReason, HandoverState, Handovers, KeyedHash,
    LeftHandovers, NewCallback, NewHandover, NewLine, NewOutbound, OfficerMove, Opened, StoreError, house_voice,
};
use jiff::Timestamp;

use super::Chats;
use crate::bulk::{Bind, Link, row};
use crate::failure::{is_deadlock, unreadable};
use crate::mailbox::lines::{SealedLine, VOICES, insert_alone};
use crate::mailbox::write_down;
use crate::time::{from_micros, to_micros};

/// How long what is on its way to a messenger is waited for when an officer
/// takes a conversation, and how often it is looked at.
const LAST_WORD_WITHIN: Duration = Duration::from_secs(10);
const LAST_WORD_EVERY: Duration = Duration::from_millis(50);

/// So often is a transaction tried again that another one stood in the way of.
const DEADLOCKS: u32 = 2;

/// A median needs no more.
const WAITS: usize = 500;

row! {
    struct Row {
        id: i64,
        conversation: Vec<u8>,
        channel: String,
        provider: String,
        chat: Vec<u8>,
        key_id: String,
        sender: Vec<u8>,
        locale: String,
        site: String,
        reason: String,
        for_supervisor: i64,
        state: i64,
        officer: Option<i64>,
        opened_at: i64,
        claimed_at: Option<i64>,
        touched_at: i64,
        closed_at: Option<i64>,
        outcome: String,
    }
}

row! {
    struct CallbackRow {
        id: i64,
        conversation: Vec<u8>,
        channel: String,
        phone: Vec<u8>,
        key_id: String,
        locale: String,
        officer: Option<i64>,
        at: i64,
    }
}

macro_rules! handovers {
    ($rest:literal) => {
        concat!(
            "SELECT id, conversation, channel, provider, chat, key_id, sender, locale, site, reason, for_supervisor, \
                    state, officer, opened_at, claimed_at, touched_at, closed_at, outcome FROM handovers ",
            $rest
        )
    };
}

const OPEN: &str = "INSERT INTO handovers (conversation, voice, channel, provider, chat, key_id, sender, locale, site, \
                       reason, for_supervisor, state, opened_at, touched_at, outcome, until_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $12, '', $13) \
     ON CONFLICT (conversation) WHERE state < 2 DO NOTHING";
/// What the house had not yet sent is not sent any more.
const SILENCE: &str = "UPDATE outbox SET state = 5, error = 'person', text = '', recipient = '', final_at = $2 \
     WHERE form = $1 AND substr(form, 1, 6) = 'house:' AND state < 2 AND state + 0 = 0";
const UNDERWAY: &str = "SELECT count(*) FROM outbox \
     WHERE form = $1 AND substr(form, 1, 6) = 'house:' AND state < 2 AND state + 0 = 1";

impl Chats {
    fn handover(&self, row: Row) -> Result<Handover, StoreError> {
        let conversation = hash(&row.conversation)?;
        let chat = self.seal.open(&place(b"chat", conversation), &row.key_id, &row.chat).unwrap_or_default();
        Ok(Handover {
            id: HandoverId(row.id),
            state: HandoverState::from_number(row.state).ok_or_else(|| unreadable("a hand-over's state"))?,
            conversation,
            channel: channel(&row.channel)?,
            provider: Provider::new(&row.provider),
            chat: CompactString::from_utf8(chat).unwrap_or_default(),
            sender: hash(&row.sender)?,
            locale: locale(&row.locale)?,
            site: CompactString::from(row.site),
            reason: HandoverReason::from_key(&row.reason).ok_or_else(|| unreadable("a hand-over's reason"))?,
            for_supervisor: row.for_supervisor != 0,
            officer: row.officer.map(OfficerId),
            opened_at: from_micros(row.opened_at)?,
            claimed_at: row.claimed_at.map(from_micros).transpose()?,
            touched_at: from_micros(row.touched_at)?,
            closed_at: row.closed_at.map(from_micros).transpose()?,
            outcome: CompactString::from(row.outcome),
        })
    }

    async fn find(&self, sql: &'static str, values: &[Bind<'_>]) -> Result<Vec<Handover>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(sql, values).await?;
        rows.into_iter().map(|row| self.handover(row)).collect()
    }

    /// One change of a hand-over that this officer holds.
    async fn held(&self, sql: &'static str, values: &[Bind<'_>]) -> Result<bool, StoreError> {
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let rows = link.run(sql, values).await?;
                link.commit().await?;
                Ok(rows > 0)
            })
            .await
    }

    /// Until nothing of the house is on its way to the messenger any more.
    async fn last_word(&self, voice: &str) -> Result<(), StoreError> {
        let mut waited = Duration::ZERO;
        loop {
            let rows: Vec<(i64,)> = self.store.read_rows(UNDERWAY, &[Bind::Text(voice)]).await?;
            if rows.first().is_none_or(|(count,)| *count == 0) || waited >= LAST_WORD_WITHIN {
                return Ok(());
            }
            self.store.clock.sleep(LAST_WORD_EVERY).await;
            waited += LAST_WORD_EVERY;
        }
    }

    /// Takes one that waits and silences the house; gives the voice that it had.
    async fn try_claim(
        &self,
        id: HandoverId,
        officer: OfficerId,
        at: Timestamp,
    ) -> Result<Option<String>, sqlx::Error> {
        let claim = "UPDATE handovers SET state = 1, officer = $2, claimed_at = coalesce(claimed_at, $3), \
                        touched_at = $3 WHERE id = $1 AND state = 0 RETURNING voice";
        let now = Bind::Int(to_micros(at));
        let mut link = Link::begin(&self.store).await?;
        if link.is_postgres() {
            // Nobody lets the house speak while this is decided.
            link.run("SELECT pg_advisory_xact_lock($1)", &[Bind::Int(VOICES)]).await?;
        }
        let claimed: Vec<(String,)> = link.rows(claim, &[Bind::Int(id.0), Bind::Int(officer.0), now]).await?;
        let voice = claimed.into_iter().next().map(|(voice,)| voice);
        if let Some(voice) = &voice {
            link.run(SILENCE, &[Bind::Text(voice), now]).await?;
        }
        link.commit().await?;
        Ok(voice)
    }

    async fn try_say(
        &self,
        id: HandoverId,
        officer: OfficerId,
        line: &SealedLine,
        first_id: i64,
        send: &[NewOutbound],
    ) -> Result<bool, sqlx::Error> {
        let touch = "UPDATE handovers SET touched_at = $3 \
                     WHERE id = $1 AND officer = $2 AND state = 1 AND conversation = $4";
        let holder = [Bind::Int(id.0), Bind::Int(officer.0), Bind::Int(line.at), Bind::Bytes(&line.conversation)];
        let mut link = Link::begin(&self.store).await?;
        if link.run(touch, &holder).await? == 0 {
            link.rollback().await?;
            return Ok(false);
        }
        // A line that is there already has its messages: a form that was sent
        // twice says nothing twice.
        if insert_alone(&mut link, line).await? {
            write_down(&mut link, first_id, line.at, send).await?;
        }
        link.commit().await?;
        Ok(true)
    }
}

#[async_trait]
impl Handovers for Chats {
    async fn open(&self, new: NewHandover) -> Result<Opened, StoreError> {
        let voice = house_voice(new.conversation);
        let chat = self.seal.seal(&place(b"chat", new.conversation), new.chat.as_bytes())?;
        let complaint = new.reason == HandoverReason::Complaint;
        let values = [
            Bind::Bytes(&new.conversation.0),
            Bind::Text(&voice),
            Bind::Text(new.channel.key()),
            Bind::Text(new.provider.as_str()),
            Bind::Bytes(&chat),
            Bind::Text(self.seal.key_id()),
            Bind::Bytes(&new.sender.0),
            Bind::Text(new.locale.as_str()),
            Bind::Text(&new.site),
            Bind::Text(new.reason.key()),
            Bind::Int(i64::from(complaint)),
            Bind::Int(to_micros(new.at)),
            Bind::Int(to_micros(new.until)),
        ];
        let found = "SELECT id, state, (SELECT count(*) FROM handovers b WHERE b.state < 2 AND b.state = 0 AND b.id + 0 < h.id \
                        AND b.for_supervisor = h.for_supervisor AND (b.site = h.site OR b.site = '')) AS ahead \
                     FROM handovers h WHERE conversation = $1 AND state < 2";
        let (is_new, (id, state, ahead)): (bool, (i64, i64, i64)) = self
            .store
            .within(async {
                loop {
                    let mut link = Link::begin(&self.store).await?;
                    let is_new = link.run(OPEN, &values).await? == 1;
                    let rows = link.rows(found, &[Bind::Bytes(&new.conversation.0)]).await?;
                    link.commit().await?;
                    // Another node may have ended, between the two, the one that
                    // was there: then there is room for a new one.
                    if let Some(row) = rows.into_iter().next() {
                        return Ok((is_new, row));
                    }
                }
            })
            .await?;
        let held = state == HandoverState::Held.number();
        let ahead = if held { 0 } else { u32::try_from(ahead).unwrap_or(u32::MAX) };
        Ok(Opened { id: HandoverId(id), new: is_new, held, ahead })
    }

    async fn cancel(&self, conversation: KeyedHash, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE handovers SET state = 2, chat = $3, closed_at = $2, outcome = 'cancelled' \
                   WHERE conversation = $1 AND state < 2 AND state = 0";
        self.held(sql, &[Bind::Bytes(&conversation.0), Bind::Int(to_micros(at)), Bind::Bytes(b"")]).await
    }

    async fn open_one(&self, conversation: KeyedHash) -> Result<Option<Handover>, StoreError> {
        let sql = handovers!("WHERE conversation = $1 AND state < 2");
        Ok(self.find(sql, &[Bind::Bytes(&conversation.0)]).await?.pop())
    }

    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError> {
        Ok(self.find(handovers!("WHERE id = $1"), &[Bind::Int(id.0)]).await?.pop())
    }

    async fn open_ones(&self, limit: usize) -> Result<Vec<Handover>, StoreError> {
        let sql = handovers!("WHERE state < 2 ORDER BY state, id LIMIT $1");
        self.find(sql, &[Bind::Int(i64::try_from(limit).unwrap_or(i64::MAX))]).await
    }

    async fn earlier(&self, senders: &[KeyedHash], limit: usize) -> Result<Vec<Handover>, StoreError> {
        let mut all = Vec::new();
        for sender in senders {
            let sql = handovers!("WHERE sender = $1 AND state = 2 ORDER BY id DESC LIMIT $2");
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            all.extend(self.find(sql, &[Bind::Bytes(&sender.0), Bind::Int(limit)]).await?);
        }
        all.sort_unstable_by_key(|handover| std::cmp::Reverse(handover.id));
        all.truncate(limit);
        Ok(all)
    }

    async fn claim(&self, id: HandoverId, officer: OfficerId, at: Timestamp) -> Result<Claimed, StoreError> {
        let voice = self
            .store
            .within(async {
                let mut deadlocks = 0;
                loop {
                    match self.try_claim(id, officer, at).await {
                        Err(error) if deadlocks < DEADLOCKS && is_deadlock(&error) => deadlocks += 1,
                        done => return done,
                    }
                }
            })
            .await?;
        if let Some(voice) = voice {
            self.last_word(&voice).await?;
            return Ok(Claimed::Yes);
        }
        Ok(match Handovers::handover(self, id).await? {
            // Asked twice: the last word is waited for here as well.
            Some(Handover { state: HandoverState::Held, officer: Some(holder), conversation, .. })
                if holder == officer =>
            {
                self.last_word(&house_voice(conversation)).await?;
                Claimed::Yes
            }
            Some(Handover { state: HandoverState::Held, .. }) => Claimed::Taken,
            _ => Claimed::Gone,
        })
    }

    async fn say(
        &self,
        id: HandoverId,
        officer: OfficerId,
        line: NewLine,
        send: Vec<NewOutbound>,
    ) -> Result<bool, StoreError> {
        let sealed = self.sealed(&line)?;
        let first_id = if send.is_empty() { 0 } else { self.store.take_ids(send.len()).await? };
        self.store
            .within(async {
                let mut deadlocks = 0;
                loop {
                    match self.try_say(id, officer, &sealed, first_id, &send).await {
                        Err(error) if deadlocks < DEADLOCKS && is_deadlock(&error) => deadlocks += 1,
                        done => return done,
                    }
                }
            })
            .await
    }

    async fn pass(
        &self,
        id: HandoverId,
        officer: OfficerId,
        to: OfficerMove,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (id, holder, at) = (Bind::Int(id.0), Bind::Int(officer.0), Bind::Int(to_micros(at)));
        match to {
            OfficerMove::Requeue => {
                let sql = "UPDATE handovers SET state = 0, officer = NULL, touched_at = $3 \
                           WHERE id = $1 AND officer = $2 AND state = 1";
                self.held(sql, &[id, holder, at]).await
            }
            OfficerMove::ToSupervisor => {
                let sql = "UPDATE handovers SET state = 0, officer = NULL, for_supervisor = 1, touched_at = $3 \
                           WHERE id = $1 AND officer = $2 AND state = 1";
                self.held(sql, &[id, holder, at]).await
            }
            OfficerMove::To(other) => {
                let sql = "UPDATE handovers SET officer = $4, touched_at = $3 \
                           WHERE id = $1 AND officer = $2 AND state = 1";
                self.held(sql, &[id, holder, at, Bind::Int(other.0)]).await
            }
            OfficerMove::Close { outcome } => {
                let sql = "UPDATE handovers SET state = 2, chat = $5, closed_at = $3, touched_at = $3, outcome = $4 \
                           WHERE id = $1 AND officer = $2 AND state = 1";
                self.held(sql, &[id, holder, at, Bind::Text(&outcome), Bind::Bytes(b"")]).await
            }
        }
    }

    async fn touch(&self, id: HandoverId, officer: OfficerId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE handovers SET touched_at = $3 WHERE id = $1 AND officer = $2 AND state = 1";
        self.held(sql, &[Bind::Int(id.0), Bind::Int(officer.0), Bind::Int(to_micros(at))]).await
    }

    async fn sweep_handovers(
        &self,
        seen_before: Timestamp,
        waiting_before: Timestamp,
        now: Timestamp,
    ) -> Result<LeftHandovers, StoreError> {
        let idle = handovers!("WHERE state = 1 AND touched_at < $1 ORDER BY id + 0 LIMIT 500");
        let tired = handovers!("WHERE state < 2 AND state = 0 AND touched_at < $1 ORDER BY id + 0 LIMIT 500");
        let mut left = LeftHandovers::default();
        for handover in self.find(idle, &[Bind::Int(to_micros(seen_before))]).await? {
            let requeue = "UPDATE handovers SET state = 0, officer = NULL, touched_at = $3 \
                           WHERE id = $1 AND state = 1 AND touched_at < $2";
            let values = [Bind::Int(handover.id.0), Bind::Int(to_micros(seen_before)), Bind::Int(to_micros(now))];
            // Another node may have been quicker: then that one tells.
            if self.held(requeue, &values).await? {
                left.requeued.push(handover);
            }
        }
        for handover in self.find(tired, &[Bind::Int(to_micros(waiting_before))]).await? {
            let close = "UPDATE handovers SET state = 2, chat = $4, closed_at = $2, outcome = 'nobody_came' \
                         WHERE id = $1 AND state = 0 AND touched_at < $3";
            let values = [
                Bind::Int(handover.id.0),
                Bind::Int(to_micros(now)),
                Bind::Int(to_micros(waiting_before)),
                Bind::Bytes(b""),
            ];
            if self.held(close, &values).await? {
                left.expired.push(handover);
            }
        }
        Ok(left)
    }

    async fn load(&self, since: Timestamp) -> Result<DeskLoad, StoreError> {
        let since = Bind::Int(to_micros(since));
        let waiting: Vec<(i64, Option<i64>)> = self
            .store
            .read_rows("SELECT count(*), min(touched_at) FROM handovers WHERE state < 2 AND state = 0", &[])
            .await?;
        let held: Vec<(i64, i64)> = self
            .store
            .read_rows(
                "SELECT officer, count(*) FROM handovers WHERE state = 1 AND officer IS NOT NULL \
                 GROUP BY officer ORDER BY officer",
                &[],
            )
            .await?;
        let closed: Vec<(i64,)> = self
            .store
            .read_rows("SELECT count(*) FROM handovers WHERE state = 2 AND closed_at >= $1", &[since])
            .await?;
        let most = Bind::Int(i64::try_from(WAITS).unwrap_or(i64::MAX));
        let waits: Vec<(i64,)> = self
            .store
            .read_rows(
                "SELECT claimed_at - opened_at FROM handovers WHERE claimed_at >= $1 ORDER BY id DESC LIMIT $2",
                &[since, most],
            )
            .await?;
        let mut waits: Vec<u64> = waits.into_iter().filter_map(|(wait,)| u64::try_from(wait).ok()).collect();
        waits.sort_unstable();
        let (count, oldest) = waiting.into_iter().next().unwrap_or_default();
        let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(DeskLoad {
            waiting: small(count),
            oldest: oldest.map(from_micros).transpose()?,
            held: held.into_iter().map(|(officer, count)| (OfficerId(officer), small(count))).collect(),
            median_wait: waits.get(waits.len() / 2).map(|micros| Duration::from_micros(*micros)),
            closed: closed.first().map_or(0, |(count,)| small(*count)),
        })
    }

    async fn wish_callback(&self, wish: NewCallback) -> Result<(), StoreError> {
        let phone = self.seal.seal(&place(b"callback", wish.conversation), wish.phone.as_bytes())?;
        let sql = "INSERT INTO callbacks (conversation, channel, phone, key_id, locale, consent, at, until_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (conversation) DO UPDATE SET \
                      channel = excluded.channel, phone = excluded.phone, key_id = excluded.key_id, \
                      locale = excluded.locale, consent = excluded.consent, officer = NULL, \
                      at = excluded.at, until_at = excluded.until_at";
        let values = [
            Bind::Bytes(&wish.conversation.0),
            Bind::Text(wish.channel.key()),
            Bind::Bytes(&phone),
            Bind::Text(self.seal.key_id()),
            Bind::Text(wish.locale.as_str()),
            Bind::Text(&wish.consent),
            Bind::Int(to_micros(wish.at)),
            Bind::Int(to_micros(wish.until)),
        ];
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                // Under a number of its own: whoever ends the earlier one does
                // not end this one.
                link.run("DELETE FROM callbacks WHERE conversation = $1", &values[..1]).await?;
                link.run(sql, &values).await?;
                link.commit().await
            })
            .await
    }

    async fn callbacks(&self, now: Timestamp, limit: usize) -> Result<Vec<Callback>, StoreError> {
        let sql = "SELECT id, conversation, channel, phone, key_id, locale, officer, at FROM callbacks \
                   WHERE until_at > $1 ORDER BY at, id LIMIT $2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<CallbackRow> = self.store.read_rows(sql, &[Bind::Int(to_micros(now)), Bind::Int(limit)]).await?;
        let mut callbacks = Vec::with_capacity(rows.len());
        for row in rows {
            let conversation = hash(&row.conversation)?;
            // One that was sealed under another key nobody can call.
            let Ok(phone) = self.seal.open(&place(b"callback", conversation), &row.key_id, &row.phone) else {
                continue;
            };
            callbacks.push(Callback {
                id: row.id,
                conversation,
                channel: channel(&row.channel)?,
                phone: CompactString::from_utf8(phone).unwrap_or_default(),
                locale: locale(&row.locale)?,
                at: from_micros(row.at)?,
                officer: row.officer.map(OfficerId),
            });
        }
        Ok(callbacks)
    }

    async fn take_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError> {
        let sql = "UPDATE callbacks SET officer = $2 WHERE id = $1 AND (officer IS NULL OR officer = $2)";
        self.held(sql, &[Bind::Int(id), Bind::Int(officer.0)]).await
    }

    async fn forget_callback(&self, conversation: KeyedHash) -> Result<bool, StoreError> {
        self.held("DELETE FROM callbacks WHERE conversation = $1", &[Bind::Bytes(&conversation.0)]).await
    }

    async fn end_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM callbacks WHERE id = $1 AND officer = $2";
        self.held(sql, &[Bind::Int(id), Bind::Int(officer.0)]).await
    }
}

fn place(kind: &[u8], conversation: KeyedHash) -> Vec<u8> {
    [kind, &conversation.0].concat()
}

fn hash(bytes: &[u8]) -> Result<KeyedHash, StoreError> {
    bytes.try_into().map(KeyedHash).map_err(|_| unreadable("a hash"))
}

fn channel(key: &str) -> Result<Channel, StoreError> {
    Channel::from_key(key).ok_or_else(|| unreadable("a channel"))
}

fn locale(text: &str) -> Result<Locale, StoreError> {
    Locale::parse(text).ok_or_else(|| unreadable("a language"))
}
