//! The real binary on real folders.

mod alembic;
mod check;
mod comment;
mod dump;
mod effects;
mod facts;
mod fix;
mod init;
mod input;
#[cfg(unix)]
mod ledgers;
mod lsp;
mod mcp;
mod other;
mod output;
mod projects;
mod schema;
mod since;
mod sources;
mod split;
mod sql;
#[cfg(unix)]
mod verify;
mod watch;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder with migrations, and the program to run in it.
struct Project {
    folder: TempDir,
}

/// What a run left behind.
struct Run {
    status: i32,
    out: String,
    err: String,
}

/// A project with these files.
fn project(files: &[(&str, &str)]) -> Project {
    let project = Project { folder: TempDir::new().expect("there is room for a folder") };
    files.iter().for_each(|(path, text)| project.write(path, text.as_bytes()));
    project
}

impl Project {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, bytes).expect("the file can be written");
    }

    /// The program with arguments as one line, in an environment that says nothing of colours.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lockkeeper"));
        command.args(line.split_ascii_whitespace()).current_dir(self.path());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Run {
        Run::of(self.command(line).output().expect("the program starts"))
    }

    fn run_with_stdin(&self, line: &str, stdin: &[u8]) -> Run {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("it has an input").write_all(stdin).expect("it reads its input");
        Run::of(child.wait_with_output().expect("it ends"))
    }
}

impl Run {
    fn of(output: Output) -> Self {
        Run {
            status: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout).expect("it writes UTF-8"),
            err: String::from_utf8(output.stderr).expect("it writes UTF-8"),
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// `path:line:column rule` for each finding, then `path:line:column kind` for each problem.
    fn places(&self) -> Vec<String> {
        let json = self.json();
        let line = |it: &serde_json::Value, name: &str| {
            let word = |it: &serde_json::Value| it.as_str().unwrap_or_default().to_owned();
            format!("{}:{}:{} {}", word(&it["path"]), it["start"]["line"], it["start"]["column"], word(&it[name]))
        };
        let list = |key: &str| json[key].as_array().cloned().unwrap_or_default();
        let findings = list("findings");
        let problems = list("problems");
        findings.iter().map(|it| line(it, "rule")).chain(problems.iter().map(|it| line(it, "kind"))).collect()
    }
}
