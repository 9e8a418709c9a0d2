//! Files, parsed once for each of their texts, and the reports on them.

use crate::request::{Request, RequestError};
use lockkeeper_core::{Dialect, Input, Problem, ProblemKind, Report, Root, Settings, lint_recorded};
use lockkeeper_model::Version;
use lockkeeper_model::record::{Record, record};
use lockkeeper_model::schema::schema;
use lockkeeper_model::timeline::{Options, Script as Replayed};
use lockkeeper_report::{
    Checked, Counting, Described, Layout, Recorded, RecordedHistory, check_json, effects_json, schema_human,
    schema_json,
};
use lockkeeper_sources::{Direction, Entry, File as Found, Script, Source, Survey, Text, survey};
use lockkeeper_syntax::Arrange;

/// The files by their paths.
#[derive(Debug, Default)]
pub struct Files {
    /// Sorted, and no path twice.
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    path: String,
    text: Text,
    /// How the text was read last, and what came of it.
    read: Option<(Entry, Vec<Script>)>,
}

impl File {
    fn scripts(&self) -> &[Script] {
        self.read.as_ref().map_or(&[], |it| &it.1)
    }
}

/// The reports that were wanted, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What `lockkeeper check --format json` prints.
    pub check: Option<String>,
    /// What `lockkeeper check --format markdown` prints, as `{"text": …}`.
    pub markdown: Option<String>,
    /// What `lockkeeper check --format sarif` prints, without what stands in the rules' documents.
    pub sarif: Option<String>,
    /// What `lockkeeper comment --dry-run` prints, as `{"text": …}`.
    pub comment: Option<String>,
    /// What `lockkeeper effects --format json` prints.
    pub effects: Option<String>,
    /// What `lockkeeper schema --format json` prints.
    pub schema: Option<String>,
    /// What `lockkeeper schema` prints for people, which is SQL, as `{"sql": …}`.
    pub ddl: Option<String>,
    /// What the parser understood, statement by statement.
    pub tree: Option<String>,
    /// What `lockkeeper sql --format json` prints, without its problems.
    pub sql: Option<String>,
}

/// Scripts that share a catalog, as the command line groups them: a folder is a history.
struct History<'a> {
    /// In the order in which they run, then those that lead back; whether each reports.
    scripts: Vec<(&'a Script, bool)>,
    /// Whether the database may hold more than the scripts show.
    partial: bool,
}

impl Files {
    /// Adds a file or replaces its text; the same text again is not parsed again.
    pub fn set(&mut self, path: &str, text: &str) {
        let place = self.place(path);
        if place.is_ok_and(|it| self.files[it].text.text() == text) {
            return;
        }
        let source = Source { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        let file = File { text: Text::new(&source), path: source.path, read: None };
        match place {
            Ok(at) => self.files[at] = file,
            Err(at) => self.files.insert(at, file),
        }
    }

    /// Where the file of a path is, or where it would be.
    fn place(&self, path: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|it| it.path.as_str().cmp(path))
    }

    fn get(&self, path: &str) -> Option<&File> {
        self.place(path).ok().map(|it| &self.files[it])
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &str) {
        if let Ok(at) = self.place(path) {
            self.files.remove(at);
        }
    }

