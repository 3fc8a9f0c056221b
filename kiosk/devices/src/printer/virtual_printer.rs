//! A printer that writes pictures: for demonstrations and tests.

use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use mobile_api_types::PrinterState;

use super::raster::{Raster, WIDTH};
use super::{Device, PrintProblem};

/// Writes each ticket as `ticket-0001.png` into a folder, going on after the
/// highest number there. A file named `state` in the folder with one word of
/// [`PrinterState::key`] puts it into that state (`echo paper_out > state`).
pub struct VirtualPrinter {
    folder: PathBuf,
}

impl VirtualPrinter {
    /// Makes the folder where there is none.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn next(&self) -> io::Result<PathBuf> {
        let mut highest = 0_u32;
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number =
                name.to_str().and_then(|name| name.strip_prefix("ticket-")?.strip_suffix(".png")?.parse().ok());
            highest = highest.max(number.unwrap_or(0));
        }
        Ok(self.folder.join(format!("ticket-{:04}.png", highest.saturating_add(1))))
    }
}

impl Device for VirtualPrinter {
    fn state(&mut self) -> PrinterState {
        let Ok(word) = fs::read_to_string(self.folder.join("state")) else { return PrinterState::Ready };
        PrinterState::ALL.into_iter().find(|state| state.key() == word.trim()).unwrap_or(PrinterState::Ready)
    }

    fn print(&mut self, ticket: &Raster) -> Result<(), PrintProblem> {
        if let Some(problem) = PrintProblem::of(self.state()) {
            return Err(problem);
        }
        let written = self.next().and_then(|path| write_png(&path, ticket));
        written.map_err(|error| {
            tracing::warn!(%error, "no picture of a ticket");
            PrintProblem::Offline
        })
    }
}

/// Under another name first: who waits for the file finds it whole.
fn write_png(path: &Path, ticket: &Raster) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    let height = u32::try_from(ticket.height()).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(
        BufWriter::new(fs::File::create(&unfinished)?),
        u32::try_from(WIDTH).unwrap_or(u32::MAX),
        height.max(1),
    );
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    // In a PNG 1 is white; on paper it is black.
    let mut dots: Vec<u8> = ticket.rows().iter().map(|byte| !byte).collect();
    if dots.is_empty() {
        dots.resize(WIDTH / 8, 0xFF);
    }
    writer.write_image_data(&dots)?;
    writer.finish()?;
    fs::rename(unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_are_pictures_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut printer = VirtualPrinter::new(folder.path().join("out")).unwrap();
        let ticket = Raster::from_luma(&[0, 255, 0, 255], 2, 2, 128).unwrap();
        printer.print(&ticket).unwrap();
        printer.print(&ticket).unwrap();
        let file = fs::File::open(folder.path().join("out/ticket-0002.png")).unwrap();
        let mut decoder = png::Decoder::new(io::BufReader::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (576, 2));
        let black: Vec<usize> = (0..pixels.len()).filter(|at| pixels[*at] == 0).collect();
        assert_eq!(black, [287, 576 + 287]);
    }

    #[test]
    fn its_state_can_be_set() {
        let folder = tempfile::tempdir().unwrap();
        let mut printer = VirtualPrinter::new(folder.path()).unwrap();
        assert_eq!(printer.state(), PrinterState::Ready);
        fs::write(folder.path().join("state"), "paper_out\n").unwrap();
        assert_eq!(printer.state(), PrinterState::PaperOut);
        let ticket = Raster::from_luma(&[0], 1, 1, 128).unwrap();
        assert_eq!(printer.print(&ticket), Err(PrintProblem::PaperOut));
        assert!(!folder.path().join("ticket-0001.png").exists());
    }
}
