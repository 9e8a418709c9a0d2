//! The lock table: `tests/locks/*.md`, pages of examples in the format of the rule documents' blocks and markers.
//!
//! A page has a title, prose, and headings of its own choice. The setup blocks above the first heading are for the whole
//! page; each heading starts from them, and its blocks are successive migrations. There is nothing bad here: blocks are
//! `setup` or `good`.

use crate::account::Account;
use crate::claims;
use crate::ground::Ground;
use lockkeeper_model::Version;
use lockkeeper_rules::document::{Block, Heading, parse};
use lockkeeper_verify::{Cluster, Error};
use std::{fs, path::Path};

const FOLDER: &str = "locks";

/// A page of examples.
pub(crate) struct Page {
    path: String,
    /// What stands before the first heading, then what stands under each.
    parts: Vec<Part>,
}

/// What stands under one heading, as a rule document, so that one parser reads all examples.
struct Part {
    /// How many lines of the page stand above the first line of this part.
    lines_above: usize,
    document: String,
}

/// What makes a rule document of a part of a page: its examples become those under `Instead`.
const FRAME: (&str, &str) = (
    "---\nsummary: Locks\nseverity: info\ncategory: locks\nhazard: refused\nsince: 0.1.0\nfix: none\n---\n# locks\nLocks.\n\
     ## Example\n```sql bad\nSELECT 1;\n--^ finding: locks\n```\n## Instead\n",
    "\n## References\n",
);

/// Every page, in the order of the names.
pub(crate) fn all() -> Vec<Page> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the lock pages are part of the repository")
        .map(|entry| entry.expect("a folder can be listed").file_name().to_string_lossy().into_owned())
        .filter(|it| it.ends_with(".md"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "tests/{FOLDER} is empty");
    let page = |name: String| Page::new(&name, &fs::read_to_string(folder.join(&name)).expect("lock pages are UTF-8"));
    names.into_iter().map(page).collect()
}

impl Page {
    /// The stem of its file.
    pub(crate) fn name(&self) -> &str {
        Path::new(&self.path).file_stem().and_then(|it| it.to_str()).unwrap_or_default()
    }

    fn new(name: &str, text: &str) -> Self {
        let path = format!("tests/{FOLDER}/{name}");
        let mut parts = Vec::new();
        let mut body = String::new();
        let mut lines_above = 0;
        for (at, line) in text.lines().enumerate() {
            // A title is prose here, and no heading of a rule document.
            let heading = line.starts_with("# ") || line.starts_with("## ");
            if line.starts_with("## ") {
                parts.push(Part::new(lines_above, &body));
                body.clear();
                lines_above = at;
            }
            body += if heading { line.trim_start_matches('#') } else { line };
            body.push('\n');
        }
        parts.push(Part::new(lines_above, &body));
        let page = Self { path, parts };
        // A page that cannot be read fails by itself, with or without a server.
        for (at, part) in page.parts.iter().enumerate() {
            let examples = page.blocks(part).len();
            assert!(at == 0 || examples > 0, "{}:{}: a heading without an example", page.path, part.lines_above + 1);
        }
        page
    }

    /// The blocks of a part, with their lines in the page.
    fn blocks<'a>(&self, part: &'a Part) -> Vec<Block<'a>> {
        let frame_lines = FRAME.0.lines().count();
        let line = |in_document: usize| (in_document + part.lines_above).saturating_sub(frame_lines);
        let document = parse("locks", &part.document)
            .unwrap_or_else(|error| panic!("{}:{}: {}", self.path, line(error.line), error.problem));
        let section = document.section(Heading::Instead);
        let blocks = section.into_iter().flat_map(|it| it.blocks());
        blocks.map(|it| Block { line: line(it.line), ..it.clone() }).collect()
    }
}

impl Part {
    fn new(lines_above: usize, body: &str) -> Self {
        Self { lines_above, document: format!("{}{body}{}", FRAME.0, FRAME.1) }
    }
}

/// Runs every example of a page.
pub(crate) fn check(page: &Page, cluster: &Cluster, account: &mut Account) {
    if let Err(error) = run(page, cluster, account) {
        account.complain(&page.path, 1, format!("the examples cannot be run: {error}"));
    }
}

fn run(page: &Page, cluster: &Cluster, account: &mut Account) -> Result<(), Error> {
    let Some(version) = Version::new(account.major()) else { return Ok(()) };
    let mut above = Ground::new(cluster, version)?;
    for (at, part) in page.parts.iter().enumerate() {
        let mut copy = if at == 0 { None } else { Some(above.copy()?) };
        let ground = copy.as_mut().unwrap_or(&mut above);
        for block in page.blocks(part).iter().filter(|it| it.versions.contains(version.major())) {
            claims::run(&page.path, block, ground, account)?;
        }
    }
    Ok(())
}
