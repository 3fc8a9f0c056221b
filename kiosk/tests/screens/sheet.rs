//! Pictures of the screens. Every one is drawn, and must show something; where
//! `DAKENH_KIOSK_SHOTS` names a folder they are kept there, to be looked at.

use std::collections::HashSet;
use std::path::PathBuf;

use gateway_core::domain::Locale;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::{FilterType, overlay, resize};
use image::{Rgba, RgbaImage};
use kiosk::flow::{Event, Switch};
use slint::ComponentHandle as _;

use crate::SIZES;
use crate::rig::Rig;
use crate::scenes::{SCENES, way_to};

/// Draws the screen as it is.
pub(crate) fn drawn(rig: &Rig) -> RgbaImage {
    let shot = rig.window().window().take_snapshot().unwrap();
    RgbaImage::from_raw(shot.width(), shot.height(), shot.as_bytes().to_vec()).unwrap()
}

/// Draws it, looks whether there is anything on it, and keeps it where wanted.
pub(crate) fn draw(rig: &Rig, scene: &str, locale: Locale, comfort: &str) {
    let picture = drawn(rig);
    // Letters have soft edges: a screen with words on it has many colours.
    let colours: HashSet<[u8; 4]> =
        picture.as_raw().chunks_exact(4).step_by(61).map(|pixel| [pixel[0], pixel[1], pixel[2], pixel[3]]).collect();
    assert!(colours.len() > 16, "{scene} shows nothing");
    if let Some(folder) = folder() {
        let (width, height) = picture.dimensions();
        picture.save(folder.join(format!("{scene}_{width}x{height}_{}_{comfort}.png", locale.as_str()))).unwrap();
    }
}

/// Whether somebody wants to look at the pictures.
pub(crate) fn is_kept() -> bool {
    folder().is_some()
}

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("DAKENH_KIOSK_SHOTS")?);
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

/// A screen at a size, in a language, as a citizen wants it.
type Shot = (&'static str, (u32, u32), Locale, &'static [Switch]);

/// The contact sheets: every screen once, and some in the other sizes and
/// settings; small, side by side. `cargo xtask kiosk sheet` keeps them in the
/// docs.
#[test]
fn every_screen_stands_on_the_contact_sheet() {
    let all: Vec<Shot> = SCENES.iter().map(|scene| (scene.name, SIZES[0], Locale::VI, &[][..])).collect();
    sheet("sheet.png", &all, 9, (200, 356));
    let mut others: Vec<Shot> = Vec::new();
    for scene in ["home", "look-up-typed", "look-up-owner", "procedure-cost", "ticket-not-printed", "ask"] {
        others.push((scene, SIZES[1], Locale::VI, &[Switch::Large]));
        others.push((scene, SIZES[1], Locale::EN, &[Switch::Reach]));
        others.push((scene, SIZES[2], Locale::VI, &[Switch::Contrast]));
    }
    sheet("landscape.png", &others, 3, (480, 384));
}

fn sheet(name: &str, shots: &[Shot], columns: u32, (wide, high): (u32, u32)) {
    const GAP: u32 = 8;
    const GROUND: Rgba<u8> = Rgba([90, 90, 90, 255]);
    let rows = u32::try_from(shots.len()).unwrap().div_ceil(columns);
    let mut sheet = RgbaImage::from_pixel(columns * (wide + GAP) + GAP, rows * (high + GAP) + GAP, GROUND);
    for ((scene, (width, height), locale, switches), index) in shots.iter().zip(0_u32..) {
        let mut rig = Rig::new(*width, *height);
        if *locale != Locale::VI {
            rig.does(Event::Switch(Switch::Language));
        }
        for switch in *switches {
            rig.does(Event::Switch(*switch));
        }
        way_to(scene)(&mut rig);
        let picture = drawn(&rig);
        let shrink = (wide as f32 / *width as f32).min(high as f32 / *height as f32);
        let small =
            resize(&picture, (*width as f32 * shrink) as u32, (*height as f32 * shrink) as u32, FilterType::Triangle);
        let (x, y) = (GAP + index % columns * (wide + GAP), GAP + index / columns * (high + GAP));
        overlay(&mut sheet, &small, x.into(), y.into());
    }
    if let Some(folder) = folder() {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        let sheet = image::DynamicImage::ImageRgba8(sheet.clone()).into_rgb8();
        let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, PngFilter::Adaptive);
        sheet.write_with_encoder(encoder).unwrap();
    }
    let bare = sheet.pixels().filter(|pixel| **pixel == GROUND).count();
    assert!(bare * 3 < sheet.pixels().len(), "screens are missing");
}
