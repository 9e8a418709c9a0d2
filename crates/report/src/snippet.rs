//! The lines of a file that a finding speaks of, with the clauses underlined.

use crate::Look;
use crate::paint::{Ink, harmless};
use annotate_snippets::{AnnotationKind, Group, Snippet};
use lockkeeper_sources::{Script, SpanMap, Unit};
use lockkeeper_syntax::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A clause to underline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark<'a> {
    /// The script's place in the list.
    pub(crate) script: usize,
    pub(crate) span: Span,
    /// A few words next to it.
    pub(crate) text: Option<&'a str>,
}

/// Bytes of a file that are shown as one piece. Larger ones are cut, so that a file of one endless line costs no more
/// than any other.
const PIECE: usize = 8 * 1024;

/// Lines of a clause that are underlined; of a longer one only the first.
const UNDERLINED: u32 = 12;

/// Bytes that remain on either side of a clause in a line that is cut.
const AROUND: usize = 120;

/// A piece of one file, and what is underlined in it.
struct Piece<'a> {
    script: usize,
    range: Range<usize>,
    marks: Vec<(AnnotationKind, Mark<'a>)>,
}

/// Draws `main`, then `labels`, each at its place in its file. `opening` is the start of the statement; its line is
/// shown if it is near. No line break at the end.
pub(crate) fn draw<'a>(
    scripts: &[&Script],
    main: Mark<'a>,
    labels: &[Mark<'a>],
    opening: Option<u32>,
    ink: Ink,
    look: Look,
) -> String {
    let placed = |mark: Mark<'a>| Mark { span: scripts[mark.script].place(mark.span), ..mark };
    let opening = opening.map(|it| scripts[main.script].place(Span::new(it, it)).start);
    let main = placed(main);
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    place(&mut pieces, scripts, AnnotationKind::Primary, main);
    if let Some(start) = opening {
        let mark = Mark { script: main.script, span: Span::new(start, start), text: None };
        let range = lines_of(&scripts[main.script].map, mark.span);
        if let Some(piece) = pieces.iter_mut().find(|it| union(&it.range, &range).len() <= PIECE) {
            piece.range = union(&piece.range, &range);
            piece.marks.push((AnnotationKind::Visible, mark));
        }
    }
    for &label in labels {
        place(&mut pieces, scripts, AnnotationKind::Context, placed(label));
    }
    let mut group = Group::with_level(ink.level());
    let mut columns = Vec::new();
    for piece in &pieces {
        let map = &scripts[piece.script].map;
        let (range, cut) = fit(map, piece);
        let first = piece.marks[0].1.span;
        if cut {
            columns.push(corrected(scripts[piece.script], first.start, range.start));
        }
        let line = map.position(range.start as u32, Unit::Bytes).line as usize;
        let source = Snippet::source(&map.text()[range.clone()]).line_start(line);
        let marks = piece.marks.iter().map(|(kind, mark)| {
            let within = |at: u32| (map.floor(at) as usize).clamp(range.start, range.end) - range.start;
            let label = mark.text.map(|it| harmless(it, false));
            kind.span(within(mark.span.start)..within(mark.span.end.max(mark.span.start))).label(label)
        });
        group = group.element(source.path(harmless(&scripts[piece.script].path, false)).annotations(marks));
    }
    let drawn = look.renderer().render(&[group]);
    columns.iter().fold(drawn, |drawn, (shown, real)| drawn.replacen(shown, real, 1))
}

/// Puts a mark into a piece that it is near to, or into one of its own.
fn place<'a>(pieces: &mut Vec<Piece<'a>>, scripts: &[&Script], kind: AnnotationKind, mark: Mark<'a>) {
    let map = &scripts[mark.script].map;
    let mark = Mark { span: shortened(map, mark.span), ..mark };
    let range = lines_of(map, mark.span);
    let near = |it: &&mut Piece<'_>| it.script == mark.script && union(&it.range, &range).len() <= PIECE;
    match pieces.iter_mut().find(near) {
        Some(piece) => {
            piece.range = union(&piece.range, &range);
            piece.marks.push((kind, mark));
        }
        None => pieces.push(Piece { script: mark.script, range, marks: vec![(kind, mark)] }),
    }
}

/// A clause of many lines becomes the part of it that stands on its first line.
fn shortened(map: &SpanMap, span: Span) -> Span {
    let lines = map.range(span, Unit::Bytes);
    if lines.end.line - lines.start.line < UNDERLINED && lines_of(map, span).len() <= PIECE {
        return span;
    }
    let line = lines_of(map, Span::new(span.start, span.start));
    let end = line.start + map.text()[line].trim_end().len();
    Span::new(span.start, span.end.min((end as u32).max(span.start)))
}

/// The whole lines that hold `span`, as bytes of the text.
fn lines_of(map: &SpanMap, span: Span) -> Range<usize> {
    let lines = map.range(span, Unit::Bytes);
    map.lines(lines.start.line, lines.end.line)
}

fn union(left: &Range<usize>, right: &Range<usize>) -> Range<usize> {
    left.start.min(right.start)..left.end.max(right.end)
}

/// The piece as it is shown, and whether its line had to be cut.
fn fit(map: &SpanMap, piece: &Piece<'_>) -> (Range<usize>, bool) {
    if piece.range.len() <= PIECE {
        return (piece.range.clone(), false);
    }
    let span = piece.marks[0].1.span;
    let start = (span.start as usize).saturating_sub(AROUND).max(piece.range.start);
    let end = (span.end as usize).min(span.start as usize + AROUND) + AROUND;
    (map.floor(start as u32) as usize..map.floor(end.min(piece.range.end) as u32) as usize, true)
}

/// The place that a cut piece would be said to have, and the one it has.
fn corrected(script: &Script, at: u32, cut: usize) -> (String, String) {
    let path = harmless(&script.path, false);
    let (place, start) = (script.map.position(at, Unit::Bytes), script.map.position(cut as u32, Unit::Bytes));
    let shown = place.column - start.column + 1;
    (format!("{path}:{}:{shown}", place.line), format!("{path}:{}:{}", place.line, place.column))
}

/// How many columns the line numbers of a drawing take.
pub(crate) fn gutter(drawn: &str) -> usize {
    let first = without_escapes(drawn.lines().next().unwrap_or_default());
    first.find("-->").unwrap_or_default()
}

fn without_escapes(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut pieces = line.split('\u{1b}');
    let head = pieces.next().unwrap_or_default().to_owned();
    Cow::Owned(pieces.fold(head, |out, it| out + it.split_once('m').map_or("", |(_, rest)| rest)))
}
