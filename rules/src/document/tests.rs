use super::*;

const HEAD: &str = "---\nsummary: Rows are lost\nseverity: warning\ncategory: data\nsince: 0.1.0\nfix: none\nhazard: lost\n---\n# rows-lost\n\nWhy.\n\n";
const TAIL: &str = "## Instead\n\nDo not.\n\n## References\n\n- a page\n";
const BAD: &str = "```sql bad\nTRUNCATE t;\n--^ finding: rows-lost\n```\n";

/// A document whose section Example is `example`.
fn page(example: &str) -> String {
    format!("{HEAD}## Example\n\n{example}\n{TAIL}")
}

/// The error of a document, as people see it.
fn error(text: &str) -> String {
    parse("rows-lost", text).unwrap_err().to_string()
}

/// The error of a document whose first block of the section Example is `block`, with lines counted from its fence.
fn block_error(block: &str) -> String {
    let above = HEAD.lines().count() + "## Example\n\n".lines().count();
    let found = parse("rows-lost", &page(&format!("{block}{BAD}"))).unwrap_err();
    format!("{}: {}", found.line - above, found.problem)
}

/// The markers of a bad block that carries `markers` beside its finding.
fn claims(markers: &str, version: u8) -> Vec<String> {
    let text = page(&format!("```sql bad\nTRUNCATE t;\n--^ finding: rows-lost\n{markers}```\n"));
    let document = parse("rows-lost", &text).unwrap();
    let block = document.blocks().next().unwrap();
    block.claims("TRUNCATE t;".len(), block.text.len(), version).skip(1).map(|claim| format!("{claim:?}")).collect()
}

#[test]
fn front_matter_is_read() {
    let text = page(BAD);
    let document = parse("rows-lost", &text).unwrap();
    assert_eq!(
        document.front_matter,
        FrontMatter {
            summary: "Rows are lost",
            severity: Severity::Warning,
            category: Category::Data,
            hazard: Hazard::Lost,
            since: "0.1.0",
            fix: FixSafety::None,
            options: Vec::new(),
        }
    );
    assert_eq!(document.front_matter.severity.as_str(), "warning");
}

#[test]
fn sections_hold_prose_and_blocks() {
    let text = page(&format!("Like this:\n\n{BAD}\n```toml\nsmall = [\"t\"]\n```\nand so on"));
    let document = parse("rows-lost", &text).unwrap();
    let headings: Vec<Heading> = document.sections.iter().map(|section| section.heading).collect();
    assert_eq!(headings, [Heading::Summary, Heading::Example, Heading::Instead, Heading::References]);
    let parts = &document.section(Heading::Example).unwrap().parts;
    assert_eq!(parts[0], Part::Prose("Like this:"));
    assert!(matches!(&parts[1], Part::Block(block) if block.kind == BlockKind::Bad));
    assert_eq!(parts[2], Part::Prose("```toml\nsmall = [\"t\"]\n```\nand so on"));
}

#[test]
fn offsets_lead_back_into_the_document() {
    let text = page(&format!("{BAD}{BAD}"));
    let document = parse("rows-lost", &text).unwrap();
    for block in document.blocks() {
        assert_eq!(text[block.offset..][..block.text.len()], *block.text);
        assert_eq!(text.lines().nth(block.line - 1), Some("```sql bad"));
        for marker in &block.markers {
            assert!(block.text[marker.offset..].starts_with("--^ finding"));
            assert!(text.lines().nth(marker.line - 1).unwrap().starts_with("--^ finding"));
        }
    }
}

#[test]
fn attributes_are_read() {
    let blocks = "```sql good pg=15+ tx=none allow=other,another\nSELECT 1;\n```\n\
                  ```sql good pg=13-17 tx=query\nSELECT 1;\n```\n\
                  ```python good file=python\nop.execute('')\n#^ lock: t SHARE\n```\n";
    let text = page(&format!("{blocks}{BAD}"));
    let document = parse("rows-lost", &text).unwrap();
    let blocks: Vec<&Block<'_>> = document.blocks().collect();
    assert_eq!((blocks[0].sending, blocks[0].versions.to_string()), (Sending::OneByOne, "15+".to_owned()));
    assert_eq!(blocks[0].allow, ["other", "another"]);
    assert_eq!((blocks[1].sending, blocks[1].versions.to_string()), (Sending::OneQuery, "13-17".to_owned()));
    assert_eq!((blocks[2].language, blocks[2].markers.len()), (Language::Python, 1));
    assert_eq!((blocks[3].sending, blocks[3].versions), (Sending::Transaction, Versions::ALL));
}