    /// The reports that the request wants. What `tell` gives of the report of `check`, which it is given as soon as
    /// that is there, is part of the answer.
    ///
    /// # Errors
    ///
    /// If a path that is to report was never set.
    pub fn analyse(
        &mut self,
        request: &Request,
        tell: impl FnOnce(String) -> Option<String>,
    ) -> Result<Answer, RequestError> {
        if let Some(path) = request.report.iter().chain(&request.schema).find(|it| self.place(it).is_err()) {
            return Err(RequestError::NoFile(path.clone()));
        }
        let mut survey = self.survey(&request.report, request.schema.as_deref());
        if request.settings.dialects.contains(&Dialect::Sqlite) {
            survey.runs_on_sqlite();
        }
        self.read(&survey, request.schema.as_deref());
        let histories = self.histories(&survey, &request.report, request.schema.as_deref());
        let counting = Counting { unit: request.offsets, layout: Layout::Compact };
        let settings = &request.settings;
        let (found, seen) = request.finds().then(|| found(&histories, settings)).unzip();
        let mut seen = seen.unwrap_or_default().into_iter();
        let scripts: Vec<&Script> = histories.iter().flat_map(|it| &it.scripts).map(|it| it.0).collect();
        let checked = found.as_ref().map(|report| Checked { report, scripts: &scripts, version: settings.postgres });
        let check = checked.filter(|_| request.check).and_then(|it| tell(check_json(it, counting)));
        // A history is folded once where that tells all that is wanted.
        let replay = |it: &History<'_>| seen.next().flatten().unwrap_or_else(|| it.replay(settings));
        let records: Vec<Record> = histories.iter().filter(|_| request.replays()).map(replay).collect();
        let described = || described(&histories, &records, settings.postgres);
        Ok(Answer {
            check,
            #[cfg(feature = "panels")]
            markdown: checked.filter(|_| request.markdown).map(|it| object("text", &lockkeeper_report::markdown(it))),
            #[cfg(not(feature = "panels"))]
            markdown: None,
            #[cfg(feature = "panels")]
            sarif: checked.filter(|_| request.sarif).map(lockkeeper_report::sarif_without_documents),
            #[cfg(not(feature = "panels"))]
            sarif: None,
            #[cfg(feature = "panels")]
            comment: checked
                .filter(|_| request.comment)
                .map(|it| recorded(&histories, &records, settings.postgres, &|effects| comment(it, effects))),
            #[cfg(not(feature = "panels"))]
            comment: None,
            effects: request
                .effects
                .then(|| recorded(&histories, &records, settings.postgres, &|it| effects_json(it, counting))),
            schema: request.tables.then(|| schema_json(&described())),
            ddl: request.ddl.then(|| object("sql", &schema_human(&described()))),
            #[cfg(feature = "panels")]
            tree: request.tree.then(|| trees(&histories, counting)),
            #[cfg(not(feature = "panels"))]
            tree: None,
            #[cfg(feature = "panels")]
            sql: request.sql.then(|| {
                let sql = |it: Recorded<'_>| lockkeeper_report::sql_json(it, &[], counting);
                recorded(&histories, &records, settings.postgres, &sql)
            }),
            #[cfg(not(feature = "panels"))]
            sql: None,
        })
    }

    /// The histories of the files. What is to report is a migration whatever it looks like.
    fn survey(&self, report: &[String], schema: Option<&str>) -> Survey {
        let found = self.migrations(schema).map(|(path, file)| Found {
            path,
            within: path,
            text: file.text.text(),
            named: report.iter().any(|it| it == path),
        });
        survey(&found.collect::<Vec<_>>())
    }

    fn migrations(&self, schema: Option<&str>) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|it| (it.path.as_str(), it)).filter(move |it| Some(it.0) != schema)
    }

    /// Parses what has changed, or is to be read in another way than before.
    fn read(&mut self, survey: &Survey, schema: Option<&str>) {
        let wanted: Vec<(String, &Entry)> = {
            let paths: Vec<&str> = self.migrations(schema).map(|it| it.0).collect();
            let entries = survey.roots.iter().flat_map(|it| it.up.iter().chain(&it.down));
            entries.map(|it| (paths[it.file].to_owned(), it)).collect()
        };
        let plain = Entry::default();
        for (path, entry) in wanted.into_iter().chain(schema.map(|it| (it.to_owned(), &plain))) {
            let Ok(at) = self.place(&path) else { continue };
            let file = &mut self.files[at];
            if file.read.as_ref().is_none_or(|it| !entry.reads_like(&it.0)) {
                file.read = Some((entry.clone(), entry.read(&file.text)));
            }
        }
    }

    fn histories(&self, survey: &Survey, report: &[String], schema: Option<&str>) -> Vec<History<'_>> {
        let files: Vec<(&str, &File)> = self.migrations(schema).collect();
        let reports = |at: usize| report.iter().any(|it| it == files[at].0);
        let histories = survey.roots.iter().map(|root| {
            let partial = root.up.iter().filter(|it| !it.beside).count() < 2 && schema.is_none();
            // What runs after the last file that reports is no concern of it.
            let end = root.up.iter().rposition(|it| reports(it.file)).map_or(0, |it| it + 1);
            let down = root.down.iter().filter(|it| reports(it.file));
            let chosen = root.up[..end].iter().chain(down);
            let scripts =
                chosen.flat_map(|it| files[it.file].1.scripts().iter().map(move |script| (script, reports(it.file))));
            let (up, back) = scripts.partition::<Vec<_>, _>(|it| it.0.direction == Direction::Up);
            if up.is_empty() && back.is_empty() {
                return None;
            }
            let partial = partial || up.iter().any(|it| it.0.is_partial());
            let given = self.schema(schema).map(|it| (it, false));
            Some(History { scripts: given.chain(up).chain(back).collect(), partial })
        });
        histories.flatten().collect()
    }

    /// What the file that describes the database does.
    fn schema(&self, path: Option<&str>) -> impl Iterator<Item = &Script> {
        let scripts = path.and_then(|it| self.get(it)).map_or(&[] as &[Script], |it| it.scripts());
        scripts.iter().filter(|it| it.direction == Direction::Up)
    }
}

