/// A service of `/mapi/g`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    ProcedureList,
    Procedure,
    Dossier,
    Provinces,
    Wards,
    Agencies,
    Fields,
    Fees,
    Questions,
    SyncDossiers,
    SyncProgress,
    SyncRatings,
}

impl Service {
    /// Every service; its place is the number of its counter.
    pub(crate) const ALL: [Self; 12] = [
        Self::ProcedureList,
        Self::Procedure,
        Self::Dossier,
        Self::Provinces,
        Self::Wards,
        Self::Agencies,
        Self::Fields,
        Self::Fees,
        Self::Questions,
        Self::SyncDossiers,
        Self::SyncProgress,
        Self::SyncRatings,
    ];

    /// Its name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ProcedureList => "LayDanhSachTTHC",
            Self::Procedure => "LayThuTuc",
            Self::Dossier => "TraCuuHoSo",
            Self::Provinces => "LayDanhMucTinhThanh",
            Self::Wards => "LayDanhMucPhuongXa",
            Self::Agencies => "LayDanhMucCoQuan",
            Self::Fields => "LayDanhMucLinhVuc",
            Self::Fees => "LayDanhMucLePhi",
            Self::Questions => "LayDanhSachHoiDapBoCoQuan",
            Self::SyncDossiers => "DongBoHoSoMC",
            Self::SyncProgress => "CapNhatTienDoHoSoMC",
            Self::SyncRatings => "DongBoDanhGia",
        }
    }

    pub(crate) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}
