//! What the sources of this crate must not hold.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "rs") {
            files.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    assert!(!files.is_empty());
    files
}

#[test]
fn rules_never_spell_a_lock() {
    for (path, text) in sources("rules") {
        assert!(!text.contains("EXCLUSIVE"), "{}: print the `LockMode`, do not spell it", path.display());
    }
}

#[test]
fn rules_never_spell_a_sqlstate() {
    let is_state = |word: &str| {
        word.len() == 5
            && word.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase())
            && word.bytes().filter(u8::is_ascii_digit).count() >= 2
    };
    for (path, text) in sources("rules") {
        let state = text.split(|it: char| !it.is_ascii_alphanumeric()).find(|it| is_state(it));
        assert_eq!(state, None, "{}: print `Refusal::sqlstate`", path.display());
    }
}

#[test]
fn rules_do_not_know_each_other() {
    for (path, text) in sources("rules") {
        let own = path.file_stem().is_some_and(|it| it == "mod");
        assert!(own || !text.contains("crate::rules"), "{}: rules are independent", path.display());
    }
}

#[test]
fn nothing_reads_files_or_clocks() {
    for folder in [".", "rules", "settings"] {
        for (path, text) in sources(folder) {
            for word in ["std::fs", "std::time", "std::env", "std::process", "std::net"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}
