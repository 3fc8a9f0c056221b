//! From a host to a bound connection.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::Clock;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::config::{SmppRoadConfig, SmppTlsConfig};
use super::pdu::bind::{Bind, BindMode};
use super::pdu::codes::{command, status};
use super::pdu::frame::Frames;

/// A connection that is open.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotBound {
    #[error("connecting: {0}")]
    Connect(std::io::Error),
    #[error("in time there was no {0}")]
    TooSlow(&'static str),
    #[error("the SMSC closed the connection or wrote what is no SMPP")]
    NoAnswer,
    #[error("the SMSC answered the bind with {0:#010X}")]
    Status(u32),
}

impl NotBound {
    /// The account was refused: asking again would only lock it.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Status(status::INVALID_PASSWORD | status::INVALID_SYSTEM_ID))
    }
}

/// TLS as a road wants it.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    server_name: Option<String>,
}

/// A file for TLS that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("smpp.tls.{setting}: {problem}")]
pub struct TlsProblem {
    /// Which setting names it.
    pub setting: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Tls {
    pub(super) fn of(config: &SmppTlsConfig) -> Result<Self, TlsProblem> {
        let problem = |setting, error: &dyn std::fmt::Display| TlsProblem { setting, problem: error.to_string() };
        let certificates = |setting, file: &std::path::Path| -> Result<Vec<CertificateDer<'static>>, TlsProblem> {
            CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect)
                .map_err(|error| problem(setting, &error))
                .and_then(
                    |all: Vec<_>| {
                        if all.is_empty() { Err(problem(setting, &"it holds no certificate")) } else { Ok(all) }
                    },
                )
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates("ca_file", &config.ca_file)? {
            roots.add(certificate).map_err(|error| problem("ca_file", &error))?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| problem("ca_file", &error))?
            .with_root_certificates(roots);
        let client = match (&config.certificate_file, &config.key_file) {
            (Some(certificate_file), Some(key_file)) => {
                let chain = certificates("certificate_file", certificate_file)?;
                let key = PrivateKeyDer::from_pem_file(key_file).map_err(|error| problem("key_file", &error))?;
                builder.with_client_auth_cert(chain, key).map_err(|error| problem("key_file", &error))?
            }
            _ => builder.with_no_client_auth(),
        };
        if let Some(name) = &config.server_name {
            ServerName::try_from(name.as_str()).map_err(|error| problem("server_name", &error))?;
        }
        Ok(Self { connector: Arc::new(client).into(), server_name: config.server_name.clone() })
    }
}

/// Ends with `None` where the span passes first.
async fn within<T>(clock: &dyn Clock, span: Duration, done: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = done => Some(done),
        () = clock.sleep(span) => None,
    }
}

/// Connects, shakes hands, and binds. What came behind the response is in the
/// frames.
pub(super) async fn bound(
    config: &SmppRoadConfig,
    host: &str,
    mode: BindMode,
    tls: Option<&Tls>,
    clock: &dyn Clock,
) -> Result<(Box<dyn Stream>, Frames), NotBound> {
    let span = Duration::from_secs(config.connect_timeout_seconds);
    let mut stream = within(clock, span, connected(host, config.port, tls))
        .await
        .ok_or(NotBound::TooSlow("connection"))?
        .map_err(NotBound::Connect)?;
    let mut frames = Frames::default();
    let status = within(clock, config.response_timeout(), bind(config, mode, &mut stream, &mut frames))
        .await
        .ok_or(NotBound::TooSlow("response to the bind"))?
        .ok_or(NotBound::NoAnswer)?;
    if status == status::OK { Ok((stream, frames)) } else { Err(NotBound::Status(status)) }
}

async fn connected(host: &str, port: u16, tls: Option<&Tls>) -> std::io::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return Ok(Box::new(stream)) };
    let name = tls.server_name.clone().unwrap_or_else(|| host.to_owned());
    let name = ServerName::try_from(name).map_err(std::io::Error::other)?;
    Ok(Box::new(tls.connector.connect(name, stream).await?))
}

/// The status of the response; `None` where none can come any more.
async fn bind(
    config: &SmppRoadConfig,
    mode: BindMode,
    stream: &mut Box<dyn Stream>,
    frames: &mut Frames,
) -> Option<u32> {
    let request = Bind {
        system_id: config.system_id.as_bytes(),
        password: config.password.expose_secret().as_bytes(),
        system_type: config.system_type.as_bytes(),
        ton: config.address_range_kind.ton,
        npi: config.address_range_kind.npi,
        address_range: config.address_range.as_bytes(),
    };
    let mut out = bytes::BytesMut::new();
    request.write(&mut out, mode, 1);
    stream.write_all(&out).await.ok()?;
    stream.flush().await.ok()?;
    loop {
        match frames.pdu() {
            Ok(Some((header, _))) if header.command == mode.command() | command::RESPONSE => {
                return Some(header.status);
            }
            Ok(Some((header, _))) if header.command == command::GENERIC_NACK => {
                return Some(if header.status == status::OK { status::BIND_FAILED } else { header.status });
            }
            // Nothing else may come before; what does is passed over.
            Ok(Some(_)) => continue,
            Ok(None) => {}
            Err(_) => return None,
        }
        frames.buffer.reserve(4096);
        if stream.read_buf(&mut frames.buffer).await.ok()? == 0 {
            return None;
        }
    }
}
