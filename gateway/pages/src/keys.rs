//! Every Fluent key that this crate speaks by itself, with its arguments. A
//! test holds the table against `locales/<language>/pages.ftl` in both directions.

pub(crate) use gateway_locale::keys::Key;

macro_rules! keys {
    ($($name:ident = $id:literal [$($arg:literal),*];)*) => {
        $(pub(crate) const $name: Key = Key::new($id, &[$($arg),*]);)*
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, Key)] = &[$((stringify!($name), $name)),*];
    };
}

keys! {
    // The shell.
    BRAND = "pages-brand" [];
    BRAND_SUB = "pages-brand-sub" [];
    SKIP = "pages-skip" [];
    NAV = "pages-nav" [];
    NAV_FRONT = "pages-nav-front" [];
    NAV_DOSSIERS = "pages-nav-dossiers" [];
    NAV_PROCEDURES = "pages-nav-procedures" [];
    NAV_CHAT = "pages-nav-chat" [];
    LANGUAGE_NAME = "pages-language-name" [];
    LANGUAGE_SWITCH = "pages-language-switch" [];
    THEME = "pages-theme" [];
    FOOT_HOURS = "pages-foot-hours" [];
    FOOT_HELP = "pages-foot-help" [];
    FOOT_HOTLINE = "pages-foot-hotline" [];
    FOOT_PRIVACY = "pages-foot-privacy" [];
    NOTICES = "pages-notices" [];

    // The front page.
    FRONT_TITLE = "pages-front-title" [];
    FRONT_LEAD = "pages-front-lead" [];
    ASK_LABEL = "pages-ask-label" [];
    ASK_HINT = "pages-ask-hint" [];
    ASK_BUTTON = "pages-ask-button" [];
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use gateway_locale::{check_resources, embedded_files};

    use super::{ALL, Key};

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        let files: Vec<_> = embedded_files().into_iter().filter(|(_, file, _)| file.ends_with("/pages.ftl")).collect();
        assert_eq!(files.len(), 2);
        let keys: Vec<Key> = ALL.iter().map(|(_, key)| *key).collect();
        let findings = check_resources(&keys, &files);
        assert!(findings.is_empty(), "{}", findings.iter().map(|found| format!("{found}\n")).collect::<String>());
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        fn sources(folder: &Path) -> String {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let text = |path: std::path::PathBuf| match path.is_dir() {
                true => sources(&path),
                false if path.ends_with("keys.rs") => String::new(),
                false => fs::read_to_string(path).unwrap(),
            };
            entries.map(text).collect()
        }
        let ours = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        for (name, _) in ALL {
            let spoken = ours.match_indices(&format!("keys::{name}")).any(|(at, found)| {
                let after = ours.get(at + found.len()..).and_then(|rest| rest.chars().next());
                !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            });
            assert!(spoken, "nobody speaks {name}");
        }
    }
}