/// The JSON of an object with one text. Not of `json!`, whose values may be floating-point numbers: the table that prints
/// those weighs ten kilobytes in the page's first module.
fn object(name: &str, text: &str) -> String {
    format!("{{\"{name}\":{}}}", serde_json::to_string(text).unwrap_or_default())
}

/// What is found, and what each history does as far as that was seen on the way.
fn found(histories: &[History<'_>], settings: &Settings) -> (Report, Vec<Option<Record>>) {
    let mut report = Report::default();
    let mut records = Vec::new();
    let mut offset = 0;
    for history in histories {
        let inputs: Vec<Input<'_>> = history.scripts.iter().map(|it| input(it)).collect();
        let (mut found, record) = lint_recorded(&Root { scripts: &inputs, partial: history.partial }, settings);
        records.push(record);
        for finding in &mut found.findings {
            finding.fix.take_if(|_| !history.scripts[finding.script].0.is_written());
        }
        for (script, (it, _)) in history.scripts.iter().enumerate().filter(|it| it.1.1) {
            for (span, message) in &it.gaps {
                found.add_problem(Problem {
                    kind: ProblemKind::Extract,
                    script,
                    span: *span,
                    message: message.clone(),
                });
            }
        }
        report.absorb(found, offset);
        offset += inputs.len();
    }
    report.problems.arrange_by_key(|it| (it.script, it.span.start));
    let all = || histories.iter().flat_map(|it| &it.scripts);
    // The way back is no migration of its own, whether it stands in the same file or beside it.
    let files = all()
        .filter(|(it, reports)| *reports && it.direction == Direction::Up && !it.beside)
        .map(|it| it.0.path.as_str());
    let mut files: Vec<&str> = files.collect();
    files.arrange_by_key(|it| *it);
    files.dedup();
    report.summary.files = files.len();
    (report, records)
}

#[cfg(feature = "panels")]
fn trees(histories: &[History<'_>], counting: Counting) -> String {
    let scripts = histories.iter().flat_map(|it| &it.scripts).filter(|it| it.1).map(|it| it.0);
    crate::tree::trees(scripts, counting.unit)
}

/// What `lockkeeper comment --dry-run` prints, as JSON: no forge has pages of these files.
#[cfg(feature = "panels")]
fn comment(checked: Checked<'_>, recorded: Recorded<'_>) -> String {
    use lockkeeper_report::comment::{Effects, MOST_ON_GITHUB, Report, Summary, items};
    let (report, effects) = (Report::of(checked), Effects::of(recorded));
    let items = items(&report);
    let summary = Summary {
        run: "check",
        report: &report,
        effects: Some(&effects),
        is_changed: &|_| true,
        line_page: &|_, _| None,
        playground: &|_| None,
        most: MOST_ON_GITHUB,
    };
    object("text", &summary.text(&items, &vec![false; items.len()]))
}

fn input<'a>(&(script, reports): &(&'a Script, bool)) -> Input<'a> {
    Input { reports, ..Input::from(script) }
}

