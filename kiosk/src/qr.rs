//! QR codes as pictures for the screen.

use qrcode::{Color, EcLevel, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Light modules around a code, without which readers do not find it (ISO/IEC
/// 18004 asks for four).
const QUIET: usize = 4;

/// One pixel a module, black on white; the screen enlarges it without
/// smoothing. `None` where the text is too long for any code.
pub fn image(text: &str) -> Option<Image> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let side = u32::try_from(width + 2 * QUIET).ok()?;
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(side, side);
    let pixels = buffer.make_mut_slice();
    pixels.fill(Rgb8Pixel::new(255, 255, 255));
    for (index, color) in code.to_colors().into_iter().enumerate() {
        let (x, y) = (index % width + QUIET, index / width + QUIET);
        if let (Color::Dark, Some(pixel)) = (color, pixels.get_mut(y * (width + 2 * QUIET) + x)) {
            *pixel = Rgb8Pixel::new(0, 0, 0);
        }
    }
    Some(Image::from_rgb8(buffer))
}
