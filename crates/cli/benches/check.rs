//! How long each step from text to report takes: `cargo xtask bench`, or `cargo bench -p lockkeeper-cli`.
//!
//! All benchmarks read the same migrations: the file that `LOCKKEEPER_BENCH_SQL` names, else the example `odds`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

mod memory;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use lockkeeper_core::{Input, Root, Settings, lint};
use lockkeeper_model::timeline::{Options, Script as Replayed, replay};
use lockkeeper_sources::{Reading, Script, Source, Text, read};
use memory::Memory;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| match std::env::var_os("LOCKKEEPER_BENCH_SQL") {
    Some(file) => vec![source(Path::new(&file))],
    None => {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/examples/odds");
        let entries = fs::read_dir(folder).expect("the example is there");
        let mut paths: Vec<_> = entries.map(|it| it.expect("the folder can be read").path()).collect();
        paths.sort();
        paths.iter().map(|it| source(it)).collect()
    }
});

static SCRIPTS: LazyLock<Vec<Script>> =
    LazyLock::new(|| SOURCES.iter().flat_map(|it| read(&Text::new(it), &Reading::default())).collect());

fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Source { path: format!("db/{name}"), bytes: fs::read(path).expect("the file can be read") }
}

fn main() {
    divan::main();
    say_how_often_text_is_parsed();
}

/// All text, as a counter that makes of times a throughput.
fn bytes() -> BytesCount {
    BytesCount::new(SOURCES.iter().map(|it| it.bytes.len()).sum::<usize>())
}

/// Text to statements.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn parse(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(parse_once);
}

/// Bytes to scripts: decoding, sections, the map back into the file, and parsing.
#[divan::bench(name = "read", sample_count = 10, sample_size = 1)]
fn read_files(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| SOURCES.iter().flat_map(|it| read(&Text::new(it), &Reading::default())).count());
}

/// Statements to effects.
#[divan::bench(name = "replay", sample_count = 10, sample_size = 1)]
fn replay_history(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        let scripts: Vec<Replayed<'_>> =
            SCRIPTS.iter().map(|it| Replayed::new(&it.parsed.statements, it.runner)).collect();
        replay(
            &scripts,
            &Options { version: Settings::default().postgres, partial: true, ..Options::default() },
            &mut |step| {
                black_box(step.effects);
            },
        )
    });
}

/// Statements to findings; this replays them.
#[divan::bench(name = "lint", sample_count = 10, sample_size = 1)]
fn lint_history(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        let scripts: Vec<Input<'_>> =
            SCRIPTS.iter().map(|it| Input { runner: it.runner, ..Input::of(&it.path, &it.sql, &it.parsed) }).collect();
        lint(&Root { scripts: &scripts, partial: true }, &Settings::default())
    });
}

/// The command from its arguments to the last byte of its report, files in memory, on one thread.
#[divan::bench(name = "check", sample_count = 10, sample_size = 1)]
fn whole(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(check_once);
}

fn parse_once() -> usize {
    let parsed = SOURCES.iter().map(|it| lockkeeper_syntax::parse(&String::from_utf8_lossy(&it.bytes)));
    parsed.map(|it| it.statements.len()).sum()
}

fn check_once() -> lockkeeper_cli::Outcome {
    let arguments = ["lockkeeper", "check", "db", "--format", "json"].map(OsString::from);
    lockkeeper_cli::run(arguments, &Memory::new(&SOURCES))
}

/// PostgreSQL's parser counts its calls: one for each statement, those in the bodies of functions and `DO` included. A
/// whole run makes no more of them than parsing alone.
fn say_how_often_text_is_parsed() {
    let (statements, once) = counted(parse_once);
    let (_, whole) = counted(check_once);
    println!(
        "{statements} statements: parsing alone calls PostgreSQL's parser {once} times, the whole command {whole} times"
    );
    assert_eq!(once, whole, "a statement is parsed twice");
    println!("so no statement is parsed twice");
}

/// What `work` gives, and how often it calls PostgreSQL's parser.
fn counted<T>(work: impl Fn() -> T) -> (T, usize) {
    let before = lockkeeper_syntax::times_parsed();
    (work(), lockkeeper_syntax::times_parsed() - before)
}
