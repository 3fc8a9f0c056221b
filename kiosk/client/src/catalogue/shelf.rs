//! Which bundles are on disk, and how they come there.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use mobile_api_types::FieldView;
use mobile_api_types::signature::{BUNDLE_SIGNATURE, PublicKey};
use parking_lot::Mutex;
use reqwest::StatusCode;
use reqwest::header::ETAG;
use thiserror::Error;

use super::file::{self, BundleFile, Label};
use super::{Catalogue, reading};
use crate::calls::get;
use crate::error::{ClientError, GoneKind};
use crate::files::{FileProblem, Unfinished};
use crate::gateway::Gateway;

/// Longest bundle, in bytes: as much as the gateway makes.
const MOST_BUNDLE: usize = 64 * 1_024 * 1_024;
/// A longer one is not kept, and the bundle is asked for without one.
const LONGEST_ETAG: usize = 256;
/// A bundle takes longer than other answers.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// The files of the bundles, one for each language.
#[derive(Debug, Clone)]
pub struct CatalogueShelf {
    folder: PathBuf,
    /// What is on disk, by language, once it was looked at: a bundle of many
    /// megabytes is not read every minute.
    held: Arc<Mutex<HashMap<String, Option<Held>>>>,
}

#[derive(Debug, Clone)]
struct Held {
    etag: Option<String>,
    made_at: Timestamp,
    fields: Arc<[FieldView<'static>]>,
}

/// What a look at the gateway's bundle brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A new one is on disk; it was made then.
    New(Timestamp),
    /// The one on disk is the gateway's.
    Unchanged,
    /// What came is older than the one on disk, which stays.
    Older,
}

/// Why no new bundle is on disk. The old one stays as it is.
#[derive(Debug, Error)]
pub enum ShelfProblem {
    /// It did not come.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It is not signed by the gateway that enrolled this terminal.
    #[error("the bundle is not the gateway's")]
    NotTheGateways,
    /// It is the gateway's, and cannot be read, or is of another language.
    #[error("the bundle cannot be read")]
    Unreadable,
    /// It cannot be kept.
    #[error(transparent)]
    File(#[from] FileProblem),
}

impl CatalogueShelf {
    /// In a folder that need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), held: Arc::default() }
    }

    /// Asks the gateway for its bundle and keeps it when it is another one.
    ///
    /// # Errors
    /// [`ShelfProblem`]; the bundle on disk stays.
    pub async fn receive(&self, gateway: &Gateway, language: &str) -> Result<Received, ShelfProblem> {
        let key = gateway.gateway_key().ok_or(ClientError::NotEnrolled)?;
        let path = self.path(language);
        let held = self.held(language, &key)?;
        let etag = held.as_ref().and_then(|held| held.etag.as_deref());
        let mut call = get("/api/v1/kiosk/catalogue".into(), language);
        call.etag = etag;
        call.most = MOST_BUNDLE;
        call.patience = Some(PATIENCE);
        call.beside = Some(&path);
        let mut answer = gateway.send(call).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return match held {
                Some(_) => Ok(Received::Unchanged),
                None => Err(ClientError::Gone(GoneKind::Unreadable).into()),
            };
        }
        let arrived = answer.file.take().ok_or(ClientError::Gone(GoneKind::Unreadable))??;
        let signature = answer.header(BUNDLE_SIGNATURE).ok_or(ShelfProblem::NotTheGateways)?.to_owned();
        let etag = answer.header(ETAG.as_str()).filter(|etag| etag.len() <= LONGEST_ETAG).map(str::to_owned);
        let (shelf, language, label) = (self.clone(), language.to_owned(), Label { signature, etag });
        // Tens of megabytes are read and forced to the disk: whoever stands there
        // is answered meanwhile.
        let keeping = tokio::task::spawn_blocking(move || shelf.keep(arrived, label, &key, &language, held.as_ref()));
        keeping.await.map_err(|_| ShelfProblem::Unreadable)?
    }

    fn keep(
        &self,
        mut arrived: Unfinished,
        label: Label,
        key: &PublicKey,
        language: &str,
        held: Option<&Held>,
    ) -> Result<Received, ShelfProblem> {
        let path = self.path(language);
        if !file::arrived_whole(&arrived, &label, key).map_err(FileProblem::io(&path))? {
            return Err(ShelfProblem::NotTheGateways);
        }
        let bytes = file::from_the_beginning(arrived.file()).map_err(FileProblem::io(&path))?;
        let head = reading::head(bytes, language).ok_or(ShelfProblem::Unreadable)?;
        // A signed bundle stays signed for ever: an old one must not come back.
        if held.is_some_and(|held| held.made_at > head.made_at) {
            return Ok(Received::Older);
        }
        arrived.write(&file::last_line(&label).ok_or(ShelfProblem::Unreadable)?)?;
        arrived.finish()?;
        let made_at = head.made_at;
        let held = Held { etag: label.etag, made_at, fields: head.fields.into() };
        self.held.lock().insert(language.to_owned(), Some(held));
        Ok(Received::New(made_at))
    }

    /// Opens the bundle on disk; nothing where there is none that the gateway
    /// signed. It takes a few megabytes of memory and some tenths of a second.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn open(&self, language: &str, gateway_key: &PublicKey) -> Result<Option<Catalogue>, FileProblem> {
        match BundleFile::open(&self.path(language), gateway_key)? {
            Some(file) => Catalogue::of(file, language),
            None => Ok(None),
        }
    }

    /// When the bundle on disk was made, for the heartbeat and the service menu.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn made_at(&self, language: &str, gateway_key: &PublicKey) -> Result<Option<Timestamp>, FileProblem> {
        Ok(self.held(language, gateway_key)?.map(|held| held.made_at))
    }

    /// The fields of administration of the bundle on disk, as the gateway ordered
    /// them: they are few, and browsing by them needs no bundle in memory.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn fields(
        &self,
        language: &str,
        gateway_key: &PublicKey,
    ) -> Result<Option<Arc<[FieldView<'static>]>>, FileProblem> {
        Ok(self.held(language, gateway_key)?.map(|held| held.fields))
    }

    fn held(&self, language: &str, key: &PublicKey) -> Result<Option<Held>, FileProblem> {
        if let Some(held) = self.held.lock().get(language) {
            return Ok(held.clone());
        }
        let held = match BundleFile::open(&self.path(language), key)? {
            Some(file) => reading::head(file.bytes()?, language).map(|head| Held {
                etag: file.label.etag.clone(),
                made_at: head.made_at,
                fields: head.fields.into(),
            }),
            None => None,
        };
        self.held.lock().insert(language.to_owned(), held.clone());
        Ok(held)
    }

    fn path(&self, language: &str) -> PathBuf {
        let language: String = language.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        self.folder.join(format!("catalogue-{language}.bundle"))
    }
}