impl<'a> History<'a> {
    /// The scripts that make the history, without the way back.
    fn up(&self) -> &[(&'a Script, bool)] {
        let count = self.scripts.iter().filter(|it| it.0.direction == Direction::Up).count();
        &self.scripts[..count]
    }

    fn replay(&self, settings: &Settings) -> Record {
        let scripts: Vec<Replayed<'_>> = self.up().iter().map(|it| input(it).sent(settings)).collect();
        let options = Options { version: settings.postgres, partial: self.partial, ..Options::default() };
        record(&scripts, &options, &mut |_| {})
    }
}

/// What the histories do, in the form of a report.
fn recorded(
    histories: &[History<'_>],
    records: &[Record],
    version: Version,
    form: &dyn Fn(Recorded<'_>) -> String,
) -> String {
    let recorded: Vec<RecordedHistory<'_>> = histories
        .iter()
        .zip(records)
        .map(|(it, record)| RecordedHistory { record, scripts: it.up().to_vec() })
        .collect();
    form(Recorded { histories: &recorded, version })
}

/// What there is at the end of each history.
fn described<'a>(histories: &[History<'a>], records: &[Record], version: Version) -> Vec<Described<'a>> {
    let described = histories.iter().zip(records).map(|(it, record)| Described {
        schemas: schema(&record.history.catalog, version),
        scripts: it.up().iter().map(|it| it.0).collect(),
    });
    described.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The report of `check` on these paths.
    fn check(files: &mut Files, report: &[&str]) -> Value {
        let request = json!({"report": report, "want": ["check"], "offsets": "utf16"}).to_string();
        let answer = files.analyse(&Request::parse(&request).unwrap(), Some).unwrap();
        serde_json::from_str(&answer.check.unwrap()).unwrap()
    }

    fn rules(report: &Value) -> Vec<&str> {
        report["findings"].as_array().unwrap().iter().filter_map(|it| it["rule"].as_str()).collect()
    }

    fn files<const N: usize>(texts: [(&str, &str); N]) -> Files {
        let mut files = Files::default();
        texts.iter().for_each(|(path, text)| files.set(path, text));
        files
    }

    #[test]
    fn earlier_files_are_context_and_later_ones_are_not() {
        let mut files = files([
            ("10_c.sql", "DROP TABLE t;"),
            ("1_a.sql", "CREATE TABLE t (id int) PARTITION BY RANGE (id);"),
            ("2_b.sql", "CREATE INDEX CONCURRENTLY i ON t (id);"),
        ]);
        let report = check(&mut files, &["2_b.sql"]);
        assert_eq!(rules(&report), ["concurrently-on-partitioned"]);
        assert_eq!(report["summary"]["files"], 1);
    }

    #[test]
    fn each_folder_has_a_history_of_its_own() {
        let mut files =
            files([("a/1.sql", "CREATE TABLE t (id int) PARTITION BY RANGE (id);"), ("b/2.sql", "DROP TABLE t;")]);
        let report = check(&mut files, &["b/2.sql"]);
        assert_eq!(report["findings"][0]["labels"], json!([]));
    }

    /// Effects that come with findings are seen on the way to these, where the server would go the same way.
    #[test]
    fn effects_are_the_same_with_findings_as_without() {
        let texts = [
            "CREATE TABLE t (id int); CREATE INDEX i ON t (id); DROP TABLE s;",
            "CREATE TABLE t (id int); ALTER TABEL t; CREATE INDEX i ON t (id);",
            "BEGIN; CREATE TABLE t (id int); ALTER TABEL t; CREATE INDEX i ON t (id); COMMIT;",
            "CREATE TABLE t (id int); CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN n int;",
            "BEGIN; DROP TABLE s; ALTER TABLE s ADD COLUMN n int; COMMIT; ALTER TABLE s ADD COLUMN m int;",
            "DO $$ BEGIN CREATE TABLE t (id int); ALTER TABEL t; END $$; CREATE INDEX i ON t (id);",
            "CREATE TABLE t (id int); SAVEPOINT a; VACUUM; DO $$ BEGIN CREATE TABLE t (id int); END $$; DROP TABLE t;",
            "-- +goose Up\nCREATE TABLE t (id int);\n-- +goose Down\nDROP TABLE s;",
            "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON t (id); \\i other.sql\nDROP INDEX i;",
        ];
        for text in texts {
            for name in ["a.sql", "a.up.sql"] {
                let effects = |want: &[&str]| {
                    let request = json!({"report": [name], "want": want}).to_string();
                    files([(name, text)]).analyse(&Request::parse(&request).unwrap(), Some).unwrap().effects.unwrap()
                };
                assert_eq!(effects(&["check", "effects"]), effects(&["effects"]), "{text}");
            }
        }
    }

