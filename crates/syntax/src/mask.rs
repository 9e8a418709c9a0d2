//! What only `psql` understands, hidden from PostgreSQL's scanner by text of the same length.
//!
//! A backslash command becomes blanks, a variable (`:name`, `:'name'`, `:"name"`) becomes an identifier or constant,
//! the rows of `COPY … FROM stdin` become blanks. Every offset stays what it was, and lines stay lines.
//! See `src/bin/psql/psqlscan.l` for the lexical rules that are followed here.

use crate::Span;

/// Text for the scanner, of the same length as the original.
pub(crate) struct Masked {
    /// The text.
    pub(crate) text: String,
    /// Where variables stood.
    pub(crate) holes: Vec<Span>,
    /// Where NUL bytes stood.
    pub(crate) nuls: Vec<u32>,
}

/// Hides from `text` what is not SQL.
pub(crate) fn mask(text: &str) -> Masked {
    let nuls: Vec<u32> = text.bytes().enumerate().filter(|&(_, byte)| byte == 0).map(|(at, _)| at as u32).collect();
    let mut out = text.as_bytes().to_vec();
    for &at in &nuls {
        out[at as usize] = b' ';
    }
    let source = out.clone();
    let mut masker = Masker {
        source: &source,
        at: 0,
        out,
        holes: Vec::new(),
        brackets: 0,
        words: Words::default(),
        more_data: true,
        unterminated: 0,
    };
    masker.run();
    let Masker { out, holes, .. } = masker;
    // Whole characters were replaced by ASCII only, so the text is still UTF-8.
    let text = String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Masked { text, holes, nuls }
}

/// How many quotes without an end are mended by going on after the next line that ends in a semicolon. Each costs one
/// look through the rest of the text, so there must be a bound.
const MENDED: usize = 64;

/// The commands of psql that send what stands before them, as a semicolon does.
const SENDING: &[&str] =
    &["g", "gx", "gset", "gexec", "gdesc", "watch", "crosstabview", "bind", "parse", "sendpipeline"];

struct Masker<'a> {
    source: &'a [u8],
    at: usize,
    out: Vec<u8>,
    holes: Vec<Span>,
    brackets: u32,
    words: Words,
    /// Whether a line `\.` may still follow.
    more_data: bool,
    unterminated: usize,
}

/// As much of a statement as tells `COPY … FROM stdin`.
#[derive(Default)]
struct Words {
    count: usize,
    copy: bool,
    from: bool,
    stdin: bool,
}

impl Words {
    fn push(&mut self, word: &[u8]) {
        self.copy |= self.count == 0 && word.eq_ignore_ascii_case(b"copy");
        if self.copy {
            self.stdin |= self.from && word.eq_ignore_ascii_case(b"stdin");
            self.from = word.eq_ignore_ascii_case(b"from");
        }
        self.count += 1;
    }
}

