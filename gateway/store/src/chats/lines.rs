use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::OfficerId;
use gateway_core::ports::{KeyedHash, Line, NewLine, Speaker, StoreError, Transcripts, Written};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Chats;
use crate::bulk::{Bind, row};
use crate::failure::unreadable;
use crate::mailbox::lines::SealedLine;
use crate::time::{from_micros, to_micros};

/// What is sealed of a line.
#[derive(Serialize, Deserialize)]
struct Said<'a> {
    text: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    buttons: std::borrow::Cow<'a, [(String, String)]>,
}

row! {
    struct LineRow {
        id: i64,
        conversation: Vec<u8>,
        speaker: String,
        sealed: Vec<u8>,
        key_id: String,
        understood: String,
        officer: Option<i64>,
        at: i64,
        until_at: i64,
    }
}

const LINES: &str = "SELECT id, conversation, speaker, sealed, key_id, understood, officer, at, until_at \
     FROM transcript_lines WHERE conversation = $1 AND id > $2 AND until_at > $3 ORDER BY id DESC LIMIT $4";

impl Chats {
    pub(super) fn sealed(&self, line: &NewLine) -> Result<SealedLine, StoreError> {
        let said = Said { text: line.text.as_str().into(), buttons: line.buttons.as_slice().into() };
        let plain = serde_json::to_vec(&said).map_err(|_| unreadable("a line"))?;
        let until_at = to_micros(line.until);
        Ok(SealedLine {
            key: line.key,
            conversation: line.conversation.0,
            speaker: line.speaker.key(),
            house: line.speaker == Speaker::Assistant,
            sealed: self.seal.seal(&place(line.conversation.0, line.speaker.key(), until_at), &plain)?,
            key_id: self.seal.key_id().clone(),
            understood: line.understood.clone(),
            officer: line.officer.map(|officer| officer.0),
            at: to_micros(line.at),
            until_at,
        })
    }

    /// `None` where it was sealed under another key, was meddled with, or is of
    /// a kind that only a newer program knows.
    fn opened(&self, row: LineRow) -> Option<Line> {
        let conversation = <[u8; 16]>::try_from(row.conversation.as_slice()).ok()?;
        let place = place(conversation, &row.speaker, row.until_at);
        let plain = self.seal.open(&place, &row.key_id, &row.sealed).ok()?;
        let said: Said<'_> = serde_json::from_slice(&plain).ok()?;
        Some(Line {
            id: row.id,
            speaker: Speaker::from_key(&row.speaker)?,
            text: said.text.into_owned(),
            buttons: said.buttons.into_owned(),
            understood: CompactString::from(row.understood),
            officer: row.officer.map(OfficerId),
            at: from_micros(row.at).ok()?,
        })
    }
}

#[async_trait]
impl Transcripts for Chats {
    async fn write_lines(&self, lines: Vec<NewLine>) -> Result<Vec<Written>, StoreError> {
        let sealed = lines.iter().map(|line| self.sealed(line)).collect::<Result<_, _>>()?;
        self.mailbox.write_lines(sealed).await
    }

    async fn lines(
        &self,
        conversation: KeyedHash,
        after: i64,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Line>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [Bind::Bytes(&conversation.0), Bind::Int(after), Bind::Int(to_micros(now)), Bind::Int(limit)];
        let rows: Vec<LineRow> = self.store.read_rows(LINES, &values).await?;
        Ok(rows.into_iter().rev().filter_map(|row| self.opened(row)).collect())
    }
}

/// A line opens in its own conversation, as its own speaker's, and for no
/// longer than it was meant to be kept.
fn place(conversation: [u8; 16], speaker: &str, until_at: i64) -> Vec<u8> {
    [b"line", conversation.as_slice(), speaker.as_bytes(), &until_at.to_be_bytes()].concat()
}
