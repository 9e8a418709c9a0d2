//! `lockkeeper sql`.

use crate::args::{Format, SqlArgs};
use crate::effects::timeline;
use crate::host::Host;
use crate::load::{LoadedHistory, load};
use crate::{CliError, Outcome, config, describe, output};
use lockkeeper_core::{Problem, ProblemKind, Settings};
use lockkeeper_model::record::{Record, record};
use lockkeeper_model::timeline::{Options, Script};
use lockkeeper_report::{Counting, Recorded, RecordedHistory, sql_human, sql_json};
use lockkeeper_sources::Direction;
use lockkeeper_syntax::Body;

/// Prints what the tool sends for the files that the arguments name.
pub(crate) fn run(args: &SqlArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let config = config::load(&args.input, host)?;
    let loaded = load(&args.input, &config, None, host)?;
    if args.input.explains_sources() {
        host.stderr(&describe::sources(&loaded, &config));
    }
    let read = host.elapsed();
    let direction = if args.down { Direction::Down } else { Direction::Up };
    let records: Vec<Record> = loaded.histories.iter().map(|it| replay(it, &config.settings)).collect();
    if args.input.shows_stats() {
        host.stderr(&describe::stats(&loaded.histories, read, host.elapsed()));
    }
    let recorded: Vec<RecordedHistory<'_>> = loaded
        .histories
        .iter()
        .zip(&records)
        .map(|(it, record)| {
            let wanted = it.scripts.iter().map(|it| (&it.script, it.reports && it.script.direction == direction));
            RecordedHistory { record, scripts: wanted.collect() }
        })
        .collect();
    let recorded = Recorded { histories: &recorded, version: config.settings.postgres };
    let problems = problems(&loaded.histories, direction);
    let text = match args.output.format {
        Format::Human => sql_human(recorded),
        Format::Json => sql_json(recorded, &problems, Counting::default()),
    };
    output::deliver(&text, args.output.output.as_deref(), host)?;
    let unread = problems.iter().any(|it| matches!(it.kind, ProblemKind::Read | ProblemKind::Decode));
    if args.output.format == Format::Human {
        let scripts: Vec<_> = loaded.histories.iter().flat_map(|it| &it.scripts).collect();
        for it in &problems {
            host.stderr(&format!(
                "{}: {}: {}\n",
                it.kind.severity().word(),
                scripts[it.script].script.path,
                it.message
            ));
        }
    }
    Ok(if unread { Outcome::Failed } else { Outcome::Clean })
}

/// All scripts, the ways back behind the others, so that each statement has its transaction.
fn replay(history: &LoadedHistory, settings: &Settings) -> Record {
    let scripts: Vec<Script<'_>> = history.scripts.iter().map(|it| timeline(it, settings)).collect();
    record(
        &scripts,
        &Options { version: settings.postgres, partial: history.partial, ..Options::default() },
        &mut |_| {},
    )
}

/// What could not be read of the files; scripts are counted over all histories.
fn problems(histories: &[LoadedHistory], direction: Direction) -> Vec<Problem> {
    let mut found = Vec::new();
    for (script, it) in histories.iter().flat_map(|it| &it.scripts).enumerate() {
        if !it.reports || it.script.direction != direction {
            continue;
        }
        if let Some(message) = &it.unread {
            found.push(Problem { kind: ProblemKind::Read, script, span: Default::default(), message: message.clone() });
        }
        for (span, message) in &it.mistakes {
            found.push(Problem { kind: ProblemKind::Chain, script, span: *span, message: message.clone() });
        }
        for (span, message) in &it.script.gaps {
            found.push(Problem { kind: ProblemKind::Extract, script, span: *span, message: message.clone() });
        }
        for problem in &it.script.parsed.problems {
            found.push(Problem {
                kind: ProblemKind::Decode,
                script,
                span: problem.span,
                message: problem.message.clone(),
            });
        }
        for statement in &it.script.parsed.statements {
            if let Body::Unreadable(it) = &statement.body {
                let kind = if it.template { ProblemKind::Template } else { ProblemKind::Syntax };
                found.push(Problem { kind, script, span: it.at, message: it.message.clone() });
            }
        }
    }
    found
}
