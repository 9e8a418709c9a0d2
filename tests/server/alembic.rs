//! The revisions of the rule documents through Alembic itself: what a document says that the server or Alembic refuses is
//! refused, and everything else runs.
//!
//! Needs a Python with the packages of `tests/alembic/requirements.txt`: that of `LOCKKEEPER_PYTHON`, or the one that
//! `cargo xtask setup` makes.

use crate::servers::say;
use lockkeeper_rules::document::{Block, BlockKind, Claim, Document, Language, Section, Severity};
use lockkeeper_verify::{Cluster, Error, Scratch};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The only version that this runs on: what differs between versions is no matter of Alembic.
pub(crate) const MAJOR: u32 = 15;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/alembic/run.py");

/// What SQLite refuses is taken by PostgreSQL.
const ELSEWHERE: &str = "refused-by-sqlite";

/// What is expected of a revision.
struct Expected {
    path: String,
    line: usize,
    /// Whether one of its functions fails.
    fails: bool,
    /// With which code of the server, if the document says so.
    sqlstate: Option<String>,
}

/// The Python to run Alembic with, if there is one.
pub(crate) fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/python/bin/python");
    let named = std::env::var_os("LOCKKEEPER_PYTHON").map(PathBuf::from);
    let python = named.or_else(|| own.is_file().then_some(own))?;
    let check = ["-c", "import alembic, asyncpg, psycopg"];
    let output = Command::new(&python).args(check).stderr(Stdio::null()).status();
    output.is_ok_and(|it| it.success()).then_some(python)
}

/// Runs all documents with revisions; what differs, a line each.
pub(crate) fn check(documents: &[Document<'_>], cluster: &Cluster, python: &Path) -> Result<Vec<String>, Error> {
    let (mut input, mut expected, mut databases) = (String::new(), Vec::new(), Vec::new());
    for document in documents.iter().filter(|it| it.name != ELSEWHERE) {
        let mut above: Vec<&Block<'_>> = Vec::new();
        for section in &document.sections {
            if section.blocks().any(is_revision) {
                let database = Scratch::create(cluster.config())?;
                history(document, section, &above, &url(cluster, &database, document), &mut input, &mut expected);
                databases.push(database);
            }
            above.extend(section.blocks().filter(|it| it.kind == BlockKind::Setup));
        }
    }
    let ended = run(python, &input);
    let lines: Vec<&str> = ended.lines().collect();
    let mut differences = Vec::new();
    for (at, it) in expected.iter().enumerate() {
        let line = lines.get(at).copied().unwrap_or("nothing: Alembic did not get so far");
        let words: Vec<&str> = line.split_whitespace().collect();
        let failed = words.get(1).is_some_and(|it| *it != "-");
        let same_code = it.sqlstate.as_ref().is_none_or(|it| words.get(2) == Some(&it.as_str()));
        if failed != it.fails || !same_code {
            let wanted = if it.fails { "is to fail" } else { "is to run" };
            differences.push(format!("{}:{}: {wanted}; Alembic: {line}", it.path, it.line));
        }
    }
    say(&format!("{} revisions of rule documents through Alembic: {} differences", expected.len(), differences.len()));
    Ok(differences)
}

/// Writes the parts of one heading: its modules and revisions after the setup above it.
fn history(
    document: &Document<'_>,
    section: &Section<'_>,
    above: &[&Block<'_>],
    url: &str,
    input: &mut String,
    expected: &mut Vec<Expected>,
) {
    input.push_str(&format!("history {url}\n\x0c"));
    for block in above.iter().copied().chain(section.blocks()) {
        if let Some(path) = block.path.filter(|it| it.ends_with(".py") && it.contains('/') && !is_revision(block)) {
            let name = path.trim_end_matches(".py").replace('/', ".");
            // Modules that import each other are no matter of the revisions.
            let text = if block.text.contains("from app") { "" } else { block.text };
            input.push_str(&format!("module {name}\n{text}\n\x0c"));
        }
        if !is_revision(block) {
            continue;
        }
        let sqlstate = block.markers.iter().find_map(|it| match it.claim {
            Claim::Error { sqlstate } => Some(sqlstate.to_owned()),
            _ => None,
        });
        let bad = block.kind == BlockKind::Bad;
        let round = document.name.starts_with("way-back");
        let fails = bad && (sqlstate.is_some() || round || document.front_matter.severity == Severity::Error);
        let ways = if fails { "upgrade,downgrade,upgrade" } else { "upgrade" };
        input.push_str(&format!("revision {} {ways}\n{}\n\x0c", block.line, block.text));
        expected.push(Expected { path: format!("rules/{}.md", document.name), line: block.line, fails, sqlstate });
    }
}

fn is_revision(block: &Block<'_>) -> bool {
    block.language == Language::Python && block.path.is_none_or(|it| it.contains("/versions/"))
}

/// The database's URL, through the driver that the document speaks of.
fn url(cluster: &Cluster, database: &Scratch, document: &Document<'_>) -> String {
    let asyncpg = document.blocks().any(|it| it.path == Some("env.py") && it.text.contains("asyncpg"));
    let driver = if asyncpg { "asyncpg" } else { "psycopg" };
    let config = cluster.config();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("postgres");
    format!("postgresql+{driver}://{user}@/{}?host={}&port={port}", database.name(), cluster.folder().display())
}

fn run(python: &Path, input: &str) -> String {
    let mut command = Command::new(python);
    command.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    let written = child.stdin.take().map(|mut it| it.write_all(input.as_bytes()));
    assert!(matches!(written, Some(Ok(()))), "the script reads its input");
    String::from_utf8_lossy(&child.wait_with_output().expect("it ends").stdout).into_owned()
}
