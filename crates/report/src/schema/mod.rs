//! The report of `schema`.

mod human;
mod json;

pub use human::human;
pub use json::json;

use lockkeeper_model::Place;
use lockkeeper_model::schema::SchemaObjects;
use lockkeeper_sources::Script;

/// The schema at the end of one history.
#[derive(Clone, Debug)]
pub struct Described<'a> {
    /// What it holds, schema by schema.
    pub schemas: Vec<SchemaObjects>,
    /// The scripts that made it, in the order in which the places count them.
    pub scripts: Vec<&'a Script>,
}

impl Described<'_> {
    /// The statement that made an object, as written.
    fn statement(&self, place: Place) -> &str {
        let script = self.scripts.get(place.statement.script as usize);
        let written = script.and_then(|script| {
            let statement = script.parsed.statements.get(place.statement.statement as usize)?;
            Some(statement.span.of(&script.sql))
        });
        written.unwrap_or_default()
    }
}
