//! The opaque cursor of a list: a place, and what it belongs to.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::FixedState;
use gateway_core::ports::{Cursor, ProcedureQuery};

/// A cursor as text: version, offset and a check over both and the search, in
/// hexadecimal. The check keeps a cursor from being used with another search;
/// it guards nothing, so it need not be secret.
pub(super) fn write(cursor: Cursor, query: &ProcedureQuery) -> String {
    let check = check(cursor, query);
    format!("{:016x}{:08x}{check:016x}", cursor.version, cursor.offset)
}

/// Reads a cursor; `None` where it is of another search, of another version of
/// the catalogue, or none of ours.
pub(super) fn read(text: &str, query: &ProcedureQuery, version: u64) -> Option<Cursor> {
    if text.len() != 40 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let part = |from, to| u64::from_str_radix(text.get(from..to)?, 16).ok();
    let cursor = Cursor { version: part(0, 16)?, offset: usize::try_from(part(16, 24)?).ok()? };
    (cursor.version == version && part(24, 40)? == check(cursor, query)).then_some(cursor)
}

fn check(cursor: Cursor, query: &ProcedureQuery) -> u64 {
    let mut hasher = FixedState::with_seed(0xC0_25_07).build_hasher();
    query.text.hash(&mut hasher);
    query.field.hash(&mut hasher);
    query.level.as_ref().map(|level| level.key()).hash(&mut hasher);
    hasher.write_u64(cursor.version);
    hasher.write_u64(u64::try_from(cursor.offset).unwrap_or(u64::MAX));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(text: &str) -> ProcedureQuery {
        ProcedureQuery { text: text.into(), limit: 20, ..ProcedureQuery::default() }
    }

    #[test]
    fn a_cursor_goes_on_where_it_was_made() {
        let cursor = Cursor { version: 7, offset: 40 };
        let text = write(cursor, &search("khai sinh"));
        assert_eq!(read(&text, &search("khai sinh"), 7), Some(cursor));
        // Another page size is the same list.
        assert_eq!(read(&text, &ProcedureQuery { limit: 5, ..search("khai sinh") }, 7), Some(cursor));
    }

    #[test]
    fn a_foreign_cursor_goes_nowhere() {
        let text = write(Cursor { version: 7, offset: 40 }, &search("khai sinh"));
        assert_eq!(read(&text, &search("khai tử"), 7), None);
        assert_eq!(read(&text, &search("khai sinh"), 8), None);
        assert_eq!(read(&text.replace("28", "29"), &search("khai sinh"), 7), None);
        for garbage in ["", "rác", &"0".repeat(40), &"+".repeat(40), &"ữ".repeat(20)] {
            assert_eq!(read(garbage, &search("khai sinh"), 7), None);
        }
    }
}
