//! sqitch: `sqitch.plan` says what runs in which order.

use super::{Definition, Role, bare, by_name};
use crate::order::{Group, Turn};
use crate::survey::{Home, HomeFile};
use crate::{Framework, Reason, path};

/// sqitch runs each script with psql, which sends statement by statement; the scripts say `BEGIN` themselves.
pub(super) const SQITCH: Definition = Definition {
    framework: Framework::Sqitch,
    detect: |home| home.beside("sqitch.plan").map(|_| "sqitch.plan".to_owned()),
    role,
    cut: bare,
    judge: None,
};

fn role(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let Some((kind, change)) = file.key.split_once('/') else { return by_name(home, file) };
    let plan = home.beside("sqitch.plan").unwrap_or_default();
    let place = place(plan, path::stem(change));
    let turn = Turn { group: Group::Listed, place: place.unwrap_or_default(), version: change.to_owned() };
    match kind {
        "verify" => Role::Aside(Reason::Verification),
        _ if place.is_none() => Role::Aside(Reason::Unplanned),
        "revert" => Role::Down(turn),
        "deploy" => Role::Up(turn),
        _ => by_name(home, file),
    }
}

/// The line of a plan on which a change stands. After a change is reworked, `change@tag` is how it was at the tag, and
/// `change` how it is now; see "sqitch-rework".
fn place(plan: &str, change: &str) -> Option<usize> {
    let (name, tag) = change.rsplit_once('@').map_or((change, None), |(name, tag)| (name, Some(tag)));
    let first = |line: &str| line.split_ascii_whitespace().next().unwrap_or_default().to_owned();
    let lines: Vec<String> = plan.lines().map(first).collect();
    let limit = match tag {
        Some(tag) => lines.iter().position(|it| it.strip_prefix('@') == Some(tag))?,
        None => lines.len(),
    };
    lines[..limit].iter().rposition(|it| it == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reworked_change_has_two_places() {
        let plan = "%project=x\n\nusers 2024-01-01T00:00:00Z a <a@b> # note\nflips [users] 2024-01-01T00:00:00Z a <a@b>\n@v1 2024-01-01T00:00:00Z a <a@b>\nusers [users@v1] 2024-01-01T00:00:00Z a <a@b>\n";
        assert_eq!(place(plan, "users"), Some(5));
        assert_eq!(place(plan, "users@v1"), Some(2));
        assert_eq!(place(plan, "flips"), Some(3));
        assert_eq!(place(plan, "other"), None);
    }
}
