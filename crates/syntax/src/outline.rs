//! The tree of a statement as names, values and places: for people who want to see what was understood.
//!
//! It is read from what the tree prints of itself for debugging, so that no type of the tree is forgotten and none needs
//! a second description. What is absent, false or empty is left out.

use crate::{Span, Statement};

/// A piece of a statement's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// What it is to the node above; empty in a list.
    pub field: String,
    /// Its type; empty for plain text and numbers.
    pub name: String,
    /// A name, a text, a number.
    pub value: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
    /// What it consists of.
    pub children: Vec<Node>,
}

/// The tree of a statement.
pub fn outline(statement: &Statement) -> Node {
    let printed = format!("{:?}", statement.body);
    let mut node = Reader { rest: &printed }.value().unwrap_or_default();
    node.span = Some(statement.span);
    node
}

/// Reads what `{:?}` prints.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// The next value; `None` for what says nothing.
    fn value(&mut self) -> Option<Node> {
        match self.rest.chars().next()? {
            '"' | '\'' => Some(Node { value: Some(self.literal()), ..Node::default() }),
            '[' => self.list(']'),
            '(' => self.list(')'),
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Option<Node> {
        let end = self.rest.find(|it: char| !it.is_alphanumeric() && !"_.-+".contains(it)).unwrap_or(self.rest.len());
        let name = self.take(end.max(1)).to_owned();
        match name.as_str() {
            "Some" => {
                self.take(1);
                let inside = self.value();
                self.skip(')');
                return inside;
            }
            "None" | "false" => return None,
            _ => {}
        }
        if self.rest.starts_with('(') {
            return Some(
                self.list(')').map_or_else(|| Node { name: name.clone(), ..Node::default() }, |it| wrapped(&name, it)),
            );
        }
        if self.rest.starts_with(" {") {
            self.take(1);
            return Some(self.structure(name));
        }
        let is_plain = name.starts_with(|it: char| it.is_ascii_digit() || it == '-') || name == "true";
        let node = Node::default();
        Some(if is_plain { Node { value: Some(name), ..node } } else { Node { name, ..node } })
    }

    /// What stands between brackets, and with a comma behind each; `None` if nothing does.
    fn list(&mut self, close: char) -> Option<Node> {
        self.take(1);
        let mut children = Vec::new();
        while !self.rest.is_empty() && !self.skip(close) {
            children.extend(self.value());
            self.skip_comma();
        }
        let span = around(&children);
        // A place without a name belongs to the whole.
        children.retain(|it| !it.is_place());
        (!children.is_empty()).then_some(Node { span, children, ..Node::default() })
    }

    fn structure(&mut self, name: String) -> Node {
        self.take(1);
        let mut children = Vec::new();
        while !self.rest.is_empty() && !self.skip('}') {
            self.skip(' ');
            let Some(colon) = self.rest.find(": ") else { break };
            let field = self.take(colon).to_owned();
            self.take(2);
            children.extend(self.value().map(|it| Node { field, ..it }));
            self.skip_comma();
            if self.rest.starts_with(" }") {
                self.take(1);
            }
        }
        tidy(name, children)
    }

    /// A string or a character, with its escapes undone.
    fn literal(&mut self) -> String {
        let quote = self.take(1).to_owned();
        let mut text = String::new();
        while let Some(next) = self.rest.chars().next() {
            self.take(next.len_utf8());
            match next {
                '\\' => text.extend(self.escaped()),
                _ if quote.starts_with(next) => break,
                _ => text.push(next),
            }
        }
        text
    }

    fn escaped(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.take(next.len_utf8());
        match next {
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            '0' => Some('\0'),
            'u' => {
                let end = self.rest.find('}')?;
                let digits = self.take(end + 1).trim_matches(['{', '}']).to_owned();
                u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
            }
            other => Some(other),
        }
    }

    fn take(&mut self, count: usize) -> &str {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip(&mut self, mark: char) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_comma(&mut self) {
        if self.rest.starts_with(", ") {
            self.take(2);
        }
    }
}

/// `Check(Check { … })` is one node; `Check("…")` is a node with a value.
fn wrapped(name: &str, list: Node) -> Node {
    let mut children = list.children;
    if children.len() == 1 {
        let only = children.remove(0);
        if only.name.is_empty() || only.name == name {
            return Node { name: name.to_owned(), ..only };
        }
        children.push(only);
    }
    Node { name: name.to_owned(), span: list.span, children, ..Node::default() }
}

/// Takes the place out of the fields, and the text out of what is a text and nothing else.
fn tidy(name: String, mut children: Vec<Node>) -> Node {
    if name == "Span" {
        let end = |field: &str| children.iter().find(|it| it.field == field)?.value.as_ref()?.parse().ok();
        let span = end("start").zip(end("end")).map(|(start, end)| Span::new(start, end));
        return Node { span, ..Node::default() };
    }
    let own = children.iter().position(|it| it.field == "span" && it.is_place());
    let span = own.and_then(|it| children.remove(it).span).or_else(|| around(&children));
    match children.as_slice() {
        [only] if only.field == "text" => Node { name, value: children.remove(0).value, span, ..Node::default() },
        _ => Node { name, span, children, ..Node::default() },
    }
}

impl Node {
    /// Whether it is nothing but a place, as the word `CONCURRENTLY` is.
    fn is_place(&self) -> bool {
        self.span.is_some() && self.name.is_empty() && self.value.is_none() && self.children.is_empty()
    }
}

/// The smallest range with all of them in it.
fn around(nodes: &[Node]) -> Option<Span> {
    nodes.iter().filter_map(|it| it.span).filter(|it| !it.is_empty()).reduce(Span::to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use insta::assert_snapshot;

    fn print(node: &Node, sql: &str, depth: usize, out: &mut String) {
        let field = if node.field.is_empty() { String::new() } else { format!("{}: ", node.field) };
        let value = node.value.as_ref().map(|it| format!(" {it:?}")).unwrap_or_default();
        let place = node.span.map(|it| format!(" `{}`", it.of(sql))).unwrap_or_default();
        out.push_str(&format!("{}{}\n", "  ".repeat(depth), format!("{field}{}{value}{place}", node.name).trim_end()));
        node.children.iter().for_each(|it| print(it, sql, depth + 1, out));
    }

    fn outlined(sql: &str) -> String {
        let mut out = String::new();
        parse(sql).statements.iter().for_each(|it| print(&outline(it), sql, 0, &mut out));
        out
    }

    #[test]
    fn a_statement_is_a_tree_of_what_it_says() {
        assert_snapshot!(outlined("CREATE UNIQUE INDEX CONCURRENTLY i ON app.\"Orders\" (lower(a) DESC) WHERE b > 0"));
        assert_snapshot!(outlined(
            "ALTER TABLE t ADD COLUMN a text DEFAULT 'it''s \"x\\y\"' NOT NULL, DROP COLUMN b CASCADE"
        ));
    }

    #[test]
    fn text_that_cannot_be_read_is_a_tree_too() {
        assert_snapshot!(outlined("ALTER TABEL t ADD a int"));
    }

    #[test]
    fn what_is_printed_for_debugging_is_read_back() {
        let read = |text: &str| {
            let mut out = String::new();
            print(&Reader { rest: text }.value().unwrap_or_default(), "", 0, &mut out);
            out
        };
        assert_eq!(
            read("A { b: Some(\"x\\u{e9}\\n\"), c: None, d: [], e: [1, -2.5e3], f: true, g: false, h: 'c' }"),
            "A\n  b:  \"xé\\n\"\n  e:\n     \"1\"\n     \"-2.5e3\"\n  f:  \"true\"\n  h:  \"c\"\n"
        );
        assert_eq!(read("A(A { b: B })"), "A\n  b: B\n");
        assert_eq!(read("A(B { c: 1 }, ())"), "A\n  B\n    c:  \"1\"\n");
    }
}
