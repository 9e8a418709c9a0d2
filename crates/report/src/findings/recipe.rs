//! A recipe that takes several files, step by step: which file, in which kind of transaction, and what stands in it.

use lockkeeper_core::{Finding, PieceFile, Replaced};
use lockkeeper_sources::{Parts, Script, next_path, written};

/// What goes into one file.
pub(crate) struct Step {
    /// Which file that is, and how it runs.
    pub(crate) place: String,
    /// Its statements.
    pub(crate) sql: String,
}

/// The steps of a recipe that goes into more than one file; none of any other.
pub(crate) fn steps(finding: &Finding, scripts: &[&Script]) -> Vec<Step> {
    let Some(instead) = &finding.instead else { return Vec::new() };
    let pieces = instead.pieces();
    if pieces.len() < 2 {
        return Vec::new();
    }
    let script = scripts[finding.script];
    let statements = &script.parsed.statements;
    // A statement that is alone in its file leaves room for the first step.
    let leaves_room = match statements.as_slice() {
        [only] => script.is_written() && instead.replaces(only) == Replaced::Statement,
        _ => false,
    };
    let mut files = Files { script, taken: scripts.iter().map(|it| it.path.clone()).collect() };
    let mut last = script.path.clone();
    let mut all = Vec::new();
    for (at, piece) in pieces.into_iter().enumerate() {
        let place = match piece.file {
            PieceFile::Same => "in place of the statement".to_owned(),
            PieceFile::Before => files.mode("a file that runs before this one", &script.path, false),
            PieceFile::After { transaction } if at == 0 && leaves_room => {
                files.mode("in place of the statement", &script.path, transaction)
            }
            PieceFile::After { transaction } => {
                let name = files.next(&last);
                last = name.clone().unwrap_or(last);
                files.mode(name.as_deref().unwrap_or("a file of its own"), &last, transaction)
            }
        };
        all.push(Step { place, sql: piece.sql });
    }
    all
}

/// The files of the migration's tool.
struct Files<'a> {
    script: &'a Script,
    taken: Vec<String>,
}

impl Files<'_> {
    /// The name of the next file, where its tool's files are written by hand and have numbers.
    fn next(&mut self, last: &str) -> Option<String> {
        if !self.script.is_written() {
            return None;
        }
        let taken: Vec<&str> = self.taken.iter().map(String::as_str).collect();
        let name = next_path(last, &taken)?;
        self.taken.push(name.clone());
        Some(name)
    }

    /// "0008_index.sql, outside a transaction (`-- +goose NO TRANSACTION`)".
    fn mode(&self, file: &str, path: &str, transaction: bool) -> String {
        if transaction {
            return format!("{file}, in a transaction of its own");
        }
        match self.told(path) {
            Some(how) => format!("{file}, outside a transaction (`{how}`)"),
            None => format!("{file}, outside a transaction"),
        }
    }

    /// What a file says, or one beside it, so that its tool opens no transaction.
    fn told(&self, path: &str) -> Option<String> {
        let files = |transaction| {
            let parts = Parts { up: "SELECT 1;", down: None, transaction };
            self.script.is_written().then(|| written(self.script.framework, path, parts)).flatten()
        };
        let usual = files(true)?;
        files(false)?.into_iter().find_map(|file| {
            let same = usual.iter().find(|it| it.path == file.path).map(|it| it.text.as_str()).unwrap_or_default();
            let line = file.text.lines().find(|line| !same.lines().any(|it| it == *line))?.to_owned();
            let name = file.path.rsplit('/').next().unwrap_or_default();
            Some(if file.path == path { line } else { format!("{line}` in `{name}") })
        })
    }
}
