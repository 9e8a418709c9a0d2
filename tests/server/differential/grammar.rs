//! Random statements from `grammar.txt`.

use std::collections::HashMap;

const TEXT: &str = include_str!("grammar.txt");

/// The forms of each name, with their weights.
pub(super) struct Grammar(HashMap<&'static str, Vec<(u64, &'static str)>>);

impl Grammar {
    pub(super) fn read() -> Self {
        let mut forms: HashMap<&str, Vec<(u64, &str)>> = HashMap::new();
        let mut name = "";
        for line in TEXT.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
            if let Some(head) = line.strip_suffix(':') {
                name = head;
                continue;
            }
            let weighted = line.split_once(' ').and_then(|(weight, form)| Some((weight.parse().ok()?, form)));
            forms.entry(name).or_default().push(weighted.unwrap_or((1, line)));
        }
        Self(forms)
    }

    /// All forms of a name, in order of writing.
    pub(super) fn forms(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.0[name].iter().map(|(_, form)| *form)
    }

    /// One form of a name, with all names in it replaced.
    pub(super) fn expand(&self, name: &str, random: &mut Random) -> String {
        let forms = self.0.get(name).unwrap_or_else(|| panic!("grammar.txt has no forms of `{name}`"));
        let mut left = random.below(forms.iter().map(|(weight, _)| weight).sum());
        let chosen = forms.iter().find(|(weight, _)| {
            let found = left < *weight;
            left = left.saturating_sub(*weight);
            found
        });
        let mut text = String::new();
        self.fill(chosen.map_or("", |(_, form)| form), random, &mut text);
        text
    }

    /// Replaces names, and keeps or drops what stands in brackets; empty brackets are SQL's own.
    fn fill(&self, form: &str, random: &mut Random, text: &mut String) {
        let mut rest = form;
        while let Some(at) = rest.find(['{', '[']) {
            text.push_str(&rest[..at]);
            let (open, close) = if rest[at..].starts_with('{') { ('{', '}') } else { ('[', ']') };
            let end = at + matching(&rest[at..], open, close);
            let inner = &rest[at + 1..end];
            match open {
                '{' => text.push_str(&self.expand(inner, random)),
                _ if inner.is_empty() => text.push_str("[]"),
                _ if random.below(2) == 0 => self.fill(inner, random, text),
                _ => {}
            }
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
    }
}

/// Where the bracket that `text` begins with is closed.
fn matching(text: &str, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return at;
        }
    }
    panic!("grammar.txt: a bracket is not closed in `{text}`");
}

/// SplitMix64: small, and the same on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// A number from 0 up to `bound`, without it.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound.max(1)
    }
}
