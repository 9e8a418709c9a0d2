//! The example history, sent file by file as `psql -f` does it: what is predicted is what the server does, the mistakes of
//! the pending file included.

use crate::account::Account;
use crate::ground::Ground;
use lockkeeper_model::Version;
use lockkeeper_rules::document::Sending;
use lockkeeper_verify::{Cluster, Error};
use std::{fs, path::Path};

const FOLDER: &str = "examples/odds";

/// Path and text of each file, in the order of their names.
pub(crate) fn scripts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut scripts: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the example is part of the repository")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|it| it.extension().is_some_and(|it| it == "sql"))
        .map(|it| {
            let name = it.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (format!("tests/{FOLDER}/{name}"), fs::read_to_string(&it).expect("examples are UTF-8"))
        })
        .collect();
    scripts.sort();
    assert!(!scripts.is_empty(), "tests/{FOLDER} is empty");
    scripts
}

pub(crate) fn check(scripts: &[(String, String)], cluster: &Cluster, account: &mut Account) {
    if let Err(error) = run(scripts, cluster, account) {
        account.complain(FOLDER, 1, format!("the history cannot be run: {error}"));
    }
}

fn run(scripts: &[(String, String)], cluster: &Cluster, account: &mut Account) -> Result<(), Error> {
    let Some(version) = Version::new(account.major()) else { return Ok(()) };
    let mut ground = Ground::new(cluster, version)?;
    for (path, sql) in scripts {
        let (ran, _) = ground.run(sql, Sending::OneByOne)?;
        account.count(ran.len());
        for it in &ran {
            let line = 1 + sql[..it.span.start as usize].matches('\n').count();
            account.compare(path, line, None, it);
        }
    }
    Ok(())
}
