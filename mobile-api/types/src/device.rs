use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A terminal hands its one-time code over and brings its public key. The one
/// request of a terminal that is not signed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// The code that `dakenh kiosk enrol` printed; case, spaces and dashes do
    /// not matter.
    #[cfg_attr(feature = "schema", schema(max_length = 64, example = "7K3F-9QXM-2WTB-HC4N"))]
    pub code: String,
    /// The Ed25519 public key, base64url without padding.
    #[cfg_attr(feature = "schema", schema(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub public_key: String,
    /// The terminal's version.
    #[cfg_attr(feature = "schema", schema(max_length = 40, example = "0.1.0"))]
    pub version: String,
}

/// Never the code.
impl fmt::Debug for EnrolRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolRequest").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Who the terminal is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnrolAnswer<'a> {
    /// Its id: the `keyid` of its signatures.
    #[cfg_attr(feature = "schema", schema(example = "k-5f0c2a9be1d3478802c6a1f45e97d3b0"))]
    pub device: Cow<'a, str>,
    /// Where it stands: an agency's code.
    #[cfg_attr(feature = "schema", schema(example = "000.00.17.H09"))]
    pub site: Cow<'a, str>,
    /// The same in words.
    pub site_name: Cow<'a, str>,
    /// Its own name.
    #[cfg_attr(feature = "schema", schema(example = "Sảnh tầng 1, máy 2"))]
    pub name: Cow<'a, str>,
    /// The gateway's Ed25519 public key, base64url without padding: it signs the
    /// catalogue bundle. To be kept beside the terminal's own key.
    #[cfg_attr(feature = "schema", schema(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub gateway_key: Cow<'a, str>,
    /// The gateway's time, for a clock that is wrong.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