#[test]
fn markers_are_read() {
    assert_eq!(claims("--^ lock: t SHARE\n", 17), ["Lock { relation: \"t\", mode: \"SHARE\" }"]);
    assert_eq!(
        claims("--^ lock: s.t SHARE ROW EXCLUSIVE\n", 17),
        ["Lock { relation: \"s.t\", mode: \"SHARE ROW EXCLUSIVE\" }"]
    );
    assert_eq!(
        claims("--^ lock: \"Odd name\" SHARE UPDATE EXCLUSIVE\n", 17),
        ["Lock { relation: \"\\\"Odd name\\\"\", mode: \"SHARE UPDATE EXCLUSIVE\" }"]
    );
    assert_eq!(
        claims("--^ scan: t\n--^ rewrite: u\n", 17),
        ["Scan { relation: \"t\" }", "Rewrite { relation: \"u\" }"]
    );
    assert_eq!(claims("--^ index: t_pkey\n", 17), ["Index { relation: \"t_pkey\" }"]);
    assert_eq!(claims("--^ error: 0A000\n", 17), ["Error { sqlstate: \"0A000\" }"]);
}

#[test]
fn a_marker_may_be_for_some_versions() {
    let marker = "--^ scan: t [13-17]\n--^ scan: u [18]\n";
    assert_eq!(claims(marker, 17), ["Scan { relation: \"t\" }"]);
    assert_eq!(claims(marker, 18), ["Scan { relation: \"u\" }"]);
}

#[test]
fn markers_speak_of_the_statement_above() {
    let sql = "TRUNCATE t;\n--^ finding: rows-lost\nCREATE INDEX ON t (a);\n--^ lock: t SHARE\n";
    let text = page(&format!("```sql bad\n{sql}```\n"));
    let document = parse("rows-lost", &text).unwrap();
    let block = document.blocks().next().unwrap();
    let second = sql.find("CREATE").unwrap();
    let claims = |from, to| block.claims(from, to, 17).collect::<Vec<_>>();
    assert_eq!(claims(sql.find(';').unwrap(), second), [Claim::Finding { rule: "rows-lost" }]);
    assert_eq!(claims(sql.rfind(';').unwrap(), sql.len()), [Claim::Lock { relation: "t", mode: "SHARE" }]);
    assert_eq!(block.without_markers(), "TRUNCATE t;\nCREATE INDEX ON t (a);\n");
}

#[test]
fn a_section_starts_from_the_setup_above_it() {
    let setup = |sql: &str, attribute: &str| format!("```sql setup{attribute}\n{sql}\n```\n");
    let example = format!("{}{BAD}{}", setup("CREATE TABLE t ();", ""), setup("CREATE TABLE u ();", " pg=18"));
    let instead = format!("## Instead\n\n{}```sql good\nSELECT 1;\n```\n", setup("CREATE TABLE v ();", ""));
    let text = format!("{HEAD}## Example\n\n{example}\n{instead}\n## References\n\n- a page\n");
    let document = parse("rows-lost", &text).unwrap();
    let history = |heading, version| -> Vec<&str> {
        document.history(heading, version).map(|block| block.text.lines().next().unwrap()).collect()
    };
    assert_eq!(history(Heading::Example, 17), ["CREATE TABLE t ();", "TRUNCATE t;"]);
    assert_eq!(history(Heading::Instead, 17), ["CREATE TABLE t ();", "CREATE TABLE v ();", "SELECT 1;"]);
    assert_eq!(
        history(Heading::Instead, 18),
        ["CREATE TABLE t ();", "CREATE TABLE u ();", "CREATE TABLE v ();", "SELECT 1;"]
    );
}

