//! What is said in conversations, and who may speak in them: transcripts,
//! hand-overs, wishes to be called back.

mod handovers;
mod lines;

use std::sync::Arc;

use gateway_core::ports::{HashKey, Randomness};

use crate::mailbox::Mailbox;
use crate::seal::Seal;
use crate::store::Store;

/// What the key is for.
const CONTEXT: &str = "dakenh 2026 chats, XChaCha20-Poly1305";

/// Transcripts and hand-overs of one node. Lines are committed by the mailbox,
/// with whatever else is.
pub struct Chats {
    store: Store,
    mailbox: Arc<Mailbox>,
    seal: Seal,
}

impl Store {
    /// Opens transcripts and hand-overs.
    pub fn chats(&self, mailbox: Arc<Mailbox>, key: &HashKey, randomness: Arc<dyn Randomness>) -> Chats {
        Chats { store: self.clone(), mailbox, seal: Seal::new(key, CONTEXT, randomness) }
    }
}
