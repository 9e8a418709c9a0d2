//! What the editor offers to do about what it underlines.

use crate::agreement::FIX_ALL;
use crate::diagnostics::{Places, of_notice, of_view};
use crate::documents::Document;
use crate::edits::{ignore_here, ignore_in_file};
use crate::lines::Lines;
use crate::project::{Answer, View};
use lockkeeper_core::{Edit, Finding, Safety};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Diagnostic, Range, TextEdit, Uri, WorkspaceEdit,
};
use std::collections::HashMap;
use std::path::Path;

/// The actions for a range of a document.
pub(crate) fn at(
    path: &Path,
    document: &Document,
    params: &CodeActionParams,
    answer: &Answer,
    places: &Places<'_>,
) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &CodeActionKind| match &params.context.only {
        Some(only) => only.iter().any(|it| is_part_of(kind, it)),
        // What changes the whole document is done only when asked for.
        None => *kind != FIX_ALL,
    };
    let mut actions = Vec::new();
    for view in &answer.views {
        let here = of_view(view).into_iter().filter(|it| view.scripts[it.script].path == path);
        let findings = here.filter_map(|it| {
            let diagnostic = of_notice(&it, view, &document.lines, places);
            Some((it.finding?, diagnostic))
        });
        let findings: Vec<(Finding, Diagnostic)> = findings.collect();
        if wanted(&CodeActionKind::QUICKFIX) {
            let touched: Vec<_> = findings.iter().filter(|it| touch(it.1.range, params.range)).collect();
            actions.extend(touched.iter().filter_map(|it| fix(it, document)));
            actions.extend(touched.iter().flat_map(|it| ignore(it, view, document)));
        }
        if wanted(&FIX_ALL) {
            actions.extend(fix_all(&findings, document));
        }
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// Whether `kind` is `of` or below it: `source.fixAll.lockkeeper` is part of `source.fixAll`.
fn is_part_of(kind: &CodeActionKind, of: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(of.as_str());
    of.as_str().is_empty() || rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

fn touch(a: Range, b: Range) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Mends a finding.
fn fix((finding, diagnostic): &(Finding, Diagnostic), document: &Document) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    let safe = fix.safety == Safety::Safe;
    let warning = if safe { "" } else { " (look at it: the meaning may change)" };
    Some(CodeAction {
        title: format!("{}{warning}", capital(&fix.title)),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic.clone()]),
        edit: Some(change(&document.uri, text_edits(&fix.edits, &document.lines))),
        is_preferred: Some(safe),
        ..CodeAction::default()
    })
}

/// Makes a finding silent: at its statement, and in its file.
fn ignore((finding, diagnostic): &(Finding, Diagnostic), view: &View, document: &Document) -> Vec<CodeAction> {
    let script = &view.scripts[finding.script].script;
    let rule = finding.rule.name;
    let here = ignore_here(script, finding.statement.statement as usize, rule);
    let in_file = ignore_in_file(script, rule);
    let edits = [("here", here), ("in this file", in_file)];
    let action = |(place, edit): (&str, Option<Edit>)| {
        Some(CodeAction {
            title: format!("Ignore {rule} {place}"),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic.clone()]),
            edit: Some(change(&document.uri, text_edits(&[edit?], &document.lines))),
            ..CodeAction::default()
        })
    };
    edits.into_iter().filter_map(action).collect()
}

/// Mends all that can be mended without a change of meaning. Of fixes that overlap, the first is made.
fn fix_all(findings: &[(Finding, Diagnostic)], document: &Document) -> Option<CodeAction> {
    let mut edits: Vec<Edit> = Vec::new();
    let safe = findings.iter().filter_map(|it| it.0.fix.as_ref()).filter(|it| it.safety == Safety::Safe);
    for fix in safe {
        let overlaps =
            |it: &Edit| edits.iter().any(|made| it.span.start <= made.span.end && made.span.start <= it.span.end);
        if !fix.edits.iter().any(overlaps) {
            edits.extend(fix.edits.iter().cloned());
        }
    }
    (!edits.is_empty()).then(|| CodeAction {
        title: "Fix all that keeps its meaning".to_owned(),
        kind: Some(FIX_ALL),
        edit: Some(change(&document.uri, text_edits(&edits, &document.lines))),
        ..CodeAction::default()
    })
}

fn text_edits(edits: &[Edit], lines: &Lines) -> Vec<TextEdit> {
    edits.iter().map(|it| TextEdit { range: lines.range(it.span), new_text: it.text.clone() }).collect()
}

#[allow(clippy::mutable_key_type, reason = "the protocol's own shape")]
fn change(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits)])), ..WorkspaceEdit::default() }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
