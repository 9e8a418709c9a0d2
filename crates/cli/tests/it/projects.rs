//! The projects below `tests/examples` that use Alembic: as they stand they are silent, and each mistake that is made
//! in one of them is found at its line.

use crate::{Project, project};
use std::fs;
use std::path::Path;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/examples");

/// A mistake: in which file of which project, what is written instead of what, and the rule or the kind of problem that
/// tells at which words of the file.
struct Mistake {
    file: &'static str,
    instead_of: &'static str,
    written: &'static str,
    rule: &'static str,
    at: &'static str,
}

const fn mistake(
    file: &'static str,
    instead_of: &'static str,
    written: &'static str,
    rule: &'static str,
    at: &'static str,
) -> Mistake {
    Mistake { file, instead_of, written, rule, at }
}

fn copy(name: &str) -> Project {
    let copy = project(&[]);
    let top = Path::new(EXAMPLES).join(name);
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the example is part of the repository") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(&top).expect("it lies below the top").to_string_lossy().into_owned();
                copy.write(&inside, &fs::read(&path).expect("an example can be read"));
            }
        }
    }
    copy
}

/// Checks that the project is silent, and that each mistake is found, and nothing else.
fn check(name: &str, mistakes: &[Mistake]) {
    let silent = copy(name).run("check --format json .");
    assert_eq!(silent.places(), Vec::<String>::new(), "{name} as it stands");
    assert!(silent.json()["summary"]["statements"].as_u64() > Some(0), "{name} is read");
    for it in mistakes {
        let copy = copy(name);
        let text = fs::read_to_string(copy.path().join(it.file)).expect("the file is part of the example");
        assert!(text.contains(it.instead_of), "{name}/{}: holds no `{}`", it.file, it.instead_of);
        let text = text.replacen(it.instead_of, it.written, 1);
        copy.write(it.file, text.as_bytes());
        copy.write("only.toml", format!("[rules]\n\"{}\" = \"warning\"\n", it.rule).as_bytes());
        let known = !matches!(it.rule, "chain" | "extract");
        let found = copy.run(if known { "check --format json --config only.toml ." } else { "check --format json ." });
        let offset = text.find(it.at).unwrap_or_else(|| panic!("{name}/{}: holds no `{}`", it.file, it.at));
        let line = 1 + text[..offset].matches('\n').count();
        let places = found.places();
        let wanted = |place: &String| {
            place.starts_with(&format!("{}:{line}:", it.file)) && place.ends_with(&format!(" {}", it.rule))
        };
        assert!(places.len() == 1 && wanted(&places[0]), "{name}/{}:{line} {}: {places:?}", it.file, it.rule);
    }
}

#[test]
fn an_environment_with_asyncpg_and_settings() {
    let env = "alembic/env.py";
    let at_url = "config.set_main_option(";
    check(
        "async-odds",
        &[
            mistake(env, "pool.NullPool", "pool.QueuePool", "pool-refused-by-engine", "pool.QueuePool"),
            mistake(env, ".replace(\"%\", \"%%\")", "", "percent-sign-not-doubled", at_url),
            mistake(env, "import models, settings", "import settings", "models-never-imported", "target_metadata ="),
            mistake(
                env,
                ".replace(\"%\", \"%%\")",
                ".replace(\"+asyncpg\", \"\").replace(\"%\", \"%%\")",
                "driver-does-not-fit-engine",
                at_url,
            ),
            mistake(
                "app/settings.py",
                "postgresql+asyncpg",
                "postgresql+psycopg2",
                "driver-does-not-fit-engine",
                "postgresql+psycopg2",
            ),
            mistake(
                env,
                "settings.database_url.replace(\"%\", \"%%\")",
                "\"postgresql+asyncpg://odds:T0p-Secret@db.internal/odds\"",
                "password-in-configuration",
                "\"postgresql+asyncpg",
            ),
            mistake(
                "alembic.ini",
                "driver://user:pass@localhost/dbname",
                "postgresql+asyncpg://odds:T0p-Secret@db/odds",
                "password-in-configuration",
                "postgresql+asyncpg",
            ),
        ],
    );
}

#[test]
fn an_environment_with_other_mistakes() {
    let env = "alembic/env.py";
    check(
        "async-odds",
        &[
            mistake(
                env,
                "config.set_main_option(\"sqlalchemy.url\", settings.database_url.replace(\"%\", \"%%\"))",
                "config.set_section_option(\"alembic\", \"sqlalchemy.url\", settings.database_url)",
                "percent-sign-not-doubled",
                "config.set_section_option(",
            ),
            mistake(
                "alembic.ini",
                "driver://user:pass@localhost/dbname",
                "postgresql+asyncpg://db/odds?user=odds&password=T0p-Secret",
                "password-in-configuration",
                "postgresql+asyncpg",
            ),
            mistake(
                env,
                "target_metadata = Base.metadata\n",
                "target_metadata = None\n",
                "metadata-not-given",
                "target_metadata = None",
            ),
        ],
    );
}

