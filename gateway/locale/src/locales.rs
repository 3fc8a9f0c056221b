//! The languages that are spoken, and the operator's own words over them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use gateway_core::domain::{Locale, Money};
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::book::{Book, Source};
use crate::check::{self, Known};
use crate::error::LocaleError;
use crate::medium::Voice;
use crate::negotiate::negotiate;
use crate::teller::{self, Teller};

/// The project's own words, compiled in.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");

/// A file of words is a few kilobytes.
const MOST_BYTES: u64 = 256 * 1024;
/// Languages times files, with room.
const MOST_FILES: usize = 1_000;

/// An argument of a sentence. What is handed over is never read as Fluent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arg<'a> {
    /// A text, as it is.
    Text(&'a str),
    /// A number of things: it chooses the plural and is grouped.
    Count(u64),
    /// A figure with decimals, at most two of which are written.
    Amount(f64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Arg<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Arg<'_> {
    fn from(count: u32) -> Self {
        Self::Count(u64::from(count))
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

/// Every language's words. Cheap to share in an `Arc`; reading takes no lock,
/// so that a reload never makes a citizen wait.
pub struct Locales {
    books: ArcSwap<Books>,
    /// The project's own files, parsed once.
    base: Vec<Source>,
    overrides: Option<PathBuf>,
}

/// The languages in the order in which they are offered; Vietnamese first.
struct Books(Vec<Arc<Book>>);

impl Books {
    fn of(&self, locale: Locale) -> Option<&Arc<Book>> {
        self.0.iter().find(|book| book.locale == locale).or_else(|| self.0.first())
    }
}

impl Locales {
    /// The words that are compiled in.
    ///
    /// # Errors
    /// [`LocaleError::Broken`] where they cannot be bound; a test proves that
    /// the project's own can.
    pub fn embedded() -> Result<Self, LocaleError> {
        Self::new(None)
    }

    /// The words that are compiled in, and over them those of an operator's
    /// directory: `DIR/<language>/<any name>.ftl`. A file may hold as few keys
    /// as the operator wants to change. A language of the operator's own must
    /// be complete.
    ///
    /// # Errors
    /// [`LocaleError`] names the file and the line. Nothing is taken from a
    /// directory in which one file is broken.
    pub fn with_overrides(dir: impl Into<PathBuf>) -> Result<Self, LocaleError> {
        Self::new(Some(dir.into()))
    }

    fn new(overrides: Option<PathBuf>) -> Result<Self, LocaleError> {
        let base = embedded_sources()?;
        let books = bind(&base, overrides.as_deref())?;
        Ok(Self { books: ArcSwap::from_pointee(books), base, overrides })
    }

    /// Reads the operator's directory again (SIGHUP). Without one it does
    /// nothing. It reads files: call it off the hot path.
    ///
    /// # Errors
    /// [`LocaleError`]; the words in use then stay as they were.
    pub fn reload(&self) -> Result<(), LocaleError> {
        let books = bind(&self.base, self.overrides.as_deref())?;
        self.books.store(Arc::new(books));
        Ok(())
    }

    /// The languages that are spoken, Vietnamese first.
    pub fn available(&self) -> Vec<Locale> {
        self.books.load().0.iter().map(|book| book.locale).collect()
    }

    /// The language where nobody asked for one.
    pub fn default_locale(&self) -> Locale {
        Locale::VI
    }

    /// The language that fits an `Accept-Language` header best; Vietnamese
    /// where none does. See [`negotiate()`].
    pub fn negotiate(&self, accept_language: &str) -> Locale {
        negotiate(accept_language, &self.available(), self.default_locale())
    }

    /// A sentence by its key, in a language; in Vietnamese where the language
    /// is not spoken. An unknown key gives the key itself, and a line in the log.
    ///
    /// ```
    /// use gateway_core::domain::Locale;
    /// use gateway_locale::{Arg, Locales};
    /// let locales = Locales::embedded()?;
    /// assert_eq!(locales.text(Locale::EN, "wait-minutes", &[("count", Arg::Count(1))]), "1 minute");
    /// assert_eq!(locales.text(Locale::VI, "wait-minutes", &[("count", Arg::Count(5))]), "5 phút");
    /// # Ok::<(), gateway_locale::LocaleError>(())
    /// ```
    pub fn text(&self, locale: Locale, key: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        let mut out = String::new();
        self.with(locale, |book| {
            if !teller::put(book, &mut out, key, None, args) {
                tracing::error!(key, locale = book.locale.as_str(), "no such words");
            }
        });
        out
    }

    /// A text without arguments.
    pub fn label(&self, locale: Locale, key: &str) -> String {
        self.text(locale, key, &[])
    }

    /// A day: `24/10/2026`.
    pub fn date(&self, locale: Locale, day: Date) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.date(day))
    }

    /// A time of day in Asia/Ho_Chi_Minh: `8 giờ 30`, `08:30`.
    pub fn time(&self, locale: Locale, at: Timestamp) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.time_of_day(at))
    }

    /// A moment in Asia/Ho_Chi_Minh: `10:31 24/10/2026`.
    pub fn moment(&self, locale: Locale, at: Timestamp) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.moment(at))
    }

    /// An amount: `20.000 ₫`, `20,000 VND`.
    pub fn money(&self, locale: Locale, amount: Money) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.money(amount))
    }

    /// A share in hundredths of a percent: `97,25 %`, `97.25 %`.
    pub fn percent(&self, locale: Locale, hundredths: u32) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.book.conventions.percent(hundredths))
    }

    /// A number, grouped: `2.642`, `2,642`.
    pub fn number(&self, locale: Locale, number: u64) -> String {
        self.tell(locale, Voice::Lines, |teller| teller.book.conventions.number(number))
    }

    pub(crate) fn tell(&self, locale: Locale, voice: Voice, say: impl FnOnce(Teller<'_>) -> String) -> String {
        let mut out = String::new();
        self.with(locale, |book| out = say(Teller::new(book, voice)));
        out
    }

    /// Runs with the words of a language. They stay the same throughout, even
    /// if a reload happens meanwhile.
    pub(crate) fn with(&self, locale: Locale, speak: impl FnOnce(&Book)) {
        let books = self.books.load();
        // `bind` never leaves the list empty.
        if let Some(book) = books.of(locale) {
            speak(book);
        }
    }
}

