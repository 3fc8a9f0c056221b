//! Sheets as they are laid out. Where `DAKENH_KIOSK_SHOTS` names a folder they
//! are kept there, to be looked at.

use std::path::PathBuf;

use gateway_core::domain::Locale;
use kiosk::flow::ports::{Checklist, Job, Letterhead};
use kiosk::print::Press;
use kiosk_devices::printer::{Device as _, MOST_ROWS, Raster, VirtualPrinter, WIDTH};

use crate::samples::{CODE, checklist, head, now, taken};

/// Dots at each side that nothing is printed on.
const MARGIN: usize = 12;

/// Lays a sheet out and looks whether its words are within the paper.
fn laid(job: &Job, locale: Locale, head: &Letterhead) -> Raster {
    let sheet = Press::new().unwrap().lay(job, locale, head, now()).unwrap();
    for y in 0..sheet.height() {
        let whole = (0..WIDTH).all(|x| sheet.is_black(x, y));
        let edge = (0..MARGIN).chain(WIDTH - MARGIN..WIDTH).any(|x| sheet.is_black(x, y));
        assert!(whole || !edge, "row {y} goes over the edge");
    }
    assert!(black(&sheet) > 5_000, "hardly anything is printed");
    sheet
}

fn black(sheet: &Raster) -> u32 {
    sheet.rows().iter().map(|byte| byte.count_ones()).sum()
}

/// The one QR code on a sheet, as an independent reader sees it.
fn scanned(sheet: &Raster) -> String {
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(
            WIDTH,
            sheet.height(),
            |x, y| {
                if sheet.is_black(x, y) { 0 } else { 255 }
            },
        );
    let codes = picture.detect_grids();
    assert_eq!(codes.len(), 1, "codes on the sheet");
    codes[0].decode().unwrap().1
}

fn kept(sheet: &Raster, name: &str) {
    let Some(folder) = std::env::var_os("DAKENH_KIOSK_SHOTS") else { return };
    let folder = PathBuf::from(folder);
    let unnamed = folder.join(format!("{name}.new"));
    VirtualPrinter::new(&unnamed).unwrap().print(sheet).unwrap();
    std::fs::rename(unnamed.join("ticket-0001.png"), folder.join(format!("{name}.png"))).unwrap();
    std::fs::remove_dir_all(unnamed).unwrap();
}

fn of(case: Option<usize>) -> Job {
    Job::Checklist(Box::new(checklist(case)))
}

#[test]
fn a_ticket_in_both_languages_with_its_code() {
    for locale in [Locale::VI, Locale::EN] {
        let sheet = laid(&Job::Ticket(taken()), locale, &head());
        assert_eq!(
            scanned(&sheet),
            format!("https://dakenh.binhduong.gov.vn/queue/tickets/{CODE}"),
            "a page for phones"
        );
        assert!((600..1_400).contains(&sheet.height()), "{} rows", sheet.height());
        kept(&sheet, if locale == Locale::VI { "printed-ticket" } else { "printed-ticket-en" });
    }
    let without = laid(&Job::Ticket(taken()), Locale::VI, &Letterhead::default());
    assert_eq!(scanned(&without), CODE, "for the terminal's scanner");
}

#[test]
fn a_ticket_without_a_code_an_estimate_and_priority_is_shorter() {
    let whole = laid(&Job::Ticket(taken()), Locale::VI, &head());
    let mut bare = taken();
    (bare.code, bare.ahead, bare.minutes, bare.at) = (String::new(), None, None, None);
    bare.priority = Default::default();
    let sheet = laid(&Job::Ticket(bare), Locale::VI, &Letterhead::default());
    assert!(sheet.height() + 300 < whole.height(), "{} and {}", sheet.height(), whole.height());
    kept(&sheet, "printed-ticket-bare");
}

#[test]
fn a_checklist_of_each_case_leads_to_that_case_with_its_code() {
    for (case, locale, link) in [
        (None, Locale::VI, "https://dakenh.binhduong.gov.vn/procedures/1.001193"),
        (Some(0), Locale::VI, "https://dakenh.binhduong.gov.vn/procedures/1.001193?case=1"),
        (Some(2), Locale::VI, "https://dakenh.binhduong.gov.vn/procedures/1.001193?case=3"),
        (None, Locale::EN, "https://dakenh.binhduong.gov.vn/procedures/1.001193?lang=en"),
        (Some(1), Locale::EN, "https://dakenh.binhduong.gov.vn/procedures/1.001193?case=2&lang=en"),
    ] {
        let sheet = laid(&of(case), locale, &head());
        assert_eq!(scanned(&sheet), link);
        match (case, locale) {
            (Some(2), Locale::VI) => kept(&sheet, "printed-checklist"),
            (None, Locale::VI) => kept(&sheet, "printed-checklist-all"),
            (_, Locale::EN) => kept(&sheet, "printed-checklist-en"),
            _ => {}
        }
    }
    let without = Letterhead { phone_base_url: String::new(), ..head() };
    assert_eq!(scanned(&laid(&of(Some(1)), Locale::VI, &without)), "1.001193");
}

