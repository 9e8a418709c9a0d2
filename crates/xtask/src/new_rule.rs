//! `cargo xtask new-rule NAME`: the document and the module of a rule, and their lines in the tables.
//!
//! What is written compiles, and the document claims a finding that the module does not report yet. So the tests fail
//! until the rule does what its document says.

use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

const DOCUMENTS: &str = "rules/src/lib.rs";
const RULES: &str = "crates/core/src/rules/mod.rs";

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let name = arguments.value().context("the rule's name is missing")?;
    let name = name.to_str().context("the rule's name must be kebab-case")?;
    if let Some(more) = arguments.next()? {
        return Err(more.unexpected().into());
    }
    for path in write(tools::root(), name)? {
        println!("{path}");
    }
    println!(
        "Write the document first (rules/README.md has the format), then the check. The tests fail until both agree."
    );
    Ok(())
}

/// Writes the rule below `root` and says which files are new or changed.
pub(crate) fn write(root: &Path, name: &str) -> Result<[String; 4]> {
    ensure!(is_kebab_case(name), "`{name}` is not kebab-case: lower-case words with `-` between them");
    let module = name.replace('-', "_");
    let paths =
        [format!("rules/{name}.md"), format!("crates/core/src/rules/{module}.rs"), DOCUMENTS.into(), RULES.into()];
    for path in &paths[..2] {
        ensure!(!root.join(path).exists(), "{path} is there already");
    }
    let read = |path: &str| fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"));
    let documents = with_sorted_line(&read(DOCUMENTS)?, "    \"", &format!("    \"{name}\","))?;
    let rules = with_sorted_line(&read(RULES)?, "mod ", &format!("mod {module};"))?;
    let rules = with_last_rule(&rules, &format!("    rule!({module}, \"{name}\"),"))?;
    let texts = [document(name), code(name), documents, rules];
    for (path, text) in paths.iter().zip(texts) {
        fs::write(root.join(path), text).with_context(|| format!("cannot write {path}"))?;
    }
    Ok(paths)
}

fn is_kebab_case(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|it: char| it.is_ascii_lowercase())
            && word.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    name.split('-').all(word)
}

/// Adds a line to the first run of lines that begin with `prefix`, in its place by the alphabet.
fn with_sorted_line(text: &str, prefix: &str, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(first) = lines.iter().position(|it| it.starts_with(prefix)) else {
        bail!("no line begins with `{prefix}`")
    };
    let length = lines[first..].iter().take_while(|it| it.starts_with(prefix)).count();
    let before = lines[first..first + length].iter().filter(|it| **it < line).count();
    lines.insert(first + before, line);
    Ok(lines.join("\n") + "\n")
}

/// Adds a line at the end of the table of rules, whose order is that of precedence.
fn with_last_rule(text: &str, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|it| it.starts_with("    rule!(")).context("the table of rules is empty")?;
    lines.insert(last + 1, line);
    Ok(lines.join("\n") + "\n")
}

fn document(name: &str) -> String {
    let words = name.replace('-', " ");
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\
---
summary: {first}{rest}
severity: warning
category: locks
hazard: waits
since: {version}
fix: none
---
# {name}

What the server does, what that means for the people who use the database, and for how long.

## Example

```sql setup
CREATE TABLE events (id bigint PRIMARY KEY);
```

```sql bad
ALTER TABLE events ADD COLUMN note text;
--^ finding: {name}
--^ lock: events ACCESS EXCLUSIVE
```

## Instead

What to write instead, and why it is better.

```sql good
COMMENT ON TABLE events IS 'what happens';
--^ lock: events SHARE UPDATE EXCLUSIVE
```

## Not reported

What looks alike and is fine.

## When to ignore

When a reader may say that this is meant so.

## References

- [ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html)
",
        first = words[..1].to_uppercase(),
        rest = &words[1..],
    )
}

fn code(name: &str) -> String {
    format!(
        "\
//! What `{name}` reports.

use crate::choose::Findings;
use crate::step::Step;

pub(crate) fn check(_step: &Step<'_>, _found: &mut Findings<'_>) {{}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "x\nmod a;\nmod c;\n\npub static RULES: &[Rule] = &[\n    rule!(c, \"c\"),\n    rule!(a, \"a\"),\n];\n";

    #[test]
    fn names_are_kebab_case() {
        for name in ["a", "index-built-under-lock", "b2-c"] {
            assert!(is_kebab_case(name), "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "A", "a_b", "2a", "../a", "ä"] {
            assert!(!is_kebab_case(name), "{name}");
        }
    }

    #[test]
    fn a_line_finds_its_place() {
        let place = |line: &str| with_sorted_line(TABLE, "mod ", line).unwrap().lines().position(|it| it == line);
        assert_eq!(place("mod b;"), Some(2));
        assert_eq!(place("mod d;"), Some(3));
        assert!(with_sorted_line(TABLE, "nothing", "x").is_err());
    }

    #[test]
    fn a_new_rule_comes_last() {
        let table = with_last_rule(TABLE, "    rule!(b, \"b\"),").unwrap();
        assert!(table.ends_with("    rule!(a, \"a\"),\n    rule!(b, \"b\"),\n];\n"));
    }

    #[test]
    fn a_rule_that_is_there_is_not_overwritten() {
        let error = write(tools::root(), "table-dropped").unwrap_err();
        assert_eq!(error.to_string(), "rules/table-dropped.md is there already");
    }
}
