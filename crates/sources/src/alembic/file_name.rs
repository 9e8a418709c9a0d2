//! What revision files are called: `file_template` of the configuration, or what most of them do.

use super::revision::Facts;
use crate::path;

/// A piece of a file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Letters(String),
    /// Digits; so many, if the template says so.
    Digits(Option<usize>),
    Revision,
    /// The message in a few letters.
    Slug,
}

/// For each file what its name has to be like, if it is not.
pub(super) fn unusual(files: &[(&str, &Facts)], template: Option<&str>) -> Vec<Option<String>> {
    let pieces = template.map(pieces);
    let fits = |(file, facts): &(&str, &Facts)| {
        let name = path::split(file).1;
        let name = name.strip_suffix(".py").unwrap_or(name);
        let revision = facts.revision.as_ref().map(|it| it.name.as_str());
        match (&pieces, revision) {
            (_, None) => true,
            (Some(pieces), Some(revision)) => matches(pieces, name, revision),
            (None, Some(revision)) => name.contains(revision),
        }
    };
    let fitting = files.iter().filter(|it| fits(it)).count();
    // What few obey is no convention.
    let few = if template.is_some() { fitting * 2 < files.len() } else { fitting * 2 <= files.len() };
    if few {
        return vec![None; files.len()];
    }
    let wanted = template.map_or_else(|| "%(rev)s_%(slug)s".to_owned(), |it| it.replace("%%", "%"));
    files.iter().map(|it| (!fits(it)).then(|| wanted.clone())).collect()
}

/// Reads a template such as `%%(year)d_%%(month).2d-%%(rev)s_%%(slug)s`.
fn pieces(template: &str) -> Vec<Piece> {
    let template = template.replace("%%", "%");
    let mut pieces = Vec::new();
    let mut rest = template.as_str();
    while let Some((before, after)) = rest.split_once("%(") {
        if !before.is_empty() {
            pieces.push(Piece::Letters(before.to_owned()));
        }
        let Some((name, after)) = after.split_once(')') else { break };
        let end = after.find(['d', 's']).map_or(after.len(), |it| it + 1);
        let width = after[..end].trim_matches(|it: char| !it.is_ascii_digit()).parse().ok();
        pieces.push(match name {
            "rev" => Piece::Revision,
            "year" => Piece::Digits(Some(4)),
            "month" | "day" | "hour" | "minute" | "second" | "epoch" => Piece::Digits(width),
            _ => Piece::Slug,
        });
        rest = &after[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Letters(rest.to_owned()));
    }
    pieces
}

fn matches(pieces: &[Piece], name: &str, revision: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return name.is_empty() };
    match first {
        Piece::Letters(letters) => name.strip_prefix(letters.as_str()).is_some_and(|it| matches(rest, it, revision)),
        Piece::Revision => name.strip_prefix(revision).is_some_and(|it| matches(rest, it, revision)),
        Piece::Digits(width) => {
            let digits = name.bytes().take_while(u8::is_ascii_digit).count();
            let allowed = width.map_or(1..=digits, |it| it..=it.min(digits));
            allowed.rev().any(|it| matches(rest, &name[it..], revision))
        }
        Piece::Slug => {
            let ends = name.char_indices().map(|it| it.0).chain([name.len()]);
            ends.into_iter().any(|it| matches(rest, &name[it..], revision))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alembic::Named;

    fn unusual_of(names: &[&str], template: Option<&str>) -> Vec<bool> {
        let facts = |name: &str| Facts {
            revision: Some(Named { name: name.to_owned(), ..Named::default() }),
            ..Facts::default()
        };
        let all: Vec<(String, Facts)> = names.iter().map(|it| (format!("versions/{it}.py"), facts("ab12"))).collect();
        let files: Vec<(&str, &Facts)> = all.iter().map(|it| (it.0.as_str(), &it.1)).collect();
        unusual(&files, template).iter().map(Option::is_some).collect()
    }

    #[test]
    fn a_template_is_held_against_each_name() {
        let template = Some("%%(year)d_%%(month).2d_%%(day).2d-%%(rev)s_%%(slug)s");
        let names = ["2026_01_31-ab12_first", "2026_1_31-ab12_second", "2026_02_01-ab12_"];
        assert_eq!(unusual_of(&names, template), [false, true, false]);
    }

    #[test]
    fn without_a_template_most_names_tell_what_is_usual() {
        assert_eq!(unusual_of(&["ab12_first", "ab12_second", "third"], None), [false, false, true]);
        assert_eq!(unusual_of(&["ab12_first", "0002", "0003"], None), [false, false, false]);
    }
}
