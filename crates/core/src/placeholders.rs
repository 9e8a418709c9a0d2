//! Names in messages as the file has them: `${schema}.users`, not the identifier that stands for the placeholder.

use crate::{Finding, Input};
use lockkeeper_sources::stand_in;
use lockkeeper_syntax::Arrange;
use std::cmp::Reverse;

/// What stands for which placeholder, in all scripts of a history.
pub(crate) struct Placeholders {
    names: Vec<(String, String)>,
}

impl Placeholders {
    pub(crate) fn of(scripts: &[Input<'_>]) -> Self {
        let holes = scripts.iter().flat_map(|it| it.parsed.holes.iter().map(|hole| hole.of(it.sql)));
        // What stands for these begins with `__`, as hardly a name of its own does.
        let told_apart = holes.filter(|it| ["${", "{{", "%("].iter().any(|opening| it.starts_with(opening)));
        let mut names: Vec<(String, String)> = told_apart.map(|it| (stand_in(it), it.to_owned())).collect();
        // A longer one may hold a shorter one.
        names.arrange_by_key(|(name, _)| (Reverse(name.len()), name.clone()));
        names.dedup_by(|a, b| a.0 == b.0);
        Placeholders { names }
    }

    /// Puts the placeholders back into all texts of a finding.
    pub(crate) fn restore(&self, finding: &mut Finding) {
        let fix = finding.fix.iter_mut().flat_map(|it| &mut it.edits).map(|it| &mut it.text);
        let labels = finding.labels.iter_mut().map(|it| &mut it.text);
        let texts = [&mut finding.message].into_iter().chain(&mut finding.caption).chain(&mut finding.help);
        let texts = texts.chain(finding.instead.iter_mut().map(|it| &mut it.sql));
        texts
            .chain(&mut finding.notes)
            .chain(&mut finding.assumed)
            .chain(labels)
            .chain(fix)
            .for_each(|it| self.put_back(it));
    }

    /// Puts them back into one text.
    pub(crate) fn put_back(&self, text: &mut String) {
        for (name, placeholder) in &self.names {
            if text.contains(name.as_str()) {
                *text = text.replace(name.as_str(), placeholder);
            }
        }
    }
}
