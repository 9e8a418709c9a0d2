//! What of a file runs in one direction.

#[cfg(feature = "python")]
use crate::alembic::Made;
use crate::alembic::{self, Places, Surroundings};
use crate::frameworks::{Cut, Judged, definition};
use crate::{Framework, Note, Position, Reading, SpanMap, Unit, holes};
use lockkeeper_model::Runner;
use lockkeeper_model::timeline::Section;
use lockkeeper_syntax::{Arrange, Body, Comment, CommentKind, Parsed, Problem, Span, decode, parse};
use std::ops::Range;
use std::sync::Arc;

/// A file as it is stored. It is bytes and not text because positions count the file's own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path as the user knows it, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file whose bytes are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    path: String,
    text: Arc<str>,
    map: SpanMap,
    problems: Vec<Problem>,
}

impl Text {
    /// Decodes a file.
    pub fn new(source: &Source) -> Self {
        let (text, problems) = decode(&source.bytes);
        let text: Arc<str> = text.into();
        let map = SpanMap::new(Arc::clone(&text), &source.bytes, &problems);
        Self { path: source.path.clone(), text, map, problems }
    }

    /// Its path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A file of which nothing runs.
    pub fn beside(&self, framework: Framework, notes: Vec<Note>) -> Script {
        let line_comment = |span| Comment { kind: CommentKind::Line, span };
        let comments = hash_comments(&self.text).map(line_comment).collect();
        let parsed = Arc::new(Parsed { problems: self.problems.clone(), comments, ..Parsed::default() });
        Script {
            path: self.path.clone(),
            sql: Arc::clone(&self.text),
            parsed,
            map: self.map.clone(),
            direction: Direction::Up,
            framework,
            version: String::new(),
            runner: Runner::default(),
            sections: Vec::new(),
            unread: Vec::new(),
            notes,
            places: None,
            gaps: Vec::new(),
            beside: true,
        }
    }

    /// A script that a program in the file makes.
    #[cfg(feature = "python")]
    pub(crate) fn script(
        &self,
        sql: Arc<str>,
        mut parsed: Parsed,
        direction: Direction,
        runner: Runner,
        made: Made,
    ) -> Script {
        parsed.problems.splice(0..0, self.problems.iter().cloned());
        Script {
            path: self.path.clone(),
            sql,
            parsed: parsed.into(),
            map: self.map.clone(),
            direction,
            framework: Framework::Alembic,
            version: String::new(),
            runner,
            sections: made.sections,
            unread: made.unread,
            notes: made.notes,
            places: made.places,
            gaps: made.gaps,
            beside: false,
        }
    }
}

/// Which way a script leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Forwards, as part of the history.
    #[default]
    Up,
    /// Back to the schema before.
    Down,
}

/// What of a file runs in one direction, parsed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Script {
    /// The path of its file.
    pub path: String,
    /// The SQL. As long as the file's text, with blanks where that belongs to the other direction.
    pub sql: Arc<str>,
    /// Its statements and comments. What of the file could not be decoded stands among its problems.
    pub parsed: Arc<Parsed>,
    /// From bytes of `sql` to places in the file.
    pub map: SpanMap,
    /// Which way it leads.
    pub direction: Direction,
    /// Who runs it.
    pub framework: Framework,
    /// What the tool takes for its version; empty if it has none or nobody looked.
    pub version: String,
    /// How the tool sends it.
    pub runner: Runner,
    /// Where the tool goes on to send it in another way, or in a transaction of its own.
    pub sections: Vec<Section>,
    /// The statements in front of which something is sent that is not understood, by number; in order.
    pub unread: Vec<usize>,
    /// What else its tool minds.
    pub notes: Vec<Note>,
    /// From bytes of `sql` to bytes of the file's text, if a program of the file makes the SQL; else they are the same.
    pub places: Option<Arc<Places>>,
    /// What of such a program is not understood: a comment in `sql`, and why.
    pub gaps: Vec<(Span, String)>,
    /// Whether the file stands beside the migrations and nothing of it runs; then there are no statements.
    pub beside: bool,
}

