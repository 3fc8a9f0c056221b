//! What an operator sees: gauges, counters and the log, which tells no secrets.

use std::io;
use std::sync::Arc;

use channel_sms::road::{RoadState, Submitted};
use channel_sms::smpp::pdu::codes::status;
use channel_sms::smpp::smsc::{Reply, Script, Smsc, message, receipt};
use metrics_exporter_prometheus::PrometheusBuilder;
use parking_lot::Mutex;

use crate::support::{Event, Held, Running, Scripted, config, soon};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn gauges_counters_and_a_log_without_numbers_words_or_password() {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _log = tracing::subscriber::set_default(subscriber);
    let recorder = PrometheusBuilder::new().build_recorder();
    let page = recorder.handle();

    let script = Scripted::new();
    let smsc = Smsc::listen("127.0.0.1:0", Arc::clone(&script) as Arc<dyn Script>, 10).await.unwrap();
    let config = config(smsc.address().port());
    let running = metrics::with_local_recorder(&recorder, || Running::start(config, Held::open()));
    running.state(RoadState::Up).await;
    script.replies.lock().extend([Reply::Id("1".into()), Reply::Status(status::THROTTLED), Reply::Drop]);
    assert!(matches!(soon(running.submit("bi mat").await).await.unwrap(), Submitted::Accepted { .. }));
    assert!(matches!(soon(running.submit("bi mat").await).await.unwrap(), Submitted::NotTaken { .. }));
    let session = script.session();
    for one in [message(b"84901234567", b"8283", b"bi mat"), receipt(b"84901234567", b"8283", b"bi mat")] {
        assert_eq!(soon(session.deliver(&one).await.unwrap().status()).await, Some(0));
    }
    for line in [
        r#"sms_bind_up{road="vnpt",bind="0"} 1"#,
        r#"sms_bind_refused{road="vnpt",bind="0"} 0"#,
        r#"sms_window_used{road="vnpt",bind="0"} 0"#,
        r#"sms_rate_per_second{road="vnpt",bind="0"} 5000"#,
        r#"sms_submits_total{road="vnpt",outcome="accepted"} 1"#,
        r#"sms_submits_total{road="vnpt",outcome="throttled"} 1"#,
        r#"sms_deliver_total{road="vnpt"} 1"#,
        r#"sms_receipts_unread_total{road="vnpt"} 1"#,
        r#"sms_submit_seconds_count{road="vnpt"} 2"#,
    ] {
        let page = page.render();
        assert!(page.contains(line), "{line} in\n{page}");
    }

    // It comes back to an SMSC that refuses the account.
    script.bind_status.lock().push_back(status::INVALID_PASSWORD);
    session.close();
    running.clock.until(script.event(Event::Ended { unbound: false })).await;
    let refused = async {
        while channel_sms::road::Road::state(running.road.as_ref()) != RoadState::Refused {
            tokio::task::yield_now().await;
        }
    };
    running.clock.until(refused).await;
    assert!(page.render().contains(r#"sms_bind_refused{road="vnpt",bind="0"} 1"#));
    assert!(page.render().contains(r#"sms_bind_up{road="vnpt",bind="0"} 0"#));

    let log = String::from_utf8(written.0.lock().clone()).unwrap();
    assert_eq!(log.matches("ERROR").count(), 1, "{log}");
    assert!(log.contains("0x0000000E"), "{log}");
    for secret in ["901234567", "bi mat", "matkhau1"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}
