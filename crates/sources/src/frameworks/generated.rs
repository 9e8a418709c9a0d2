//! SQL that other tools wrote, to be run with psql: pg_dump, `alembic upgrade --sql`, Django's `sqlmigrate`. All of
//! them say `BEGIN` themselves where they want a transaction.

use super::{Definition, bare, by_name};
use crate::marks::Mark;
use crate::survey::{Home, HomeFile};
use crate::{Framework, aside};

pub(super) const PG_DUMP: Definition = Definition {
    framework: Framework::PgDump,
    detect: |home| all(home, |it| aside::is_dump(it.text), "the header of pg_dump"),
    role: by_name,
    cut: bare,
    judge: None,
};

pub(super) const ALEMBIC: Definition = Definition {
    framework: Framework::AlembicSql,
    detect: |home| all(home, |it| it.marks.has(Mark::AlembicUpgrade), "`-- Running upgrade`"),
    role: by_name,
    cut: bare,
    judge: None,
};

pub(super) const DJANGO: Definition = Definition {
    framework: Framework::DjangoSql,
    detect: |home| all(home, |it| it.marks.has(Mark::DjangoOperation), "the comments of sqlmigrate"),
    role: by_name,
    cut: bare,
    judge: None,
};

fn all(home: &Home<'_>, test: impl Fn(&HomeFile<'_>) -> bool, why: &str) -> Option<String> {
    home.files.iter().all(test).then(|| why.to_owned())
}
