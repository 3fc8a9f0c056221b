use std::cell::RefCell;
use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::questions::Questions;
use super::wire::{Head, head};

/// A kept-alive connection with at most one request on its way.
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await.with_context(|| format!("connecting to {server}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::with_capacity(512), answer: vec![0; 16 << 10] })
    }

    /// Asks the next question; `None` where there is none.
    pub(super) async fn ask(&mut self, questions: &RefCell<Questions>) -> anyhow::Result<Option<Head>> {
        self.request.clear();
        if !questions.borrow_mut().write_next(&mut self.request) {
            return Ok(None);
        }
        self.stream.write_all(&self.request).await.context("sending")?;
        self.answer().await.map(Some)
    }

    /// Sends a whole request; the status of its answer, and its body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await.context("sending")?;
        let head = self.answer().await?;
        Ok((head.status, self.answer.get(head.len..head.len + head.body).unwrap_or_default()))
    }

    async fn answer(&mut self) -> anyhow::Result<Head> {
        let mut filled = 0;
        let head = loop {
            filled += self.read(filled).await?;
            if let Some(head) = head(&self.answer[..filled])? {
                break head;
            }
        };
        let whole = head.len + head.body;
        while filled < whole {
            filled += self.read(filled).await?;
        }
        ensure!(filled == whole, "{} bytes after the answer", filled - whole);
        Ok(head)
    }

    async fn read(&mut self, filled: usize) -> anyhow::Result<usize> {
        if filled == self.answer.len() {
            ensure!(filled < 1 << 20, "an answer of more than a megabyte");
            self.answer.resize(2 * filled, 0);
        }
        let read = self.stream.read(&mut self.answer[filled..]).await.context("reading")?;
        ensure!(read > 0, "the server closed the connection");
        Ok(read)
    }
}