#[test]
fn steps_that_revisions_share() {
    let file = "migrations/versions/0002_notes.py";
    check(
        "shared-steps",
        &[
            mistake(
                file,
                "op.add_column(\"bets\", sa.Column(\"note\", sa.Text()))",
                "op.add_column(\"bets\", sa.Column(\"note\", sa.Text()))\n        steps.add_index(\"bets_note\", \"bets\", \"note\")",
                "autocommit-block-commits-half",
                "steps.add_index(\"bets_note\"",
            ),
            mistake(file, "\"bets\", \"placed_at\")", "\"bets\", \"taken_at\")", "object-missing", "steps.add_index("),
        ],
    );
}

#[test]
fn settings_that_are_named_speak_of_sqlite_too() {
    let copy = copy("async-odds");
    copy.write("elsewhere/own.toml", b"dialects = [\"postgres\", \"sqlite\"]\n");
    let file = "alembic/versions/8d0e5b6c4a21_event_venue.py";
    let text = fs::read_to_string(copy.path().join(file)).expect("the file is part of the example");
    let text = text.replacen(
        "def upgrade() -> None:\n",
        "def upgrade() -> None:\n    op.drop_constraint(\"events_pkey\", \"events\")\n",
        1,
    );
    copy.write(file, text.as_bytes());
    let rules = |options: &str| copy.run(&format!("check --format json {options} .")).places().join("\n");
    assert!(rules("--config elsewhere/own.toml").contains("refused-by-sqlite"));
    assert!(!rules("").contains("refused-by-sqlite"));
}

#[test]
fn daily_partitions_in_raw_sql() {
    let file = "migrations/versions/001_snapshots.py";
    let rule = "partman-arguments-outdated";
    check(
        "daily-partitions",
        &[
            mistake(file, "'1 day'", "'daily'", rule, "'daily'"),
            mistake(file, "p_interval := '1 day'", "p_type := 'native', p_interval := '1 day'", rule, "'native'"),
            mistake(file, ",\n                    p_default_table := false", "", rule, "partman.create_parent("),
            mistake(file, "op.execute(\"DROP TABLE odds_snapshots\")", "pass", "way-back-empty", "downgrade()"),
        ],
    );
}

#[test]
fn an_upsert_and_a_history_by_month() {
    let file = "alembic/versions/b2d1_market_odds.py";
    check(
        "market-odds",
        &[
            mistake(
                file,
                "ON CONFLICT (event_id, market, COALESCE(line, 0))",
                "ON CONFLICT (event_id, market)",
                "on-conflict-without-unique-index",
                "ON CONFLICT",
            ),
            mistake(
                file,
                "ON CONFLICT (event_id, market, COALESCE(line, 0))",
                "ON CONFLICT (event_id, market, COALESCE(line, 0.0))",
                "on-conflict-without-unique-index",
                "ON CONFLICT",
            ),
            mistake(
                file,
                "sa.PrimaryKeyConstraint(\"id\", \"captured_at\")",
                "sa.PrimaryKeyConstraint(\"id\")",
                "partition-key-missing-in-unique",
                "sa.PrimaryKeyConstraint",
            ),
            mistake(
                file,
                "\"2026-03-01\", \"2026-04",
                "\"2026-03-02\", \"2026-04",
                "partition-range-gap",
                "f\"CREATE TABLE",
            ),
            mistake(
                "alembic/env.py",
                ", include_object=include_object",
                "",
                "partitions-seen-by-autogenerate",
                "context.configure(",
            ),
        ],
    );
}

#[test]
fn a_baseline_of_what_create_all_had_made() {
    check(
        "baseline",
        &[
            mistake(
                "league/main.py",
                "connection.exec_driver_sql(f\"SELECT count(*) FROM {Game.__tablename__}\")",
                "connection.run_sync(Game.metadata.create_all)",
                "tables-created-beside-migrations",
                "create_all",
            ),
            mistake(
                "migrations/versions/004_stat_views.py",
                "down_revision = \"001\"",
                "down_revision = \"003\"",
                "chain",
                "down_revision",
            ),
            mistake("alembic.ini", "postgresql+asyncpg", "postgresql", "driver-does-not-fit-engine", "postgresql"),
        ],
    );
}

