//! The lines that were typed, kept from one conversation to the next.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use gateway_core::domain::ProcedureCode;
use gateway_core::text::fold_words;

/// A run of so many digits may be a proof (four), a code (six), an ID or a phone.
const PRIVATE_DIGITS: usize = 4;

/// Digits as they are spoken, folded: *bốn số cuối là một hai ba bốn*.
const SPOKEN_DIGITS: [&str; 23] = [
    "khong", "mot", "hai", "ba", "bon", "tu", "nam", "lam", "sau", "bay", "tam", "chin", "linh", "zero", "oh", "one",
    "two", "three", "four", "five", "six", "seven", "eight",
];

/// The file of the history, there and readable by its owner only. `None` where
/// there is no place for one: then a conversation goes without.
pub(super) fn file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    // XDG Base Directory Specification 0.8: a relative path is as good as none.
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    let file = state.join("dakenh").join("ask-history");
    ours_alone(&file).ok()?;
    Some(file)
}

/// Makes the file where there is none, and nobody else's business where it is.
fn ours_alone(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let opened: File = OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    opened.set_permissions(fs::Permissions::from_mode(0o600))
}

/// Whether a line may be written down: it holds no figures that could be an ID, a
/// phone, a proof or a dossier. Procedures' codes are public.
pub(super) fn may_be_kept(line: &str) -> bool {
    let without_codes: Vec<&str> = line.split_whitespace().filter(|word| ProcedureCode::parse(word).is_err()).collect();
    let without_codes = without_codes.join(" ");
    // A bare number chooses something that stands there no more.
    if !without_codes.is_empty() && without_codes.chars().all(|c| !c.is_alphabetic()) {
        return false;
    }
    let mut digits = 0;
    for c in without_codes.chars() {
        if c.is_numeric() {
            digits += 1;
        } else if c.is_alphabetic() {
            // `0912 345 678`, `074-190`, `(84)`: what is no letter only separates.
            digits = 0;
        }
        if digits >= PRIVATE_DIGITS {
            return false;
        }
    }
    let mut spoken = 0;
    for word in fold_words(&without_codes) {
        spoken = if SPOKEN_DIGITS.contains(&word.as_str()) { spoken + 1 } else { 0 };
        if spoken >= PRIVATE_DIGITS {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_name_a_person_are_not_written_down() {
        for private in [
            "074190001234",
            "số của tôi là 0912 345 678",
            "+84 (912) 345-678",
            "000.00.17.H09-210819-0012 tới đâu rồi",
            "4 số cuối 1234",
            "bốn số cuối là một hai ba bốn",
            "mã xác nhận 12-34-56",
            "căn cước ０７４１９０００１２３４",
            "1.001193 0912345678",
            "2",
        ] {
            assert!(!may_be_kept(private), "{private}");
        }
        for public in
            ["làm giấy khai sinh cần gì", "1.001193 giấy tờ", "bé dưới 14 tuổi", "hai vợ chồng tôi", "english please"]
        {
            assert!(may_be_kept(public), "{public}");
        }
    }

    #[test]
    fn the_file_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/dakenh/ask-history");
        ours_alone(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        ours_alone(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        // A file stands where the folder should be: no history, no failure.
        assert!(ours_alone(&file.join("deeper/ask-history")).is_err());
    }
}
