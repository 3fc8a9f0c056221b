//! As much of HTTP/1.1 as the answers of a bench need: a status, a length.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

/// What the head of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Bytes of the head, with the empty line.
    pub(crate) len: usize,
    /// Bytes of the body (RFC 9112, section 6.3: by `Content-Length` only).
    pub(crate) body: usize,
}

/// Reads a head; `None` where more bytes are to come.
///
/// # Errors
/// It is no HTTP/1.1 answer with a `Content-Length`.
pub(crate) fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let Some(len) = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4) else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..len]).context("the head of the answer")?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)).and_then(|digits| digits.parse().ok());
    let Some(status) = status else { bail!("no HTTP/1.1 answer: {:?}", text.lines().next()) };
    let length =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let Some((_, length)) = length else { bail!("an answer without Content-Length (status {status})") };
    let body = length.trim().parse().context("Content-Length")?;
    Ok(Some(Head { status, len, body }))
}

/// Gets one page, for setting up: connects, asks, closes.
///
/// # Errors
/// No connection, no readable answer, or a status other than 200.
pub(crate) fn fetch(server: SocketAddr, path: &str) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).with_context(|| format!("connecting to {server}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut bytes = Vec::with_capacity(64 << 10);
    let mut chunk = [0; 16 << 10];
    loop {
        let read = stream.read(&mut chunk).with_context(|| format!("reading {path} of {server}"))?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        if let Some(head) = head(&bytes)?
            && bytes.len() >= head.len + head.body
        {
            ensure!(head.status == 200, "{path} of {server}: status {}", head.status);
            return Ok(bytes.split_off(head.len));
        }
        ensure!(read > 0, "{path} of {server}: the answer was cut");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    #[test]
    fn a_head_is_read_whichever_way_the_network_cuts_it() {
        let whole = Head { status: 200, len: ANSWER.len() - 5, body: 5 };
        for cut in 0..ANSWER.len() {
            let expected = (cut >= whole.len).then_some(whole);
            assert_eq!(head(&ANSWER[..cut]).unwrap(), expected, "after {cut} bytes");
        }
    }

    #[test]
    fn what_is_no_answer_with_a_length_is_an_error() {
        assert!(head(b"SSH-2.0-x\r\n\r\n").is_err());
        assert!(head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(head(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n").is_err());
    }
}