#[test]
fn a_wrong_front_matter_is_an_error() {
    let text = page(BAD);
    let with = |from: &str, to: &str| error(&text.replacen(from, to, 1));
    assert_eq!(error("# rows-lost\n"), "1: a document begins with front matter between two lines `---`");
    assert_eq!(error("---\nsummary: Rows\n"), "1: a document begins with front matter between two lines `---`");
    assert_eq!(with("since: ", "since="), "5: `since=0.1.0` is not `key: value`");
    assert_eq!(with("since:", "code:"), "5: unknown key `code` in the front matter");
    assert_eq!(with("since: 0.1.0\n", ""), "1: the front matter lacks `since`");
    assert_eq!(with("since: 0.1.0", "fix: none"), "6: `fix` is given twice");
    assert_eq!(
        with("are lost", "are lost."),
        "2: `Rows are lost.` is not a value for `summary`, which takes one sentence without its full stop"
    );
    assert_eq!(
        with("warning", "fatal"),
        "3: `fatal` is not a value for `severity`, which takes error, warning or info"
    );
    assert_eq!(
        with("category: data", "category: rows"),
        "4: `rows` is not a value for `category`, which takes locks, partitions, constraints, transactions, data, tools or errors"
    );
    assert_eq!(with("0.1.0", "0.1"), "5: `0.1` is not a value for `since`, which takes a release such as 0.1.0");
    assert_eq!(
        with("fix: none", "fix: maybe"),
        "6: `maybe` is not a value for `fix`, which takes none, safe or unsafe"
    );
}

#[test]
fn headings_are_fixed() {
    let text = page(BAD);
    let with = |from: &str, to: &str| error(&text.replacen(from, to, 1));
    assert_eq!(with("# rows-lost", "# rows-gone"), "9: the title must be `# rows-lost`");
    assert_eq!(with("# rows-lost\n", ""), "10: the title must be `# rows-lost`");
    assert_eq!(with("## Example", "## Examples"), "13: unknown heading `## Examples`");
    assert_eq!(with("## Example", "### Example"), "13: unknown heading `### Example`");
    assert_eq!(with("## Instead", "## Example"), "20: `## Example` stands out of order");
    assert_eq!(with("## References", "## Example"), "24: `## Example` stands out of order");
    assert_eq!(with("## References\n", ""), "20: the document lacks `## References`");
    assert_eq!(with("Why.\n", ""), "9: the summary is empty");
    assert_eq!(error(&page("")), "20: the section Example has no bad block");
}

#[test]
fn a_wrong_block_is_an_error() {
    let sql = |info: &str| block_error(&format!("```sql {info}\nSELECT 1;\n```\n"));
    assert_eq!(sql(""), "1: a `sql` block is one of setup, bad, good, fixed");
    assert_eq!(sql("ugly"), "1: a `sql` block is one of setup, bad, good, fixed");
    assert_eq!(sql("good tx=all"), "1: unknown attribute `tx=all`");
    assert_eq!(sql("good file=python"), "1: unknown attribute `file=python`");
    assert_eq!(sql("setup tx=none"), "1: unknown attribute `tx=none`");
    assert_eq!(sql("bad allow=other"), "1: unknown attribute `allow=other`");
    assert_eq!(sql("good allow=Other"), "1: `Other` is not the name of a rule");
    assert_eq!(sql("good pg=18 pg=17"), "1: `pg=17` is given twice");
    for range in ["", "x", "17-", "+", "17-13", "1O", "+15"] {
        let expected = format!("1: `{range}` is no range of versions such as 15, 15+ or 13-17");
        assert_eq!(sql(&format!("good pg={range}")), expected);
    }
    assert_eq!(sql("bad"), "1: a bad block claims a finding of its own rule");
    assert_eq!(sql("fixed"), "1: a fixed block follows a bad one, in the document of a rule with a fix");
    assert_eq!(error(&page("```sql bad\nTRUNCATE t;\n")), "15: this block has no end");
}

