//! What operators see of the queues.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::domain::{Channel, DeliveryState, Lane};
use gateway_core::ports::{Clock, Outbox, QueueDepth};
use gateway_http::Task;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::dispatch::until;
use crate::routes::Routes;

/// How often the queues are counted.
const EVERY: Duration = Duration::from_secs(5);

/// Counts the queues and raises the alarm for one that does not move.
pub(crate) struct QueueWatch {
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) routes: Arc<Routes>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stuck_after: Duration,
}

impl QueueWatch {
    pub(crate) fn tasks(self, stop: &CancellationToken) -> Vec<Task> {
        vec![until(stop, async move {
            loop {
                self.clock.sleep(EVERY).await;
                match self.outbox.depths(Channel::Sms).await {
                    Ok(depths) => self.report(&depths),
                    Err(problem) => tracing::warn!(%problem, "queues not counted"),
                }
            }
        })]
    }

    fn report(&self, depths: &[QueueDepth]) {
        let now = self.clock.now();
        for (road, figures) in figures(depths, self.routes.all().iter().map(|route| &route.config.road), now) {
            let road = road.to_string();
            for (lane, waiting) in [(Lane::Answers, figures.answers), (Lane::Notices, figures.notices)] {
                let labels = [("road", road.clone()), ("lane", lane.key().to_owned())];
                metrics::gauge!("sms_queue_messages", &labels).set(f64::from(waiting));
            }
            metrics::gauge!("sms_queue_age_seconds", "road" => road.clone()).set(figures.age.as_secs_f64());
            metrics::gauge!("sms_unconfirmed_messages", "road" => road.clone()).set(f64::from(figures.unconfirmed));
            let stuck = figures.age >= self.stuck_after;
            metrics::gauge!("sms_queue_stuck", "road" => road).set(f64::from(u8::from(stuck)));
        }
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Figures {
    answers: u32,
    notices: u32,
    /// Accepted without a receipt yet, or uncertain.
    unconfirmed: u32,
    /// The age of the oldest answer that waits. Notices may wait for the morning.
    age: Duration,
}

fn figures<'a>(
    depths: &[QueueDepth],
    roads: impl Iterator<Item = &'a CompactString>,
    now: Timestamp,
) -> HashMap<CompactString, Figures> {
    // A road whose queue is empty says so.
    let mut all: HashMap<CompactString, Figures> = roads.map(|road| (road.clone(), Figures::default())).collect();
    for depth in depths {
        let figures = all.entry(depth.route.clone()).or_default();
        let count = u32::try_from(depth.count).unwrap_or(u32::MAX);
        match (depth.state, depth.category.lane()) {
            (DeliveryState::Queued | DeliveryState::Submitting, Lane::Answers) => {
                figures.answers = figures.answers.saturating_add(count);
                let age = Duration::try_from(now.duration_since(depth.oldest)).unwrap_or_default();
                figures.age = figures.age.max(age);
            }
            (DeliveryState::Queued | DeliveryState::Submitting, Lane::Notices) => {
                figures.notices = figures.notices.saturating_add(count);
            }
            _ => figures.unconfirmed = figures.unconfirmed.saturating_add(count),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::Category;

    use super::*;

    #[test]
    fn the_oldest_answer_is_the_age_and_notices_may_wait() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let depth = |category, state, count, oldest| QueueDepth {
            route: "viettel".into(),
            category,
            state,
            count,
            oldest: at(oldest),
        };
        let depths = [
            depth(Category::Answer, DeliveryState::Queued, 3, 90),
            depth(Category::Code, DeliveryState::Submitting, 1, 40),
            depth(Category::Status, DeliveryState::Queued, 7, 0),
            depth(Category::Answer, DeliveryState::Accepted, 9, 0),
        ];
        let (viettel, vina) = (CompactString::from("viettel"), CompactString::from("vinaphone"));
        let all = figures(&depths, [&viettel, &vina].into_iter(), at(100));
        let expected = Figures { answers: 4, notices: 7, unconfirmed: 9, age: Duration::from_secs(60) };
        assert_eq!(all[&viettel], expected);
        assert_eq!(all[&vina], Figures::default());
    }
}