impl Script {
    /// Whether the SQL stands in the file as it is, so that an edit of it can be made there.
    pub fn is_written(&self) -> bool {
        self.places.is_none()
    }

    /// Whether it does more than its statements show, wherever: templates are filled in. What of a program is not understood
    /// has its place (`unread`).
    pub fn is_partial(&self) -> bool {
        !self.parsed.holes.is_empty()
    }

    /// The bytes of the file's text that `span` of the SQL comes from.
    pub fn place(&self, span: Span) -> Span {
        self.places.as_ref().map_or(span, |it| it.of(span))
    }

    /// The bytes of the SQL that come from `source`, bytes of the file's text.
    pub fn made_by(&self, source: Span) -> Span {
        self.places.as_ref().map_or(source, |it| it.made_by(source))
    }

    /// Where `span` of the SQL starts and ends in the file.
    pub fn range(&self, span: Span, unit: Unit) -> Range<Position> {
        self.map.range(self.place(span), unit)
    }
}

/// Reads a file: one script for each direction in which something of it runs.
pub fn read(text: &Text, reading: &Reading) -> Vec<Script> {
    if reading.framework == Framework::Alembic {
        return alembic::scripts(text, &reading.hints, &Surroundings::default(), &[]);
    }
    let framework = definition(reading.framework);
    let cut = match reading.hints.passed_over {
        true => Cut::whole(&text.text, Direction::Up, Runner::default()),
        false => (framework.cut)(&text.text, reading.direction, &reading.hints),
    };
    let one = |direction| {
        let mut parts = cut.parts.iter().filter(|it| it.direction == direction);
        let mut runner = parts.clone().next()?.runner;
        let sql: Arc<str> = if parts.clone().count() == 1 && cut.parts.len() == 1 && cut.breaks.is_empty() {
            Arc::clone(&text.text)
        } else {
            only(&cut, direction, &text.text).into()
        };
        let mut parsed = parse_filled(&sql);
        if reading.hints.passed_over {
            parsed.statements.clear();
        }
        let first = |span: Span| parsed.statements.iter().position(|it| it.span.start >= span.start);
        let sections =
            parts.by_ref().skip(1).filter_map(|it| Some(Section { from: first(it.span)?, runner: it.runner }));
        let sections = sections.collect();
        // A note belongs to the way whose text it stands in; what is said of the whole file, to the way forwards.
        let elsewhere =
            |it: &Note| cut.parts.iter().any(|part| part.direction != direction && part.span.contains(it.span));
        let mut notes: Vec<Note> = cut.notes.iter().filter(|it| !elsewhere(it)).cloned().collect();
        if let Some(judge) = framework.judge {
            judge(&mut Judged {
                text: &text.text,
                sql: &sql,
                parsed: &parsed,
                hints: &reading.hints,
                runner: &mut runner,
                notes: &mut notes,
            });
        }
        parsed.problems.splice(0..0, text.problems.iter().cloned());
        Some(Script {
            path: text.path.clone(),
            sql,
            parsed: parsed.into(),
            map: text.map.clone(),
            direction,
            framework: reading.framework,
            version: String::new(),
            runner,
            sections,
            unread: Vec::new(),
            notes,
            places: None,
            gaps: Vec::new(),
            beside: false,
        })
    };
    [Direction::Up, Direction::Down].into_iter().filter_map(one).collect()
}

/// The comments of ours in a file whose comments begin with `#`.
fn hash_comments(text: &str) -> impl Iterator<Item = Span> + '_ {
    text.match_indices('#').filter_map(|(at, _)| {
        let line = text[at..].lines().next()?;
        let ours = line.trim_start_matches('#').trim_start().starts_with("lockkeeper:");
        ours.then(|| Span::new(at as u32, (at + line.trim_end().len()) as u32))
    })
}

