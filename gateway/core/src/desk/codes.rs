//! The one-time code: six digits to the dossier's registered phone.

use super::disclosure::after;
use super::{Desk, Refusal, RefusalKind, Reply, Request};

use crate::domain::{DossierNumber, OneTimeCode, OwnerView, local_date};
use crate::ports::{KeyedHash, LimitKeys, NewCode, NotSaid, Notification, Notifier, Subject};

impl Desk {
    /// Sends a code where there is a dossier with a phone. The answer sounds
    /// and takes the same where there is none.
    pub(super) async fn send_code(
        &self,
        request: &Request,
        keys: LimitKeys<'_>,
        number: &DossierNumber,
    ) -> Result<Reply, Refusal> {
        let Some(notifier) = &self.parts.notifier else { return Err(Refusal::of(RefusalKind::NotOnThisChannel)) };
        if let Some(elsewhere) = self.elsewhere(number, local_date(request.received_at)) {
            return Ok(elsewhere);
        }
        let delay = self.admit_dossier(keys, number, request)?;
        let started = self.parts.clock.now();
        let found = match self.within(request, self.parts.portal.owner_view(number, request.deadline)).await {
            Ok(found) => found.map_err(|problem| self.portal_refused(request, &problem)),
            Err(late) => Err(late),
        };
        let sent = match found {
            Ok(Some(view)) => {
                // Only a dossier that is there can fail here: the answer must
                // not tell. The operator hears of it.
                if let Err(problem) = self.issue_code(request, notifier.as_ref(), number, &view.value).await {
                    tracing::error!(request = request.id.as_str(), %problem, "code not sent");
                }
                Ok(())
            }
            Ok(None) => {
                if self.may_not_have_arrived(number, request) {
                    self.parts.limiter.forgive_dossier(keys, number);
                }
                Ok(())
            }
            Err(refusal) => Err(refusal),
        };
        self.fill_time(started, delay).await;
        sent?;
        Ok(Reply::CodeSent { minutes: self.parts.rules.codes.valid.as_secs() / 60 })
    }

    async fn issue_code(
        &self,
        request: &Request,
        notifier: &dyn Notifier,
        number: &DossierNumber,
        view: &OwnerView,
    ) -> Result<(), NotSaid> {
        // No code to a landline: nobody could read it.
        let Some(phone) = view.applicant.phone.as_ref().filter(|phone| phone.is_mobile()) else { return Ok(()) };
        let rules = &self.parts.rules.codes;
        let now = self.parts.clock.now();
        let code = OneTimeCode::from_bits(self.parts.randomness.next_u64());
        let issued = self.parts.codes.issue(NewCode {
            dossier: self.dossier_hash(number),
            phone: self.parts.hash_key.hash("phone", phone.e164()),
            code: self.code_hash(number, &code),
            at: now,
            until: after(now, rules.valid),
            tries: rules.tries,
            pause: rules.pause,
            most_a_day: rules.most_a_day,
            most_a_day_phone: rules.most_a_day_phone,
        });
        if !issued.await? {
            return Ok(());
        }
        let subject = Subject::OneTimeCode { code, minutes: rules.valid.as_secs() / 60 };
        let notification = Notification { to: phone.clone(), locale: request.locale, subject, at: now };
        let messages = notifier.compose(&notification).await?;
        self.parts.outbox.enqueue(messages).await?;
        Ok(())
    }

    pub(super) fn code_hash(&self, number: &DossierNumber, code: &OneTimeCode) -> KeyedHash {
        let text = compact_str::format_compact!("{} {}", number.as_str(), code.digits());
        self.parts.hash_key.hash("code", &text)
    }
}
