//! Which packages a project uses, from what it asks for and what its lock files hold.

/// What the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packages {
    texts: Vec<String>,
}

/// Files that say which packages a project uses.
pub(crate) const FILES: &[&str] = &[
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "pdm.lock",
    "requirements.txt",
    "requirements.in",
    "pyproject.toml",
    "Pipfile",
];

impl Packages {
    /// The files' texts, those that say the most first.
    pub(crate) fn new(texts: Vec<String>) -> Self {
        Packages { texts: texts.into_iter().map(|it| it.to_ascii_lowercase()).collect() }
    }

    /// Whether a package is asked for.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|text| mentions(text, name).next().is_some())
    }

    /// Whether the version of a package is at least this one; `None` if nobody says.
    pub(crate) fn is_at_least(&self, name: &str, least: (u32, u32)) -> Option<bool> {
        self.texts.iter().find_map(|text| mentions(text, name).find_map(|rest| judge(rest, least)))
    }
}

/// What follows each mention of a package that stands by itself.
fn mentions<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
    text.match_indices(name).filter_map(move |(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let alone = !before.ends_with(word) && !after.starts_with(word);
        alone.then_some(after)
    })
}

/// Judges `[asyncio]==2.0.30`, `>=2.1`, `"\nversion = "2.0.30"` and the like.
fn judge(rest: &str, least: (u32, u32)) -> Option<bool> {
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    if let Some(locked) = rest.trim_start_matches(['\n', '\r', ':', ' ', '{', '"']).strip_prefix("version") {
        let number = locked.trim_start_matches(['"', ' ', '=', ':', '^', '~']);
        return Some(version(number)? >= least);
    }
    let wanted = rest.trim_start_matches(['"', '\'', ' ', '(']);
    let line = wanted.lines().next().unwrap_or_default();
    if let Some(exact) = ["==", "~="].iter().find_map(|it| line.strip_prefix(it)) {
        let parts = exact.trim().split(['"', '\'', ',', ';', ' ']).next().unwrap_or_default().split('.').count();
        // `~=2.0` allows 2.1, `~=2.0.1` does not.
        return if line.starts_with("~=") && parts < 3 { None } else { Some(version(exact)? >= least) };
    }
    if let Some(judged) = judge_caret(line, least) {
        return judged;
    }
    let bound = |sign: &str| line.split([',', '"', '\'']).find_map(|it| version(it.trim().strip_prefix(sign)?));
    match (bound(">="), bound("<").filter(|_| !line.contains("<="))) {
        (Some(lowest), _) if lowest >= least => Some(true),
        (_, Some(end)) if end <= least => Some(false),
        _ => None,
    }
}

/// Judges `= "^2.1"`, `= "~2.0.30"`, `= "2.0.30"` and `= {version = "^2.0", …}`, as Poetry and Pipenv write them.
fn judge_caret(line: &str, least: (u32, u32)) -> Option<Option<bool>> {
    let value = line.strip_prefix('=').filter(|it| !it.starts_with('='))?.trim();
    let value = match value.strip_prefix('{') {
        Some(table) => table.split_once("version")?.1.trim_start_matches([' ', '=']),
        None => value,
    };
    let wanted = value.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
    let found =
        version(wanted.trim_start_matches(['^', '~', '='])).filter(|_| !wanted.starts_with(['>', '<', '*', '!']))?;
    let parts = wanted.split('.').count();
    Some(match wanted.chars().next()? {
        _ if found >= least => Some(true),
        // Up to the next major version, or with three numbers after `~` up to the next minor one.
        '^' => ((found.0 + 1, 0) <= least).then_some(false),
        '~' if parts == 1 || (parts == 2 && wanted.starts_with("~=")) => None,
        _ => Some(false),
    })
}

/// The first two numbers of a version.
fn version(text: &str) -> Option<(u32, u32)> {
    let text = text.trim_start_matches(['=', '^', '~', ' ', '"', '\'']);
    let mut parts = text.split(|it: char| !it.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next().and_then(|it| it.parse().ok()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_and_lock_files_are_read() {
        let at_least = |text: &str| Packages::new(vec![text.to_owned()]).is_at_least("sqlalchemy", (2, 1));
        assert_eq!(at_least("SQLAlchemy[asyncio]==2.0.30\n"), Some(false));
        assert_eq!(at_least("sqlalchemy>=2.1\n"), Some(true));
        assert_eq!(at_least("sqlalchemy>=2.0,<2.1\n"), Some(false));
        assert_eq!(at_least("sqlalchemy>=2.0\n"), None);
        assert_eq!(at_least("dependencies = [\n  \"sqlalchemy[asyncio]>=2.1.1\",\n]\n"), Some(true));
        assert_eq!(at_least("[[package]]\nname = \"sqlalchemy\"\nversion = \"2.0.58\"\n"), Some(false));
        assert_eq!(at_least("\"sqlalchemy\": {\"version\": \"==2.1.0\"}"), Some(true));
        assert_eq!(at_least("flask-sqlalchemy==3.1\n"), None);
        assert_eq!(at_least("sqlalchemy = \"^2.1\"\n"), Some(true));
        assert_eq!(at_least("sqlalchemy = \"^2.0.30\"\n"), None);
        assert_eq!(at_least("sqlalchemy = \"^1.4\"\n"), Some(false));
        assert_eq!(at_least("sqlalchemy = \"~2.0.30\"\n"), Some(false));
        assert_eq!(at_least("sqlalchemy = {extras = [\"asyncio\"], version = \"^2.1.1\"}\n"), Some(true));
        assert_eq!(at_least("sqlalchemy = \"2.0.30\"\n"), Some(false));
    }
}
