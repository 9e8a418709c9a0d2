//! yoyo: files run by name, but each after those that it depends on.

use super::{BARE, Cut, Definition, FILE, Role, by_name};
use crate::marks::Mark;
use crate::order::{Group, Turn};
use crate::survey::HomeFile;
use crate::{Reason, path};
use lockkeeper_syntax::{Arrange, Span};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// yoyo wraps each file, unless a comment at its top says `transactional: false`; `x.rollback.sql` leads back.
pub(super) const YOYO: Definition = Definition {
    framework: crate::Framework::Yoyo,
    detect: |home| {
        let back = home.files.iter().any(|it| path::stem(it.name()).ends_with(".rollback"));
        let depends = home.files.iter().any(|it| it.marks.has(Mark::YoyoDepends));
        let why = (back || depends)
            .then(|| if back { "names as `x.rollback.sql`" } else { "`-- depends:` comments" }.to_owned());
        why.or_else(|| home.near("yoyo.ini", |_| true))
    },
    role: |home, file| match file.name().starts_with("post-apply") {
        true => Role::Aside(Reason::Callback),
        false => by_name(home, file),
    },
    cut: |text, direction, _| {
        let opted_out =
            directives(text).any(|it| it.name == "transactional" && it.value.trim().eq_ignore_ascii_case("false"));
        Cut::whole(text, direction, if opted_out { BARE } else { FILE })
    },
    judge: None,
};

/// A line `-- name: value` above the first statement; see `parse_metadata_from_sql_comments` in `migrations.py`.
struct Directive<'t> {
    name: &'t str,
    value: &'t str,
    /// Where the value begins.
    at: usize,
}

fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let leading = lines.take_while(|it| it.1.trim().is_empty() || it.1.trim_start().starts_with("--"));
    leading.filter_map(|(start, line)| {
        let (name, value) = line.trim_start().strip_prefix("--")?.split_once(':')?;
        Some(Directive { name: name.trim(), value, at: start + line.len() - value.len() })
    })
}

/// What a file depends on, and where it says so.
fn dependencies(text: &str) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    for it in directives(text).filter(|it| it.name == "depends") {
        let mut at = it.at;
        for word in it.value.split_inclusive(char::is_whitespace) {
            let name = word.trim_end();
            if !name.is_empty() {
                found.push((name, Span::new(at as u32, (at + name.len()) as u32)));
            }
            at += word.len();
        }
    }
    found
}

/// The name by which others call a migration.
fn id<'k>(file: &'k HomeFile<'_>) -> &'k str {
    let name = file.name();
    let stem = path::stem(name);
    stem.strip_suffix(".rollback").unwrap_or(stem)
}

/// Gives each file the place at which it runs, and says what is wrong with what it depends on: its place in the list,
/// bytes of its text, and why. `is_code` tells whether a migration in Python is called so.
pub(crate) fn follow<'h, 'f>(
    up: &mut [(Turn, &'h HomeFile<'f>)],
    down: &mut [(Turn, &'h HomeFile<'f>)],
    is_code: impl Fn(&str) -> bool,
) -> Vec<(usize, Span, String)> {
    up.arrange_by(|a, b| a.1.key.cmp(b.1.key));
    let known: FxHashMap<&str, usize> = up.iter().enumerate().map(|(at, it)| (id(it.1), at)).collect();
    let mut mistakes = Vec::new();
    let mut waits: Vec<BTreeSet<usize>> = Vec::new();
    for (_, file) in up.iter() {
        let mut before = BTreeSet::new();
        for (name, span) in dependencies(file.text) {
            match known.get(name) {
                Some(&at) => drop(before.insert(at)),
                None if is_code(name) => {}
                None => {
                    let message = format!("no file is the migration `{name}`, so every command of yoyo fails");
                    mistakes.push((file.file, span, message));
                }
            }
        }
        waits.push(before);
    }
    let (order, circle) = sorted(&waits);
    if let Some(&first) = circle.first() {
        let names: Vec<String> = circle.iter().map(|&it| format!("`{}`", id(up[it].1))).collect();
        let file = up[first].1;
        let span = dependencies(file.text).first().map_or(Span::default(), |it| it.1);
        let message = match names.len() {
            1 => format!("the migration {} depends on itself, so yoyo runs none", names[0]),
            _ => format!("the migrations {} depend on each other, so yoyo runs none", names.join(", ")),
        };
        mistakes.push((file.file, span, message));
    }
    let mut places = FxHashMap::default();
    for (place, &at) in order.iter().enumerate() {
        places.insert(id(up[at].1), place);
    }
    for (turn, file) in up.iter_mut().chain(down) {
        // A way back without its migration comes at the end.
        turn.place = places.get(id(file)).copied().unwrap_or(usize::MAX);
        turn.group = Group::Listed;
    }
    mistakes
}

/// The first that waits for nothing, again and again; then what waits for itself, as it stands.
fn sorted(waits: &[BTreeSet<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut missing: Vec<usize> = waits.iter().map(BTreeSet::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    for (at, before) in waits.iter().enumerate() {
        before.iter().for_each(|&it| followers[it].push(at));
    }
    let mut ready = BTreeSet::new();
    ready.extend((0..waits.len()).filter(|&it| missing[it] == 0));
    let mut order = Vec::new();
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for &it in &followers[next] {
            missing[it] -= 1;
            if missing[it] == 0 {
                ready.insert(it);
            }
        }
    }
    let rest: Vec<usize> = (0..waits.len()).filter(|&it| missing[it] > 0).collect();
    // What only follows a circle is not in it.
    let mut circle = rest.clone();
    while let Some(end) = circle.iter().position(|&it| !followers[it].iter().any(|it| circle.contains(it))) {
        circle.remove(end);
    }
    order.extend(rest);
    (order, circle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_depended_on_comes_first() {
        let waits = |all: &[&[usize]]| all.iter().map(|it| it.iter().copied().collect()).collect::<Vec<_>>();
        assert_eq!(sorted(&waits(&[&[2], &[], &[], &[0]])), (vec![1, 2, 0, 3], Vec::new()));
        assert_eq!(sorted(&waits(&[&[1], &[0], &[1], &[]])), (vec![3, 0, 1, 2], vec![0, 1]));
    }

    #[test]
    fn only_lines_above_the_first_statement_say_something() {
        let text = "-- a note\n--depends : a  b\n\nSELECT 1;\n-- depends: c\n";
        let found: Vec<(&str, &str)> = dependencies(text).iter().map(|it| (it.0, it.1.of(text))).collect();
        assert_eq!(found, [("a", "a"), ("b", "b")]);
    }
}
