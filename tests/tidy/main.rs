//! The invariants of ARCHITECTURE.md that no compiler holds.

mod links;
mod tree;

use lockkeeper_verify::LockMode;
use tree::{files, read, root};

/// The packages from the lowest floor up; a package may depend only on those of lower floors.
const FLOORS: &[&[&str]] = &[
    &["rules", "crates/syntax", "crates/link", "crates/wasm-libc"],
    &["crates/model"],
    &["crates/sources"],
    &["crates/core"],
    &["crates/report", "crates/verify"],
    &["crates/lsp"],
    &["crates/cli", "crates/wasm"],
    &["crates/node"],
];

#[test]
fn no_arrow_between_packages_runs_up() {
    for (height, floor) in FLOORS.iter().enumerate() {
        for package in floor.iter().filter(|it| root().join(it).is_dir()) {
            let manifest = read(&format!("{package}/Cargo.toml"));
            let runtime = manifest.split("[dev-dependencies]").next().unwrap_or_default();
            for above in FLOORS[height..].iter().flat_map(|it| it.iter()) {
                let name = above.rsplit('/').next().unwrap_or_default();
                assert!(
                    !runtime.contains(&format!("\nlockkeeper-{name}.")),
                    "{package}: depends on `{name}`, which is not below it"
                );
            }
        }
    }
}

#[test]
fn only_syntax_names_the_parsers() {
    for path in files("rs").iter().filter(|it| !it.starts_with("crates/syntax/") && !it.starts_with("crates/xtask/")) {
        let text = code(&read(path));
        for parser in ["pg_query::", "sqlparser::", "prost::"] {
            assert!(path == THIS || !text.contains(parser), "{path}: only `syntax` may name {parser}");
        }
    }
}

#[test]
fn one_module_names_the_parser_of_python() {
    for path in files("rs").iter().filter(|it| *it != THIS && *it != "crates/sources/src/alembic/python.rs") {
        assert!(!code(&read(path)).contains("ruff_"), "{path}: only `alembic/python.rs` may name the parser of Python");
    }
}

#[test]
fn rules_never_spell_a_lock_or_a_code() {
    let codes = ["0A000", "25001", "2BP01", "42809", "42830", "42P01", "42P16", "42P17"];
    for path in files("rs").iter().filter(|it| it.starts_with("crates/core/src/rules/")) {
        let text = code(&read(path));
        for word in ["EXCLUSIVE", "ROW SHARE"].iter().chain(&codes) {
            assert!(!text.contains(word), "{path}: print the value, do not spell `{word}`");
        }
    }
}

#[test]
fn interpret_has_no_catch_all_over_actions() {
    let text = read("crates/model/src/interpret/alter/mod.rs");
    let acts = text.split("fn act(").nth(1).and_then(|it| it.split("\n}\n").next()).unwrap_or_default();
    assert!(acts.contains("match &action.kind"), "the actions are decided in `act`");
    assert!(!acts.contains("\n        _ =>"), "a new action must not compile until someone decides what it does");
}

#[test]
fn the_pure_packages_do_no_io() {
    let pure = ["crates/syntax/src", "crates/model/src", "crates/sources/src", "crates/core/src", "rules/src"];
    for path in files("rs").iter().filter(|it| pure.iter().any(|pure| it.starts_with(pure))) {
        let text = code(&read(path));
        for word in ["std::fs", "std::net", "std::process", "SystemTime", "Instant::now", "println!(", "eprintln!("] {
            assert!(!text.contains(word), "{path}: does no I/O and reads no clock, but names {word}");
        }
    }
}

#[test]
fn unsafe_stands_only_where_it_must() {
    let allowed =
        ["crates/syntax/src/ffi.rs", "crates/syntax/src/tree/", "crates/wasm-libc/", "crates/wasm/", "crates/node/"];
    for path in files("rs").iter().filter(|it| *it != THIS && !allowed.iter().any(|allowed| it.starts_with(allowed))) {
        let text = code(&read(path));
        assert!(!text.contains("unsafe {") && !text.contains("unsafe fn"), "{path}: no unsafe code here");
    }
}

/// This file holds the words that it forbids elsewhere.
const THIS: &str = "tests/tidy/main.rs";

#[test]
fn nothing_is_left_undone() {
    for path in files("rs").iter().filter(|it| *it != THIS) {
        let text = read(path);
        for word in ["todo!(", "unimplemented!(", "#[ignore", "allow(dead_code)"] {
            assert!(!text.contains(word), "{path}: holds {word}");
        }
    }
}

#[test]
fn files_hold_one_idea() {
    for path in files("rs") {
        let lines = read(&path).lines().count();
        assert!(lines <= 600, "{path}: {lines} lines; does it hold more than one idea?");
    }
}

#[test]
fn the_repository_stands_alone() {
    for path in tree::all().iter().filter(|it| !it.ends_with("lock") && !it.ends_with("lock.json") && *it != THIS) {
        let Ok(text) = std::fs::read_to_string(root().join(path)) else { continue };
        for machine in ["/work/", "/root/", "/home/"] {
            assert!(!text.contains(machine), "{path}: names a folder of a machine: {machine}");
        }
    }
}

#[test]
fn the_page_knows_the_lock_modes() {
    let all = LockMode::ALL;
    let row =
        |mode: LockMode| -> String { all.map(|it| if mode.conflicts_with(it) { 'X' } else { '.' }).iter().collect() };
    let rows = all.map(|it| format!("  \"{it}\": \"{}\"", row(it)));
    assert_eq!(read("web/src/locks/modes.json"), format!("{{\n{}\n}}\n", rows.join(",\n")));
}

#[test]
fn architecture_names_what_exists() {
    let page = read("ARCHITECTURE.md");
    let sources: String = files("rs").iter().map(|it| read(it)).collect();
    for word in page.split('`').skip(1).step_by(2) {
        let is_type = word.starts_with(char::is_uppercase)
            && word.chars().all(|it| it.is_alphanumeric() || it == '_' || it == ':');
        if is_type && word.len() > 2 {
            let name = word.rsplit("::").next().unwrap_or(word);
            assert!(sources.contains(name), "ARCHITECTURE.md names `{word}`, which does not exist");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for path in tree::all().iter().filter(|it| it.ends_with(".md")) {
        for target in links::relative(&read(path)) {
            let folder = root().join(path).parent().map(std::path::Path::to_path_buf).unwrap_or_default();
            assert!(folder.join(&target).exists(), "{path}: links to {target}, which does not exist");
        }
    }
}

/// The text without its comments, in which a word may be talked about.
fn code(text: &str) -> String {
    let lines = text.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.flat_map(|it| [it, "\n"]).collect()
}
