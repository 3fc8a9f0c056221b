//! The client's address behind proxies that we trust, and only those.

use std::net::{IpAddr, SocketAddr};

use gateway_core::domain::ClientNet;
use http::HeaderMap;
use http::header::{FORWARDED, HeaderName, HeaderValue};
use ipnet::IpNet;

/// Which header the operator's proxies write. It must be said: a proxy that
/// writes the one passes the client's own other one on unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, the usual one (nginx, HAProxy, clouds).
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The networks whose forwarding headers are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ForwardedHeader,
}

impl TrustedProxies {
    /// Proxies in these networks, which write this header. No network: every
    /// peer is a client, and every forwarding header is noise.
    pub const fn new(networks: Vec<IpNet>, header: ForwardedHeader) -> Self {
        Self { networks, header }
    }

    /// Whether a peer's headers are believed.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        // An IPv4 peer of a dual-stack socket comes as ::ffff:a.b.c.d.
        let peer = peer.to_canonical();
        self.networks.iter().any(|network| network.contains(&peer))
    }

    /// The client: read from right to left, each hop is believed only while
    /// the one that named it is trusted. What cannot be read ends the walk at
    /// the last address that could.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientNet {
        if self.networks.is_empty() || !self.trusts(peer) {
            return ClientNet::of(peer);
        }
        ClientNet::of(self.walk(peer, headers))
    }

    fn walk(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let name = match self.header {
            ForwardedHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ForwardedHeader::Forwarded => FORWARDED,
        };
        let mut client = peer;
        // Several lines of one header are one list (RFC 9110 §5.3).
        let lines: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(|&byte| byte == b',')) {
            // Each hop by itself: strange bytes that a client sent in front
            // must not hide what the proxy wrote behind them.
            let address = std::str::from_utf8(hop).ok().and_then(|hop| match self.header {
                ForwardedHeader::XForwardedFor => read_address(hop),
                ForwardedHeader::Forwarded => read_forwarded(hop),
            });
            let Some(address) = address else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` or `[2001:db8::1]:443`.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(socket.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6)
}

/// The `for` of one element of RFC 7239; `unknown` and `_hidden` cannot be read.
fn read_forwarded(element: &str) -> Option<IpAddr> {
    let (_, value) = element
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    read_address(value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn proxies(header: ForwardedHeader) -> TrustedProxies {
        TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()], header)
    }

    fn client(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        proxies(ForwardedHeader::XForwardedFor).client(peer.parse().unwrap(), &headers).address().to_string()
    }

    #[test]
    fn a_stranger_cannot_borrow_an_address() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("fd00::1", &["2001:db8:1:2::7"]), "2001:db8:1:2::");
        assert_eq!(client("10.0.0.1", &["[2001:db8:1:2::7]:4711"]), "2001:db8:1:2::");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
    }

    #[test]
    fn what_the_client_put_in_front_is_not_believed() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
    }

    #[test]
    fn garbage_ends_the_walk_at_the_last_address_that_could_be_read() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, rác, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn reads_rfc_7239_where_the_proxy_writes_it() {
        let trusted = proxies(ForwardedHeader::Forwarded);
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED, r#"for=1.1.1.1, For="[2001:db8:1:2::7]:1";proto=https"#.parse().unwrap());
        headers.insert("x-forwarded-for", "8.8.8.8".parse().unwrap());
        let net = trusted.client("10.0.0.1".parse().unwrap(), &headers);
        assert_eq!(net.address().to_string(), "2001:db8:1:2::");
        headers.insert(FORWARDED, "for=unknown".parse().unwrap());
        let net = trusted.client("10.0.0.1".parse().unwrap(), &headers);
        assert_eq!(net.address().to_string(), "10.0.0.1");
    }

    proptest! {
        #[test]
        fn no_header_makes_it_stumble(line in any::<Vec<u8>>()) {
            if let Ok(value) = HeaderValue::from_bytes(&line) {
                for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
                    let mut headers = HeaderMap::new();
                    headers.insert("x-forwarded-for", value.clone());
                    headers.insert(FORWARDED, value.clone());
                    proxies(header).client("10.0.0.1".parse().unwrap(), &headers);
                }
            }
        }
    }
}
