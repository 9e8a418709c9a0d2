//! `lockkeeper verify`: the migrations on a real server, beside what is predicted of them.

mod error;
pub(crate) mod facts;
mod judge;
mod plan;
mod round_trip;
mod routing;
mod server;

pub(crate) use error::VerifyError;

use crate::args::{VerifyArgs, VerifyFormat};
use crate::host::Host;
use crate::load::{LoadedHistory, load};
use crate::progress::Steps;
use crate::{CliError, Outcome, config, describe, effects, output, since};
use judge::Judged;
use lockkeeper_core::Settings;
use lockkeeper_report::{Counting, Verified, verify_human, verify_json, verify_markdown};
use lockkeeper_verify::{Player, Scratch, seed};
use server::Server;
use std::collections::BTreeMap;

/// Runs what the arguments name on a scratch database and delivers what came of it.
pub(crate) fn run(args: &VerifyArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    if args.cleanup {
        return server::clean_up(args, host);
    }
    let mut config = config::load(&args.input, host)?;
    let reference = since::reference(&args.since, &args.input, &config, host)?;
    let loaded = load(&args.input, &config, reference.as_ref(), host)?;
    if args.input.explains_sources() {
        host.stderr(&describe::sources(&loaded, &config));
    }
    let server = Server::open(args, config.settings.postgres, host)?;
    config.settings.postgres = server.version;
    let mut verified = Verified {
        version: server.version,
        server: server.name.clone(),
        place: server.place.clone(),
        notes: server.note.iter().cloned().collect(),
        stopped: None,
        ground: 0,
        statements: Vec::new(),
        left_out: Vec::new(),
        routing: Vec::new(),
        upserts: Vec::new(),
        round_trips: Vec::new(),
    };
    let scripts = loaded.histories.iter().map(|it| effects::up(it).count()).sum();
    let steps = Steps::new("running", scripts, args.input.quiet, host);
    let read = host.elapsed();
    let mut stopped = None;
    for history in &loaded.histories {
        stopped = verify(history, &config.settings, &server, (args, &steps), &mut verified).err();
        if stopped.is_some() {
            break;
        }
    }
    if args.input.shows_stats() {
        host.stderr(&describe::stats(&loaded.histories, read, host.elapsed()));
    }
    verified.stopped = stopped.as_ref().map(ToString::to_string);
    deliver(&verified, args, host)?;
    if let Some(error) = stopped {
        if let Some(words) = server.last_words() {
            host.stderr(&format!("the server's log ends with: {words}\n"));
        }
        return Err(error.into());
    }
    let counts = verified.counts();
    let differs = counts.mismatches + counts.refused + counts.unequal + counts.astray + counts.conflicts > 0;
    Ok(effects::unread(&loaded.histories, host).max(if differs { Outcome::Findings } else { Outcome::Clean }))
}

/// Runs one history. What was seen before an error is part of the report.
fn verify<'a>(
    history: &'a LoadedHistory,
    settings: &Settings,
    server: &Server,
    (args, steps): (&VerifyArgs, &Steps<'_>),
    verified: &mut Verified<'a>,
) -> Result<(), VerifyError> {
    let scripts: Vec<_> = effects::up(history).collect();
    let plan = plan::plan(&scripts, settings, plan::Purpose::Verify);
    let scratch = Scratch::create(server.address())?;
    let mut player = Player::new(&scratch, server.limits);
    let mut judged = Judged::default();
    let mut outcomes = Vec::new();
    let mut played = Ok(());
    let mut unfilled = BTreeMap::new();
    for part in &plan {
        if let (Some(rows), true, true) = (args.rows, part.part.new_session, part.part.observes()) {
            player.end_session();
            unfilled.extend(seed(&scratch, rows)?);
        }
        played = player.play(&part.part, &mut outcomes);
        judged.add(&part.statements, &mut outcomes);
        if part.part.new_session {
            steps.step();
        }
        if played.is_err() {
            break;
        }
    }
    let record = judged.report(&scripts, settings, (server.time_zone.as_deref(), args.rows), verified);
    verified.notes.extend(unfilled.iter().map(|(table, why)| format!("no rows for {table}: {why}")));
    verified.notes.extend(roles_made(&player));
    played.map_err(|source| judged.stopped(&scripts, source))?;
    player.end_session();
    if args.routing {
        routing::run(&scripts, &record.history.catalog, settings.postgres, &scratch, verified)?;
    }
    if args.round_trip {
        round_trip::run(history, settings, server, verified)?;
    }
    Ok(())
}

fn roles_made(player: &Player<'_>) -> Option<String> {
    let names: Vec<String> = player.made_roles().map(|it| format!("`{it}`")).collect();
    (!names.is_empty()).then(|| format!("roles that were missing were made for the run: {}", names.join(", ")))
}

fn deliver(verified: &Verified<'_>, args: &VerifyArgs, host: &dyn Host) -> Result<(), CliError> {
    let file = args.output.as_deref();
    let text = match args.format {
        VerifyFormat::Human => verify_human(verified, output::look(args.color, file.is_some(), host)),
        VerifyFormat::Json => verify_json(verified, Counting::default()),
        VerifyFormat::Markdown => verify_markdown(verified),
    };
    output::deliver(&text, file, host)
}
