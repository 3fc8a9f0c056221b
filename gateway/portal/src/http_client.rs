use std::time::Duration;

use crate::config::NationalConfig;

/// The HTTP client could not be built: no certificates of the system, or no
/// TLS provider.
#[derive(Debug, thiserror::Error)]
#[error("HTTP client: {0}")]
pub struct HttpClientError(#[from] reqwest::Error);

/// The HTTP client of the portal, built once in the composition root.
///
/// * TLS by rustls with ring; the process's default provider is set here
///   where nobody has set one yet.
/// * No redirects: a POST that carries a session is not sent elsewhere.
/// * No proxy from the environment: where people's data go is configuration.
/// * No retries of its own: those are counted by the budget of the stack.
/// * No total timeout: that is the innermost layer of the stack.
///
/// # Errors
/// [`HttpClientError`].
pub fn http_client(config: &NationalConfig) -> Result<reqwest::Client, HttpClientError> {
    // An error says that a provider stands already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .user_agent(concat!("dakenh/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
        .pool_max_idle_per_host(config.pool_idle)
        .pool_idle_timeout(Duration::from_millis(config.pool_idle_timeout_ms))
        .tcp_nodelay(true)
        .build()?;
    Ok(client)
}
