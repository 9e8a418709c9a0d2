//! The comment on a change, made of saved reports or of a report that was just made.

use crate::effects::with_recorded;
use crate::full;
use lockkeeper_report::comment::{Effects, Report, check, effects};
use lockkeeper_report::{Counting, effects_json};

const FILE: &[u8] = b"-- \xc3\xb8\n/* \xf0\x9f\x90\x98 */ DROP TABLE t;\n";

#[test]
fn what_was_found_is_the_same_without_the_way_through_json() {
    let case = full(FILE);
    let mut saved = check(&case.json(Counting::default())).expect("the report is read");
    // Fixes are for comments on lines, which a page does not write.
    assert!(saved.findings.iter_mut().any(|it| it.fix.take().is_some()));
    assert_eq!(format!("{saved:#?}"), format!("{:#?}", case.checked(Report::of)));
}

#[test]
fn what_is_done_is_the_same_without_the_way_through_json() {
    with_recorded(|it| {
        let saved = effects(&effects_json(it, Counting::default())).expect("the report is read");
        assert!(saved.statements.iter().any(|it| it.failure.is_some()));
        assert_eq!(format!("{saved:#?}"), format!("{:#?}", Effects::of(it)));
    });
}
