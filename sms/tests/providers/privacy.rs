//! No log line holds a number or a word of a citizen, at the loudest level and
//! where they stand in an address.

use std::io::Write;
use std::sync::Arc;

use channel_sms::road::NotTaken;
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracing_subscriber::filter::LevelFilter;

use crate::peer::{Act, ScriptedPeer};
use crate::support::{part, provider};
use crate::webhooks::{ESMS, Gateway, esms_query};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Everything that this thread logs from now on.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let lines = self.clone();
        let subscriber =
            tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(move || lines.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn must_hide(&self, secrets: &[&str]) {
        let lines = String::from_utf8(self.0.lock().clone()).unwrap();
        for secret in secrets {
            assert!(!lines.contains(secret), "{secret} in\n{lines}");
        }
    }
}

/// Not through a client of ours, which would log of its own.
async fn raw_get(gateway: &Gateway, path: &str) -> String {
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 203.0.113.9\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn what_citizens_write_is_in_no_log() {
    let lines = Lines::default();
    let guard = lines.listen();
    let gateway = Gateway::with(ESMS).await;
    let good = esms_query("7", "84901234567", "HSBIMAT", "khoa");
    let forged = esms_query("7", "84901234567", "HSBIMAT", "doan");
    let malformed = esms_query("", "84901234567", "HSBIMAT", "khoa");
    for (query, status) in [(&good, 200), (&forged, 403), (&malformed, 400)] {
        let answer = raw_get(&gateway, &format!("/sms/esms/inbound?{query}")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    *gateway.intake.broken.lock() = Some(NotTaken::Failed);
    let answer = raw_get(&gateway, &format!("/sms/esms/inbound?{good}")).await;
    assert!(answer.starts_with("HTTP/1.1 503"));
    let receipt = "/sms/esms/receipts?SMSID=1&SendStatus=5&phonenumber=0901234567";
    assert!(raw_get(&gateway, receipt).await.starts_with("HTTP/1.1 503"));
    drop(guard);
    lines.must_hide(&["901234567", "HSBIMAT", "khoa"]);
    assert!(String::from_utf8_lossy(&lines.0.lock()).contains("webhook refused"), "nothing was heard at all");
}

#[tokio::test]
async fn what_we_write_is_in_no_log() {
    let lines = Lines::default();
    let guard = lines.listen();
    for act in [Act::Answer(200, "ok"), Act::Answer(400, "84901234567"), Act::HangUp, Act::BreakOff] {
        let peer = ScriptedPeer::new(&[act]).await;
        let config = format!(
            "kind = 'generic'\nname = 'vht'\n[outbound]\nurl = '{}'\nmethod = 'GET'\nformat = 'query'\n\
             fields = {{ to = '{{to}}', text = '{{text}}', key = '{{khoa}}' }}\nsecrets = {{ khoa = 'CHIAKHOA' }}\n\
             success = {{}}",
            peer.url()
        );
        let road = provider(&config, &Arc::default()).road.unwrap();
        road.reserve().await.unwrap().submit(&part("HSBIMAT")).await;
    }
    drop(guard);
    lines.must_hide(&["901234567", "HSBIMAT", "CHIAKHOA"]);
}
