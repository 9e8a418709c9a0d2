//! Checks that go on.

use crate::project;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

#[test]
fn changes_of_migrations_and_configuration_are_followed() {
    let project = project(&[("db/1.sql", "CREATE TABLE t (id bigint PRIMARY KEY);\n")]);
    let mut command = project.command("check db --watch");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let output = BufReader::new(child.stdout.take().expect("it has an output"));
    let (sender, lines) = channel();
    let reader = thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|it| sender.send(it)));
    let next_summary = || loop {
        let line = lines.recv_timeout(Duration::from_secs(30)).expect("a report comes");
        assert!(!line.contains('\u{1b}'), "only a terminal is cleared: {line}");
        if let Some((_, found)) = line.split_once(", PostgreSQL ") {
            return found.to_owned();
        }
    };
    assert_eq!(next_summary(), "17: nothing found.");
    project.write("db/2.sql", b"DROP TABLE t;\n");
    assert!(next_summary().starts_with("17: 1 warning."));
    project.write("lockkeeper.toml", b"postgres = 14\n[rules]\ntable-dropped = \"off\"\n");
    assert!(next_summary().starts_with("14: nothing found."));
    child.kill().expect("the program can be ended");
    child.wait().expect("the program ends");
    reader.join().expect("the reader ends").expect("all lines were taken");
}

#[test]
fn standard_input_cannot_be_watched() {
    let run = project(&[]).run("check - --watch");
    assert_eq!((run.status, run.err.as_str()), (2, "error: standard input cannot be watched; name files or folders\n"));
}
