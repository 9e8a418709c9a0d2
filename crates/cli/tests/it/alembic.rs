//! Revisions of Alembic, from the folder to the finding.

use crate::project;

const FIRST: &str = "\"\"\"first\n\nRevision ID: aa11\nRevises:\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = 'aa11'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table('odds', sa.Column('id', sa.BigInteger(), primary_key=True), sa.Column('line', sa.Float()))\n\n\ndef downgrade():\n    op.drop_table('odds')\n";

fn revision(name: &str, parent: &str, body: &str) -> String {
    format!(
        "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '{name}'\ndown_revision = '{parent}'\n\n\ndef upgrade():\n    {body}\n"
    )
}

#[test]
fn the_chain_gives_the_order_and_a_finding_points_into_python() {
    let second = revision("bb22", "aa11", "op.create_index('odds_line', 'odds', ['line'])");
    // By name it would come first.
    let project = project(&[("alembic/versions/z_first.py", FIRST), ("alembic/versions/a_second.py", &second)]);
    let report = project.run("check --format json").json();
    let findings = report["findings"].as_array().expect("findings are a list");
    let found = findings.iter().find(|it| it["rule"] == "index-built-under-lock").expect("the index is reported");
    assert_eq!(found["path"], "alembic/versions/a_second.py");
    assert_eq!(found["start"]["line"], 9);
    assert_eq!(report["problems"], serde_json::json!([]));
    assert_eq!(report["summary"]["files"], 2);
}

#[test]
fn a_folder_for_postgresql_is_not_for_sqlite() {
    let second = revision("bb22", "aa11", "op.drop_constraint('odds_pkey', 'odds')");
    let env = "# one folder for sqlite, one for postgresql\nfrom alembic import context\n";
    let found = |folder: &str| {
        let (first, next) = (format!("{folder}/1.py"), format!("{folder}/2.py"));
        let project = project(&[("m/env.py", env), (first.as_str(), FIRST), (next.as_str(), second.as_str())]);
        project.run("check --format json").out.contains("refused-by-sqlite")
    };
    assert!(found("m/versions"));
    assert!(!found("m/versions/postgresql"));
}

#[test]
fn the_snippet_shows_python() {
    let second = revision("bb22", "aa11", "op.execute('DROP TABLE odds')");
    let project = project(&[("db/versions/1.py", FIRST), ("db/versions/2.py", &second)]);
    let run = project.run("check");
    assert!(run.out.contains("9 |     op.execute('DROP TABLE odds')"), "{}", run.out);
    assert_eq!(run.status, 1);
}

#[test]
fn the_sql_of_revisions_is_printed() {
    let second = revision(
        "bb22",
        "aa11",
        "with op.get_context().autocommit_block():\n        op.create_index('i', 'odds', ['line'], postgresql_concurrently=True)\n    app.seed(op)",
    );
    let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &second)]);
    let run = project.run("sql");
    assert!(run.out.contains("BEGIN;\nCREATE TABLE odds (\n    id BIGSERIAL NOT NULL, "), "{}", run.out);
    assert!(run.out.contains("\nCREATE INDEX CONCURRENTLY i ON odds (line);"), "{}", run.out);
    let json = project.run("sql --format json m/versions/2.py").json();
    assert_eq!(json["problems"][0]["kind"], "extract");
    assert_eq!(json["problems"][0]["start"]["line"], 11);
    let down = project.run("sql --down --format json").json();
    assert_eq!(down["statements"][0]["sql"], "DROP TABLE odds");
    assert_eq!(down["statements"][0]["start"]["line"], 18);
}

#[test]
fn a_broken_chain_is_a_problem_at_its_place() {
    let project = project(&[
        ("m/versions/1.py", FIRST),
        ("m/versions/2.py", &revision("bb22", "gone", "pass")),
        ("m/versions/3.py", &revision("cc33", "aa11", "pass")),
        ("m/versions/4.py", &revision("dd44", "aa11", "pass")),
    ]);
    let report = project.run("check --format json").json();
    let problems = report["problems"].as_array().expect("problems are a list");
    let at = |text: &str| {
        let found = problems.iter().find(|it| it["message"].as_str().is_some_and(|it| it.contains(text)));
        found.map(|it| format!("{}:{} {}", it["path"].as_str().unwrap_or_default(), it["start"]["line"], it["kind"]))
    };
    assert_eq!(at("no file is the revision `gone`").as_deref(), Some("m/versions/2.py:5 \"chain\""));
    assert!(at("several revisions have none after them").is_some(), "{problems:?}");
}

