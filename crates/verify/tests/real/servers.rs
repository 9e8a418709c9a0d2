//! One running cluster a version for the whole test run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;

use lockkeeper_verify::{Cluster, Scratch, Server, cluster, server};

pub(crate) const NPM_SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers/node_modules");

/// The servers found. Panics if a required one is missing.
pub(crate) fn found() -> Vec<Server> {
    let servers = server::find(&[PathBuf::from(NPM_SERVERS)]);
    let required = std::env::var("LOCKKEEPER_REQUIRE_SERVERS").unwrap_or_default();
    let missing = server::missing(&servers, &required);
    assert!(missing.is_empty(), "required PostgreSQL servers not found: {}", missing.join(", "));
    servers
}

/// Runs a check on every version at once and fails with everything that any of them says, led by the version.
pub(crate) fn on_each(check: impl Fn(&Server, &dyn Fn() -> Scratch) -> Vec<String> + Sync) {
    // Kept until the process ends; the end of the process ends them.
    static CLUSTERS: OnceLock<Vec<Cluster>> = OnceLock::new();
    let clusters = CLUSTERS.get_or_init(|| {
        let place = cluster::memory_folder().unwrap_or_else(std::env::temp_dir);
        let start = |server: Server| Cluster::start_in(&server, &place);
        thread::scope(|scope| {
            let starting: Vec<_> = found().into_iter().map(|it| scope.spawn(|| start(it))).collect();
            starting.into_iter().map(|it| it.join().expect("no panic").expect("the server starts")).collect()
        })
    });
    if clusters.is_empty() {
        skipped();
        return;
    }
    let complaints: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = clusters
            .iter()
            .map(|cluster| {
                let check = &check;
                scope.spawn(move || {
                    let scratch = || Scratch::create(cluster.config()).expect("a scratch database");
                    let said = check(cluster.server(), &scratch);
                    said.into_iter().map(|it| format!("{}: {it}", cluster.server())).collect::<Vec<_>>()
                })
            })
            .collect();
        running.into_iter().flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// Says that nothing was tested. Written past the capture of the test harness, so that it is seen in a passing run too.
pub(crate) fn skipped() {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: no PostgreSQL server found");
}
