//! Surveys of small projects, one of each framework.

mod frameworks;
mod shapes;

use lockkeeper_model::{Alone, Envelope, Runner};
use lockkeeper_sources::{Direction, File, Source, Survey, Text, read, survey};

/// The histories of these files, a line each: folder, framework, then the files with how each is sent, those that lead
/// back behind `|`; then a line for each file that is set aside.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let listed: Vec<File<'_>> =
        files.iter().map(|&(path, text)| File { path, within: path, text, named: false }).collect();
    let Survey { roots, aside } = survey(&listed);
    let mut lines = Vec::new();
    for root in roots {
        let mut sides = [Vec::new(), Vec::new()];
        for entry in root.up.iter().chain(&root.down) {
            let (path, text) = files[entry.file];
            let name = path.strip_prefix(&format!("{}/", root.folder)).unwrap_or(path);
            let source = Source { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
            for script in read(&Text::new(&source), &entry.reading) {
                let mut sent = vec![sent(script.runner)];
                sent.extend(script.sections.iter().map(|it| format!("{}@{}", crate::sent(it.runner), it.from)));
                sides[usize::from(script.direction == Direction::Down)].push(format!("{name}={}", sent.join("+")));
            }
        }
        let side = |list: &[String]| if list.is_empty() { "-".to_owned() } else { list.join(" ") };
        let folder = if root.folder.is_empty() { "." } else { &root.folder };
        lines.push(format!("{folder}: {}: {} | {}", root.framework.name(), side(&sides[0]), side(&sides[1])));
    }
    lines.extend(aside.iter().map(|it| format!("{}: {}", files[it.file].0, it.reason.words())));
    lines
}

fn sent(runner: Runner) -> String {
    let whole = match (runner.transaction, runner.single_query) {
        (Envelope::Run, _) => "run",
        (Envelope::File, _) => "file",
        (Envelope::None, true) => "query",
        (Envelope::None, false) => "each",
    };
    let alone = match runner.alone {
        Alone::Nothing => "",
        Alone::IndexBuilds => "-indexes",
        Alone::Refusing => "-refusing",
    };
    format!("{whole}{alone}")
}
