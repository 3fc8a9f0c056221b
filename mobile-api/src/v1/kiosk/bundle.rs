//! The catalogue as one signed piece, made once.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::domain::{Locale, Procedure, local_date};
use gateway_core::ports::{Catalogue, ProcedureQuery};
use gateway_http::{Problem, Validator};
use gateway_locale::Locales;
use jiff::Timestamp;
use jiff::civil::Date;
use mobile_api_types::signature::{SigningKey, content_digest, sign_bundle};
use mobile_api_types::{CatalogueBundle, FieldView};
use tokio::sync::Mutex;

use crate::v1::procedures::show::procedure_view;

/// A national catalogue has some 20 MB; what is beyond is a mistake of
/// somebody's import, and no terminal could hold it.
const MOST_BYTES: usize = 64 * 1_024 * 1_024;

/// Procedures that are asked for at one time: the most that a page has.
const PAGE: usize = 50;

/// What goes over the wire.
pub(crate) struct Bundle {
    of: Of,
    pub(super) bytes: Bytes,
    pub(super) digest: String,
    pub(super) signature: String,
    pub(super) validator: Validator,
}

/// What a bundle is made of: a catalogue, and the day, for rates end on days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Of {
    version: u64,
    day: Date,
}

/// Whence bundles are made.
pub(super) struct From<'a> {
    pub(super) catalogue: &'a Arc<dyn Catalogue>,
    pub(super) locales: &'a Arc<Locales>,
    pub(super) key: &'a Arc<SigningKey>,
}

/// One bundle a language, as new as the catalogue. Whoever asks while one is
/// made waits for that one.
#[derive(Default)]
pub(crate) struct Bundles {
    made: Mutex<HashMap<Locale, Arc<Bundle>>>,
}

impl Bundles {
    pub(super) async fn of(&self, from: &From<'_>, locale: Locale, now: Timestamp) -> Result<Arc<Bundle>, Problem> {
        let of = Of { version: from.catalogue.version(), day: local_date(now) };
        let mut made = self.made.lock().await;
        if let Some(bundle) = made.get(&locale).filter(|bundle| bundle.of == of) {
            return Ok(Arc::clone(bundle));
        }
        let (catalogue, locales) = (Arc::clone(from.catalogue), Arc::clone(from.locales));
        let key = Arc::clone(from.key);
        // Some 20 MB of JSON take a while: not on a thread that answers.
        let making = tokio::task::spawn_blocking(move || make(&*catalogue, &locales, locale, of, now, &key));
        let bundle = making.await.ok().flatten().map(Arc::new).ok_or_else(|| Refusal::of(RefusalKind::Internal))?;
        tracing::info!(bytes = bundle.bytes.len(), language = locale.as_str(), "catalogue bundle made");
        made.insert(locale, Arc::clone(&bundle));
        Ok(bundle)
    }
}

fn make(
    catalogue: &dyn Catalogue,
    locales: &Locales,
    locale: Locale,
    of: Of,
    now: Timestamp,
    key: &SigningKey,
) -> Option<Bundle> {
    let procedures = all(catalogue);
    let fields = catalogue.fields();
    let bundle = CatalogueBundle {
        made_at: now,
        language: locale.as_str().into(),
        procedures: procedures.iter().map(|procedure| procedure_view(locales, locale, procedure, of.day)).collect(),
        fields: fields
            .iter()
            .map(|field| FieldView {
                name: field.name.as_str().into(),
                procedures: u32::try_from(field.count).unwrap_or(u32::MAX),
            })
            .collect(),
    };
    let bytes = match serde_json::to_vec(&bundle) {
        Ok(bytes) if bytes.len() <= MOST_BYTES => Bytes::from(bytes),
        Ok(bytes) => {
            tracing::error!(bytes = bytes.len(), most = MOST_BYTES, "the catalogue is too large for a terminal");
            return None;
        }
        Err(problem) => {
            tracing::error!(%problem, "no catalogue bundle");
            return None;
        }
    };
    // When it was made differs from node to node: the rest is what counts.
    let after_made_at = bytes.iter().position(|byte| *byte == b',').unwrap_or_default();
    Some(Bundle {
        of,
        digest: content_digest(&bytes),
        signature: sign_bundle(&bytes, key),
        validator: Validator::of(bytes.get(after_made_at..).unwrap_or_default(), locale),
        bytes,
    })
}

/// All procedures, in Vietnamese order of their names.
fn all(catalogue: &dyn Catalogue) -> Vec<Arc<Procedure>> {
    let mut all = Vec::with_capacity(catalogue.len());
    let mut query = ProcedureQuery { limit: PAGE, ..ProcedureQuery::default() };
    loop {
        let page = catalogue.find(&query);
        all.extend(page.hits.into_iter().map(|hit| hit.procedure));
        match page.next {
            // A catalogue that was reloaded meanwhile begins again elsewhere: the
            // next request makes a bundle of the new one.
            Some(next) if all.len() < page.total => query.after = Some(next),
            _ => return all,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use gateway_core::domain::ProcedureCode;
    use gateway_core::ports::{Cursor, FieldCount, ProcedurePage};
    use jiff::SignedDuration;

    use super::*;

    /// Two pages without a procedure, and how often they were read.
    struct Shelf {
        version: AtomicU64,
        read: AtomicU64,
    }

    impl Catalogue for Shelf {
        fn procedure(&self, _: &ProcedureCode) -> Option<Arc<Procedure>> {
            None
        }

        fn find(&self, query: &ProcedureQuery) -> ProcedurePage {
            self.read.fetch_add(1, Ordering::Relaxed);
            let next = query.after.is_none().then_some(Cursor { version: 1, offset: PAGE });
            ProcedurePage { hits: Vec::new(), total: 51, next, clear: false }
        }

        fn fields(&self) -> Vec<FieldCount> {
            Vec::new()
        }

        fn len(&self) -> usize {
            51
        }

        fn as_of(&self) -> Option<Date> {
            None
        }

        fn version(&self) -> u64 {
            self.version.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn a_bundle_is_made_once_for_a_catalogue_a_language_and_a_day() {
        let shelf = Arc::new(Shelf { version: AtomicU64::new(1), read: AtomicU64::new(0) });
        let catalogue: Arc<dyn Catalogue> = Arc::clone(&shelf) as Arc<_>;
        let (locales, key) =
            (Arc::new(Locales::embedded().unwrap()), Arc::new(SigningKey::from_seed(&[7; 32]).unwrap()));
        let from = From { catalogue: &catalogue, locales: &locales, key: &key };
        let bundles = Bundles::default();
        let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let read = || shelf.read.load(Ordering::Relaxed);

        let first = bundles.of(&from, Locale::VI, now).await.unwrap();
        let later = now + SignedDuration::from_hours(1);
        assert!(Arc::ptr_eq(&first, &bundles.of(&from, Locale::VI, later).await.unwrap()));
        assert_eq!(read(), 2, "two pages, once");
        bundles.of(&from, Locale::EN, later).await.unwrap();
        assert_eq!(read(), 4, "another language");
        shelf.version.store(2, Ordering::Relaxed);
        let second = bundles.of(&from, Locale::VI, later).await.unwrap();
        assert_eq!((read(), second.validator == first.validator), (6, true), "made anew, and nothing has changed");
        assert_ne!(second.bytes, first.bytes, "but for when it was made");
        bundles.of(&from, Locale::VI, now + SignedDuration::from_hours(24)).await.unwrap();
        assert_eq!(read(), 8, "another day");
    }
}
