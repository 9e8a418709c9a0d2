//! What every rule says of the examples of its document.

use crate::render::History;
use lockkeeper_core::{Level, RULES, RuleSetting, Settings, rule};
use lockkeeper_model::{Envelope, Runner, Version};
use lockkeeper_rules::document::{Block, BlockKind, Document, Heading, Language, Part, Sending, parse};
use std::fs;
use std::path::Path;

/// The findings of each `bad` block after the `setup` blocks above it, on the newest version that it speaks of.
#[test]
fn findings_of_all_documents() {
    for rule in RULES {
        let document = parse(rule.name, rule.document()).unwrap();
        let mut text = String::new();
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad) {
            let version = newest(block);
            text.push_str(&format!("--- PostgreSQL {version}\n{}\n", block.without_markers()));
            text.push_str(&history(&document, block, version).rendered());
            text.push('\n');
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(rule.name, text);
        });
    }
}

/// An edit that is offered is an edit that helps: the text parses, and the rule falls silent.
#[test]
fn every_fix_helps() {
    for rule in RULES {
        let document = parse(rule.name, rule.document()).unwrap();
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad) {
            let version = newest(block);
            let before = history(&document, block, version);
            for finding in before.report().findings.iter().filter(|it| it.fix.is_some()) {
                let fix = finding.fix.as_ref().unwrap();
                let fixed = lockkeeper_core::apply(&block.without_markers(), fix);
                let after = setup(&document, block, version).script(&fixed, runner(block)).report();
                assert!(after.problems.is_empty(), "{}:{}: {fixed}", rule.name, block.line);
                let left = after.findings.iter().filter(|it| it.rule == finding.rule).count();
                let had = before.report().findings.iter().filter(|it| it.rule == finding.rule).count();
                assert!(left < had, "{}:{}: still reported\n{fixed}", rule.name, block.line);
            }
        }
    }
}

/// Each option does what its name says in every example, and stands in the settings as its document shows it.
#[test]
fn what_is_allowed_is_not_reported() {
    let mut still: Vec<String> = Vec::new();
    for rule in RULES.iter().filter(|it| it.options().any(|it| it.name == "allow")) {
        let document = parse(rule.name, rule.document()).unwrap();
        let allowed = format!("[rules]\n{} = {{ allow = [\"*\", \"*.*\"] }}\n", rule.name);
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad) {
            let mut history = history(&document, block, newest(block));
            let postgres = history.settings.postgres;
            history.settings = Settings { postgres, ..Settings::parse(&allowed).unwrap() };
            if history.report().findings.iter().any(|it| it.rule == rule) {
                still.push(format!("rules/{}.md:{}", rule.name, block.line));
            }
        }
    }
    assert!(still.is_empty(), "reported although it is allowed:\n{}", still.join("\n"));
}

/// The titles of the fixes that the sources offer, where they are written out.
fn titles_in_sources() -> Vec<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rules = fs::read_dir(src.join("rules")).unwrap().map(|it| it.unwrap().path());
    let mut titles = Vec::new();
    for path in rules.chain([src.join("recipe.rs")]) {
        let text = fs::read_to_string(path).unwrap();
        for call in text.split(".fix(Safety::").skip(1) {
            let title = call.split_once(", \"").filter(|it| it.0.len() < 10).and_then(|it| it.1.split('"').next());
            titles.extend(title.map(str::to_owned));
        }
    }
    titles
}

/// Whatever fix the rules know, an example has it, and so the server test has run what it makes.
#[test]
fn every_fix_is_offered_for_an_example() {
    let mut offered: Vec<String> = Vec::new();
    for rule in RULES {
        let document = parse(rule.name, rule.document()).unwrap();
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad) {
            let report = history(&document, block, newest(block)).report();
            offered.extend(report.findings.into_iter().filter_map(|it| it.fix).map(|it| it.title));
        }
    }
    let titles = titles_in_sources();
    assert!(titles.len() > 8, "{titles:?}");
    let unproven: Vec<&String> = titles.iter().filter(|it| !offered.contains(it)).collect();
    assert!(unproven.is_empty(), "no example is offered these: {unproven:?}");
}

/// Fixes come to an end: applied one by one they leave nothing to mend, and a text that still can be read.
#[test]
fn fixes_come_to_an_end() {
    for rule in RULES {
        let document = parse(rule.name, rule.document()).unwrap();
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad && it.language == Language::Sql) {
            for runner in [runner(block), Runner::default()] {
                let mut text = block.without_markers();
                for round in 0.. {
                    let report = setup(&document, block, newest(block)).script(&text, runner).report();
                    let Some(fix) = report.findings.into_iter().find_map(|it| it.fix) else { break };
                    assert!(round < 12, "rules/{}.md:{}: fixes go on and on\n{text}", rule.name, block.line);
                    text = lockkeeper_core::apply(&text, &fix);
                    let parsed = lockkeeper_syntax::parse(&text);
                    assert!(parsed.problems.is_empty(), "rules/{}.md:{}: {text}", rule.name, block.line);
                }
            }
        }
    }
}

/// A page answers the same questions whoever reads it: what is reported, what instead, what is not, when not to mind.
#[test]
fn every_document_has_all_sections() {
    let needed = [Heading::Example, Heading::Instead, Heading::NotReported, Heading::WhenToIgnore, Heading::References];
    let mut missing: Vec<String> = Vec::new();
    for (name, text) in lockkeeper_rules::DOCUMENTS {
        let document = parse(name, text).unwrap();
        let lacks = needed.iter().filter(|it| document.section(**it).is_none_or(|it| it.parts.is_empty()));
        missing.extend(lacks.map(|it| format!("rules/{name}.md: {}", it.title())));
    }
    assert!(missing.is_empty(), "sections that say nothing:\n{}", missing.join("\n"));
}

