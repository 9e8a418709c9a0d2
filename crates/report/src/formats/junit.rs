//! JUnit's XML, which every CI server shows: a suite a file, a failed case for each thing that is wrong in it.

use super::item::{Item, items};
use crate::Checked;
use crate::paint::harmless;
use crate::summary::count;
use lockkeeper_core::Severity;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The report as one document. Advice is a case that passes and has something to say; a report without anything is one
/// case that passes, since CI servers take a document without cases for a failure.
pub fn junit(checked: Checked<'_>) -> String {
    let items = items(checked);
    let mut suites: BTreeMap<&str, Vec<&Item<'_>>> = BTreeMap::new();
    for item in &items {
        suites.entry(&item.script.path).or_default().push(item);
    }
    let (cases, failed) = (items.len().max(1), failures(&items));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing into a string cannot fail.
    let _ = writeln!(xml, "<testsuites name=\"lockkeeper\" tests=\"{cases}\" failures=\"{failed}\">");
    for (path, items) in &suites {
        suite(&mut xml, path, items);
    }
    if items.is_empty() {
        let name = format!("{} without findings", count(checked.report.summary.files, "migration"));
        let _ = writeln!(xml, "  <testsuite name=\"lockkeeper\" tests=\"1\" failures=\"0\">");
        let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"lockkeeper\"/>");
        let _ = writeln!(xml, "  </testsuite>");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn fails(item: &Item<'_>) -> bool {
    item.severity > Severity::Info
}

fn failures<'a>(items: impl IntoIterator<Item = &'a Item<'a>>) -> usize {
    items.into_iter().filter(|it| fails(it)).count()
}

fn suite(xml: &mut String, path: &str, items: &[&Item<'_>]) {
    let path = escaped(path);
    let failed = failures(items.iter().copied());
    let _ = writeln!(xml, "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failed}\">", items.len());
    for item in items {
        let start = item.range().start;
        let name = format!("{}:{}: {}", start.line, start.column, item.name);
        let _ = writeln!(
            xml,
            "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\">",
            escaped(&name),
            start.line
        );
        let (message, text) = (escaped(&item.message), escaped(&item.text()));
        let _ = if fails(item) {
            let word = item.severity.word();
            writeln!(xml, "      <failure message=\"{message}\" type=\"{word}\">{text}</failure>")
        } else {
            writeln!(xml, "      <system-out>{text}</system-out>")
        };
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n");
}

/// Text for an element or an attribute in double quotes. XML 1.0 has no way to write most control characters, so they
/// become escapes as people read them.
fn escaped(text: &str) -> String {
    harmless(text, true).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
