use std::num::NonZeroU32;
use std::time::Duration;

use gateway_http::{AddressLimitConfig, CorsConfig, ForwardedHeader, ServeConfig, StackConfig, TrustedProxies};
use serde::Deserialize;

/// The public listener's stack and connections.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpSection {
    trusted_proxies: Vec<ipnet::IpNet>,
    forwarded_header: Header,
    hsts: String,
    cors_origins: Vec<String>,
    gzip_at_least_bytes: u64,
    body_limit_bytes: usize,
    at_once: usize,
    deadline_ms: u64,
    total_timeout_ms: u64,
    header_timeout_ms: u64,
    idle_timeout_ms: u64,
    write_timeout_ms: u64,
    body_timeout_ms: u64,
    bodies_per_network: usize,
    max_connections: usize,
    max_connections_per_network: usize,
    max_header_bytes: usize,
    address_limit: AddressLimitSection,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Header {
    XForwardedFor,
    Forwarded,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressLimitSection {
    per_second: NonZeroU32,
    burst: NonZeroU32,
    max_networks: usize,
    exempt: Vec<ipnet::IpNet>,
}

impl HttpSection {
    /// Checks ranges; the message names the setting.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let ranges = [
            ("body_limit_bytes", self.body_limit_bytes, 1_024, 10_485_760),
            ("at_once", self.at_once, 1, 1_000_000),
            ("max_connections", self.max_connections, 1, 1_000_000),
            ("max_header_bytes", self.max_header_bytes, 8_192, 1_048_576),
            ("address_limit.max_networks", self.address_limit.max_networks, 1_000, 100_000_000),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(format!("http.{key}: {value} is not between {least} and {most}"));
            }
        }
        let times = [
            ("deadline_ms", self.deadline_ms),
            ("total_timeout_ms", self.total_timeout_ms),
            ("header_timeout_ms", self.header_timeout_ms),
            ("body_timeout_ms", self.body_timeout_ms),
            ("idle_timeout_ms", self.idle_timeout_ms),
            ("write_timeout_ms", self.write_timeout_ms),
        ];
        for (key, value) in times {
            if !(100..=600_000).contains(&value) {
                return Err(format!("http.{key}: {value} is not between 100 and 600000"));
            }
        }
        if self.deadline_ms >= self.total_timeout_ms {
            return Err("http.deadline_ms: must be less than total_timeout_ms".into());
        }
        Ok(())
    }

    /// Open connections at most.
    pub(crate) const fn connections(&self) -> usize {
        self.max_connections
    }

    /// How long the Desk may take for an answer.
    pub(crate) const fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    /// Whether browsers are told to use HTTPS alone.
    pub(crate) const fn is_https(&self) -> bool {
        !self.hsts.is_empty()
    }

    /// The stack of layers.
    pub(crate) fn stack(&self) -> StackConfig {
        StackConfig {
            proxies: self.proxies(),
            hsts: Some(self.hsts.clone()).filter(|value| !value.is_empty()),
            cors: CorsConfig { origins: self.cors_origins.clone() },
            gzip_at_least: self.gzip_at_least_bytes,
            body_limit: self.body_limit_bytes,
            longer_bodies: Vec::new(),
            body_timeout: Duration::from_millis(self.body_timeout_ms),
            bodies_per_network: self.bodies_per_network,
            address_limit: AddressLimitConfig {
                per_second: self.address_limit.per_second,
                burst: self.address_limit.burst,
                max_keys: self.address_limit.max_networks,
                exempt: self.address_limit.exempt.clone(),
            },
            at_once: self.at_once,
            total_timeout: Duration::from_millis(self.total_timeout_ms),
        }
    }

    fn proxies(&self) -> TrustedProxies {
        let header = match self.forwarded_header {
            Header::XForwardedFor => ForwardedHeader::XForwardedFor,
            Header::Forwarded => ForwardedHeader::Forwarded,
        };
        TrustedProxies::new(self.trusted_proxies.clone(), header)
    }

    /// The listener's connections.
    pub(crate) fn serve(&self, listener: &'static str, drain: Duration) -> ServeConfig {
        ServeConfig {
            header_timeout: Duration::from_millis(self.header_timeout_ms),
            idle_timeout: Duration::from_millis(self.idle_timeout_ms),
            write_timeout: Duration::from_millis(self.write_timeout_ms),
            max_connections: self.max_connections,
            max_connections_per_network: self.max_connections_per_network,
            exempt: self.proxies(),
            max_header_bytes: self.max_header_bytes,
            drain,
            listener,
        }
    }
}
