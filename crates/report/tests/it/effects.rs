//! What statements do, for people and for programs.

use crate::schema;
use insta::assert_snapshot;
use lockkeeper_model::Version;
use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{Options, Script as Step};
use lockkeeper_report::{Counting, EFFECTS_SCHEMA, Look, Recorded, RecordedHistory, effects_human, effects_json};
use lockkeeper_sources::{Reading, Script, Source, Text, read};

const CONTEXT: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE emails (id bigint PRIMARY KEY, user_id bigint);\n";

const ASKED: &str = "BEGIN;
ALTER TABLE emails ADD FOREIGN KEY (user_id) REFERENCES users (id);
CREATE INDEX emails_user ON emails (user_id);
COMMIT;
DROP TABLE nowhere;
DROPP TABLE users;
";

/// Shows what a context and the file that is asked about do.
pub(crate) fn with_recorded<T>(show: impl FnOnce(Recorded<'_>) -> T) -> T {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), bytes: text.into() };
    let sources = [source("db/1.sql", CONTEXT), source("db/2.sql", ASKED)];
    let scripts: Vec<Script> = sources.iter().flat_map(|it| read(&Text::new(it), &Reading::default())).collect();
    let steps: Vec<Step<'_>> = scripts.iter().map(|it| Step::new(&it.parsed.statements, it.runner)).collect();
    let record =
        record(&steps, &Options { version: Version::default(), partial: false, ..Options::default() }, &mut |_| {});
    let asked = scripts.iter().zip([false, true]).collect();
    let histories = [RecordedHistory { record: &record, scripts: asked }];
    show(Recorded { histories: &histories, version: Version::default() })
}

#[test]
fn people_read_one_block_a_statement() {
    assert_snapshot!(with_recorded(|it| effects_human(it, Look::default())));
}

#[test]
fn programs_read_the_contract() {
    let json = with_recorded(|it| effects_json(it, Counting::default()));
    schema::assert_valid(EFFECTS_SCHEMA, &json);
    assert_snapshot!(json);
}