    /// What a revision sends, statement by statement as the effects name them.
    #[cfg(all(feature = "panels", feature = "python"))]
    #[test]
    fn what_is_sent_goes_with_what_it_does() {
        let revision = "revision = \"a\"\ndown_revision = None\n\n\ndef upgrade():\n    \
            op.add_column(\"t\", sa.Column(\"n\", sa.Integer()))\n    op.execute(\"DROP TABLE s\")\n";
        let text = format!("from alembic import op\nimport sqlalchemy as sa\n\n{revision}");
        let request = json!({"report": ["versions/a.py"], "want": ["effects", "sql"]}).to_string();
        let answer = files([("versions/a.py", &text)]).analyse(&Request::parse(&request).unwrap(), Some).unwrap();
        let read = |json: Option<String>| -> Value { serde_json::from_str(&json.unwrap()).unwrap() };
        let (effects, sql) = (read(answer.effects), read(answer.sql));
        let of = |json: &Value, name: &str| -> Vec<Value> {
            json["statements"].as_array().unwrap().iter().map(|it| it[name].clone()).collect()
        };
        assert_eq!(of(&sql, "sql"), ["ALTER TABLE t ADD COLUMN n INTEGER", "DROP TABLE s"]);
        assert_eq!(of(&effects, "start"), of(&sql, "start"));
        assert_eq!(of(&effects, "transaction"), of(&sql, "transaction"));
    }

    #[test]
    fn files_of_a_recipe_have_the_marks_of_the_tool() {
        let texts = |text: &str| -> Vec<Value> {
            let report = check(&mut files([("1_a.sql", text)]), &["1_a.sql"]);
            let instead = &report["findings"][0]["instead"];
            instead["files"].as_array().unwrap().iter().map(|it| it["text"].clone()).collect()
        };
        let index = "CREATE INDEX i ON t (id);\n";
        assert_eq!(texts(index), [Value::Null]);
        let concurrently = "CREATE INDEX CONCURRENTLY i ON t (id);\n";
        let goose = format!("-- +goose NO TRANSACTION\n-- +goose Up\n{concurrently}\n-- +goose Down\n");
        assert_eq!(texts(&format!("-- +goose Up\n{index}")), [json!(goose)]);
        let dbmate = format!("-- migrate:up transaction:false\n{concurrently}\n-- migrate:down transaction:false\n");
        assert_eq!(texts(&format!("-- migrate:up\n{index}\n-- migrate:down\n")), [json!(dbmate)]);
    }

    #[test]
    fn who_says_how_a_file_is_wrapped_says_it_of_all_of_it() {
        let text = "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE t (id int);\n\
                    --changeset a:2 runInTransaction:false\nCREATE INDEX i ON t (id);\n";
        let transactions = |config: &str| {
            let request = json!({"report": ["a.sql"], "want": ["effects"], "config": config}).to_string();
            let answer = files([("a.sql", text)]).analyse(&Request::parse(&request).unwrap(), Some).unwrap();
            let effects: Value = serde_json::from_str(&answer.effects.unwrap()).unwrap();
            [0, 1].map(|at| effects["statements"][at]["transaction"].as_u64())
        };
        assert_eq!(transactions(""), [Some(1), Some(2)]);
        assert_eq!(transactions("[runner]\ntransaction = \"file\"\n"), [Some(1), Some(1)]);
    }

