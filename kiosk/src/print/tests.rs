//! Sheets as they come out.

use std::path::PathBuf;

use gateway_core::domain::Locale;
use jiff::Timestamp;
use kiosk_devices::printer::{Device as _, MOST_ROWS, Raster, VirtualPrinter, WIDTH};

use super::sheet::Press;
use crate::flow::ports::{Job, Letterhead};
use crate::flow::queue::{Priority, Taken};

fn at() -> Timestamp {
    "2026-11-27T08:31:00+07:00".parse().unwrap()
}

fn head() -> Letterhead {
    Letterhead {
        site_name: "Trung tâm Phục vụ hành chính công tỉnh Bình Dương".to_owned(),
        phone_base_url: "https://dakenh.binhduong.gov.vn".to_owned(),
    }
}

fn taken() -> Taken {
    Taken {
        number: "A012".to_owned(),
        service: "Hộ tịch – Chứng thực".to_owned(),
        priority: Priority::Elderly,
        ahead: Some(4),
        minutes: Some(20),
        at: Some(at()),
        code: "7h2k9d3mpx0a".to_owned(),
        says: String::new(),
    }
}

#[test]
fn a_ticket() {
    let press = Press::new().unwrap();
    let sheet = press.lay(&Job::Ticket(taken()), Locale::VI, &head(), at()).unwrap();
    kept(&sheet, "ticket");
    let start = std::time::Instant::now();
    let sheet = press.lay(&Job::Ticket(taken()), Locale::EN, &head(), at()).unwrap();
    eprintln!("{:?}", start.elapsed());
    kept(&sheet, "ticket-en");
}

fn kept(sheet: &Raster, name: &str) {
    if let Some(folder) = std::env::var_os("DAKENH_KIOSK_SHOTS") {
        let folder = PathBuf::from(folder).join(name);
        VirtualPrinter::new(folder).unwrap().print(sheet).unwrap();
    }
}
