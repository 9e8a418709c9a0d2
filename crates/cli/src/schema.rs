//! `lockkeeper schema`.

use crate::args::{Format, SchemaArgs};
use crate::host::Host;
use crate::load::load;
use crate::{CliError, Outcome, config, describe, effects, output};
use lockkeeper_model::schema::schema;
use lockkeeper_report::{Described, schema_human, schema_json};

/// Replays what the arguments name and delivers the schema at its end.
pub(crate) fn run(args: &SchemaArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let config = config::load(&args.input, host)?;
    let loaded = load(&args.input, &config, None, host)?;
    let histories = &loaded.histories;
    if args.input.explains_sources() {
        host.stderr(&describe::sources(&loaded, &config));
    }
    let read = host.elapsed();
    let steps = effects::replaying(histories, args.input.quiet, host);
    let version = config.settings.postgres;
    let described: Vec<Described<'_>> = histories
        .iter()
        .map(|it| Described {
            schemas: schema(&effects::replay(it, &config.settings, &steps).history.catalog, version),
            scripts: effects::up(it).map(|it| &it.script).collect(),
        })
        .collect();
    if args.input.shows_stats() {
        host.stderr(&describe::stats(histories, read, host.elapsed()));
    }
    let text = match args.output.format {
        Format::Human => schema_human(&described),
        Format::Json => schema_json(&described),
    };
    output::deliver(&text, args.output.output.as_deref(), host)?;
    Ok(effects::unread(histories, host))
}
