//! Feeds every corpus to its target.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fuzz_targets::TARGETS;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn corpora() {
    for (name, target) in TARGETS {
        let corpus = folder("corpus").join(name);
        let mut fed = 0;
        for entry in fs::read_dir(&corpus).unwrap_or_else(|e| panic!("{}: {e}", corpus.display())) {
            let path = entry.unwrap().path();
            let data = fs::read(&path).unwrap();
            let outcome = std::panic::catch_unwind(|| target(&data));
            assert!(outcome.is_ok(), "{name} fails on {}", path.display());
            // Half of an input is an input too.
            target(&data[..data.len() / 2]);
            fed += 1;
        }
        assert!(fed >= 3, "{name} has {fed} seeds only");
    }
}

#[test]
fn every_seed_is_fed_to_every_target() {
    for entry in fs::read_dir(folder("corpus")).unwrap() {
        for seed in fs::read_dir(entry.unwrap().path()).unwrap() {
            let data = fs::read(seed.unwrap().path()).unwrap();
            TARGETS.iter().for_each(|(_, target)| target(&data));
        }
    }
}

#[test]
fn targets_corpora_and_entry_points_agree() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "a name stands twice in TARGETS");
    let names_in = |name: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names_in("corpus"), targets, "corpus folders");
    assert_eq!(names_in("fuzz_targets"), targets, "entry points");
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    for name in targets {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "no [[bin]] for {name}");
    }
}
