//! Every example of every rule document against the prediction: findings, locks, scans, rewrites, index builds, errors,
//! for each version of PostgreSQL.

mod compare;
mod example;
mod project;

use lockkeeper_core::rule;
use lockkeeper_model::Version;
use lockkeeper_rules::DOCUMENTS;
use lockkeeper_rules::document::{BlockKind, Document, Heading, parse};
use std::collections::BTreeMap;

/// What differs, by document, line and text; with the versions on which it does.
type Differences = BTreeMap<(String, usize, String), Vec<u8>>;

#[test]
fn every_claim_of_every_document_is_predicted() {
    let mut differences = Differences::new();
    for (name, text) in DOCUMENTS {
        let document = parse(name, text).unwrap_or_else(|error| panic!("rules/{name}.md:{error}"));
        check(&document, &mut differences);
    }
    assert!(differences.is_empty(), "{}", report(&differences));
}

fn check(document: &Document<'_>, differences: &mut Differences) {
    let rule = rule(document.name).unwrap_or_else(|| panic!("rules/{}.md has no rule", document.name));
    for version in Version::ALL {
        for heading in Heading::ALL {
            let mut history = example::History::new(version, rule);
            let mut files = project::Project::default();
            let own = document.section(heading).map(|it| it.line).unwrap_or(usize::MAX);
            for block in document.history(heading, version.major()) {
                if project::is_file(block) {
                    files.add(block);
                    let regions = files.last(block, version, rule);
                    if block.line > own {
                        note(compare::file(block, &regions, version), document, version, differences);
                    }
                    if regions.iter().any(|it| it.outcome.failure.is_some()) {
                        files.forget();
                    }
                    continue;
                }
                let outcome = match block.kind {
                    BlockKind::Fixed => history.run_instead(block),
                    BlockKind::Setup | BlockKind::Bad | BlockKind::Good => history.run(block),
                };
                if block.line < own {
                    continue; // A setup block of a section above; it is compared there.
                }
                note(compare::block(block, &outcome, version), document, version, differences);
            }
        }
    }
}

fn note(found: Vec<compare::Difference>, document: &Document<'_>, version: Version, differences: &mut Differences) {
    for difference in found {
        let key = (format!("rules/{}.md", document.name), difference.line, difference.text);
        differences.entry(key).or_default().push(version.major());
    }
}

fn report(differences: &Differences) -> String {
    let mut out = format!("{} claims and predictions differ\n", differences.len());
    for ((path, line, text), versions) in differences {
        let versions = match versions.as_slice() {
            [one] => one.to_string(),
            [first, .., last] if usize::from(last - first) + 1 == versions.len() => format!("{first}-{last}"),
            many => many.iter().map(u8::to_string).collect::<Vec<_>>().join(", "),
        };
        out.push_str(&format!("\n{path}:{line}: on PostgreSQL {versions}\n{text}"));
    }
    out
}
