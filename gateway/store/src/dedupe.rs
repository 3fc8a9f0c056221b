use async_trait::async_trait;
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Dedupe, StoreError};
use jiff::Timestamp;

use crate::store::{Store, on_pool};
use crate::time::to_micros;

#[async_trait]
impl Dedupe for Store {
    async fn first_time(
        &self,
        channel: Channel,
        provider: &Provider,
        message_id: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO seen_messages (message, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let message = fingerprint(channel, provider, message_id);
        let rows = on_pool!(write self, pool => async {
            let query = sqlx::query(sql).bind(&message[..]).bind(to_micros(at));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    async fn forget(&self, channel: Channel, provider: &Provider, message_id: &str) -> Result<(), StoreError> {
        let message = fingerprint(channel, provider, message_id);
        on_pool!(write self, pool => async {
            sqlx::query("DELETE FROM seen_messages WHERE message = $1").bind(&message[..]).execute(pool).await.map(drop)
        })
    }
}

/// Sixteen bytes for a message, however long the provider's id is. No key:
/// ids are no secrets, and a message must be known again under a new key.
fn fingerprint(channel: Channel, provider: &Provider, message_id: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("dakenh 2026 seen message");
    hasher.update(channel.key().as_bytes()).update(&[0]);
    hasher.update(provider.as_str().as_bytes()).update(&[0]);
    hasher.update(message_id.as_bytes());
    let mut short = [0; 16];
    hasher.finalize_xof().fill(&mut short);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_at_another_provider_is_another_message() {
        let viettel = fingerprint(Channel::Sms, &Provider::new("viettel"), "1");
        assert_eq!(viettel, fingerprint(Channel::Sms, &Provider::new("viettel"), "1"));
        assert_ne!(viettel, fingerprint(Channel::Sms, &Provider::new("vinaphone"), "1"));
        assert_ne!(viettel, fingerprint(Channel::Zalo, &Provider::new("viettel"), "1"));
        assert_ne!(viettel, fingerprint(Channel::Sms, &Provider::new("viettel"), "2"));
    }
}
