//! Whom a request is for: RFC 9112 §3.2 wants it said, and said once.

use http::header::HOST;
use http::{Request, StatusCode, Version};

use crate::problem::ProblemType;

/// No `Host`, more than one, or one that is no host.
pub(crate) const INVALID_HOST: ProblemType =
    ProblemType { code: "invalid_host", status: StatusCode::BAD_REQUEST, detail: "http-title-bad-request" };

/// Marks a request that came over a connection with such a `Host`. Only the
/// connection knows that a request came over the line; only the edge can put
/// the refusal into words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InvalidHost;

/// Whether `Host` is as RFC 9112 §3.2 wants it. HTTP/1.0 may leave it out.
pub(crate) fn host_is_good<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => host.as_bytes().iter().all(|&byte| is_of_a_host(byte)),
        (Some(_), Some(_)) => false,
    }
}

/// What `uri-host [ ":" port ]` is made of (RFC 3986 §3.2.2).
const fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b':'
                | b'['
                | b']'
                | b'%'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(version: Version, hosts: &[&str]) -> bool {
        let request = hosts.iter().fold(Request::builder().version(version), |asked, host| asked.header(HOST, *host));
        host_is_good(&request.body(()).unwrap())
    }

    #[test]
    fn a_host_is_said_once_and_is_a_host() {
        for host in ["tra-cuu.example.vn", "tra-cuu.example.vn:8443", "[2001:db8::1]:80", "203.0.113.9", ""] {
            assert!(good(Version::HTTP_11, &[host]), "{host}");
        }
        for host in ["a b", "a/b", "you@a", "a?b", "đa-kênh.vn"] {
            assert!(!good(Version::HTTP_11, &[host]), "{host}");
        }
        assert!(!good(Version::HTTP_11, &[]));
        assert!(!good(Version::HTTP_11, &["a", "a"]));
        assert!(good(Version::HTTP_10, &[]));
    }
}
