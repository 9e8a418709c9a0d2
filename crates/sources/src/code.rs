//! Migrations in programming languages, which are named and not read.

use crate::aside::head;
use crate::path;

/// The languages of migrations, by the ending of the file, and the folders that hold such migrations.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("py", &["migrations"]),
    ("rb", &["migrate"]),
    ("exs", &["migrations"]),
    ("js", CODE_FOLDERS),
    ("cjs", CODE_FOLDERS),
    ("mjs", CODE_FOLDERS),
    ("ts", CODE_FOLDERS),
    ("go", CODE_FOLDERS),
];
const CODE_FOLDERS: &[&str] = &["migrations", "migration", "migrate"];

/// What shows a framework in the text of a migration.
const SIGNS: &[(&str, &[&str], &str)] = &[
    ("py", &["migrations.Migration", "django.db"], "Django"),
    ("py", &["from yoyo import", "import yoyo"], "yoyo"),
    ("rb", &["ActiveRecord::Migration"], "Rails"),
    ("exs", &["use Ecto.Migration"], "Ecto"),
    ("ts", &["MigrationInterface"], "TypeORM"),
    ("js", &["MigrationInterface", "queryRunner."], "TypeORM"),
    ("ts", &["node-pg-migrate", "pgm."], "node-pg-migrate"),
    ("js", &["node-pg-migrate", "pgm."], "node-pg-migrate"),
    ("ts", &["queryInterface"], "Sequelize"),
    ("js", &["queryInterface"], "Sequelize"),
    ("ts", &["from 'kysely'", "from \"kysely\""], "Kysely"),
    ("js", &["require('kysely')", "from 'kysely'"], "Kysely"),
    ("ts", &["Knex", "knex"], "Knex"),
    ("js", &["Knex", "knex"], "Knex"),
    ("go", &["goose.AddMigration"], "goose"),
];

/// The language of a path that may be a migration's.
pub(crate) fn language_of(path: &str) -> Option<&'static str> {
    let (folder, name) = path::split(path);
    let (_, ending) = name.rsplit_once('.')?;
    let (language, folders) = LANGUAGES.iter().find(|it| it.0 == ending)?;
    let parent = path::split(folder).1;
    // Migrations bear a number; helpers beside them do not.
    let numbered = name.bytes().any(|it| it.is_ascii_digit());
    (numbered && folders.contains(&parent)).then_some(*language)
}

/// The framework of a migration in a programming language.
pub(crate) fn framework_of(path: &str, text: &str) -> Option<&'static str> {
    let language = match language_of(path)? {
        "cjs" | "mjs" => "js",
        language => language,
    };
    let text = head(text, 4096);
    let found = SIGNS.iter().filter(|it| it.0 == language).find(|it| it.1.iter().any(|sign| text.contains(sign)));
    found.map(|it| it.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_the_framework() {
        assert_eq!(framework_of("a/migrations/0001_x.py", "from django.db import migrations\n"), Some("Django"));
        assert_eq!(framework_of("db/migrate/20240101_x.rb", "class X < ActiveRecord::Migration[7.0]\n"), Some("Rails"));
        assert_eq!(framework_of("db/migrate/helper.rb", "ActiveRecord::Migration"), None);
        assert_eq!(framework_of("src/migrations/1-x.ts", "implements MigrationInterface"), Some("TypeORM"));
        assert_eq!(framework_of("src/migrations/1-x.ts", "export const x = 1"), None);
    }
}