    #[test]
    fn a_text_replaces_the_one_before_and_a_removed_file_is_gone() {
        let mut files = files([("a.sql", "DROP TABLE t;")]);
        assert_eq!(rules(&check(&mut files, &["a.sql"])), ["table-dropped"]);
        files.set("a.sql", "SELECT 1;");
        assert!(rules(&check(&mut files, &["a.sql"])).is_empty());
        files.remove("a.sql");
        let request = Request::parse(r#"{"report": ["a.sql"], "want": []}"#).unwrap();
        assert_eq!(files.analyse(&request, Some).unwrap_err().to_string(), "there is no file `a.sql`");
    }

    #[test]
    fn a_schema_comes_before_every_history() {
        let schema = "CREATE TABLE t (id int) PARTITION BY RANGE (id);";
        let mut files =
            files([("schema.sql", schema), ("m/2.sql", "CREATE INDEX CONCURRENTLY i ON t (id); DROP TABLE u;")]);
        let request = r#"{"report": ["m/2.sql"], "schema": "schema.sql", "want": ["check"]}"#;
        let answer = files.analyse(&Request::parse(request).unwrap(), Some).unwrap();
        let report: Value = serde_json::from_str(&answer.check.unwrap()).unwrap();
        assert_eq!(rules(&report), ["concurrently-on-partitioned", "object-missing"]);
        assert_eq!(report["summary"]["files"], 1);
    }

    #[test]
    fn the_same_text_is_not_parsed_again() {
        let mut files = files([("a.sql", "SELECT 1;")]);
        check(&mut files, &["a.sql"]);
        let before = files.get("a.sql").unwrap().scripts().as_ptr();
        files.set("a.sql", "SELECT 1;");
        check(&mut files, &["a.sql"]);
        assert_eq!(files.get("a.sql").unwrap().scripts().as_ptr(), before);
    }

    #[test]
    fn only_what_is_wanted_is_made() {
        let mut files = files([("a.sql", "SELECT 1;")]);
        let request = Request::parse(r#"{"report": ["a.sql"], "want": ["effects"]}"#).unwrap();
        let answer = files.analyse(&request, Some).unwrap();
        assert!(answer.check.is_none() && answer.effects.is_some());
    }

    #[test]
    fn the_schema_is_that_after_the_file() {
        let mut files = files([
            ("1_a.sql", "CREATE TABLE t (id bigint PRIMARY KEY);"),
            ("2_b.sql", "ALTER TABLE t ADD COLUMN name text NOT NULL;"),
            ("3_c.sql", "DROP TABLE t;"),
        ]);
        let request = Request::parse(r#"{"report": ["2_b.sql"], "want": ["schema", "ddl"]}"#).unwrap();
        let answer = files.analyse(&request, Some).unwrap();
        let schema: Value = serde_json::from_str(&answer.schema.unwrap()).unwrap();
        assert_eq!(schema["schemas"][0]["tables"][0]["columns"][1]["name"], "name");
        let ddl: Value = serde_json::from_str(&answer.ddl.unwrap()).unwrap();
        assert!(ddl["sql"].as_str().unwrap().contains("name text NOT NULL"), "{ddl}");
    }

    #[test]
    #[cfg(feature = "panels")]
    fn markdown_is_that_of_the_command_line() {
        let mut files = files([("a.sql", "DROP TABLE t;")]);
        let request = Request::parse(r#"{"report": ["a.sql"], "want": ["markdown"]}"#).unwrap();
        let answer: Value = serde_json::from_str(&files.analyse(&request, Some).unwrap().markdown.unwrap()).unwrap();
        let text = answer["text"].as_str().unwrap();
        assert!(text.starts_with("## Lockkeeper\n") && text.contains("`table-dropped`"), "{text}");
    }

    #[test]
    #[cfg(feature = "panels")]
    fn a_tree_has_its_places_in_the_file() {
        let mut files = files([("a.sql", "/* 🚂 */ DROP TABLE t;")]);
        let request = Request::parse(r#"{"report": ["a.sql"], "want": ["tree"], "offsets": "utf16"}"#).unwrap();
        let trees: Value = serde_json::from_str(&files.analyse(&request, Some).unwrap().tree.unwrap()).unwrap();
        let tree = &trees["statements"][0]["tree"];
        assert_eq!((&tree["name"], &tree["at"]), (&json!("Drop"), &json!([9, 21])));
    }

    #[test]
    fn offsets_count_as_asked() {
        let mut files = files([("a.sql", "/* 🚂 */ DROP TABLE t;")]);
        let start = check(&mut files, &["a.sql"])["findings"][0]["start"].clone();
        assert_eq!((&start["column"], &start["offset"]), (&json!(20), &json!(20)));
    }
}
