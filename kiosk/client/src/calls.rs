//! Every call of the contract, one method each.

use mobile_api_types::signature::{PublicKey, SigningKey};
use mobile_api_types::{
    AskAnswer, AskRequest, CallAnswer, CallRequest, CallView, CodeAnswer, ConfirmRequest, ContinuationAnswer,
    ContinuationRequest, ContinuationView, ContinuedPage, DisclosureRequest, DossierAnswer, EnrolAnswer, EnrolRequest,
    HeartbeatAnswer, HeartbeatRequest, KioskSettings, LocalTicketView, LocalTicketsAnswer, LocalTicketsRequest,
    ProcedureAnswer, ProceduresAnswer, QueueAnswer, RatingRequest, TicketAnswer, TicketPlaceAnswer, TicketRequest,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::ETAG;
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ClientError, GoneKind};
use crate::gateway::{Answer, Call, Gateway, MOST_ANSWER};
use crate::identity::Identity;

/// All that RFC 3986 does not leave as it is in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An answer that may be the one that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fresh<T> {
    /// Another one; its ETag for the next time, where it has one.
    New(T, Option<String>),
    /// The same as before.
    Unchanged,
}

impl Gateway {
    /// Enrols the terminal with a one-time code: draws a key, keeps it, has it
    /// confirmed. When the answer is lost, the same code may be tried again: the
    /// key is then the same.
    ///
    /// # Errors
    /// [`ClientError`]; `Gone(OwnFault)` where the key cannot be kept (its cause
    /// is in the log).
    pub async fn enrol(&self, code: &str, version: &str) -> Result<EnrolAnswer<'static>, ClientError> {
        let own_fault = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "the terminal's key cannot be kept");
            ClientError::Gone(GoneKind::OwnFault)
        };
        let fresh = zeroize::Zeroizing::new(self.fresh_seed()?);
        let seed = self.key_file().pending(&fresh).map_err(|error| own_fault(&error))?;
        let key = SigningKey::from_seed(&seed).map_err(|error| own_fault(&error))?;
        let request = EnrolRequest {
            code: code.trim().to_owned(),
            public_key: key.public().to_string(),
            version: version.to_owned(),
        };
        let mut call = post("/api/v1/devices/enrol", &request, "vi")?;
        call.signed = false;
        // The same code with the same key gives the same answer.
        call.repeatable = true;
        let answer: EnrolAnswer<'static> = self.send(call).await?.read()?;
        let gateway_key = PublicKey::parse(&answer.gateway_key).map_err(|_| ClientError::Gone(GoneKind::Unreadable))?;
        self.key_file().confirm(&answer, &seed).map_err(|error| own_fault(&error))?;
        let identity = Identity {
            device: answer.device.clone().into_owned(),
            site: answer.site.clone().into_owned(),
            site_name: answer.site_name.clone().into_owned(),
            name: answer.name.clone().into_owned(),
            gateway_key,
            key,
        };
        self.become_enrolled(identity, answer.at);
        Ok(answer)
    }

    /// What the terminal shows and how it behaves.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn settings(
        &self,
        language: &str,
        etag: Option<&str>,
    ) -> Result<Fresh<KioskSettings<'static>>, ClientError> {
        let mut call = get("/api/v1/kiosk/settings".into(), language);
        call.etag = etag;
        fresh(&self.send(call).await?)
    }

    /// Tells how the terminal is, and learns the gateway's time.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn heartbeat(&self, beat: &HeartbeatRequest) -> Result<HeartbeatAnswer, ClientError> {
        let mut call = post("/api/v1/kiosk/heartbeat", beat, "vi")?;
        call.repeatable = true;
        call.asks_again = true;
        let answer: HeartbeatAnswer = self.send(call).await?.read()?;
        self.learn_time(answer.at);
        Ok(answer)
    }

    /// Calls an officer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn call_officer(&self, call: &CallRequest) -> Result<CallAnswer<'static>, ClientError> {
        self.ask_once("/api/v1/kiosk/calls", call, "vi").await
    }

    /// How far a call has come.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn call_state(&self, call: &str) -> Result<CallView, ClientError> {
        self.look(format!("/api/v1/kiosk/calls/{}", segment(call)), None, "vi").await
    }

    /// How the queues of the terminal's own site stand.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn queue(&self, language: &str) -> Result<QueueAnswer<'static>, ClientError> {
        let identity = self.identity().ok_or(ClientError::NotEnrolled)?;
        let query = query(&[("site", Some(&identity.site))]);
        self.look("/api/v1/queue".into(), query, language).await
    }

    /// Takes a number. The request's key makes it one number however often it
    /// is sent ([`Gateway::fresh_key`]).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn take_ticket(
        &self,
        request: &TicketRequest,
        language: &str,
    ) -> Result<TicketAnswer<'static>, ClientError> {
        let mut call = post("/api/v1/queue/tickets", request, language)?;
        call.repeatable = true;
        self.send(call).await?.read()
    }

    /// Where a number is, by its code.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ticket(&self, code: &str, language: &str) -> Result<TicketPlaceAnswer<'static>, ClientError> {
        self.look(format!("/api/v1/queue/tickets/{}", segment(code)), None, language).await
    }

    /// Tells numbers that were given without the gateway; each counts once, by
    /// its key. [`crate::LocalTicketBook::reconcile`] does this.
    pub(crate) async fn tell_local_tickets(
        &self,
        tickets: Vec<LocalTicketView>,
    ) -> Result<LocalTicketsAnswer, ClientError> {
        let mut call = post("/api/v1/queue/tickets/local", &LocalTicketsRequest { tickets }, "vi")?;
        call.repeatable = true;
        self.send(call).await?.read()
    }

    /// Hands a rating over. Its key makes it one rating however often it is sent
    /// ([`Gateway::fresh_key`]); without one it is sent once.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rate(&self, rating: &RatingRequest) -> Result<(), ClientError> {
        let mut call = post("/api/v1/ratings", rating, "vi")?;
        call.repeatable = rating.key.is_some();
        self.send(call).await.map(|_| ())
    }

    /// Begins to go on on a phone.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn continue_on_phone(
        &self,
        page: ContinuedPage,
        language: &str,
    ) -> Result<ContinuationAnswer<'static>, ClientError> {
        self.ask_once("/api/v1/kiosk/continuations", &ContinuationRequest { page }, language).await
    }

    /// How far a continuation is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn continuation(&self, id: &str) -> Result<ContinuationView, ClientError> {
        self.look(format!("/api/v1/kiosk/continuations/{}", segment(id)), None, "vi").await
    }

    /// The matching code that the citizen read off the phone. `false`: it is
    /// another one (409).
    ///
    /// # Errors
    /// [`ClientError`]; refused with 410 where the continuation is over.
    pub async fn confirm_continuation(&self, id: &str, code: &str) -> Result<bool, ClientError> {
        let path = format!("/api/v1/kiosk/continuations/{}/confirm", segment(id));
        match self.send(post(&path, &ConfirmRequest { code: code.to_owned() }, "vi")?).await {
            Ok(_) => Ok(true),
            Err(ClientError::Refused(refused)) if refused.problem.status == 409 => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Where a dossier is, for everybody who knows its number.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn dossier(&self, number: &str, language: &str) -> Result<DossierAnswer<'static>, ClientError> {
        self.look(format!("/api/v1/dossiers/{}", segment(number)), None, language).await
    }

    /// The owner's view, by a second proof. Never repeated: wrong proofs are
    /// counted.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn disclose(
        &self,
        number: &str,
        proof: &DisclosureRequest,
        language: &str,
    ) -> Result<DossierAnswer<'static>, ClientError> {
        self.ask_once(&format!("/api/v1/dossiers/{}/disclosure", segment(number)), proof, language).await
    }

    /// Sends a one-time code to the registered phone. `Err` of an answer: the
    /// dossier is another authority's, and nothing was sent.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send_code(
        &self,
        number: &str,
        language: &str,
    ) -> Result<Result<CodeAnswer<'static>, DossierAnswer<'static>>, ClientError> {
        let path = format!("/api/v1/dossiers/{}/code", segment(number));
        let mut call = get(path, language);
        call.method = Method::POST;
        call.repeatable = false;
        let answer = self.send(call).await?;
        if answer.status == StatusCode::ACCEPTED { answer.read().map(Ok) } else { answer.read().map(Err) }
    }

    /// Procedures for words, a field or both; 1–50 on a page.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn find_procedures(
        &self,
        words: &str,
        field: Option<&str>,
        limit: u8,
        cursor: Option<&str>,
        language: &str,
    ) -> Result<ProceduresAnswer<'static>, ClientError> {
        let limit = limit.clamp(1, 50).to_string();
        let query = query(&[("q", Some(words)), ("field", field), ("limit", Some(&limit)), ("cursor", cursor)]);
        self.look("/api/v1/procedures".into(), query, language).await
    }

    /// One procedure.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn procedure(&self, code: &str, language: &str) -> Result<ProcedureAnswer<'static>, ClientError> {
        self.look(format!("/api/v1/procedures/{}", segment(code)), None, language).await
    }

    /// A question in free words.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ask(&self, request: &AskRequest, language: &str) -> Result<AskAnswer<'static>, ClientError> {
        self.ask_once("/api/v1/ask", request, language).await
    }

    async fn look<T: DeserializeOwned>(
        &self,
        path: String,
        query: Option<String>,
        language: &str,
    ) -> Result<T, ClientError> {
        let mut call = get(path, language);
        call.query = query;
        self.send(call).await?.read()
    }

    async fn ask_once<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
        language: &str,
    ) -> Result<T, ClientError> {
        self.send(post(path, body, language)?).await?.read()
    }
}

pub(crate) fn fresh<T: DeserializeOwned>(answer: &Answer) -> Result<Fresh<T>, ClientError> {
    if answer.status == StatusCode::NOT_MODIFIED {
        return Ok(Fresh::Unchanged);
    }
    Ok(Fresh::New(answer.read()?, answer.header(ETAG.as_str()).map(str::to_owned)))
}

pub(crate) fn get(path: String, language: &str) -> Call<'_> {
    Call {
        method: Method::GET,
        path,
        query: None,
        body: Vec::new(),
        language,
        repeatable: true,
        signed: true,
        asks_again: false,
        etag: None,
        most: MOST_ANSWER,
        beside: None,
        patience: None,
    }
}

fn post<'a, B: Serialize>(path: &str, body: &B, language: &'a str) -> Result<Call<'a>, ClientError> {
    let body = serde_json::to_vec(body).map_err(|_| ClientError::Gone(GoneKind::OwnFault))?;
    Ok(Call { method: Method::POST, body, repeatable: false, ..get(path.to_owned(), language) })
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

pub(crate) fn query(pairs: &[(&str, Option<&str>)]) -> Option<String> {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            out.append_pair(name, value);
        }
    }
    Some(out.finish()).filter(|query| !query.is_empty())
}
