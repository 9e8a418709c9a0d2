//! From the text of a document to its parts.

use super::{
    BlockKind, Document, Error, FixSafety, Heading, Part, Problem, Section,
    block::{self, Block},
    front_matter,
};

/// Reads the document of the rule `name`.
///
/// # Errors
///
/// The first line that does not follow the format.
pub fn parse<'a>(name: &'a str, text: &'a str) -> Result<Document<'a>, Error> {
    let no_front_matter = Error { line: 1, problem: Problem::NoFrontMatter };
    let head = text.strip_prefix("---\n").ok_or(no_front_matter.clone())?;
    let head = &head[..head.find("\n---\n").ok_or(no_front_matter)? + 1];
    let front_matter = front_matter::parse(head)?;
    let mut reader = Reader {
        name,
        text,
        at: "---\n".len() + head.len() + "---\n".len(),
        line: 2 + head.lines().count(),
        prose_from: None,
        sections: Vec::new(),
    };
    reader.read()?;
    let document = Document { name, front_matter, sections: reader.sections };
    check(&document)?;
    Ok(document)
}

/// Walks the lines behind the front matter.
struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    /// Where the next line begins.
    at: usize,
    /// The line read last.
    line: usize,
    /// Where the prose began that no heading and no block has ended yet.
    prose_from: Option<usize>,
    sections: Vec<Section<'a>>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Error> {
        while let Some((from, content)) = self.next_line() {
            if let Some(info) = content.strip_prefix("```") {
                if let Some(block) = self.block(info.trim_end())? {
                    self.end_prose(from);
                    self.section()?.parts.push(Part::Block(block));
                    continue;
                }
            } else if content.starts_with('#') {
                self.end_prose(from);
                self.heading(content.trim_end())?;
                continue;
            }
            if !content.trim().is_empty() {
                self.section()?;
                self.prose_from.get_or_insert(from);
            }
        }
        self.end_prose(self.text.len());
        Ok(())
    }

    /// The next line, its end included, and where it begins.
    fn next_line(&mut self) -> Option<(usize, &'a str)> {
        let from = self.at;
        let content = self.text[from..].split_inclusive('\n').next()?;
        self.at += content.len();
        self.line += 1;
        Some((from, content))
    }

    fn fail<T>(&self, problem: Problem) -> Result<T, Error> {
        Err(Error { line: self.line, problem })
    }

    /// The section being read; before the title there is none.
    fn section(&mut self) -> Result<&mut Section<'a>, Error> {
        let error = Error { line: self.line, problem: Problem::Title(self.name.to_owned()) };
        self.sections.last_mut().ok_or(error)
    }

    fn end_prose(&mut self, to: usize) {
        let Some(from) = self.prose_from.take() else { return };
        if let Some(section) = self.sections.last_mut() {
            section.parts.push(Part::Prose(self.text[from..to].trim()));
        }
    }

    fn heading(&mut self, content: &'a str) -> Result<(), Error> {
        let heading = match content.strip_prefix("## ") {
            _ if self.sections.is_empty() => {
                if content.strip_prefix("# ") != Some(self.name) {
                    return self.fail(Problem::Title(self.name.to_owned()));
                }
                Heading::Summary
            }
            Some(title) => match Heading::ALL[1..].iter().find(|heading| heading.title() == title) {
                Some(heading) => *heading,
                None => return self.fail(Problem::Heading(content.to_owned())),
            },
            None => return self.fail(Problem::Heading(content.to_owned())),
        };
        if self.sections.last().is_some_and(|last| last.heading >= heading) {
            return self.fail(Problem::HeadingOrder(content.to_owned()));
        }
        self.sections.push(Section { heading, line: self.line, parts: Vec::new() });
        Ok(())
    }

    /// Reads to the closing fence. A block that is only to be shown stays part of the prose.
    fn block(&mut self, info: &'a str) -> Result<Option<Block<'a>>, Error> {
        let opened = self.line;
        let block = block::parse_info(info, opened)?;
        let offset = self.at;
        loop {
            match self.next_line() {
                Some((from, "```\n" | "```")) => {
                    let Some(mut block) = block else { return Ok(None) };
                    block.offset = offset;
                    block.text = &self.text[offset..from];
                    block::read_markers(&mut block, self.name)?;
                    return Ok(Some(block));
                }
                Some(_) => {}
                None => return Err(Error { line: opened, problem: Problem::OpenFence }),
            }
        }
    }
}

/// What can be said only of a document as a whole.
fn check(document: &Document<'_>) -> Result<(), Error> {
    let end = document.sections.last().map_or(1, |section| section.line);
    let summary = document
        .section(Heading::Summary)
        .ok_or(Error { line: end, problem: Problem::Title(document.name.to_owned()) })?;
    if !matches!(summary.parts.first(), Some(Part::Prose(_))) {
        return Err(Error { line: summary.line, problem: Problem::EmptySummary });
    }
    for heading in [Heading::Example, Heading::Instead, Heading::References] {
        if document.section(heading).is_none() {
            return Err(Error { line: end, problem: Problem::MissingHeading(heading.title()) });
        }
    }
    let explained: Vec<&str> = document.options().into_iter().map(|it| it.0).collect();
    if explained != document.front_matter.options {
        let line = document.section(Heading::Options).map_or(end, |it| it.line);
        let names = match document.front_matter.options.as_slice() {
            [] => "nothing: the front matter has no `options`".to_owned(),
            names => format!("`{}`, in this order", names.join("`, `")),
        };
        return Err(Error { line, problem: Problem::Options(names) });
    }
    let example = document.section(Heading::Example).filter(|example| example.blocks().any(is_bad));
    if example.is_none() {
        return Err(Error { line: end, problem: Problem::NoBad });
    }
    let has_fix = document.front_matter.fix != FixSafety::None;
    let mut above = None;
    for block in document.blocks() {
        if block.kind == BlockKind::Fixed && !(has_fix && above == Some(BlockKind::Bad)) {
            return Err(Error { line: block.line, problem: Problem::FixedAlone });
        }
        above = Some(block.kind);
    }
    if has_fix && !document.blocks().any(|block| block.kind == BlockKind::Fixed) {
        return Err(Error { line: end, problem: Problem::NoFixed });
    }
    Ok(())
}

fn is_bad(block: &Block<'_>) -> bool {
    block.kind == BlockKind::Bad
}
