//! `lockkeeper effects`.

use crate::args::{EffectsArgs, Format};
use crate::config;
use crate::host::Host;
use crate::load::{LoadedHistory, LoadedScript, load};
use crate::progress::Steps;
use crate::{CliError, Outcome, describe, output};
use lockkeeper_core::Settings;
use lockkeeper_model::record::{Record, record};
use lockkeeper_model::timeline::{Options, Script};
use lockkeeper_report::{Counting, Recorded, RecordedHistory, effects_human, effects_json, write_effects_json};
use lockkeeper_sources::Direction;
use lockkeeper_syntax::ProblemKind;

/// Replays what the arguments name and delivers what it does. Refusals are what was asked for, so they are no failure;
/// files that cannot be read are.
pub(crate) fn run(args: &EffectsArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let config = config::load(&args.input, host)?;
    let loaded = load(&args.input, &config, None, host)?;
    let histories = &loaded.histories;
    let read = host.elapsed();
    if args.input.explains_sources() {
        host.stderr(&describe::sources(&loaded, &config));
    }
    let steps = replaying(histories, args.input.quiet, host);
    let records: Vec<Record> = histories.iter().map(|it| replay(it, &config.settings, &steps)).collect();
    if args.input.shows_stats() {
        host.stderr(&describe::stats(histories, read, host.elapsed()));
    }
    let recorded = with_scripts(histories, &records);
    let recorded = Recorded { histories: &recorded, version: config.settings.postgres };
    let file = args.output.output.as_deref();
    match (args.output.format, file) {
        (Format::Human, _) => {
            let look = output::look(args.output.color, file.is_some(), host);
            output::deliver(&effects_human(recorded, look), file, host)?;
        }
        (Format::Json, Some(_)) => output::deliver(&effects_json(recorded, Counting::default()), file, host)?,
        (Format::Json, None) => output::stream(host, |out| write_effects_json(recorded, Counting::default(), out))?,
    }
    Ok(unread(histories, host))
}

/// What the files that report do, as JSON.
pub(crate) fn recorded_json(histories: &[LoadedHistory], settings: &Settings, host: &dyn Host) -> String {
    let steps = replaying(histories, true, host);
    let records: Vec<Record> = histories.iter().map(|it| replay(it, settings, &steps)).collect();
    let recorded = with_scripts(histories, &records);
    effects_json(Recorded { histories: &recorded, version: settings.postgres }, Counting::default())
}

fn with_scripts<'a>(histories: &'a [LoadedHistory], records: &'a [Record]) -> Vec<RecordedHistory<'a>> {
    let scripts = |it: &'a LoadedHistory| up(it).map(|it| (&it.script, it.reports)).collect();
    histories.iter().zip(records).map(|(it, record)| RecordedHistory { record, scripts: scripts(it) }).collect()
}

/// The replay of histories, script by script.
pub(crate) fn replaying<'a>(histories: &[LoadedHistory], quiet: bool, host: &'a dyn Host) -> Steps<'a> {
    Steps::new("replaying", histories.iter().map(|it| it.scripts.len()).sum(), quiet, host)
}

pub(crate) fn replay(history: &LoadedHistory, settings: &Settings, steps: &Steps<'_>) -> Record {
    replay_some(&up(history).collect::<Vec<_>>(), history.partial, settings, &mut || steps.step())
}

/// Replays these scripts of a history; one that leads back is a detour behind the one before it.
/// `watch` is told at the first statement of each.
pub(crate) fn replay_some(
    scripts: &[&LoadedScript],
    partial: bool,
    settings: &Settings,
    watch: &mut dyn FnMut(),
) -> Record {
    let scripts: Vec<Script<'_>> = scripts.iter().map(|it| it.input().sent(settings)).collect();
    let options = Options { version: settings.postgres, partial, ..Options::default() };
    record(&scripts, &options, &mut |step| {
        if step.id.statement == 0 && step.inside.is_none() {
            watch();
        }
    })
}

/// A script as its tool sends it, whichever way it leads.
pub(crate) fn timeline<'a>(it: &'a LoadedScript, settings: &Settings) -> Script<'a> {
    Script { detour: false, ..it.input().sent(settings) }
}

/// The scripts that make the history.
pub(crate) fn up(history: &LoadedHistory) -> impl Iterator<Item = &LoadedScript> {
    history.scripts.iter().filter(|it| it.script.direction == Direction::Up)
}

/// Says which files could not be read or decoded; the report has no place for them.
pub(crate) fn unread(histories: &[LoadedHistory], host: &dyn Host) -> Outcome {
    let mut outcome = Outcome::Clean;
    for it in histories.iter().flat_map(|it| &it.scripts).filter(|it| it.reports) {
        let undecoded = it.script.parsed.problems.iter().find(|it| it.kind == ProblemKind::Decode);
        if let Some(message) = it.unread.as_ref().or(undecoded.map(|it| &it.message)) {
            host.stderr(&format!("error: {}: {message}\n", it.script.path));
            outcome = Outcome::Failed;
        }
    }
    outcome
}