/// Of one case only its papers are printed, and those that hold always.
#[test]
fn another_cases_papers_are_not_on_the_sheet() {
    let sheet = |change: fn(&mut Checklist)| {
        let mut list = checklist(Some(1));
        change(&mut list);
        laid(&Job::Checklist(Box::new(list)), Locale::VI, &head())
    };
    let as_it_is = sheet(|_| {});
    let renamed = |case: usize| match case {
        0 => sheet(|list| list.answer.procedure.papers[0].items[0].name = "Khác".into()),
        1 => sheet(|list| list.answer.procedure.papers[1].items[0].name = "Khác".into()),
        _ => sheet(|list| list.answer.procedure.papers[2].items[0].name = "Khác".into()),
    };
    assert!(renamed(0) != as_it_is && renamed(1) != as_it_is);
    assert!(renamed(2) == as_it_is, "another case's papers are on the sheet");
}

/// Two hundred letters and a word that is wider than the paper: every letter is
/// printed. Where the last one is another, so is the sheet, as long as it is.
#[test]
fn long_names_wrap_and_are_never_cut() {
    let long = |last: char| {
        let mut name =
            "Cấp giấy phép xây dựng mới đối với công trình cấp đặc biệt, cấp I, cấp II và nhà ở riêng lẻ ".repeat(2);
        name.push_str(&"ỡ".repeat(60));
        name.push(' ');
        name.push(last);
        assert!(name.chars().count() > 200);
        name
    };
    let ticket = |last| {
        let mut taken = taken();
        taken.service = long(last);
        let head = Letterhead { site_name: long(last), ..head() };
        laid(&Job::Ticket(taken), Locale::VI, &head)
    };
    let list = |place: usize, last: char| {
        let mut list = checklist(None);
        let procedure = &mut list.answer.procedure;
        match place {
            0 => procedure.name = long(last).into(),
            1 => procedure.field = long(last).into(),
            2 => procedure.papers[1].case = long(last).into(),
            3 => procedure.papers[0].items[0].name = long(last).into(),
            4 => procedure.methods[0].note = Some(long(last).into()),
            5 => procedure.methods[0].fee.label = long(last).into(),
            _ => procedure.source = long(last).into(),
        }
        laid(&Job::Checklist(Box::new(list)), Locale::VI, &head())
    };
    let (one, other, short) = (ticket('ạ'), ticket('ẫ'), laid(&Job::Ticket(taken()), Locale::VI, &head()));
    kept(&one, "printed-ticket-long");
    assert_eq!(one.height(), other.height());
    assert!(one != other, "the end of a name is not on the ticket");
    assert!(one.height() > short.height() + 200, "it does not wrap");
    assert_eq!(scanned(&one), scanned(&short));
    let short = laid(&of(None), Locale::VI, &head());
    for place in 0..7 {
        let (one, other) = (list(place, 'ạ'), list(place, 'ẫ'));
        kept(&one, &format!("printed-checklist-long-{place}"));
        assert_eq!(one.height(), other.height());
        assert!(one != other, "the end of text {place} is not on the sheet");
        assert!(one.height() > short.height() + 100, "text {place} does not wrap");
        // The code stands below all of it.
        assert_eq!(scanned(&one), scanned(&short), "text {place} pushes the end off the sheet");
    }
}

/// A number of more letters is smaller, and still whole.
#[test]
fn numbers_of_every_length_are_as_large_as_the_paper_allows() {
    for number in ["A1", "A012", "MM0123", "WWW99999", "W"] {
        let mut taken = taken();
        taken.number = number.to_owned();
        let sheet = laid(&Job::Ticket(taken), Locale::VI, &head());
        kept(&sheet, &format!("printed-number-{number}"));
    }
}

#[test]
fn a_list_that_is_longer_than_paper_may_be_is_refused() {
    let mut list = checklist(None);
    let papers = &mut list.answer.procedure.papers;
    let paper = papers[0].items[1].clone();
    papers[0].items.extend(std::iter::repeat_n(paper, 100));
    let problem = Press::new().unwrap().lay(&Job::Checklist(Box::new(list)), Locale::VI, &head(), now());
    assert!(problem.unwrap_err().is_too_long());
    let longest = {
        let mut list = checklist(None);
        let papers = &mut list.answer.procedure.papers;
        let paper = papers[0].items[1].clone();
        papers[0].items.extend(std::iter::repeat_n(paper, 50));
        laid(&Job::Checklist(Box::new(list)), Locale::VI, &head())
    };
    assert!((MOST_ROWS / 2..=MOST_ROWS).contains(&longest.height()), "{}", longest.height());
}

#[test]
fn a_proof_goes_from_the_first_dot_to_the_last() {
    let sheet = laid(&Job::Proof, Locale::VI, &head());
    let whole = (0..sheet.height()).filter(|y| (0..WIDTH).all(|x| sheet.is_black(x, *y))).count();
    assert!(whole >= 20, "{whole} rows");
    assert_eq!(scanned(&sheet), "kiosk");
    kept(&sheet, "printed-proof");
}
