//! QR codes as dots.

use qrcode::{Color, EcLevel, QrCode};
use thiserror::Error;

/// White modules around a code (ISO/IEC 18004 wants four).
const QUIET: usize = 4;

/// A QR code: modules in rows, its quiet zone included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrPicture {
    side: usize,
    dark: Vec<bool>,
}

/// The text is too long for a code (about 2,300 bytes at this level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too long for a QR code")]
pub struct TooLongForQr;

impl QrPicture {
    /// Draws a text at level M: 15 % may be smudged.
    ///
    /// # Errors
    /// [`TooLongForQr`].
    pub fn of(text: &str) -> Result<Self, TooLongForQr> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLongForQr)?;
        let inner = code.width();
        let side = inner + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (at % inner + QUIET, at / inner + QUIET);
            if let Some(module) = dark.get_mut(y * side + x) {
                *module = color == Color::Dark;
            }
        }
        Ok(Self { side, dark })
    }

    /// Modules on each side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether a module is dark; outside none is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.dark.get(y * self.side + x).copied().unwrap_or(false)
    }

    /// Grey pixels, 0 and 255, each module `scale` pixels wide and high: a
    /// picture of [`QrPicture::side`] × `scale` pixels on each side.
    pub fn luma(&self, scale: usize) -> Vec<u8> {
        let side = self.side * scale;
        let mut pixels = vec![255; side * side];
        for (at, pixel) in pixels.iter_mut().enumerate() {
            if self.is_dark(at % side / scale, at / side / scale) {
                *pixel = 0;
            }
        }
        pixels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone_and_finders() {
        let code = QrPicture::of("dakenh:ticket:kX7-pQ_2").unwrap();
        assert_eq!(code.side(), 25 + 8);
        for quiet in 0..QUIET {
            assert!((0..code.side()).all(|x| !code.is_dark(x, quiet) && !code.is_dark(quiet, x)));
        }
        for corner in [(4, 4), (4 + 24, 4), (4, 4 + 24)] {
            assert!(code.is_dark(corner.0, corner.1), "{corner:?}");
        }
        let pixels = code.luma(3);
        assert_eq!(pixels.len(), (33 * 3) * (33 * 3));
        assert_eq!((pixels[12 * 99 + 12], pixels[0]), (0, 255));
    }

    #[test]
    fn what_is_too_long_is_refused() {
        assert_eq!(QrPicture::of(&"x".repeat(5_000)), Err(TooLongForQr));
    }
}
