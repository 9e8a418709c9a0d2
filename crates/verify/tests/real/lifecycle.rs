//! Throwaway clusters: side by side, below closed folders, and gone afterwards.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lockkeeper_verify::postgres::NoTls;
use lockkeeper_verify::{Cluster, Error, Scratch, Server};

use crate::servers::{NPM_SERVERS, found, skipped};

/// Polls, because the server is stopped by another process.
#[track_caller]
fn assert_vanishes(folder: &Path) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while folder.exists() {
        assert!(Instant::now() < deadline, "{} is still there", folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn two_clusters_of_one_version_run_side_by_side_and_leave_nothing() {
    let Some(server) = found().pop() else { return skipped() };
    let clusters = [Cluster::start(&server).expect("a cluster"), Cluster::start(&server).expect("another")];
    let folders = clusters.each_ref().map(|it| it.folder().to_owned());
    assert_ne!(folders[0], folders[1]);
    for cluster in &clusters {
        let scratch = Scratch::create(cluster.config()).expect("a database");
        scratch.prepare(&["CREATE TABLE t (id int)"]).expect("a table");
    }
    drop(clusters);
    assert!(folders.iter().all(|it| !it.exists()), "{folders:?}");
}

#[test]
fn a_scratch_database_is_dropped_though_somebody_is_connected() {
    let Some(server) = found().pop() else { return skipped() };
    let cluster = Cluster::start(&server).expect("a cluster");
    let scratch = Scratch::create(cluster.config()).expect("a database");
    let _session = scratch.connect().expect("a session");
    let name = scratch.name().to_owned();
    drop(scratch);
    let mut client = cluster.config().connect(NoTls).expect("a session");
    let left = client.query("SELECT datname FROM pg_database WHERE datname = $1", &[&name]).expect("an answer");
    assert!(left.is_empty());
}

/// The test starts itself anew; the second process starts a cluster, says where, and is killed.
#[test]
fn a_killed_process_leaves_nothing() {
    const ASKED: &str = "LOCKKEEPER_TEST_HOLDS_A_CLUSTER";
    let Some(server) = found().pop() else { return skipped() };
    if std::env::var_os(ASKED).is_some() {
        let cluster = Cluster::start(&server).expect("a cluster");
        writeln!(std::io::stderr(), "{}", cluster.folder().display()).expect("somebody listens");
        loop {
            std::thread::park();
        }
    }
    let mut holder = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "lifecycle::a_killed_process_leaves_nothing", "--nocapture"])
        .env(ASKED, "")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a second process");
    let said = BufReader::new(holder.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let folder = said.map(PathBuf::from).find(|it| it.is_dir());
    holder.kill().expect("the second process runs");
    holder.wait().expect("it ends");
    assert_vanishes(&folder.expect("a running cluster"));
}

/// As root the server runs under another account, which cannot look into such a folder.
#[test]
fn programs_below_a_closed_folder_run() {
    let Some(server) = found().into_iter().find(|it| it.bin_dir.starts_with(NPM_SERVERS)) else { return skipped() };
    let closed = tempfile::tempdir().expect("a folder");
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).expect("permissions");
    let installation = server.bin_dir.parent().expect("an installation");
    let copied =
        Command::new("cp").arg("-a").arg(installation).arg(closed.path().join("pg")).status().expect("cp runs");
    assert!(copied.success());
    let server = Server { bin_dir: closed.path().join("pg/bin"), ..server };
    let cluster = Cluster::start(&server).expect("a cluster");
    cluster.config().connect(NoTls).expect("a session");
}

#[test]
fn a_server_that_does_not_start_says_why() {
    let Some(server) = found().pop() else { return skipped() };
    let broken = tempfile::tempdir().expect("a folder");
    fs::set_permissions(broken.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    for (program, text) in
        [("initdb", "#!/bin/sh\nexit 0\n"), ("postgres", "#!/bin/sh\necho FATAL: no disk >&2\nexit 1\n")]
    {
        let path = broken.path().join(program);
        fs::write(&path, text).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    let server = Server { bin_dir: broken.path().to_owned(), ..server };
    let failed = Cluster::start(&server).expect_err("it cannot start");
    assert!(matches!(&failed, Error::Start { log, .. } if log == "FATAL: no disk"), "{failed}");
}
