//! A room's table of Fluent keys, with their arguments, and what holds for each
//! such table: it says what its file in every language says, and nothing that
//! nobody speaks.

/// `NAME = "key" ["argument"];` for each key. In tests, `ALL` is the table with the
/// names.
macro_rules! key_table {
    ($seen:vis $($name:ident = $id:literal [$($arg:literal),*];)*) => {
        $($seen const $name: Key = Key::new($id, &[$($arg),*]);)*
        #[cfg(test)]
        $seen const ALL: &[(&str, Key)] = &[$((stringify!($name), $name)),*];
    };
}

pub(crate) use key_table;

#[cfg(test)]
pub(crate) mod check {
    use std::fs;
    use std::path::Path;

    use gateway_locale::keys::Key;
    use gateway_locale::{check_resources, embedded_files};

    /// The file stands in every language, with exactly the table's keys and
    /// arguments.
    pub(crate) fn every_language_says(keys: impl Iterator<Item = Key>, file: &str) {
        let ending = format!("/{file}");
        let files: Vec<_> = embedded_files().into_iter().filter(|(_, file, _)| file.ends_with(&ending)).collect();
        assert_eq!(files.len(), 2);
        let keys: Vec<Key> = keys.collect();
        let findings = check_resources(&keys, &files);
        assert!(findings.is_empty(), "{}", findings.iter().map(|found| format!("{found}\n")).collect::<String>());
    }

    /// Each name stands in the sources as a whole word, behind one of the leads.
    pub(crate) fn all_are_spoken(table: &[(&str, Key)], sources: &str, leads: &[&str]) {
        for (name, _) in table {
            let spoken = sources.match_indices(name).any(|(at, found)| {
                let before = sources.get(..at).unwrap();
                let after = sources.get(at + found.len()..).and_then(|rest| rest.chars().next());
                leads.iter().any(|lead| before.ends_with(lead))
                    && !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            });
            assert!(spoken, "nobody speaks {name}");
        }
    }

    /// Every source below a folder of this crate; tables themselves where they are
    /// wanted.
    pub(crate) fn sources(folder: &str, with_tables: bool) -> String {
        fn read(folder: &Path, with_tables: bool) -> String {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let text = |path: std::path::PathBuf| match path.is_dir() {
                // A room with a table of its own speaks that one.
                true if !with_tables && path.join("keys.rs").is_file() => String::new(),
                true => read(&path, with_tables),
                false if !with_tables && path.ends_with("keys.rs") => String::new(),
                false => fs::read_to_string(path).unwrap(),
            };
            entries.map(text).collect()
        }
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), with_tables)
    }
}
