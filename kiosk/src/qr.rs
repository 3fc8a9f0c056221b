//! QR codes as pictures for the screen and for paper.

use kiosk_devices::qr::QrPicture;
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// One pixel a module, black on white; whoever shows it enlarges it without
/// smoothing. `None` where the text is too long for any code.
pub fn image(text: &str) -> Option<Image> {
    let code = QrPicture::of(text).ok()?;
    let side = u32::try_from(code.side()).ok()?;
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(side, side);
    for (pixel, grey) in buffer.make_mut_slice().iter_mut().zip(code.luma(1)) {
        *pixel = Rgb8Pixel::new(grey, grey, grey);
    }
    Some(Image::from_rgb8(buffer))
}
