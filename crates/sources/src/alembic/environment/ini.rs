//! `alembic.ini`.

use lockkeeper_syntax::Span;

/// A configuration file, as Python's `configparser` reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ini {
    /// Its entries in order.
    pub(crate) entries: Vec<Entry>,
}

/// `key = value` in a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The section, without its brackets.
    pub(crate) section: String,
    /// The key, in small letters.
    pub(crate) key: String,
    /// The value; of several lines, joined by line breaks.
    pub(crate) value: String,
    /// Bytes of the value in the file.
    pub(crate) span: Span,
}

impl Ini {
    /// The value of a key in the section `alembic`.
    pub(crate) fn alembic(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rfind(|it| it.section == "alembic" && it.key == key)
    }

    /// Where `env.py` is kept, relative to the folder of the file.
    pub(crate) fn script_location(&self) -> String {
        let location = self.alembic("script_location").map_or("alembic", |it| it.value.as_str());
        let location = location.trim().replace("%(here)s", ".").replace(['\\', ':'], "/");
        let location = location.trim_end_matches('/').trim_start_matches("./");
        if location == "." { String::new() } else { location.to_owned() }
    }

    /// Where the revisions are kept, relative to the folder of the file: `version_locations`, or `versions` in
    /// `script_location`.
    pub(crate) fn version_locations(&self) -> Vec<String> {
        let here = |it: &str| it.trim().replace("%(here)s", ".").replace('\\', "/").trim_start_matches("./").to_owned();
        if let Some(entry) = self.alembic("version_locations") {
            let separator = match self.alembic("path_separator").or(self.alembic("version_path_separator")) {
                Some(it) if it.value == "os" || it.value == ":" => ':',
                Some(it) if it.value == ";" => ';',
                Some(it) if it.value == "newline" => '\n',
                _ => ' ',
            };
            let split = entry.value.split(|it: char| it == separator || it == '\n' || (separator == ' ' && it == ','));
            return split.map(here).filter(|it| !it.is_empty()).collect();
        }
        let location = self.alembic("script_location").map_or_else(|| "alembic".to_owned(), |it| here(&it.value));
        // `package:folder` names a folder inside a package.
        let location = location.replace(':', "/");
        vec![if location == "." || location.is_empty() {
            "versions".to_owned()
        } else {
            format!("{location}/versions")
        }]
    }
}

/// Reads a configuration file. What is no entry is passed over.
pub(crate) fn ini(text: &str) -> Ini {
    let mut ini = Ini::default();
    let mut section = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u32;
        let body = line.trim_end();
        let trimmed = body.trim_start();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if body.starts_with([' ', '\t']) {
            if let Some(last) = ini.entries.last_mut().filter(|it| it.section == section) {
                last.value.push('\n');
                last.value.push_str(trimmed);
                last.span.end = start + body.len() as u32;
            }
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|it| it.split(']').next()) {
            section = name.to_owned();
            continue;
        }
        let Some((key, value)) = body.split_once(['=', ':']) else { continue };
        let value_start = start + (body.len() - value.trim_start().len()) as u32;
        ini.entries.push(Entry {
            section: section.clone(),
            key: key.trim().to_lowercase(),
            value: value.trim().to_owned(),
            span: Span::new(value_start, start + body.len() as u32),
        });
    }
    ini
}

/// Reads `[tool.alembic]` of a `pyproject.toml`, whose entries have the names of those in `alembic.ini`.
pub(crate) fn pyproject(text: &str) -> Ini {
    let mut found = ini(text);
    found.entries.retain(|it| it.section == "tool.alembic");
    for entry in &mut found.entries {
        "alembic".clone_into(&mut entry.section);
        let lines = entry.value.lines().map(|it| it.trim_matches(['[', ']', ',', ' ', '"', '\'']));
        entry.value = lines.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_their_places() {
        let text = "# note\n[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://a\n[loggers]\nkeys = root\n";
        let ini = ini(text);
        let url = ini.alembic("sqlalchemy.url").expect("the file has a URL");
        assert_eq!(url.span.of(text), "postgresql://a");
        assert_eq!(ini.version_locations(), ["migrations/versions"]);
        assert_eq!(ini.entries.len(), 3);
    }

    #[test]
    fn several_locations_are_told_apart() {
        let many = ini("[alembic]\nversion_locations = a/v:b/v\nversion_path_separator = os\n");
        assert_eq!(many.version_locations(), ["a/v", "b/v"]);
        assert_eq!(ini("[alembic]\n").version_locations(), ["alembic/versions"]);
        assert_eq!(ini("[alembic]\nversion_locations =\n    a\n    b\n").version_locations(), ["a", "b"]);
    }
}
