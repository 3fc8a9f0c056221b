//! A dossier on the wire. Fields that nobody may see on any channel are not
//! even declared, so they are skipped while reading: `GhiChu`, `TrichYeuHoSo`,
//! `Email`, the officer's name, and `DanhSachGiayToKetQua` with its links.

use serde::Deserialize;

use super::lenient::{Element, Leaf, List};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireDossier {
    #[serde(rename = "MaHoSo")]
    pub(crate) number: Leaf,
    #[serde(rename = "MaTTHC")]
    pub(crate) procedure_code: Leaf,
    #[serde(rename = "TenTTHC")]
    pub(crate) procedure_name: Leaf,
    #[serde(rename = "ChuHoSo")]
    pub(crate) owner: Leaf,
    #[serde(rename = "LoaiDoiTuong")]
    pub(crate) owner_kind: Leaf,
    #[serde(rename = "MaDoiTuong")]
    pub(crate) owner_code: Leaf,
    #[serde(rename = "SoDienThoai")]
    pub(crate) phone: Leaf,
    #[serde(rename = "NgayTiepNhan")]
    pub(crate) received: Leaf,
    #[serde(rename = "NgayHenTra")]
    pub(crate) due: Leaf,
    #[serde(rename = "TrangThaiHoSo")]
    pub(crate) status: Leaf,
    #[serde(rename = "NgayTra")]
    pub(crate) returned: Leaf,
    #[serde(rename = "ThongTinTra")]
    pub(crate) return_note: Leaf,
    #[serde(rename = "HinhThuc")]
    pub(crate) handover: Leaf,
    #[serde(rename = "NgayKetThucXuLy")]
    pub(crate) finished: Leaf,
    #[serde(rename = "DonViXuLy")]
    pub(crate) agency: Leaf,
    #[serde(rename = "DanhSachLePhi")]
    pub(crate) fees: List<WireFee>,
    #[serde(rename = "DanhSachHoSoBoSung")]
    pub(crate) requests: List<WireRequest>,
}

impl Element<'_> for WireDossier {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireFee {
    #[serde(rename = "TenPhiLePhi")]
    pub(crate) name: Leaf,
    #[serde(rename = "MaPhiLePhi")]
    pub(crate) code: Leaf,
    #[serde(rename = "Gia")]
    pub(crate) amount: Leaf,
}

impl Element<'_> for WireFee {}

/// A request for more papers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireRequest {
    #[serde(rename = "NoiDungBoSung")]
    pub(crate) what: Leaf,
    #[serde(rename = "NgayBoSung")]
    pub(crate) asked: Leaf,
}

impl Element<'_> for WireRequest {}
