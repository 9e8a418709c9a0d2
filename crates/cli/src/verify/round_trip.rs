//! Up, down and up again: whether a way back leads back, migration by migration. Going back over all of them at once would not
//! show it, since a later DROP hides what an earlier way back forgot.

use super::VerifyError;
use super::plan::{Purpose, plan};
use super::server::Server;
use crate::effects;
use crate::load::{LoadedHistory, LoadedScript};
use lockkeeper_core::Settings;
use lockkeeper_report::{RoundTrip, Verified};
use lockkeeper_sources::Direction;
use lockkeeper_verify::player::Outcome;
use lockkeeper_verify::schema::{Schema, repair};
use lockkeeper_verify::{Player, Scratch};

/// Takes each migration that reports and has a way back there and back again.
pub(crate) fn run<'a>(
    history: &'a LoadedHistory,
    settings: &Settings,
    server: &Server,
    verified: &mut Verified<'a>,
) -> Result<(), VerifyError> {
    let ups: Vec<&LoadedScript> = effects::up(history).collect();
    let downs: Vec<&LoadedScript> =
        history.scripts.iter().filter(|it| it.script.direction == Direction::Down).collect();
    let back = |up: &LoadedScript| downs.iter().copied().find(|it| undoes(it, up));
    let Some(last) = ups.iter().rposition(|it| it.reports && back(it).is_some()) else { return Ok(()) };
    let scratch = Scratch::create(server.address())?;
    let mut trip = Trip { player: Player::new(&scratch, server.limits), scratch: &scratch, settings };
    for up in &ups[..=last] {
        let way_back = back(up).filter(|_| up.reports);
        match way_back {
            None => {
                trip.play(up, Purpose::Ground)?;
            }
            Some(down) => verified.round_trips.push(trip.there_and_back(up, down)?),
        }
    }
    Ok(())
}

/// Whether one script is the way back of another: it stands in the same file, or has the same version.
fn undoes(down: &LoadedScript, up: &LoadedScript) -> bool {
    let (down, up) = (&down.script, &up.script);
    down.path == up.path || (!up.version.is_empty() && down.version == up.version)
}

struct Trip<'a> {
    player: Player<'a>,
    scratch: &'a Scratch,
    settings: &'a Settings,
}

impl Trip<'_> {
    fn there_and_back<'s>(&mut self, up: &LoadedScript, down: &'s LoadedScript) -> Result<RoundTrip<'s>, VerifyError> {
        let before = self.schema()?;
        let mut trip = RoundTrip { script: &down.script, after_down: Vec::new(), after_up: Vec::new(), refused: None };
        // That the migration itself is refused, the report says already.
        if self.play(up, Purpose::Run)?.is_some() {
            return Ok(trip);
        }
        let there = self.schema()?;
        trip.refused = self.play(down, Purpose::Run)?;
        if trip.refused.is_none() {
            trip.after_down = repair(&self.schema()?, &before);
            trip.refused = self.play(up, Purpose::Run)?;
        }
        if trip.refused.is_none() {
            trip.after_up = repair(&self.schema()?, &there);
        } else {
            // So that the next migration finds its ground.
            self.play(up, Purpose::Ground)?;
        }
        Ok(trip)
    }

    /// Runs a script; the first refusal with its place, if there is one.
    fn play(&mut self, script: &LoadedScript, purpose: Purpose) -> Result<Option<String>, VerifyError> {
        let mut refused = None;
        for planned in plan(&[script], self.settings, purpose) {
            let mut outcomes = Vec::new();
            self.player.play(&planned.part, &mut outcomes)?;
            for (id, outcome) in planned.statements.iter().zip(outcomes) {
                if let Outcome::Ran(seen) = outcome
                    && let Some(failure) = seen.failure
                {
                    let span = script.script.parsed.statements[id.statement as usize].span;
                    let at = script.script.range(span, lockkeeper_sources::Unit::Bytes).start;
                    refused.get_or_insert_with(|| format!("{}:{}: {failure}", script.script.path, at.line));
                }
            }
        }
        self.player.end_session();
        Ok(refused)
    }

    fn schema(&self) -> Result<Schema, VerifyError> {
        Ok(Schema::read(&mut self.scratch.connect()?)?)
    }
}
