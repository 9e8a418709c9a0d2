//! The one comment on the whole change: what was found, and what its migrations lock.

use super::items::Item;
use super::locks::lock_table;
use super::report::{Effects, Report};
use crate::markup::{code, html_code};

/// What the comment is made of.
pub struct Summary<'a> {
    /// The name of the run, as several may comment on one change.
    pub run: &'a str,
    /// What was found.
    pub report: &'a Report,
    /// What the migrations do, if that is known.
    pub effects: Option<&'a Effects>,
    /// Whether a file of the report belongs to the change.
    pub is_changed: &'a dyn Fn(&str) -> bool,
    /// The page of a line of a file.
    pub line_page: &'a dyn Fn(&str, u32) -> Option<String>,
    /// The playground with a file in it.
    pub playground: &'a dyn Fn(&str) -> Option<String>,
    /// The most characters that the forge takes.
    pub most: usize,
}

/// The most characters that a comment on GitHub has.
pub const MOST_ON_GITHUB: usize = 65_536;

/// Room for the lines that say what was left out, and the last line.
const RESERVE: usize = 600;

/// Room that is kept for the headline of each item still to come.
const HEADLINE: usize = 200;

/// The first line of the comment of a run, by which it is found again.
pub fn mark(run: &str) -> String {
    format!("<!-- lockkeeper:summary:{run} -->\n")
}

impl Summary<'_> {
    /// The comment. `said` tells of each item whether a comment on its line says it.
    pub fn text(&self, items: &[Item<'_>], said: &[bool]) -> String {
        let mut page = Page { text: mark(self.run), left: self.most.saturating_sub(RESERVE) };
        page.add(&format!("### Lockkeeper: {}\n\n", self.found()));
        let left_out = self.findings(&mut page, items, said);
        if left_out > 0 {
            page.text.push_str(&format!("\n… and {left_out} more: the report of the job has them all.\n"));
        }
        let tables = self.tables(&mut page);
        if tables > 0 {
            page.text.push_str(&format!("\n… the locks of {tables} more files had no room.\n"));
        }
        let counts = &self.report.summary;
        page.text.push_str(&format!(
            "\n<sub>{} {}, {} {}, PostgreSQL {}. Lockkeeper {}</sub>\n",
            counts.files,
            if counts.files == 1 { "migration" } else { "migrations" },
            counts.statements,
            if counts.statements == 1 { "statement" } else { "statements" },
            self.report.postgres,
            self.report.tool.version,
        ));
        page.text
    }

    fn found(&self) -> String {
        let it = &self.report.summary;
        let counts = [(it.errors, "error"), (it.warnings, "warning"), (it.infos, "note"), (it.problems, "problem")];
        let words: Vec<String> = counts
            .iter()
            .filter(|it| it.0 > 0)
            .map(|(count, noun)| format!("{count} {noun}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if words.is_empty() { "nothing to report ✅".to_owned() } else { words.join(", ") }
    }

    /// Writes the items, file by file; gives how many had no room.
    fn findings(&self, page: &mut Page, items: &[Item<'_>], said: &[bool]) -> usize {
        let mut path = "";
        for (at, (item, said)) in items.iter().zip(said).enumerate() {
            let heading = if item.path == path { String::new() } else { format!("\n#### {}\n", code(item.path)) };
            path = item.path;
            let line = item.start.line;
            let place = match (self.line_page)(path, line) {
                Some(page) => format!(" in [line {line}]({page})"),
                None => format!(" in line {line}"),
            };
            let headline = format!("{heading}\n- {}\n", item.headline(&place));
            let details = item.details();
            let whole = if *said || details.is_empty() {
                headline.clone()
            } else {
                format!("{headline}  <details><summary>more</summary>\n{}\n  </details>\n", indented(&details))
            };
            // Rather every headline than a few with all their details.
            let added = page.fits(&whole, (items.len() - at) * HEADLINE) && page.add(&whole);
            if !added && !page.add(&headline) {
                return items.len() - at;
            }
        }
        0
    }

    /// Writes what each changed migration locks; gives how many files had no room.
    fn tables(&self, page: &mut Page) -> usize {
        let Some(effects) = self.effects else { return 0 };
        let mut paths: Vec<&str> = effects.statements.iter().map(|it| it.path.as_str()).collect();
        paths.dedup();
        paths.retain(|it| (self.is_changed)(it));
        for (at, path) in paths.iter().enumerate() {
            let statements: Vec<_> = effects.statements.iter().filter(|it| it.path == *path).collect();
            let table = lock_table(&statements, &|line| (self.line_page)(path, line));
            let link =
                (self.playground)(path).map(|it| format!("\n[Open in the playground]({it})\n")).unwrap_or_default();
            let details = |link: &str| {
                format!("\n<details><summary>What {} locks</summary>\n\n{table}{link}\n</details>\n", html_code(path))
            };
            if !page.add(&details(&link)) && !page.add(&details("")) {
                return paths.len() - at;
            }
        }
        0
    }
}

/// A text that grows as long as there is room.
struct Page {
    text: String,
    /// In characters.
    left: usize,
}

impl Page {
    fn fits(&self, text: &str, others: usize) -> bool {
        text.chars().count() + others <= self.left
    }

    /// Adds the text if there is room for all of it.
    fn add(&mut self, text: &str) -> bool {
        let count = text.chars().count();
        let fits = count <= self.left;
        if fits {
            self.left -= count;
            self.text.push_str(text);
        }
        fits
    }
}

/// The lines as part of a list item.
fn indented(text: &str) -> String {
    text.lines().map(|it| if it.is_empty() { "\n".to_owned() } else { format!("  {it}\n") }).collect()
}