/// Parses `sql` with its templates filled in. What then cannot be read is a template, not a mistake.
fn parse_filled(sql: &str) -> Parsed {
    let Some(filled) = holes::fill(sql) else { return mark_templates(parse(sql)) };
    let mut parsed = parse(&filled.text);
    parsed.holes.extend(filled.holes);
    parsed.holes.arrange_by(Ord::cmp);
    mark_templates(parsed)
}

fn mark_templates(mut parsed: Parsed) -> Parsed {
    if parsed.holes.is_empty() {
        return parsed;
    }
    for statement in &mut parsed.statements {
        if let Body::Unreadable(it) = &mut statement.body {
            it.template = parsed.holes.iter().any(|hole| statement.span.contains(*hole));
        }
    }
    parsed
}

/// The text with all but one direction blanked out, byte by byte and line by line, so that every offset stays. What
/// stands above the first part belongs to both. A marker that ends a statement becomes a semicolon.
fn only(cut: &Cut, direction: Direction, text: &str) -> String {
    let mut out: Vec<u8> = text.bytes().map(|it| if matches!(it, b'\n' | b'\r') { it } else { b' ' }).collect();
    let mut keep = |span: Span| {
        let range = span.start as usize..span.end as usize;
        out[range.clone()].copy_from_slice(&text.as_bytes()[range]);
    };
    keep(Span::new(0, cut.parts.iter().map(|it| it.span.start).min().unwrap_or_default()));
    cut.parts.iter().filter(|it| it.direction == direction).for_each(|it| keep(it.span));
    for span in cut.breaks.iter().filter(|it| !it.is_empty()) {
        let range = span.start as usize..span.end as usize;
        out[range].fill(b' ');
        if let Some(first) = out.get_mut(span.start as usize) {
            *first = b';';
        }
    }
    // Parts begin and end between characters.
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    fn source(text: &str) -> Source {
        Source { path: "1.sql".to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// For each script its direction and its statements with their lines.
    fn scripts(text: &str) -> Vec<(Direction, Vec<String>)> {
        let statements = |it: &Script| {
            let line = |offset| it.map.position(offset, Unit::Bytes).line;
            let all = it.parsed.statements.iter();
            all.map(|statement| format!("{}: {}", line(statement.span.start), statement.span.of(&it.sql))).collect()
        };
        let framework = if text.contains("migrate:up") { Framework::Dbmate } else { Framework::Plain };
        let reading = Reading { framework, ..Reading::default() };
        read(&Text::new(&source(text)), &reading).iter().map(|it| (it.direction, statements(it))).collect()
    }

    #[test]
    fn a_plain_file_runs_whole() {
        let statements = vec!["1: SELECT 1".to_owned(), "2: SELECT 2".to_owned()];
        assert_eq!(scripts("SELECT 1;\nSELECT 2;\n"), [(Direction::Up, statements)]);
    }

    #[test]
    fn markers_keep_the_lines_of_the_file() {
        assert_eq!(
            scripts("-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 1;\n"),
            [(Direction::Up, vec!["4: SELECT 1".to_owned()]), (Direction::Down, vec!["2: SELECT 2".to_owned()])]
        );
    }

    #[test]
    fn a_file_with_one_section_leads_one_way() {
        assert_eq!(scripts("-- migrate:up\nSELECT 1;\n"), [(Direction::Up, vec!["2: SELECT 1".to_owned()])]);
    }

    #[test]
    fn problems_of_the_bytes_are_kept() {
        let source = Source { path: "1.sql".to_owned(), bytes: b"SELECT '\xff';\n".to_vec() };
        let scripts = read(&Text::new(&source), &Reading::default());
        assert_eq!(scripts[0].parsed.problems.len(), 1);
        assert_eq!(scripts[0].parsed.statements.len(), 1);
    }
}
