//! The example history, sent file by file as `psql -f` does it: what is predicted is what the server does, the mistakes of
//! the pending file included.

use crate::account::Account;
use crate::ground::Ground;
use lockkeeper_model::Version;
use lockkeeper_rules::document::Sending;
use lockkeeper_verify::{Cluster, Error};
use std::{fs, path::Path};

const FOLDER: &str = "examples/odds";

/// Rows for the tables that a later file copies from: the locks of a write depend on whether it meets any.
const ROWS: (&str, &str) = (
    "0006_",
    "INSERT INTO tournaments (sport_id, slug, name) SELECT id, 'cup', 'Cup' FROM sports WHERE slug = 'tennis';
     INSERT INTO events (tournament_id, home, away, starts_at) SELECT id, 'a', 'b', '2026-01-01 00:00+00' FROM tournaments;
     INSERT INTO bookmakers (slug, name, base_url) VALUES ('one', 'One', 'https://one.example');
     INSERT INTO market_odds (event_id, bookmaker_id, market, outcome, price, captured_at)
       SELECT events.id, bookmakers.id, 'winner', 'a', 1.5, '2026-01-01 00:00+00' FROM events, bookmakers;",
);

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
        if path.contains(ROWS.0) {
            let (ran, _) = ground.run(ROWS.1, Sending::OneByOne)?;
            if let Some(refused) = ran.iter().find_map(|it| it.seen.failure.as_ref()) {
                account.complain(path, 1, format!("the rows behind it are refused: {refused:?}"));
            }
        }
    }
    Ok(())
}