#[test]
fn the_configuration_says_where_revisions_are() {
    let ini = "[alembic]\nscript_location = db\nversion_locations = %(here)s/db/steps\nsqlalchemy.url = postgresql+asyncpg://a:S3cret@h/a\n";
    let env = "from sqlalchemy import create_engine\nengine = create_engine(context.config.get_main_option('sqlalchemy.url'))\n";
    let second = revision("bb22", "aa11", "op.execute('DROP TABLE odds')");
    let files = [("alembic.ini", ini), ("db/env.py", env), ("db/steps/1.py", FIRST), ("db/steps/2.py", &second)];
    let project = project(&files);
    let whole = project.run("check --format json").places();
    // Two mistakes at one place are two findings.
    let expected = [
        "alembic.ini:4:18 driver-does-not-fit-engine",
        "alembic.ini:4:18 password-in-configuration",
        "db/steps/2.py:9:28 table-dropped",
    ];
    assert_eq!(whole, expected);
    assert_eq!(project.run("check --format json db/steps").places(), expected[2..]);
}

#[test]
fn python_that_is_no_revision_is_left_alone() {
    let project = project(&[("app/versions/models.py", "class Version:\n    pass\n"), ("db/1.sql", "SELECT 1;\n")]);
    let report = project.run("check --format json").json();
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(report["problems"], serde_json::json!([]));
}

#[test]
fn comments_in_python_silence_a_rule() {
    let second = revision("bb22", "aa11", "op.drop_table('odds')  # lockkeeper: ignore table-dropped -- agreed");
    let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &second)]);
    let report = project.run("check --format json").json();
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["unused_suppressions"], serde_json::json!([]));
}

#[test]
fn behind_what_is_not_understood_nothing_is_certain() {
    let lost = "app.seed(op)\n    op.drop_column('odds', 'made_by_seed')\n    op.create_index('i', 'of_seed', ['a'])\n    op.add_column('odds', sa.Column('line', sa.Text()))";
    let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &revision("bb22", "aa11", lost))]);
    let report = project.run("check --format json").json();
    let rules: Vec<_> = report["findings"].as_array().expect("a list").iter().map(|it| it["rule"].as_str()).collect();
    assert_eq!(rules, [Some("column-dropped")], "{report}");
}

#[test]
fn behind_a_constraint_dropped_without_a_name_no_name_is_taken_for_certain() {
    let drops = |name: &str| {
        let body =
            format!("op.drop_constraint({name}, 'odds')\n    op.create_primary_key('odds_pkey', 'odds', ['line'])");
        let second = revision("bb22", "aa11", &body);
        let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &second)]);
        project.run("check").out
    };
    let unnamed = drops("None");
    assert!(unnamed.contains("[constraint-without-name-dropped]"), "{unnamed}");
    assert!(!unnamed.contains("already"), "{unnamed}");
    let other = drops("'odds_line_key'");
    assert!(!other.contains("[constraint-without-name-dropped]"), "{other}");
}

#[test]
fn a_second_dialect_leaves_the_environment_as_it_is() {
    let env = "from sqlalchemy import MetaData\n\ntarget_metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\n";
    let second = revision("bb22", "aa11", "from shop.names import BETS\n    op.drop_table(BETS)");
    let project = project(&[
        ("lockkeeper.toml", "dialects = [\"postgres\", \"sqlite\"]\n"),
        ("m/env.py", env),
        ("m/versions/1.py", FIRST),
        ("m/versions/2.py", &second),
        ("shop/names.py", "BETS = 'odds'\n"),
    ]);
    let run = project.run("sql .");
    assert!(run.out.contains("CONSTRAINT pk_odds PRIMARY KEY (id)"), "{}", run.out);
    assert!(run.out.contains("\nDROP TABLE odds;"), "{}", run.out);
}

#[test]
fn a_model_is_missed_though_a_package_hands_its_base_class_on() {
    let env = "from alembic import context\nfrom shop.orm import Base\n\ncontext.configure(connection=c, target_metadata=Base.metadata)\n";
    let model =
        |table: &str| format!("from shop.orm.base import Base\n\nclass Row(Base):\n    __tablename__ = '{table}'\n");
    let (a, b) = (model("a"), model("b"));
    let missed = |package: &str| {
        let project = project(&[
            ("m/env.py", env),
            ("m/versions/1.py", FIRST),
            ("shop/orm/__init__.py", package),
            ("shop/orm/base.py", "class Base(DeclarativeBase):\n    pass\n"),
            ("shop/orm/a.py", a.as_str()),
            ("shop/orm/b.py", b.as_str()),
        ]);
        project.run("check --format json .").out.contains("`Base.metadata` lacks the models of `shop/orm/b.py`")
    };
    let base = "from shop.orm.base import Base\nfrom shop.orm.a import Row\n";
    assert!(missed(base));
    assert!(!missed(&format!("{base}from shop.orm.b import Row as Other\n")));
}

