//! Edits that make lockkeeper ignore a rule.

use lockkeeper_core::Edit;
use lockkeeper_sources::Script;
use lockkeeper_syntax::Span;

/// The edit of the file's text after which the rule is silent at a statement of the script.
///
/// A comment above the statement, in SQL or in the Python around it, says so; one that is there is added to.
pub(crate) fn ignore_here(script: &Script, statement: usize, rule: &str) -> Option<Edit> {
    let text = script.map.text();
    let statement = script.parsed.statements.get(statement)?;
    let start = script.place(statement.span).start as usize;
    let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
    let indent = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
    let word = first_word(statement.span.of(&script.sql));
    // A call in Python makes the SQL; raw SQL stands there as it is.
    let in_sql = script.is_written() || text[start..].starts_with(word);
    if in_sql && shares_line(script, line, start) {
        let at = (start + word.len()) as u32;
        return Some(insert(at, format!(" /* lockkeeper: ignore {rule} */")));
    }
    let mark = if in_sql && line + indent == start { "--" } else { "#" };
    if script.is_written() && mark == "#" {
        // Something of the tool stands before it on the line.
        return Some(insert((start + word.len()) as u32, format!(" /* lockkeeper: ignore {rule} */")));
    }
    if let Some(at) = end_of_names(text, line, mark) {
        return Some(insert(at, format!(", {rule}")));
    }
    let indent = &text[line..line + indent];
    Some(insert((line + indent.len()) as u32, format!("{mark} lockkeeper: ignore {rule}\n{indent}")))
}

/// The edit of the file's text after which the rule is silent in the whole file; none where the file is a program.
pub(crate) fn ignore_in_file(script: &Script, rule: &str) -> Option<Edit> {
    script.is_written().then(|| insert(0, format!("-- lockkeeper: ignore-file {rule}\n")))
}

fn insert(at: u32, text: String) -> Edit {
    Edit { span: Span::new(at, at), text }
}

fn first_word(sql: &str) -> &str {
    let end = sql.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(sql.len());
    &sql[..end]
}

/// Whether another statement stands before this one on its line, so that a comment above would speak of that one.
fn shares_line(script: &Script, line: usize, start: usize) -> bool {
    let places = script.parsed.statements.iter().map(|it| script.place(it.span));
    places.filter(|it| (it.start as usize) < start).any(|it| it.end as usize > line)
}

/// Where the names end in a comment of ours on the line above.
fn end_of_names(text: &str, line: usize, mark: &str) -> Option<u32> {
    let above = text[..line].strip_suffix('\n')?;
    let start = above.rfind('\n').map_or(0, |it| it + 1);
    let comment = above[start..].trim();
    let rest = comment.strip_prefix(mark)?.trim_start().strip_prefix("lockkeeper:")?.trim_start();
    let names = rest.strip_prefix("ignore")?;
    let names = names.starts_with([' ', '\t']).then(|| names.split("--").next().unwrap_or_default().trim_end())?;
    if names.trim().is_empty() {
        return None;
    }
    Some((names.as_ptr() as usize - text.as_ptr() as usize + names.len()) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_core::{Fix, Safety, apply};
    use lockkeeper_sources::{Framework, Reading, Source, Text, read};

    /// The text after the last statement's rule `x` is ignored.
    fn ignored(framework: Framework, text: &str) -> String {
        let path = if framework == Framework::Alembic { "versions/1.py" } else { "1.sql" };
        let source = Source { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        let script = read(&Text::new(&source), &Reading { framework, ..Reading::default() }).remove(0);
        let edit = ignore_here(&script, script.parsed.statements.len() - 1, "x").unwrap();
        apply(text, &Fix { safety: Safety::Safe, title: String::new(), edits: vec![edit] })
    }

    #[test]
    fn a_comment_stands_above_the_statement() {
        assert_eq!(
            ignored(Framework::Plain, "SELECT 1;\n  DROP TABLE t;"),
            "SELECT 1;\n  -- lockkeeper: ignore x\n  DROP TABLE t;"
        );
    }

    #[test]
    fn a_comment_that_is_there_is_added_to() {
        assert_eq!(
            ignored(Framework::Plain, "-- lockkeeper: ignore a, b -- agreed\nDROP TABLE t;"),
            "-- lockkeeper: ignore a, b, x -- agreed\nDROP TABLE t;"
        );
    }

    #[test]
    fn a_statement_behind_another_bears_its_comment() {
        assert_eq!(
            ignored(Framework::Plain, "SELECT 1; DROP TABLE t;"),
            "SELECT 1; DROP /* lockkeeper: ignore x */ TABLE t;"
        );
    }

    #[test]
    fn python_and_the_sql_in_it_have_comments_of_their_own() {
        let file = |body: &str| {
            format!("from alembic import op\nrevision = 'b'\ndown_revision = None\n\ndef upgrade():\n{body}\n")
        };
        let ignored = |body: &str| ignored(Framework::Alembic, &file(body)).split_off(file("").len() - 1);
        assert_eq!(ignored("    op.drop_table('t')"), "    # lockkeeper: ignore x\n    op.drop_table('t')\n");
        assert_eq!(
            ignored("    op.execute('DROP TABLE t')"),
            "    # lockkeeper: ignore x\n    op.execute('DROP TABLE t')\n"
        );
        assert_eq!(
            ignored("    op.execute('''\n      DROP TABLE t\n    ''')"),
            "    op.execute('''\n      -- lockkeeper: ignore x\n      DROP TABLE t\n    ''')\n"
        );
    }
}
