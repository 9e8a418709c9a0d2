//! One running cluster a version for the whole test run.

use crate::narrowed;
use lockkeeper_model::Version;
use lockkeeper_verify::{Cluster, Server, cluster, server};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{OnceLock, mpsc};
use std::thread;

const NPM_SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/servers/node_modules");

/// How many versions are asked at a time. Each keeps one session and one server process busy.
const AT_A_TIME: usize = 2;

/// Does `work` on each version, oldest first; nothing without a server.
pub(crate) fn on_each<R: Send>(work: impl Fn(&Cluster) -> R + Sync) -> Vec<R> {
    // Kept until the process ends; the end of the process ends them.
    static CLUSTERS: OnceLock<Vec<Cluster>> = OnceLock::new();
    let clusters = CLUSTERS.get_or_init(|| {
        let place = cluster::memory_folder().unwrap_or_else(std::env::temp_dir);
        let start = |it: &Server| Cluster::start_in(it, &place).unwrap_or_else(|error| panic!("{it}: {error}"));
        in_order(&found(), start)
    });
    in_order(clusters, work)
}

/// Writes a line past the capture of the test harness, so that it is seen in a passing run too.
pub(crate) fn say(line: &str) {
    // Nobody to tell if the standard error is closed.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The servers of versions that the model knows. Panics if a required one is missing.
fn found() -> Vec<Server> {
    let servers = server::find(&[PathBuf::from(NPM_SERVERS)]);
    let required = std::env::var("LOCKKEEPER_REQUIRE_SERVERS").unwrap_or_default();
    let missing = server::missing(&servers, &required);
    assert!(missing.is_empty(), "required PostgreSQL servers not found: {}", missing.join(", "));
    let known = |it: &Server| u8::try_from(it.major).ok().and_then(Version::new).is_some();
    servers.into_iter().filter(|it| known(it) && narrowed::wants(it.major)).collect()
}

/// What `work` makes of each item, in the order of the items; some at a time.
fn in_order<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    // The receiver outlives the scope.
                    let _ = sender.send((at, work(item)));
                }
            });
        }
    });
    drop(sender);
    let mut results: Vec<(usize, R)> = receiver.into_iter().collect();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
