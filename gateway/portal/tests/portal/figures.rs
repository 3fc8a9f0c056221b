//! What Prometheus sees.

use std::sync::Arc;

use gateway_core::ports::Portal;
use gateway_portal::{CacheConfig, CachedPortal};
use metrics_exporter_prometheus::PrometheusBuilder;
use wiremock::ResponseTemplate;

use crate::support::{House, NUMBER, TestClock, golden, no_jitter, number, portal_answering};

#[tokio::test]
async fn calls_logins_breaker_and_cache_are_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let server = portal_answering(golden("dossier_in_progress").response.template()).await;
    let broken = portal_answering(ResponseTemplate::new(502)).await;
    // Handles are registered while the parts are built, and only then.
    let (cache, failing) = metrics::with_local_recorder(&recorder, || {
        let house = House::patient(&server.uri());
        let clock = Arc::new(TestClock::new());
        let cache = CachedPortal::new(house.portal, &CacheConfig::default(), clock, no_jitter()).unwrap();
        (cache, House::patient(&broken.uri()))
    });
    for _ in 0..3 {
        cache.dossier(&number(NUMBER), failing.deadline()).await.unwrap();
    }
    cache.report_size();
    failing.portal.ping(failing.deadline()).await.unwrap_err();
    let seen = figures.render();
    for line in [
        r#"portal_calls_total{service="TraCuuHoSo",outcome="ok"} 1"#,
        r#"portal_calls_total{service="TraCuuHoSo",outcome="unreachable"} 1"#,
        r#"portal_call_seconds_count{service="TraCuuHoSo",outcome="ok"} 1"#,
        r#"portal_logins_total{outcome="ok"} 2"#,
        "portal_breaker_state 0",
        r#"portal_cache_total{result="miss"} 1"#,
        r#"portal_cache_total{result="hit"} 2"#,
        "portal_cache_entries 1",
    ] {
        assert!(seen.contains(line), "{line} is not in\n{seen}");
    }
    assert!(!seen.contains(NUMBER));
}
