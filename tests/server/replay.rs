//! Real histories, statement by statement, on a server and in the model. Each folder below the one that `LOCKKEEPER_REPLAY`
//! names is a project; its histories are found and read as the command line does it, and sent as their tools would.

use crate::end;
use crate::fault::{Fault, fault};
use crate::ground::{Ground, Ran};
use lockkeeper_model::Version;
use lockkeeper_sources::{Direction, File, Root, Script, Source, Text, interest, survey};
use lockkeeper_verify::{Cluster, Error};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// How much of a statement is shown.
const SHOWN: usize = 300;

/// The folder to replay, if one is named.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("LOCKKEEPER_REPLAY").map(PathBuf::from)
}

/// What came of the histories of a project on one server.
#[derive(Default)]
struct Report {
    histories: usize,
    statements: usize,
    refused: usize,
    faults: BTreeMap<Fault, Vec<String>>,
    /// What of the schemas at the end only the server has (`-`), or only the model (`+`).
    schema: Vec<String>,
    unread: Vec<String>,
}

impl Report {
    /// The figures, then what differs, worst first.
    fn text(&self, project: &str, cluster: &Cluster) -> String {
        let Self { histories, statements, refused, faults, schema, unread } = self;
        let mut text = format!("{project}, {}: {histories} histories, {statements} statements", cluster.server());
        let _ = write!(text, ", {refused} refused, {} lines of the schema differ", schema.len());
        for (fault, all) in faults {
            let _ = write!(text, ", {} {fault:?}", all.len());
        }
        text.push('\n');
        unread.iter().for_each(|it| text += &format!("not run: {it}\n"));
        for (fault, all) in faults {
            all.iter().for_each(|it| text += &format!("{fault:?} {it}\n"));
        }
        schema.iter().for_each(|it| text += &format!("{it}\n"));
        text
    }

    fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.schema.is_empty()
    }

    fn enter(&mut self, script: &Script, ran: &Ran) {
        self.statements += 1;
        self.refused += usize::from(ran.seen.failure.is_some());
        let Some((fault, mismatches)) = fault(ran) else { return };
        let line = 1 + script.sql[..ran.span.start as usize].matches('\n').count();
        let words: Vec<&str> = ran.sql.split_whitespace().collect();
        let mut text = format!("{}:{line}: {}", script.path, words.join(" ").chars().take(SHOWN).collect::<String>());
        mismatches.iter().for_each(|it| text += &format!("\n    {it}"));
        self.faults.entry(fault).or_default().push(text);
    }
}

/// Replays each project below `folder`, shows what came of it, and says whether the model agreed with the server.
pub(crate) fn run(folder: &Path, cluster: &Cluster, show: impl Fn(&str)) -> bool {
    let Some(version) = u8::try_from(cluster.server().major).ok().and_then(Version::new) else { return true };
    let mut clean = true;
    for project in entries(folder).into_iter().filter(|it| it.is_dir()) {
        let mut report = Report::default();
        for scripts in histories(&project) {
            if let Err(error) = replay(&scripts, cluster, version, &mut report) {
                let path = scripts.first().map_or("", |it| it.path.as_str());
                report.unread.push(format!("the history of {path}: {error}"));
            }
        }
        let name = project.strip_prefix(folder).unwrap_or(&project);
        show(&report.text(&name.display().to_string(), cluster));
        clean &= report.is_clean();
    }
    clean
}

fn replay(scripts: &[Script], cluster: &Cluster, version: Version, report: &mut Report) -> Result<(), Error> {
    let mut ground = Ground::new(cluster, version)?;
    report.histories += 1;
    for (script, ran) in scripts.iter().zip(ground.run_scripts(scripts)) {
        match ran {
            Ok(ran) => ran.iter().for_each(|it| report.enter(script, it)),
            Err(error) => report.unread.push(format!("{}: {error}", script.path)),
        }
    }
    report.schema.extend(end::difference(&ground)?);
    Ok(())
}

/// The histories below a folder: the scripts that lead forwards, in their order.
fn histories(project: &Path) -> Vec<Vec<Script>> {
    let mut paths = Vec::new();
    walk(project, &mut paths);
    let texts: Vec<Text> = paths
        .iter()
        .map(|it| Text::new(&Source { path: shown(it), bytes: fs::read(it).unwrap_or_default() }))
        .collect();
    let within: Vec<String> = paths.iter().map(|it| shown(it.strip_prefix(project).unwrap_or(it))).collect();
    let absolute: Vec<String> = paths.iter().map(|it| shown(it)).collect();
    let files: Vec<File<'_>> = (0..paths.len())
        .map(|at| File { path: &absolute[at], within: &within[at], text: texts[at].text(), named: false })
        .collect();
    let scripts = |root: &Root| -> Vec<Script> {
        let all = root.up.iter().flat_map(|it| it.read(&texts[it.file]));
        all.filter(|it| it.direction == Direction::Up).collect()
    };
    survey(&files).roots.iter().map(scripts).filter(|it| !it.is_empty()).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        let hidden = entry.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
        if entry.is_dir() && !hidden {
            walk(&entry, found);
        } else if entry.is_file() && interest(&shown(&entry)).is_some() {
            found.push(entry);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    entries.sort();
    entries
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
