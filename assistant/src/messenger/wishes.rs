//! What the Desk has understood and the channel itself must do: a place in the line
//! for an officer, leaving it, a call back.

use gateway_core::desk::{Action, Answered, InLineReply, Reply};
use gateway_core::ports::{HandoverReason, Inbound, KeyedHash, NewCallback, NewHandover, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::answer::{Answering, later};

/// By the conversations that were taken lately the wait is estimated.
const LATELY: SignedDuration = SignedDuration::from_hours(2);
/// The version of the words to which a citizen consents who wants to be called
/// (`person-callback`).
const CONSENT: &str = "person-callback 2026-11";

impl Answering {
    /// What the Desk has understood and this channel must do.
    pub(super) async fn carry_out(
        &self,
        message: &Inbound,
        answered: &mut Answered,
        conversation: KeyedHash,
        sender: KeyedHash,
    ) -> Result<(), StoreError> {
        let (needs, now) = (&self.needs, self.needs.clock.now());
        match (&answered.outcome, &answered.action) {
            (Ok(Reply::Person(person)), action) if needs.config.officers => {
                let reason = match action {
                    Some(Action::TalkToPerson) => HandoverReason::Asked,
                    Some(Action::Complain) => HandoverReason::Complaint,
                    _ => return Ok(()),
                };
                if !person.hours.open_now {
                    return Ok(());
                }
                let opened = needs
                    .handovers
                    .open(NewHandover {
                        conversation,
                        channel: message.channel,
                        provider: message.provider.clone(),
                        chat: message.to.clone(),
                        sender,
                        locale: answered.locale,
                        site: needs.config.site.as_str().into(),
                        reason,
                        at: now,
                        until: later(now, needs.config.handovers_kept),
                    })
                    .await?;
                let complaint = reason == HandoverReason::Complaint;
                let wait_minutes = self.usual_wait(now, opened.ahead).await;
                let place = InLineReply { ahead: opened.ahead, wait_minutes, again: !opened.new, complaint };
                answered.outcome = Ok(Reply::InLine(place));
                self.bell.ring_desk();
            }
            (Ok(Reply::LeftLine), _) => {
                needs.handovers.cancel(conversation, now).await?;
                needs.handovers.forget_callback(conversation).await?;
                self.bell.ring_desk();
            }
            (Ok(Reply::CallbackNoted { phone }), _) => {
                needs
                    .handovers
                    .wish_callback(NewCallback {
                        conversation,
                        channel: message.channel,
                        phone: phone.e164().into(),
                        locale: answered.locale,
                        consent: CONSENT.into(),
                        at: now,
                        until: later(now, needs.config.callbacks_kept),
                    })
                    .await?;
                self.bell.ring_desk();
            }
            _ => {}
        }
        Ok(())
    }

    /// By how long others waited lately, and how many are before.
    async fn usual_wait(&self, now: Timestamp, ahead: u32) -> Option<u32> {
        let load = self.needs.handovers.load(now.checked_sub(LATELY).unwrap_or(now)).await.ok()?;
        let median = load.median_wait?;
        // The median is of a place in the middle of what was the line then.
        let seconds = median.as_secs().saturating_mul(u64::from(ahead.min(50)) + 2) / 2;
        u32::try_from(seconds.div_ceil(60).max(1)).ok()
    }
}
