//! Style, script and icon: files of this crate, compiled in, served under
//! names that hold their content's hash, so that they may be kept for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use gateway_core::domain::Locale;
use gateway_http::{Problem, Validator, matches_validator, measured, not_modified, problem};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use http::{HeaderName, Response};

/// Where they lie.
const FOLDER: &str = "/assets/";

/// A year, and no question whether it has changed: another content has another name.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A page of another origin may not embed them.
const SAME_ORIGIN: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));

/// One file. To add one: a variant, a line in `ALL` and in [`Asset::parts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asset {
    /// How every page looks.
    Style,
    /// What makes every page nicer where scripts may run.
    Script,
    /// The icon.
    Icon,
    /// How the chat looks.
    ChatStyle,
    /// What the chat does.
    ChatScript,
    /// How the officers' console looks.
    ConsoleStyle,
    /// What makes it live.
    ConsoleScript,
    /// How what calls people sounds: before the console's script and the display's.
    SoundScript,
    /// What makes a phone go on by itself.
    ContinuedScript,
    /// How the hall's display looks.
    HallStyle,
    /// What makes it live and speak.
    HallScript,
}

impl Asset {
    /// What makes an officer's page live, in its order.
    pub(crate) const LIVE: &'static [Self] = &[Self::SoundScript, Self::ConsoleScript];

    const ALL: [Self; 11] = [
        Self::Style,
        Self::Script,
        Self::Icon,
        Self::ChatStyle,
        Self::ChatScript,
        Self::ConsoleStyle,
        Self::ConsoleScript,
        Self::SoundScript,
        Self::ContinuedScript,
        Self::HallStyle,
        Self::HallScript,
    ];

    const fn parts(self) -> (&'static str, &'static str, &'static str, &'static str) {
        const CSS: &str = "text/css; charset=utf-8";
        const JS: &str = "text/javascript; charset=utf-8";
        match self {
            Self::Style => ("pages", "css", CSS, include_str!("../assets/pages.css")),
            Self::Script => ("pages", "js", JS, include_str!("../assets/pages.js")),
            Self::Icon => ("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg")),
            Self::ChatStyle => ("chat", "css", CSS, include_str!("../assets/chat.css")),
            Self::ChatScript => ("chat", "js", JS, include_str!("../assets/chat.js")),
            Self::ConsoleStyle => ("console", "css", CSS, include_str!("../assets/console.css")),
            Self::ConsoleScript => ("console", "js", JS, include_str!("../assets/console.js")),
            Self::SoundScript => ("sound", "js", JS, include_str!("../assets/sound.js")),
            Self::ContinuedScript => ("continued", "js", JS, include_str!("../assets/continued.js")),
            Self::HallStyle => ("hall", "css", CSS, include_str!("../assets/hall.css")),
            Self::HallScript => ("hall", "js", JS, include_str!("../assets/hall.js")),
        }
    }

    /// Its address.
    pub(crate) fn href(self) -> &'static str {
        let found = SHELF.iter().find(|(asset, _)| *asset == self);
        found.map_or(FOLDER, |(_, address)| address)
    }

    fn find(name: &str) -> Option<Self> {
        let named = |address: &str| address.strip_prefix(FOLDER) == Some(name);
        SHELF.iter().find(|(_, address)| named(address)).map(|(asset, _)| *asset)
    }
}

static SHELF: LazyLock<Vec<(Asset, String)>> = LazyLock::new(|| {
    let address = |asset: Asset| {
        let (name, ending, _, content) = asset.parts();
        let hash = blake3::hash(content.as_bytes()).to_hex();
        format!("{FOLDER}{name}.{}.{ending}", hash.get(..16).unwrap_or_default())
    };
    Asset::ALL.into_iter().map(|asset| (asset, address(asset))).collect()
});

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", measured("/assets/{file}", get(serve)))
}

async fn serve(Path(name): Path<String>, asked: HeaderMap) -> Result<Response<Body>, Problem> {
    let asset = Asset::find(&name).ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE))?;
    let (_, _, media, content) = asset.parts();
    let validator = Validator::of(content.as_bytes(), Locale::VI);
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CACHE_CONTROL, FOR_EVER);
    headers.insert(ETAG, validator.header());
    let (name, value) = SAME_ORIGIN;
    headers.insert(name, value);
    if matches_validator(asked.get(IF_NONE_MATCH), &validator) {
        return Ok(not_modified(headers));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    let mut response = Response::new(Body::from(content));
    *response.headers_mut() = headers;
    Ok(response)
}
