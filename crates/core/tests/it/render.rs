//! The one helper: SQL in, findings with the text of their spans out.

use lockkeeper_core::{Finding, Input, Problem, Report, Root, Safety, Settings, apply, lint};
use lockkeeper_model::Runner;
use lockkeeper_sources::{Entry, File, Framework, Note, Reading, Script, Source, Text, read, survey};
use lockkeeper_syntax::{Parsed, Span, parse};

/// Scripts of one history.
#[derive(Default)]
pub(crate) struct History {
    pub(crate) scripts: Vec<(String, Parsed, Runner, bool)>,
    /// Of the last script, if it is a file of a tool: which, and what that minds.
    pub(crate) tool: Option<(Framework, Vec<Note>)>,
    /// Files of a project, the scripts of which come behind all others; the newest reports.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) settings: Settings,
    pub(crate) partial: bool,
}

impl History {
    /// Adds a script that is only context.
    pub(crate) fn before(mut self, sql: &str) -> Self {
        self.scripts.push((sql.to_owned(), parse(sql), Runner::default(), false));
        self
    }

    /// Adds a script that reports.
    pub(crate) fn script(mut self, sql: &str, runner: Runner) -> Self {
        self.scripts.push((sql.to_owned(), parse(sql), runner, true));
        self
    }

    /// Adds a script that reports, as its tool reads it.
    pub(crate) fn file(mut self, text: &str, framework: Framework) -> Self {
        let source = Source { path: "1_example.sql".to_owned(), bytes: text.as_bytes().to_vec() };
        let scripts = read(&Text::new(&source), &Reading { framework, ..Reading::default() });
        if let Some(it) = scripts.into_iter().next() {
            self.scripts.push((text.to_owned(), it.parsed.as_ref().clone(), it.runner, true));
            self.tool = Some((framework, it.notes));
        }
        self
    }

    /// Adds a file of a project.
    pub(crate) fn project_file(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|it| it.0 != path);
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// The scripts of the project's files, each with the text of its file.
    fn project(&self) -> Vec<(Script, &str)> {
        let files = self.files.iter().map(|(path, text)| File { path, within: path, text, named: false });
        let roots = survey(&files.collect::<Vec<_>>()).roots;
        let entries = roots.iter().flat_map(|it| it.up.iter().chain(&it.down));
        let read = |it: &Entry| {
            let (path, text) = &self.files[it.file];
            let source = Source { path: path.clone(), bytes: text.as_bytes().to_vec() };
            it.read(&Text::new(&source)).into_iter().map(|it| (it, text.as_str())).collect::<Vec<_>>()
        };
        entries.flat_map(read).collect()
    }

    /// What `lint` says of them.
    pub(crate) fn report(&self) -> Report {
        let mut inputs: Vec<Input<'_>> = self
            .scripts
            .iter()
            .map(|(sql, parsed, runner, reports)| Input {
                runner: *runner,
                reports: *reports,
                ..Input::of("db/1.sql", sql, parsed)
            })
            .collect();
        if let (Some(last), Some((framework, notes))) = (inputs.last_mut(), &self.tool) {
            (last.framework, last.notes) = (*framework, notes);
        }
        let project = self.project();
        let newest = self.files.last().map(|it| it.0.as_str());
        inputs.extend(
            project.iter().map(|(it, _)| Input { reports: Some(it.path.as_str()) == newest, ..Input::from(it) }),
        );
        lint(&Root { scripts: &inputs, partial: self.partial }, &self.settings)
    }

    /// The same, to read.
    pub(crate) fn rendered(&self) -> String {
        let report = self.report();
        let mut out: Vec<String> = report.findings.iter().map(|it| self.finding(it)).collect();
        out.extend(report.problems.iter().map(|it| self.problem(it)));
        out.extend(
            report
                .unused_suppressions
                .iter()
                .map(|it| format!("unused suppression at `{}`: {}\n", self.text(it.script, it.span), it.message())),
        );
        out.join("\n")
    }

    fn text(&self, script: usize, span: Span) -> &str {
        match self.scripts.get(script) {
            Some(it) => span.of(&it.0),
            None => {
                let (script, text) = &self.project()[script - self.scripts.len()];
                script.place(span).of(text)
            }
        }
    }

    fn problem(&self, it: &Problem) -> String {
        format!("problem [{}] at `{}`: {}\n", it.kind.word(), self.text(it.script, it.span), it.message)
    }

    fn finding(&self, it: &Finding) -> String {
        let mut out = format!("{}: {} [{}]\n", it.severity, it.message, it.rule.name);
        let mut line =
            |head: &str, text: &str| out.push_str(&format!("  {head}: {}\n", text.replace('\n', "\n      ")));
        line(&format!("at `{}`", self.text(it.script, it.span)), it.caption.as_deref().unwrap_or("-"));
        for label in &it.labels {
            line(&format!("label `{}`", self.text(label.script, label.span)), &label.text);
        }
        if let Some(help) = &it.help {
            line("help", help);
        }
        if let Some(instead) = &it.instead {
            let how = instead.how.map(|it| format!(", {it}")).unwrap_or_default();
            line(&format!("instead{how}"), &instead.sql);
        }
        for note in &it.notes {
            line("note", note);
        }
        for assumed in &it.assumed {
            line("assumed", assumed);
        }
        if let Some(fix) = &it.fix {
            let (sql, parsed, ..) = &self.scripts[it.script];
            let statement = parsed.statements[it.statement.statement as usize].span;
            let rest = sql.len() - statement.end as usize;
            let fixed = apply(sql, fix);
            let safety = match fix.safety {
                Safety::Safe => "safe",
                Safety::Unsafe => "unsafe",
            };
            let text = &fixed[statement.start as usize..fixed.len() - rest];
            line(&format!("{safety} fix, {}", fix.title), text);
        }
        out
    }
}

/// The findings of one script that runs alone, in full knowledge of the schema, after `before`.
pub(crate) fn findings(before: &str, sql: &str) -> String {
    History::default().before(before).script(sql, Runner::default()).rendered()
}
