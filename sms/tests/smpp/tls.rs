//! TLS: the operator's own authority, our certificate, and what is not trusted.

use std::path::Path;
use std::sync::Arc;

use channel_sms::road::{Road as _, RoadState, Submitted};
use channel_sms::smpp::smsc::{Script, message, serve};
use channel_sms::smpp::{SmppTlsConfig, StartProblem};
use gateway_core::domain::SenderAssurance;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use crate::support::{Held, Running, Scripted, config, soon};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn signs(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }
}

/// An SMSC that speaks TLS only, and only to who has a certificate of the
/// authority.
async fn smsc(authority: &Authority, script: Arc<dyn Script>) -> (u16, UnboundedReceiver<()>) {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&ring)).build().unwrap();
    let (certificate, key) = authority.signs("smsc.example");
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let server = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (begun, handshakes) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = begun.send(());
            let (acceptor, script) = (acceptor.clone(), Arc::clone(&script));
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, script, 10).await;
                }
            });
        }
    });
    (port, handshakes)
}

/// Our side's files: the authority that we trust, and our certificate and key.
fn files(folder: &Path, trusted: &Authority, ours: Option<&Authority>) -> SmppTlsConfig {
    let write = |name: &str, pem: String| {
        let path = folder.join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let certified = ours.map(|authority| authority.signs("hcc.example"));
    SmppTlsConfig {
        ca_file: write("ca.pem", trusted.0.pem()),
        certificate_file: certified.as_ref().map(|(certificate, _)| write("cert.pem", certificate.pem())),
        key_file: certified.as_ref().map(|(_, key)| write("key.pem", key.serialize_pem())),
        server_name: Some("smsc.example".into()),
    }
}

#[tokio::test]
async fn with_its_own_authority_and_our_certificate() {
    let (authority, folder, script) = (Authority::new(), tempfile::tempdir().unwrap(), Scripted::new());
    let (port, _handshakes) = smsc(&authority, Arc::clone(&script) as _).await;
    let mut config = config(port);
    config.tls = Some(files(folder.path(), &authority, Some(&authority)));
    let intake = Held::open();
    let running = Running::start(config, Arc::clone(&intake) as _);
    running.state(RoadState::Up).await;
    let submitted = soon(running.submit("a").await).await.unwrap();
    assert!(matches!(submitted, Submitted::Accepted { .. }));
    let delivery = script.session().deliver(&message(b"84901234567", b"8283", b"HS")).await.unwrap();
    assert_eq!(soon(delivery.status()).await, Some(0));
    assert_eq!(intake.arrived.lock()[0].assurance, SenderAssurance::Carrier);
}

#[tokio::test]
async fn who_is_not_trusted_gets_no_bind() {
    let (authority, other, folder) = (Authority::new(), Authority::new(), tempfile::tempdir().unwrap());
    let set = |name: &str, trusted, ours| {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        files(&folder, trusted, ours)
    };
    let mut misnamed = set("c", &authority, Some(&authority));
    misnamed.server_name = Some("other.example".into());
    let cases = [
        ("the SMSC's authority is another", set("a", &other, Some(&authority))),
        ("we have no certificate", set("b", &authority, None)),
        ("the name is another", misnamed),
    ];
    for (case, tls) in cases {
        let script = Scripted::new();
        let (port, mut handshakes) = smsc(&authority, Arc::clone(&script) as _).await;
        let mut config = config(port);
        config.tls = Some(tls);
        let running = Running::start(config, Held::open());
        // Several attempts: another handshake begins when the one before failed.
        for _ in 0..3 {
            running.clock.until(handshakes.recv()).await.unwrap();
        }
        assert_eq!(running.road.state(), RoadState::Down, "{case}");
        assert!(script.binds.lock().is_empty(), "{case}: the password was not sent");
        running.stop.cancel();
        running.ended().await;
    }
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let start = |tls: SmppTlsConfig| {
        let mut config = config(2775);
        config.tls = Some(tls);
        let randomness: Arc<dyn gateway_core::ports::Randomness> = Arc::new(crate::support::NoChance);
        let clock = crate::support::HandClock::new();
        channel_sms::smpp::start(config, Held::open(), clock, &randomness, Default::default()).err()
    };
    let mut tls = files(folder.path(), &authority, Some(&authority));
    tls.ca_file = folder.path().join("absent.pem");
    let Some(StartProblem::Tls(problem)) = start(tls) else { panic!() };
    assert_eq!(problem.setting, "ca_file");
    let mut tls = files(folder.path(), &authority, Some(&authority));
    std::fs::write(&tls.ca_file, "not a certificate").unwrap();
    tls.key_file = None;
    assert!(matches!(start(tls), Some(StartProblem::Config(problem)) if problem.setting == "tls"));
}
