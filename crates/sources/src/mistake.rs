//! What a tool minds about a file's name and its place among the others.

use crate::{Entry, Framework};

/// Why a tool refuses a history, or passes over a file of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mistake {
    /// The file before it has the same version.
    SameVersion,
    /// No file has the version before its own.
    Gap,
    /// Its name begins with a version, but is none that the tool takes for a migration's.
    Name,
}

impl Mistake {
    /// What is wrong, in lower case and without final dot. `before` is the file before it.
    pub fn message(self, framework: Framework, name: &str, before: &str) -> String {
        let tool = framework.name();
        match self {
            Mistake::SameVersion => {
                format!("`{name}` has the version of `{before}`: {tool} refuses two files of one version")
            }
            Mistake::Gap => format!("a version is missing between `{before}` and `{name}`: {tool} refuses gaps"),
            Mistake::Name => format!("{tool} passes over `{name}`: its name is not one of a migration"),
        }
    }
}

/// Notes what is wrong in files that lead forwards, in their order.
pub(crate) fn find(files: &mut [Entry], framework: Framework) {
    let mut before: Option<u64> = None;
    for file in files.iter_mut().filter(|it| !it.repeats) {
        if file.reading.hints.passed_over {
            file.mistake = Some(Mistake::Name);
            continue;
        }
        let Some(version) = number(&file.version) else { continue };
        file.mistake = match before {
            Some(last) if last == version && refuses_same(framework) => Some(Mistake::SameVersion),
            Some(last) if version > last + 1 && refuses_gaps(framework) => Some(Mistake::Gap),
            _ => None,
        };
        before = Some(version);
    }
    // A history that is full of what its tool refuses is not run by that tool.
    for kind in [Mistake::SameVersion, Mistake::Gap, Mistake::Name] {
        if files.iter().filter(|it| it.mistake == Some(kind)).count() > SLIPS {
            files.iter_mut().filter(|it| it.mistake == Some(kind)).for_each(|it| it.mistake = None);
        }
    }
}

/// So many mistakes of a kind may be slips.
const SLIPS: usize = 2;

/// The version as a number; parts count as they do for Flyway, where `1.0` is `1`.
fn number(version: &str) -> Option<u64> {
    let mut parts = version.split(['.', '_']);
    let first = parts.next()?.parse().ok()?;
    parts.all(|it| it.bytes().all(|it| it == b'0')).then_some(first)
}

fn refuses_same(framework: Framework) -> bool {
    matches!(
        framework,
        Framework::Flyway
            | Framework::GolangMigrate
            | Framework::Goose
            | Framework::PostgresMigrations
            | Framework::Refinery
            | Framework::Sqlx
            | Framework::Supabase
            | Framework::Tern
    )
}

fn refuses_gaps(framework: Framework) -> bool {
    matches!(framework, Framework::PostgresMigrations | Framework::Tern)
}