#[test]
fn a_project_on_two_servers() {
    let file = "alembic/versions/20260302_101500_order_places.py";
    let rule = "refused-by-sqlite";
    check(
        "two-servers",
        &[
            mistake(
                file,
                "    with op.batch_alter_table(\"orders\") as batch:\n        batch.add_column",
                "    op.alter_column(\"orders\", \"note\", existing_type=sa.Text(), nullable=True)\n    with op.batch_alter_table(\"orders\") as batch:\n        batch.add_column",
                rule,
                "op.alter_column(",
            ),
            mistake(
                file,
                "    with op.batch_alter_table(\"orders\") as batch:\n        batch.alter_column(\"note\", existing_type=sa.Text(), server_default=None)\n        batch.drop_column",
                "    op.alter_column(\"orders\", \"note\", existing_type=sa.Text(), server_default=None)\n    with op.batch_alter_table(\"orders\") as batch:\n        batch.drop_column",
                rule,
                "op.alter_column(",
            ),
            mistake(
                "alembic/versions/20260211_000001_orders.py",
                "sa.func.current_timestamp()",
                "sa.text(\"now()\")",
                rule,
                "now()",
            ),
            mistake(
                file,
                "    with op.batch_alter_table(\"orders\") as batch:\n        batch.add_column(sa.Column(\"place\", sa.Text(), nullable=True))\n        batch.alter_column(\"note\", existing_type=sa.Text(), server_default=\"\")",
                "    op.execute(\"CREATE VIEW notes AS SELECT id FROM orders\")\n    with op.batch_alter_table(\"orders\") as batch:\n        batch.add_column(sa.Column(\"place\", sa.Text(), nullable=True))\n        batch.alter_column(\"note\", existing_type=sa.Text(), server_default=\"\")\n    op.execute(\"DROP VIEW notes\")",
                rule,
                "batch.alter_column(",
            ),
            mistake(
                file,
                "    if op.get_bind().dialect.name == \"postgresql\":\n        op.execute(",
                "    op.execute(",
                rule,
                "COMMENT ON",
            ),
        ],
    );
}

#[test]
fn a_project_of_flask_migrate() {
    let env = "from alembic import context\nfrom flask import current_app\nfrom app.tables import metadata\n\nwith current_app.db.engine.connect() as connection:\n    context.configure(connection=connection, target_metadata=metadata)\n    context.run_migrations()\n";
    let tables = "from sqlalchemy import MetaData\n\nmetadata = MetaData(naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s'})\n";
    let books = "from alembic import op\nimport sqlalchemy as sa\n\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table('books', sa.Column('id', sa.BigInteger(), primary_key=True), sa.Column('isbn', sa.Text(), unique=True))\n\n\ndef downgrade():\n    op.drop_table('books')\n";
    let loans = "from alembic import op\n\nrevision = 'b1'\ndown_revision = 'a1'\ndepends_on = 'zz'\n\n\ndef upgrade():\n    op.drop_constraint('books_isbn_key', 'books', type_='unique')\n\n\ndef downgrade():\n    pass\n";
    let project = project(&[
        ("migrations/alembic.ini", "[alembic]\n# template\n\n[loggers]\nkeys = root\n"),
        ("migrations/env.py", env),
        ("app/tables.py", tables),
        ("app/__init__.py", "from app.db import db\n\n\ndef create_app():\n    db.create_all()\n"),
        ("migrations/versions/a1_books.py", books),
        ("migrations/versions/b1_loans.py", loans),
    ]);
    let places = project.run("check --format json .").places();
    for wanted in [
        ("app/__init__.py:5:", "tables-created-beside-migrations"),
        // The chain breaks at the name, and the convention has given another name to the key.
        ("migrations/versions/b1_loans.py:5:", "chain"),
        ("migrations/versions/b1_loans.py:9:", "object-missing"),
    ] {
        let found = places.iter().any(|it| it.starts_with(wanted.0) && it.ends_with(wanted.1));
        assert!(found, "{wanted:?}: {places:?}");
    }
}

#[test]
fn what_is_not_understood_hides_nothing_in_front_of_it() {
    let revision = |own: &str, parent: &str, up: &str| {
        format!(
            "import app\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{own}'\ndown_revision = {parent}\n\n\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    raise NotImplementedError\n"
        )
    };
    let make = "op.create_table('books', sa.Column('id', sa.BigInteger(), primary_key=True))";
    let project = project(&[
        ("versions/1.py", &revision("a1", "None", make)),
        ("versions/2.py", &revision("b1", "'a1'", "op.drop_index('lost')")),
        ("versions/3.py", &revision("c1", "'b1'", "app.seed(op)")),
        ("versions/4.py", &revision("d1", "'c1'", "op.drop_index('seeded')")),
    ]);
    let places = project.run("check --format json .").places();
    let missing: Vec<&String> = places.iter().filter(|it| it.ends_with("object-missing")).collect();
    assert!(missing.len() == 1 && missing[0].starts_with("versions/2.py:10:"), "{places:?}");
}

#[test]
fn a_file_for_another_server_says_what_it_looks_like() {
    let project = project(&[("db/1.sql", "CREATE TABLE `t` (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY);\n")]);
    let report = project.run("check --format json db/1.sql").json();
    let message = report["problems"][0]["message"].as_str().unwrap_or_default();
    assert!(message.ends_with("this looks like MySQL"), "{report}");
}
