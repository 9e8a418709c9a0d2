//! The way back: what rules have to say about a script that undoes another.
//!
//! Nobody runs it as a matter of course, so locks are no concern. That it fails is one, and so is what it loses. It is
//! looked at from where its own migration has left the schema, as if that one were the newest: what later migrations
//! made of it, and whether their own ways back are right, is not its mistake. Nor is it one that needs what their ways
//! back do before it: it fails only where it also fails behind all of these.

use crate::{About, Finding, Input};
use lockkeeper_syntax::Arrange;
use rustc_hash::FxHashMap;

/// Which script each script that leads back undoes.
pub(crate) struct WaysBack {
    /// By the place of the script; nothing for one that leads forwards, or whose migration is not there.
    undoes: Vec<Option<usize>>,
}

impl WaysBack {
    /// Finds the migration of each: in the same file, else the one of the same version.
    pub(crate) fn of(scripts: &[Input<'_>]) -> Self {
        let forwards = || scripts.iter().enumerate().filter(|(_, it)| !it.down);
        let by_path: FxHashMap<&str, usize> = forwards().map(|(at, it)| (it.path, at)).collect();
        let versions = forwards().filter(|(_, it)| !it.version.is_empty());
        let by_version: FxHashMap<&str, usize> = versions.map(|(at, it)| (it.version, at)).collect();
        let undone = |it: &Input<'_>| by_path.get(it.path).or_else(|| by_version.get(it.version)).copied();
        let undoes = scripts.iter().map(|it| undone(it).filter(|_| it.down)).collect();
        WaysBack { undoes }
    }

    /// The scripts in the order in which they are looked at: each way back behind its migration, those without one
    /// behind all others.
    pub(crate) fn order(&self, scripts: &[Input<'_>]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..scripts.len()).collect();
        // The sort is stable, so the rest stays in its order.
        order.arrange_by_key(|at| match (scripts[*at].down, self.undoes[*at]) {
            (false, _) => (*at, false),
            (true, Some(migration)) => (migration, true),
            (true, None) => (scripts.len(), true),
        });
        order
    }

    /// The ways back of all migrations, in the order in which they would run one behind the other.
    pub(crate) fn together(&self, scripts: &[Input<'_>]) -> Vec<usize> {
        let mut all: Vec<(usize, usize)> =
            self.undoes.iter().enumerate().filter_map(|(at, it)| Some(((*it)?, at))).collect();
        all.retain(|it| scripts[it.1].down);
        all.arrange_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().map(|it| it.1).collect()
    }

    /// The migration that a script undoes.
    pub(crate) fn undone_by(&self, script: usize) -> Option<usize> {
        self.undoes.get(script).copied().flatten()
    }

    /// Whether a finding is kept, if it is about a script that leads back. That such a script loses what its own
    /// migration made is what going back means, and is not worth a word.
    pub(crate) fn judge(&self, finding: &Finding, scripts: &[Input<'_>]) -> bool {
        let script = finding.script;
        if !scripts[script].down {
            return true;
        }
        let migration = self.undoes[script];
        match finding.about {
            About::Failure | About::Nothing => migration.is_some(),
            About::LeftBehind(_) => true,
            // What the tool or another server makes of the text is the same in either direction.
            About::Meaning(_) => finding.rule.category == "tools",
            About::Drop(_) | About::Rows(_) | About::Cascade if finding.rule.category == "data" => {
                // What nothing else shows was made by what is not understood of the migration.
                let shown = finding.labels.iter().any(|label| label.script != script);
                let unread = |it: usize| !scripts[it].unread.is_empty() && !shown;
                !migration.is_some_and(|it| unread(it) || finding.labels.iter().any(|label| label.script == it))
            }
            _ => false,
        }
    }
}
