//! Reads a rule document: front matter, headings, prose, and examples with claims about what the server does.
//!
//! `README.md` of this folder describes the format for people. Everything here borrows from the document's text; lines
//! count from 1, offsets are bytes.

mod block;
mod error;
mod front_matter;
mod marker;
mod parse;
#[cfg(test)]
mod tests;
mod versions;

pub use block::{Block, BlockKind, Language, Sending};
pub use error::{Error, Problem};
pub use front_matter::{Category, FixSafety, FrontMatter, Hazard, Severity};
pub use marker::{Claim, LOCK_MODES, Marker};
pub use parse::parse;
pub use versions::Versions;

/// A rule document. Made by [`parse()`]; read by `explain`, by the rule table and by the tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// The rule's name, which is the file's name without `.md`.
    pub name: &'a str,
    /// What stands between the `---` lines.
    pub front_matter: FrontMatter<'a>,
    /// In the order of [`Heading`], which is the order in the file.
    pub sections: Vec<Section<'a>>,
}

/// What stands under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The heading; its blocks share one history.
    pub heading: Heading,
    /// The line of the heading.
    pub line: usize,
    /// Prose and examples in their order.
    pub parts: Vec<Part<'a>>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Markdown without examples, trimmed, never empty.
    Prose(&'a str),
    /// An example.
    Block(Block<'a>),
}

/// The headings of a document, in their fixed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// `# name`: what goes wrong, and why.
    Summary,
    /// What the rule reports.
    Example,
    /// What to write instead.
    Instead,
    /// What looks alike and is fine.
    NotReported,
    /// When a finding may be suppressed.
    WhenToIgnore,
    /// What the settings can tell the rule.
    Options,
    /// Where the manual says so.
    References,
}

impl Heading {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Summary,
        Self::Example,
        Self::Instead,
        Self::NotReported,
        Self::WhenToIgnore,
        Self::Options,
        Self::References,
    ];

    /// The words after `## `; the summary's heading is the rule's name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Summary => "",
            Self::Example => "Example",
            Self::Instead => "Instead",
            Self::Options => "Options",
            Self::NotReported => "Not reported",
            Self::WhenToIgnore => "When to ignore",
            Self::References => "References",
        }
    }
}

impl<'a> Document<'a> {
    /// The section under `heading`, if the document has it.
    pub fn section(&self, heading: Heading) -> Option<&Section<'a>> {
        self.sections.iter().find(|section| section.heading == heading)
    }

    /// The options that the document explains, each with what it does: the list items ``- `name`: text``.
    pub fn options(&self) -> Vec<(&'a str, String)> {
        let mut options: Vec<(&'a str, String)> = Vec::new();
        let parts = self.section(Heading::Options).map(|it| it.parts.as_slice()).unwrap_or_default();
        for part in parts {
            let Part::Prose(text) = part else { continue };
            let mut inside = false;
            for line in text.lines() {
                match line.strip_prefix("- `").and_then(|it| it.split_once("`: ")) {
                    Some((name, about)) => {
                        inside = true;
                        options.push((name, about.to_owned()));
                    }
                    None if line.trim().is_empty() => inside = false,
                    None if inside => {
                        if let Some((_, about)) = options.last_mut() {
                            about.push(' ');
                            about.push_str(line.trim());
                        }
                    }
                    None => {}
                }
            }
        }
        options
    }

    /// All examples, in the order of the file.
    pub fn blocks(&self) -> impl Iterator<Item = &Block<'a>> {
        self.sections.iter().flat_map(Section::blocks)
    }

    /// The history that the examples under `heading` form on PostgreSQL `version`: the setup blocks of all sections
    /// above, then the section's own blocks. Each is a migration that runs after those before it.
    pub fn history(&self, heading: Heading, version: u8) -> impl Iterator<Item = &Block<'a>> {
        let above = self.sections.iter().filter(move |section| section.heading < heading);
        let setup = above.flat_map(Section::blocks).filter(|block| block.kind == BlockKind::Setup);
        let own = self.sections.iter().filter(move |section| section.heading == heading).flat_map(Section::blocks);
        setup.chain(own).filter(move |block| block.versions.contains(version))
    }
}

impl<'a> Section<'a> {
    /// The examples of this section.
    pub fn blocks(&self) -> impl Iterator<Item = &Block<'a>> {
        self.parts.iter().filter_map(|part| match part {
            Part::Block(block) => Some(block),
            Part::Prose(_) => None,
        })
    }
}