#[test]
fn a_wrong_marker_is_an_error() {
    let marker = |marker: &str| block_error(&format!("```sql good\nSELECT 1;\n{marker}\n```\n"));
    assert_eq!(marker("--^ lock t"), "3: a marker is `kind: value`, not `lock t`");
    assert_eq!(marker("--^ scan:"), "3: a marker is `kind: value`, not `scan:`");
    assert_eq!(marker(" --^ scan: t"), "3: a marker is `kind: value`, not `--^ scan: t`");
    assert_eq!(
        marker("--^ locks: t SHARE"),
        "3: unknown marker `locks`: one of finding, lock, scan, rewrite, index, error"
    );
    for lock in ["t", "SHARE", "t share", "t ROW EXCLUSIVE", "t ACCESS SHARE", "tSHARE"] {
        let found = marker(&format!("--^ lock: {lock}"));
        assert!(found.contains("is not"), "{lock}: {found}");
    }
    assert_eq!(marker("--^ scan: t u"), "3: `t u` is not the name of a relation");
    assert_eq!(marker("--^ scan: \"t"), "3: `\"t` is not the name of a relation");
    assert_eq!(marker("--^ error: 0A00"), "3: `0A00` is not an SQLSTATE");
    assert_eq!(marker("--^ scan: t [17-13]"), "3: `17-13` is no range of versions such as 15, 15+ or 13-17");
    assert_eq!(marker("--^ finding: rows-lost"), "3: only bad blocks have findings");
    assert_eq!(block_error("```sql bad\nTRUNCATE t;\n--^ finding: L001\n```\n"), "3: `L001` is not the name of a rule");
    assert_eq!(
        block_error("```sql good\n-- note\n--^ scan: t\nSELECT 1;\n```\n"),
        "3: a marker speaks of the statement above, and there is none"
    );
    assert_eq!(block_error("```sql setup\nSELECT 1;\n--^ scan: t\n```\n"), "3: setup blocks carry no markers");
}

#[test]
fn a_finding_must_hold_on_every_version_of_its_block() {
    let bad =
        |info: &str, range: &str| page(&format!("```sql bad{info}\nTRUNCATE t;\n--^ finding: rows-lost{range}\n```\n"));
    assert_eq!(error(&bad("", " [13-17]")), "15: a bad block claims a finding of its own rule");
    assert!(parse("rows-lost", &bad(" pg=13-17", " [13-17]")).is_ok());
    assert!(parse("rows-lost", &bad(" pg=15", " [13-17]")).is_ok());
}

#[test]
fn a_fix_is_shown() {
    let with_fix = |example: &str| page(example).replacen("fix: none", "fix: safe", 1);
    let fixed = "```sql fixed\nSELECT 1;\n```\n";
    assert_eq!(error(&with_fix(BAD)), "24: a rule with a fix shows it in a fixed block");
    assert!(parse("rows-lost", &with_fix(&format!("{BAD}{fixed}"))).is_ok());
    assert_eq!(
        error(&with_fix(&format!("{BAD}{fixed}{fixed}"))),
        "22: a fixed block follows a bad one, in the document of a rule with a fix"
    );
}

#[test]
fn options_are_explained_where_they_are_named() {
    let head = HEAD.replace("fix: none\n", "fix: none\noptions: allow, max_rows\n");
    let text = |options: &str| {
        format!("{head}## Example\n\n{BAD}\n## Instead\n\nDo not.\n\n{options}## References\n\n- a page\n")
    };
    let explained =
        text("## Options\n\n- `allow`: tables of which\n  nothing is said.\n- `max_rows`: so many.\n\nMore.\n\n");
    let document = parse("rows-lost", &explained).unwrap();
    let options = [("allow", "tables of which nothing is said.".to_owned()), ("max_rows", "so many.".to_owned())];
    assert_eq!(document.options(), options);
    let forgotten = text("## Options\n\n- `allow`: tables.\n\n");
    let error = parse("rows-lost", &forgotten).unwrap_err().problem.to_string();
    assert_eq!(error, "the section Options must explain `allow`, `max_rows`, in this order");
}