#[test]
fn options_are_shown_as_they_are_set() {
    for rule in RULES.iter().filter(|it| it.options().next().is_some()) {
        let document = parse(rule.name, rule.document()).unwrap();
        let named: Vec<&str> = rule.options().map(|it| it.name).collect();
        assert_eq!(document.front_matter.options, named, "rules/{}.md: in the order of `OPTIONS`", rule.name);
        let parts = &document.section(Heading::Options).unwrap().parts;
        let prose = parts.iter().map(|it| if let Part::Prose(it) = it { *it } else { "" });
        let prose: String = prose.collect();
        let shown = prose.split("```toml\n").nth(1).and_then(|it| it.split("```").next());
        let settings = Settings::parse(shown.unwrap_or_else(|| panic!("rules/{}.md shows no settings", rule.name)));
        let settings = settings.unwrap_or_else(|it| panic!("rules/{}.md: {it}", rule.name));
        assert!(settings.rules.iter().any(|it| it.rule == rule && !it.options.is_empty()), "rules/{}.md", rule.name);
    }
}

/// The version that is meant when none is named, or else the newest one that the block speaks of.
fn newest(block: &Block<'_>) -> Version {
    let speaks = |it: &Version| block.versions.contains(it.major());
    let default = Some(Version::default()).filter(speaks);
    default.or_else(|| Version::ALL.into_iter().rev().find(speaks)).unwrap_or_default()
}

fn setup(document: &Document<'_>, block: &Block<'_>, version: Version) -> History {
    let above = document.blocks().filter(|it| it.line < block.line && it.kind == BlockKind::Setup);
    // The document's own rule is on also where it is off by default.
    let rules = rule(document.name).map(|it| RuleSetting::level(it, Level::On(it.severity))).into_iter().collect();
    let history =
        History { settings: Settings { postgres: version, rules, ..Settings::default() }, ..History::default() };
    let above = above.filter(|it| it.versions.contains(version.major()));
    above.fold(history, |history, it| match it.language {
        Language::Sql if it.path.is_none() => history.before(it.text),
        Language::Sql => project_file(history, it),
        Language::Python | Language::Settings => project_file(history, it),
    })
}

/// Adds an example that is a file of a project.
fn project_file(history: History, block: &Block<'_>) -> History {
    let path = match block.path {
        Some("env.py") => "migrations/env.py".to_owned(),
        Some(name) if block.language == Language::Sql => format!("migrations/{name}"),
        Some(path) => path.to_owned(),
        None => format!("migrations/versions/{:04}.py", block.line),
    };
    history.project_file(&path, &block.without_markers())
}

fn history(document: &Document<'_>, block: &Block<'_>, version: Version) -> History {
    let setup = setup(document, block, version);
    if block.language != Language::Sql || block.path.is_some() {
        return project_file(setup, block);
    }
    match block.tool.and_then(lockkeeper_sources::Framework::of_word) {
        Some(tool) => setup.file(&block.without_markers(), tool),
        None => setup.script(&block.without_markers(), runner(block)),
    }
}

fn runner(block: &Block<'_>) -> Runner {
    match block.sending {
        Sending::Transaction => Runner { transaction: Envelope::File, ..Runner::default() },
        Sending::OneByOne => Runner::default(),
        Sending::OneQuery => Runner { single_query: true, ..Runner::default() },
    }
}

#[test]
fn front_matter_is_read_as_the_document_reads_it() {
    for (name, text) in lockkeeper_rules::DOCUMENTS {
        let rule = rule(name).unwrap_or_else(|| panic!("rules/{name}.md has no rule"));
        let document = parse(name, text).unwrap();
        assert_eq!(rule.summary(), document.front_matter.summary);
        assert_eq!(format!("{:?}", rule.severity), format!("{:?}", document.front_matter.severity));
        assert_eq!(rule.hazard(), document.front_matter.hazard);
        assert_eq!(format!("{:?}", rule.fix), format!("{:?}", document.front_matter.fix));
    }
}

/// The order of the table is that of precedence, so the documents' order is not it; the sets are equal.
#[test]
fn the_table_is_the_directory() {
    let mut names: Vec<&str> = RULES.iter().map(|it| it.name).collect();
    names.sort_unstable();
    let mut documents: Vec<&str> = lockkeeper_rules::DOCUMENTS.iter().map(|(name, _)| *name).collect();
    documents.sort_unstable();
    assert_eq!(names, documents);
}

/// A rule that offers a fix says so in its document, and the other way round.
#[test]
fn a_document_names_the_fixes_of_its_rule() {
    for rule in RULES {
        let document = parse(rule.name, rule.document()).unwrap();
        let mut offered = Vec::new();
        for block in document.blocks().filter(|it| it.kind == BlockKind::Bad && it.language == Language::Sql) {
            // A fix may be possible only where each statement commits by itself.
            for runner in [runner(block), Runner::default()] {
                let history = setup(&document, block, newest(block)).script(&block.without_markers(), runner);
                let findings = history.report().findings.into_iter();
                offered.extend(findings.filter(|it| it.rule == rule).filter_map(|it| it.fix));
            }
        }
        let said = rule.fix != lockkeeper_core::FixLevel::None;
        assert_eq!(said, !offered.is_empty(), "rules/{}.md says fix: {}", rule.name, rule.fix.word());
    }
}