#[test]
fn two_blocks_outside_the_transaction_may_follow_each_other() {
    let block = |name: &str| {
        format!(
            "with op.get_context().autocommit_block():\n        op.execute('CREATE INDEX CONCURRENTLY {name} ON odds (line)')"
        )
    };
    let body = format!("{}\n    {}", block("a"), block("b"));
    let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &revision("bb22", "aa11", &body))]);
    let run = project.run("check");
    assert!(!run.out.contains("concurrently-in-transaction"), "{}", run.out);
}

#[test]
fn revisions_may_lie_in_a_folder_of_any_name() {
    let head = |own: &str, parent: &str| {
        format!("from alembic import op\nrevision = '{own}'\ndown_revision: str = {parent}\n\ndef upgrade():\n")
    };
    let first = format!("{}    op.execute('CREATE TABLE t (id int)')\n", head("a1b2c3d4", "None"));
    let second = format!("{}    op.execute('DROP TABLE u')\n", head("b2c3d4e5", "'a1b2c3d4'"));
    let third = format!("{}    pass\n", head("c3d4e5f6", "'gone'"));
    let files = [
        ("db/revisions/b2c3d4e5_b.py", second.as_str()),
        ("db/revisions/a1b2c3d4_a.py", first.as_str()),
        ("db/revisions/helpers.py", "x = 1\n"),
        ("other/c3d4e5f6_c.py", third.as_str()),
    ];
    let run = project(&files).run("check --format json --select object-missing");
    assert_eq!(run.places(), ["db/revisions/b2c3d4e5_b.py:6:28 object-missing", "other/c3d4e5f6_c.py:3:22 chain"]);
}

#[test]
fn what_stands_in_for_something_unknown_is_no_mistake() {
    let text = "from alembic import op\nimport os\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n    \
                n = os.environ.get('N')\n    op.execute(f'ALTER ROLE x WITH {n}')\n";
    let run = project(&[("m/versions/a.py", text)]).run("check m --format json");
    let kinds: Vec<String> = run.places().iter().filter_map(|it| it.split(' ').nth(1).map(str::to_owned)).collect();
    assert_eq!(kinds, ["extract", "template"]);
    assert_eq!(run.status, 0);
}

#[test]
fn a_day_that_is_made_up_overlaps_nothing_for_certain() {
    let first = FIRST.replace("sa.Column('line', sa.Float()))", "postgresql_partition_by='RANGE (id)')");
    let partition = |name: &str, from: &str| {
        format!("op.execute(f\"CREATE TABLE {name} PARTITION OF odds FOR VALUES FROM ({from}) TO (99999)\")")
    };
    let fixed = revision("bb22", "aa11", &partition("odds_1", "1"));
    let counted = revision("cc33", "bb22", &partition("odds_2", "{date.today():%Y}"));
    let counted = counted.replacen("import op\n", "import op\nfrom datetime import date\n", 1);
    let third = revision("cc33", "bb22", &partition("odds_3", "2000"));
    let found = |last: &str| {
        let files = [("m/versions/1.py", first.as_str()), ("m/versions/2.py", &fixed), ("m/versions/3.py", last)];
        project(&files).run("check --format json").out
    };
    let of_clock = found(&counted);
    assert!(of_clock.contains("partitions-depend-on-clock") && !of_clock.contains("partitions-overlap"), "{of_clock}");
    assert!(found(&third).contains("partitions-overlap"));
}

#[test]
fn a_way_back_takes_away_what_may_have_been_made_by_what_is_not_understood() {
    let found = |upgrade: &str, downgrade: &str| {
        let second = revision("bb22", "aa11", upgrade) + &format!("\n\ndef downgrade():\n    {downgrade}\n");
        let project = project(&[("m/versions/1.py", FIRST), ("m/versions/2.py", &second)]);
        let places = project.run("check --format json .").places();
        let dropped = places.into_iter().filter(|it| it.ends_with("-dropped"));
        dropped.map(|it| it.rsplit(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    for upgrade in ["app.create_tables(op)", "op.create_table(app.NAME, sa.Column('a', sa.Text()))"] {
        assert_eq!(found(upgrade, "op.drop_table('scores')"), Vec::<String>::new(), "{upgrade}");
        assert_eq!(found(upgrade, "op.drop_column('odds', 'note')"), Vec::<String>::new(), "{upgrade}");
        assert_eq!(found(upgrade, "op.drop_table('odds')"), ["table-dropped"], "{upgrade}");
        assert_eq!(found(upgrade, "op.drop_column('odds', 'line')"), ["column-dropped"]);
    }
}
