//! The channel as a whole: what it needs, and how a request to the Desk is made.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use gateway_core::desk::{
    Action, Answered, Answers, Audience, Content, ConversationId, Reconciles, Refusal, RefusalKind, Request,
};
use gateway_core::domain::{
    Channel, DeviceId, DossierNumber, DossierNumberParser, Locale, Provider, Reading, Sender, SenderAssurance,
    local_date,
};
use gateway_core::ports::{Catalogue, Clock, Randomness};
use gateway_http::problem::ProblemType;
use gateway_http::{Caller, ChannelParts, Device, Problem};
use gateway_locale::{Locales, Renderer, keys};
use http::header::IF_NONE_MATCH;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::kiosk::{KioskNeeds, SignedDevice};
use crate::v1::kiosk::bundle::Bundles;
use crate::{openapi, v1};

/// The number can be read in several ways: the question that every channel
/// asks then, with the choices beside it.
const NUMBER_AMBIGUOUS: ProblemType =
    ProblemType { code: "number_ambiguous", status: StatusCode::CONFLICT, detail: keys::QUESTION_WHICH_DOSSIER.id };

/// What the channel needs from the composition root.
#[derive(Clone)]
pub struct MobileNeeds {
    /// What answers: the Desk.
    pub desk: Arc<dyn Answers>,
    /// For the version that a cursor belongs to, and for the names of
    /// procedures in a question back. It is never asked for an answer.
    pub catalogue: Arc<dyn Catalogue>,
    /// The words.
    pub locales: Arc<Locales>,
    /// What reads dossier numbers.
    pub numbers: Arc<DossierNumberParser>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for conversation ids.
    pub randomness: Arc<dyn Randomness>,
    /// What terminals need beside the Desk.
    pub kiosk: KioskNeeds,
    /// Takes the numbers that terminals gave by themselves.
    pub queue: Arc<dyn Reconciles>,
    /// How long the Desk may take; shorter than the stack's total timeout, so
    /// that the Desk's own kind refusal comes first. 8 s is usual.
    pub deadline: Duration,
}

/// The channel's routers: everything is public, and nothing runs beside them.
pub fn channel_parts(needs: MobileNeeds) -> ChannelParts {
    let renderer = Renderer::new(Arc::clone(&needs.locales)).with_catalogue(Arc::clone(&needs.catalogue));
    let api = Arc::new(Api { provider: Provider::new("api"), renderer, bundles: Bundles::default(), needs });
    let (router, _) = v1::routes().split_for_parts();
    ChannelParts::answering("mobile", router.merge(openapi::routes()).with_state(api))
}

pub(crate) struct Api {
    pub(crate) needs: MobileNeeds,
    pub(crate) renderer: Renderer,
    pub(crate) bundles: Bundles,
    provider: Provider,
}

/// The state of all handlers.
pub(crate) type SharedApi = Arc<Api>;

impl Api {
    /// Asks the Desk. Over HTTP nothing vouches for the sender: whatever the
    /// client says of itself only tightens limits.
    pub(crate) async fn ask(&self, asker: Asker, conversation: Option<ConversationId>, content: Content) -> Answered {
        let received_at = self.needs.clock.now();
        // A clock at the end of time gives no time at all.
        let deadline = received_at.checked_add(self.needs.deadline).unwrap_or(received_at);
        let request = Request {
            id: asker.caller.request_id,
            channel: Channel::Mobile,
            provider: self.provider.clone(),
            message_id: None,
            sender: Sender::Address(asker.caller.net),
            device: asker.device,
            address: Some(asker.caller.net),
            assurance: SenderAssurance::Claimed,
            audience: Audience::Sender,
            locale: asker.caller.locale,
            received_at,
            deadline,
            conversation,
            content,
        };
        self.needs.desk.handle(request).await
    }

    /// Asks the Desk for whoever stands at a terminal. The terminal is who sends, by
    /// its signature; the address of its hall counts for nobody.
    pub(crate) async fn act_at(&self, terminal: &SignedDevice, caller: Caller, action: Action) -> Answered {
        let received_at = self.needs.clock.now();
        let request = Request {
            id: caller.request_id,
            channel: Channel::Kiosk,
            provider: Provider::new("terminal"),
            message_id: None,
            sender: terminal.sender(),
            device: None,
            address: None,
            assurance: SenderAssurance::Claimed,
            audience: Audience::Sender,
            locale: caller.locale,
            received_at,
            deadline: received_at.checked_add(self.needs.deadline).unwrap_or(received_at),
            conversation: None,
            content: Content::Action(action),
        };
        self.needs.desk.handle(request).await
    }

    pub(crate) async fn act(&self, asker: Asker, action: Action) -> Answered {
        self.ask(asker, None, Content::Action(action)).await
    }

    /// Reads a number as leniently as every channel does. Two readings are a
    /// problem that names both: the citizen chooses.
    pub(crate) fn number(&self, text: &str) -> Result<DossierNumber, Problem> {
        let today = local_date(self.needs.clock.now());
        match self.needs.numbers.read(text, today) {
            Reading::One(number) => Ok(number),
            Reading::Several(numbers) => Err(Problem::of(&NUMBER_AMBIGUOUS)
                .choices(numbers.iter().map(|number| number.as_str().to_owned()).collect())),
            Reading::None | Reading::Invalid(_) => Err(Refusal::of(RefusalKind::NotANumber).into()),
        }
    }
}

/// Who asks, and what they hold already.
pub(crate) struct Asker {
    caller: Caller,
    device: Option<DeviceId>,
    pub(crate) locale: Locale,
    pub(crate) if_none_match: Option<HeaderValue>,
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let Ok(Device(device)) = Device::from_request_parts(parts, state).await;
        let if_none_match = parts.headers.get(IF_NONE_MATCH).cloned();
        Ok(Self { locale: caller.locale, caller, device, if_none_match })
    }
}

/// The one variable part of a path. What is no text (`%FF`) is empty, and will
/// be told what an empty one is told.
pub(crate) struct PathText(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        Ok(Self(path.map(|Path(text)| text).unwrap_or_default()))
    }
}
