//! What the engine is asked.

use lockkeeper_core::Settings;
#[cfg(feature = "config")]
use lockkeeper_core::SettingsError;
use lockkeeper_model::Version;
use lockkeeper_sources::Unit;
use serde_json::Value;

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
    /// Whether the same for code scanning is wanted.
    #[cfg(feature = "panels")]
    pub sarif: bool,
    /// Whether the comment on a change is wanted.
    #[cfg(feature = "panels")]
    pub comment: bool,
    /// Whether the report of `effects` is wanted.
    pub effects: bool,
    /// Whether the report of `schema` is wanted.
    pub tables: bool,
    /// Whether the same as SQL is wanted.
    pub ddl: bool,
    /// Whether the trees of the statements are wanted.
    #[cfg(feature = "panels")]
    pub tree: bool,
    /// Whether the statements as they are sent are wanted.
    #[cfg(feature = "panels")]
    pub sql: bool,
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// It is not the object that is expected.
    #[error("the request is not understood: {0}")]
    Shape(String),
    /// The configuration has a mistake.
    #[cfg(feature = "config")]
    #[error("lockkeeper.toml:{}:{}: {}", .0.line, .0.column, .0.message)]
    Config(SettingsError),
    /// There is no such server.
    #[error("`postgres` is {0}, which is not a version from {old} to {new}", old = Version::OLDEST, new = Version::NEWEST)]
    Version(u8),
    /// A path that reports, or that of the schema, was never set.
    #[error("there is no file `{0}`")]
    NoFile(String),
}

impl Request {
    /// Whether what is found is wanted, in whichever form.
    pub fn finds(&self) -> bool {
        #[cfg(feature = "panels")]
        let printed = self.markdown || self.sarif || self.comment;
        #[cfg(not(feature = "panels"))]
        let printed = false;
        self.check || printed
    }

    /// Whether what the histories do is wanted, in whichever form.
    pub fn replays(&self) -> bool {
        #[cfg(feature = "panels")]
        let sent = self.sql || self.comment;
        #[cfg(not(feature = "panels"))]
        let sent = false;
        self.effects || self.tables || self.ddl || sent
    }

    /// Reads the JSON of a request: `report` and `want` are lists, `schema` (a path), `config` (the text of a
    /// `lockkeeper.toml`), `postgres` and `offsets` (`"bytes"` or `"utf16"`) may be left out.
    ///
    /// # Errors
    ///
    /// For JSON of another shape, unknown words, and mistakes in the configuration, with their place there.
    pub fn parse(json: &str) -> Result<Request, RequestError> {
        let not_json = |it: serde_json::Error| RequestError::Shape(it.to_string());
        let Value::Object(fields) = serde_json::from_str(json).map_err(not_json)? else {
            return Err(RequestError::Shape("it is no object".to_owned()));
        };
        let mut request = Request {
            report: Vec::new(),
            schema: None,
            settings: Settings::default(),
            offsets: Unit::Bytes,
            check: false,
            #[cfg(feature = "panels")]
            markdown: false,
            #[cfg(feature = "panels")]
            sarif: false,
            #[cfg(feature = "panels")]
            comment: false,
            effects: false,
            tables: false,
            ddl: false,
            #[cfg(feature = "panels")]
            tree: false,
            #[cfg(feature = "panels")]
            sql: false,
        };
        let (mut report, mut want, mut postgres) = (None, None, None);
        // By hand: what serde derives for it would be a hundredth of the page's module.
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("schema" | "postgres" | "config" | "offsets", Value::Null) => {}
                ("report", value) => report = Some(strings("report", value)?),
                ("want", value) => want = Some(strings("want", value)?),
                ("schema", value) => request.schema = Some(string("schema", value)?),
                #[cfg(feature = "config")]
                ("config", value) => {
                    request.settings = Settings::parse(&string("config", value)?).map_err(RequestError::Config)?;
                }
                // Of nothing written there is nothing to read.
                #[cfg(not(feature = "config"))]
                ("config", Value::String(text)) if text.trim().is_empty() => {}
                ("postgres", value) => {
                    let major = value.as_u64().and_then(|it| u8::try_from(it).ok());
                    let major = major.ok_or_else(|| RequestError::Shape("`postgres` is no version".to_owned()))?;
                    postgres = Some(Version::new(major).ok_or(RequestError::Version(major))?);
                }
                ("offsets", value) => match string("offsets", value)?.as_str() {
                    "bytes" => request.offsets = Unit::Bytes,
                    "utf16" => request.offsets = Unit::Utf16,
                    other => {
                        let message = format!("unknown variant `{other}`, expected `bytes` or `utf16`");
                        return Err(RequestError::Shape(message));
                    }
                },
                (other, _) => return Err(RequestError::Shape(format!("unknown field `{other}`"))),
            }
        }
        let missing = |name: &str| RequestError::Shape(format!("missing field `{name}`"));
        request.report = report.ok_or_else(|| missing("report"))?;
        for word in want.ok_or_else(|| missing("want"))? {
            let wanted = match word.as_str() {
                "check" => &mut request.check,
                #[cfg(feature = "panels")]
                "markdown" => &mut request.markdown,
                #[cfg(feature = "panels")]
                "sarif" => &mut request.sarif,
                #[cfg(feature = "panels")]
                "comment" => &mut request.comment,
                "effects" => &mut request.effects,
                "schema" => &mut request.tables,
                "ddl" => &mut request.ddl,
                #[cfg(feature = "panels")]
                "tree" => &mut request.tree,
                #[cfg(feature = "panels")]
                "sql" => &mut request.sql,
                _ => {
                    let known = "expected one of `check`, `effects`, `schema`, `ddl`";
                    return Err(RequestError::Shape(format!("unknown variant `{word}`, {known}")));
                }
            };
            *wanted = true;
        }
        request.settings.postgres = postgres.unwrap_or(request.settings.postgres);
        Ok(request)
    }
}

fn string(name: &str, value: Value) -> Result<String, RequestError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(RequestError::Shape(format!("`{name}` is no string"))),
    }
}

fn strings(name: &str, value: Value) -> Result<Vec<String>, RequestError> {
    match value {
        Value::Array(items) => items.into_iter().map(|it| string(name, it)).collect(),
        _ => Err(RequestError::Shape(format!("`{name}` is no list"))),
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
        assert_eq!(version(r#", "postgres": null"#), 14);
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(refusal(r#""want": ["tables"]"#).contains("unknown variant `tables`, expected one of `check`"));
        assert!(refusal(r#""want": [], "offsets": "lines""#).contains("expected `bytes` or `utf16`"));
        assert!(refusal(r#""want": [], "pg": 17"#).contains("unknown field `pg`"));
        assert!(refusal(r#""want": [], "postgres": 12"#).contains("12, which is not a version from 13 to 18"));
        assert!(refusal(r#""want": "check""#).contains("`want` is no list"));
        assert!(refusal(r#""schema": 1"#).contains("`schema` is no string"));
        assert!(refusal(r#""config": """#).contains("missing field `want`"));
        assert!(Request::parse("").is_err() && Request::parse("[]").is_err());
    }

    #[test]
    fn a_mistake_in_the_configuration_has_its_place() {
        let message = refusal(r#""want": [], "config": "[rules]\ntable-droped = \"off\"""#);
        assert_eq!(message, "lockkeeper.toml:2:1: there is no rule `table-droped`; is `table-dropped` meant?");
    }
}
