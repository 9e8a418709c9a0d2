//! The way back: what rules have to say about a script that undoes another.
//!
//! Nobody runs it as a matter of course, so locks are no concern. That it fails is one, and so is what it loses.

use crate::{About, Finding, Input, Severity};
use std::cell::Cell;

/// Which script each script that leads back undoes.
pub(crate) struct WaysBack {
    list: Vec<WayBack>,
}

struct WayBack {
    script: usize,
    undoes: Option<usize>,
    /// Whether all that came after the undone script was undone before.
    complete: bool,
    /// How much of what the undone script made it has lost so far.
    own: Cell<usize>,
}

impl WaysBack {
    /// Goes through the scripts that lead back, the newest first: each should undo the last script that is left.
    pub(crate) fn of(scripts: &[Input<'_>]) -> Self {
        let mut left: Vec<usize> = (0..scripts.len()).filter(|at| !scripts[*at].down).collect();
        let mut complete = true;
        let mut list = Vec::new();
        for (script, it) in scripts.iter().enumerate().filter(|it| it.1.down) {
            let belongs = |up: &usize| {
                let up = &scripts[*up];
                up.path == it.path || !it.version.is_empty() && up.version == it.version
            };
            let place = left.iter().rposition(belongs);
            complete &= place.is_some_and(|it| it + 1 == left.len());
            let undoes = place.map(|it| left[it]);
            left.truncate(place.unwrap_or(left.len()));
            list.push(WayBack { script, undoes, complete, own: Cell::new(0) });
        }
        WaysBack { list }
    }

    /// Whether a finding is kept, if it is about a script that leads back. What such a script loses because its own
    /// migration made it is only worth a word: that is what going back means.
    pub(crate) fn judge(&self, finding: &mut Finding) -> bool {
        let Some(way) = self.list.iter().find(|it| it.script == finding.script) else { return true };
        match finding.about {
            About::Failure | About::Nothing => way.complete,
            About::Drop(_) | About::Rows(_) | About::Cascade if finding.rule.category == "data" => {
                let own = way.undoes.is_some_and(|up| finding.labels.iter().any(|it| it.script == up));
                if own {
                    finding.severity = Severity::Info;
                    way.own.set(way.own.get() + 1);
                }
                // Of several things one is enough to say.
                !own || way.own.get() == 1
            }
            _ => false,
        }
    }
}
