//! A picture of black and white dots, as paper shows it.

use std::fmt;

use thiserror::Error;

/// Dots of a line: 80 mm paper at 203 dpi prints 72 mm.
pub const WIDTH: usize = 576;
/// Bytes of a line, eight dots each, the leftmost in the highest bit.
pub const ROW_BYTES: usize = WIDTH / 8;
/// Rows of the longest ticket: about one metre of paper.
pub const MOST_ROWS: usize = 8_000;

/// Black and white, [`WIDTH`] dots wide.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    rows: Vec<u8>,
}

/// Why pixels are no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RasterProblem {
    /// Wider than the paper.
    #[error("{0} dots are wider than the paper")]
    TooWide(usize),
    /// Longer than [`MOST_ROWS`].
    #[error("{0} rows are too long for a ticket")]
    TooLong(usize),
    /// Fewer pixels than width and height say.
    #[error("the pixels are not as many as width and height say")]
    WrongLength,
}

impl Raster {
    /// White paper of so many rows, for whoever makes the dots one by one.
    ///
    /// # Errors
    /// [`RasterProblem::TooLong`].
    pub fn white(height: usize) -> Result<Self, RasterProblem> {
        if height > MOST_ROWS {
            return Err(RasterProblem::TooLong(height));
        }
        Ok(Self { rows: vec![0; height * ROW_BYTES] })
    }

    /// Makes a dot black; outside of the paper there is none.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < WIDTH
            && let Some(byte) = self.rows.get_mut(y * ROW_BYTES + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// From grey pixels, 0 black to 255 white: darker than `threshold` is
    /// black. Narrower pictures stand in the middle.
    ///
    /// # Errors
    /// [`RasterProblem`].
    pub fn from_luma(pixels: &[u8], width: usize, height: usize, threshold: u8) -> Result<Self, RasterProblem> {
        Self::of(pixels.len(), 1, width, height, |at| pixels.get(at).is_some_and(|grey| *grey < threshold))
    }

    /// From red, green and blue, as a software renderer gives them.
    ///
    /// # Errors
    /// [`RasterProblem`].
    pub fn from_rgb(pixels: &[u8], width: usize, height: usize, threshold: u8) -> Result<Self, RasterProblem> {
        Self::of(pixels.len(), 3, width, height, |at| match pixels.get(at * 3..at * 3 + 3) {
            Some([r, g, b]) => luma(*r, *g, *b) < threshold,
            _ => false,
        })
    }

    /// From red, green, blue and alpha (not multiplied), on white paper.
    ///
    /// # Errors
    /// [`RasterProblem`].
    pub fn from_rgba(pixels: &[u8], width: usize, height: usize, threshold: u8) -> Result<Self, RasterProblem> {
        let on_white = |c: u8, a: u8| {
            let mixed = (u16::from(c) * u16::from(a) + 255 * u16::from(255 - a)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self::of(pixels.len(), 4, width, height, |at| match pixels.get(at * 4..at * 4 + 4) {
            Some([r, g, b, a]) => luma(on_white(*r, *a), on_white(*g, *a), on_white(*b, *a)) < threshold,
            _ => false,
        })
    }

    /// Rows of dots.
    pub fn height(&self) -> usize {
        self.rows.len() / ROW_BYTES
    }

    /// [`ROW_BYTES`] bytes for each row, from the top.
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Whether a dot is black; outside it is not.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < WIDTH && self.rows.get(y * ROW_BYTES + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Without the white rows at its end: they only cost paper.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        let used = self.rows.iter().rposition(|byte| *byte != 0).map_or(0, |at| at / ROW_BYTES + 1);
        self.rows.truncate(used * ROW_BYTES);
        self
    }

    fn of(
        length: usize,
        per_pixel: usize,
        width: usize,
        height: usize,
        black: impl Fn(usize) -> bool,
    ) -> Result<Self, RasterProblem> {
        if width > WIDTH {
            return Err(RasterProblem::TooWide(width));
        }
        let mut raster = Self::white(height)?;
        if length != width * height * per_pixel {
            return Err(RasterProblem::WrongLength);
        }
        let left = (WIDTH - width) / 2;
        for y in 0..height {
            for x in (0..width).filter(|x| black(y * width + x)) {
                raster.blacken(left + x, y);
            }
        }
        Ok(raster)
    }
}

/// ITU-R BT.601, in whole numbers.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
}

/// Not the dots: a ticket may be somebody's.
impl fmt::Debug for Raster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raster({WIDTH} × {})", self.height())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_become_dots_in_the_middle() {
        let raster = Raster::from_luma(&[0, 255, 127, 128], 2, 2, 128).unwrap();
        assert_eq!(raster.height(), 2);
        let left = (WIDTH - 2) / 2;
        assert!(raster.is_black(left, 0) && !raster.is_black(left + 1, 0));
        assert!(raster.is_black(left, 1) && !raster.is_black(left + 1, 1));
        assert_eq!(raster.rows().iter().map(|byte| byte.count_ones()).sum::<u32>(), 2);
        assert!(!raster.is_black(WIDTH, 0) && !raster.is_black(0, 9));
    }

    #[test]
    fn colours_and_alpha() {
        let rgb = Raster::from_rgb(&[0, 0, 0, 255, 255, 0], 2, 1, 128).unwrap();
        let rgba = Raster::from_rgba(&[0, 0, 0, 255, 0, 0, 0, 20], 2, 1, 128).unwrap();
        assert_eq!(rgb, rgba, "yellow and nearly nothing are white");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Raster::from_luma(&[], WIDTH + 1, 0, 1), Err(RasterProblem::TooWide(WIDTH + 1)));
        assert_eq!(Raster::from_luma(&[], 0, MOST_ROWS + 1, 1), Err(RasterProblem::TooLong(MOST_ROWS + 1)));
        assert_eq!(Raster::from_luma(&[0; 3], 2, 2, 1), Err(RasterProblem::WrongLength));
    }

    #[test]
    fn white_ends_are_trimmed() {
        let raster = Raster::from_luma(&[255, 0, 255, 255], 1, 4, 128).unwrap();
        assert_eq!(raster.trimmed().height(), 2);
        assert_eq!(Raster::from_luma(&[255; 4], 1, 4, 128).unwrap().trimmed().height(), 0);
    }
}
