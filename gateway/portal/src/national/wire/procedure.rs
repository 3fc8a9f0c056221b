//! Procedures on the wire.

use serde::Deserialize;

use super::lenient::{Element, Leaf, List};

/// One line of `LayDanhSachTTHC`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireListed {
    #[serde(rename = "MATTHC")]
    pub(crate) code: Leaf,
    #[serde(rename = "TENTTHC")]
    pub(crate) name: Leaf,
}

impl Element<'_> for WireListed {}

/// `LayThuTuc`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireProcedure {
    #[serde(rename = "TENTTHC")]
    pub(crate) name: Leaf,
    #[serde(rename = "LINHVUCTHUCHIEN")]
    pub(crate) fields: List<WireField>,
    #[serde(rename = "TRINHTUTHUCHIEN")]
    pub(crate) steps: Leaf,
    #[serde(rename = "CACHTHUCTHUCHIEN")]
    pub(crate) ways: List<WireWay>,
    #[serde(rename = "THANHPHANHOSO")]
    pub(crate) papers: List<WireCase>,
    #[serde(rename = "KETQUATHUCHIEN")]
    pub(crate) results: List<WireResult>,
    #[serde(rename = "CANCUPHAPLY")]
    pub(crate) legal: List<WireLegal>,
    #[serde(rename = "COQUANTHUCHIEN")]
    pub(crate) agency: Leaf,
}

impl Element<'_> for WireProcedure {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireField {
    #[serde(rename = "TENLINHVUC")]
    pub(crate) name: Leaf,
}

impl Element<'_> for WireField {
    fn of_text(text: &str) -> Option<Self> {
        Some(Self { name: Leaf::Text(text.to_owned()) })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireWay {
    #[serde(rename = "KENH")]
    pub(crate) channel: Leaf,
    #[serde(rename = "THOIGIAN")]
    pub(crate) times: List<WireTime>,
}

impl Element<'_> for WireWay {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireTime {
    #[serde(rename = "THOIGIANGIAIQUYET")]
    pub(crate) amount: Leaf,
    #[serde(rename = "DONVITINH")]
    pub(crate) unit: Leaf,
    #[serde(rename = "MOTA")]
    pub(crate) note: Leaf,
    #[serde(rename = "PHILEPHI")]
    pub(crate) fees: List<WireCharge>,
}

impl Element<'_> for WireTime {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireCharge {
    #[serde(rename = "SOTIEN")]
    pub(crate) amount: Leaf,
    #[serde(rename = "DONVI")]
    pub(crate) unit: Leaf,
    #[serde(rename = "MOTA")]
    pub(crate) note: Leaf,
}

impl Element<'_> for WireCharge {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireCase {
    #[serde(rename = "TRUONGHOP")]
    pub(crate) case: Leaf,
    #[serde(rename = "GIAYTO")]
    pub(crate) items: List<WirePaper>,
}

impl Element<'_> for WireCase {}

/// The protocol's description leaves the keys of a paper open; these are the
/// ones of the golden files, and a bare text is taken for the name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WirePaper {
    #[serde(rename = "TENGIAYTO")]
    pub(crate) name: Leaf,
    #[serde(rename = "SOBANCHINH")]
    pub(crate) originals: Leaf,
    #[serde(rename = "SOBANSAO")]
    pub(crate) copies: Leaf,
}

impl Element<'_> for WirePaper {
    fn of_text(text: &str) -> Option<Self> {
        Some(Self { name: Leaf::Text(text.to_owned()), ..Self::default() })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireResult {
    #[serde(rename = "MAKETQUA")]
    pub(crate) code: Leaf,
    #[serde(rename = "TENKETQUA")]
    pub(crate) name: Leaf,
}

impl Element<'_> for WireResult {
    fn of_text(text: &str) -> Option<Self> {
        Some(Self { name: Leaf::Text(text.to_owned()), ..Self::default() })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireLegal {
    #[serde(rename = "SOVANBAN")]
    pub(crate) number: Leaf,
}

impl Element<'_> for WireLegal {
    fn of_text(text: &str) -> Option<Self> {
        Some(Self { number: Leaf::Text(text.to_owned()) })
    }
}
