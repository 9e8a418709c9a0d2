//! What the engine is asked.

use lockkeeper_core::{Settings, SettingsError};
use lockkeeper_model::Version;
use lockkeeper_sources::Unit;
use serde::Deserialize;

/// A question about the files that are set.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The paths that report; the other files are their context.
    pub report: Vec<String>,
    /// The path of a file that describes the database the histories start from. It runs first and does not report.
    pub schema: Option<String>,
    /// The settings, the server's version among them.
    pub settings: Settings,
    /// What offsets count.
    pub offsets: Unit,
    /// Whether the report of `check` is wanted.
    pub check: bool,
    /// Whether the same for people is wanted, as Markdown.
    #[cfg(feature = "panels")]
    pub markdown: bool,
    /// Whether the report of `effects` is wanted.
    pub effects: bool,
    /// Whether the report of `schema` is wanted.
    pub tables: bool,
    /// Whether the same as SQL is wanted.
    pub ddl: bool,
    /// Whether the trees of the statements are wanted.
    #[cfg(feature = "panels")]
    pub tree: bool,
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// It is not the object that is expected.
    #[error("the request is not understood: {0}")]
    Shape(#[from] serde_json::Error),
    /// The configuration has a mistake.
    #[error("lockkeeper.toml:{}:{}: {}", .0.line, .0.column, .0.message)]
    Config(SettingsError),
    /// There is no such server.
    #[error("`postgres` is {0}, which is not a version from {old} to {new}", old = Version::OLDEST, new = Version::NEWEST)]
    Version(u8),
    /// A path that reports, or that of the schema, was never set.
    #[error("there is no file `{0}`")]
    NoFile(String),
}

/// The request as JavaScript spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    report: Vec<String>,
    schema: Option<String>,
    /// The text of a `lockkeeper.toml`.
    #[serde(default)]
    config: String,
    /// Goes before the version of the configuration.
    postgres: Option<u8>,
    #[serde(default)]
    offsets: Offsets,
    want: Vec<Want>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Offsets {
    #[default]
    Bytes,
    Utf16,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Want {
    Check,
    #[cfg(feature = "panels")]
    Markdown,
    Effects,
    Schema,
    Ddl,
    #[cfg(feature = "panels")]
    Tree,
}

impl Request {
    /// Reads the JSON of a request: `report` and `want` are lists, `schema` (a path), `config` (the text of a
    /// `lockkeeper.toml`), `postgres` and `offsets` (`"bytes"` or `"utf16"`) may be left out.
    ///
    /// # Errors
    ///
    /// For JSON of another shape, unknown words, and mistakes in the configuration, with their place there.
    pub fn parse(json: &str) -> Result<Request, RequestError> {
        let shape: Shape = serde_json::from_str(json)?;
        let mut settings = Settings::parse(&shape.config).map_err(RequestError::Config)?;
        if let Some(major) = shape.postgres {
            settings.postgres = Version::new(major).ok_or(RequestError::Version(major))?;
        }
        let offsets = match shape.offsets {
            Offsets::Bytes => Unit::Bytes,
            Offsets::Utf16 => Unit::Utf16,
        };
        let wants = |it| shape.want.contains(&it);
        Ok(Request {
            check: wants(Want::Check),
            #[cfg(feature = "panels")]
            markdown: wants(Want::Markdown),
            effects: wants(Want::Effects),
            tables: wants(Want::Schema),
            ddl: wants(Want::Ddl),
            #[cfg(feature = "panels")]
            tree: wants(Want::Tree),
            report: shape.report,
            schema: shape.schema,
            settings,
            offsets,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message for a request with these fields beside `report`.
    fn refusal(fields: &str) -> String {
        Request::parse(&format!(r#"{{"report": ["a.sql"], {fields}}}"#)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let request = Request::parse(r#"{"report": ["a.sql"], "want": ["effects"]}"#).unwrap();
        assert_eq!((request.check, request.effects, request.offsets), (false, true, Unit::Bytes));
        assert_eq!(request.settings, Settings::default());
    }

    #[test]
    fn the_version_goes_before_that_of_the_configuration() {
        let version = |fields: &str| {
            let json = format!(r#"{{"report": [], "want": [], "config": "postgres = 14"{fields}}}"#);
            Request::parse(&json).unwrap().settings.postgres.major()
        };
        assert_eq!(version(""), 14);
        assert_eq!(version(r#", "postgres": 18"#), 18);
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(refusal(r#""want": ["tables"]"#).contains("unknown variant `tables`, expected one of `check`"));
        assert!(refusal(r#""want": [], "offsets": "lines""#).contains("expected `bytes` or `utf16`"));
        assert!(refusal(r#""want": [], "pg": 17"#).contains("unknown field `pg`"));
        assert!(refusal(r#""want": [], "postgres": 12"#).contains("12, which is not a version from 13 to 18"));
        assert!(Request::parse("").is_err());
    }

    #[test]
    fn a_mistake_in_the_configuration_has_its_place() {
        let message = refusal(r#""want": [], "config": "[rules]\ntable-droped = \"off\"""#);
        assert_eq!(message, "lockkeeper.toml:2:1: there is no rule `table-droped`; is `table-dropped` meant?");
    }
}