impl std::fmt::Debug for Locales {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Locales").field("available", &self.available()).field("overrides", &self.overrides).finish()
    }
}

fn embedded_sources() -> Result<Vec<Source>, LocaleError> {
    let mut sources = Vec::new();
    for folder in EMBEDDED.dirs() {
        let Some(locale) = folder.path().to_str().and_then(Locale::parse) else { continue };
        for file in folder.files().filter(|file| is_words(file.path())) {
            let name = file.path().display().to_string();
            let text = file.contents_utf8().unwrap_or_default();
            sources.push(Source::parse(locale, &name, text).map_err(LocaleError::Broken)?);
        }
    }
    Ok(sources)
}

/// The project's own words as (language, file, text): for tests that hold
/// them against a table of keys.
pub fn embedded_files() -> Vec<(Locale, &'static str, &'static str)> {
    EMBEDDED
        .dirs()
        .filter_map(|folder| Some((folder.path().to_str().and_then(Locale::parse)?, folder)))
        .flat_map(|(locale, folder)| folder.files().map(move |file| (locale, file)))
        .filter_map(|(locale, file)| Some((locale, file.path().to_str()?, file.contents_utf8()?)))
        .collect()
}

fn bind(base: &[Source], overrides: Option<&Path>) -> Result<Books, LocaleError> {
    let over = match overrides {
        Some(dir) => read_overrides(dir)?,
        None => Vec::new(),
    };
    // Vietnamese first: it is the default, and every other language is held
    // against it.
    let mut locales = vec![Locale::VI];
    for source in base.iter().chain(&over) {
        if !locales.contains(&source.locale) {
            locales.push(source.locale);
        }
    }
    let known = check::known_of(&of_locale(base, Locale::VI));
    let mut books = Vec::new();
    let mut findings = Vec::new();
    for locale in locales {
        let ours = of_locale(base, locale);
        let theirs = of_locale(&over, locale);
        let mistakes = check_overrides(&known, locale, &ours, &theirs);
        if !mistakes.is_empty() {
            findings.extend(mistakes);
            continue;
        }
        match Book::bind(locale, &ours, &theirs) {
            Ok(book) => {
                findings.extend(check::rehearse(&book, &theirs));
                books.push(Arc::new(book));
            }
            Err(mistakes) => findings.extend(mistakes),
        }
    }
    if findings.is_empty() { Ok(Books(books)) } else { Err(LocaleError::Broken(findings)) }
}

/// An operator's files before they are bound: a language of the project's may
/// be changed in part, a language of the operator's own must be whole.
fn check_overrides(known: &Known, locale: Locale, ours: &[&Source], theirs: &[&Source]) -> Vec<check::Finding> {
    if theirs.is_empty() {
        return Vec::new();
    }
    let whole: Vec<&Source> = ours.iter().chain(theirs).copied().collect();
    let mut findings =
        if ours.is_empty() { check::complete(known, locale, theirs) } else { check::sound(known, theirs, &whole) };
    findings.sort();
    findings.dedup();
    findings
}

fn of_locale(sources: &[Source], locale: Locale) -> Vec<&Source> {
    sources.iter().filter(|source| source.locale == locale).collect()
}

fn is_words(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ftl")
}

fn read_overrides(dir: &Path) -> Result<Vec<Source>, LocaleError> {
    let mut sources = Vec::new();
    let mut findings = Vec::new();
    for folder in sorted_entries(dir)?.into_iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') {
            // `..data` of a mounted Kubernetes volume, `.git`.
            continue;
        }
        let Some(locale) = Locale::parse(name) else {
            return Err(LocaleError::NotALanguage { path: folder });
        };
        for file in sorted_entries(&folder)?.into_iter().filter(|path| is_words(path)) {
            if sources.len() >= MOST_FILES {
                return Err(LocaleError::TooMany { path: dir.to_owned(), most: MOST_FILES });
            }
            match Source::parse(locale, &file.display().to_string(), &read_words(&file)?) {
                Ok(source) => sources.push(source),
                Err(mistakes) => findings.extend(mistakes),
            }
        }
    }
    if findings.is_empty() { Ok(sources) } else { Err(LocaleError::Broken(findings)) }
}

fn sorted_entries(dir: &Path) -> Result<Vec<PathBuf>, LocaleError> {
    let unreadable = |source| LocaleError::Unreadable { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        if paths.len() >= MOST_FILES {
            return Err(LocaleError::TooMany { path: dir.to_owned(), most: MOST_FILES });
        }
        paths.push(entry.map_err(unreadable)?.path());
    }
    // The order of a directory is the file system's; the operator's words must
    // not depend on it.
    paths.sort();
    Ok(paths)
}

fn read_words(path: &Path) -> Result<String, LocaleError> {
    let unreadable = |source| LocaleError::Unreadable { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    // One byte more than allowed tells a file that is too large, whatever its
    // size is said to be.
    let bytes = file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    if bytes > MOST_BYTES {
        return Err(LocaleError::TooLarge { path: path.to_owned(), bytes, most: MOST_BYTES });
    }
    Ok(text)
}
