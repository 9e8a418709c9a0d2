//! The table of what a migration locks: one row a statement that others may notice.

use super::report::Statement;
use crate::markup::{code, prose};

/// The table as Markdown, or a sentence where there is nothing to show.
pub(super) fn lock_table(statements: &[&Statement], line_page: &dyn Fn(u32) -> Option<String>) -> String {
    let rows: Vec<String> = statements.iter().filter_map(|it| row(it, line_page)).collect();
    if rows.is_empty() {
        return "No statement takes a lock that others wait for.\n".to_owned();
    }
    format!("| line | statement | locks | waits | work |\n|---:|---|---|---|---|\n{}", rows.concat())
}

fn row(it: &Statement, line_page: &dyn Fn(u32) -> Option<String>) -> Option<String> {
    // What nobody else can see yet keeps nobody waiting.
    let locks: Vec<_> = it.locks.iter().filter(|it| !it.new).collect();
    let work = work(it);
    let refused = it.failure.as_ref().filter(|it| it.caused_by.is_none());
    if locks.is_empty() && work.is_empty() && refused.is_none() {
        return None;
    }
    let line = it.start.line;
    let line = line_page(line).map_or(line.to_string(), |page| format!("[{line}]({page})"));
    let each = |text: &dyn Fn(&super::report::Lock) -> String| locks.iter().map(|it| text(it)).collect::<Vec<_>>();
    let held = each(&|it| format!("{} {}", it.mode, cell_code(&it.relation))).join("<br>");
    let waits = each(&|it| it.blocks.clone()).join("<br>");
    let work = match refused {
        Some(it) => format!("refused: {} ({})", cell(&prose(&it.message)), it.sqlstate),
        None => work,
    };
    let kind = it.kind.as_deref().map_or("not understood".to_owned(), cell);
    Some(format!("| {line} | {kind} | {held} | {waits} | {work} |\n"))
}

fn work(it: &Statement) -> String {
    let listed = |verb: &str, names: &[String]| {
        let names: Vec<String> = names.iter().map(|it| cell_code(it)).collect();
        (!names.is_empty()).then(|| format!("{verb} {}", names.join(", ")))
    };
    let parts =
        [listed("rewrites", &it.rewrites), listed("reads all of", &it.scans), listed("builds", &it.index_builds)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("<br>")
}

/// Text that neither ends its cell nor its row.
fn cell(text: &str) -> String {
    text.replace("\\|", "|").replace('|', "\\|").replace('\n', " ")
}

fn cell_code(name: &str) -> String {
    code(name).replace('|', "\\|").replace('\n', " ")
}
