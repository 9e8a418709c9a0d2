//! From what is wrong to what the editor underlines.

use crate::agreement::Agreement;
use crate::lines::Lines;
use crate::project::{Answer, Trouble, View};
use crate::uri;
use lockkeeper_core::Severity;
use lockkeeper_report::{Checked, Notice, notices};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Position, Range, Uri,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What knows the places of files.
pub(crate) struct Places<'a> {
    pub(crate) agreement: Agreement,
    /// The lines and the address of an open document.
    pub(crate) open: &'a dyn Fn(&Path) -> Option<(Lines, Uri)>,
}

impl Places<'_> {
    /// The lines and the address of a script's file, whether it is open or not.
    fn of(&self, view: &View, script: usize) -> Option<(Lines, Uri)> {
        let seen = &view.scripts[script];
        (self.open)(&seen.path).or_else(|| {
            Some((Lines::new(seen.script.map.text().into(), self.agreement.encoding), uri::of(&seen.path)?))
        })
    }
}

/// All diagnostics by their files.
pub(crate) fn all(answer: &Answer, places: &Places<'_>) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut found: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for trouble in &answer.troubles {
        found.entry(trouble.path.clone()).or_default().push(of_trouble(trouble));
    }
    for view in &answer.views {
        for notice in of_view(view) {
            let path = view.scripts[notice.script].path.clone();
            if let Some((lines, _)) = places.of(view, notice.script) {
                found.entry(path).or_default().push(of_notice(&notice, view, &lines, places));
            }
        }
    }
    found
}

/// What the report of a view says.
pub(crate) fn of_view(view: &View) -> Vec<Notice> {
    let scripts: Vec<_> = view.scripts.iter().map(|it| &it.script).collect();
    notices(Checked { report: &view.report, scripts: &scripts, version: view.version })
}

/// What one notice becomes; `lines` are those of its file.
pub(crate) fn of_notice(notice: &Notice, view: &View, lines: &Lines, places: &Places<'_>) -> Diagnostic {
    let script = &view.scripts[notice.script].script;
    Diagnostic {
        range: lines.range(script.place(notice.span)),
        severity: Some(severity(notice.severity)),
        code: Some(NumberOrString::String(notice.name.clone())),
        code_description: notice
            .url
            .as_deref()
            .and_then(|it| Uri::from_str(it).ok())
            .map(|href| CodeDescription { href }),
        source: Some("lockkeeper".to_owned()),
        message: notice.text.clone(),
        related_information: places.agreement.related.then(|| related(notice, view, places)),
        tags: notice.severity.is_none().then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

fn related(notice: &Notice, view: &View, places: &Places<'_>) -> Vec<DiagnosticRelatedInformation> {
    let labels = notice.finding.iter().flat_map(|it| &it.labels);
    let place = |script: usize, span| {
        let (lines, uri) = places.of(view, script)?;
        Some(Location { uri, range: lines.range(view.scripts[script].script.place(span)) })
    };
    labels
        .filter_map(|it| {
            let message = it.text.clone();
            Some(DiagnosticRelatedInformation { location: place(it.script, it.span)?, message })
        })
        .collect()
}

fn severity(severity: Option<Severity>) -> DiagnosticSeverity {
    match severity {
        Some(Severity::Error) => DiagnosticSeverity::ERROR,
        Some(Severity::Warning) => DiagnosticSeverity::WARNING,
        Some(Severity::Info) => DiagnosticSeverity::INFORMATION,
        None => DiagnosticSeverity::HINT,
    }
}

fn of_trouble(trouble: &Trouble) -> Diagnostic {
    let start = Position::new(trouble.line.saturating_sub(1), trouble.column.saturating_sub(1));
    Diagnostic {
        // To the end of the line, which an editor cuts where the line ends.
        range: Range::new(start, Position::new(start.line + 1, 0)),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some("lockkeeper".to_owned()),
        message: trouble.message.clone(),
        ..Diagnostic::default()
    }
}
