//! `hazards.toml`: forms of each hazard, and what is close to it and fine.

use crate::render::History;
use lockkeeper_core::{Level, RuleSetting, Settings, rule};
use lockkeeper_model::{Envelope, Runner, Version};
use toml::de::{DeTable, DeValue};

const HAZARDS: &str = include_str!("hazards.toml");

/// A text of a table; empty if it is not there.
fn text<'a>(table: &'a DeTable<'_>, key: &str) -> &'a str {
    table.get(key).and_then(|it| it.get_ref().as_str()).unwrap_or_default()
}

fn number(table: &DeTable<'_>, key: &str) -> Option<u8> {
    let DeValue::Integer(number) = table.get(key)?.get_ref() else { return None };
    number.as_str().parse().ok()
}

fn table<'t, 'a>(value: &'t DeValue<'a>) -> &'t DeTable<'a> {
    value.as_table().expect("it is a table")
}

/// The rules that speak of a case, and what is wrong with what was made before.
fn said(case: &DeTable<'_>, given: &DeTable<'_>) -> (Vec<&'static str>, usize) {
    let before: Vec<&str> =
        text(case, "given").split_whitespace().map(|it| text(given, it)).chain([text(case, "also")]).collect();
    let version = number(case, "pg").and_then(Version::new).unwrap_or_default();
    // What is off by default is on where a case speaks of it.
    let named = [text(case, "says"), text(case, "not")].join(" ");
    let on = |it: &str| rule(it).map(|it| RuleSetting::level(it, Level::On(it.severity)));
    let rules = named.split_whitespace().map(|it| on(it).unwrap_or_else(|| panic!("no rule `{it}`"))).collect();
    let settings = Settings { postgres: version, rules, ..Settings::default() };
    let runner = match text(case, "tx") {
        "file" => Runner { transaction: Envelope::File, ..Runner::default() },
        "query" => Runner { single_query: true, ..Runner::default() },
        _ => Runner::default(),
    };
    let before = before.join("\n");
    let first = History { settings: settings.clone(), ..History::default() }.script(&before, Runner::default());
    let broken = first.report();
    let history = History { settings, ..History::default() }.before(&before).script(text(case, "sql"), runner);
    let report = history.report();
    (report.findings.iter().map(|it| it.rule.name).collect(), broken.summary.errors + report.problems.len())
}

#[test]
fn each_form_of_a_hazard_is_told_from_what_is_fine() {
    let document = DeTable::parse(HAZARDS).unwrap();
    let given = table(document.get_ref().get("given").unwrap().get_ref());
    let (mut wrong, mut count) = (String::new(), 0);
    for hazard in document.get_ref().get("hazard").unwrap().get_ref().as_array().unwrap() {
        let hazard = table(hazard.get_ref());
        for case in hazard.get("cases").unwrap().get_ref().as_array().unwrap() {
            let case = table(case.get_ref());
            let (found, broken) = said(case, given);
            let fits = match (text(case, "says"), text(case, "not")) {
                ("", "") => found.is_empty(),
                ("", not) => !found.contains(&not),
                (says, _) => says.split_whitespace().all(|it| found.contains(&it)),
            };
            count += 1;
            if !fits || broken > 0 {
                wrong.push_str(&format!("{}: {}\n    {found:?}\n", text(hazard, "name"), text(case, "sql")));
            }
        }
    }
    assert!(count > 200, "{count} cases are read");
    assert!(wrong.is_empty(), "\n{wrong}");
}