impl Masker<'_> {
    fn run(&mut self) {
        if self.source.starts_with("\u{feff}".as_bytes()) {
            self.blank(0, 3);
            self.at = 3;
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\'' => self.quoted(b'\'', false),
                b'"' => self.quoted(b'"', false),
                b'-' if self.peek(1) == Some(b'-') => self.at = self.line_end(self.at),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                b'$' => self.dollar(),
                b'\\' => self.command(),
                b':' => self.colon(),
                b'[' => self.step(1, 0),
                b']' => self.step(0, 1),
                b';' => self.semicolon(),
                _ if is_word(byte) => self.word(),
                _ => self.at += 1,
            }
        }
    }

    fn step(&mut self, opened: u32, closed: u32) {
        self.brackets = (self.brackets + opened).saturating_sub(closed);
        self.at += 1;
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.at + ahead).copied()
    }

    fn find(&self, from: usize, byte: u8) -> Option<usize> {
        self.source.get(from..)?.iter().position(|&it| it == byte).map(|it| from + it)
    }

    fn line_end(&self, from: usize) -> usize {
        self.find(from, b'\n').unwrap_or(self.source.len())
    }

    /// Blanks a range, but keeps its line breaks.
    fn blank(&mut self, from: usize, to: usize) {
        for byte in &mut self.out[from..to] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }

    /// Goes past a word; a string constant that it introduces is read with its own escapes.
    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|it| is_word(it) || it.is_ascii_digit() || it == b'$') {
            self.at += 1;
        }
        let word = &self.source[start..self.at];
        if self.peek(0) == Some(b'\'') && word.eq_ignore_ascii_case(b"e") {
            self.quoted(b'\'', true);
        }
        self.words.push(word);
    }

    /// Goes past a quoted name or string. A doubled quote is met as the start of a further string, which comes to the same.
    fn quoted(&mut self, quote: u8, backslashes: bool) {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.source.get(at) {
                None => return self.mend(start),
                Some(b'\\') if backslashes => at += 2,
                // `E'a''b\'c'` stays in its own escapes.
                Some(&it) if it == quote && backslashes && self.source.get(at + 1) == Some(&quote) => at += 2,
                Some(&it) if it == quote => break,
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut at = start + 2;
        let mut depth = 1;
        while depth > 0 {
            match (self.source.get(at), self.source.get(at + 1)) {
                (None, _) => return self.mend(start),
                (Some(b'/'), Some(b'*')) => (depth, at) = (depth + 1, at + 2),
                (Some(b'*'), Some(b'/')) => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
        }
        self.at = at;
    }

    /// Goes past `$tag$ … $tag$`, or past a lone dollar sign.
    fn dollar(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        while self.source.get(at).is_some_and(|&it| is_word(it) || (at > start + 1 && it.is_ascii_digit())) {
            at += 1;
        }
        if self.source.get(at) != Some(&b'$') {
            self.at = start + 1;
            return;
        }
        let tag = &self.source[start..=at];
        let mut from = at + 1;
        while let Some(end) = self.find(from, b'$') {
            if self.source[end..].starts_with(tag) {
                self.at = end + tag.len();
                return;
            }
            from = end + 1;
        }
        self.mend(start);
    }

    /// Something that starts at `start` has no end: goes on after the statement, or gives up when that happens too often.
    fn mend(&mut self, start: usize) {
        self.unterminated += 1;
        self.at = if self.unterminated > MENDED { self.source.len() } else { after_statement(self.source, start) };
        self.words = Words::default();
        self.brackets = 0;
    }

    /// Hides a backslash command: it takes the rest of its line.
    fn command(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        let name = &self.source[start + 1..end];
        let length = name.iter().position(|it| !it.is_ascii_alphabetic()).unwrap_or(name.len());
        let sends = SENDING.iter().any(|it| it.as_bytes() == &name[..length]);
        self.at = end;
        self.blank(start, end);
        if sends && self.words.count > 0 {
            self.out[start] = b';';
            self.words = Words::default();
            self.brackets = 0;
        }
    }

    /// Replaces a variable. `::`, `:=` and the colon of an array slice are SQL.
    fn colon(&mut self) {
        let start = self.at;
        match self.peek(1) {
            Some(b':' | b'=') => self.at += 2,
            _ if self.brackets > 0 => self.at += 1,
            Some(quote @ (b'\'' | b'"')) => {
                let name =
                    self.source[start + 2..].iter().take_while(|&&it| is_word(it) || it.is_ascii_digit()).count();
                let end = start + 2 + name;
                self.at += 1;
                if name > 0 && self.source.get(end) == Some(&quote) {
                    self.out[start] = b' ';
                    self.at = end + 1;
                    self.holes.push(Span::new(start as u32, self.at as u32));
                }
            }
            Some(b'{') => {
                // `:{?name}` says whether the variable is set.
                let end = self.find(start, b'}').filter(|&it| it < self.line_end(start));
                self.at += 1;
                if let Some(end) = end.filter(|_| self.source.get(start + 2) == Some(&b'?')) {
                    self.blank(start, end + 1);
                    let word = b"true";
                    let length = word.len().min(end + 1 - start);
                    self.out[start..start + length].copy_from_slice(&word[..length]);
                    self.at = end + 1;
                    self.holes.push(Span::new(start as u32, self.at as u32));
                }
            }
            Some(byte) if is_word(byte) || byte.is_ascii_digit() => {
                self.at += 1;
                while self.peek(0).is_some_and(|it| is_word(it) || it.is_ascii_digit()) {
                    self.at += 1;
                }
                self.out[start] = b'_';
                self.words.count += 1;
                self.holes.push(Span::new(start as u32, self.at as u32));
            }
            _ => self.at += 1,
        }
    }

    /// Ends a statement, and hides the rows that follow a `COPY … FROM stdin`.
    fn semicolon(&mut self) {
        self.at += 1;
        let words = std::mem::take(&mut self.words);
        self.brackets = 0;
        if !words.stdin || !self.more_data {
            return;
        }
        let start = self.line_end(self.at);
        let mut line = start;
        while line < self.source.len() {
            let next = self.line_end(line + 1);
            let text = &self.source[line + 1..next];
            if text.strip_suffix(b"\r").unwrap_or(text) == b"\\." {
                self.at = next;
                self.blank(start, next);
                return;
            }
            line = next;
        }
        self.more_data = false;
    }
}

/// Where to go on after a statement that cannot be read: behind the next semicolon that ends a line.
pub(crate) fn after_statement(source: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = source.get(at..).and_then(|rest| rest.iter().position(|&it| it == b';')) {
        at += found + 1;
        let rest = &source[at..];
        let line = &rest[..rest.iter().position(|&it| it == b'\n').unwrap_or(rest.len())];
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"--") {
            return at;
        }
    }
    source.len()
}

/// Whether a byte can begin a word: a letter, an underscore, or a part of a character beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}
