use channel_sms::keywords::KeywordConfig;
use channel_sms::providers::ProviderConfig;
use channel_sms::smpp::SmppRoadConfig;
use channel_sms::{AnswerConfig, FailoverConfig, NoticeConfig, RoadConfigs, RouteConfig, SmsConfig, SmsConfigProblem};
use serde::Deserialize;

/// Text messages. Without a route there is no channel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmsSection {
    smpp: Vec<SmppRoadConfig>,
    http: Vec<ProviderConfig>,
    routes: Vec<RouteConfig>,
    keywords: KeywordConfig,
    answers: AnswerConfig,
    notices: NoticeConfig,
    failover: FailoverConfig,
}

impl SmsSection {
    /// Whether there is a channel.
    pub(crate) const fn is_there(&self) -> bool {
        !self.routes.is_empty()
    }

    /// The channel's settings.
    pub(crate) fn channel(&self) -> SmsConfig {
        SmsConfig {
            routes: self.routes.clone(),
            keywords: self.keywords.clone(),
            answers: self.answers.clone(),
            notices: self.notices.clone(),
            failover: self.failover.clone(),
        }
    }

    /// Its roads.
    pub(crate) fn roads(&self) -> RoadConfigs {
        RoadConfigs { smpp: self.smpp.clone(), http: self.http.clone() }
    }

    /// Checks what types alone cannot.
    pub(crate) fn validate(&self) -> Result<(), SmsConfigProblem> {
        let roads = self.roads();
        roads.validate()?;
        self.channel().validate(&roads.names())?;
        let unused = roads.names().into_iter().find(|name| !self.routes.iter().any(|route| route.road == *name));
        match unused {
            Some(name) => Err(SmsConfigProblem::new(name, "a road without a route: add one to [[sms.routes]]")),
            None => Ok(()),
        }
    }
}
