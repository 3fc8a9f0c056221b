//! Names of the protocol's services.

pub(super) const LOGIN: &str = "login";
pub(super) const DOSSIER: &str = "TraCuuHoSo";
pub(super) const PROCEDURE: &str = "LayThuTuc";
pub(super) const PROCEDURES: &str = "LayDanhSachTTHC";

pub(super) const RATING: &str = "DongBoDanhGia";

/// Those that are called through the stack.
pub(super) const ALL: &[&str] = &[DOSSIER, PROCEDURE, PROCEDURES, RATING];
