//! Rule documents, lock pages and example histories against every PostgreSQL server at hand: those of the machine, and
//! those of `tests/servers` once `npm ci` has run there.
//!
//! Each statement is held against the server twice: what the document claims about it, and what Lockkeeper predicts.
//! Without a server the tests say so and pass, unless `LOCKKEEPER_REQUIRE_SERVERS` lists majors (`13,14,15`) that must
//! be there. While one page is being written, `LOCKKEEPER_ONLY=table-dropped,partitions` takes these documents and pages
//! alone, and `LOCKKEEPER_SERVERS=15,18` these versions alone; see [`narrowed`].

mod account;
mod alembic;
mod claims;
mod definitions;
mod differential;
mod documents;
mod end;
mod facts;
mod fault;
mod fixes;
mod ground;
mod history;
mod lock_pages;
mod narrowed;
mod odds;
mod replay;
mod servers;

use account::Account;
use lock_pages::Page;
use lockkeeper_verify::Cluster;

#[test]
fn rule_documents_are_true() {
    let documents = narrowed::documents(documents::all(), |it| it.name);
    on_each_server(&format!("{} rule documents", documents.len()), |cluster, account| {
        documents.iter().for_each(|it| documents::check(it, cluster, account));
    });
}

#[test]
fn revisions_do_in_alembic_what_is_documented() {
    let Some(python) = alembic::python() else {
        return servers::say("skipped: no Python with Alembic found; `cargo xtask setup` makes one");
    };
    let documents = narrowed::documents(documents::all(), |it| it.name);
    let differences = servers::on_each(|cluster| match cluster.server().major == alembic::MAJOR {
        true => alembic::check(&documents, cluster, &python).unwrap_or_else(|error| vec![error.to_string()]),
        false => Vec::new(),
    });
    let differences = differences.concat();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn lock_pages_are_true() {
    let pages = narrowed::documents(lock_pages::all(), Page::name);
    on_each_server(&format!("{} lock pages", pages.len()), |cluster, account| {
        pages.iter().for_each(|it| lock_pages::check(it, cluster, account));
    });
}

#[test]
fn the_odds_history_does_what_is_predicted() {
    let scripts = narrowed::documents(odds::scripts(), |_| "odds");
    on_each_server(&format!("{} files of tests/examples/odds", scripts.len()), |cluster, account| {
        odds::check(&scripts, cluster, account);
    });
}

/// Servers 15 and 18, unless `LOCKKEEPER_SERVERS` says otherwise.
#[test]
fn random_sequences_do_what_is_predicted() {
    let Some(plan) = differential::Plan::from_environment() else { return };
    let outcomes = servers::on_each(|cluster| {
        if !matches!(cluster.server().major, 15 | 18) && std::env::var_os("LOCKKEEPER_SERVERS").is_none() {
            return true;
        }
        let outcome = differential::run(plan, cluster).unwrap_or_else(|error| panic!("{}: {error}", cluster.server()));
        servers::say(&outcome.text(cluster));
        outcome.is_good()
    });
    assert!(outcomes.iter().all(|it| *it), "the model and a server differ, see above");
}

#[test]
fn real_histories_do_what_is_predicted() {
    let Some(folder) = replay::folder() else { return };
    let clean = servers::on_each(|cluster| replay::run(&folder, cluster, servers::say));
    assert!(clean.iter().all(|it| *it), "the model and the servers differ, see above");
}

/// Runs `check` on each server, says what was run, and fails with all that differs.
fn on_each_server(what: &str, check: impl Fn(&Cluster, &mut Account) + Sync) {
    let accounts = servers::on_each(|cluster| {
        let mut account = Account::new(cluster);
        check(cluster, &mut account);
        account
    });
    if accounts.is_empty() {
        servers::say("skipped: no PostgreSQL server found");
        return;
    }
    servers::say(&format!("{what}: {}", account::summary(&accounts)));
    let differences = account::differences(&accounts);
    assert!(differences.is_empty(), "{differences}");
}
