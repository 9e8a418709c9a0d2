//! Examples: fenced blocks of SQL or Python.

use super::{
    Claim, Error, Marker, Problem, Versions,
    marker::{self, is_rule_name},
};

/// An example. `text` is what the tests run, markers included: they are comments of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// What it shows.
    pub kind: BlockKind,
    /// What it is written in.
    pub language: Language,
    /// The tool that reads it, if it is a file of one: `file=goose`.
    pub tool: Option<&'a str>,
    /// Which file of a project it is: `file=env.py`, or `name=V1__x.sql` for a file of a tool; nothing for a revision.
    pub path: Option<&'a str>,
    /// How it reaches the server.
    pub sending: Sending,
    /// The versions it is for; on others it is skipped.
    pub versions: Versions,
    /// Rules that may report a good block.
    pub allow: Vec<&'a str>,
    /// The lines between the fences.
    pub text: &'a str,
    /// Where `text` begins in the document.
    pub offset: usize,
    /// The line of the opening fence.
    pub line: usize,
    /// In the order of the text.
    pub markers: Vec<Marker<'a>>,
}

/// What an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// An older migration, each statement of which commits by itself.
    Setup,
    /// What the rule reports.
    Bad,
    /// What no rule reports.
    Good,
    /// The bad block above after its fix.
    Fixed,
}

/// What an example is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Statements.
    Sql,
    /// A revision of Alembic, or another file of a program.
    Python,
    /// A file of settings: `ini`, `toml` or `text`.
    Settings,
}

impl Language {
    /// What a marker's line begins with.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::Sql => "--^",
            Self::Python | Self::Settings => "#^",
        }
    }

    const fn comment(self) -> &'static str {
        match self {
            Self::Sql => "--",
            Self::Python | Self::Settings => "#",
        }
    }
}

/// How the statements of a block reach the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// One by one, in one transaction.
    #[default]
    Transaction,
    /// `tx=none`: one by one, each in a transaction of its own.
    OneByOne,
    /// `tx=query`: all in one simple query, which the server runs as one transaction if there are several.
    OneQuery,
}

impl<'a> Block<'a> {
    /// The claims that stand between the end of one statement and the start of the next (offsets in `text`) and speak
    /// of PostgreSQL `version`.
    pub fn claims(&self, statement_end: usize, next_start: usize, version: u8) -> impl Iterator<Item = Claim<'a>> {
        self.markers
            .iter()
            .filter(move |marker| (statement_end..next_start).contains(&marker.offset))
            .filter(move |marker| marker.versions.contains(version))
            .map(|marker| marker.claim)
    }

    /// The text without its marker lines, as people want to see it. Offsets into it mean nothing elsewhere.
    pub fn without_markers(&self) -> String {
        let is_marker = |line: &str| line.starts_with(self.language.marker());
        self.text.split_inclusive('\n').filter(|line| !is_marker(line)).collect()
    }
}

/// Reads what follows the opening fence; `None` for a block that is only to be shown, such as `toml`.
pub(super) fn parse_info(info: &str, line: usize) -> Result<Option<Block<'_>>, Error> {
    let fail = |problem| Err(Error { line, problem });
    let mut words = info.split_ascii_whitespace();
    let word = words.next().unwrap_or_default();
    let language = match word {
        "sql" => Language::Sql,
        "python" => Language::Python,
        "ini" | "toml" | "text" if info.contains(" file=") => Language::Settings,
        _ => return Ok(None),
    };
    let kind = match words.next() {
        Some("setup") => BlockKind::Setup,
        Some("bad") => BlockKind::Bad,
        Some("good") => BlockKind::Good,
        Some("fixed") => BlockKind::Fixed,
        _ => return fail(Problem::BlockKind(word.to_owned())),
    };
    let (mut versions, mut sending, mut file, mut allow, mut tool) = (None, None, None, None, None);
    let mut path = None;
    for attribute in words {
        let unknown = || Problem::Attribute(attribute.to_owned());
        let repeated = match attribute.split_once('=') {
            Some(("pg", range)) => match Versions::parse(range) {
                Some(range) => versions.replace(range).is_some(),
                None => return fail(Problem::Versions(range.to_owned())),
            },
            Some(("tx", "none")) if kind != BlockKind::Setup => sending.replace(Sending::OneByOne).is_some(),
            Some(("tx", "query")) if kind != BlockKind::Setup => sending.replace(Sending::OneQuery).is_some(),
            Some(("file", "python")) if language == Language::Python => file.replace(()).is_some(),
            Some(("file", name)) if language == Language::Sql && name != "python" && is_rule_name(name) => {
                tool.replace(name).is_some()
            }
            Some(("file", name)) if language != Language::Sql && name.contains('.') => path.replace(name).is_some(),
            Some(("name", name)) if language == Language::Sql && name.ends_with(".sql") => path.replace(name).is_some(),
            Some(("allow", rules)) if kind == BlockKind::Good => {
                let rules: Vec<&str> = rules.split(',').collect();
                if let Some(rule) = rules.iter().find(|rule| !is_rule_name(rule)) {
                    return fail(Problem::RuleName((*rule).to_owned()));
                }
                allow.replace(rules).is_some()
            }
            _ => return fail(unknown()),
        };
        if repeated {
            return fail(Problem::RepeatedAttribute(attribute.to_owned()));
        }
    }
    if language == Language::Sql && path.is_some() && tool.is_none() {
        return fail(Problem::Attribute("name= without file=".to_owned()));
    }
    Ok(Some(Block {
        kind,
        language,
        tool,
        path,
        sending: sending.unwrap_or(if kind == BlockKind::Setup { Sending::OneByOne } else { Sending::Transaction }),
        versions: versions.unwrap_or(Versions::ALL),
        allow: allow.unwrap_or_default(),
        text: "",
        offset: 0,
        line,
        markers: Vec::new(),
    }))
}

/// Reads the markers of `block` and holds them to what its kind allows; `rule` is the document's name.
pub(super) fn read_markers<'a>(block: &mut Block<'a>, rule: &str) -> Result<(), Error> {
    let mut offset = 0;
    let mut statement_above = false;
    let text = block.text;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        let line = block.line + 1 + index;
        let fail = |problem| Err(Error { line, problem });
        if let Some(said) = content.strip_prefix(block.language.marker()) {
            let (claim, versions) = marker::parse(said).map_err(|problem| Error { line, problem })?;
            match (block.kind, claim) {
                (BlockKind::Setup, _) => return fail(Problem::MarkerInSetup),
                (BlockKind::Good | BlockKind::Fixed, Claim::Finding { .. }) => return fail(Problem::FindingInGood),
                _ if !statement_above => return fail(Problem::MarkerFirst),
                _ => block.markers.push(Marker { claim, versions, line, offset }),
            }
        } else if content.trim_start().starts_with(block.language.marker()) {
            return fail(Problem::Marker(content.trim().to_owned()));
        } else {
            let ignored = content.trim().is_empty() || content.starts_with(block.language.comment());
            statement_above |= !ignored;
        }
        offset += content.len();
    }
    let is_own = |marker: &Marker<'_>| {
        matches!(marker.claim, Claim::Finding { rule: found } if found == rule) && marker.versions.cover(block.versions)
    };
    if block.kind == BlockKind::Bad && !block.markers.iter().any(is_own) {
        return Err(Error { line: block.line, problem: Problem::NoFinding });
    }
    Ok(())
}
