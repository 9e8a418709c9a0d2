//! Paths as text, their parts joined by `/`.

/// The folder and the name of a path.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `folder/name`, or the name alone where there is no folder.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// What one calls a migration: its file, or its folder where all files are called alike.
pub fn called(path: &str) -> &str {
    let (folder, name) = split(path);
    match (name, split(folder).1) {
        ("up.sql" | "migration.sql", folder) if !folder.is_empty() => folder,
        _ => name,
    }
}

/// The name of the last folder of a path.
pub(crate) fn last_folder(path: &str) -> &str {
    split(split(path).0).1
}

/// What of `path` follows `folder`; `None` if the path lies elsewhere.
pub(crate) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return (!path.starts_with('/')).then_some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// The folder and those around it, innermost first; the last is the empty one, if the path does not start at the root.
pub(crate) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let here = next?;
        next = (!here.is_empty()).then(|| split(here).0).filter(|it| !(it.is_empty() && here.starts_with('/')));
        Some(here)
    })
}

/// How many digits `text` begins with.
pub(crate) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether a name is a version and nothing else: `7`, `v1.4`, `2024-05`.
pub(crate) fn is_version(name: &str) -> bool {
    let name = name.strip_prefix(['v', 'V']).unwrap_or(name);
    let part = |it: &str| !it.is_empty() && digits(it) == it.len();
    name.split(['.', '_', '-']).all(part)
}

/// Whether a name begins with a number and an underscore.
pub(crate) fn is_numbered(name: &str) -> bool {
    digits(name) > 0 && name[digits(name)..].starts_with('_')
}

/// The name without its ending `.sql`, and without what may stand for PostgreSQL around it: `x.sql.postgres`, `x.pgsql`.
pub(crate) fn stem(name: &str) -> &str {
    let end = endings(name);
    &name[..name.len() - end]
}

/// Whether a name is that of an SQL file.
pub(crate) fn is_sql(name: &str) -> bool {
    endings(name) > 0
}

/// How long the ending that makes a name that of an SQL file is; 0 if it is none. Some projects write the server
/// behind it: `01.sql.sqlite`.
fn endings(name: &str) -> usize {
    let bare = |name: &str| {
        let ending = name.rsplit_once('.').map_or("", |it| it.1);
        let known = ["sql", "pgsql", "psql"].iter().any(|it| it.eq_ignore_ascii_case(ending));
        if known { ending.len() + 1 } else { 0 }
    };
    match bare(name) {
        0 => name.rsplit_once('.').map_or(0, |(before, engine)| match bare(before) {
            0 => 0,
            _ if crate::engine::of_word(engine).is_none() => 0,
            length => length + engine.len() + 1,
        }),
        length => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_end_where_the_path_begins() {
        assert_eq!(ancestors("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(ancestors("/a/b").collect::<Vec<_>>(), ["/a/b", "/a"]);
        assert_eq!(ancestors("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn a_version_is_made_of_numbers() {
        assert!(["7", "v1.4", "0.27", "2024_05"].iter().all(|it| is_version(it)));
        assert!(!["v", "2024_x", "1.", "v12a"].iter().any(|it| is_version(it)));
    }

    #[test]
    fn a_server_may_be_named_behind_the_ending() {
        assert_eq!(stem("01_x.up.SQL"), "01_x.up");
        assert_eq!(stem("01_x.sql.postgres"), "01_x");
        assert!(is_sql("01_x.sql.sqlite"));
        assert!(!is_sql("01_x.sql.bak") && !is_sql("sql"));
    }
}
